"""Any polygon file as a layer to route by: columns found, polygons mended, equal codes united."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from gis.files import UnreadableFile, read_layer
from gis.geometry import mended
from gis.wording import Wording
from grids.importer.reading import found_columns
from grids.locate import Layer


@dataclass(frozen=True)
class Ground:
    """A layer, and what was assumed and mended in reading it (zh / en)."""

    layer: Layer
    notes: tuple[str, ...]


def read_ground(
    name: str,
    path: Path,
    *,
    crs: str | None,
    datum: str | None,
    encoding: str | None,
    columns: Mapping[str, str],
) -> Ground:
    """The polygons of a file as a layer in EPSG:4326; `columns` names those of code and name.

    An area without a code of its own is called "#" and its number in the file. Raises
    UnreadableFile, MissingCrs, UnknownDatum, UnknownColumn.
    """
    file = read_layer(path, crs=crs, datum=datum, encoding=encoding)
    gathered = _Gathered(name, [f"{name}: {note}" for note in file.assumptions])
    gathered.take(file.geodataframe, columns)
    if not gathered.areas:
        reason = Wording("没有可用的面", "it holds no polygon that can be used")
        raise UnreadableFile(path, reason, Wording("换一个面图层", "give a layer of polygons"))
    return gathered.ground()


class _Gathered:
    """The areas met so far, by code."""

    def __init__(self, name: str, notes: list[str]) -> None:
        self.name = name
        self.notes = notes
        self.areas: dict[str, list[BaseGeometry]] = {}
        self.names: dict[str, str] = {}

    def note(self, zh: str, en: str) -> None:
        self.notes.append(f"{self.name}: {Wording(zh, en)}")

    def take(self, frame: gpd.GeoDataFrame, columns: Mapping[str, str]) -> None:
        found = found_columns(frame, columns)
        codes, names = (_texts(frame, found.get(field)) for field in ("code", "name"))
        self._say_columns(found)
        for number, shape in enumerate(np.asarray(frame.geometry.array), start=1):
            code = codes[number - 1] or f"#{number}"
            self.names.setdefault(code, names[number - 1])
            self._take_shape(number, code, shape)

    def _say_columns(self, found: Mapping[str, str]) -> None:
        for field, zh in (("code", "编码"), ("name", "名称")):
            column = found.get(field)
            if column:
                self.note(f"{zh}取自列 {column}", f"{field} from column {column}")
            else:
                self.note(f"没有{zh}列", f"no column holds the {field}")

    def _take_shape(self, number: int, code: str, shape: BaseGeometry | None) -> None:
        try:
            sound, repairs = mended(shape or Polygon())
        except ValueError as error:
            self.note(f"第 {number} 个({code})略去:{error}", f"number {number} ({code}) left out")
            return
        for repair in repairs:
            self.note(f"第 {number} 个({code}){repair.zh}", f"number {number} ({code}) {repair.en}")
        self.areas.setdefault(code, []).append(sound)

    def ground(self) -> Ground:
        for code, parts in self.areas.items():
            if len(parts) > 1:
                self.note(f"{code} 的 {len(parts)} 块合为一个", f"{len(parts)} of {code} united")
        shapes = [_united(parts) for parts in self.areas.values()]
        names = [self.names[code] for code in self.areas]
        return Ground(Layer(self.name, list(self.areas), names, shapes), tuple(self.notes))


def _texts(frame: gpd.GeoDataFrame, column: str | None) -> Sequence[str]:
    if column is None:
        return [""] * len(frame)
    known = frame[column].notna()
    return [
        str(each).strip() if is_known else ""
        for each, is_known in zip(frame[column], known, strict=True)
    ]


def _united(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    return parts[0] if len(parts) == 1 else shapely.union_all(list(parts))
