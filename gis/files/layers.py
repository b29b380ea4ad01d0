"""Layers of areas or points from GeoPackage, Shapefile, GeoJSON and FlatGeobuf."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import ProjError
from shapely.errors import ShapelyError

from gis.crs import WGS84, MissingCrs, to_degrees
from gis.datum import Datum, parse_datum, to_wgs84
from gis.files.places import Place, place_of
from gis.files.refusing import BROKEN_ZIP, UnreadableFile, require_file
from gis.wording import Wording

# What pyogrio raises for files it cannot read; a NameError over a .prj that makes no sense.
UNREAD = (DataSourceError, DataLayerError, ShapelyError, ValueError, NameError)

# CGCS2000 is taken as equal to WGS-84; asking PROJ would give the same to the centimetre.
SHIFTED = (Datum.GCJ02, Datum.BD09)

# China's older datums: exactly how they lie to WGS-84 is not published, PROJ knows it roughly.
UNPUBLISHED = ("Beijing 1954", "Xian 1980", "New Beijing")


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
    said = _Said()
    chosen = parse_datum(datum) if datum else None
    place = place_of(path, layer)
    letters = encoding or _undeclared_encoding(place, said)
    frame = _read(place, _layer_name(place, layer, said), letters, said)
    frame = _declared(frame, place, crs, chosen, said)
    source_crs = frame.crs.to_string()
    frame = _in_wgs84(_flat(frame, said), place, chosen, said)
    return LayerFile(_codes_as_text(frame), tuple(said.lines), source_crs, letters)


class _Said:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def note(self, zh: str, en: str) -> None:
        line = str(Wording(zh, en))
        if line not in self.lines:
            self.lines.append(line)


def _undeclared_encoding(place: Place, said: _Said) -> str | None:
    try:
        found = place.undeclared_encoding()
    except BROKEN_ZIP as error:
        raise _unread(place.path, error) from error
    if found:
        said.note(f"未声明编码，按 {found} 读取", f"it names no encoding, read as {found}")
    return found


def _layer_name(place: Place, wanted: str | None, said: _Said) -> str:
    """The layer to read: as wanted, else the first that has shapes."""
    try:
        layers = pyogrio.list_layers(place.address)
    except UNREAD as error:
        raise _unread(place.path, error) from error
    names = [str(name) for name, kind in layers if kind is not None]
    if not names:
        reason = Wording("没有图形图层", "it holds no layer of shapes")
        raise UnreadableFile(place.path, reason, Wording("重新导出", "export it again"))
    if wanted in names or (wanted and wanted != place.title):
        return wanted
    titles = [*(names if len(names) > 1 else [place.title]), *place.others]
    if not wanted and len(titles) > 1:
        every = ", ".join(titles)
        said.note(f"有多个图层（{every}），取 {titles[0]}", f"of {every} took {titles[0]}")
    return names[0]


def _read(place: Place, name: str, encoding: str | None, said: _Said) -> gpd.GeoDataFrame:
    try:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            frame = pyogrio.read_dataframe(
                place.address, layer=name, encoding=encoding, on_invalid="fix"
            )
    except UNREAD as error:
        raise _unread(place.path, error) from error
    for each in heard:
        if issubclass(each.category, RuntimeWarning):  # what GDAL has to say about the file
            said.note(f"读取时：{each.message}", f"in reading: {each.message}")
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        reason = Wording("没有图形", "it holds no geometry")
        mend = Wording("选择有图形的图层", "choose a layer with shapes")
        raise UnreadableFile(place.path, reason, mend)
    return frame


def _unread(path: Path, error: Exception) -> UnreadableFile:
    mend = Wording("检查格式、编码，重新导出", "check format and encoding, export it again")
    reason = str(error).partition(";")[0]  # GDAL goes on with advice for programmers
    return UnreadableFile(path, Wording(reason, reason), mend)


def _declared(
    frame: gpd.GeoDataFrame, place: Place, crs: str | None, datum: Datum | None, said: _Said
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
    frame: gpd.GeoDataFrame, place: Place, crs: str | None, datum: Datum | None, said: _Said
) -> None:
    own = frame.crs.to_string()
    if crs and frame.crs != crs:
        said.note(f"文件自带坐标系 {own}，未用 {crs}", f"it declares {own}; {crs} was not used")
    if place.is_geojson and frame.crs == WGS84 and datum is None:
        said.note("GeoJSON 按 RFC 7946 取 WGS-84", "GeoJSON is taken as WGS-84 (RFC 7946)")


def _flat(frame: gpd.GeoDataFrame, said: _Said) -> gpd.GeoDataFrame:
    if shapely.has_z(np.asarray(frame.geometry.array)).any():
        said.note("去掉了高程", "heights were dropped")
        return frame.set_geometry(shapely.force_2d(frame.geometry.array), crs=frame.crs)
    return frame


def _in_wgs84(
    frame: gpd.GeoDataFrame, place: Place, datum: Datum | None, said: _Said
) -> gpd.GeoDataFrame:
    frame = _unprojected(frame, place, said)
    if datum not in SHIFTED:
        return frame

    def moved(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84(lonlat[:, 0], lonlat[:, 1], datum))

    said.note(f"由 {datum} 转换到 WGS-84", f"moved from {datum} to WGS-84")
    shapes = shapely.transform(np.asarray(frame.geometry.array), moved)
    return frame.set_geometry(shapes, crs=WGS84)


def _unprojected(frame: gpd.GeoDataFrame, place: Place, said: _Said) -> gpd.GeoDataFrame:
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
