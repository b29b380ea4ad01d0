"""Features of a map file as GDAL reads them: which layer, and in which encoding."""

import warnings
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.errors import ShapelyError

from gis.files.dbf import UTF_8
from gis.files.places import Place
from gis.files.refusing import BROKEN_ZIP, UnreadableFile, require_encoding
from gis.files.remarks import Remarks
from gis.wording import Wording

# What pyogrio raises for files it cannot read; a NameError over a .prj that makes no sense.
UNREAD = (DataSourceError, DataLayerError, ShapelyError, ValueError, NameError)

# So GDAL says that characters were lost.
LOST_CHARACTERS = "converted correctly"

TOGETHER = Wording(
    "把同名的 .shp、.shx、.dbf、.prj 放在一起", "keep .shp, .shx, .dbf and .prj together"
)


def read_features(
    place: Place, layer: str | None, encoding: str | None, said: Remarks
) -> tuple[gpd.GeoDataFrame, str | None]:
    """The features of one layer and the encoding they were read in, None if the file names it.

    Only a Shapefile has a choice of encoding; other formats are UTF-8, and `encoding` is tried on
    those that are not what they should be. Raises UnreadableFile.
    """
    if encoding:
        require_encoding(place.path, encoding)
    if place.is_shapefile:
        _require_parts(place, said)
    name = _layer_name(place, layer, said)
    if place.is_shapefile:
        letters = encoding or _undeclared_encoding(place, said)
        return _read(place, name, letters, said), letters
    if not encoding:
        return _read(place, name, None, said), None
    try:
        frame = _read(place, name, UTF_8, said)
    except UnreadableFile:
        return _read(place, name, encoding, said), encoding
    if encoding.upper().replace("-", "") != "UTF8":
        said.note(f"文件是 {UTF_8}，未用 {encoding}", f"it is in {UTF_8}; {encoding} was not used")
    return frame, UTF_8


def _require_parts(place: Place, said: Remarks) -> None:
    if place.lacks(".shx"):
        reason = Wording("缺少同名的 .shx 文件", "the .shx file of the same name is missing")
        raise UnreadableFile(place.path, reason, TOGETHER)
    if place.lacks(".dbf"):
        said.note("缺少同名的 .dbf 文件，没有属性", "its .dbf file is missing: no attributes")


def _undeclared_encoding(place: Place, said: Remarks) -> str | None:
    try:
        found = place.undeclared_encoding()
    except BROKEN_ZIP as error:
        raise _unread(place, error) from error
    if found:
        said.note(f"未声明编码，按 {found} 读取", f"it names no encoding, read as {found}")
    return found


def _layer_name(place: Place, wanted: str | None, said: Remarks) -> str:
    """The layer to read: as wanted, else the first that has shapes."""
    try:
        layers = pyogrio.list_layers(place.address)
    except UNREAD as error:
        raise _unread(place, error) from error
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


def _read(place: Place, name: str, encoding: str | None, said: Remarks) -> gpd.GeoDataFrame:
    try:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            frame = pyogrio.read_dataframe(
                place.address, layer=name, encoding=encoding, on_invalid="fix"
            )
    except UNREAD as error:
        raise _unread(place, error) from error
    _say_heard(place.path, heard, said)
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        reason = Wording("没有图形", "it holds no geometry")
        mend = Wording("选择有图形的图层", "choose a layer with shapes")
        raise UnreadableFile(place.path, reason, mend)
    return frame


def _say_heard(path: Path, heard: Iterable[warnings.WarningMessage], said: Remarks) -> None:
    """Pass on what GDAL has to say about the file. Raises UnreadableFile for lost characters."""
    for each in heard:
        if LOST_CHARACTERS in str(each.message):
            reason = Wording(
                "编码不符，有字符读不出", "it is in another encoding: characters are lost"
            )
            mend = Wording("声明正确的编码，例如 GBK", "name the right encoding, for example GBK")
            raise UnreadableFile(path, reason, mend)
        if issubclass(each.category, RuntimeWarning):
            said.note(f"读取时：{each.message}", f"in reading: {each.message}")


def _unread(place: Place, error: Exception) -> UnreadableFile:
    # GDAL names the file by its whole path, and goes on with advice for programmers.
    reason = str(error).partition(";")[0].replace(place.address, place.path.name).rstrip(".")
    mend = Wording("检查格式、编码，重新导出", "check format and encoding, export it again")
    return UnreadableFile(place.path, Wording(f"无法读取：{reason}", reason), mend)
