"""Guards and measures: no NaN, no swapped axes, areas in m², polygons made valid. EPSG:4326."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from pyproj import Geod
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry

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
    """The area of a polygon or multi-polygon on the WGS-84 ellipsoid, in m²; holes taken off.

    Lines between vertices are geodesics, as in PostGIS' geography. Exact for rings that run either
    way; 0 for what has no area.
    """
    area, _ = GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))
    return abs(float(area))


def mended(geometry: BaseGeometry) -> tuple[Polygon | MultiPolygon, list[Wording]]:
    """A valid polygon or multi-polygon of the same ground, and what was mended in words.

    A sound one is returned as it is. Rings that cross are put in order by their structure: shells
    are united, holes cut out; points and lines are dropped. Raises ValueError where no ground is
    left, and for coordinates that are not finite.
    """
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise ValueError("坐标不是有限的数 / a coordinate is not a finite number")
    if geometry.is_valid and isinstance(geometry, Polygon | MultiPolygon) and not geometry.is_empty:
        return geometry, []
    parts = _parts(geometry)
    polygons = [part for part in parts if isinstance(part, Polygon)]
    ground = _valid(polygons)
    if ground.is_empty:
        raise ValueError("没有面积 / holds no ground")
    notes = [] if geometry.is_valid else [_made_valid(geometry)]
    if len(polygons) < len(parts):
        notes.append(Wording("去掉了点和线", "points and lines were dropped"))
    return ground, notes


def _valid(polygons: Sequence[Polygon]) -> Polygon | MultiPolygon:
    whole = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    sound = shapely.make_valid(whole, method="structure", keep_collapsed=False)
    # GEOS may leave two parts that share an edge: uniting them makes one.
    united = sound if sound.is_valid else shapely.union_all(_parts(sound))
    parts = [part for part in _parts(united) if isinstance(part, Polygon)]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _made_valid(geometry: BaseGeometry) -> Wording:
    reason = shapely.is_valid_reason(geometry)
    return Wording(f"已修复：{reason}", f"made valid: {reason}")


def _parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    """The single geometries in a geometry, however deep they are nested; none that is empty."""
    if not isinstance(geometry, BaseMultipartGeometry):
        return [] if geometry.is_empty else [geometry]
    return [single for part in geometry.geoms for single in _parts(part)]
