"""Routing a case again after its place or its category was corrected. The caller commits."""

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.assignments.domain import CALLED, OPEN_STAGES, Move, Role
from api.assignments.models import Assignment
from api.assignments.service import Calling, Turning, call, turn
from api.cases.domain import Acting, Grade, Happening, State
from api.cases.models import Case
from api.cases.service import Line, write_history
from api.clocks.service import Timetable
from api.intake.domain import placed_at
from api.intake.preparation import Ground, Told, routed
from api.intake.service import filing_of
from api.life.domain import Action
from api.life.service import Taking, take
from api.refusals import Conflict
from api.reports.domain import Category, Method, Place, Position
from api.reports.models import Report
from api.reports.service import Evidence, find, replace_category, replace_place
from api.rerouting.domain import AtWork, Change, changed, require_routable


class Correction(NamedTuple):
    """What was wrong; None leaves it as it is. A category comes with its sub-category."""

    category: Category | None = None
    subcategory: str | None = None
    position: Position | None = None


class Foreseen(NamedTuple):
    """What a correction would make of a case, before anything is changed."""

    change: Change
    evidence: Evidence


def foresee(
    session: Session, case: Case, correction: Correction, ground: Ground, on: date
) -> Foreseen:
    """Route a case by its corrected report. Raises Conflict for one that is not routed now or
    whose units would be in doubt: then a person names them.
    """
    require_routable(State(case.state))
    report, lon, lat = find(session, case.report_id)
    filing = filing_of(report, lon, lat)
    if correction.category is not None:
        subcategory = correction.subcategory
        filing = replace(filing, category=correction.category, subcategory=subcategory)
    place = _place(report, (lon, lat), correction)
    told = Told(filing, Grade(case.grade or Grade.BLUE), report.received_at)
    evidence, plan, _ = routed(place, ground, told, on)
    if not plan.complete:
        raise Conflict(plan.doubts[0])
    return Foreseen(changed(at_work(session, case), plan.sent), evidence)


def _place(
    report: Report, lonlat: tuple[float | None, float | None], correction: Correction
) -> Place:
    if correction.position is not None:
        return placed_at(correction.position, Method.PERSON)
    lon, lat = lonlat
    return Place(
        report.raw_place, Method(report.method), lon=lon, lat=lat, radius_m=report.radius_m
    )


def at_work(session: Session, case: Case) -> list[AtWork]:
    """The units that have a part in a case now, locked."""
    mine = (Assignment.case_id == case.id, Assignment.stage.in_(OPEN_STAGES))
    rows = session.scalars(select(Assignment).where(*mine).order_by(Assignment.id))
    return [AtWork(each.unit_code, each.unit_name, Role(each.role), each.actor) for each in rows]


def reroute(
    session: Session,
    timetable: Timetable,
    case: Case,
    given: tuple[Correction, Ground, date],
    acting: Acting,
) -> Change:
    """Correct a case and send it where it belongs now; units are told by their assignments.

    Raises what :func:`foresee` raises.
    """
    session.refresh(case, with_for_update=True)
    correction, ground, on = given
    change, evidence = foresee(session, case, correction, ground, on)
    _correct(session, case, correction, evidence)
    if not change.nothing:
        _withdraw(session, timetable, case, change, acting)
        call(session, timetable, case, Calling(change.after, acting))
        _hand_back(session, timetable, case, change, acting)
    told = _words(change) | {"reason": acting.reason}
    write_history(session, [Line(case.id, Happening.REROUTED, told, acting.name)])
    session.flush()
    return change


def _correct(session: Session, case: Case, correction: Correction, evidence: Evidence) -> None:
    if correction.category is not None:
        replace_category(session, case.report_id, correction.category, correction.subcategory)
    if correction.position is not None:
        replace_place(session, case.report_id, evidence)
    else:
        ruled = update(Report).where(Report.id == case.report_id)
        session.execute(ruled.values(ruling=evidence.ruling))


def _withdraw(
    session: Session, timetable: Timetable, case: Case, change: Change, acting: Acting
) -> None:
    """Take units off; another one may then answer for the kind of area in their place."""
    for each in change.leaving:
        row = turn(session, timetable, case, each.unit_code, Turning(Move.WITHDRAW, acting))
        row.kind = CALLED
    session.flush()


def _hand_back(
    session: Session, timetable: Timetable, case: Case, change: Change, acting: Acting
) -> None:
    """Under another lead a case that was in hand waits for a signature again, as any other."""
    if not change.lead_changes or State(case.state) is State.DISPATCHED:
        return
    house = replace(acting, person_id=None)
    take(session, timetable, case, Taking(Action.RETURN, house))
    units = [each.unit_code for each in change.after]
    take(session, timetable, case, Taking(Action.DISPATCH, acting, {"units": units}))


def _words(change: Change) -> dict[str, Any]:
    return {
        "before": "、".join(each.unit_name for each in change.before),
        "after": "、".join(each.unit_name for each in change.after),
    }
