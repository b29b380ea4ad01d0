"""What the routes of parties take and answer: masked, but what was asked to be open."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from api.parties.domain import (
    LINK_TITLES,
    ROLE_TITLES,
    SIDE_TITLES,
    Correction,
    Draft,
    Identity,
    IdentityField,
    Link,
    Outcome,
    PartyKind,
    PartyRole,
    Repeat,
    Side,
    standard,
)
from api.parties.models import Party, PartyMerge
from api.parties.service import Appearance
from api.refusals import BadInput, Fault
from api.schemas import Line, Said, Strict, example
from gis.wording import Wording

LAX = Field(strict=False)


class IdentityRequest(Strict):
    """Who somebody is, as far as it is known."""

    name: Line | None = None
    phone: Line | None = None
    identity_number: Line | None = None

    def identity(self, kind: PartyKind) -> Identity:
        """The fields given, in their standard form. Raises BadInput."""
        told = {field: getattr(self, field.value, None) for field in IdentityField}
        return {
            field: standard(field, kind, text) for field, text in told.items() if text is not None
        }


class PartyRequest(IdentityRequest):
    """A party to be added to a case."""

    model_config = example(
        {"side": "applicant", "role": "applicant", "name": "张某", "phone": "13800000000"}
    )

    side: Annotated[Side, LAX]
    role: Annotated[PartyRole, LAX]
    kind: Annotated[PartyKind, LAX] = PartyKind.PERSON
    protected: bool = False
    anonymous: bool = False
    address: Line | None = None

    def draft(self) -> Draft:
        """Raises BadInput."""
        identity = self.identity(self.kind)
        return Draft(self.side, self.role, self.kind, identity, self.protected, self.anonymous)


class CorrectionRequest(IdentityRequest):
    """What is to be corrected. What is left out stays; null takes an identity field away."""

    model_config = example({"phone": "13900000000", "reason": "本人来电更正"})

    side: Annotated[Side | None, LAX] = None
    role: Annotated[PartyRole | None, LAX] = None
    address: Line | None = None
    reason: Line

    def correction(self, kind: PartyKind) -> Correction:
        """Raises BadInput."""
        taken = {field: None for field in IdentityField if field.value in self.model_fields_set}
        return Correction({**taken, **self.identity(kind)}, self.side, self.role)


class RevealRequest(Strict):
    """One field of a party to be seen in the clear, and why."""

    model_config = example({"field": "phone", "reason": "联系当事人"})

    field: Annotated[IdentityField, LAX]
    reason: Line


class ProtectRequest(Strict):
    """Whether a reporter is protected, and why."""

    model_config = example({"protected": True, "reason": "当事人受到威胁"})

    protected: bool
    reason: Line


class RemovalRequest(Strict):
    """Why a party is taken away."""

    model_config = example({"reason": "登记错误"})

    reason: Line


class RevealAnswer(BaseModel):
    """A field in the clear."""

    field: str
    value: str


class SearchRequest(IdentityRequest):
    """Exactly whom to look for; all fields given must be equal."""

    model_config = example({"phone": "13800000000"})

    kind: Annotated[PartyKind, LAX] = PartyKind.PERSON

    def wanted(self) -> Identity:
        """Raises BadInput where nothing is asked for."""
        identity = self.identity(self.kind)
        if not identity:
            what = Wording("没有查找条件", "nothing to look for is given")
            mend = Wording("填写姓名、电话或证件号码", "give a name, phone or identity number")
            raise BadInput(Fault("name", what, mend))
        return identity


class PartyAnswer(BaseModel):
    """A party as everybody who sees the case sees it; ``fields`` are masked."""

    id: UUID
    side: str
    side_title: Said
    role: str
    role_title: Said
    kind: str
    protected: bool
    anonymous: bool
    shown: str
    fields: dict[str, str]
    added_at: datetime

    @classmethod
    def of(cls, party: Party, fields: Mapping[str, str]) -> "PartyAnswer":
        """The answer for a party and its masked fields."""
        return cls(
            id=party.id,
            side=party.side,
            side_title=_said(SIDE_TITLES[Side(party.side)]),
            role=party.role,
            role_title=_said(ROLE_TITLES[PartyRole(party.role)]),
            kind=party.kind,
            protected=party.protected,
            anonymous=party.anonymous,
            shown=party.shown,
            fields=dict(fields),
            added_at=party.added_at,
        )


class PartyList(BaseModel):
    """The parties of a case, in the order in which they were added."""

    items: list[PartyAnswer]


class RepeatItem(BaseModel):
    """Another case of the same person."""

    case_number: str
    opened_at: datetime
    side: str
    role: str
    link: str
    link_title: Said

    @classmethod
    def of(cls, found: Appearance, link: Link) -> "RepeatItem":
        """The answer for a party that is the same person."""
        party, case = found
        return cls(
            case_number=case.number,
            opened_at=case.opened_at,
            side=party.side,
            role=party.role,
            link=link.value,
            link_title=_said(LINK_TITLES[link]),
        )


class RepeatsAnswer(BaseModel):
    """How many other cases within reach have the same person as a party, and which."""

    cases: int
    items: list[RepeatItem]


class FoundParty(BaseModel):
    """A party that was searched for, masked, with its case."""

    case_number: str
    party: PartyAnswer


class SearchAnswer(BaseModel):
    """At most 50, the latest case first."""

    items: list[FoundParty]


class RepeatRespondent(BaseModel):
    """A respondent of several cases."""

    shown: str
    kind: str
    cases: int
    case_numbers: list[str]

    @classmethod
    def of(cls, repeat: Repeat) -> "RepeatRespondent":
        """The answer for a repeat respondent."""
        numbers = list(repeat.case_numbers)
        return cls(shown=repeat.shown, kind=repeat.kind, cases=len(numbers), case_numbers=numbers)


class RepeatRespondents(BaseModel):
    """Most cases first."""

    items: list[RepeatRespondent]


class MergeRequest(Strict):
    """Two parties that are one person, and how this is known."""

    model_config = example(
        {
            "first": "0198c0de-0000-7000-8000-000000000001",
            "second": "0198c0de-0000-7000-8000-000000000002",
            "reason": "同一人两次来访",
        }
    )

    first: Annotated[UUID, LAX]
    second: Annotated[UUID, LAX]
    reason: Line


class ReviewRequest(Strict):
    """A second person's word on a merge."""

    model_config = example({"outcome": "merged", "reason": "证件一致"})

    outcome: Annotated[Outcome, LAX]
    reason: Line


