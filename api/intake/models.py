"""Submissions that have been answered, so that a repeated one is answered the same, and drafts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.cases.models import case_key
from api.intake.domain import DraftKind
from api.sealing.columns import SealedColumn
from gis.database import Base


class Submission(Base):
    """An Idempotency-Key with the SHA-256 of its request and the answer that was given.

    The answer is kept without the case number, which is not known yet when the key is claimed.
    """

    __tablename__ = "submission"

    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    case_id: Mapped[UUID] = mapped_column(case_key())
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)


class Draft(Base):
    """What somebody is writing and has not filed yet. Sealed, since it may hold a name.

    Row security shows it to its owner only.
    """

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(k.value) for k in DraftKind)})", "known_kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    sealed: Mapped[bytes]
    updated_at: Mapped[datetime] = mapped_column(index=True)


SEALED = SealedColumn(
    Draft.__tablename__, "sealed", func.concat_ws("/", Draft.__tablename__, "sealed", Draft.id)
)
"""Where the sealed drafts are, and the context of each, as `api.intake.service` gives it."""
