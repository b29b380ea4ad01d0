"""What is asked of the data over HTTP, and how it is answered."""

from datetime import date, datetime
from math import isnan
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.analytics.catalogue import SOURCES
from api.analytics.domain import (
    AGAINST_TITLES,
    BY_TITLES,
    FALSE_RATE,
    HEXES,
    NULL_HYPOTHESIS,
    PERIOD_TITLES,
    Against,
    By,
    Heat,
    Question,
    change,
    explained,
    require_bounded,
)
from api.analytics.door import Seen
from api.analytics.service import Answer, Ground, Spot, Tested
from api.schemas import Said
from grids.hierarchy import AreaKind
from layers.aggregate import Period
from layers.safe import K
from layers.selection import Selection

SourceName = Literal["cases", "overdue", "check_ins"]
COLUMNS = ("category", "subcategory", "kind", "grade", "state", "channel", "unit")
Codes = Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=100)]


class CountRequest(BaseModel):
    """Days are those of Beijing, both included. A filter that is not given takes everything.

    ``on``: by whose lines points are placed, the edition of that day, today's by default.
    """

    model_config = ConfigDict(extra="forbid")

    since: date
    until: date
    source: SourceName = "cases"
    by: By = By.STREET
    period: Period = Period.ALL
    against: Against | None = None
    on: date | None = None
    category: Codes = []
    subcategory: Codes = []
    kind: Codes = []
    grade: Codes = []
    state: Codes = []
    channel: Codes = Field(default=[], description="by which way the report came in")
    unit: Codes = Field(default=[], description="who leads")

    def question(self) -> Question:
        """The question as the domain has it. Raises BadInput."""
        require_bounded(self.since, self.until)
        given = {name: getattr(self, name) for name in COLUMNS}
        wanted = {_column(name): codes for name, codes in given.items() if codes}
        selection = Selection(self.since, self.until, wanted)
        return Question(self.source, selection, self.by, self.period, self.against)


def _column(name: str) -> str:
    return "source" if name == "channel" else name


class CountItem(BaseModel):
    """An area: its count by period and in all, its share, and how quickly its cases ended.

    ``change`` is the growth over ``before`` as a share; null where there was nothing before.
    """

    code: str
    name: str | None
    counts: list[int]
    total: int
    share: float | None
    mean_days: float | None
    on_time: float | None
    before: int | None
    change: float | None


class CountAnswer(BaseModel):
    """Counts by area. ``exact`` false: cases are told in groups of ``k`` or more only.

    ``elsewhere``: counted, but in none of the areas, or not told so finely as these.
    """

    source: str
    edition: int
    exact: bool
    k: int
    as_of: datetime
    since: date
    until: date
    periods: list[str]
    many: int
    elsewhere: int
    items: list[CountItem]

    @classmethod
    def of(cls, question: Question, seen: Seen, answer: Answer, as_of: datetime) -> "CountAnswer":
        """The answer to a question."""
        table = answer.table
        return cls(
            source=question.source,
            edition=seen.ground.edition.edition_id,
            exact=seen.exact,
            k=K,
            as_of=as_of,
            since=question.selection.since,
            until=question.selection.until,
            periods=list(table.periods),
            many=answer.many,
            elsewhere=table.elsewhere,
            items=_items(seen.ground, question.by, answer),
        )


def _items(ground: Ground, by: By, answer: Answer) -> list[CountItem]:
    table, earlier = answer.table, answer.earlier
    totals = table.totals.tolist()
    counts = table.counts.tolist()
    whole = sum(totals)
    return [
        CountItem(
            code=code,
            name=_name(ground, by, code),
            counts=counts[place],
            total=totals[place],
            share=totals[place] / whole if whole else None,
            mean_days=_known(table.days[place]),
            on_time=_known(table.on_time[place]),
            before=earlier[place] if earlier else None,
            change=change(totals[place], earlier[place]) if earlier else None,
        )
        for place, code in enumerate(table.areas)
    ]


def _known(value: float) -> float | None:
    return None if isnan(value) else float(value)


class SpotItem(BaseModel):
    """A cell that was tested. ``z``: standard deviations of it with its neighbours from chance."""

    code: str
    name: str | None
    count: int
    z: float
    p: float
    adjusted_p: float
    heat: Heat


class HotspotAnswer(BaseModel):
    """Every cell of a ground, tested, and what it means in words."""

    source: str
    edition: int
    exact: bool
    k: int
    as_of: datetime
    since: date
    until: date
    by: By
    method: str
    null_hypothesis: Said
    false_rate: float
    many: int
    elsewhere: int
    explained: Said
    items: list[SpotItem]

    @classmethod
    def of(cls, question: Question, seen: Seen, tested: Tested, as_of: datetime) -> "HotspotAnswer":
        """The answer to a question."""
        called = [spot.heat for spot in tested.spots]
        law = "exact permutation distribution" if tested.exact else "normal law"
        tested_many = tested.many - tested.elsewhere
        return cls(
            source=question.source,
            edition=seen.ground.edition.edition_id,
            exact=seen.exact,
            k=K,
            as_of=as_of,
            since=question.selection.since,
            until=question.selection.until,
            by=question.by,
            method=f"Getis-Ord Gi*, binary weights, {law}, Benjamini-Hochberg",
            null_hypothesis=Said(**NULL_HYPOTHESIS._asdict()),
            false_rate=FALSE_RATE,
            many=tested.many,
            elsewhere=tested.elsewhere,
            explained=Said(**explained(tested_many, len(called), called)._asdict()),
            items=[_spot(seen.ground, question.by, spot) for spot in tested.spots],
        )


def _spot(ground: Ground, by: By, spot: Spot) -> SpotItem:
    return SpotItem(
        code=spot.code,
        name=_name(ground, by, spot.code),
        count=spot.many,
        z=round(spot.z, 4),
        p=spot.p,
        adjusted_p=spot.adjusted,
        heat=spot.heat,
    )


def _name(ground: Ground, by: By, code: str) -> str | None:
    return None if by in HEXES else ground.names.get((AreaKind(by.value), code))


class Choice(BaseModel):
    """Something that can be asked for."""

    code: str
    title: Said


class CatalogueAnswer(BaseModel):
    """What can be asked for, and whether the asker sees each case or groups of ``k`` only.

    ``since`` and ``until``: the time that is asked for first, the four quarters before this one.
    """

    sources: list[Choice]
    grounds: list[Choice]
    periods: list[Choice]
    comparisons: list[Choice]
    exact: bool
    k: int
    since: date
    until: date

    @classmethod
    def of(cls, since: date, until: date, *, exact: bool) -> "CatalogueAnswer":
        """The catalogue for somebody."""
        return cls(
            sources=[_choice(name, each.title._asdict()) for name, each in SOURCES.items()],
            grounds=[_choice(each, title._asdict()) for each, title in BY_TITLES.items()],
            periods=[_choice(each, title._asdict()) for each, title in PERIOD_TITLES.items()],
            comparisons=[_choice(each, title._asdict()) for each, title in AGAINST_TITLES.items()],
            exact=exact,
            k=K,
            since=since,
            until=until,
        )


def _choice(code: str, title: dict[str, str]) -> Choice:
    return Choice(code=code, title=Said(**title))