class MergeAnswer(BaseModel):
    """A merge: proposed, and perhaps decided."""

    id: UUID
    first: UUID
    second: UUID
    proposed_by: UUID
    proposed_at: datetime
    reason: str
    reviewed_by: UUID | None
    review_reason: str | None
    decided_at: datetime | None
    outcome: str | None

    @classmethod
    def of(cls, merge: PartyMerge) -> "MergeAnswer":
        """The answer for a stored merge."""
        return cls(
            id=merge.id,
            first=merge.first_id,
            second=merge.second_id,
            proposed_by=merge.proposed_by,
            proposed_at=merge.proposed_at,
            reason=merge.reason,
            reviewed_by=merge.reviewed_by,
            review_reason=merge.review_reason,
            decided_at=merge.decided_at,
            outcome=merge.outcome,
        )


class MergeList(BaseModel):
    """The merges that wait for a review, oldest first."""

    items: list[MergeAnswer]


class ExportRequest(Strict):
    """Why all data held on a person is exported, such as the person's own request."""

    model_config = example({"reason": "当事人申请查阅本人信息"})

    reason: Line


def party_list(
    parties: Sequence[Party], fields: Mapping[UUID, Mapping[str, str]]
) -> list[PartyAnswer]:
    """The answers for parties and their masked fields."""
    return [PartyAnswer.of(party, fields[party.id]) for party in parties]


def _said(wording: Wording) -> Said:
    return Said(zh=wording.zh, en=wording.en)
