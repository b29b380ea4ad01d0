"""The smallest ground of the demonstration: one diagram of blocks from which all areas are built.

Every area of every kind is a union of blocks, so that all lines are shared exactly and each kind
covers the district without gap or overlap, while police and justice areas cross the streets'.
EPSG:4326; built in a plane of metres around the district.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPoint, Polygon

from api.demo.names import OUTLINE, STREETS, communities
from api.demo.plane import Points, degrees, metres

SEED = 20260226
PER_COMMUNITY = 7.1
JITTER = 0.28
DECIMALS = 7


@dataclass(frozen=True)
class Blocks:
    """Blocks with the middle of each (metres) and the street that it belongs to (by position)."""

    shapes: NDArray[np.object_]
    middles: Points
    streets: NDArray[np.intp]


def nearest(points: Points, seeds: Points) -> NDArray[np.intp]:
    """For each point the position of the nearest seed."""
    away = np.linalg.norm(points[:, None, :] - seeds[None, :, :], axis=2)
    return np.asarray(np.argmin(away, axis=1), dtype=np.intp)


def blocks() -> Blocks:
    """All blocks of the district, the same on every call."""
    outline = Polygon(metres(np.array(OUTLINE)))
    seeds = _seeds(outline)
    faces = _faces(outline, seeds)
    shapes = _whole_blocks(faces, seeds)
    return Blocks(_to_degrees(shapes), seeds, nearest(seeds, _seats()))


def _seats() -> Points:
    return metres(np.array([(street.lon, street.lat) for street in STREETS]))


def _seeds(outline: Polygon) -> Points:
    """A jittered, turned lattice in each street's part of the outline, dense where people live."""
    random = np.random.default_rng(SEED)
    grounds = _parts(outline, _seats())
    found = []
    for street, ground in zip(STREETS, grounds, strict=True):
        wanted = PER_COMMUNITY * len(communities()[street.code])
        found.append(_lattice(ground, np.sqrt(ground.area / wanted), random))
    return np.vstack(found)


def _parts(outline: Polygon, centres: Points) -> list[Polygon]:
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(centres), extend_to=outline))
    return [
        next(cell for cell in cells if cell.covers(shapely.Point(centre))).intersection(outline)
        for centre in centres
    ]


def _lattice(ground: Polygon, step_m: float, random: np.random.Generator) -> Points:
    reach = np.ceil(np.hypot(*np.ptp(shapely.get_coordinates(ground), axis=0)) / step_m)
    axis = np.arange(-reach, reach + 1) * step_m
    square = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    square += random.uniform(-JITTER, JITTER, square.shape) * step_m
    angle = random.uniform(-0.5, 0.1)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = square @ turn + shapely.get_coordinates(ground.centroid)
    inner = ground.buffer(-step_m * 0.25)
    return np.asarray(points[shapely.contains_xy(inner, points)], dtype=np.float64)


def _faces(outline: Polygon, seeds: Points) -> NDArray[np.object_]:
    """The faces between the lines of the diagram and the outline, noded once for all."""
    edges = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=outline, only_edges=True)
    lines = shapely.union(edges.intersection(outline), outline.boundary, grid_size=0.01)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    return np.asarray(faces, dtype=object)


def _whole_blocks(faces: NDArray[np.object_], seeds: Points) -> NDArray[np.object_]:
    """One block for each seed; what the outline cut off joins the neighbour it touches most."""
    owner, face = shapely.STRtree(faces).query(shapely.points(seeds), predicate="within")
    held: dict[int, list[Polygon]] = {int(o): [faces[f]] for o, f in zip(owner, face, strict=True)}
    home = {int(f): int(o) for o, f in zip(owner, face, strict=True)}
    for stray in set(range(len(faces))) - set(home):
        touching = [(f, faces[stray].intersection(faces[f]).length) for f in home]
        best, _ = max(touching, key=lambda pair: pair[1])
        held[home[best]].append(faces[stray])
    return np.array([shapely.coverage_union_all(held[each]) for each in range(len(seeds))])


def _to_degrees(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    def rounded(xy: Points) -> Points:
        return np.asarray(np.round(degrees(xy), DECIMALS))

    return np.asarray(shapely.transform(shapes, rounded), dtype=object)
