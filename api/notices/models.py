"""Notices, deliveries by outside channels, and how those channels are set up."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.cases.models import case_key
from api.notices.domain import OUTSIDE, Channel, Progress
from gis.database import Base

CHANNELS = ", ".join(f"'{channel}'" for channel in Channel)
OUTSIDE_CHANNELS = ", ".join(f"'{channel}'" for channel in OUTSIDE)
STATES = ", ".join(f"'{state}'" for state in Progress)


def event_key() -> ForeignKey:
    """A key to an event; what an event led to goes with it (`api.outbox.forget`)."""
    return ForeignKey("outbox_event.id", ondelete="CASCADE")


def _unread(column: str) -> Index:
    where = text(f"read_at IS NULL AND {column} IS NOT NULL")
    return Index(f"ix_notice_unread_{column}", column, "id", postgresql_where=where)


class Notice(Base):
    """An event told to a unit, a person, or whoever holds a role over an area; to each once.

    ``content`` holds codes only (`api.notices.domain.detail_of`); words are made when it is read.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("event_id", "recipient"),
        CheckConstraint("num_nonnulls(unit_code, person_id, role) = 1", name="one_recipient"),
        CheckConstraint("(role IS NULL) = (area IS NULL)", name="a_role_has_an_area"),
        CheckConstraint("(read_at IS NULL) = (read_by IS NULL)", name="read_by_somebody"),
        _unread("unit_code"),
        _unread("person_id"),
        _unread("role"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    event_id: Mapped[int] = mapped_column(event_key())
    recipient: Mapped[str]
    unit_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str | None] = mapped_column(index=True)
    area: Mapped[str | None]
    topic: Mapped[str]
    case_id: Mapped[UUID] = mapped_column(case_key(), index=True)
    case_number: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    read_at: Mapped[datetime | None]
    read_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Delivery(Base):
    """An event on its way to a unit by an outside channel.

    A row is free when ``next_at`` has come. Whoever takes it pushes ``next_at`` on by the lease, so
    that it is free again if they die. In the dead list stands also, under ``in_app``, an event
    that could not be told, with no or an unknown recipient.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "channel", "recipient"),
        CheckConstraint(f"channel IN ({CHANNELS})", name="known_channel"),
        CheckConstraint(f"state IN ({STATES})", name="known_state"),
        Index("ix_delivery_due", "next_at", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    event_id: Mapped[int] = mapped_column(event_key())
    channel: Mapped[str]
    recipient: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(server_default=Progress.WAITING.value)
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[datetime] = mapped_column(server_default=func.now())
    failing: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class ChannelSetting(Base):
    """How an outside channel is set up: rows are added, the latest one holds.

    ``content`` names the file of a secret, never the secret.
    """

    __tablename__ = "channel_setting"
    __table_args__ = (
        CheckConstraint(f"channel IN ({OUTSIDE_CHANNELS})", name="known_channel"),
        Index("ix_channel_setting_latest", "channel", text("id DESC")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    channel: Mapped[str]
    enabled: Mapped[bool]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    reason: Mapped[str]


class UnitAddress(Base):
    """Where a channel reaches a unit: rows are added, the latest one holds; null: not any more."""

    __tablename__ = "unit_address"
    __table_args__ = (
        CheckConstraint(f"channel IN ({OUTSIDE_CHANNELS})", name="known_channel"),
        Index("ix_unit_address_latest", "unit_code", "channel", text("id DESC")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    channel: Mapped[str]
    address: Mapped[str | None]
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    reason: Mapped[str]
