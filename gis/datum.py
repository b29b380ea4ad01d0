"""Datums of Chinese maps: WGS-84 and CGCS2000, GCJ-02 (Amap, Tencent) and BD-09 (Baidu).

GCJ-02 has no published standard; the formula is the one that eviltransform, coordtransform and
gcoord share. CGCS2000 and WGS-84 differ by centimetres, far below any accuracy here, and are taken
as equal. Degrees, longitude first; floats or float64 arrays of one shape in, the same out; what is
not finite stays so.

GCJ-02 shifts only inside of a frame around China (WEST, EAST, SOUTH, NORTH), by up to a kilometre,
and so has a rift along its edge: a place inside is always found again exactly, a place outside
within that kilometre of the edge may be taken for one inside. BD-09 shifts everywhere.
"""

import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import overload

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

# Krasovsky 1940, as the formula has it.
SEMI_MAJOR_M = 6_378_245.0
ECCENTRICITY_2 = 0.00669342162296594323

# Outside of this frame GCJ-02 does not shift.
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271

# As gcoord has it; eviltransform writes π for 3000π/180, which is 40 m off.
BAIDU_LON, BAIDU_LAT = 0.0065, 0.006
BAIDU_WAVE = np.pi * 3000 / 180

# The error shrinks some 150-fold a step: measured on a million points in China, three steps leave
# 2e-9 degrees, four 2e-11 (2 µm).
STEPS = 4


class Datum(StrEnum):
    """The datum of a coordinate."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


SPELLINGS = {
    Datum.WGS84: "wgs84 wgs1984 wgs gps 4326 epsg4326",
    Datum.CGCS2000: "cgcs2000 cgcs 2000 4490 epsg4490 国家2000 2000国家大地 天地图 tianditu",
    Datum.GCJ02: "gcj02 gcj 火星 高德 amap gaode 腾讯 tencent",
    Datum.BD09: "bd09 bd09ll 百度 baidu",
}
SUFFIXES = ("坐标系", "坐标", "地图")
_BY_SPELLING = {spelling: datum for datum, names in SPELLINGS.items() for spelling in names.split()}


class UnknownDatum(ValueError):
    """A datum that is not named, or not known."""

    def __init__(self, text: str) -> None:
        known = ", ".join(Datum)
        super().__init__(
            f"未知坐标系 {text!r}，可选 {known} / unknown datum {text!r}, choose from {known}"
        )
        self.text = text


def parse_datum(text: str) -> Datum:
    """The datum that a usual spelling means. Raises UnknownDatum."""
    letters = unicodedata.normalize("NFKC", text).lower()
    plain = "".join(letter for letter in letters if letter.isalnum())
    for suffix in ("", *SUFFIXES):
        if datum := _BY_SPELLING.get(plain.removesuffix(suffix)):
            return datum
    raise UnknownDatum(text)


@overload
def to_wgs84(lon: float, lat: float, datum: Datum) -> tuple[float, float]: ...
@overload
def to_wgs84(lon: Floats, lat: Floats, datum: Datum) -> Pair: ...
def to_wgs84(lon: float | Floats, lat: float | Floats, datum: Datum) -> tuple[object, object]:
    """The WGS-84 coordinate; exact to 0.1 mm against the forward formula."""
    return _shaped(lon, lat, _TO[datum])


@overload
def from_wgs84(lon: float, lat: float, datum: Datum) -> tuple[float, float]: ...
@overload
def from_wgs84(lon: Floats, lat: Floats, datum: Datum) -> Pair: ...
def from_wgs84(lon: float | Floats, lat: float | Floats, datum: Datum) -> tuple[object, object]:
    """The coordinate in another datum."""
    return _shaped(lon, lat, _FROM[datum])


def _shaped(
    lon: float | Floats, lat: float | Floats, step: Callable[[Floats, Floats], Pair]
) -> tuple[object, object]:
    with np.errstate(invalid="ignore"):
        x, y = step(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    return (float(x), float(y)) if np.ndim(lon) == 0 else (x, y)


def _same(lon: Floats, lat: Floats) -> Pair:
    return lon, lat


def _in_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    within: NDArray[np.bool_] = (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)
    return within


def _gcj_shift(lon: Floats, lat: Floats) -> Pair:
    """How far GCJ-02 moves a WGS-84 point of China, in degrees; outside, as on the frame's edge."""
    lon, lat = np.clip(lon, WEST, EAST), np.clip(lat, SOUTH, NORTH)
    east_m, north_m = _gcj_shift_m(lon - 105.0, lat - 35.0)
    curve = 1 - ECCENTRICITY_2 * np.sin(np.radians(lat)) ** 2
    prime = SEMI_MAJOR_M / np.sqrt(curve)
    meridian = prime * (1 - ECCENTRICITY_2) / curve
    east = np.degrees(east_m / (prime * np.cos(np.radians(lat))))
    return east, np.degrees(north_m / meridian)


def _gcj_shift_m(x: Floats, y: Floats) -> Pair:
    """The published polynomial and waves: metres, from degrees off 105°E 35°N."""
    wave = 20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)
    root = np.sqrt(np.abs(x))
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (wave + 20 * np.sin(y * np.pi) + 40 * np.sin(y * np.pi / 3)) * 2 / 3
    north_m += (160 * np.sin(y * np.pi / 12) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (wave + 20 * np.sin(x * np.pi) + 40 * np.sin(x * np.pi / 3)) * 2 / 3
    east_m += (150 * np.sin(x * np.pi / 12) + 300 * np.sin(x * np.pi / 30)) * 2 / 3
    return east_m, north_m


def _to_gcj(lon: Floats, lat: Floats) -> Pair:
    east, north = _gcj_shift(lon, lat)
    inside = _in_china(lon, lat)
    return np.where(inside, lon + east, lon), np.where(inside, lat + north, lat)


def _from_gcj(lon: Floats, lat: Floats) -> Pair:
    """Fixed point of the shift without its rift; kept where that lies inside of the frame."""
    x, y = lon, lat
    for _ in range(STEPS):
        east, north = _gcj_shift(x, y)
        x, y = lon - east, lat - north
    inside = _in_china(x, y)
    return np.where(inside, x, lon), np.where(inside, y, lat)


def _gcj_to_bd(lon: Floats, lat: Floats) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BAIDU_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BAIDU_WAVE)
    return radius * np.cos(angle) + BAIDU_LON, radius * np.sin(angle) + BAIDU_LAT


def _bd_to_gcj(lon: Floats, lat: Floats) -> Pair:
    x, y = lon - BAIDU_LON, lat - BAIDU_LAT
    for _ in range(STEPS):
        east, north = _gcj_to_bd(x, y)
        x, y = x + lon - east, y + lat - north
    return x, y


def _to_bd(lon: Floats, lat: Floats) -> Pair:
    return _gcj_to_bd(*_to_gcj(lon, lat))


def _from_bd(lon: Floats, lat: Floats) -> Pair:
    return _from_gcj(*_bd_to_gcj(lon, lat))


_TO = {Datum.WGS84: _same, Datum.CGCS2000: _same, Datum.GCJ02: _from_gcj, Datum.BD09: _from_bd}
_FROM = {Datum.WGS84: _same, Datum.CGCS2000: _same, Datum.GCJ02: _to_gcj, Datum.BD09: _to_bd}
