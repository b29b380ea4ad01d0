"""Versions of the form, and every grading of a case."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.cases.domain import Grade
from api.cases.models import case_key, one_of
from api.risk.domain import Validity
from gis.database import Base

VALIDITIES = ", ".join(f"'{each}'" for each in Validity)


class RiskForm(Base):
    """A version of the form that somebody made; cases keep the version they were graded by."""

    __tablename__ = "risk_form"
    __table_args__ = (CheckConstraint("version > 0", name="after_the_default"),)

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    reason: Mapped[str]


class Grading(Base):
    """One grading: ``by`` None is the house itself, from the words of the report.

    ``override`` is a grade that somebody gave against the form's. One that waits for a second
    person is ``pending``; nobody confirms their own.
    """

    __tablename__ = "grading"
    __table_args__ = (
        CheckConstraint(one_of("grade", Grade), name="known_grade"),
        CheckConstraint(one_of("override", Grade), name="known_override"),
        CheckConstraint(f"standing IN ({VALIDITIES})", name="known_standing"),
        CheckConstraint("override IS NULL OR reason IS NOT NULL", name="override_with_reason"),
        CheckConstraint("second_by <> by", name="two_people"),
        CheckConstraint("(second_by IS NULL) = (second_at IS NULL)", name="second_whole"),
        Index("ix_grading_case_id", "case_id", "id"),
        Index(
            "ix_grading_pending", "case_id", unique=True, postgresql_where="standing = 'pending'"
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(case_key())
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    actor: Mapped[str]
    form_version: Mapped[int]
    factors: Mapped[dict[str, Any]] = mapped_column(JSONB)
    points: Mapped[int]
    grade: Mapped[str]
    reasons: Mapped[list[Any]] = mapped_column(JSONB)
    override: Mapped[str | None]
    reason: Mapped[str | None]
    standing: Mapped[str] = mapped_column(server_default=text("'valid'"))
    second_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    second_at: Mapped[datetime | None]
    second_reason: Mapped[str | None]

    @property
    def given(self) -> Grade:
        """The grade that it gives: the override, else the form's."""
        return Grade(self.override or self.grade)
