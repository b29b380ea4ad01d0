"""Versions of the routing rules: each the whole list, never changed after it was saved."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.database import Base


class RoutingRules(Base):
    """A list of rules: a draft until it is put in force, and superseded by the next one."""

    __tablename__ = "routing_rules"
    __table_args__ = (
        CheckConstraint("jsonb_array_length(rules) > 0", name="some_rules"),
        CheckConstraint("superseded_at >= in_force_from", name="superseded_after_in_force"),
        CheckConstraint(
            "superseded_at IS NULL OR in_force_from IS NOT NULL", name="in_force_before_superseded"
        ),
        CheckConstraint(
            "activated_by IS NULL OR activated_by <> made_by", name="a_second_pair_of_eyes"
        ),
        Index(
            "ix_routing_rules_one_in_force",
            text("(true)"),
            unique=True,
            postgresql_where=text("in_force_from IS NOT NULL AND superseded_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    author: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    reason: Mapped[str]
    in_force_from: Mapped[datetime | None]
    activated_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    activator: Mapped[str | None]
    activation_reason: Mapped[str | None]
    superseded_at: Mapped[datetime | None]
