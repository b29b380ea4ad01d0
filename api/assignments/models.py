"""Units sent to a case, and what was done with each assignment."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from api.assignments.domain import OPEN_STAGES, TERRITORIAL, Means, Move, Role, Stage
from api.cases.models import case_key
from gis.database import Base


def _one_of(column: str, codes: Iterable[str]) -> str:
    """A CHECK that a column holds one of an enumeration's codes."""
    return f"{column} IN ({', '.join(repr(str(code)) for code in codes)})"


class Assignment(Base):
    """A unit sent to a case, once, with who decided it and why, and how far it has come.

    ``kind`` is the kind of area for which the unit answers, or "called".
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("case_id", "unit_code"),
        CheckConstraint(_one_of("role", Role), name="known_role"),
        CheckConstraint(_one_of("stage", Stage), name="known_stage"),
        Index(
            "ix_assignment_one_of_a_kind",
            "case_id",
            "kind",
            unique=True,
            postgresql_where=text(_one_of("kind", TERRITORIAL)),
        ),
        Index(
            "ix_assignment_one_lead",
            "case_id",
            unique=True,
            postgresql_where=text(f"role = 'lead' AND {_one_of('stage', OPEN_STAGES)}"),
        ),
        Index(
            "ix_assignment_inbox",
            "unit_code",
            postgresql_where=text(_one_of("stage", OPEN_STAGES)),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(case_key())
    kind: Mapped[str]
    role: Mapped[str]
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    unit_name: Mapped[str]
    area_code: Mapped[str | None]
    confidence: Mapped[str]
    reason_zh: Mapped[str]
    reason_en: Mapped[str]
    actor: Mapped[str]
    stage: Mapped[str] = mapped_column(server_default=Stage.OFFERED)
    assigned_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AssignmentStep(Base):
    """Something that was done with an assignment, by whom; for a unit, on whose word.

    ``lon``, ``lat`` (EPSG:4326) and ``accuracy_m`` are where somebody was who reported in.
    """

    __tablename__ = "assignment_step"
    __table_args__ = (
        CheckConstraint(_one_of("move", Move), name="known_move"),
        CheckConstraint(_one_of("channel", Means), name="known_channel"),
        CheckConstraint("(channel IS NULL) = (said_by IS NULL)", name="on_a_named_word"),
        CheckConstraint(
            "num_nonnulls(lon, lat) IN (0, 2) AND lon BETWEEN 73 AND 136 AND lat BETWEEN 3 AND 54",
            name="somewhere_in_china",
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(case_key(), index=True)
    move: Mapped[str]
    at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str]
    channel: Mapped[str | None]
    said_by: Mapped[str | None]
    words: Mapped[str]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    accuracy_m: Mapped[float | None]
