"""Periods that were changed, and the runs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.retention.domain import Kind
from gis.database import Base

KINDS = ", ".join(f"'{kind}'" for kind in Kind)


class RetentionPeriod(Base):
    """A period that somebody set instead of the default of `api.retention.domain`."""

    __tablename__ = "retention_period"
    __table_args__ = (
        CheckConstraint(f"kind IN ({KINDS})", name="known_kind"),
        CheckConstraint("days > 0", name="some_days"),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[int]
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    reason: Mapped[str]


class RetentionRun(Base):
    """A run and how many of each kind went; without ``finished_at`` it goes on or was cut short."""

    __tablename__ = "retention_run"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
