"""The web-mercator pyramid of tiles: which square of the world a tile is, and what lies where.

Projection: spherical web mercator, EPSG:3857 (method 1024 of EPSG Guidance Note 7-2); tiles:
numbered from the north-west corner as in OGC 17-083r4 (WebMercatorQuad), so that zoom z has
2^z × 2^z tiles. Metres are the projection's: at latitude φ they are 1 / cos φ too long.
"""

import math
from dataclasses import dataclass
from numbers import Integral
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from gis.crs import SEMI_MAJOR_M
from gis.wording import Wording

MOST_ZOOM = 24
MOST_TILES = 1 << 16
EDGE_M = math.pi * SEMI_MAJOR_M
"""The world reaches from -EDGE_M to EDGE_M both ways."""
MOST_LAT = math.degrees(math.atan(math.sinh(math.pi)))
"""85.0511…°: the latitude at which the world is a square."""
SCREEN_PIXELS = 512
"""MapLibre draws a tile over so many pixels of the screen."""


class BadTile(ValueError):
    """No such tile: what is wrong and how to mend it."""

    def __init__(self, what: Wording, mend: Wording) -> None:
        super().__init__(f"{what}. 处理 / Mend: {mend}")
        self.what = what
        self.mend = mend


class BadPosition(ValueError):
    """Something that is no longitude and latitude, or a box of them that is inside out."""

    def __init__(self, what: Wording, mend: Wording) -> None:
        super().__init__(f"{what}. 处理 / Mend: {mend}")
        self.what = what
        self.mend = mend


class Bounds(NamedTuple):
    """A rectangle, in metres of EPSG:3857 or in degrees of EPSG:4326 as its maker says."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, order=True)
class Tile:
    """One tile: zoom 0 to 24, column `x` from the west, row `y` from the north. Raises BadTile."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        for name, value in (("z", self.z), ("x", self.x), ("y", self.y)):
            if isinstance(value, bool) or not isinstance(value, Integral):
                what = Wording(f"{name}={value!r} 不是整数", f"{name}={value!r} is no whole number")
                raise BadTile(what, Wording("填写整数", "give a whole number"))
        _refuse_beyond("z", self.z, MOST_ZOOM)
        _refuse_beyond("x", self.x, (1 << self.z) - 1)
        _refuse_beyond("y", self.y, (1 << self.z) - 1)

    @property
    def metres(self) -> Bounds:
        """Its square in EPSG:3857. A line that two tiles share is the same number in both."""
        west, east = line_m(self.z, self.x), line_m(self.z, self.x + 1)
        return Bounds(west, -line_m(self.z, self.y + 1), east, -line_m(self.z, self.y))

    @property
    def degrees(self) -> Bounds:
        """Its square in EPSG:4326."""
        west, south, east, north = self.metres
        corners = to_degrees([west, east], [south, north])
        return Bounds(*corners[0].tolist(), *corners[1].tolist())


def _refuse_beyond(name: str, value: int, most: int) -> None:
    if not 0 <= value <= most:
        what = Wording(f"没有瓦片 {name}={value}", f"there is no tile with {name}={value}")
        mend = Wording(
            f"{name} 应在 0 到 {most} 之间", f"{name} has to lie between 0 and {most} here"
        )
        raise BadTile(what, mend)


def line_m(zoom: int, number: float) -> float:
    """Where column `number` begins, in metres; a row begins at the same with the sign turned."""
    return math.ldexp(2 * EDGE_M * number, -zoom) - EDGE_M


def pixel_m(zoom: int) -> float:
    """One pixel of the screen in metres of the projection, at a whole zoom of MapLibre."""
    return math.ldexp(2 * EDGE_M / SCREEN_PIXELS, -zoom)


def to_mercator(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    """Degrees of EPSG:4326, n each, as (n, 2) metres of EPSG:3857.

    Latitudes beyond the square world (MOST_LAT) are put on its edge. Raises BadPosition for what is
    no longitude and latitude.
    """
    east, north = np.asarray(lon, np.float64).ravel(), np.asarray(lat, np.float64).ravel()
    _refuse_no_place(east, north)
    x = np.radians(east) * SEMI_MAJOR_M
    y = np.arcsinh(np.tan(np.radians(np.clip(north, -MOST_LAT, MOST_LAT)))) * SEMI_MAJOR_M
    return np.column_stack([x, np.clip(y, -EDGE_M, EDGE_M)])


def to_degrees(x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """Metres of EPSG:3857, n each, as (n, 2) degrees of EPSG:4326, longitude first."""
    lon = np.degrees(np.asarray(x, np.float64).ravel() / SEMI_MAJOR_M)
    lat = np.degrees(np.arctan(np.sinh(np.asarray(y, np.float64).ravel() / SEMI_MAJOR_M)))
    return np.column_stack([lon, lat])


def shapes_to_mercator(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Geometries of EPSG:4326 in metres of EPSG:3857; heights are dropped. Raises BadPosition."""
    return shapely.transform(shapes, lambda points: to_mercator(points[:, 0], points[:, 1]))


def _refuse_no_place(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> None:
    sound = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)  # noqa: PLR2004 - false for NaN too
    if not sound.all():
        first = int(np.argmin(sound))
        what = Wording(
            f"第 {first} 点不是经纬度：{lon[first]}, {lat[first]}",
            f"point {first} is no longitude and latitude: {lon[first]}, {lat[first]}",
        )
        raise BadPosition(what, Wording("检查单位和坐标系", "check unit and reference system"))


def tiles_over(box: Bounds, zoom: int) -> list[Tile]:
    """The tiles that share ground with a box of EPSG:4326, row by row from the north-west.

    A box without any extent gives the one tile that holds it. Raises BadTile for a zoom beyond the
    pyramid, BadPosition for a box that is inside out (a box over the antimeridian is two) or that
    has more than MOST_TILES tiles.
    """
    _refuse_beyond("z", zoom, MOST_ZOOM)
    if box.west > box.east or box.south > box.north:
        what = Wording(f"范围颠倒：{tuple(box)}", f"the box is inside out: {tuple(box)}")
        raise BadPosition(what, Wording("西、南、东、北", "give west, south, east, north"))
    (west, south), (east, north) = to_mercator([box.west, box.east], [box.south, box.north])
    columns, rows = _numbers(west, east, zoom), _numbers(-north, -south, zoom)
    if len(columns) * len(rows) > MOST_TILES:
        what = Wording("范围内瓦片过多", "the box has too many tiles at this zoom")
        raise BadPosition(what, Wording("降低级别或缩小范围", "lower the zoom or the box"))
    return [Tile(zoom, x, y) for y in rows for x in columns]


def _numbers(low: float, high: float, zoom: int) -> range:
    """The columns between two meridians; a line belongs to the column that begins there."""
    size, last = math.ldexp(2 * EDGE_M, -zoom), (1 << zoom) - 1
    first = min(math.floor((low + EDGE_M) / size), last)
    return range(first, min(max(math.ceil((high + EDGE_M) / size), first + 1), last + 1))
