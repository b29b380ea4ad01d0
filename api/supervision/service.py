"""The board of supervision: clocks and cards as far as the caller's session sees them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from api.cases.models import Case
from api.clocks.models import CardGiven, Clock
from api.clocks.service import RUNS
from api.reports.models import Report
from grids.models import Unit


class Tally(NamedTuple):
    """How the running clocks of one kind stand at one unit; each is counted in one of the four."""

    kind: str
    unit_code: str | None
    unit_name: str | None
    on_time: int
    reminded: int
    yellow: int
    red: int


class LateClock(NamedTuple):
    """A running clock whose time is over."""

    case_number: str
    grade: str | None
    kind: str
    unit_code: str | None
    unit_name: str | None
    due_at: datetime
    red_at: datetime
    synthetic: bool


class GivenCard(NamedTuple):
    """A reminder or a card that was given."""

    case_number: str
    kind: str
    unit_code: str | None
    unit_name: str | None
    card: str
    tier: str
    due_at: datetime
    at: datetime
    synthetic: bool


def tallies(session: Session) -> list[Tally]:
    """Running clocks by kind and unit, those with the most cards first."""
    now = func.now()
    late, red = func.count().filter(Clock.due_at <= now), func.count().filter(Clock.red_at <= now)
    reminded = func.count().filter(Clock.remind_at <= now, Clock.due_at > now)
    on_time = func.count().filter(Clock.remind_at > now)
    columns = (Clock.kind, Clock.unit_code, Unit.name)
    counted = (on_time, reminded, late - red, red)
    query = select(*columns, *counted).outerjoin(Unit, Unit.code == Clock.unit_code).where(RUNS)
    query = query.group_by(*columns).order_by(red.desc(), late.desc(), *columns[:2])
    return [Tally(*row) for row in session.execute(query)]


def late_clocks(session: Session, limit: int) -> list[LateClock]:
    """Running clocks that are late, the one that is late longest first."""
    columns = (Case.number, Case.grade, Clock.kind, Clock.unit_code, Unit.name)
    query = select(*columns, Clock.due_at, Clock.red_at, Report.synthetic).select_from(Clock)
    query = query.join(Case, Case.id == Clock.case_id).join(Report, Report.id == Case.report_id)
    query = query.outerjoin(Unit, Unit.code == Clock.unit_code)
    query = query.where(RUNS, Clock.due_at <= func.now()).order_by(Clock.due_at, Clock.id)
    return [LateClock(*row) for row in session.execute(query.limit(limit))]


def latest_cards(session: Session, limit: int) -> list[GivenCard]:
    """The cards that were given last, newest first."""
    clock = (Case.number, Clock.kind, Clock.unit_code, Unit.name)
    card = (CardGiven.card, CardGiven.tier, CardGiven.due_at, CardGiven.at)
    query = select(*clock, *card, Report.synthetic).select_from(CardGiven)
    query = query.join(Clock, Clock.id == CardGiven.clock_id)
    query = query.join(Case, Case.id == CardGiven.case_id)
    query = query.join(Report, Report.id == Case.report_id)
    query = query.outerjoin(Unit, Unit.code == Clock.unit_code)
    newest = query.order_by(CardGiven.at.desc(), CardGiven.id.desc())
    return [GivenCard(*row) for row in session.execute(newest.limit(limit))]


def stuck(session: Session) -> int:
    """How many clocks could not be served when their time came, and wait for another attempt."""
    waiting = and_(Clock.attempts > 0, Clock.next_at.is_not(None))
    return session.scalars(select(func.count()).select_from(Clock).where(waiting)).one()
