"""The working calendar, limits, running clocks, their cards, and the worker's sign of life."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from api.cases.domain import ClockKind, Tier
from api.cases.models import case_key
from api.clocks.domain import Card, Outcome, TimeUnit
from gis.database import Base


def _one_of(column: str, codes: Iterable[StrEnum]) -> str:
    """A CHECK that a column holds one of an enumeration's codes."""
    return f"{column} IN ({', '.join(repr(code.value) for code in codes)})"


class CalendarDay(Base):
    """A holiday, or a day at the weekend that is worked, as announced."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    name: Mapped[str]


class TimeLimit(Base):
    """A limit that somebody set. The latest of equal keys holds, for clocks that start later."""

    __tablename__ = "time_limit"
    __table_args__ = (
        CheckConstraint(_one_of("kind", ClockKind), name="known_kind"),
        CheckConstraint(_one_of("unit", TimeUnit), name="known_unit"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[str]
    category: Mapped[str | None]
    grade: Mapped[str | None]
    whistle: Mapped[str | None]
    amount: Mapped[int]
    unit: Mapped[str]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(server_default=func.now())
    reason: Mapped[str]


class Clock(Base):
    """Something that has to happen in time. All instants are the database's.

    ``next_at`` is when it has to be looked at again; None while it stands still or has ended.
    """

    __tablename__ = "clock"
    __table_args__ = (
        CheckConstraint(_one_of("kind", ClockKind), name="known_kind"),
        CheckConstraint(_one_of("unit", TimeUnit), name="known_unit"),
        CheckConstraint(_one_of("card", Card), name="known_card"),
        CheckConstraint(_one_of("outcome", Outcome), name="known_outcome"),
        CheckConstraint("(stopped_at IS NULL) = (outcome IS NULL)", name="stopped_with_outcome"),
        CheckConstraint(
            "next_at IS NULL OR (stopped_at IS NULL AND paused_at IS NULL)", name="looked_at"
        ),
        Index("ix_clock_next", "next_at", postgresql_where=text("next_at IS NOT NULL")),
        Index("ix_clock_due", "due_at", postgresql_where=text("stopped_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(case_key(), index=True)
    kind: Mapped[str]
    unit_code: Mapped[str | None]
    subject: Mapped[str | None]
    amount: Mapped[int]
    unit: Mapped[str]
    started_at: Mapped[datetime]
    remind_at: Mapped[datetime]
    due_at: Mapped[datetime]
    red_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    card: Mapped[str | None]
    paused_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default="0")


class CardGiven(Base):
    """A reminder or a card, given once for each due time of a clock."""

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("clock_id", "card", "due_at"),
        CheckConstraint(_one_of("card", Card), name="known_card"),
        CheckConstraint(_one_of("tier", Tier), name="known_tier"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    case_id: Mapped[UUID] = mapped_column(case_key(), index=True)
    card: Mapped[str]
    tier: Mapped[str]
    due_at: Mapped[datetime]
    at: Mapped[datetime] = mapped_column(index=True)


class Extension(Base):
    """More time for a clock: asked by one person, granted or not by another."""

    __tablename__ = "clock_extension"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("decided_by <> asked_by", name="two_people"),
        CheckConstraint("(decided_by IS NULL) = (granted IS NULL)", name="decided_by_somebody"),
        Index(
            "ix_clock_extension_open",
            "clock_id",
            unique=True,
            postgresql_where=text("granted IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(case_key(), index=True)
    amount: Mapped[int]
    reason: Mapped[str]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    granted: Mapped[bool | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


class WorkerBeat(Base):
    """When a worker last went round."""

    __tablename__ = "worker_beat"

    worker: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
