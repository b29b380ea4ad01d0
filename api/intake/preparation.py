"""Deciding about a report without the database: where it is, its grade, and who is sent."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from api.assignments.service import Traits
from api.beijing import beijing_day
from api.cases.domain import Grade, State
from api.cases.service import SYSTEM
from api.dispatch.domain import (
    NO_EDITION,
    NO_PLACE,
    Plan,
    evidence,
    plan,
    plan_without_route,
)
from api.intake.domain import place_of
from api.reports.domain import Filing, Place
from api.reports.service import Evidence, NewReport
from api.rights.roles import Role, Who
from api.risk.service import Preliminary, foreseen
from api.rules.domain import Ruling
from api.rules.service import Bench
from gis.geocoding.geocoder import Geocoder
from grids.jurisdictions import NEAR_M, EditionIndex, route


@dataclass(frozen=True)
class Ground:
    """What a report is placed and routed by: the day's edition (None: there is none), addresses,
    and what decides beside the place.
    """

    index: EditionIndex | None
    geocoder: Geocoder
    near_m: float = NEAR_M
    bench: Bench = field(default_factory=Bench)


class FirstAsked(NamedTuple):
    """Who stays answerable until a unit has signed (首问责任); nobody by name for a channel."""

    person_id: UUID | None = None
    name: str = SYSTEM


CHANNEL = FirstAsked()


@dataclass(frozen=True)
class Prepared:
    """A report placed and planned, not yet stored, and the id that its case will have."""

    case_id: UUID
    report: NewReport
    plan: Plan
    first_asked: FirstAsked
    graded: Preliminary
    ruling: Ruling

    @property
    def traits(self) -> Traits:
        """What decides the limits of its units."""
        category, limits = self.report.filing.category, self.ruling.then.limits
        return Traits(self.case_id, category, self.graded.grade, limits)

    @property
    def tier(self) -> str:
        """Who handles the case: as the rule says, else as the grade does."""
        return self.ruling.then.tier or self.graded.tier

    @property
    def state(self) -> State:
        return State.DISPATCHED if self.plan.complete else State.REGISTERED


def prepare(
    filing: Filing, ground: Ground, received_at: datetime, by: Who | None = None
) -> Prepared:
    """Place a filing and plan its dispatch. Raises BadCoordinate."""
    place, case_id = place_of(filing, ground.geocoder), uuid4()
    graded = foreseen(ground.bench.form, case_id, filing)
    told = Told(filing, graded.grade, received_at)
    evidence, planned, ruling = routed(place, ground, told, beijing_day(received_at))
    report = NewReport(uuid4(), filing, received_at, evidence, by.id if by else None)
    asked = CHANNEL if by is None or Role.SERVICE in by.roles else FirstAsked(by.id, by.name)
    return Prepared(case_id, report, planned, asked, graded, ruling)


class Told(NamedTuple):
    """What the rules decide by, beside the place: the filing, its grade, and when it came in."""

    filing: Filing
    grade: Grade
    at: datetime


def routed(place: Place, ground: Ground, told: Told, on: date) -> tuple[Evidence, Plan, Ruling]:
    """Who answers for a place on a day, as evidence to keep, as a plan, and by which rule."""
    index, bench = ground.index, ground.bench
    if place.lon is None or place.lat is None or index is None:
        ruling = bench.ruling(bench.facts(told.filing, told.at, None, told.grade))
        doubt = NO_EDITION if index is None and place.lon is not None else NO_PLACE
        kept = Evidence(place, on, ruling=ruling.content())
        return kept, plan_without_route(doubt, ruling), ruling
    found = route(index, place.lon, place.lat, on, accuracy_m=place.radius_m, near_m=ground.near_m)
    cell, street = found.grid.area_code, found.street.area_code
    ruling = bench.ruling(bench.facts(told.filing, told.at, cell or street, told.grade))
    ruled = ruling.content()
    kept = Evidence(place, on, index.edition_id, cell, street, evidence(found), ruled)
    return kept, plan(found, index, ruling), ruling
