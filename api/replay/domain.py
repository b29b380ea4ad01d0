"""What would have become of a case, and how that differs. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from api.assignments.domain import Role
from api.dispatch.domain import Plan
from api.rules.domain import Ruling


class Called(NamedTuple):
    """A unit that would be sent."""

    unit_code: str
    unit_name: str
    role: Role


class Outcome(NamedTuple):
    """What becomes of a case: units, kinds of units that a person decides on, level, rule."""

    units: frozenset[Called]
    open: frozenset[str]
    tier: str
    rule: str

    @classmethod
    def of(cls, plan: Plan, ruling: Ruling, tier: str) -> "Outcome":
        """The outcome of a plan."""
        units = (Called(each.unit_code, each.unit_name, each.role) for each in plan.sent)
        asked = frozenset(question.kind.value for question in plan.questions)
        return cls(frozenset(units), asked, ruling.then.tier or tier, ruling.rule.title)

    @property
    def lead(self) -> Called | None:
        """Who leads, where that is decided at once."""
        return next((each for each in self.units if each.role is Role.LEAD), None)

    def differs(self, other: "Outcome") -> bool:
        """Whether something else would be done; the same by another rule is the same."""
        return self[:3] != other[:3]


class Shift(NamedTuple):
    """How often a unit leads before and after."""

    unit_code: str
    unit_name: str
    before: int
    after: int


def shifts(pairs: Iterable[tuple[Outcome, Outcome]]) -> Sequence[Shift]:
    """The units whose number of cases in the lead changes, the largest change first."""
    before, after = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for pair in pairs:
        for counted, outcome in zip((before, after), pair, strict=True):
            if outcome.lead is not None:
                counted[outcome.lead[:2]] += 1
    changed = [
        Shift(*unit, before[unit], after[unit])
        for unit in before.keys() | after.keys()
        if before[unit] != after[unit]
    ]
    return sorted(changed, key=lambda each: (-abs(each.after - each.before), each.unit_code))
