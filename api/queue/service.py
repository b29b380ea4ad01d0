"""Reading the queue as far as the caller's session sees it.

A case stands where its next running clock puts it. The clocks are read in the order of their
index and only as far as a page needs them, so the length of the queue costs nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from api.accounts.models import Person
from api.assignments.domain import OPEN_STAGES, Role
from api.assignments.models import Assignment
from api.cases.models import Case
from api.clocks.models import Clock
from api.clocks.service import RUNS
from api.dispatch.service import CLAIMED_FOR
from api.queue.domain import MOST_COUNTED, Part, states_of
from api.reports.models import Report
from api.reports.service import LAT, LON
from grids.models import Unit


class Position(NamedTuple):
    """Where a case stands in the queue: its clock's due time and id."""

    due_at: datetime
    clock_id: int


class Asked(NamedTuple):
    """Which cases: a part, narrowed by grade and by street, after a position."""

    part: Part
    person_id: UUID
    grade: str | None = None
    street_code: str | None = None
    after: Position | None = None


class Lead(NamedTuple):
    """The unit in the lead, and how far it has come."""

    unit_code: str
    unit_name: str
    stage: str


class Claimed(NamedTuple):
    """Who has a case in hand, and since when."""

    person_id: UUID
    since: datetime


class Queued(NamedTuple):
    """A case with the clock that is due next, and whose clock it is."""

    clock: Clock
    case: Case
    report: Report
    lon: float | None
    lat: float | None
    unit_name: str | None

    @property
    def position(self) -> Position:
        """Where it stands."""
        return Position(self.clock.due_at, self.clock.id)


EARLIER = aliased(Clock)
IN_HAND = and_(Case.claimed_by.is_not(None), Case.claimed_at >= func.now() - CLAIMED_FOR)


def _next_of_its_case() -> ColumnElement[bool]:
    """No other running clock of the case is due sooner."""
    runs = and_(EARLIER.stopped_at.is_(None), EARLIER.paused_at.is_(None))
    sooner = tuple_(EARLIER.due_at, EARLIER.id) < tuple_(Clock.due_at, Clock.id)
    return ~exists().where(EARLIER.case_id == Clock.case_id, runs, sooner)


def _wanted(asked: Asked) -> Select[Any]:
    """The clocks that put cases where they stand."""
    query = select(Clock.id).join(Case, Case.id == Clock.case_id)
    query = query.where(RUNS, _next_of_its_case(), Case.state.in_(states_of(asked.part)))
    if asked.part is Part.LATE:
        query = query.where(Clock.due_at <= func.now())
    if asked.part is Part.MINE:
        query = query.where(IN_HAND, Case.claimed_by == asked.person_id)
    if asked.grade is not None:
        query = query.where(Case.grade == asked.grade)
    if asked.street_code is not None:
        query = query.join(Report, Report.id == Case.report_id)
        query = query.where(Report.street_code == asked.street_code)
    return query


def page(session: Session, asked: Asked, limit: int) -> list[Queued]:
    """So many cases after a position, what is due first first."""
    query = _wanted(asked).with_only_columns(Clock, Case, maintain_column_froms=True)
    if asked.after is not None:
        query = query.where(tuple_(Clock.due_at, Clock.id) > asked.after)
    found = session.execute(query.order_by(Clock.due_at, Clock.id).limit(limit)).all()
    reports = _by_id(session, [case.report_id for _, case in found])
    names = _unit_names(session, {clock.unit_code for clock, _ in found if clock.unit_code})
    return [
        Queued(clock, case, *reports[case.report_id], names.get(clock.unit_code or ""))
        for clock, case in found
    ]


def _by_id(
    session: Session, ids: Collection[UUID]
) -> dict[UUID, tuple[Report, float | None, float | None]]:
    rows = session.execute(select(Report, LON, LAT).where(Report.id.in_(ids)))
    return {report.id: (report, lon, lat) for report, lon, lat in rows}


def _unit_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    query = select(Unit.code, Unit.name).where(Unit.code.in_(codes))
    return dict(session.execute(query).all())


def count(session: Session, asked: Asked) -> int:
    """How many cases a part has, counted up to :data:`api.queue.domain.MOST_COUNTED`."""
    few = _wanted(asked).limit(MOST_COUNTED).subquery()
    return session.scalars(select(func.count()).select_from(few)).one()


def leads(session: Session, case_ids: Collection[UUID]) -> dict[UUID, Lead]:
    """The unit in the lead of each case that has one at work."""
    columns = (Assignment.unit_code, Assignment.unit_name, Assignment.stage)
    query = select(Assignment.case_id, *columns).where(
        Assignment.case_id.in_(case_ids),
        Assignment.role == Role.LEAD,
        Assignment.stage.in_(OPEN_STAGES),
    )
    return {case_id: Lead(*lead) for case_id, *lead in session.execute(query)}


def claims(session: Session, queued: Sequence[Queued]) -> dict[UUID, Claimed]:
    """Who has which of the cases in hand; a claim that was given up by lapse is none."""
    mine = Case.id.in_([each.case.id for each in queued])
    held = session.scalars(select(Case).where(mine, IN_HAND))
    return {
        case.id: Claimed(case.claimed_by, case.claimed_at)
        for case in held
        if case.claimed_by is not None and case.claimed_at is not None
    }


def names(session: Session, claimed: Iterable[Claimed]) -> dict[UUID, str]:
    """The names of those who have cases in hand; names are the house's to tell."""
    holders = {each.person_id for each in claimed}
    query = select(Person.id, Person.full_name).where(Person.id.in_(holders))
    return dict(session.execute(query).all())
