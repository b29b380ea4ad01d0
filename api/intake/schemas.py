"""What the front door takes and answers."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from api.dispatch.schemas import AssignmentAnswer, RouteAnswer
from api.intake.domain import DraftKind
from api.intake.service import Part, Written
from api.reports.catalogue import require_answers, require_branch
from api.reports.domain import Category, Filing, Position, ReportKind, Source
from api.schemas import Line, Prose, Said, Strict, example
from gis.datum import Datum

# Bounds and axes are judged by gis.geometry, in words that name the likely mistake.
Degrees = Annotated[float, Field(allow_inf_nan=True)]
Metres = Annotated[float, Field(ge=0, le=100_000)]
LAX = Field(strict=False)


class PlaceRequest(Strict):
    """A coordinate with its datum, or a written address: one of the two.

    ``accuracy_m``: how far the true place may be from the coordinate, in metres.
    """

    lon: Degrees | None = None
    lat: Degrees | None = None
    datum: Annotated[Datum | None, LAX] = None
    accuracy_m: Metres | None = None
    address: Line | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "PlaceRequest":
        coordinate = (self.lon, self.lat, self.datum)
        if self.address is not None:
            if any(part is not None for part in (*coordinate, self.accuracy_m)):
                raise PydanticCustomError("two_places", "both an address and a coordinate")
        elif self.lon is None or self.lat is None:
            raise PydanticCustomError("no_place", "neither an address nor a coordinate")
        elif self.datum is None:
            raise PydanticCustomError("no_datum", "a coordinate without datum")
        return self

    def position(self) -> Position | None:
        """The coordinate, None where an address is given."""
        if self.lon is None or self.lat is None or self.datum is None:
            return None
        return Position(self.lon, self.lat, self.datum, self.accuracy_m)


class ReportRequest(Strict):
    """A dispute or a patrol report. Names of people do not belong into any of its fields."""

    model_config = example(
        {
            "kind": "dispute",
            "category": "labour",
            "title": "拖欠工资",
            "text": "工地拖欠二十余人工资",
            "occurred_at": "2026-02-19T09:30:00+08:00",
            "source": "window",
            "people_involved": 23,
            "place": {
                "lon": 123.50156,
                "lat": 41.79363,
                "datum": "wgs84",
                "accuracy_m": 15,
            },
        }
    )

    kind: Annotated[ReportKind, LAX]
    category: Annotated[Category, LAX]
    subcategory: Line | None = None
    answers: dict[str, bool | int | str] = Field(default_factory=dict, max_length=20)
    title: Line | None = None
    text: Prose
    occurred_at: Annotated[AwareDatetime, LAX]
    source: Annotated[Source, LAX]
    people_involved: int = Field(default=1, ge=1, le=100_000)
    place: PlaceRequest
    synthetic: bool = False

    def filing(self) -> Filing:
        """The report as the domain has it. Raises BadInput for a foreign branch or answer."""
        require_branch(self.category, self.subcategory)
        require_answers(self.category, self.answers)
        return Filing(
            kind=self.kind,
            category=self.category,
            text=self.text,
            occurred_at=self.occurred_at,
            source=self.source,
            title=self.title,
            people_involved=self.people_involved,
            position=self.place.position(),
            address=self.place.address,
            synthetic=self.synthetic,
            subcategory=self.subcategory,
            answers=self.answers,
        )


class PlacementAnswer(BaseModel):
    """Where a report lies (EPSG:4326) and how that is known."""

    method: str
    datum: str | None
    lon: float | None
    lat: float | None
    radius_m: float | None
    grid_code: str | None
    hexes: list[str]
    held: bool
    raw: dict[str, Any]


class ReceiptAnswer(BaseModel):
    """What became of a report. A repeated submission gets the same answer again."""

    report_id: str
    case_number: str
    state: Said
    state_code: str
    placement: PlacementAnswer
    route: RouteAnswer | None
    assignments: list[AssignmentAnswer]


class ReportItem(BaseModel):
    """A report in a list."""

    report_id: str
    case_number: str
    state: Said
    state_code: str
    kind: str
    category: str
    title: str | None
    occurred_at: datetime
    received_at: datetime
    source: str
    lon: float | None
    lat: float | None
    street: str | None
    synthetic: bool


class ReportList(BaseModel):
    """Reports, the latest received first; ``next`` is the ``after`` of the next page."""

    items: list[ReportItem]
    next: str | None


class CandidateAnswer(BaseModel):
    """A possible place of an address, EPSG:4326; score 0..1."""

    level: str
    text: str
    lon: float
    lat: float
    radius_m: float
    score: float
    explanation: Said
    entry: str


class GeocodeAnswer(BaseModel):
    """Candidates, best first; ``decided`` says whether the first needs no person."""

    candidates: list[CandidateAnswer]
    notes: list[Said]
    decided: bool


class CorrectionRequest(Strict):
    """A person's word on where a held case is."""

    model_config = example(
        {
            "lon": 123.50156,
            "lat": 41.79363,
            "datum": "wgs84",
            "reason": "电话核实：小区东门",
        }
    )

    lon: Degrees
    lat: Degrees
    datum: Annotated[Datum, LAX]
    accuracy_m: Metres | None = None
    reason: Line

    def position(self) -> Position:
        """The coordinate."""
        return Position(self.lon, self.lat, self.datum, self.accuracy_m)


class PartRequest(Strict):
    """A dispute of its own inside of a case, at the case's place."""

    category: Annotated[Category, LAX]
    text: Prose
    title: Line | None = None
    people_involved: int = Field(default=1, ge=1, le=100_000)

    def part(self) -> Part:
        """The part as the domain has it."""
        return Part(self.category, self.text, self.people_involved, self.title)


class SplitRequest(Strict):
    """Into which parts a case is split, and why."""

    model_config = example(
        {
            "reason": "讨薪与工伤分别处理",
            "parts": [{"category": "labour", "text": "两名工人工伤赔偿", "people_involved": 2}],
        }
    )

    reason: Line
    parts: list[PartRequest] = Field(min_length=1, max_length=20)


class SplitAnswer(BaseModel):
    """The numbers of the new cases, in the order of the parts."""

    case_numbers: list[str]


Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Words = Annotated[str, StringConstraints(max_length=10_000)]
HALF_A_FORM: JsonDict = {"category": "neighbour", "text": "楼上漏水"}
DRAFT_EXAMPLE: JsonDict = {"kind": "report", "content": HALF_A_FORM}


class DraftRequest(Strict):
    """What is being written, field by field as its page names them; half a form is welcome."""

    model_config = example(DRAFT_EXAMPLE)

    kind: Annotated[DraftKind, LAX] = DraftKind.REPORT
    content: Annotated[dict[Name, Words], Field(max_length=64)]


class DraftAnswer(BaseModel):
    """A draft of the asker's own."""

    id: UUID
    kind: str
    content: dict[str, str]
    updated_at: datetime

    @classmethod
    def of(cls, written: Written) -> "DraftAnswer":
        """The answer for a draft."""
        return cls.model_validate(written._asdict())


class DraftList(BaseModel):
    """The asker's own drafts, the latest first."""

    items: list[DraftAnswer]
