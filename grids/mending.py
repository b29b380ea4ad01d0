"""A layer made into a coverage: small gaps filled, overlaps and overhang cut, edges matched.

Works in a local plane in metres, on a grid of 1 µm, so that overlays are robust; vertices that did
not move get their own longitude and latitude back to the last bit. Only what is nowhere wider than
the stated tolerance is touched; the rest stays and remains a fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from gis.crs import metres_per_degree
from grids.partition import (
    NOISE_M2,
    as_array,
    in_metres,
    is_thin,
    multipolygon,
    polygons_of,
    suspects,
)

GRID_M = 1e-6
TOUCH_M = 2 * GRID_M


@dataclass(frozen=True)
class Move:
    """What mending did to an area: ground gained or lost, and how far its line moved."""

    moved_m2: float
    displacement_m: float


class Plane:
    """Degrees ↔ metres around the middle of some geometries (EPSG:4326), straight lines kept."""

    def __init__(self, geometries: Sequence[BaseGeometry]) -> None:
        west, south, east, north = shapely.total_bounds(list(geometries))
        self._origin = np.array([(west + east) / 2, (south + north) / 2])
        self._scale = np.array(metres_per_degree((south + north) / 2))
        known = shapely.get_coordinates(list(geometries))
        self._places, first = np.unique(_places(self._metres(known)), return_index=True)
        self._known = known[first]

    def metres(self, geometry: BaseGeometry) -> BaseGeometry:
        return shapely.set_precision(shapely.transform(geometry, self._metres), GRID_M)

    def degrees(self, geometry: BaseGeometry) -> BaseGeometry:
        return shapely.transform(geometry, self._degrees)

    def _metres(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((lonlat - self._origin) * self._scale)

    def _degrees(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """Back again; a vertex that was there before is that very vertex."""
        wanted = _places(metres)
        slot = np.minimum(np.searchsorted(self._places, wanted), len(self._places) - 1)
        computed = metres / self._scale + self._origin
        return np.where((self._places[slot] == wanted)[:, None], self._known[slot], computed)


def _places(metres: NDArray[np.float64]) -> NDArray[np.complex128]:
    """The grid cell of each vertex as one sortable number; complex ones sort by both parts."""
    cells = np.rint(metres / GRID_M)
    return np.asarray(cells[:, 0] + 1j * cells[:, 1])


def mended(
    areas: Sequence[BaseGeometry],
    grounds: Sequence[BaseGeometry | None],
    *,
    within_m: float,
) -> list[MultiPolygon]:
    """The areas as a coverage of their grounds.

    `areas`: valid polygons in EPSG:4326, lowest code first: where two overlap, the ground stays
    with the lower code, as the edge rule says. `grounds`: for each the area it lies in, or None.
    `within_m`: only gaps, overlaps, overhang and debris nowhere wider than this are touched.
    """
    present = [ground for ground in grounds if ground is not None]
    plane = Plane([*areas, *present])
    flat = {id(ground): plane.metres(ground) for ground in present}
    floors = [None if ground is None else flat[id(ground)] for ground in grounds]
    drafts = [_without_debris(plane.metres(area), within_m) for area in areas]
    drafts = [_clipped(*pair, within_m) for pair in zip(drafts, floors, strict=True)]
    _part(drafts, within_m)
    for floor in [*flat.values(), None]:
        _fill(drafts, [n for n, own in enumerate(floors) if own is floor], floor, within_m)
    return [multipolygon(polygons_of(plane.degrees(area))) for area in _matched(drafts)]


def _without_debris(area: BaseGeometry, within_m: float) -> BaseGeometry:
    parts = polygons_of(area)
    solid = [part for part in parts if not is_thin(part, within_m)]
    return shapely.MultiPolygon(solid) if solid and len(solid) < len(parts) else area


def _clipped(area: BaseGeometry, floor: BaseGeometry | None, within_m: float) -> BaseGeometry:
    if floor is None or shapely.covers(floor, area):
        return area
    outside = polygons_of(shapely.difference(area, floor, grid_size=GRID_M))
    thin = [piece for piece in outside if is_thin(piece, within_m)]
    clipped = shapely.difference(area, shapely.union_all(thin), grid_size=GRID_M)
    return area if clipped.is_empty else clipped


def _part(drafts: list[BaseGeometry], within_m: float) -> None:
    """Leave thin overlaps to the lower code."""
    for lower, higher in suspects(drafts):
        shared = shapely.intersection(drafts[lower], drafts[higher], grid_size=GRID_M)
        thin = [piece for piece in polygons_of(shared) if is_thin(piece, within_m)]
        left = shapely.difference(drafts[higher], shapely.union_all(thin), grid_size=GRID_M)
        if thin and not left.is_empty:
            drafts[higher] = left


def _fill(
    drafts: list[BaseGeometry], children: list[int], floor: BaseGeometry | None, within_m: float
) -> None:
    """Give each thin gap in the floor to the children around it; without floor, thin holes."""
    if not children:
        return
    union = shapely.union_all([drafts[child] for child in children], grid_size=GRID_M)
    whole = _without_holes(union) if floor is None else floor
    tree = STRtree([drafts[child] for child in children])
    for gap in polygons_of(shapely.difference(whole, union, grid_size=GRID_M)):
        if is_thin(gap, within_m):
            near = [children[n] for n in tree.query(gap.buffer(TOUCH_M), predicate="intersects")]
            _share_out(gap, drafts, near, within_m)


def _without_holes(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.union_all([Polygon(part.exterior) for part in polygons_of(geometry)])


def _share_out(
    gap: BaseGeometry, drafts: list[BaseGeometry], heirs: list[int], within_m: float
) -> None:
    """Each heir, longest shared line first, takes what lies within the tolerance of it.

    Gaps between many areas hang together like a net: given whole to one heir, it would grow legs.
    """
    order = sorted(heirs, key=lambda heir: -_shared_line(gap, drafts[heir]))
    before = float("inf")
    while 0 < gap.area < before:
        before = gap.area
        for heir in order:
            reach = drafts[heir].buffer(within_m, quad_segs=2)
            gained = shapely.intersection(gap, reach, grid_size=GRID_M)
            drafts[heir] = shapely.union_all([drafts[heir], gained], grid_size=GRID_M)
            gap = shapely.difference(gap, gained, grid_size=GRID_M)


def _shared_line(gap: BaseGeometry, area: BaseGeometry) -> float:
    return float(gap.boundary.intersection(area.buffer(TOUCH_M)).length)


def _matched(drafts: list[BaseGeometry]) -> list[BaseGeometry]:
    """The same areas with edges noded alike; as they are where that would move ground."""
    cleaned = shapely.coverage_clean(  # type: ignore[attr-defined] # newer than the stubs
        as_array(drafts), snapping_distance=GRID_M, gap_width=0.0, merge_strategy="min_index"
    )
    moved = shapely.area(shapely.symmetric_difference(as_array(drafts), cleaned))
    return drafts if (moved > NOISE_M2).any() else list(cleaned)


def move(before: BaseGeometry, after: BaseGeometry) -> Move:
    """How much ground changed hands (m²) and how far the boundary moved at most (m).

    EPSG:4326 in. The displacement is the Hausdorff distance between the two boundaries.
    """
    if before.equals(after):
        return Move(0.0, 0.0)
    swapped = in_metres(before.symmetric_difference(after)).area
    plane = Plane([before, after])
    lines = plane.metres(before).boundary, plane.metres(after).boundary
    return Move(swapped, float(shapely.hausdorff_distance(*lines)))
