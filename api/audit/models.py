"""The entries of the audit, and the last link of their chain."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, FetchedValue, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.database import Base


class AuditEntry(Base):
    """One deed. Append-only: the database refuses every change.

    A trigger gives ``id`` (without gaps), ``previous`` and ``hash``, whatever an insert says; the
    form that is hashed is described in `api.audit.chain`.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("octet_length(previous) = 32", name="previous_is_a_hash"),
        CheckConstraint("octet_length(hash) = 32", name="hash_is_a_hash"),
        Index("ix_audit_entry_at", "at"),
        Index("ix_audit_entry_subject_id", "subject", "id"),
        Index("ix_audit_entry_actor_id", "actor", "id"),
    )

    id: Mapped[int] = mapped_column(FetchedValue(), primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    deed: Mapped[str]
    actor: Mapped[str]
    actor_name: Mapped[str]
    subject: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str]
    previous: Mapped[bytes] = mapped_column(LargeBinary, FetchedValue())
    hash: Mapped[bytes] = mapped_column(LargeBinary, FetchedValue())


class AuditHead(Base):
    """The last link of the chain, in one row; it is locked while an entry is added."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("sole", name="one_row"),)

    sole: Mapped[bool] = mapped_column(primary_key=True)
    id: Mapped[int]
    hash: Mapped[bytes]
