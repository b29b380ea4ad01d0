"""Receipts that were printed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from api.cases.models import case_key
from gis.database import Base


class Receipt(Base):
    """A receipt for a case. The token itself is only on the paper; here is its SHA-256."""

    __tablename__ = "receipt"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(case_key(), index=True)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
