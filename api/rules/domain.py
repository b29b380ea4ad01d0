"""Routing rules: ordered, the first one that fits decides. Pure.

A rule says who leads, who assists, at which level and within which limits, on top of the three
territorial units of the place, which are sent always. The last rule fits everything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Any, NamedTuple

from api.beijing import BEIJING, beijing_day
from api.cases.domain import ClockKind, Grade, Tier
from api.clocks.domain import OFFICE_HOURS, Limit, TimeUnit, WorkingCalendar
from api.reports.domain import ReportKind, Source
from gis.wording import Wording
from grids.jurisdictions import DISPATCHED


class Hours(StrEnum):
    """When a report came in, by Beijing time."""

    OFFICE = "office"
    DAY = "day"
    NIGHT = "night"


HOURS_TITLES = {
    Hours.OFFICE: Wording("工作时间", "Office hours"),
    Hours.DAY: Wording("工作时间以外的白天", "By day, outside office hours"),
    Hours.NIGHT: Wording("夜间（22–6 时）", "At night, 22:00–6:00"),
}
EVENING, MORNING = time(22), time(6)

TERRITORIAL = tuple(kind.value for kind in DISPATCHED)
"""Names of the units of the place: street, police, justice. Any other name is a unit's code."""

MOST_RULES = 200
MANY_PEOPLE = 100_000


def hours_of(calendar: WorkingCalendar, at: datetime) -> Hours:
    """In which hours an instant lies."""
    clock = at.astimezone(BEIJING).time()
    if calendar.is_working(beijing_day(at)) and any(a <= clock < b for a, b in OFFICE_HOURS):
        return Hours.OFFICE
    return Hours.NIGHT if clock >= EVENING or clock < MORNING else Hours.DAY


