"""Parties of cases, their sealed identity, and proposals that two of them are one person."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CTE,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from api.cases.models import Case, case_key
from api.parties.domain import IdentityField, Outcome, PartyKind, PartyRole, Side
from api.sealing.columns import SealedColumn
from gis.database import Base

OPEN_PLACE = "party_identity"
PROTECTED_PLACE = "protected"


def _one_of(column: str, codes: Iterable[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(code.value) for code in codes)})"


class Party(Base):
    """A person or organisation in a case. ``shown`` is the masked name; nothing here tells who."""

    __tablename__ = "party"
    __table_args__ = (
        CheckConstraint(_one_of("side", Side), name="known_side"),
        CheckConstraint(_one_of("role", PartyRole), name="known_role"),
        CheckConstraint(_one_of("kind", PartyKind), name="known_kind"),
        CheckConstraint("NOT (protected AND anonymous)", name="protected_or_anonymous"),
        CheckConstraint(
            "role = 'reporter' OR NOT (protected OR anonymous)", name="only_reporters_hidden"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(case_key(), index=True)
    side: Mapped[str]
    role: Mapped[str]
    kind: Mapped[str]
    protected: Mapped[bool]
    anonymous: Mapped[bool]
    shown: Mapped[str]
    added_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]


class PartyIdentity(Base):
    """One field of who a party is: sealed, with a keyed hash by which the same text is found.

    A protected reporter has no hash: nobody finds them by searching.
    """

    __tablename__ = "party_identity"
    __table_args__ = (CheckConstraint(_one_of("field", IdentityField), name="known_field"),)

    party_id: Mapped[UUID] = mapped_column(ForeignKey("party.id"), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    blind: Mapped[bytes | None] = mapped_column(index=True)


class PartyMerge(Base):
    """A proposal that two parties are one person, and what a second person decided on it."""

    __tablename__ = "party_merge"
    __table_args__ = (
        CheckConstraint(_one_of("outcome", Outcome), name="known_outcome"),
        CheckConstraint("first_id < second_id", name="two_parties_in_order"),
        CheckConstraint("reviewed_by <> proposed_by", name="reviewed_by_another"),
        CheckConstraint(
            "(outcome IS NULL) = (reviewed_by IS NULL)"
            " AND (outcome IS NULL) = (decided_at IS NULL)"
            " AND (outcome IS NULL) = (review_reason IS NULL)",
            name="decided_as_a_whole",
        ),
        Index(
            "uq_party_merge_undecided",
            "first_id",
            "second_id",
            unique=True,
            postgresql_where=text("outcome IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    first_id: Mapped[UUID] = mapped_column(ForeignKey("party.id"), index=True)
    second_id: Mapped[UUID] = mapped_column(ForeignKey("party.id"), index=True)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    reason: Mapped[str]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    review_reason: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


IS_PROTECTED = (
    select(Party.protected)
    .where(Party.id == PartyIdentity.party_id)
    .correlate(PartyIdentity)
    .scalar_subquery()
)

SEALED = SealedColumn(
    PartyIdentity.__tablename__,
    "sealed",
    func.concat_ws(
        "/",
        case((IS_PROTECTED, PROTECTED_PLACE), else_=OPEN_PLACE),
        PartyIdentity.field,
        PartyIdentity.party_id,
    ),
)
"""Where the sealed fields are, and the context of each, as `api.parties.service` gives it."""


def _blind(field: IdentityField) -> ColumnElement[bytes]:
    return func.array_agg(PartyIdentity.blind).filter(PartyIdentity.field == field.value)[1]


KEYED = (
    select(
        PartyIdentity.party_id,
        func.coalesce(
            _blind(IdentityField.IDENTITY_NUMBER),
            _blind(IdentityField.PHONE).op("||")(_blind(IdentityField.NAME)),
        ).label("key"),
    )
    .where(PartyIdentity.blind.is_not(None))
    .group_by(PartyIdentity.party_id)
)
"""Each party with a key that is equal for equal identities, in one pass."""


def respondents() -> CTE:
    """Each respondent with case number and key, and how many share it: ``many``."""
    known = KEYED.cte("known")
    many = func.count().over(partition_by=known.c.key).label("many")
    return (
        select(Party.id, Case.number, Party.shown, Party.kind, Party.added_at, known.c.key, many)
        .outerjoin(known, known.c.party_id == Party.id)
        .join(Case, Case.id == Party.case_id)
        .where(Party.side == Side.RESPONDENT.value)
        .cte("each")
    )


def merged_cases(party_id: UUID) -> Select[UUID]:
    """The cases of the parties in a merge with one, decided or not."""
    merge = PartyMerge
    return (
        select(Party.case_id)
        .join(merge, Party.id.in_((merge.first_id, merge.second_id)))
        .where(or_(merge.first_id == party_id, merge.second_id == party_id))
    )


def same_phone_and_name(ids: Iterable[UUID]) -> Select[UUID]:
    """The parties with the phone and the name of one of ``ids``, where not both have a number."""
    phone, name = aliased(PartyIdentity), aliased(PartyIdentity)
    own_phone, own_name = aliased(PartyIdentity), aliased(PartyIdentity)
    return (
        select(phone.party_id)
        .join(name, name.party_id == phone.party_id)
        .join(own_phone, own_phone.blind == phone.blind)
        .join(own_name, own_name.party_id == own_phone.party_id)
        .where(
            own_phone.party_id.in_(ids),
            own_name.blind == name.blind,
            *(each.field == IdentityField.PHONE.value for each in (phone, own_phone)),
            *(each.field == IdentityField.NAME.value for each in (name, own_name)),
            ~and_(_has_number(phone.party_id), _has_number(own_phone.party_id)),
        )
    )


def _has_number(party_id: Mapped[UUID]) -> ColumnElement[bool]:
    number = aliased(PartyIdentity)
    field = IdentityField.IDENTITY_NUMBER.value
    return exists().where(number.party_id == party_id, number.field == field)
