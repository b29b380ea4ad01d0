"""What the search for near-duplicates takes and answers."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints
from pydantic.config import JsonDict

from api.cases.domain import STATE_TITLES, State
from api.duplicates.domain import DIMENSION_TITLES, Compared
from api.duplicates.service import Near
from api.intake.schemas import PlaceRequest
from api.parties.schemas import SearchRequest as PartyRequest
from api.reports.domain import Category
from api.schemas import Said, Strict, example

LAX = Field(strict=False)
EXAMPLE: JsonDict = {
    "category": "neighbour",
    "text": "楼上卫生间漏水，天花板发霉",
    "place": {"lon": 123.45, "lat": 41.8, "datum": "wgs84"},
    "occurred_at": "2026-11-20T09:30:00+08:00",
    "people_involved": 2,
}


class DuplicatesRequest(Strict):
    """What is known so far of a report that is being typed; every field may still be missing."""

    model_config = example(EXAMPLE)

    category: Annotated[Category | None, LAX] = None
    text: Annotated[str, StringConstraints(max_length=10_000)] = ""
    place: PlaceRequest | None = None
    occurred_at: Annotated[AwareDatetime | None, LAX] = None
    people_involved: int = Field(default=1, ge=1, le=100_000)
    parties: list[PartyRequest] = Field(default_factory=list, max_length=10)


class ReasonAnswer(BaseModel):
    """One dimension of the comparison: how alike, 0..1, and in words."""

    dimension: str
    title: Said
    alike: float
    words: Said

    @classmethod
    def of(cls, compared: Compared) -> "ReasonAnswer":
        """The answer for a dimension."""
        return cls(
            dimension=compared.dimension.value,
            title=Said(**DIMENSION_TITLES[compared.dimension]._asdict()),
            alike=round(compared.alike, 3),
            words=Said(**compared.words._asdict()),
        )


class NearAnswer(BaseModel):
    """A case that may be the same matter: what a list of reports shows of it, and why."""

    case_number: str
    state: Said
    state_code: str
    category: str
    title: str | None
    occurred_at: datetime
    received_at: datetime
    street: str | None
    distance_m: float | None
    score: float
    likely: bool
    reasons: list[ReasonAnswer]

    @classmethod
    def of(cls, near: Near) -> "NearAnswer":
        """The answer for a case."""
        report, case = near.report, near.case
        state = State(case.state)
        street = ((report.route or {}).get("layers", {}).get("street") or {}).get("area_name")
        return cls(
            case_number=case.number,
            state=Said(**STATE_TITLES[state]._asdict()),
            state_code=state.value,
            category=report.category,
            title=report.title,
            occurred_at=report.occurred_at,
            received_at=report.received_at,
            street=street,
            distance_m=None if near.away_m is None else round(near.away_m, 1),
            score=near.likeness.score,
            likely=near.likeness.likely,
            reasons=[ReasonAnswer.of(each) for each in near.likeness.reasons],
        )


class DuplicatesAnswer(BaseModel):
    """The likeliest cases within reach, best first, at most ten."""

    items: list[NearAnswer]
