"""Units sent to a case, and cases held until a person has decided."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.cases.models import case_key
from gis.database import Base


class Placement(Base):
    """A case whose units a person has to confirm. ``questions`` are what is still open."""

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint(
            "(confirmed_at IS NULL) = (person IS NULL) AND (person IS NULL) = (reason IS NULL)",
            name="confirmed_by_a_person_with_reason",
        ),
        Index("ix_placement_open", "id", postgresql_where=text("confirmed_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(case_key(), unique=True)
    doubts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    held_at: Mapped[datetime] = mapped_column(server_default=func.now())
    confirmed_at: Mapped[datetime | None]
    person: Mapped[str | None]
    reason: Mapped[str | None]
