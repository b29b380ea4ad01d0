"""From a file's features to areas: columns found, codes restored, polygons made sound."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gis.crs import MissingCrs
from gis.datum import UnknownDatum
from gis.files import UnreadableFile, read_layer
from gis.geometry import mended
from gis.wording import Wording
from grids.areas import AreaRecord, as_multipolygon, default_unit_code
from grids.codes import BadCode, checked, parent_code, restored
from grids.hierarchy import ADMINISTRATIVE, TITLES, AreaKind, parent_kind
from grids.importer.report import Fault, FaultKind, Repair

# The names a column may bear, in the order tried; compared without case and blanks.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": (
        *("code", "area_code", "编码", "代码", "区划代码", "区域编码", "网格编码"),
        *("adcode", "id"),
    ),
    "name": ("name", "area_name", "名称", "区域名称", "名字"),
    "parent": ("parent", "parent_code", "parent_cod", "上级", "上级编码", "上级代码"),
    "unit_code": ("unit_code", "责任单位编码", "单位编码", "单位代码"),
    "unit_name": ("unit_name", "unit", "责任单位", "单位名称", "单位"),
    "phone": ("phone", "tel", "电话", "联系电话"),
}


@dataclass(frozen=True)
class Draft:
    """What one layer says, and what is wrong with it by itself.

    `repairs` were needed to make sense of its polygons: faults unless mending is asked for.
    """

    kind: AreaKind
    areas: tuple[AreaRecord, ...] = ()
    faults: tuple[Fault, ...] = ()
    repairs: tuple[Repair, ...] = ()
    assumptions: tuple[str, ...] = ()


class UnknownColumn(ValueError):
    """A column mapping that names a field or column that is not there."""


def read_file(
    kind: AreaKind,
    path: Path,
    *,
    crs: str | None = None,
    datum: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Draft:
    """Read one layer; what keeps the file from being read is a fault like any other.

    `crs`, `datum`, `encoding` speak for a file that does not declare its own. `columns` names the
    file's column for any of code, name, parent, unit_code, unit_name, phone.
    """
    try:
        layer = read_layer(path, crs=crs, datum=datum, encoding=encoding)
    except UnreadableFile as error:
        return _refused(kind, FaultKind.UNREADABLE, _unread(path, error.reason), error.mend)
    except MissingCrs as error:
        return _refused(kind, FaultKind.NO_CRS, _unread(path, error), DECLARE)
    except UnknownDatum as error:
        return _refused(kind, FaultKind.UNREADABLE, _unread(path, error), DECLARE)
    return read_frame(kind, layer.geodataframe, columns=columns, assumptions=layer.assumptions)


DECLARE = Wording(
    "声明坐标系与基准(--crs、--datum)，或换一种格式导出",
    "Declare CRS and datum (--crs, --datum), or export it in another format",
)


def _unread(path: Path, why: Wording | Exception) -> Wording:
    zh, en = why if isinstance(why, Wording) else (str(why), str(why))
    return Wording(f"无法读取 {path.name}：{zh}", f"Cannot read {path.name}: {en}")


def _refused(kind: AreaKind, fault: FaultKind, what: Wording, mend: Wording) -> Draft:
    return Draft(kind, faults=(Fault(kind, fault, what, mend),))


def read_frame(
    kind: AreaKind,
    frame: gpd.GeoDataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    assumptions: tuple[str, ...] = (),
) -> Draft:
    """The areas in a frame in EPSG:4326. Raises UnknownColumn for a mapping that fits nothing."""
    found = found_columns(frame, columns or {})
    if "code" not in found:
        return Draft(kind, faults=(_no_code_column(kind, frame),), assumptions=assumptions)
    reader = _Reader(kind, found)
    words = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    shapes = np.asarray(frame.geometry.array)  # a row would turn a missing geometry into NaN
    for row, (shape, (_, feature)) in enumerate(
        zip(shapes, words.iterrows(), strict=True), start=1
    ):
        reader.take(row, feature, shape)
    notes = assumptions + _notes(kind, found)
    return Draft(
        kind, tuple(reader.areas), tuple(reader.faults), tuple(reader.repairs), tuple(notes)
    )


def found_columns(frame: gpd.GeoDataFrame, wanted: Mapping[str, str]) -> dict[str, str]:
    """Which column of the frame holds which field: as told, else by its usual names."""
    present = {str(name).strip().casefold(): str(name) for name in frame.columns}
    for field, column in wanted.items():
        if field not in COLUMNS or column not in frame.columns:
            raise UnknownColumn(
                f"没有字段“{field}”或列“{column}” / No field “{field}” or column “{column}”; "
                f"字段 / fields: {', '.join(COLUMNS)}; 列 / columns: {', '.join(present.values())}"
            )
    usual = {
        field: present[name]
        for field, names in COLUMNS.items()
        for name in reversed(names)
        if name in present
    }
    return {**usual, **wanted}


def _no_code_column(kind: AreaKind, frame: gpd.GeoDataFrame) -> Fault:
    columns = "、".join(str(name) for name in frame.columns)
    return Fault(
        kind,
        FaultKind.NO_COLUMN,
        Wording(
            f"找不到编码列；现有列：{columns}", f"No column holds the code; columns: {columns}"
        ),
        Wording("用 --column code=列名 指明", "Name it with --column code=COLUMN"),
    )


def _notes(kind: AreaKind, found: Mapping[str, str]) -> tuple[str, ...]:
    names = ", ".join(f"{field}={column}" for field, column in sorted(found.items()))
    title = TITLES[kind]
    notes = (f"{title[0]}：列 / {title[1]}: columns {names}",)
    return notes if "name" in found else (*notes, f"{title[0]}：无名称列，以编码代替 / no names")


class _Reader:
    """Takes features one by one; keeps the areas and what is wrong with the others."""

    def __init__(self, kind: AreaKind, columns: Mapping[str, str]) -> None:
        self.kind = kind
        self.columns = columns
        self.areas: list[AreaRecord] = []
        self.faults: list[Fault] = []
        self.repairs: list[Repair] = []

    def take(self, row: int, feature: "pd.Series[Any]", geometry: BaseGeometry | None) -> None:
        code = self._code(row, feature)
        ground = self._ground(row, code or "", geometry)
        if code is None or ground is None:
            return
        text = {field: self._text(feature, field) for field in self.columns}
        self.areas.append(
            AreaRecord(
                kind=self.kind,
                code=code,
                name=text.get("name") or code,
                parent_code=self._parent(row, code, feature),
                unit_code=text.get("unit_code") or default_unit_code(self.kind, code),
                unit_name=text.get("unit_name", ""),
                phone=text.get("phone") or None,
                geometry=as_multipolygon(ground),
                properties=self._properties(feature),
                row=row,
            )
        )

    def _code(self, row: int, feature: "pd.Series[Any]") -> str | None:
        return self._graceful(
            row, lambda: checked(self.kind, restored(feature[self.columns["code"]]))
        )

    def _parent(self, row: int, code: str, feature: "pd.Series[Any]") -> str | None:
        """As the code's own digits say; the column may say the same or speak for other kinds."""
        above, derived = parent_kind(self.kind), parent_code(self.kind, code)
        if above is None or "parent" not in self.columns:
            return derived
        told = restored(feature[self.columns["parent"]])
        given = self._graceful(row, lambda: checked(above, told)) if told else None
        if self.kind not in ADMINISTRATIVE:
            return given
        if given not in (None, derived):
            self.faults.append(_parents_disagree(self.kind, row, code, (str(given), str(derived))))
        return derived

    def _graceful(self, row: int, read: Callable[[], str]) -> str | None:
        try:
            return read()
        except BadCode as error:
            self.faults.append(
                Fault(
                    self.kind,
                    FaultKind.CODE,
                    Wording(f"第 {row} 个要素：{error.what[0]}", f"Feature {row}: {error.what[1]}"),
                    Wording(*error.mend),
                    codes=(error.code,),
                    row=row,
                )
            )
            return None

    def _ground(self, row: int, code: str, geometry: BaseGeometry | None) -> BaseGeometry | None:
        reason = unusable(geometry)
        if geometry is None or reason is not None:
            self.faults.append(_bad_geometry(self.kind, row, code, reason))
            return None
        flat: BaseGeometry = shapely.force_2d(geometry)
        if shapely.is_valid(flat):
            return flat
        try:
            sound, _ = mended(flat)
        except ValueError:
            self.faults.append(_bad_geometry(self.kind, row, code, COLLAPSED))
            return None
        self.repairs.append(_repair(self.kind, row, code, flat))
        return sound

    def _text(self, feature: "pd.Series[Any]", field: str) -> str:
        value = feature[self.columns[field]]
        return "" if _is_missing(value) else restored_text(value)

    def _properties(self, feature: "pd.Series[Any]") -> dict[str, Any]:
        known = set(self.columns.values())
        return {
            str(name): _jsonable(value)
            for name, value in feature.items()
            if name not in known and not _is_missing(value)
        }


