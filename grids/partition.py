"""Is a layer a coverage? Its overlaps, gaps, overhang and slivers in m², and the mended version.

Geometry goes in and comes out in EPSG:4326 and must be valid. Lines are taken as straight in
longitude and latitude, as the locator and PostGIS take them; a projection would bend long edges
away from vertices that lie on them and invent slivers. Metres come from the local scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from gis.crs import metres_per_degree

Geometries = NDArray[np.object_]

NOISE_M2 = 0.01  # what rounding of coordinates leaves along a street's boundary
SMALLEST_SIDE = 1e-9  # metres; keeps the width of a degenerate piece finite


@dataclass(frozen=True)
class Piece:
    """A polygon that should not be there. `width_m` is its mean width, 2 · area / perimeter."""

    geometry: Polygon
    area_m2: float
    width_m: float


@dataclass(frozen=True)
class Overlap:
    """Ground that two areas claim; `first` and `second` are their places in the layer."""

    first: int
    second: int
    piece: Piece


def polygons_of(geometry: BaseGeometry) -> list[Polygon]:
    """The polygons in a geometry of any type; lines and points that an overlay left are dropped."""
    parts = shapely.get_parts(shapely.get_parts([geometry]))
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def in_metres(geometry: BaseGeometry) -> BaseGeometry:
    """Scaled from degrees to metres at its own middle latitude (not projected, not shifted)."""
    _, south, _, north = geometry.bounds
    scale = np.array(metres_per_degree((south + north) / 2))
    return shapely.transform(geometry, lambda lonlat: lonlat * scale)


def measured(polygon: Polygon) -> Piece:
    """The polygon with its area and mean width in metres."""
    metric = in_metres(polygon)
    return Piece(polygon, metric.area, 2 * metric.area / max(metric.length, SMALLEST_SIDE))


def pieces_of(geometry: BaseGeometry, *, above_m2: float = NOISE_M2) -> list[Piece]:
    """The polygons in a geometry that are larger than noise, largest first."""
    measures = [measured(polygon) for polygon in polygons_of(geometry)]
    found = [piece for piece in measures if piece.area_m2 > above_m2]
    return sorted(found, key=lambda piece: piece.area_m2, reverse=True)


def overlaps(areas: Sequence[BaseGeometry], *, above_m2: float = NOISE_M2) -> list[Overlap]:
    """Every pair of areas that claims the same ground, one entry per contiguous piece."""
    found = []
    for first, second in suspects(areas):
        shared = areas[first].intersection(areas[second])
        found += [Overlap(first, second, piece) for piece in pieces_of(shared, above_m2=above_m2)]
    return found


def suspects(areas: Sequence[BaseGeometry]) -> list[tuple[int, int]]:
    """Pairs (lower index first) that may overlap: one of them breaks the rules of a coverage."""
    flagged = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(list(areas))))
    tree = STRtree(list(areas))
    one, other = tree.query(as_array(areas)[flagged], predicate="intersects")
    pairs = np.column_stack([flagged[one], other])
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0)
    return [(int(first), int(second)) for first, second in pairs]


def gaps(
    ground: BaseGeometry, areas: Sequence[BaseGeometry], *, above_m2: float = NOISE_M2
) -> list[Piece]:
    """The parts of the ground that no area covers."""
    return pieces_of(ground.difference(shapely.union_all(list(areas))), above_m2=above_m2)


def enclosed_gaps(areas: Sequence[BaseGeometry], *, above_m2: float = NOISE_M2) -> list[Piece]:
    """Holes between areas, for a layer without ground of its own.

    A hole in a single area is that area's own affair: an enclave is no fault.
    """
    union = shapely.union_all(list(areas))
    holes = [Polygon(ring) for polygon in polygons_of(union) for ring in polygon.interiors]
    tree = STRtree(list(areas))
    between = [hole for hole in holes if len(tree.query(hole, predicate="intersects")) > 1]
    return pieces_of(shapely.GeometryCollection(between), above_m2=above_m2)


def overhang(
    area: BaseGeometry, ground: BaseGeometry, *, above_m2: float = NOISE_M2
) -> list[Piece]:
    """The parts of the area that stick out of its ground."""
    if shapely.covers(ground, area):
        return []
    return pieces_of(area.difference(ground), above_m2=above_m2)


def slivers(area: BaseGeometry, *, narrower_m: float) -> list[Piece]:
    """The parts of an area that are nowhere as wide as `narrower_m`: debris of drawing."""
    return [
        measured(polygon)
        for polygon in polygons_of(area)
        if is_thin(in_metres(polygon), narrower_m)
    ]


def is_thin(metric: BaseGeometry, width_m: float) -> bool:
    """Whether no circle of this diameter fits in. Metres in."""
    if 2 * metric.area > width_m * metric.length:
        return False  # wider on average already: no need to erode it
    return bool(shapely.is_empty(shapely.buffer(metric, -width_m / 2)))


def multipolygon(polygons: Sequence[Polygon]) -> MultiPolygon:
    """Polygons side by side as one valid geometry; touching ones are dissolved."""
    union = shapely.union_all(list(polygons))
    return union if isinstance(union, MultiPolygon) else MultiPolygon(polygons_of(union))


def as_array(geometries: Sequence[BaseGeometry]) -> Geometries:
    """A one-dimensional object array, also for one or no geometry."""
    array = np.empty(len(geometries), dtype=object)
    array[:] = list(geometries)
    return cast("Geometries", array)
