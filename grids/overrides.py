"""A person's word that another unit answers for some ground, from a day to a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from gis.crs import metres_per_degree
from grids.areas import UnitRecord
from grids.hierarchy import AreaKind


@dataclass(frozen=True)
class Override:
    """One override. `geometry` is in EPSG:4326; it holds from `first` up to before `end`.

    None for `first` or `end` means without limit. A higher `id` is the newer word.
    """

    id: int
    kind: AreaKind
    geometry: MultiPolygon
    unit: UnitRecord
    reason: str
    author: str
    first: date | None = None
    end: date | None = None

    def holds_on(self, on: date) -> bool:
        """Whether the override is in force on a day."""
        begun = self.first is None or self.first <= on
        return begun and (self.end is None or on < self.end)

    def depth_m(self, lon: float, lat: float) -> float:
        """Metres from the point (EPSG:4326) to the override's line; negative outside of it."""
        east, north = self._scale
        point = shapely.Point(lon * east, lat * north)
        away = float(self._flat.distance(point))
        return -away if away > 0 else float(self._flat.boundary.distance(point))

    @cached_property
    def _scale(self) -> tuple[float, float]:
        """Metres per degree in the middle of the ground: good to 0.1 % over some 10 km."""
        _, south, _, north = self.geometry.bounds
        return metres_per_degree((south + north) / 2)

    @cached_property
    def _flat(self) -> BaseGeometry:
        return shapely.transform(self.geometry, lambda lonlat: lonlat * self._scale)


@dataclass(frozen=True)
class Reached:
    """An override that holds the point, or whose line is near it."""

    override: Override
    depth_m: float


def reached(overrides: Iterable[Override], lon: float, lat: float, near_m: float) -> list[Reached]:
    """The overrides that hold the point or come within `near_m` of it, newest first."""
    depths = [Reached(each, each.depth_m(lon, lat)) for each in overrides]
    near = [each for each in depths if each.depth_m >= -near_m]
    return sorted(near, key=lambda each: each.override.id, reverse=True)
