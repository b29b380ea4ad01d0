"""Layers for the locator's tests, and what shapely says of them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from grids.locate import LINE_TOLERANCE_DEG, Layer, Locator, PointAnswer

Floats = NDArray[np.float64]


def layer(kind: str = "grid", **areas: BaseGeometry) -> Layer:
    """Areas by code; the name of area A is "area A"."""
    return Layer(kind, list(areas), [f"area {code}" for code in areas], list(areas.values()))


def numbered(geometries: Sequence[BaseGeometry], kind: str = "grid") -> Layer:
    """Areas with the codes 00000, 00001 …, in the order given."""
    codes = [f"{number:05d}" for number in range(len(geometries))]
    return Layer(kind, codes, codes, geometries)


def asked(layers: Layer | Sequence[Layer], lon: float, lat: float) -> PointAnswer:
    """What the first layer answers."""
    layers = [layers] if isinstance(layers, Layer) else layers
    return Locator.build(layers).at(lon, lat)[layers[0].kind]


def square(west: float, south: float, side: float = 1.0) -> Polygon:
    """A square given in degrees."""
    return shapely.box(west, south, west + side, south + side)


class Expected(NamedTuple):
    """By shapely: the lowest area within the tolerance, how many hold the point deeper, how many
    have it on their line."""

    area: NDArray[np.int64]
    deep: NDArray[np.int64]
    touching: NDArray[np.int64]


def expected(geometries: Sequence[BaseGeometry], lon: Floats, lat: Floats) -> Expected:
    """The rule of the line in shapely's words. `geometries` in the order of their codes."""
    areas = np.array(geometries, dtype=object)
    points = shapely.points(lon, lat)
    tree = shapely.STRtree(areas)
    point, area = tree.query(points, predicate="dwithin", distance=LINE_TOLERANCE_DEG)
    away = shapely.distance(shapely.boundary(areas)[area], points[point])
    touches = away <= LINE_TOLERANCE_DEG
    lowest = np.full(len(points), len(areas))
    np.minimum.at(lowest, point, area)
    lowest[lowest == len(areas)] = -1
    return Expected(
        lowest,
        np.bincount(point[~touches], minlength=len(points)),
        np.bincount(point[touches], minlength=len(points)),
    )


def assert_as_shapely_says(geometries: Sequence[BaseGeometry], lon: Floats, lat: Floats) -> None:
    """Every point, by both ways of asking."""
    locator = Locator.build([numbered(geometries)])
    found, wanted = locator.locate(lon, lat)["grid"], expected(geometries, lon, lat)
    for name in Expected._fields:
        wrong = np.flatnonzero(getattr(found, name) != getattr(wanted, name))
        assert not len(wrong), (
            f"{name} of {len(wrong)} points, the first at {lon[wrong[0]]!r}, {lat[wrong[0]]!r}"
        )
    np.testing.assert_array_equal(locator.areas(lon, lat)["grid"], wanted.area)
