"""Tiles read back by another library, and ground to make them of. Grid units, y to the south."""

import itertools
from typing import Any

import mapbox_vector_tile
import numpy as np
import shapely
from mapbox_vector_tile.Mapbox import vector_tile_pb2
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from layers.tiles.cutting import EXTENT
from layers.tiles.encoding import Layer
from layers.tiles.scheme import EDGE_M, Tile

Shapes = NDArray[np.object_]
Feature = dict[str, Any]


def features(written: bytes, layer: str) -> list[Feature]:
    """Features of a layer in their order; none where the tile has no such layer."""
    read = mapbox_vector_tile.decode(written, default_options={"y_coord_down": True})
    found: list[Feature] = read.get(layer, {"features": []})["features"]
    return found


def geometries(written: bytes, layer: str) -> dict[int, BaseGeometry]:
    return {each["id"]: shape(each["geometry"]) for each in features(written, layer)}


def raw(written: bytes) -> Any:
    """The message itself."""
    tile = vector_tile_pb2.tile()
    tile.ParseFromString(written)
    return tile


def to_grid(shapes: Shapes, tile: Tile) -> Shapes:
    """From EPSG:3857 to the tile's grid, by the definition of the grid and not rounded."""
    unit = 2 * EDGE_M / (EXTENT * 2**tile.z)
    corner = (tile.x * EXTENT, tile.y * EXTENT)
    return shapely.transform(shapes, lambda at: (at * (1, -1) + EDGE_M) / unit - corner)


def from_grid(shape: BaseGeometry, tile: Tile) -> BaseGeometry:
    """From a tile's grid to EPSG:3857."""
    unit = 2 * EDGE_M / (EXTENT * 2**tile.z)
    corner = (tile.x * EXTENT, tile.y * EXTENT)
    return shapely.transform(shape, lambda at: ((at + corner) * unit - EDGE_M) * (1, -1))


def layer_of(*shapes: BaseGeometry, name: str = "areas") -> Layer:
    """Features without properties, numbered from 0."""
    return Layer(name, np.array(shapes, dtype=object), np.arange(len(shapes)), [()] * len(shapes))


def wiggly(count: int, points: int, seed: int) -> Shapes:
    """A valid coverage of a square of 10 km near 0, 0 in metres: Voronoi cells, lines wiggled."""
    random = np.random.default_rng(seed)
    ground = shapely.box(0, 0, 10_000, 10_000)
    seeds = shapely.MultiPoint(random.uniform(0, 10_000, (count, 2)))
    edges = shapely.voronoi_polygons(seeds, only_edges=True)
    lines = shapely.union_all([shapely.intersection(edges, ground), ground.exterior])
    bent = [_bent(line, points, random) for line in shapely.get_parts(shapely.line_merge(lines))]
    noded = shapely.get_parts(shapely.union_all(bent))
    return np.asarray(shapely.get_parts(shapely.polygonize(list(noded))))


def _bent(line: BaseGeometry, points: int, random: np.random.Generator) -> BaseGeometry:
    ends = shapely.get_coordinates(line)
    along = np.linspace(0, 1, points)[:, None]
    bent = []
    for start, end in itertools.pairwise(ends):
        across = (end - start)[::-1] * (-1, 1)
        away = random.normal(0, 0.03, (points, 1))
        away[0] = away[-1] = 0
        bent.append(start + (end - start) * along + across * away)
    return shapely.LineString(np.concatenate(bent))


def star(tips: int = 9) -> Polygon:
    """Not convex, so that a tile's edge cuts it into parts. In metres, around 0, 0."""
    turn = np.linspace(0, 2 * np.pi, 2 * tips, endpoint=False)
    far = np.where(np.arange(2 * tips) % 2, 400.0, 1000.0)
    return Polygon(np.column_stack([far * np.cos(turn), far * np.sin(turn)]))
