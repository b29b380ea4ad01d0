"""Who answers for a place, what became of a case, and the placement queue."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy.orm import Session

from api.assignments.service import assignments
from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.beijing import beijing_day
from api.cases.domain import STATE_TITLES, Acting, State
from api.cases.models import Case, CaseEvent
from api.cases.service import find_case, history
from api.clocks.door import TimetableNow
from api.deps import Given
from api.dispatch import schemas
from api.dispatch.domain import evidence
from api.dispatch.models import Placement
from api.dispatch.service import (
    Decision,
    Named,
    claim,
    confirm,
    how_many_wait,
    open_placement,
    placement_of,
    redispatch,
    release,
    waiting,
)
from api.reports.models import Report
from api.reports.service import find
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS
from gis.datum import to_wgs84
from gis.geometry import checked_point
from grids.jurisdictions import route

router = APIRouter(tags=["dispatch"], responses=PROBLEMS)

Number = Annotated[str, Path(max_length=32)]


@router.get("/v1/route", response_model=schemas.RouteAnswer)
def who_answers(asked: Annotated[schemas.RouteRequest, Query()], given: Given) -> dict[str, Any]:
    """Who answers for a point on a day, with reasons. Nothing is stored."""
    checked_point(asked.lon, asked.lat)
    lon, lat = to_wgs84(asked.lon, asked.lat, asked.datum)
    day = asked.on or beijing_day(given.clock())
    index, near_m = given.editions.at(day), given.settings.near_line_m
    return evidence(route(index, lon, lat, day, accuracy_m=asked.accuracy_m, near_m=near_m))


@router.get("/v1/cases/{number}", response_model=schemas.CaseAnswer)
def show_case(number: Number, asker: Asker, response: Response) -> schemas.CaseAnswer:
    """A case with its report, its place, its units, and its history."""
    response.headers["Cache-Control"] = "no-store"
    with asker.transaction() as session:
        case = find_case(session, number)
        report, lon, lat = find(session, case.report_id)
        held = placement_of(session, case.id)
        sent = [schemas.AssignmentAnswer.of(each) for each in assignments(session, case.id)]
        told = [_line(each) for each in history(session, case.id)]
        _note(session, asker, Deed.CASE_READ, number)
    words = _report_words(report) | _case_words(case)
    return schemas.CaseAnswer(
        **words,
        placement=_placement(report, lon, lat),
        route=report.route,
        assignments=sent,
        open=held.questions if held else [],
        history=told,
    )


def _case_words(case: Case) -> dict[str, Any]:
    state = State(case.state)
    return {
        "case_number": case.number,
        "report_id": str(case.report_id),
        "state": STATE_TITLES[state]._asdict(),
        "state_code": state.value,
    }


def _report_words(report: Report) -> dict[str, Any]:
    told = ("kind", "category", "subcategory", "answers", "title", "text", "ruling")
    when = ("occurred_at", "received_at", "source", "people_involved", "synthetic")
    return {name: getattr(report, name) for name in (*told, *when)}


def _placement(report: Report, lon: float | None, lat: float | None) -> dict[str, Any]:
    return {
        "method": report.method,
        "datum": report.datum,
        "lon": lon,
        "lat": lat,
        "radius_m": report.radius_m,
        "address": report.raw_place.get("address"),
        "grid_code": report.grid_code,
        "edition_id": report.edition_id,
        "raw": report.raw_place,
    }


def _line(line: CaseEvent) -> dict[str, Any]:
    return {
        "happening": line.happening,
        "actor": line.actor,
        "at": line.at,
        "content": line.content,
    }


@router.get("/v1/placements", response_model=schemas.PlacementQueue)
def queue(
    asker: Asker,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    case: Annotated[str | None, Query(max_length=32)] = None,
) -> schemas.PlacementQueue:
    """The cases that wait for a person, oldest first; with ``case``, a number, only that one."""
    with asker.transaction() as session:
        items = [_waiting(*row) for row in waiting(session, limit, case)]
        return schemas.PlacementQueue(items=items, total=how_many_wait(session))


def _waiting(
    held: Placement, case: Case, report: Report, lon: float | None, lat: float | None
) -> schemas.PlacementItem:
    return schemas.PlacementItem(
        id=held.id,
        case_number=case.number,
        category=report.category,
        kind=report.kind,
        title=report.title,
        lon=lon,
        lat=lat,
        radius_m=report.radius_m,
        address=report.raw_place.get("address"),
        held_at=held.held_at,
        reasons=held.doubts,
        open=held.questions,
    )


@router.post("/v1/placements/{placement_id}/confirm", status_code=204)
def confirm_units(
    placement_id: int, body: schemas.Confirmation, asker: Asker, timetable: TimetableNow
) -> None:
    """Send the units that a person chose for a held case, with the reason."""
    choices = {each.kind: each.unit_code for each in body.choices}
    index = asker.given.editions.at(beijing_day(asker.now))
    decision = Decision(choices, Acting.of(asker.who, asker.now, body.reason))
    with asker.transaction() as session:
        held = open_placement(session, placement_id)
        confirm(session, timetable, held, decision, index.units)
        number = session.get_one(Case, held.case_id).number
        _note(session, asker, Deed.PLACEMENT_CONFIRMED, number, body.reason)


@router.post("/v1/cases/{number}/dispatch", status_code=204)
def dispatch_again(
    number: Number, body: schemas.DispatchRequest, asker: Asker, timetable: TimetableNow
) -> None:
    """Send a case that came back, or was reopened, to the units that a person names."""
    acting = Acting.of(asker.who, asker.now, body.reason)
    named = [Named(each.unit_code, each.role) for each in body.units]
    with asker.transaction() as session:
        redispatch(session, timetable, find_case(session, number), named, acting)
        _note(session, asker, Deed.CASE_DISPATCHED, number, body.reason)


@router.post("/v1/cases/{number}/claim", status_code=204)
def claim_case(number: Number, asker: Asker) -> None:
    """Take a case into one's hands; who comes second is told who has it, and since when."""
    with asker.transaction() as session:
        find_case(session, number)
    # Whose it is, is told by the house: names of people are not within an asker's rows.
    with asker.system() as session:
        claim(session, find_case(session, number), Acting.of(asker.who, asker.now))
        _note(session, asker, Deed.CASE_CLAIMED, number)


@router.post("/v1/cases/{number}/release", status_code=204)
def release_case(number: Number, asker: Asker) -> None:
    """Give a case up again."""
    with asker.transaction() as session:
        release(session, find_case(session, number), Acting.of(asker.who, asker.now))
        _note(session, asker, Deed.CASE_RELEASED, number)


def _note(session: Session, asker: Asking, deed: Deed, number: str, reason: str = "") -> None:
    """Write a deed on a case down; it comes last in the transaction."""
    who = asker.who
    record(session, [Entry(deed, str(who.id), who.name, f"case:{number}", {}, reason)], asker.now)
