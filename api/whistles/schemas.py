"""What the routes of whistles take and answer."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.assignments.domain import Role
from api.schemas import Line, Prose, Said, Strict, example
from api.whistles.domain import (
    HIGHEST_SCORE,
    LOWEST_SCORE,
    PROFESSION_TITLES,
    Called,
    Ground,
    Profession,
    WhistleKind,
)
from api.whistles.models import WhistleExpert

LAX = Field(strict=False)
MOST_UNITS, MOST_EXPERTS = 50, 20


class CalledRequest(Strict):
    """A unit to be called; exactly one leads the whistle."""

    unit_code: Line
    role: Annotated[Role, LAX] = Role.ASSIST


class ExpertRequest(Strict):
    """An expert by account, or by name for one who has none."""

    model_config = example({"name": "首席律师", "profession": "lawyer"})

    profession: Annotated[Profession, LAX]
    person_id: Annotated[UUID, LAX] | None = None
    name: Line | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "ExpertRequest":
        if (self.person_id is None) is (self.name is None):
            raise PydanticCustomError("one_of_both", "give person_id, or else name")
        return self


class WhistleRequest(Strict):
    """Whom to call, for which reason; experts for a joint consultation."""

    model_config = example(
        {
            "type": "hard",
            "ground": "one_unit_cannot",
            "words": "二十余名司机集体讨薪，需公安、人社、司法到场",
            "units": [
                {"unit_code": "police:210104001", "role": "lead"},
                {"unit_code": "dept:human_resources", "role": "assist"},
            ],
        }
    )

    type: Annotated[WhistleKind, LAX]
    ground: Annotated[Ground, LAX]
    words: Prose
    units: list[CalledRequest] = Field(default=[], max_length=MOST_UNITS)
    experts: list[ExpertRequest] = Field(default=[], max_length=MOST_EXPERTS)

    def called(self) -> list[Called]:
        """The units as the domain has them."""
        return [Called(each.unit_code, each.role) for each in self.units]


class EmergencyRequest(Strict):
    """Nothing is needed; what is said is kept."""

    model_config = example({}, {"words": "有人扬言跳楼"})

    words: Prose | None = None


class ReasonRequest(Strict):
    """Why, or with what result."""

    model_config = example({"reason": "现场已平稳"})

    reason: Prose


class ScoreRequest(Strict):
    """From 1 to 5, with words."""

    model_config = example({"score": 5, "words": "十分钟内到场"})

    score: int = Field(ge=LOWEST_SCORE, le=HIGHEST_SCORE)
    words: Prose


class Score(BaseModel):
    """A score from 1 to 5 with its words."""

    score: int
    words: str


class Place(BaseModel):
    """Where somebody of a unit was last, EPSG:4326, and how far that is from the case, metres."""

    lon: float
    lat: float
    accuracy_m: float | None
    at: datetime
    distance_m: float | None


class RollLine(BaseModel):
    """A unit that is called: how far it has come, by when it has to be there, and the scores.

    ``due_at`` is the database's time; the other instants are when it was entered.
    """

    unit_code: str
    unit_name: str
    role: str
    stage: str
    stage_title: Said
    signed_at: datetime | None
    contacted_at: datetime | None
    reported_in_at: datetime | None
    on_behalf: bool
    due_at: datetime | None
    late: bool
    last_place: Place | None
    score: Score | None
    justified: Score | None


class ExpertAnswer(BaseModel):
    """An expert of a joint consultation, and what they think."""

    id: int
    name: str
    profession: str
    title: Said
    person_id: UUID | None
    opinion: str | None
    opinion_at: datetime | None

    @classmethod
    def of(cls, row: WhistleExpert) -> "ExpertAnswer":
        """The answer for a stored expert."""
        return cls(
            id=row.id,
            name=row.name,
            profession=row.profession,
            title=Said(**PROFESSION_TITLES[Profession(row.profession)]._asdict()),
            person_id=row.person_id,
            opinion=row.opinion or None,
            opinion_at=row.opinion_at,
        )


class WhistleAnswer(BaseModel):
    """A whistle with its roll call: who is late first, then who has still to come."""

    id: int
    case_number: str
    type: str
    title: Said
    ground: str
    ground_title: Said
    words: str
    tier: str
    tier_title: Said
    state: str
    state_title: Said
    blown_by: str
    unit_code: str | None
    blown_at: datetime
    ended_at: datetime | None
    ended_words: str | None
    now: datetime
    roll: list[RollLine]
    experts: list[ExpertAnswer]


class WhistleList(BaseModel):
    """Whistles with their roll calls."""

    items: list[WhistleAnswer]


class RateRequest(BaseModel):
    """Which months, both counted in; by default the last twelve. Any day of a month names it."""

    model_config = ConfigDict(extra="forbid")

    since: date | None = None
    until: date | None = None


class RateLine(BaseModel):
    """Whistles per 100 cases of a street in a month; ``small``: too few cases to say much."""

    street_code: str | None
    street_name: str | None
    month: str
    cases: int
    whistles: int
    emergencies: int
    per_hundred: float | None
    small: bool


class RateAnswer(BaseModel):
    """The whistle rate of the streets within reach, by month and street."""

    since: date
    until: date
    small_below: int
    items: list[RateLine]
