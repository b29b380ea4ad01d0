"""Guards and measures: no NaN, no swapped axes, areas in m², polygons made valid. EPSG:4326."""

import math
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis.wording import Wording

GEOD = Geod(ellps="WGS84")


class Frame(NamedTuple):
    """A rectangle of degrees, edges included."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lon: float, lat: float) -> bool:
        return self.west <= lon <= self.east and self.south <= lat <= self.north


WORLD = Frame(-180, -90, 180, 90)
CHINA = Frame(73, 3, 136, 54)


class BadCoordinate(ValueError):
    """A coordinate that cannot be right: which field, why, and how to mend it."""

    def __init__(self, field: str, reason: Wording, mend: Wording) -> None:
        super().__init__(f"{field}: {reason}. {mend}")
        self.field = field
        self.reason = reason
        self.mend = mend


def checked_point(lon: float, lat: float, frame: Frame = CHINA) -> tuple[float, float]:
    """The point itself (degrees, longitude first), if it lies in ``frame``. Raises BadCoordinate.

    The error says so where the axes seem to be swapped.
    """
    for field, value in (("lon", lon), ("lat", lat)):
        if not math.isfinite(value):
            what = Wording("不是有限的数", "is not a finite number")
            raise BadCoordinate(
                field, what, Wording("重新定位或填写", "locate it or fill it in again")
            )
    if lon == 0 and lat == 0:
        what = Wording("0, 0 不是地点，通常是定位失败", "0, 0 is no place but a failed fix")
        raise BadCoordinate("lon", what, Wording("重新定位", "locate it again"))
    if frame.holds(lon, lat):
        return lon, lat
    if frame.holds(lat, lon):
        what = Wording("经度和纬度似乎对调了", "longitude and latitude seem to be swapped")
        mend = Wording(f"写成 lon={lat}, lat={lon}", f"write lon={lat}, lat={lon}")
        raise BadCoordinate("lon", what, mend)
    raise _beyond(lon, lat, frame)


def _beyond(lon: float, lat: float, frame: Frame) -> BadCoordinate:
    field, value, low, high = ("lon", lon, frame.west, frame.east)
    if low <= lon <= high:
        field, value, low, high = ("lat", lat, frame.south, frame.north)
    what = Wording(
        f"{value} 不在 {low} 到 {high} 度之间", f"{value} is not between {low} and {high}"
    )
    mend = Wording(
        "检查单位（度）、坐标系和小数点", "check the unit (degrees), datum and decimal point"
    )
    return BadCoordinate(field, what, mend)


def area_m2(geometry: BaseGeometry) -> float:
    """The area of a polygon or multi-polygon on the WGS-84 ellipsoid, in m²; holes taken off."""
    area, _ = GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))
    return abs(float(area))


def mended(geometry: BaseGeometry) -> tuple[Polygon | MultiPolygon, list[Wording]]:
    """A valid polygon or multi-polygon of the same ground, and what was mended in words.

    Raises ValueError where no ground is left, and for coordinates that are not finite.
    """
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise ValueError("坐标不是有限的数 / a coordinate is not a finite number")
    if geometry.is_valid and isinstance(geometry, Polygon | MultiPolygon) and not geometry.is_empty:
        return geometry, []
    notes = []
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        notes.append(Wording(f"已修复：{reason}", f"made valid: {reason}"))
    sound = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    parts = [part for part in _parts(sound) if isinstance(part, Polygon) and not part.is_empty]
    if not parts:
        raise ValueError("没有面积 / holds no ground")
    if len(parts) < len(_parts(sound)):
        notes.append(Wording("去掉了点和线", "points and lines were dropped"))
    return (parts[0] if len(parts) == 1 else MultiPolygon(parts)), notes


def _parts(geometry: BaseGeometry) -> NDArray[np.object_]:
    parts: NDArray[np.object_] = shapely.get_parts(geometry, return_index=False)
    return parts
