"""An area as a value: what a file says of it, and what an edition says of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from grids.hierarchy import AreaKind


@dataclass(frozen=True)
class AreaRecord:
    """One area of one kind. `geometry` is a valid, not empty MultiPolygon in EPSG:4326.

    `row` is its place in the file it was read from (first row 1), None when it comes from an
    edition.
    """

    kind: AreaKind
    code: str
    name: str
    parent_code: str | None
    unit_code: str
    unit_name: str
    phone: str | None
    geometry: MultiPolygon
    properties: Mapping[str, Any] = field(default_factory=dict)
    row: int | None = None

    @property
    def says(self) -> tuple[str, str | None, str]:
        """What it says besides its ground: name, parent, unit."""
        return self.name, self.parent_code, self.unit_code


@dataclass(frozen=True)
class UnitRecord:
    """Who answers for an area."""

    code: str
    name: str
    kind: str
    phone: str | None


def default_unit_code(kind: AreaKind, code: str) -> str:
    """The unit that answers for an area when the file names none."""
    return f"{kind}:{code}"


def by_code(areas: Iterable[AreaRecord]) -> list[AreaRecord]:
    """Sorted as the edge rule reads codes: by code points, as COLLATE "C" does in UTF-8."""
    return sorted(areas, key=lambda area: area.code)


def as_multipolygon(geometry: BaseGeometry) -> MultiPolygon:
    """The same polygons as a MultiPolygon. Raises TypeError for anything but polygons."""
    if isinstance(geometry, MultiPolygon):
        return geometry
    if isinstance(geometry, Polygon):
        return MultiPolygon([geometry])
    raise TypeError(f"{geometry.geom_type} is no polygon")
