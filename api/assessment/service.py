"""Grading a case with all that follows: its step, and the limits of its clocks. The caller commits.

The grade itself, its level and its event are `api.risk.service`'s.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from api.cases.domain import Acting, Grade, State
from api.cases.models import Case
from api.clocks import service as clocks
from api.clocks.service import Regrading, Timetable
from api.life.domain import LIFE, Action
from api.life.service import Taking, take
from api.reports.models import Report
from api.risk import service as risk
from api.risk.domain import Validity
from api.risk.models import Grading
from api.risk.service import Answers
from api.rules.service import limits_ruled


def assess(
    session: Session, timetable: Timetable, case: Case, answers: Answers, acting: Acting
) -> Grading:
    """Grade a case by a person's answers. Out of red it waits for a second person."""
    return _follow(
        session, timetable, case, acting, lambda: risk.assess(session, case, answers, acting)
    )


def override(
    session: Session, timetable: Timetable, case: Case, grade: Grade, acting: Acting
) -> Grading:
    """Give a case a grade against the form's. Raises BadInput without a reason, Conflict."""
    return _follow(
        session, timetable, case, acting, lambda: risk.override(session, case, grade, acting)
    )


def decide(
    session: Session, timetable: Timetable, case: Case, acting: Acting, *, agreed: bool
) -> Grading:
    """Confirm or decline, as a second person, the grading that waits. Raises Conflict."""
    return _follow(
        session,
        timetable,
        case,
        acting,
        lambda: risk.decide(session, case, acting, agreed=agreed),
    )


def _follow(
    session: Session,
    timetable: Timetable,
    case: Case,
    acting: Acting,
    grade: Callable[[], Grading],
) -> Grading:
    """Grade a case under its lock, then let what the grade decides follow it."""
    session.refresh(case, with_for_update=True)
    before = Grade(case.grade) if case.grade else None
    grading = grade()
    if grading.standing == Validity.VALID:
        _set_clocks(session, timetable, case, before)
        _go_on(session, timetable, case, acting)
    return grading


def _set_clocks(session: Session, timetable: Timetable, case: Case, before: Grade | None) -> None:
    after = Grade(case.grade or Grade.BLUE)
    if after is not before:
        report = session.get_one(Report, case.report_id)
        change = Regrading(case.id, report.category, before, after, limits_ruled(report).keys())
        clocks.regrade(session, timetable, change, clocks.instant(session))


def _go_on(session: Session, timetable: Timetable, case: Case, acting: Acting) -> None:
    """A case that was only registered is assessed now, where whoever decided may say so."""
    step = LIFE[Action.ASSESS]
    if State(case.state) in step.sources and acting.roles & step.roles:
        take(session, timetable, case, Taking(Action.ASSESS, acting, {"grade": case.grade}))
