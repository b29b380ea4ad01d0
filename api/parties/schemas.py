"""What the routes of parties take and answer: masked, but what was asked to be open."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field

from api.assignments.models import Assignment
from api.cases.models import Case, CaseEvent
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
from api.reports.models import Report
from api.schemas import Line, Said, Strict
from gis.wording import Wording

LAX = Field(strict=False)


class Told(NamedTuple):
    """A case with its report, the units sent to it and its history."""

    case: Case
    report: Report
    sent: Sequence[Assignment]
    lines: Sequence[CaseEvent]


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

    field: Annotated[IdentityField, LAX]
    reason: Line


class ProtectRequest(Strict):
    """Whether a reporter is protected, and why."""

    protected: bool
    reason: Line


class RemovalRequest(Strict):
    """Why a party is taken away."""

    reason: Line


class RevealAnswer(BaseModel):
    """A field in the clear."""

    field: str
    value: str


class SearchRequest(IdentityRequest):
    """Exactly whom to look for; all fields given must be equal."""

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

    first: Annotated[UUID, LAX]
    second: Annotated[UUID, LAX]
    reason: Line


class ReviewRequest(Strict):
    """A second person's word on a merge."""

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

    reason: Line


class ExportedUnit(BaseModel):
    """A unit that was sent to the case."""

    name: str
    assigned_at: datetime


class ExportedLine(BaseModel):
    """What happened in the case, without who did it."""

    happening: str
    at: datetime


class ExportedCase(BaseModel):
    """What a case tells. Words and address are withheld where they could give away a reporter."""

    state: str
    kind: str
    category: str
    occurred_at: datetime
    received_at: datetime
    withheld: bool
    title: str | None
    text: str | None
    address: str | None
    units: list[ExportedUnit]
    history: list[ExportedLine]

    @classmethod
    def of(cls, told: Told, *, withheld: bool) -> "ExportedCase":
        """The answer for a case with all that belongs to it."""
        report = told.report
        plain = {
            name: getattr(report, name)
            for name in ("kind", "category", "occurred_at", "received_at")
        }
        words = {
            "title": report.title,
            "text": report.text,
            "address": report.raw_place.get("address"),
        }
        units = [
            ExportedUnit(name=each.unit_name, assigned_at=each.assigned_at) for each in told.sent
        ]
        lines = [ExportedLine(happening=each.happening, at=each.at) for each in told.lines]
        shown = dict.fromkeys(words) if withheld else words
        rest = {"state": told.case.state, "units": units, "history": lines, "withheld": withheld}
        return cls(**plain, **shown, **rest)


class ExportedParty(BaseModel):
    """What is held on a person in one case, in the clear."""

    party_id: UUID
    case_number: str
    opened_at: datetime
    side: str
    role: str
    kind: str
    added_at: datetime
    fields: dict[str, str]
    case: ExportedCase

    @classmethod
    def of(
        cls, found: Appearance, fields: Mapping[str, str], told: ExportedCase
    ) -> "ExportedParty":
        """The answer for a party, its opened fields and its case."""
        party, case = found
        return cls(
            party_id=party.id,
            case_number=case.number,
            opened_at=case.opened_at,
            side=party.side,
            role=party.role,
            kind=party.kind,
            added_at=party.added_at,
            fields=dict(fields),
            case=told,
        )


class ExportAnswer(BaseModel):
    """All data held on one person in the cases within reach, the latest case first.

    ``unsure`` counts the parties with the same phone and name only: they may be somebody else and
    are left out until they are merged.
    """

    made_at: datetime
    unsure: int
    items: list[ExportedParty]


def party_list(
    parties: Sequence[Party], fields: Mapping[UUID, Mapping[str, str]]
) -> list[PartyAnswer]:
    """The answers for parties and their masked fields."""
    return [PartyAnswer.of(party, fields[party.id]) for party in parties]


def _said(wording: Wording) -> Said:
    return Said(zh=wording.zh, en=wording.en)
