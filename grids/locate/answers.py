"""What the locator is given and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Layer:
    """A layer of areas: valid polygons or multipolygons in EPSG:4326, each with code and name.

    `kind`: an AreaKind's value or any name of the caller's; "district" is the outline of the
    others. Codes differ from each other. The areas need be no coverage.
    """

    kind: str
    codes: Sequence[str]
    names: Sequence[str]
    geometries: Sequence[BaseGeometry]


@dataclass(frozen=True)
class LayerIndex:
    """The areas of a layer as the locator numbers them: by code, in the order of code points."""

    kind: str
    codes: tuple[str, ...]
    names: tuple[str, ...]


class Position(StrEnum):
    """Where a point lies in a layer.

    INSIDE one area; ON_LINE: within 1e-9° (0.1 mm) of a line and deeper in at most one area;
    OVERLAP: deeper than that in two or more; GAP: in no area, but within the outline; OUTSIDE.
    The outline is the layer of kind "district" where there is one; the layer itself with its
    holes filled where there is none, and for the district.
    """

    INSIDE = "inside"
    ON_LINE = "on_line"
    OVERLAP = "overlap"
    GAP = "gap"
    OUTSIDE = "outside"


POSITIONS = tuple(Position)


@dataclass(frozen=True)
class PointAnswer:
    """What one layer says of one point.

    `code`, `name`: the area that answers: of those that hold the point or have it on their line
    the one with the lowest code. `distance_m`: to the nearest line of the layer, inf without any.
    `runner_up`: the area beyond that line (another one at this place, where there is nothing
    beyond), None for none. `overlapping`: all areas that hold the point, at an overlap only.
    `nearest`: the area the nearest line belongs to, for a point in no area only.
    """

    layer: str
    code: str | None
    name: str | None
    position: Position
    distance_m: float
    runner_up: str | None
    overlapping: tuple[str, ...] = ()
    nearest: str | None = None


@dataclass(frozen=True)
class LayerAnswer:
    """What one layer says of n points; see PointAnswer. Areas are numbers in `LayerIndex.codes`.

    `area`, `runner_up`, `nearest`: int32[n], -1 none. `position`: int8[n], numbers in POSITIONS.
    `distance_m`: float64[n]. `deep`, `touching`: int32[n], how many areas hold the point deeper
    than the tolerance, and how many have it on their line.
    """

    layer: str
    area: NDArray[np.int32]
    position: NDArray[np.int8]
    distance_m: NDArray[np.float64]
    runner_up: NDArray[np.int32]
    nearest: NDArray[np.int32]
    deep: NDArray[np.int32]
    touching: NDArray[np.int32]


class BadLayer(ValueError):
    """A layer the locator cannot index; says which layer, which area, why and how to mend it."""
