"""Which submissions have been answered, so that a repeated one is answered the same."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.cases.models import case_key
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
