"""What the dispatch routes take and answer."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.assignments.domain import Role
from api.assignments.models import Assignment
from api.reports.domain import Category
from api.schemas import Line, Said, Strict, example
from gis.datum import Datum
from grids.hierarchy import AreaKind


class RouteRequest(BaseModel):
    """A point in its datum, and what it is asked for; ``on`` is today in Beijing by default.

    All categories go the same way today: `api.dispatch.domain.LEAD`.
    """

    model_config = ConfigDict(extra="forbid")

    lon: float
    lat: float
    datum: Datum
    accuracy_m: float | None = Field(default=None, ge=0, le=100_000, allow_inf_nan=False)
    category: Category | None = None
    on: date | None = None


class RunnerUp(BaseModel):
    """The area across the nearest line."""

    code: str
    name: str | None


class Found(BaseModel):
    """What one kind of area says of the point; distances in metres."""

    area_code: str | None
    area_name: str | None
    unit_code: str | None
    unit_name: str | None
    confidence: str
    distance_m: float | None
    runner_up: RunnerUp | None
    reason: Said
    override_author: str | None


class RouteAnswer(BaseModel):
    """Who answers for a point (EPSG:4326) on a day; ``layers`` by kind of area."""

    lon: float
    lat: float
    on: str
    edition_id: int
    needs_person: bool
    reasons: list[Said]
    layers: dict[str, Found]


class AssignmentAnswer(BaseModel):
    """A unit that was sent, who decided it and why."""

    kind: str
    role: str
    unit_code: str
    unit_name: str
    area_code: str | None
    confidence: str
    reason: Said
    actor: str
    stage: str = "offered"
    assigned_at: datetime | None = None

    @classmethod
    def of(cls, row: Assignment) -> "AssignmentAnswer":
        """The answer for a stored assignment."""
        reason = Said(zh=row.reason_zh, en=row.reason_en)
        return cls(
            kind=row.kind,
            role=row.role,
            unit_code=row.unit_code,
            unit_name=row.unit_name,
            area_code=row.area_code,
            confidence=row.confidence,
            reason=reason,
            actor=row.actor,
            stage=row.stage,
            assigned_at=row.assigned_at,
        )


class CaseAnswer(BaseModel):
    """A case: what was reported, where, who was sent, what is still open, what happened."""

    case_number: str
    report_id: str
    state: Said
    state_code: str
    kind: str
    category: str
    subcategory: str | None
    answers: dict[str, Any]
    title: str | None
    text: str
    occurred_at: datetime
    received_at: datetime
    source: str
    people_involved: int
    synthetic: bool
    placement: dict[str, Any]
    route: RouteAnswer | None
    ruling: dict[str, Any] | None
    assignments: list[AssignmentAnswer]
    open: list[dict[str, Any]]
    history: list[dict[str, Any]]


class PlacementItem(BaseModel):
    """A case that waits for a person."""

    id: int
    case_number: str
    category: str
    kind: str
    title: str | None
    lon: float | None
    lat: float | None
    radius_m: float | None
    address: str | None
    held_at: datetime
    reasons: list[Said]
    open: list[dict[str, Any]]


class PlacementQueue(BaseModel):
    """The placement queue, oldest first; ``total`` counts all that wait."""

    items: list[PlacementItem]
    total: int


class ChosenUnit(Strict):
    """A person's choice for one kind of unit."""

    kind: Annotated[AreaKind, Field(strict=False)]
    unit_code: Line


class Confirmation(Strict):
    """A person's word on a held case."""

    model_config = example(
        {
            "choices": [{"kind": "street", "unit_code": "street:210104015000"}],
            "reason": "与两街道电话确认",
        }
    )

    choices: list[ChosenUnit] = Field(min_length=1, max_length=8)
    reason: Line


class NamedUnit(Strict):
    """A unit to be sent, and for what."""

    unit_code: Line
    role: Annotated[Role, Field(strict=False)]


class DispatchRequest(Strict):
    """The units to which a case goes; exactly one of them leads."""

    model_config = example(
        {
            "reason": "原主办单位无管辖权",
            "units": [{"unit_code": "street:210104013000", "role": "lead"}],
        }
    )

    reason: Line
    units: list[NamedUnit] = Field(min_length=1, max_length=50)
