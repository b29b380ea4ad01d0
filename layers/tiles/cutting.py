"""What of a geometry lies in a tile, in whole units of the tile's grid.

A point of the world is rounded to the same point of the grid in whatever tile and whatever area it
stands, so that lines which two areas share go on being the same line. Only where an area clipped
at the tile's edge, or rounded, crosses itself is it mended on its own.
"""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.tiles.scheme import EDGE_M, Bounds, Tile

EXTENT_BITS = 12
EXTENT = 1 << EXTENT_BITS
"""Units of the grid along a tile's side."""
BUFFER = 64
"""How far, in units, lines and areas are drawn beyond a tile: 8 pixels, the broadest line."""

Shapes = NDArray[np.object_]


class Paths(NamedTuple):
    """Geometries taken apart: points in rows, rows in features, counted by where they end.

    `points` (n, 2) whole units, x to the east and y to the south; `path_ends` (p,) into points;
    `outer` (p,) whether the path is an outer ring; `feature_ends` (f,) into paths; `kinds` (f,)
    dimension of each feature: 0 points, 1 lines, 2 areas.
    """

    points: NDArray[np.int64]
    path_ends: NDArray[np.int64]
    outer: NDArray[np.bool_]
    feature_ends: NDArray[np.int64]
    kinds: NDArray[np.int64]


def window(tile: Tile, buffer: int = BUFFER) -> Bounds:
    """A tile's square in EPSG:3857 with `buffer` units of its grid around it."""
    west, south, east, north = tile.metres
    more = (east - west) * buffer / EXTENT
    return Bounds(west - more, south - more, east + more, north + more)


def cut(shapes: Shapes, tile: Tile, buffer: int = BUFFER) -> Paths:
    """The parts of valid geometries (f,) of EPSG:3857 that lie in a tile and the buffer around it.

    Points get no buffer: each is in one tile only. A feature without anything there has no paths.
    """
    kinds = shapely.get_dimensions(shapes).astype(np.int64)
    clipped = shapes.copy()
    extended = kinds > 0
    clipped[extended] = shapely.clip_by_rect(shapes[extended], *window(tile, buffer))
    return _taken_apart(_snapped(_on_grid(clipped, tile), kinds), kinds)


def _on_grid(shapes: Shapes, tile: Tile) -> Shapes:
    """From metres to units from the tile's north-west corner, not rounded yet."""
    corner = np.array([tile.x, tile.y], np.float64) * EXTENT
    bits = tile.z + EXTENT_BITS

    def units(points: NDArray[np.float64]) -> NDArray[np.float64]:
        # The tile's corner comes off last, and exactly: its neighbours find the same remainder.
        world = np.ldexp((points * (1, -1) + EDGE_M) / (2 * EDGE_M), bits)
        return np.asarray(world - corner)

    return shapely.transform(shapes, units)


def _snapped(shapes: Shapes, kinds: NDArray[np.int64]) -> Shapes:
    snapped = shapely.transform(shapes, np.round)
    broken = (kinds == 2) & ~shapely.is_valid(snapped)  # noqa: PLR2004 - the dimension of areas
    if broken.any():
        snapped[broken] = shapely.set_precision(shapely.make_valid(shapes[broken]), 1.0)
    return snapped


def _taken_apart(shapes: Shapes, kinds: NDArray[np.int64]) -> Paths:
    parts, owners = shapely.get_parts(shapes, return_index=True)
    if (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owners = owners[inner]
    kept = (shapely.get_dimensions(parts) == kinds[owners]) & ~shapely.is_empty(parts)
    paths, owners, outer = _rings(parts[kept], owners[kept])
    points, path_of = shapely.get_coordinates(paths, return_index=True)
    whole = points.astype(np.int64)
    inside = (kinds[owners[path_of]] > 0) | ((whole >= 0) & (whole < EXTENT)).all(axis=1)
    path_ends = np.cumsum(np.bincount(path_of[inside], minlength=len(paths)))
    feature_ends = np.cumsum(np.bincount(owners, minlength=len(shapes)))
    return Paths(whole[inside], path_ends, outer, feature_ends, kinds)


def _rings(
    parts: Shapes, owners: NDArray[np.int64]
) -> tuple[Shapes, NDArray[np.int64], NDArray[np.bool_]]:
    """The rings of areas, points and lines as they are: paths, their features, which are outer."""
    areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, area_of = shapely.get_rings(parts[areas], return_index=True)
    first = np.diff(area_of, prepend=-1) > 0
    if areas.all():
        return rings, owners[area_of], first
    paths = np.concatenate([rings, parts[~areas]])
    of = np.concatenate([owners[areas][area_of], owners[~areas]])
    order = np.argsort(of, kind="stable")
    outer = np.concatenate([first, np.zeros((~areas).sum(), np.bool_)])
    return paths[order], of[order], outer[order]
