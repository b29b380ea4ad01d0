"""What the routes of a case's life take and answer."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.cases.domain import STATE_TITLES, Happening, State, told
from api.cases.models import Case, CaseEvent, CaseLink
from api.life.domain import Action, Because, Destination, Resolution, Step
from api.schemas import Line, Said, Strict, example

LAX = Field(strict=False)


class StepRequest(Strict):
    """A step to take, with what it needs: GET the same address for what is possible now."""

    model_config = example({"action": "suspend", "reason": "等待伤情鉴定结论"})

    action: Annotated[Action, LAX]
    reason: Line | None = None
    destination: Annotated[Destination | None, LAX] = None
    resolution: Annotated[Resolution | None, LAX] = None
    satisfaction: int | None = Field(default=None, ge=1, le=5)
    because: Annotated[Because | None, LAX] = None

    def content(self) -> dict[str, Any]:
        """What the step needs, as it is kept."""
        return self.model_dump(exclude={"action", "reason"}, exclude_none=True)


class StepAnswer(BaseModel):
    """A step that the asker may take now, and the fields it needs."""

    action: str
    title: Said
    needs: list[str]

    @classmethod
    def of(cls, step: Step) -> "StepAnswer":
        """The answer for a line of the table."""
        title = Said(**step.title._asdict())
        return cls(action=step.action, title=title, needs=[need.value for need in step.needs])


class LifeAnswer(BaseModel):
    """Where a case stands, and what the asker may do with it now."""

    number: str
    state: Said
    state_code: str
    grade: str | None
    tier: str | None
    steps: list[StepAnswer]

    @classmethod
    def of(cls, case: Case, steps: list[Step]) -> "LifeAnswer":
        """The answer for a case."""
        return cls(
            number=case.number,
            state=Said(**STATE_TITLES[State(case.state)]._asdict()),
            state_code=case.state,
            grade=case.grade,
            tier=case.tier,
            steps=[StepAnswer.of(step) for step in steps],
        )


class HappeningAnswer(BaseModel):
    """One line of a case's history, in words and as it was kept."""

    at: datetime
    actor: str
    happening: str
    said: Said
    content: dict[str, Any]

    @classmethod
    def of(cls, line: CaseEvent) -> "HappeningAnswer":
        """The answer for a stored line."""
        said = told(Happening(line.happening), line.content)
        return cls(
            at=line.at,
            actor=line.actor,
            happening=line.happening,
            said=Said(**said._asdict()),
            content=line.content,
        )


class Timeline(BaseModel):
    """All that happened to a case, oldest first."""

    items: list[HappeningAnswer]


class LinkRequest(Strict):
    """Another case that belongs to this one: this is a part of it, or they are related."""

    model_config = example({"other": "DD-2026-000123", "kind": "related", "reason": "同一工地"})

    other: Annotated[str, Field(max_length=32)]
    kind: Literal["part_of", "related"]
    reason: Line


class MergeRequest(Strict):
    """The case that goes on, and why both are one."""

    model_config = example({"into": "DD-2026-000123", "reason": "同一起讨薪"})

    into: Annotated[str, Field(max_length=32)]
    reason: Line


class LinkAnswer(BaseModel):
    """A case that belongs to the one asked for. ``outgoing``: it is the other that goes on."""

    number: str
    kind: str
    outgoing: bool
    state: Said
    reason: str
    made_by: UUID
    made_at: datetime

    @classmethod
    def of(cls, made: CaseLink, other: Case) -> "LinkAnswer":
        """The answer for a stored link."""
        return cls(
            number=other.number,
            kind=made.kind,
            outgoing=made.other_id == other.id,
            state=Said(**STATE_TITLES[State(other.state)]._asdict()),
            reason=made.reason,
            made_by=made.made_by,
            made_at=made.made_at,
        )


class LinkList(BaseModel):
    """The cases that belong to a case."""

    items: list[LinkAnswer]
