"""What the routes of assignments take and answer."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.assignments.domain import (
    MEANS_TITLES,
    MOVE_TITLES,
    STAGE_TITLES,
    Means,
    Move,
    OnBehalf,
    Stage,
    Turn,
)
from api.assignments.models import Assignment, AssignmentStep
from api.assignments.service import Spot
from api.assignments.worklist import InboxRow
from api.schemas import Line, Prose, Said, Strict, example
from gis.datum import Datum, to_wgs84
from gis.geometry import checked_point

LAX = Field(strict=False)
Degrees = Annotated[float, Field(allow_inf_nan=True)]


class OnBehalfRequest(Strict):
    """Who of the unit said it, and how, when the centre enters it."""

    channel: Annotated[Means, LAX]
    said_by: Line

    def behalf(self) -> OnBehalf:
        """The word as the domain has it."""
        return OnBehalf(self.channel, self.said_by)


class SpotRequest(Strict):
    """Where somebody is who reports in; the datum is named, as everywhere."""

    lon: Degrees
    lat: Degrees
    datum: Annotated[Datum, LAX]
    accuracy_m: float | None = Field(default=None, ge=0, le=100_000)

    def spot(self) -> Spot:
        """The place in EPSG:4326. Raises BadCoordinate."""
        checked_point(self.lon, self.lat)
        lon, lat = to_wgs84(self.lon, self.lat, self.datum)
        return Spot(float(lon), float(lat), self.accuracy_m)


class MoveRequest(Strict):
    """What a move needs: a reason or result, a place to report in from, a unit to go on."""

    model_config = example(
        {"on_behalf": {"channel": "phone", "said_by": "值班民警"}},
        {"words": "已到场维持秩序，双方情绪稳定"},
    )

    words: Prose | None = None
    on_behalf: OnBehalfRequest | None = None
    spot: SpotRequest | None = None
    to: Line | None = None


class StepTaken(BaseModel):
    """Something that was done with an assignment; for a unit, on whose word."""

    move: str
    title: Said
    at: datetime
    person_name: str
    channel: Said | None
    said_by: str | None
    words: str
    lon: float | None
    lat: float | None
    accuracy_m: float | None

    @classmethod
    def of(cls, row: AssignmentStep) -> "StepTaken":
        """The answer for a stored step."""
        means = MEANS_TITLES[Means(row.channel)] if row.channel else None
        return cls(
            move=row.move,
            title=Said(**MOVE_TITLES[Move(row.move)]._asdict()),
            at=row.at,
            person_name=row.person_name,
            channel=Said(**means._asdict()) if means else None,
            said_by=row.said_by,
            words=row.words,
            lon=row.lon,
            lat=row.lat,
            accuracy_m=row.accuracy_m,
        )


class MoveAnswer(BaseModel):
    """A move that the asker may make now. ``words``: it needs a reason or a result."""

    move: str
    title: Said
    words: bool

    @classmethod
    def of(cls, turn: Turn) -> "MoveAnswer":
        """The answer for a line of the table."""
        return cls(move=turn.move, title=Said(**turn.title._asdict()), words=turn.words)


class PartAnswer(BaseModel):
    """A unit's part in a case: how far it has come, what was done, what the asker may do now."""

    unit_code: str
    unit_name: str
    role: str
    kind: str
    stage: str
    title: Said
    assigned_at: datetime
    steps: list[StepTaken]
    moves: list[MoveAnswer]

    @classmethod
    def of(cls, row: Assignment, steps: list[AssignmentStep], moves: list[Turn]) -> "PartAnswer":
        """The answer for a stored assignment."""
        return cls(
            unit_code=row.unit_code,
            unit_name=row.unit_name,
            role=row.role,
            kind=row.kind,
            stage=row.stage,
            title=Said(**STAGE_TITLES[Stage(row.stage)]._asdict()),
            assigned_at=row.assigned_at,
            steps=[StepTaken.of(each) for each in steps],
            moves=[MoveAnswer.of(each) for each in moves],
        )


class PartList(BaseModel):
    """The units of a case, in the order in which they were sent."""

    items: list[PartAnswer]


class InboxItem(BaseModel):
    """What the asker's unit has to do: which case, where (EPSG:4326), by when, and what now."""

    case_number: str
    state_code: str
    grade: str | None
    category: str
    title: str | None
    text: str
    people_involved: int
    lon: float | None
    lat: float | None
    address: str | None
    synthetic: bool
    role: str
    stage: str
    stage_title: Said
    assigned_at: datetime
    due_at: datetime | None
    moves: list[MoveAnswer]

    @classmethod
    def of(cls, row: InboxRow, moves: list[Turn]) -> "InboxItem":
        """The answer for a row of the inbox."""
        sent, case, report = row[0], row[1], row[2]
        return cls(
            case_number=case.number,
            state_code=case.state,
            grade=case.grade,
            category=report.category,
            title=report.title,
            text=report.text,
            people_involved=report.people_involved,
            lon=row.lon,
            lat=row.lat,
            address=report.raw_place.get("address"),
            synthetic=report.synthetic,
            role=sent.role,
            stage=sent.stage,
            stage_title=Said(**STAGE_TITLES[Stage(sent.stage)]._asdict()),
            assigned_at=sent.assigned_at,
            due_at=row.due_at,
            moves=[MoveAnswer.of(each) for each in moves],
        )


class Inbox(BaseModel):
    """What a unit has to do, the first due first. ``now`` is the database's time."""

    now: datetime
    unit_code: str | None
    unit_name: str | None
    items: list[InboxItem]


class LoadItem(BaseModel):
    """How many open assignments a unit has at a stage, and how many it can work on in all."""

    unit_code: str
    unit_name: str
    capacity: int | None
    stage: str
    many: int


class Load(BaseModel):
    """The open assignments of every unit, by stage."""

    items: list[LoadItem]
