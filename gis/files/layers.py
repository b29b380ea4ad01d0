"""Layers of areas or points from GeoPackage, Shapefile, GeoJSON and FlatGeobuf."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from gis.crs import WGS84, MissingCrs
from gis.datum import Datum, parse_datum, to_wgs84
from gis.files.refusing import UnreadableFile, require_file
from gis.wording import Wording

FORMATS = (".gpkg", ".shp", ".zip", ".geojson", ".json", ".fgb")
CHINESE_ENCODING = "GB18030"

# RFC 7946 section 4: always WGS-84; a "crs" member is of the older standard and still met.
GEOJSON = (".geojson", ".json")

# CGCS2000 is taken as equal to WGS-84; asking PROJ would give the same to the centimetre.
SHIFTED = (Datum.GCJ02, Datum.BD09)


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
    letters = encoding or _shapefile_encoding(path, said)
    frame = _read(path, letters, layer, said)
    frame = _declared(frame, path, crs, chosen, said)
    source_crs = frame.crs.to_string()
    frame = _in_wgs84(_flat(frame, said), chosen, said)
    return LayerFile(_codes_as_text(frame), tuple(said.lines), source_crs, letters)


class _Said:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def note(self, zh: str, en: str) -> None:
        self.lines.append(str(Wording(zh, en)))


def _read(path: Path, encoding: str | None, layer: str | None, said: _Said) -> gpd.GeoDataFrame:
    if path.suffix.lower() not in FORMATS:
        reason = Wording(f"不认识的格式 {path.suffix}", f"unknown format {path.suffix}")
        known = ", ".join(FORMATS)
        raise UnreadableFile(path, reason, Wording(f"可用 {known}", f"use {known}"))
    try:
        name = layer or _only_layer(path, said)
        frame = pyogrio.read_dataframe(_source(path), layer=name, encoding=encoding)
    except (DataSourceError, DataLayerError, UnicodeDecodeError, ValueError) as error:
        mend = Wording("检查格式、编码，重新导出", "check format and encoding, export it again")
        raise UnreadableFile(path, Wording(f"{error}", f"{error}"), mend) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        reason = Wording("没有图形", "it holds no geometry")
        raise UnreadableFile(
            path, reason, Wording("选择有图形的图层", "choose a layer with shapes")
        )
    return frame


def _source(path: Path) -> str:
    return f"/vsizip/{path}" if path.suffix.lower() == ".zip" else str(path)


def _only_layer(path: Path, said: _Said) -> str:
    names = [str(name) for name, kind in pyogrio.list_layers(_source(path)) if kind is not None]
    if not names:
        reason = Wording("没有图形图层", "it holds no layer of shapes")
        raise UnreadableFile(path, reason, Wording("重新导出", "export it again"))
    if len(names) > 1:
        every = ", ".join(names)
        said.note(
            f"{path.name} 有多个图层（{every}），取 {names[0]}", f"of {every} took {names[0]}"
        )
    return names[0]


def _shapefile_encoding(path: Path, said: _Said) -> str | None:
    """The encoding of a Shapefile that does not say: UTF-8 if its bytes are, else GB18030."""
    for name, attributes in _undeclared_attributes(path):
        try:
            attributes.decode("utf-8")
        except UnicodeDecodeError:
            said.note(f"{name} 未声明编码，按 GBK 读取", f"{name} names no encoding, read as GBK")
            return CHINESE_ENCODING
        return "UTF-8"
    return None


def _undeclared_attributes(path: Path) -> Iterator[tuple[str, bytes]]:
    """The attribute table of a Shapefile without .cpg file and without a language byte."""
    if path.suffix.lower() == ".shp":
        table = path.with_suffix(".dbf")
        if table.exists() and not path.with_suffix(".cpg").exists():
            yield from _if_silent(table.name, table.read_bytes())
    elif path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if not any(name.lower().endswith(".cpg") for name in names):
                for name in names:
                    if name.lower().endswith(".dbf"):
                        yield from _if_silent(name, archive.read(name))


def _if_silent(name: str, table: bytes) -> Iterator[tuple[str, bytes]]:
    language_byte = 29
    if len(table) > language_byte and table[language_byte] == 0:
        header = int.from_bytes(table[8:10], "little")
        yield name, _plain(table[header:])


def _plain(records: bytes) -> bytes:
    """The records without what a field's width may have cut in the middle of a character."""
    return b" ".join(records.split())


def _declared(
    frame: gpd.GeoDataFrame, path: Path, crs: str | None, datum: Datum | None, said: _Said
) -> gpd.GeoDataFrame:
    if frame.crs is not None and not (crs and path.suffix.lower() in GEOJSON):
        if crs and frame.crs != crs:
            said.note(
                f"文件自带坐标系 {frame.crs.to_string()}，未用 {crs}",
                f"the file declares {frame.crs.to_string()}; {crs} was not used",
            )
        return frame
    if crs is None and datum is None:
        raise MissingCrs(path.name)
    chosen = crs or f"EPSG:{WGS84}"
    said.note(f"坐标系按声明取 {chosen}", f"reference system as declared: {chosen}")
    return frame.set_crs(chosen, allow_override=True)


def _flat(frame: gpd.GeoDataFrame, said: _Said) -> gpd.GeoDataFrame:
    if shapely.has_z(np.asarray(frame.geometry.array)).any():
        said.note("去掉了高程", "heights were dropped")
        return frame.set_geometry(shapely.force_2d(frame.geometry.array), crs=frame.crs)
    return frame


def _in_wgs84(frame: gpd.GeoDataFrame, datum: Datum | None, said: _Said) -> gpd.GeoDataFrame:
    frame = frame.to_crs(WGS84)
    if datum not in SHIFTED:
        return frame

    def moved(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84(lonlat[:, 0], lonlat[:, 1], datum))

    said.note(f"由 {datum} 转换到 WGS-84", f"moved from {datum} to WGS-84")
    shapes = shapely.transform(np.asarray(frame.geometry.array), moved)
    return frame.set_geometry(shapes, crs=WGS84)


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
