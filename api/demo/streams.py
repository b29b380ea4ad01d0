"""How many synthetic reports a year has, by kind, category and source. All numbers are invented."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from api.demo.rhythm import weekday
from api.demo.stories import PATROL
from api.reports.domain import Category, ReportKind, Source

DAYS = 365
MONDAY = date(2025, 1, 6)  # any

DISPUTES_PER_YEAR: Mapping[Category, int] = {
    Category.PROPERTY: 2350,
    Category.NEIGHBOUR: 2000,
    Category.FAMILY: 1450,
    Category.CONSUMER: 1300,
    Category.LABOUR: 1050,
    Category.TRAFFIC: 800,
    Category.CONTRACT: 750,
    Category.HOUSING: 600,
    Category.ENVIRONMENT: 450,
    Category.DAMAGES: 400,
    Category.OTHER: 200,
    Category.MEDICAL: 150,
    Category.DEMOLITION: 100,
}
PATROLS_PER_YEAR = 300  # of each category that patrols note

USUAL_SOURCES: Mapping[Source, float] = {
    Source.WINDOW: 0.36,
    Source.HOTLINE: 0.25,
    Source.PUBLIC: 0.22,
    Source.PATROL: 0.09,
    Source.PETITION: 0.03,
    Source.COURT: 0.03,
    Source.SUPERIOR: 0.01,
    Source.OA: 0.01,
}
SOURCES: Mapping[Category, Mapping[Source, float]] = {
    Category.NEIGHBOUR: {
        Source.PUBLIC: 0.4,
        Source.HOTLINE: 0.3,
        Source.WINDOW: 0.15,
        Source.PATROL: 0.15,
    },
    Category.CONTRACT: {Source.WINDOW: 0.6, Source.COURT: 0.25, Source.PUBLIC: 0.15},
    Category.TRAFFIC: {Source.HOTLINE: 0.5, Source.PUBLIC: 0.3, Source.SENSOR: 0.2},
    Category.ENVIRONMENT: {
        Source.HOTLINE: 0.45,
        Source.PUBLIC: 0.25,
        Source.PATROL: 0.15,
        Source.SENSOR: 0.15,
    },
}


class Stream(NamedTuple):
    """Reports of one kind, category and source; `per_day` on a usual day of the week."""

    kind: ReportKind
    category: Category
    source: Source
    per_day: float


@cache
def streams() -> tuple[Stream, ...]:
    """All streams of reports; the rates make up for weekends, so that a year has its number."""
    return (*_disputes(), *_patrols())


def _disputes() -> Iterator[Stream]:
    for category, per_year in DISPUTES_PER_YEAR.items():
        for source, share in SOURCES.get(category, USUAL_SOURCES).items():
            per_day = per_year * share / DAYS / _mean_weekday(source)
            yield Stream(ReportKind.DISPUTE, category, source, per_day)


def _patrols() -> Iterator[Stream]:
    per_day = PATROLS_PER_YEAR / DAYS / _mean_weekday(Source.PATROL)
    for category in PATROL:
        yield Stream(ReportKind.PATROL, category, Source.PATROL, per_day)


def _mean_weekday(source: Source) -> float:
    return sum(weekday(source, MONDAY + timedelta(days=n)) for n in range(7)) / 7
