"""Cases, the counter of their numbers, and their history. All keys point down to the report."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.cases.domain import Grade, State, Tier
from gis.database import Base


def one_of(column: str, codes: type[State | Grade | Tier]) -> str:
    """A CHECK that a column holds one of an enumeration's codes."""
    return f"{column} IN ({', '.join(repr(code.value) for code in codes)})"


class CaseCounter(Base):
    """The last number given in a year: a row, not a sequence, so that numbers have no gaps."""

    __tablename__ = "case_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Case(Base):
    """One case, opened by one report.

    Written last in its transaction, after its assignments and history: the counter is locked for
    no longer than that. Keys to it are therefore checked at the commit (:func:`case_key`).
    What expires counts from ``closed_at``; a case that is not closed keeps everything.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint(one_of("state", State), name="known_state"),
        CheckConstraint(one_of("grade", Grade), name="known_grade"),
        CheckConstraint(one_of("tier", Tier), name="known_tier"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), unique=True)
    state: Mapped[str]
    grade: Mapped[str | None]
    tier: Mapped[str | None]
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    claimed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    anonymised_at: Mapped[datetime | None]


def case_key() -> ForeignKey:
    """A foreign key to a case that is written later in the same transaction."""
    return ForeignKey("case_file.id", deferrable=True, initially="DEFERRED")


class CaseEvent(Base):
    """One line of a case's history. Lines are added, never changed."""

    __tablename__ = "case_event"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(case_key(), index=True)
    happening: Mapped[str]
    actor: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class CaseMember(Base):
    """A mediator or counsellor who was put on a case, and so may see it."""

    __tablename__ = "case_member"

    case_id: Mapped[UUID] = mapped_column(case_key(), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    added_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]


class CaseLink(Base):
    """Two cases that belong together: ``case_id`` is the child, the twin or the one merged."""

    __tablename__ = "case_link"
    __table_args__ = (
        CheckConstraint("case_id <> other_id", name="two_cases"),
        CheckConstraint("kind IN ('part_of', 'related', 'merged_into')", name="known_kind"),
    )

    case_id: Mapped[UUID] = mapped_column(case_key(), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(case_key(), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    reason: Mapped[str]


class LegalHold(Base):
    """A case that a dispute at law needs: nothing of it expires until the hold is lifted."""

    __tablename__ = "legal_hold"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    reason: Mapped[str]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