def _is_missing(value: Any) -> bool:  # noqa: ANN401 - a cell of any type
    """Whether a cell is empty; a list, which GeoJSON allows, is not."""
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def restored_text(value: object) -> str:
    """A name, phone or unit code as text; whole numbers lose their ".0"."""
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole and isinstance(value, float) else value).strip()


def _jsonable(value: object) -> str | int | float | bool:
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float):
        return plain if math.isfinite(plain) else str(plain)
    return plain if isinstance(plain, str | int | bool) else str(plain)


MISSING = Wording("没有几何", "has no geometry")
EMPTY = Wording("几何为空", "has an empty geometry")
COLLAPSED = Wording("几何没有面积", "has a geometry without area")
NOT_FINITE = Wording("坐标含 NaN 或无穷大", "has NaN or infinite coordinates")
OUT_OF_RANGE = Wording(
    "坐标超出经纬度范围，可能未投影还原或经纬度颠倒",
    "lies outside longitude and latitude: still projected, or axes swapped",
)


def unusable(geometry: BaseGeometry | None) -> Wording | None:
    """Why a geometry (EPSG:4326) cannot be an area, or None when it can, maybe after mending."""
    if geometry is None:
        return MISSING
    if geometry.is_empty:
        return EMPTY
    if geometry.geom_type not in ("Polygon", "MultiPolygon"):
        kind = geometry.geom_type
        return Wording(f"是 {kind}，不是面", f"is a {kind}, not a polygon")
    coordinates = shapely.get_coordinates(geometry)
    if not np.isfinite(coordinates).all():
        return NOT_FINITE
    return OUT_OF_RANGE if (np.abs(coordinates) > [180.0, 90.0]).any() else None


