"""What can be asked of the data, by whom how exactly, and what is compared with what. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from api.refusals import BadInput, Fault, Forbidden
from gis.wording import Wording
from layers.aggregate import Period
from layers.safe import K
from layers.selection import Selection

MOST_NUMBERS = 200_000
"""Of areas times periods in one answer: some 2 MB."""
MOST_DAYS = 3_660


class By(StrEnum):
    """By which ground points are counted."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    POLICE = "police"
    JUSTICE = "justice"
    H3_8 = "h3_8"
    H3_9 = "h3_9"
    H3_10 = "h3_10"
    H3_11 = "h3_11"


BY_TITLES = {
    By.DISTRICT: Wording("全区", "District"),
    By.STREET: Wording("街道", "Streets"),
    By.COMMUNITY: Wording("社区（村）", "Communities"),
    By.GRID: Wording("网格", "Grid cells"),
    By.POLICE: Wording("派出所辖区", "Police areas"),
    By.JUSTICE: Wording("司法所辖区", "Justice areas"),
    By.H3_8: Wording("六边形（约 530 米）", "Hexagons, 530 m"),
    By.H3_9: Wording("六边形（约 200 米）", "Hexagons, 200 m"),
    By.H3_10: Wording("六边形（约 76 米）", "Hexagons, 76 m"),
    By.H3_11: Wording("六边形（约 29 米）", "Hexagons, 29 m"),
}
TESTED = (By.GRID, By.COMMUNITY, By.H3_8, By.H3_9, By.H3_10)
"""Grounds with enough cells to tell neighbours from chance."""
HEXES = {By.H3_8: 8, By.H3_9: 9, By.H3_10: 10, By.H3_11: 11}
SAFE_GROUNDS = (By.DISTRICT, By.STREET, By.COMMUNITY, By.GRID)
SAFE_PERIODS = (Period.ALL, Period.QUARTER)
SAFE_COLUMNS = ("category",)

PERIOD_TITLES = {
    Period.ALL: Wording("合计", "In all"),
    Period.HOUR: Wording("时段", "Hour of day"),
    Period.WEEKDAY: Wording("星期", "Weekday"),
    Period.DAY: Wording("日", "Day"),
    Period.WEEK: Wording("周", "Week"),
    Period.MONTH: Wording("月", "Month"),
    Period.QUARTER: Wording("季度", "Quarter"),
}


class Against(StrEnum):
    """With what a count is compared."""

    PREVIOUS = "previous"
    YEAR = "year"


AGAINST_TITLES = {
    Against.PREVIOUS: Wording("环比", "The time before"),
    Against.YEAR: Wording("同比", "A year before"),
}


@dataclass(frozen=True)
class Question:
    """What is asked of a source."""

    source: str
    selection: Selection
    by: By
    period: Period = Period.ALL
    against: Against | None = None


def require_bounded(since: date, until: date) -> None:
    """Refuse a time that ends before it begins, or that is longer than ten years."""
    if until < since:
        what = Wording(f"{until} 早于 {since}", f"{until} is before {since}")
        raise BadInput(Fault("until", what, Wording("对调起止日期", "swap the two days")))
    if (until - since).days >= MOST_DAYS:
        what = Wording("时间跨度超过十年", "more than ten years")
        raise BadInput(Fault("until", what, Wording("缩短时间", "ask for less")))


def require_few(areas: int, periods: int) -> None:
    """Refuse an answer that nobody could read or draw."""
    if areas * periods > MOST_NUMBERS:
        what = Wording(
            f"{areas} 个区域 × {periods} 个时段，超过 {MOST_NUMBERS} 个数",
            f"{areas} areas × {periods} periods are more than {MOST_NUMBERS} numbers",
        )
        mend = Wording("选更粗的区域或时段", "choose coarser areas or periods")
        raise BadInput(Fault("period", what, mend))


def require_testable(by: By) -> None:
    """Refuse a ground with so few cells, or so many, that hotspots mean nothing."""
    if by not in TESTED:
        titles = "、".join(BY_TITLES[each].zh for each in TESTED)
        what = Wording(f"“{BY_TITLES[by].zh}”不能检验热点", f"no hotspots by {by}")
        raise BadInput(Fault("by", what, Wording(f"选：{titles}", ", ".join(TESTED))))


