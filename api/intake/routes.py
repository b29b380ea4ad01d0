"""Filing and listing reports, finding addresses, and saying where a held case is."""

import hashlib
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import StringConstraints

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.beijing import beijing_day
from api.cases.domain import STATE_TITLES, Acting, State
from api.cases.models import Case
from api.cases.service import find_case
from api.clocks.door import TimetableNow
from api.deps import Given, Handles
from api.dispatch.service import Decision, open_placement
from api.intake import schemas
from api.intake.domain import geocoding_content, placed_at
from api.intake.door import Door
from api.intake.preparation import Ground, Prepared, prepare
from api.intake.service import (
    Answered,
    Claim,
    Desk,
    KeyTaken,
    Office,
    Written,
    answered,
    correct,
    delete_draft,
    drafts_of,
    find_draft,
    latest,
    save_draft,
    split,
)
from api.refusals import BadInput, Fault
from api.reports.domain import Method, require_plausible_time
from api.reports.models import Report
from api.rights.gate import Asker
from api.rules.door import BenchNow
from api.rules.service import Bench
from api.schemas import PROBLEMS, Said
from gis.geometry import WORLD, Frame
from gis.wording import Wording
from grids.editions import NoEdition

router = APIRouter(tags=["intake"], responses=PROBLEMS)

Key = Annotated[
    str,
    Header(alias="Idempotency-Key"),
    StringConstraints(pattern=r"^[\x21-\x7e]{8,128}$"),
]


def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


OpenDoor = Annotated[Door, Depends(_door)]


@router.post("/v1/reports", status_code=201, response_model=schemas.ReceiptAnswer)
def file_report(
    body: schemas.ReportRequest, key: Key, asker: Asker, door: OpenDoor, bench: BenchNow
) -> JSONResponse:
    """Receive a dispute or a patrol report: place it, open its case, send the units.

    The same key with the same body is answered the same for 30 days; with another body it is 422.
    """
    who, now = asker.who, asker.now
    require_plausible_time(body.occurred_at, now)
    # All that needs no row is done before the transaction, which holds a connection.
    prepared = prepare(body.filing(), ground(asker.given, now, bench), now, who)
    # A key is the asker's own: nobody else is told what was answered to it.
    fingerprint = hashlib.sha256(f"{who.id} {body.model_dump_json()}".encode()).hexdigest()
    claim = Claim(key, fingerprint, _receipt(prepared))
    try:
        number = door.receive(prepared, claim, who)
    except KeyTaken:
        with asker.system() as session:
            return _again(answered(session, key), claim)
    return _created(number, claim.answer)


def _again(known: Answered, claim: Claim) -> JSONResponse:
    if known.fingerprint != claim.fingerprint:
        what = Wording("这个键已用于另一份内容", "this key was used for another body")
        mend = Wording("新的报告使用新的键", "use a new key for a new report")
        raise BadInput(Fault("Idempotency-Key", what, mend))
    return _created(known.case_number, known.answer, {"Idempotent-Replay": "true"})


def _created(
    number: str, answer: dict[str, Any], headers: dict[str, str] | None = None
) -> JSONResponse:
    words = {"Location": f"/v1/cases/{number}"} | (headers or {})
    return JSONResponse({"case_number": number} | answer, 201, headers=words)


def ground(given: Handles, now: datetime, bench: Bench) -> Ground:
    """What a report received now is placed and routed by."""
    try:
        index = given.editions.at(beijing_day(now))
    except NoEdition:
        index = None
    return Ground(index, given.places.current(), given.settings.near_line_m, bench)


def _receipt(prepared: Prepared) -> dict[str, Any]:
    report, evidence = prepared.report, prepared.report.evidence
    place = evidence.place
    return {
        "report_id": str(report.id),
        "state": STATE_TITLES[prepared.state]._asdict(),
        "state_code": prepared.state.value,
        "placement": {
            "method": place.method.value,
            "datum": place.datum.value if place.datum else None,
            "lon": place.lon,
            "lat": place.lat,
            "radius_m": place.radius_m,
            "grid_code": evidence.grid_code,
            "hexes": list(place.hexes),
            "held": not prepared.plan.complete,
            "raw": place.raw,
        },
        "route": evidence.route,
        "assignments": [each.content() for each in prepared.plan.sent],
    }


@router.get("/v1/reports", response_model=schemas.ReportList)
def list_reports(
    asker: Asker,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    after: str | None = None,
    bbox: str | None = None,
) -> schemas.ReportList:
    """The latest reports; ``bbox`` is ``west,south,east,north`` in EPSG:4326."""
    seen, frame = _cursor(after), _frame(bbox)
    with asker.transaction() as session:
        rows = latest(session, limit=limit, after=seen, bbox=frame)
    items = [_item(*row) for row in rows]
    full = len(items) == limit
    return schemas.ReportList(items=items, next=_next(items[-1]) if full else None)


def _item(report: Report, lon: float | None, lat: float | None, case: Case) -> schemas.ReportItem:
    state = State(case.state)
    street = ((report.route or {}).get("layers", {}).get("street") or {}).get("area_name")
    return schemas.ReportItem(
        report_id=str(report.id),
        case_number=case.number,
        state=Said(**STATE_TITLES[state]._asdict()),
        state_code=state.value,
        kind=report.kind,
        category=report.category,
        title=report.title,
        occurred_at=report.occurred_at,
        received_at=report.received_at,
        source=report.source,
        lon=lon,
        lat=lat,
        street=street,
        synthetic=report.synthetic,
    )


