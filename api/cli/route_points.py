"""The points of a table: which rows hold one, and what is wrong with the others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.cli.console import BadWord
from gis.datum import Datum, to_wgs84
from gis.files import Table
from gis.geometry import WORLD, BadCoordinate, Frame, checked_point
from gis.wording import Wording

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BadPoint:
    """A row that names no place; `number` as in the file, `field` the column."""

    number: int
    field: str
    what: Wording
    mend: Wording

    def __str__(self) -> str:
        return f"{self.field}: {self.what}. {self.mend}"


@dataclass(frozen=True)
class Points:
    """n rows in the order of the file, their coordinates (EPSG:4326; meaningless in bad rows),
    and the bad rows by their place among the n."""

    rows: list[tuple[str, ...]]
    lon: Floats
    lat: Floats
    bad: dict[int, BadPoint]

    @property
    def good(self) -> NDArray[np.bool_]:
        """bool[n]: which rows hold a point."""
        good = np.ones(len(self.rows), bool)
        good[list(self.bad)] = False
        return good


def points_of(table: Table, columns: tuple[str, str], datum: Datum, ground: Frame) -> Points:
    """The points in the columns of longitude and latitude. `ground`: where the layers lie; a place
    far from it whose swapped axes lie in it is taken for a mistake. Raises BadWord."""
    for column in columns:
        if column not in table.header:
            names = ", ".join(table.header)
            raise BadWord(f"没有列 {column} / no column {column}; 现有 / there are: {names}")
    rows, numbers, misfits = _all_rows(table)
    places = [table.header.index(column) for column in columns]
    lon, lat = (_numbers([row[place] for row in rows]) for place in places)
    reader = _Reader(columns, places, ground)
    bad = {
        place: misfits.get(place)
        or reader.fault(numbers[place], rows[place], lon[place], lat[place])
        for place in np.flatnonzero(~reader.sound(lon, lat)).tolist() + list(misfits)
    }
    lon[list(bad)], lat[list(bad)] = 0.0, 0.0
    return Points(rows, *to_wgs84(lon, lat, datum), bad)


def _all_rows(
    table: Table,
) -> tuple[list[tuple[str, ...]], list[int], dict[int, BadPoint]]:
    """All rows in the order of the file with their numbers, those too wide or narrow made fit."""
    if not table.bad_rows:
        return table.rows, table.numbers, {}
    width = len(table.header)
    rows = dict(zip(table.numbers, table.rows, strict=True))
    rows |= {each.number: (*each.cells, *[""] * width)[:width] for each in table.bad_rows}
    numbers = sorted(rows)
    places = {number: place for place, number in enumerate(numbers)}
    mend = Wording("改正这一行的分隔符和引号", "mend the delimiters and quotes of this row")
    misfits = {
        places[each.number]: BadPoint(each.number, "row", each.what, mend)
        for each in table.bad_rows
    }
    return [rows[number] for number in numbers], numbers, misfits


def _numbers(texts: Sequence[str]) -> Floats:
    """The numbers in texts, NaN where there is none."""
    numbers = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce")
    return numbers.to_numpy(dtype=np.float64, copy=True)


class _Reader:
    """Tells sound coordinates from others, all at once and one by one with the reason."""

    def __init__(self, columns: tuple[str, str], places: Sequence[int], ground: Frame) -> None:
        self.fields = dict(zip(("lon", "lat"), columns, strict=True))
        self.places = places
        self.ground = ground
        wide, high = ground.east - ground.west, ground.north - ground.south
        self.around = Frame(
            ground.west - wide, ground.south - high, ground.east + wide, ground.north + high
        )

    def sound(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        at_all = _within(WORLD, lon, lat) & ((lon != 0) | (lat != 0))
        swapped = _within(self.ground, lat, lon) & ~_within(self.around, lon, lat)
        sound: NDArray[np.bool_] = at_all & ~swapped
        return sound

    def fault(self, number: int, row: Sequence[str], lon: float, lat: float) -> BadPoint:
        """What is wrong with a row that is not sound."""
        for field, place in zip(self.fields.values(), self.places, strict=True):
            if not row[place].strip():
                what = Wording("没有填写", "is missing")
                return BadPoint(number, field, what, Wording("补上坐标", "fill it in"))
        try:
            checked_point(lon, lat, WORLD)
            checked_point(lon, lat, self.around)
        except BadCoordinate as error:
            return BadPoint(number, self.fields[error.field], error.reason, error.mend)
        raise AssertionError(f"row {number} is sound")


def _within(frame: Frame, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    east = (lon >= frame.west) & (lon <= frame.east)
    within: NDArray[np.bool_] = east & (lat >= frame.south) & (lat <= frame.north)
    return within
