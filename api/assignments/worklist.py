"""What units have to do: the inbox of one, the load of all. Only of cases that are not over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from api.assignments.domain import OPEN_STAGES
from api.assignments.models import Assignment
from api.cases.domain import OPEN_STATES
from api.cases.models import Case
from api.clocks.models import Clock
from api.reports.models import Report
from api.reports.service import LAT, LON
from grids.models import Unit

DUE_FIRST = (
    select(func.min(Clock.due_at))
    .where(
        Clock.case_id == Assignment.case_id,
        Clock.unit_code == Assignment.unit_code,
        Clock.stopped_at.is_(None),
    )
    .correlate(Assignment)
    .scalar_subquery()
)
INBOX = (
    select(
        Assignment,
        Case,
        Report,
        LON,
        LAT,
        DUE_FIRST.label("due_at"),
    )
    .join(Case, Case.id == Assignment.case_id)
    .join(Report, Report.id == Case.report_id)
    .where(Assignment.stage.in_(OPEN_STAGES), Case.state.in_(OPEN_STATES))
    .order_by(DUE_FIRST.asc().nulls_last(), Assignment.id)
)

InboxRow = Row[Assignment, Case, Report, float | None, float | None, datetime | None]


def inbox(session: Session, unit_code: str, limit: int) -> Sequence[InboxRow]:
    """What a unit has to do, the first due first: assignment, case, report, its place (EPSG:4326)
    and when the unit's next clock is over.
    """
    return session.execute(INBOX.where(Assignment.unit_code == unit_code).limit(limit)).all()


def load(session: Session) -> Sequence[Row[str, str, int | None, str, int]]:
    """How much each unit has to do: code, name, capacity, stage, open assignments at it."""
    many = func.count().label("many")
    return session.execute(
        select(Unit.code, Unit.name, Unit.capacity, Assignment.stage, many)
        .join(Unit, Unit.code == Assignment.unit_code)
        .join(Case, Case.id == Assignment.case_id)
        .where(Assignment.stage.in_(OPEN_STAGES), Case.state.in_(OPEN_STATES))
        .group_by(Unit.code, Assignment.stage)
        .order_by(Unit.code, Assignment.stage)
    ).all()
