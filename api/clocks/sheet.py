"""The calendar of a year from a table with the columns date, kind and name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from api.clocks.domain import WEEKEND, WorkingCalendar
from api.refusals import BadInput, Fault
from gis.files import Table
from gis.wording import Wording

COLUMNS = {"date": "日期", "kind": "类型", "name": "名称"}
WORKING = {"workday": True, "上班": True, "调休上班": True, "holiday": False, "放假": False}
MEND_ROW = Wording("改正这一行的分隔符和引号", "mend the delimiters and quotes of this row")
NO_DATE = (Wording("不是日期", "is no date"), Wording("如 2026-10-01", "such as 2026-10-01"))
NO_KIND = (
    Wording("不是放假也不是调休上班", "is neither a day off nor a make-up workday"),
    Wording("填写 holiday 或 workday", "give holiday or workday"),
)
NO_NAME = (Wording("没有名称", "is missing"), Wording("写明哪个节日", "name the holiday"))
WORKED = (
    Wording("本来就是工作日", "is a working day anyway"),
    Wording("调休上班应是周末", "give a Saturday or a Sunday"),
)
TWICE = (Wording("同一天写了两次", "names a day twice"), Wording("每天一行", "give each day once"))
FEWEST_WORKING_DAYS = 200
"""A year has 247 to 251; a calendar that leaves fewer is a mistake that would move every limit."""


class Day(NamedTuple):
    """A day off on a weekday or a weekend, or a make-up workday."""

    day: date
    working: bool
    name: str


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a row; ``fault.where`` is the column."""

    number: int
    fault: Fault


@dataclass(frozen=True)
class Sheet:
    """A table read as the calendar of a year."""

    days: list[Day]
    faults: list[RowFault]


def read_sheet(table: Table, year: int) -> Sheet:
    """Every row as a day or as a fault. Raises BadInput where the whole cannot be meant."""
    names = _columns(table.header)
    faults = [RowFault(bad.number, Fault("row", bad.what, MEND_ROW)) for bad in table.bad_rows]
    days: dict[date, Day] = {}
    for number, cells in table.records():
        found = _day({field: cells[name].strip() for field, name in names.items()}, year)
        if isinstance(found, Day) and found.day not in days:
            days[found.day] = found
        else:
            fault = Fault("date", *TWICE) if isinstance(found, Day) else found
            faults.append(RowFault(number, fault))
    if not faults:
        require_enough_work(year, days.values())
    return Sheet(list(days.values()), sorted(faults, key=lambda each: each.number))


def require_enough_work(year: int, days: Iterable[Day]) -> None:
    """Refuse a year nearly all off. Raises BadInput."""
    calendar = WorkingCalendar({each.day: each.working for each in days})
    worked = sum(calendar.is_working(day) for day in _days_of(year))
    if worked < FEWEST_WORKING_DAYS:
        what = Wording(f"只剩 {worked} 个工作日", f"leaves {worked} working days only")
        raise BadInput(Fault("days", what, Wording("核对放假日期", "check the days off")))


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _columns(header: Sequence[str]) -> dict[str, str]:
    found = {
        field: name
        for field, title in COLUMNS.items()
        for name in header
        if name.casefold() in {field, title}
    }
    what = Wording("表中没有这一列", "the table has no such column")
    missing = [
        Fault(field, what, Wording(f"加上一列：{title}", f"add a column: {field}"))
        for field, title in COLUMNS.items()
        if field not in found
    ]
    if missing:
        raise BadInput(*missing)
    return found


def _day(given: dict[str, str], year: int) -> Day | Fault:
    try:
        day = date.fromisoformat(given["date"].replace("/", "-"))
    except ValueError:
        return Fault("date", *NO_DATE)
    working = WORKING.get(given["kind"])
    if working is None:
        return Fault("kind", *NO_KIND)
    if day.year != year:
        what = Wording(f"不在 {year} 年内", f"is not in {year}")
        return Fault("date", what, Wording("改正日期或年份", "mend the date or the year"))
    if working and day.weekday() < WEEKEND:
        return Fault("date", *WORKED)
    return Day(day, working, given["name"]) if given["name"] else Fault("name", *NO_NAME)