def require_safe(question: Question, on: date | None) -> None:
    """Refuse what could single out a case to somebody who may see groups only. Raises Forbidden.

    Nor may they choose the lines: groups by other lines would cut these in pieces.
    """
    columns = set(question.selection.wanted) - set(SAFE_COLUMNS)
    whole = _is_whole_quarters(question.selection)
    if (
        on is None
        and question.source == "cases"
        and question.by in SAFE_GROUNDS
        and question.period in SAFE_PERIODS
        and not columns
        and whole
    ):
        return
    raise Forbidden(
        Wording(
            f"您的岗位只看不少于 {K} 件的分组：整季度，按现行的区、街道、社区或网格，可选类别",
            f"your role sees groups of {K} or more only: whole quarters, by district, street, "
            "community or grid cell of today, of any category",
        ),
        "analytics:exact",
    )


def _is_whole_quarters(selection: Selection) -> bool:
    after = selection.until + timedelta(days=1)
    return all(each.day == 1 and each.month % 3 == 1 for each in (selection.since, after))


def last_quarters(today: date, many: int) -> tuple[date, date]:
    """The first and the last day of so many whole quarters before the one of today."""
    months = today.year * 12 + (today.month - 1) // 3 * 3
    begin = months - 3 * many
    since = date(begin // 12, begin % 12 + 1, 1)
    return since, date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def before(selection: Selection, against: Against) -> Selection:
    """What a selection is compared with: the same span just before it, or a year earlier.

    A year earlier means the same days of the year before; 29 February becomes the 28th. Whole
    months before whole months are as many months, not as many days.
    """
    if against is Against.YEAR:
        return Selection(
            _year_before(selection.since), _year_before(selection.until), selection.wanted
        )
    months = _whole_months(selection)
    if months is None:
        return selection.moved(selection.days)
    since = selection.since.year * 12 + selection.since.month - 1 - months
    begin = date(since // 12, since % 12 + 1, 1)
    return Selection(begin, selection.since - timedelta(days=1), selection.wanted)


def _year_before(day: date) -> date:
    after = day + timedelta(days=1)
    if after.day == 1:  # the last of a month stays the last
        return date(after.year - 1, after.month, 1) - timedelta(days=1)
    return date(day.year - 1, day.month, day.day)


def _whole_months(selection: Selection) -> int | None:
    after = selection.until + timedelta(days=1)
    if selection.since.day != 1 or after.day != 1:
        return None
    return (after.year - selection.since.year) * 12 + after.month - selection.since.month


def change(now: int, then: int) -> float | None:
    """By which share a count grew; None where there was nothing to grow from."""
    return None if then == 0 else (now - then) / then


FALSE_RATE, STRICT_RATE = 0.05, 0.01
"""Of what is called a hotspot, so large a share may be false."""


NULL_HYPOTHESIS = Wording(
    "各单元的件数随机打乱", "the counts of all cells were dealt to the cells at random"
)


class Heat(StrEnum):
    """What is said of a cell and its neighbours together."""

    HOT = "hot"
    WARM = "warm"
    PLAIN = "plain"
    COOL = "cool"
    COLD = "cold"


def heat_of(z: float, adjusted: float) -> Heat:
    """What a cell is called by its z and its p adjusted for all cells."""
    if adjusted > FALSE_RATE:
        return Heat.PLAIN
    if z > 0:
        return Heat.HOT if adjusted <= STRICT_RATE else Heat.WARM
    return Heat.COLD if adjusted <= STRICT_RATE else Heat.COOL


def explained(many: int, cells: int, called: Collection[Heat]) -> Wording:
    """What was found, in words for somebody who knows no statistics."""
    hot = sum(each in {Heat.HOT, Heat.WARM} for each in called)
    cold = sum(each in {Heat.COOL, Heat.COLD} for each in called)
    if many == 0:
        return Wording("所选范围内没有案件，无从检验。", "There are no cases to test.")
    return Wording(
        f"检验 {many} 件、{cells} 个单元。零假设：各单元的件数随机打乱。某单元连同相邻单元的件数，"
        f"若远多于（少于）随机打乱所得，称热点（冷点）。检出热点 {hot} 个、冷点 {cold} 个，"
        f"其中误报不超过 {FALSE_RATE:.0%}。Getis-Ord Gi*，Benjamini–Hochberg 校正。",
        f"{many} cases in {cells} cells were tested. Null hypothesis: the counts were dealt to the "
        f"cells at random. Where a cell and its neighbours together have far more (fewer) than "
        f"that would give, it is called hot (cold). {hot} are hot, {cold} cold, of which at most "
        f"{FALSE_RATE:.0%} are false. Getis-Ord Gi*, Benjamini–Hochberg.",
    )
