"""From a route to what is done: units that are sent, and questions that a person answers. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from api.assignments.domain import Offer, Role
from api.rules.domain import BY_PLACE, Ruling
from gis.wording import Wording
from grids.hierarchy import AreaKind
from grids.jurisdictions import DISPATCHED, EditionIndex, Jurisdiction, Route

BY_RULES = "rules"
"""Who decided on a unit that a rule calls."""

NO_PLACE = Wording(
    "地址没有唯一可靠的匹配，由人工确定地点和管辖单位",
    "The address has no single reliable match: a person decides place and units",
)
NO_EDITION = Wording(
    "当日没有生效的区划数据，由人工确定管辖单位",
    "No areas are in force on this day: a person decides the units",
)


@dataclass(frozen=True)
class Choice:
    """A unit that a person may choose."""

    unit_code: str
    unit_name: str
    area_code: str | None


@dataclass(frozen=True)
class Question:
    """Which unit of a kind answers? ``choices`` are the likely ones, the likeliest first."""

    kind: AreaKind
    choices: tuple[Choice, ...] = ()
    role: Role = Role.ASSIST

    def content(self) -> dict[str, Any]:
        """The question as JSON."""
        return {
            "kind": self.kind.value,
            "role": self.role.value,
            "candidates": [vars(choice) for choice in self.choices],
        }


@dataclass(frozen=True)
class Plan:
    """What follows from a place: who is sent at once, and what is held for a person and why."""

    sent: tuple[Offer, ...]
    questions: tuple[Question, ...]
    doubts: tuple[Wording, ...]

    @property
    def complete(self) -> bool:
        return not self.questions


def once(planned: Iterable[Offer], before: Collection[str] = ()) -> tuple[Offer, ...]:
    """Each unit once, for its first kind: one unit may answer for two kinds of area.

    ``before`` are the codes of the units that the case has already.
    """
    first: dict[str, Offer] = {}
    for each in planned:
        if each.unit_code not in before:
            first.setdefault(each.unit_code, each)
    return tuple(first.values())


def plan(route: Route, index: EditionIndex, ruling: Ruling = BY_PLACE) -> Plan:
    """Send the units of certain jurisdictions and those that the rule calls; ask about the others.

    The three units of the place are always sent; the rule says who leads.
    """
    certain = [each for each in route.dispatched if each.certain and each.unit_code]
    asked = [each for each in route.dispatched if each not in certain]
    territorial = (_planned(each, ruling) for each in certain)
    return Plan(
        once((*territorial, *_called(ruling))),
        tuple(
            Question(each.kind, tuple(_choices(each, index)), role_of(each.kind, ruling))
            for each in asked
        ),
        route.why if asked else (),
    )


def plan_without_route(doubt: Wording, ruling: Ruling = BY_PLACE) -> Plan:
    """Nothing can be sent: all three units are asked of a person; the rule's wait with them."""
    questions = (Question(kind, role=role_of(kind, ruling)) for kind in DISPATCHED)
    return Plan((), tuple(questions), (doubt,))


def role_of(kind: AreaKind, ruling: Ruling, unit_code: str | None = None) -> Role:
    """What the unit of a kind of area is sent for."""
    return Role.LEAD if ruling.leads(kind.value, unit_code) else Role.ASSIST


def _planned(found: Jurisdiction, ruling: Ruling) -> Offer:
    return Offer(
        str(found.unit_code),
        str(found.unit_name),
        role_of(found.kind, ruling, found.unit_code),
        found.reason,
        "route",
        found.kind.value,
        found.area_code,
        found.confidence.value,
    )


def _called(ruling: Ruling) -> Iterable[Offer]:
    """The units that a rule calls beside those of the place."""
    for code in ruling.then.units:
        role = Role.LEAD if code == ruling.then.lead else Role.ASSIST
        yield Offer(code, ruling.names.get(code, code), role, ruling.reason, BY_RULES)


def _choices(found: Jurisdiction, index: EditionIndex) -> Iterable[Choice]:
    """The area's own unit, then the one across the line (for an override, its unit)."""
    if found.unit_code and found.unit_name:
        yield Choice(found.unit_code, found.unit_name, found.area_code)
    code = found.runner_up_code
    if code is None:
        return
    unit = index.units.get((found.kind, code))
    if unit is not None and unit.code != found.unit_code:
        yield Choice(unit.code, unit.name, code)
    elif unit is None:
        yield Choice(code, str(found.runner_up_name), None)


def evidence(route: Route) -> dict[str, Any]:
    """A route as JSON: what ``GET /v1/route`` answers and what is kept with a report."""
    return {
        "lon": route.lon,
        "lat": route.lat,
        "on": route.on.isoformat(),
        "edition_id": route.edition_id,
        "needs_person": route.needs_person,
        "reasons": [wording._asdict() for wording in route.why],
        "layers": {kind.value: _found(each) for kind, each in route.layers.items()},
    }


def _found(found: Jurisdiction) -> dict[str, Any]:
    across = {"code": found.runner_up_code, "name": found.runner_up_name}
    distance = None if found.distance_m is None else round(found.distance_m, 2)
    return {
        "area_code": found.area_code,
        "area_name": found.area_name,
        "unit_code": found.unit_code,
        "unit_name": found.unit_name,
        "confidence": found.confidence.value,
        "distance_m": distance,
        "runner_up": across if found.runner_up_code else None,
        "reason": found.reason._asdict(),
        "override_author": found.override_author,
    }
