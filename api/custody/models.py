"""The chain of custody. A gap or an overlap cannot be stored: the keys of this table forbid it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.cases.models import case_key
from api.custody.domain import Holder, How
from gis.database import Base

HOWS = ", ".join(f"'{each}'" for each in How)


def _same_instant(name: str, *columns: str) -> ForeignKeyConstraint:
    """A key to the neighbour in the chain, which carries the same case and the same instant."""
    case_id, neighbour, own, its = columns
    return ForeignKeyConstraint(
        [case_id, neighbour, own],
        ["custody_link.case_id", "custody_link.seq", f"custody_link.{its}"],
        name=name,
        deferrable=True,
        initially="DEFERRED",
    )


class CustodyLink(Base):
    """One holder of a case, in ``[taken_at, given_at)``; the last link is open.

    A link begins in the very instant in which the one before it ends, and one that ended has a
    successor: both are foreign keys of the table to itself, checked at the commit. An offer stands
    on the giver's link, since the giver stays answerable until it is signed for.
    """

    __tablename__ = "custody_link"
    __table_args__ = (
        UniqueConstraint("case_id", "seq", "taken_at", name="uq_custody_link_taken_at"),
        UniqueConstraint("case_id", "seq", "given_at", name="uq_custody_link_given_at"),
        _same_instant("fk_custody_link_before", "case_id", "before", "taken_at", "given_at"),
        _same_instant("fk_custody_link_after", "case_id", "after", "given_at", "taken_at"),
        CheckConstraint("seq > 0", name="counted_from_one"),
        CheckConstraint("given_at >= taken_at", name="forward"),
        CheckConstraint("num_nonnulls(holder_id, unit_code) <= 1", name="one_holder"),
        CheckConstraint("num_nonnulls(to_id, to_unit) <= 1", name="one_receiver"),
        CheckConstraint("(offered_at IS NULL) = (to_name IS NULL)", name="offer_whole"),
        CheckConstraint("(given_at IS NULL) = (signed_how IS NULL)", name="signature_whole"),
        CheckConstraint(f"offered_how IN ({HOWS})", name="known_offered_how"),
        CheckConstraint(f"signed_how IN ({HOWS})", name="known_signed_how"),
        Index("ix_custody_link_open", "case_id", unique=True, postgresql_where="given_at IS NULL"),
        Index(
            "ix_custody_link_waiting",
            "offered_at",
            postgresql_where="given_at IS NULL AND alarmed_at IS NULL AND offered_at IS NOT NULL",
        ),
        Index(
            "ix_custody_link_unnamed",
            "taken_at",
            postgresql_where="given_at IS NULL AND alarmed_at IS NULL AND holder_id IS NULL"
            " AND unit_code IS NULL",
        ),
    )

    case_id: Mapped[UUID] = mapped_column(case_key(), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    before: Mapped[int | None] = mapped_column(Computed("nullif(seq, 1) - 1", persisted=True))
    after: Mapped[int] = mapped_column(Computed("seq + 1", persisted=True))
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    unit_code: Mapped[str | None]
    holder_name: Mapped[str]
    taken_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    offered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    offered_how: Mapped[str | None]
    to_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    to_unit: Mapped[str | None]
    to_name: Mapped[str | None]
    reason: Mapped[str | None]
    given_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    signed_how: Mapped[str | None]
    alarmed_at: Mapped[datetime | None]

    @property
    def holder(self) -> Holder:
        """Who is answerable in this link."""
        return Holder(self.holder_name, self.holder_id, self.unit_code)

    @property
    def to(self) -> Holder | None:
        """Whom it is offered to."""
        return None if self.to_name is None else Holder(self.to_name, self.to_id, self.to_unit)
