"""Measures, agreements with their instalments, and tasks."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from api.cases.models import case_key
from api.mediation.domain import Form, MeasureKind, TaskKind
from gis.database import Base


def _one_of(column: str, codes: Iterable[StrEnum]) -> str:
    """A CHECK that a column holds one of an enumeration's codes."""
    return f"{column} IN ({', '.join(repr(code.value) for code in codes)})"


class Measure(Base):
    """Something that was done to settle a case."""

    __tablename__ = "measure"
    __table_args__ = (CheckConstraint(_one_of("kind", MeasureKind), name="known_kind"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(case_key(), index=True)
    kind: Mapped[str]
    words: Mapped[str]
    done_at: Mapped[datetime]
    by_person: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str]
    unit_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))


class Agreement(Base):
    """What the parties agreed on. A later agreement of a case replaces the one before it."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint(_one_of("form", Form), name="known_form"),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index(
            "ix_agreement_in_force",
            "case_id",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(case_key(), index=True)
    form: Mapped[str]
    words: Mapped[str]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    agreed_on: Mapped[date]
    recorded_at: Mapped[datetime]
    by_person: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str]
    replaced_at: Mapped[datetime | None]


class Instalment(Base):
    """One line of an agreement's ledger (跟踪台账), in yuan."""

    __tablename__ = "instalment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("paid BETWEEN 0 AND amount", name="paid_within_amount"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    paid: Mapped[Decimal] = mapped_column(Numeric(14, 2), server_default="0")
    paid_on: Mapped[date | None]


class Task(Base):
    """Something that a person, or anybody of a unit, was asked to do for a case."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint(_one_of("kind", TaskKind), name="known_kind"),
        CheckConstraint("num_nonnulls(for_person, for_unit) = 1", name="for_one"),
        CheckConstraint("(done_at IS NULL) = (result IS NULL)", name="done_with_a_result"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(case_key(), index=True)
    kind: Mapped[str]
    words: Mapped[str]
    for_person: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    for_unit: Mapped[str | None] = mapped_column(ForeignKey("unit.code"), index=True)
    due_on: Mapped[date]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    result: Mapped[str | None]
