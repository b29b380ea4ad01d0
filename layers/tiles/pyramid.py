"""Sources of tiles: areas, hexagons, points. Each answers for any tile of the pyramid.

A source is made once, for one content, and may be shared between threads: what it needs for a zoom
is made when that zoom is first asked for, and kept.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import h3
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from gis.wording import Wording
from grids.areas import AreaRecord
from grids.hexes import outline
from layers.features import LABEL_TOLERANCE_DEG
from layers.tiles.cutting import BUFFER, Shapes, window
from layers.tiles.encoding import BadLayer, Layer, Tags, Value, encoded, tags
from layers.tiles.gathering import Squares, gathered, identities, partition
from layers.tiles.scheme import EDGE_M, Tile, line_m, shapes_to_mercator, to_mercator
from layers.tiles.simplification import FULL_ZOOM, simplified, tolerance_m
from layers.tints import tints

GATHERING = 4
"""A tile has 2^4 × 2^4 squares in which points are gathered: 32 pixels each."""
MOST_GATHERING_ZOOM = 20

Made = TypeVar("Made")
Column = ArrayLike | Sequence[Value]
"""A property of all features."""


class TileSource(Protocol):
    """Whatever answers for tiles."""

    def tile(self, tile: Tile) -> bytes:
        """The bytes of a tile; b"" where nothing is."""


class _Ground(NamedTuple):
    """Geometries in EPSG:3857 that are found by place."""

    shapes: Shapes
    tree: shapely.STRtree

    def near(self, tile: Tile) -> NDArray[np.int64]:
        """Which of them may have something in a tile, in their own order."""
        return np.sort(self.tree.query(shapely.box(*window(tile, BUFFER))))


def _ground(shapes: Shapes) -> _Ground:
    return _Ground(shapes, shapely.STRtree(shapes))


class _PerZoom(Generic[Made]):
    """Something made for each zoom when it is first asked for."""

    def __init__(self, make: Callable[[int], Made]) -> None:
        self._make = make
        self._made: dict[int, Made] = {}
        self._lock = threading.Lock()

    def __getitem__(self, zoom: int) -> Made:
        made = self._made.get(zoom)
        if made is not None:
            return made
        with self._lock:
            if zoom not in self._made:
                self._made[zoom] = self._make(zoom)
            return self._made[zoom]


def _layer(name: str, ground: _Ground, said: Sequence[Tags], tile: Tile) -> Layer:
    """What of some ground is near a tile; features have their place in the whole as id."""
    near = ground.near(tile)
    return Layer(name, ground.shapes[near], near, [said[place] for place in near.tolist()])


class AreaTiles:
    """The areas of one kind in one edition.

    Layer `areas`: polygons with code, name, unit_code, unit_name and tint. Layer `labels`: a point
    well inside each area with code and name, each in one tile of a zoom. The id of a feature is the
    area's place among those given, at every zoom.
    """

    def __init__(self, areas: Sequence[AreaRecord]) -> None:
        degrees = np.array([area.geometry for area in areas], dtype=object)
        self._shapes = shapes_to_mercator(degrees)
        self._levels = _PerZoom(self._level)
        self._labels = _ground(shapes_to_mercator(_inner_points(degrees)))
        self._names = [tags({"code": area.code, "name": area.name}) for area in areas]
        self._said = [
            tags(
                {
                    "code": area.code,
                    "name": area.name,
                    "unit_code": area.unit_code,
                    "unit_name": area.unit_name,
                    "tint": tint,
                }
            )
            for area, tint in zip(areas, tints(degrees), strict=True)
        ]

    def tile(self, tile: Tile) -> bytes:
        """The bytes of a tile with the layers `areas` and `labels`; b"" where nothing is."""
        ground = self._levels[min(tile.z, FULL_ZOOM)]
        areas = _layer("areas", ground, self._said, tile)
        return encoded(tile, [areas, _layer("labels", self._labels, self._names, tile)])

    def _level(self, zoom: int) -> _Ground:
        return _ground(simplified(self._shapes, tolerance_m(zoom)))


def _inner_points(shapes: Shapes) -> Shapes:
    """The middle of the largest circle that fits into each area, as in the GeoJSON layers."""
    circles = shapely.maximum_inscribed_circle(shapes, tolerance=LABEL_TOLERANCE_DEG)
    return np.asarray(shapely.get_point(circles, 0))


class HexTiles:
    """Hexagons with values. Layer `hexes`; a feature's id is the cell's place among those given.

    `cells`: H3 cells, n; `values`: for each property n values, of which None and NaN are left out.
    Each feature has its cell's name as `cell` besides. Cells over the antimeridian are not drawn as
    they should. Raises BadLayer for columns of another length and for what is no cell.
    """

    def __init__(self, cells: Sequence[str], values: Mapping[str, Column]) -> None:
        _refuse_no_cell(cells)
        rows = _rows({"cell": cells, **values}, len(cells))
        self._ground = _ground(shapes_to_mercator(np.array([*map(outline, cells)], dtype=object)))
        self._said = [tags(row) for row in rows]

    def tile(self, tile: Tile) -> bytes:
        """The bytes of a tile with the layer `hexes`; b"" where nothing is."""
        return encoded(tile, [_layer("hexes", self._ground, self._said, tile)])


def _refuse_no_cell(cells: Sequence[str]) -> None:
    wrong = next((cell for cell in cells if not h3.is_valid_cell(cell)), None)
    if wrong is not None:
        what = Wording(f"{wrong!r} 不是 H3 单元", f"{wrong!r} is no H3 cell")
        raise BadLayer(what, Wording("填写单元编号", "give names of cells such as 8930e1d8c03ffff"))


class PointTiles:
    """Points, gathered in squares of 32 pixels where they are far away. Layer `points`.

    `lonlat` (n, 2): degrees of EPSG:4326, longitude first; `properties`: n values of each.

    Up to zoom `finest` (at most 20) a feature is the centre of a square with `count`, the number of
    points, and `level`: the world is 2^level squares broad. Beyond it the points themselves are
    shown with their properties and their place among those given as id.

    With `fewest` above 1 points never are: beyond `finest` squares stay as they are, and no square
    is shown that has fewer points, nor can one be worked out (`gathering`). Then a dense square may
    be shown undivided at finer zooms, and at most some points are left out everywhere. Below zoom
    `coarsest` squares are the sums of what is shown at it. Raises BadPosition for what is no
    longitude and latitude, BadLayer for columns of another length and limits that make no sense.
    """

    def __init__(
        self,
        lonlat: NDArray[np.float64],
        properties: Mapping[str, Column] | None = None,
        *,
        fewest: int = 1,
        coarsest: int = 8,
        finest: int = 14,
    ) -> None:
        if fewest < 1 or not 0 <= coarsest <= finest <= MOST_GATHERING_ZOOM:
            what = Wording("聚合参数无效", f"no such gathering: {fewest=}, {coarsest=}, {finest=}")
            mend = "fewest ≥ 1, 0 ≤ coarsest ≤ finest ≤ 20"
            raise BadLayer(what, Wording(mend, mend))
        self._said = [tags(row) for row in _rows(properties or {}, len(lonlat))]
        points = to_mercator(*np.asarray(lonlat, np.float64).reshape(-1, 2).T)
        self._single = _ground(np.asarray(shapely.points(points))) if fewest == 1 else None
        self._finest = finest
        levels = coarsest + GATHERING, finest + GATHERING
        self._squares = partition(_squares_of(points, levels[1]), *levels, fewest)
        self._gathered = _PerZoom(self._gathering)

    def tile(self, tile: Tile) -> bytes:
        """The bytes of a tile with the layer `points`; b"" where nothing is shown."""
        if tile.z > self._finest and self._single is not None:
            return encoded(tile, [_layer("points", self._single, self._said, tile)])
        ground, ids, said = self._gathered[min(tile.z, self._finest)]
        near = ground.near(tile)
        shown = [said[place] for place in near.tolist()]
        return encoded(tile, [Layer("points", ground.shapes[near], ids[near], shown)])

    def _gathering(self, zoom: int) -> tuple[_Ground, NDArray[np.int64], list[Tags]]:
        squares = gathered(self._squares, zoom + GATHERING)
        numbers = zip(squares.total.tolist(), squares.level.tolist(), strict=True)
        said = [tags({"count": count, "level": level}) for count, level in numbers]
        return _ground(_centres(squares)), identities(squares), said


def _squares_of(points: NDArray[np.float64], level: int) -> NDArray[np.int64]:
    """Column and row (n, 2) of the square that holds each point (n, 2) of EPSG:3857."""
    size = line_m(level, 1) - line_m(level, 0)
    numbers = np.floor((points * (1, -1) + EDGE_M) / size).astype(np.int64)
    return np.clip(numbers, 0, (1 << level) - 1)


def _centres(squares: Squares) -> Shapes:
    """Never a mean of the points: that would tell of each of them."""
    size = np.ldexp(2 * EDGE_M, -squares.level)
    x, y = (squares.column + 0.5) * size - EDGE_M, EDGE_M - (squares.row + 0.5) * size
    return np.asarray(shapely.points(x, y))


def _rows(columns: Mapping[str, Column], length: int) -> list[dict[str, Any]]:
    """Columns as one mapping for each feature, in Python's own types. Raises BadLayer."""
    plain = {name: np.asarray(column, dtype=object).tolist() for name, column in columns.items()}
    for name, column in plain.items():
        if len(column) != length:
            what = Wording(
                f"属性 {name} 有 {len(column)} 个值，应为 {length} 个",
                f"property {name} has {len(column)} values for {length} features",
            )
            raise BadLayer(what, Wording("一一对应", "give one value to each feature"))
    return [{name: plain[name][place] for name in plain} for place in range(length)]
