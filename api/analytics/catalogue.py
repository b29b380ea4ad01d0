"""The sources that are counted and drawn, each a question handed down to the layers.

A case counts when it was received and where its report lies; what has no place is not among them.
"""

from sqlalchemy import case as whether
from sqlalchemy import exists, func, or_, select

from api.assignments.domain import Role
from api.assignments.models import Assignment, AssignmentStep
from api.cases.models import Case
from api.clocks.models import Clock
from api.reports.models import Report
from api.reports.service import LAT, LON
from gis.wording import Wording
from layers.source import PointSource

LEAD = (
    select(Assignment.unit_code)
    .where(Assignment.case_id == Case.id, Assignment.role == Role.LEAD)
    .limit(1)
    .scalar_subquery()
)
IS_LATE = or_(Clock.outcome == "late", Clock.stopped_at.is_(None) & (Clock.due_at < func.now()))
LATE = exists().where(Clock.case_id == Case.id, IS_LATE)
DAY_S = 86_400.0

CASES = PointSource(
    "cases",
    Wording("案件", "Cases"),
    select(
        LON,
        LAT,
        Report.received_at.label("at"),
        Report.kind,
        Report.category,
        Report.subcategory,
        Report.source,
        Case.grade,
        Case.state,
        LEAD.label("unit"),
        (func.extract("epoch", Case.closed_at - Case.opened_at) / DAY_S).label("days"),
        whether((Case.closed_at.is_not(None), whether((LATE, 0.0), else_=1.0))).label("on_time"),
    )
    .join(Case, Case.report_id == Report.id)
    .where(Report.geom.is_not(None)),
    codes=("kind", "category", "subcategory", "source", "grade", "state", "unit"),
    numbers=("days", "on_time"),
)
OVERDUE = PointSource(
    "overdue",
    Wording("超时任务", "Late tasks"),
    select(
        LON,
        LAT,
        Clock.due_at.label("at"),
        Clock.kind,
        Report.category,
        Clock.unit_code.label("unit"),
    )
    .join(Case, Case.report_id == Report.id)
    .join(Clock, Clock.case_id == Case.id)
    .where(Report.geom.is_not(None), Clock.stopped_at.is_(None), Clock.due_at < func.now()),
    codes=("kind", "category", "unit"),
)
CHECK_INS = PointSource(
    "check_ins",
    Wording("到场签到", "Check-ins"),
    select(
        AssignmentStep.lon.label("lon"),
        AssignmentStep.lat.label("lat"),
        AssignmentStep.at,
        Assignment.unit_code.label("unit"),
    )
    .join(Assignment, Assignment.id == AssignmentStep.assignment_id)
    .where(AssignmentStep.lon.is_not(None)),
    codes=("unit",),
)
SOURCES = {source.name: source for source in (CASES, OVERDUE, CHECK_INS)}