@dataclass(frozen=True)
class When:
    """What a rule is for; whatever is empty or None fits all.

    ``categories`` are codes of categories or of sub-categories; ``areas`` leading parts of codes of
    areas; ``people_from`` and ``people_to`` are both counted in.
    """

    kinds: frozenset[ReportKind] = frozenset()
    categories: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    hours: frozenset[Hours] = frozenset()
    grades: frozenset[Grade] = frozenset()
    sources: frozenset[Source] = frozenset()
    people_from: int = 1
    people_to: int = MANY_PEOPLE
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether it fits everything."""
        return self == When()


@dataclass(frozen=True)
class Then:
    """Who leads and who assists, at which level (None: the grade's), within which limits."""

    lead: str = "street"
    assist: tuple[str, ...] = ()
    tier: Tier | None = None
    limits: Mapping[ClockKind, Limit] = field(default_factory=dict)

    @property
    def units(self) -> tuple[str, ...]:
        """The codes of units that are called in, beside the territorial ones."""
        return tuple(name for name in (self.lead, *self.assist) if name not in TERRITORIAL)


@dataclass(frozen=True)
class Rule:
    """One rule; ``code`` names it in histories and is unique within its list."""

    code: str
    title: str
    when: When
    then: Then


DEFAULT: tuple[Rule, ...] = (Rule("default", "属地办理 / By the place", When(), Then()),)
"""What holds until somebody makes rules: the street office leads."""


class Facts(NamedTuple):
    """What the rules know of a report. ``area``: the code of its cell, else street, else None."""

    kind: ReportKind
    category: str
    subcategory: str | None
    area: str | None
    hours: Hours
    grade: Grade
    source: Source
    people: int
    answers: Mapping[str, str]


def answers_of(given: Mapping[str, Any]) -> dict[str, str]:
    """Answers as rules compare them: yes and no for truth, else as text."""
    words = {True: "yes", False: "no"}
    return {
        code: words[said] if isinstance(said, bool) else str(said) for code, said in given.items()
    }


def fits(when: When, facts: Facts) -> bool:
    """Whether a rule is for a report."""
    return (
        (not when.kinds or facts.kind in when.kinds)
        and (not when.categories or not when.categories.isdisjoint(_branches(facts)))
        and (not when.areas or _within(facts.area, when.areas))
        and (not when.hours or facts.hours in when.hours)
        and (not when.grades or facts.grade in when.grades)
        and (not when.sources or facts.source in when.sources)
        and when.people_from <= facts.people <= when.people_to
        and all(facts.answers.get(code) == said for code, said in when.answers.items())
    )


def _branches(facts: Facts) -> tuple[str, ...]:
    return (facts.category, facts.subcategory) if facts.subcategory else (facts.category,)


def _within(area: str | None, wider: frozenset[str]) -> bool:
    return area is not None and any(area.startswith(each) for each in wider)


def decide(rules: Sequence[Rule], facts: Facts) -> Rule:
    """The first rule that fits. A checked list has one for everything; else LookupError."""
    for rule in rules:
        if fits(rule.when, facts):
            return rule
    raise LookupError("no rule fits: the list has no fallback")


def limits_content(limits: Mapping[ClockKind, Limit]) -> dict[str, Any]:
    """Limits as JSON."""
    return {
        kind.value: {"amount": limit.amount, "unit": limit.unit.value}
        for kind, limit in limits.items()
    }


def limits_of(content: Mapping[str, Any]) -> dict[ClockKind, Limit]:
    """Limits as they were stored."""
    return {
        ClockKind(kind): Limit(each["amount"], TimeUnit(each["unit"]))
        for kind, each in content.items()
    }


def content_of(rule: Rule) -> dict[str, Any]:
    """A rule as JSON; sets are sorted, so that equal rules are written alike."""
    when, then = rule.when, rule.then
    sets = ("kinds", "categories", "areas", "hours", "grades", "sources")
    conditions: dict[str, Any] = {name: sorted(getattr(when, name)) for name in sets}
    conditions |= {"people_from": when.people_from, "people_to": when.people_to}
    conditions["answers"] = dict(when.answers)
    consequences = {
        "lead": then.lead,
        "assist": list(then.assist),
        "tier": then.tier.value if then.tier else None,
        "limits": limits_content(then.limits),
    }
    return {"code": rule.code, "title": rule.title, "when": conditions, "then": consequences}


def rule_of(content: Mapping[str, Any]) -> Rule:
    """A rule as it was stored. Raises ValueError or KeyError for what no rule can be."""
    when, then = content["when"], content["then"]
    conditions = When(
        kinds=frozenset(map(ReportKind, when["kinds"])),
        categories=frozenset(when["categories"]),
        areas=frozenset(when["areas"]),
        hours=frozenset(map(Hours, when["hours"])),
        grades=frozenset(map(Grade, when["grades"])),
        sources=frozenset(map(Source, when["sources"])),
        people_from=when["people_from"],
        people_to=when["people_to"],
        answers=dict(when["answers"]),
    )
    tier = Tier(then["tier"]) if then["tier"] else None
    consequences = Then(then["lead"], tuple(then["assist"]), tier, limits_of(then["limits"]))
    return Rule(content["code"], content["title"], conditions, consequences)


@dataclass(frozen=True)
class Ruling:
    """What a rule decided for a report: the rule, its version (0: the default), units by code."""

    rule: Rule
    version: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def then(self) -> Then:
        """What follows."""
        return self.rule.then

    @property
    def reason(self) -> Wording:
        """Why a unit was sent, in words."""
        title = self.rule.title
        return Wording(f"规则“{title}”", f"Rule: {title}")

    def leads(self, kind: str, unit_code: str | None = None) -> bool:
        """Whether the unit of a kind of area, or of a code, is in the lead."""
        return self.then.lead in {kind, unit_code}

    def content(self) -> dict[str, Any]:
        """The ruling as it is kept with the report."""
        limits = limits_content(self.then.limits)
        told = {"rule": self.rule.code, "title": self.rule.title, "version": self.version}
        return told | {"limits": limits}


BY_PLACE = Ruling(DEFAULT[0])
"""What holds without rules."""
