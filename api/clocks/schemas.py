"""What the routes of clocks, limits and the calendar take and answer."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.cases.domain import CLOCK_TITLES, ClockKind, Grade
from api.clocks.domain import DEFAULTS, Card, Key, Limit, Outcome, TimeUnit
from api.clocks.models import Clock, TimeLimit
from api.clocks.service import Known
from api.reports.domain import Category
from api.schemas import Line, Said, Strict, example

LAX = Field(strict=False)


class ClockAnswer(BaseModel):
    """A clock of a case. ``state``: ok, reminder, yellow, red, paused, met or late."""

    id: int
    kind: str
    title: Said
    unit_code: str | None
    limit: Said
    started_at: datetime
    remind_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    state: str
    remaining_s: int

    @classmethod
    def of(cls, row: Clock, now: datetime) -> "ClockAnswer":
        """The answer for a stored clock, at an instant of the database's."""
        until = row.stopped_at or row.paused_at or now
        return cls(
            id=row.id,
            kind=row.kind,
            title=Said(**CLOCK_TITLES[ClockKind(row.kind)]._asdict()),
            unit_code=row.unit_code,
            limit=Said(**Limit(row.amount, TimeUnit(row.unit)).words._asdict()),
            started_at=row.started_at,
            remind_at=row.remind_at,
            due_at=row.due_at,
            stopped_at=row.stopped_at,
            state=state_of(row, now),
            remaining_s=int((row.due_at - until).total_seconds()),
        )


def state_of(row: Clock, now: datetime) -> str:
    """How a clock stands, by its own instants: the worker may not have come round yet."""
    if row.outcome is not None:
        return Outcome(row.outcome).value
    if row.paused_at is not None:
        return "paused"
    passed = [(row.red_at, Card.RED), (row.due_at, Card.YELLOW), (row.remind_at, Card.REMINDER)]
    return next((card.value for at, card in passed if at <= now), "ok")


class ClockList(BaseModel):
    """The clocks of a case; those that run first, by due time. ``now`` is the database's time."""

    now: datetime
    items: list[ClockAnswer]


class ExtensionRequest(Strict):
    """How much more time is asked for, in the clock's own unit, and why."""

    model_config = example({"amount": 5, "reason": "等待司法鉴定"})

    amount: int = Field(ge=1)
    reason: Line


class DecisionRequest(Strict):
    """Whether more time is granted, and why."""

    model_config = example({"granted": True, "reason": "鉴定需要时间"})

    granted: bool
    reason: Line


class LimitRequest(Strict):
    """A limit for clocks that start from now on; what is left out applies to any."""

    model_config = example(
        {
            "kind": "sign",
            "grade": "red",
            "amount": 20,
            "unit": "minutes",
            "reason": "主任办公会决定",
        }
    )

    kind: Annotated[ClockKind, LAX]
    category: Annotated[Category | None, LAX] = None
    grade: Annotated[Grade | None, LAX] = None
    whistle: Annotated[str | None, Field(pattern="^(work|hard|emergency)$")] = None
    amount: int = Field(ge=1)
    unit: Annotated[TimeUnit, LAX]
    reason: Line


class LimitAnswer(BaseModel):
    """A limit that holds. ``default``: nobody has set another one."""

    kind: str
    title: Said
    category: str | None
    grade: str | None
    whistle: str | None
    amount: int
    unit: str
    words: Said
    default: bool

    @classmethod
    def of(cls, key: Key, limit: Limit) -> "LimitAnswer":
        """The answer for a limit of the timetable."""
        kind, category, grade, whistle = key
        return cls(
            kind=kind,
            title=Said(**CLOCK_TITLES[kind]._asdict()),
            category=category,
            grade=grade,
            whistle=whistle,
            amount=limit.amount,
            unit=limit.unit,
            words=Said(**limit.words._asdict()),
            default=DEFAULTS.get(key) == limit,
        )


class LimitChange(BaseModel):
    """A limit that somebody set, when and why."""

    kind: str
    category: str | None
    grade: str | None
    whistle: str | None
    amount: int
    unit: str
    words: Said
    set_at: datetime
    reason: str

    @classmethod
    def of(cls, row: TimeLimit) -> "LimitChange":
        """The answer for a stored change."""
        words = Said(**Limit(row.amount, TimeUnit(row.unit)).words._asdict())
        told = {name: getattr(row, name) for name in cls.model_fields if name != "words"}
        return cls(words=words, **told)


class LimitList(BaseModel):
    """The limits that hold, and every change of them, the latest first."""

    items: list[LimitAnswer]
    changes: list[LimitChange]


class DayRequest(Strict):
    """A holiday, or a day at the weekend that is worked."""

    day: Annotated[date, LAX]
    working: bool
    name: Line


class YearRequest(Strict):
    """All that was announced for a year; it takes the place of what was known of it."""

    model_config = example(
        {
            "reason": "国务院办公厅通知",
            "days": [{"day": "2026-10-01", "working": False, "name": "国庆节"}],
        }
    )

    reason: Line
    days: list[DayRequest] = Field(min_length=1, max_length=366)


class DayAnswer(BaseModel):
    """A day that differs from the rule of Monday to Friday, or is named."""

    day: date
    working: bool
    name: str

    @classmethod
    def of(cls, day: date, known: Known) -> "DayAnswer":
        """The answer for a day of which something is known."""
        return cls(day=day, working=known.working, name=known.name)


class YearAnswer(BaseModel):
    """A year of the working calendar; ``known``: something was announced for it."""

    year: int
    known: bool
    days: list[DayAnswer]