def _next(item: schemas.ReportItem) -> str:
    return f"{item.received_at.isoformat()}~{item.report_id}"


def _cursor(after: str | None) -> tuple[datetime, UUID] | None:
    if after is None:
        return None
    instant, _, report_id = after.partition("~")
    try:
        return datetime.fromisoformat(instant), UUID(report_id)
    except ValueError:
        what = Wording("不是本接口给出的位置", "is no position that this interface gave")
        mend = Wording("使用上一页的 next", "use the last page's next")
        raise BadInput(Fault("after", what, mend)) from None


def _frame(bbox: str | None) -> Frame | None:
    if bbox is None:
        return None
    try:
        frame = Frame(*map(float, bbox.split(",")))
        sound = frame.west < frame.east and frame.south < frame.north
    except (TypeError, ValueError):
        sound = False
    if not (
        sound and WORLD.holds(frame.west, frame.south) and WORLD.holds(frame.east, frame.north)
    ):
        what = Wording("不是经纬度范围", "is no range of longitude and latitude")
        mend = Wording("写成 西,南,东,北", "write west,south,east,north")
        raise BadInput(Fault("bbox", what, mend))
    return frame


@router.get("/v1/geocode", response_model=schemas.GeocodeAnswer)
def geocode(
    given: Given, text: Annotated[str, Query(min_length=1, max_length=200)]
) -> dict[str, Any]:
    """Possible places of an address, the best first, each with its uncertainty in metres."""
    return geocoding_content(given.places.current().geocode(text))


@router.post("/v1/placements/{placement_id}/place", status_code=204)
def correct_place(
    placement_id: int,
    body: schemas.CorrectionRequest,
    asker: Asker,
    timetable: TimetableNow,
    bench: BenchNow,
) -> None:
    """Say where a held case is; the units that follow for certain are sent."""
    who, now = asker.who, asker.now
    place, ground_now = placed_at(body.position(), Method.PERSON), ground(asker.given, now, bench)
    decision = Decision({}, Acting.of(who, now, body.reason))
    with asker.transaction() as session:
        open_placement(session, placement_id)
    # The place may prove to lie in another street, out of the asker's own reach.
    with asker.system() as session:
        held = open_placement(session, placement_id)
        number = correct(session, timetable, held, (place, decision), ground_now)
        subject = f"case:{number}"
        corrected = Entry(Deed.PLACE_CORRECTED, str(who.id), who.name, subject, reason=body.reason)
        record(session, [corrected], now)


@router.post("/v1/cases/{number}/parts", status_code=201, response_model=schemas.SplitAnswer)
def split_case(
    number: Annotated[str, Path(max_length=32)],
    body: schemas.SplitRequest,
    asker: Asker,
    timetable: TimetableNow,
    bench: BenchNow,
) -> schemas.SplitAnswer:
    """Open a case of its own for each part of a case; the case itself goes on."""
    who, now = asker.who, asker.now
    office = Office(asker.given.settings.case_prefix, timetable)
    desk = Desk(ground(asker.given, now, bench), office)
    with asker.transaction() as session:
        case_id = find_case(session, number).id
    # What is opened may lie in another street than the asker's own reach.
    with asker.system() as session:
        case, acting = session.get_one(Case, case_id), Acting.of(who, now, body.reason)
        parts = [part.part() for part in body.parts]
        numbers = split(session, case, parts, (who, acting), desk)
        words = {"parts": numbers}
        subject = f"case:{number}"
        record(
            session,
            [Entry(Deed.CASE_SPLIT, str(who.id), who.name, subject, words, body.reason)],
            now,
        )
    return schemas.SplitAnswer(case_numbers=numbers)


@router.get("/v1/drafts", response_model=schemas.DraftList)
def list_drafts(asker: Asker) -> schemas.DraftList:
    """What the asker is writing, the latest first. Nobody else sees it."""
    with asker.transaction() as session:
        found = drafts_of(session, asker.given.keyring)
    return schemas.DraftList(items=[schemas.DraftAnswer.of(each) for each in found])


@router.get("/v1/drafts/{draft_id}", response_model=schemas.DraftAnswer)
def show_draft(draft_id: UUID, asker: Asker) -> schemas.DraftAnswer:
    """One of the asker's own drafts."""
    with asker.transaction() as session:
        return schemas.DraftAnswer.of(find_draft(session, asker.given.keyring, draft_id))


@router.put("/v1/drafts/{draft_id}", status_code=204)
def keep_draft(draft_id: UUID, body: schemas.DraftRequest, asker: Asker) -> None:
    """Keep what is being written. It is the asker's own note, sealed, and not in the audit."""
    written = Written(draft_id, body.kind, body.content, asker.now)
    with asker.transaction() as session:
        save_draft(session, asker.given.keyring, asker.who.id, written)


@router.delete("/v1/drafts/{draft_id}", status_code=204)
def throw_away(draft_id: UUID, asker: Asker) -> None:
    """Throw a draft away, as after filing it."""
    with asker.transaction() as session:
        delete_draft(session, draft_id)
