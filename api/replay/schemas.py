"""What a replay is asked and answers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from api.assignments.domain import Role
from api.replay.domain import Called, Outcome, Shift
from api.replay.service import Replayed
from api.rules.domain import MOST_RULES, Rule
from api.rules.schemas import EXAMPLE, FALLBACK, RulePart
from api.schemas import Line, Strict, example

Day = Annotated[date, Field(strict=False)]
MOST_CASES = 5_000
ORDER = list(Role)


class TrialRequest(Strict):
    """What is tried: a saved version, or a list that is not saved, or the areas of another day."""

    version: int | None = None
    rules: list[RulePart] | None = Field(default=None, max_length=MOST_RULES)
    areas_on: Day | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "TrialRequest":
        if self.version is not None and self.rules is not None:
            raise PydanticCustomError("one_of_both", "give version or rules, not both")
        return self

    def listed(self) -> tuple[Rule, ...] | None:
        """The rules that are not saved, as the domain has them."""
        return None if self.rules is None else tuple(each.rule() for each in self.rules)


class ReplayRequest(TrialRequest):
    """A trial over the cases of some days of Beijing, both included, the latest first."""

    model_config = example(
        {"rules": [EXAMPLE, FALLBACK], "since": "2026-08-01", "until": "2026-10-31"}
    )

    since: Day
    until: Day
    limit: int = Field(default=1_000, ge=1, le=MOST_CASES)


class PreviewRequest(TrialRequest):
    """A trial for one case."""

    model_config = example({"case_number": "DD-2026-000123", "rules": [EXAMPLE, FALLBACK]})

    case_number: Line


class CalledAnswer(BaseModel):
    """A unit that would be sent."""

    unit_code: str
    unit_name: str
    role: str

    @classmethod
    def of(cls, called: Called) -> "CalledAnswer":
        """The answer for a unit."""
        return cls(**called._asdict())


class OutcomeAnswer(BaseModel):
    """What is done: units, the lead first; kinds of units a person decides on; level; rule."""

    units: list[CalledAnswer]
    open: list[str]
    tier: str
    rule: str

    @classmethod
    def of(cls, outcome: Outcome) -> "OutcomeAnswer":
        """The answer for an outcome."""
        units = sorted(outcome.units, key=lambda each: (ORDER.index(each.role), each.unit_code))
        told = [CalledAnswer.of(each) for each in units]
        return cls(units=told, open=sorted(outcome.open), tier=outcome.tier, rule=outcome.rule)


class ReplayedAnswer(BaseModel):
    """A case, with what the rules in force do and what the trial does."""

    case_number: str
    category: str
    title: str | None
    opened_at: datetime
    synthetic: bool
    changed: bool
    before: OutcomeAnswer
    after: OutcomeAnswer

    @classmethod
    def of(cls, found: Replayed) -> "ReplayedAnswer":
        """The answer for a case."""
        told: dict[str, Any] = {
            name: getattr(found.report, name) for name in ("category", "title", "synthetic")
        }
        return cls(
            **told,
            case_number=found.case.number,
            opened_at=found.case.opened_at,
            changed=found.before.differs(found.after),
            before=OutcomeAnswer.of(found.before),
            after=OutcomeAnswer.of(found.after),
        )


class ShiftAnswer(BaseModel):
    """How often a unit leads before and after."""

    unit_code: str
    unit_name: str
    before: int
    after: int


class ReplayAnswer(BaseModel):
    """How many cases were run and how many would have gone elsewhere; the first of them."""

    looked_at: int
    changed: int
    shifts: list[ShiftAnswer]
    items: list[ReplayedAnswer]

    @classmethod
    def of(
        cls, looked_at: int, changed: Sequence[Replayed], moved: Sequence[Shift], shown: int
    ) -> "ReplayAnswer":
        """The answer for the cases that change."""
        items = [ReplayedAnswer.of(each) for each in changed[:shown]]
        told = [ShiftAnswer(**each._asdict()) for each in moved]
        return cls(looked_at=looked_at, changed=len(changed), shifts=told, items=items)
