"""What the dispatcher's queue is asked and answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from api.assignments.domain import STAGE_TITLES, Stage
from api.cases.domain import CLOCK_TITLES, STATE_TITLES, ClockKind, Grade, State
from api.queue.domain import Part
from api.queue.service import Claimed, Lead, Queued
from api.schemas import Line, Said, Strict

PartCode = Annotated[Part, Field(strict=False)]
GradeCode = Annotated[Grade | None, Field(strict=False)]


class QueueRequest(Strict):
    """Which part of the queue, narrowed by grade and street; ``after`` is a page's ``next``."""

    part: PartCode = Part.ALL
    grade: GradeCode = None
    street: Line | None = None
    after: Annotated[str | None, Field(max_length=64)] = None
    limit: Annotated[int, Field(strict=False, ge=1, le=200)] = 50


class DueAnswer(BaseModel):
    """The clock that is due next, and the unit whose clock it is (null: the case's own)."""

    kind: str
    title: Said
    due_at: datetime
    late: bool
    unit_code: str | None
    unit_name: str | None


class LeadAnswer(BaseModel):
    """The unit in the lead, and how far it has come."""

    unit_code: str
    unit_name: str
    stage: str
    title: Said

    @classmethod
    def of(cls, lead: Lead) -> "LeadAnswer":
        """The answer for a unit in the lead."""
        return cls(title=Said(**STAGE_TITLES[Stage(lead.stage)]._asdict()), **lead._asdict())


class ClaimAnswer(BaseModel):
    """Who has the case in hand."""

    mine: bool
    name: str
    since: datetime


class QueuedAnswer(BaseModel):
    """A case of the queue; ``lon`` and ``lat`` in EPSG:4326, null where nobody knows the place."""

    case_number: str
    state: Said
    state_code: str
    kind: str
    category: str
    title: str | None
    grade: str | None
    opened_at: datetime
    lon: float | None
    lat: float | None
    street_code: str | None
    synthetic: bool
    due: DueAnswer
    lead: LeadAnswer | None
    claim: ClaimAnswer | None

    @classmethod
    def of(
        cls, queued: Queued, now: datetime, lead: Lead | None, claim: ClaimAnswer | None
    ) -> "QueuedAnswer":
        """The answer for a case at an instant of the database's."""
        case, report = queued.case, queued.report
        told = ("kind", "category", "title", "street_code", "synthetic")
        return cls(
            **{name: getattr(report, name) for name in told},
            case_number=case.number,
            state=Said(**STATE_TITLES[State(case.state)]._asdict()),
            state_code=case.state,
            grade=case.grade,
            opened_at=case.opened_at,
            lon=queued.lon,
            lat=queued.lat,
            due=_due(queued, now),
            lead=LeadAnswer.of(lead) if lead else None,
            claim=claim,
        )


def _due(queued: Queued, now: datetime) -> DueAnswer:
    clock = queued.clock
    return DueAnswer(
        kind=clock.kind,
        title=Said(**CLOCK_TITLES[ClockKind(clock.kind)]._asdict()),
        due_at=clock.due_at,
        late=clock.due_at <= now,
        unit_code=clock.unit_code,
        unit_name=queued.unit_name,
    )


def claim_of(claimed: Claimed | None, names: Mapping[UUID, str], asker: UUID) -> ClaimAnswer | None:
    """The answer for who has a case in hand; None where nobody does any more."""
    if claimed is None:
        return None
    person_id, since = claimed
    return ClaimAnswer(mine=person_id == asker, name=names.get(person_id, ""), since=since)


class QueueAnswer(BaseModel):
    """A page of the queue at an instant of the database's.

    ``counts`` by part are at most ``most_counted``, which means that there are at least so many.
    """

    now: datetime
    counts: dict[str, int]
    most_counted: int
    items: list[QueuedAnswer]
    next: str | None
