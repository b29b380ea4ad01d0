"""Events kept in the same transaction as the change they tell of; delivered from here later.

Deliveries are at-least-once: receivers tell events apart by id.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Identity, Index, delete, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from gis.database import Base, insert_all


class Event(NamedTuple):
    """Something that happened to ``subject`` (the id of a case); ``content`` names no person."""

    topic: str
    subject: str
    content: dict[str, Any]


class OutboxEvent(Base):
    """An event, waiting until ``delivered_at`` is set."""

    __tablename__ = "outbox_event"
    __table_args__ = (
        Index("ix_outbox_event_waiting", "id", postgresql_where=text("delivered_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    topic: Mapped[str]
    subject: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    delivered_at: Mapped[datetime | None]


def record(session: Session, events: Sequence[Event]) -> None:
    """Keep ``events`` with the caller's transaction."""
    insert_all(session, OutboxEvent, [event._asdict() for event in events])


def forget(session: Session, subjects: Sequence[str]) -> None:
    """Drop the events of subjects, delivered or not."""
    session.execute(delete(OutboxEvent).where(OutboxEvent.subject.in_(subjects)))
