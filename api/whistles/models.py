"""Whistles, the units and the experts that they call, and their scores."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from api.assignments.domain import Role
from api.cases.domain import Tier
from api.cases.models import case_key
from api.whistles.domain import ENDINGS, Ground, Profession, WhistleKind
from gis.database import Base


def _one_of(column: str, codes: Iterable[str]) -> str:
    """A CHECK that a column holds one of an enumeration's codes."""
    return f"{column} IN ({', '.join(repr(str(code)) for code in codes)})"


class Whistle(Base):
    """Units and experts called to a case, by whom and why; it runs until ``ended_at``.

    ``after_step`` is the last step of the case's assignments before it: who reports in later comes
    for this whistle.
    """

    __tablename__ = "whistle"
    __table_args__ = (
        CheckConstraint(_one_of("kind", WhistleKind), name="known_kind"),
        CheckConstraint(_one_of("ground", Ground), name="known_ground"),
        CheckConstraint(_one_of("tier", Tier), name="known_tier"),
        CheckConstraint(_one_of("ending", ENDINGS), name="known_ending"),
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ended_in_a_way"),
        CheckConstraint(
            "(kind = 'emergency') = (ground = 'emergency')", name="emergency_for_emergencies"
        ),
        Index("ix_whistle_running", "blown_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(case_key(), index=True)
    kind: Mapped[str]
    ground: Mapped[str]
    words: Mapped[str]
    tier: Mapped[str]
    blown_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    blown_by_name: Mapped[str]
    unit_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    blown_at: Mapped[datetime]
    after_step: Mapped[int] = mapped_column(server_default="0")
    ending: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_words: Mapped[str] = mapped_column(server_default="")


class WhistleCall(Base):
    """A unit that a whistle calls. What it does then are the steps of its assignment.

    ``offered``: it had no part in the case, or none any more. ``score`` is the caller's of the
    unit, ``justified`` the unit's of the whistle, both from 1 to 5.
    """

    __tablename__ = "whistle_call"
    __table_args__ = (
        CheckConstraint(_one_of("role", Role), name="known_role"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score_of_five"),
        CheckConstraint("justified BETWEEN 1 AND 5", name="justified_of_five"),
    )

    whistle_id: Mapped[int] = mapped_column(ForeignKey("whistle.id"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True, index=True)
    unit_name: Mapped[str]
    role: Mapped[str]
    offered: Mapped[bool]
    score: Mapped[int | None]
    score_words: Mapped[str] = mapped_column(server_default="")
    justified: Mapped[int | None]
    justified_words: Mapped[str] = mapped_column(server_default="")


class WhistleExpert(Base):
    """Somebody of a joint consultation, with an account or only by name, and what they think."""

    __tablename__ = "whistle_expert"
    __table_args__ = (CheckConstraint(_one_of("profession", Profession), name="known_profession"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    whistle_id: Mapped[int] = mapped_column(ForeignKey("whistle.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    profession: Mapped[str]
    opinion: Mapped[str] = mapped_column(server_default="")
    opinion_at: Mapped[datetime | None]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
