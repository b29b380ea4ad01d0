"""Points counted by area and period: counts, mean duration, share on time. Pure.

Periods are Beijing's: a week is an ISO week (ISO 8601), a day begins at midnight UTC+8.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from layers.columns import NONE, Bools, Coded, Floats, Instants, Ints, Points

Counts = NDArray[np.int64]
BEIJING = np.timedelta64(8, "h")


class Period(StrEnum):
    """Into what time is cut. Hours and weekdays are those of all days together."""

    ALL = "all"
    HOUR = "hour"
    WEEKDAY = "weekday"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


def periods(at: Instants, period: Period) -> Coded:
    """The period of each of n instants (UTC); names in order, without those that nothing is in.

    ``hour`` 00–23, ``weekday`` 1–7 from Monday, ``day`` 2026-11-24, ``week`` 2026-W48, ``month``
    2026-11, ``quarter`` 2026-Q4.
    """
    here = at + BEIJING
    if period is Period.ALL:
        return Coded(("all",), np.zeros(len(at), np.int32))
    marks = _marks(here, period)
    found, numbers = np.unique(marks, return_inverse=True)
    return Coded(tuple(_name(mark, period) for mark in found), numbers.astype(np.int32))


def _marks(here: Instants, period: Period) -> NDArray[np.int64]:
    """A number for each instant that grows with its period."""
    days = here.astype("datetime64[D]").astype(np.int64)
    if period is Period.HOUR:
        return here.astype("datetime64[h]").astype(np.int64) % 24
    if period is Period.WEEKDAY:
        return (days + 3) % 7 + 1  # the first day of all, 1970-01-01, was a Thursday
    if period is Period.WEEK:
        return (days + 3) // 7
    months = here.astype("datetime64[M]").astype(np.int64)
    return {Period.DAY: days, Period.MONTH: months, Period.QUARTER: months // 3}[period]


def _name(mark: np.int64, period: Period) -> str:
    if period is Period.HOUR:
        return f"{mark:02d}"
    if period is Period.WEEKDAY:
        return str(mark)
    if period is Period.WEEK:
        thursday = np.datetime64(int(mark) * 7, "D").item()  # an ISO week is its Thursday's
        year, week, _ = thursday.isocalendar()
        return f"{year}-W{week:02d}"
    if period is Period.QUARTER:
        return f"{1970 + mark // 4}-Q{mark % 4 + 1}"
    return str(np.datetime64(int(mark), "D" if period is Period.DAY else "M"))


@dataclass(frozen=True)
class Table:
    """Counts of a areas × p periods, in the order of ``areas`` and ``periods``.

    ``elsewhere``: points in none of the areas. ``days``: mean duration of those that have ended,
    and ``on_time`` the share without a late clock, by area; NaN where nothing has ended.
    """

    areas: tuple[str, ...]
    periods: tuple[str, ...]
    counts: Counts
    elsewhere: int
    days: Floats
    on_time: Floats

    @property
    def totals(self) -> Counts:
        """Counts by area."""
        total: Counts = self.counts.sum(axis=1)
        return total


def counted(area: Ints, areas: int, period: Ints, many: int) -> Counts:
    """How many of n points lie in each of a areas × p periods; NONE is counted nowhere.

    One pass over both columns: 10 million points take some 0.05 s.
    """
    if NONE not in (area.min(initial=0), period.min(initial=0)):
        flat = area * np.int32(many) + period
    else:
        known = (area != NONE) & (period != NONE)
        flat = area[known] * np.int32(many) + period[known]
    found: Counts = np.bincount(flat, minlength=areas * many).reshape(areas, many)
    return found


def tabulated(points: Points, areas: Sequence[str], column: str, period: Period) -> Table:
    """The table of points by a column of area codes, for these areas, also those without points."""
    by_area, by_period = _placed(points.codes[column], areas), periods(points.at, period)
    many = max(len(by_period.names), 1)
    return Table(
        tuple(areas),
        by_period.names or (period.value,),
        counted(by_area, len(areas), by_period.numbers, many),
        int((by_area == NONE).sum()),
        _means(points.numbers.get("days"), by_area, len(areas)),
        _means(points.numbers.get("on_time"), by_area, len(areas)),
    )


def _placed(column: Coded, areas: Sequence[str]) -> Ints:
    """The place of each row's code among ``areas``."""
    places = {code: place for place, code in enumerate(areas)}
    look_up = np.array([*(places.get(name, NONE) for name in column.names), NONE], np.int32)
    found: Ints = look_up[column.numbers]
    return found


def _means(values: Floats | None, area: Ints, areas: int) -> Floats:
    if values is None:
        return np.full(areas, np.nan)
    known: Bools = ~np.isnan(values) & (area != NONE)
    many = np.bincount(area[known], minlength=areas)
    total = np.bincount(area[known], weights=values[known], minlength=areas)
    mean: Floats = np.divide(total, many, out=np.full(areas, np.nan), where=many > 0)
    return mean