def _bad_geometry(kind: AreaKind, row: int, code: str, reason: Wording | None) -> Fault:
    why = reason or MISSING
    return Fault(
        kind,
        FaultKind.GEOMETRY,
        Wording(f"第 {row} 个要素({code}){why.zh}", f"Feature {row} ({code}) {why.en}"),
        Wording("在制图软件中修正或删除该要素", "Correct or delete the feature where it was drawn"),
        codes=(code,),
        row=row,
    )


def _repair(kind: AreaKind, row: int, code: str, broken: BaseGeometry) -> Repair:
    reason = shapely.is_valid_reason(broken)
    return Repair(
        kind,
        code,
        Wording(f"第 {row} 个要素几何无效：{reason}", f"Feature {row} is invalid: {reason}"),
        moved_m2=0.0,
        displacement_m=0.0,
        where=shapely.Point(_invalid_at(reason, broken)),
    )


def _invalid_at(reason: str, broken: BaseGeometry) -> tuple[float, float]:
    """The place GEOS names at the end of its reason, "Self-intersection[123.4 41.8]"."""
    numbers = reason.partition("[")[2].rstrip("]").split()
    if len(numbers) == 2:  # noqa: PLR2004 - longitude and latitude
        return float(numbers[0]), float(numbers[1])
    first = shapely.get_coordinates(broken)[0]
    return float(first[0]), float(first[1])


def _parents_disagree(kind: AreaKind, row: int, code: str, parents: tuple[str, str]) -> Fault:
    given, derived = parents
    return Fault(
        kind,
        FaultKind.PARENT,
        Wording(
            f"第 {row} 个要素：上级列为 {given}，编码 {code} 却属于 {derived}",
            f"Feature {row}: the parent column says {given}, but code {code} lies in {derived}",
        ),
        Wording("更正上级或编码", "Correct the parent or the code"),
        codes=(code,),
        row=row,
    )
