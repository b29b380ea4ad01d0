"""What the routes of routing rules take and answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.cases.domain import ClockKind, Grade, Tier
from api.clocks.domain import Limit, TimeUnit
from api.reports.domain import ReportKind, Source
from api.rules.domain import MANY_PEOPLE, MOST_RULES, Hours, Rule, Then, When, content_of
from api.rules.models import RoutingRules
from api.rules.service import rules_of
from api.schemas import Line, Prose, Strict, example

LAX = Field(strict=False)
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Codes = Annotated[list[Line], Field(max_length=200)]
EXAMPLE: dict[str, Any] = {
    "code": "arrears-many",
    "title": "群体欠薪：人社部门协办",
    "when": {"categories": ["labour"], "people_from": 10},
    "then": {"lead": "street", "assist": ["dept:human_resources"], "tier": "district"},
}
FALLBACK: dict[str, Any] = {"code": "default", "title": "属地办理", "when": {}, "then": {}}


class WhenPart(Strict):
    """What a rule is for; what is left out fits all. ``areas`` are leading parts of area codes."""

    kinds: list[Annotated[ReportKind, LAX]] = Field(default=[], max_length=2)
    categories: Codes = Field(default=[])
    areas: Codes = Field(default=[])
    hours: list[Annotated[Hours, LAX]] = Field(default=[], max_length=3)
    grades: list[Annotated[Grade, LAX]] = Field(default=[], max_length=4)
    sources: list[Annotated[Source, LAX]] = Field(default=[], max_length=20)
    people_from: int = 1
    people_to: int = MANY_PEOPLE
    answers: dict[Code, Line] = Field(default={}, max_length=10)

    def when(self) -> When:
        """The conditions as the domain has them."""
        return When(
            frozenset(self.kinds),
            frozenset(self.categories),
            frozenset(self.areas),
            frozenset(self.hours),
            frozenset(self.grades),
            frozenset(self.sources),
            self.people_from,
            self.people_to,
            self.answers,
        )


class LimitPart(Strict):
    """So much time."""

    amount: int
    unit: Annotated[TimeUnit, LAX]


class ThenPart(Strict):
    """What follows; ``lead`` and ``assist``: street, police, justice (of the place) or a code."""

    lead: Line = "street"
    assist: Codes = Field(default=[])
    tier: Annotated[Tier, LAX] | None = None
    limits: dict[Annotated[ClockKind, LAX], LimitPart] = Field(default={})

    def then(self) -> Then:
        """The consequences as the domain has them."""
        limits = {kind: Limit(each.amount, each.unit) for kind, each in self.limits.items()}
        return Then(self.lead, tuple(self.assist), self.tier, limits)


class RulePart(Strict):
    """One rule."""

    code: Code
    title: Line
    when: WhenPart
    then: ThenPart

    def rule(self) -> Rule:
        """The rule as the domain has it."""
        return Rule(self.code, self.title, self.when.when(), self.then.then())


class RulesRequest(Strict):
    """A whole list of rules, in their order; the last one has no condition."""

    model_config = example({"rules": [EXAMPLE, FALLBACK]})

    rules: list[RulePart] = Field(max_length=MOST_RULES)

    def listed(self) -> tuple[Rule, ...]:
        """The rules as the domain has them."""
        return tuple(each.rule() for each in self.rules)


class DraftRequest(RulesRequest):
    """A list to be kept as a draft, and why it was made."""

    model_config = example({"rules": [EXAMPLE, FALLBACK], "reason": "春节前群体欠薪由人社协办"})

    reason: Prose


class ActivationRequest(Strict):
    """Why a draft is put in force."""

    model_config = example({"reason": "已回放近三个月，同意"})

    reason: Prose


class VersionAnswer(BaseModel):
    """A version of the rules. ``mine``: somebody else has to put it in force."""

    id: int
    author: str
    made_at: datetime
    reason: str
    in_force_from: datetime | None
    activator: str | None
    superseded_at: datetime | None
    mine: bool
    rules: list[dict[str, Any]]

    @classmethod
    def of(cls, row: RoutingRules, asker: object) -> "VersionAnswer":
        """The answer for a stored version."""
        names = set(cls.model_fields) - {"mine", "rules"}
        told = {name: getattr(row, name) for name in names}
        rules = [content_of(each) for each in rules_of(row)]
        return cls(**told, mine=row.made_by == asker, rules=rules)


class RulesAnswer(BaseModel):
    """The rules that hold (``version`` 0: the default), units that they name, and all versions."""

    version: int
    rules: list[dict[str, Any]]
    names: dict[str, str]
    versions: list[VersionAnswer]

    @classmethod
    def of(
        cls,
        held: tuple[int, Sequence[Rule]],
        names: Mapping[str, str],
        rows: Sequence[RoutingRules],
        asker: object,
    ) -> "RulesAnswer":
        """The answer for what holds and every version."""
        version, rules = held
        told = [VersionAnswer.of(each, asker) for each in rows]
        listed = [content_of(each) for each in rules]
        return cls(version=version, rules=listed, names=dict(names), versions=told)
