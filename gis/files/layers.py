"""Layers of areas or points from GeoPackage, Shapefile, GeoJSON and FlatGeobuf."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import ProjError

from gis.crs import WGS84, MissingCrs, to_degrees
from gis.datum import Datum, parse_datum, to_wgs84
from gis.files.features import read_features
from gis.files.places import Place, place_of
from gis.files.refusing import UnreadableFile, require_file
from gis.files.remarks import Remarks
from gis.geometry import WORLD, BadCoordinate, checked_point
from gis.wording import Wording

# CGCS2000 is taken as equal to WGS-84; asking PROJ would give the same to the centimetre.
SHIFTED = (Datum.GCJ02, Datum.BD09)

# China's older datums: exactly how they lie to WGS-84 is not published, PROJ knows it roughly.
UNPUBLISHED = ("Beijing 1954", "Xian 1980", "New Beijing")

# The largest degrees there are; outlines of the world overshoot in the last digits.
LIMITS = np.array([180, 90, 180, 90]) + 1e-6


@dataclass(frozen=True)
class LayerFile:
    """A layer in EPSG:4326 (longitude first, two dimensions), codes as text.

    `assumptions` says, zh / en, what had to be taken for granted or was changed in reading.
    """

    geodataframe: gpd.GeoDataFrame
    assumptions: tuple[str, ...]
    source_crs: str
    encoding: str | None


def read_layer(
    path: Path,
    *,
    crs: str | None = None,
    datum: str | None = None,
    encoding: str | None = None,
    layer: str | None = None,
) -> LayerFile:
    """Read one layer of a file. What the file declares holds; `crs` speaks where it is silent.

    `datum` (see gis.datum) names the datum of its degrees, which no file format can declare for
    GCJ-02 and BD-09. Raises UnreadableFile, MissingCrs, UnknownDatum.
    """
    require_file(path)
    said = Remarks()
    chosen = parse_datum(datum) if datum else None
    place = place_of(path, layer)
    frame, letters = read_features(place, layer, encoding, said)
    frame = _declared(frame, place, crs, chosen, said)
    source_crs = frame.crs.to_string()
    frame = _in_wgs84(_flat(frame, said), place, chosen, said)
    return LayerFile(_codes_as_text(frame), tuple(said.lines), source_crs, letters)


def _declared(
    frame: gpd.GeoDataFrame, place: Place, crs: str | None, datum: Datum | None, said: Remarks
) -> gpd.GeoDataFrame:
    if frame.crs is not None and not (crs and place.is_geojson):
        _say_declared(frame, place, crs, datum, said)
        return frame
    if crs is None and datum is None:
        raise MissingCrs(place.path.name)
    chosen = crs or f"EPSG:{WGS84}"
    said.note(f"坐标系按声明取 {chosen}", f"reference system as declared: {chosen}")
    try:
        return frame.set_crs(chosen, allow_override=True)
    except ProjError as error:
        reason = Wording(f"不认识坐标系 {chosen}", f"unknown reference system {chosen}")
        mend = Wording("例如声明 EPSG:4490", "declare EPSG:4490 for example")
        raise UnreadableFile(place.path, reason, mend) from error


def _say_declared(
    frame: gpd.GeoDataFrame, place: Place, crs: str | None, datum: Datum | None, said: Remarks
) -> None:
    own = frame.crs.to_string()
    if crs and frame.crs != crs:
        said.note(f"文件自带坐标系 {own}，未用 {crs}", f"it declares {own}; {crs} was not used")
    if place.is_geojson and frame.crs == WGS84 and datum is None:
        said.note("GeoJSON 按 RFC 7946 取 WGS-84", "GeoJSON is taken as WGS-84 (RFC 7946)")


def _flat(frame: gpd.GeoDataFrame, said: Remarks) -> gpd.GeoDataFrame:
    if shapely.has_z(np.asarray(frame.geometry.array)).any():
        said.note("去掉了高程", "heights were dropped")
        return frame.set_geometry(shapely.force_2d(frame.geometry.array), crs=frame.crs)
    return frame


def _in_wgs84(
    frame: gpd.GeoDataFrame, place: Place, datum: Datum | None, said: Remarks
) -> gpd.GeoDataFrame:
    frame = _unprojected(frame, place, said)
    _require_degrees(frame, place.path)
    if datum not in SHIFTED:
        return frame

    def moved(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84(lonlat[:, 0], lonlat[:, 1], datum))

    said.note(f"由 {datum} 转换到 WGS-84", f"moved from {datum} to WGS-84")
    shapes = shapely.transform(np.asarray(frame.geometry.array), moved)
    return frame.set_geometry(shapes, crs=WGS84)


def _unprojected(frame: gpd.GeoDataFrame, place: Place, said: Remarks) -> gpd.GeoDataFrame:
    name = frame.crs.name
    try:
        degrees = to_degrees(frame)
    except ProjError as error:
        reason = Wording(f"坐标系 {name} 不能换算成经纬度", f"{name} has no longitude and latitude")
        mend = Wording("以 EPSG:4490 重新导出", "export it again in EPSG:4490")
        raise UnreadableFile(place.path, reason, mend) from error
    if frame.crs.geodetic_crs.name.startswith(UNPUBLISHED):
        said.note(
            f"{name} 到 WGS-84 的精确转换参数未公开，位置可能偏差上百米",
            f"how {name} lies to WGS-84 is not published exactly; places may be 100 m off",
        )
    return degrees


def _require_degrees(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Raise UnreadableFile for metres that are called degrees, and for swapped axes that show."""
    bounds = frame.geometry.bounds.to_numpy()
    beyond = np.abs(bounds) > LIMITS  # NaN, of a missing geometry, is not
    if not beyond.any():
        return
    at = int(beyond.any(axis=1).argmax())
    x, y = (bounds[at, :2] if beyond[at, :2].any() else bounds[at, 2:]).tolist()
    try:
        checked_point(x, y, WORLD)
    except BadCoordinate as error:
        reason = Wording(
            f"第 {at + 1} 个图形不是经纬度：{error.reason.zh}",
            f"feature {at + 1} is not in degrees: {error.reason.en}",
        )
        mend = Wording(
            "声明其坐标系 (crs)，或以 EPSG:4490、经度在前重新导出",
            "declare its reference system (crs), or export it in EPSG:4490, longitude first",
        )
        raise UnreadableFile(path, reason, mend) from error


def _codes_as_text(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Whole numbers as text: 210104001.0 is a code that met a spreadsheet, not a quantity."""
    for name in frame.columns.drop(frame.geometry.name):
        column = frame[name]
        if pd.api.types.is_integer_dtype(column):
            frame[name] = column.astype(object).map(str, na_action="ignore")
        elif pd.api.types.is_float_dtype(column) and _whole(column):
            frame[name] = [None if pd.isna(each) else str(int(each)) for each in column]
    return frame


def _whole(column: "pd.Series[float]") -> bool:
    known = column.dropna()
    return bool(len(known)) and bool(np.isfinite(known).all() and (known % 1 == 0).all())
