"""All data that is held on a person, as it is handed to them (个人信息保护法, article 45)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel

from api.assignments.models import Assignment
from api.cases.models import Case, CaseEvent
from api.parties.service import Appearance
from api.reports.models import Report


class Told(NamedTuple):
    """A case with its report, the units sent to it and its history."""

    case: Case
    report: Report
    sent: Sequence[Assignment]
    lines: Sequence[CaseEvent]


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
