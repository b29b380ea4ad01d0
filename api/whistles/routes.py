"""Blowing whistles, the roll call, escalation, standing down, scores, opinions, and the rate."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from api.accounts import service as accounts
from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.beijing import beijing_day
from api.cases.domain import Acting, require_member_role
from api.cases.models import Case
from api.cases.service import find_case
from api.clocks.door import TimetableNow
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS
from api.whistles import schemas, sheet
from api.whistles.domain import SMALL_NUMBER, Muster
from api.whistles.door import Expert, give_opinion, seat
from api.whistles.models import Whistle
from api.whistles.service import (
    Blast,
    blow,
    blow_emergency,
    end,
    escalate,
    find_whistle,
    justify,
    score,
)
from gis.wording import Wording
from grids.hierarchy import AreaKind

router = APIRouter(tags=["whistles"], responses=PROBLEMS)

Number = Annotated[str, Path(max_length=32)]
UnitCode = Annotated[str, Path(max_length=100)]
EMERGENCY = Wording("应急吹哨", "Emergency whistle")
MOST = 100


@router.get("/v1/cases/{number}/whistles", response_model=schemas.WhistleList)
def of_case(number: Number, asker: Asker) -> schemas.WhistleList:
    """The whistles of a case with their roll calls, the latest first."""
    with asker.transaction() as session:
        return schemas.WhistleList(items=sheet.of_case(session, find_case(session, number)))


@router.post("/v1/cases/{number}/whistles", status_code=201, response_model=schemas.WhistleAnswer)
def blow_whistle(
    number: Number, body: schemas.WhistleRequest, asker: Asker, timetable: TimetableNow
) -> schemas.WhistleAnswer:
    """Call units to a case, or experts to a joint consultation."""
    acting = Acting.of(asker.who, asker.now, body.words)
    experts = [_expert(each, asker) for each in body.experts]
    blast = Blast(body.type, body.ground, body.called(), acting, len(experts))
    with asker.transaction() as session:
        case = find_case(session, number)
        whistle = blow(session, timetable, case, blast)
        for expert in experts:
            seat(session, whistle.id, expert, acting)
        return _done(session, asker, (whistle, case), Deed.WHISTLE_BLOWN, {"type": body.type})


def _expert(body: schemas.ExpertRequest, asker: Asking) -> Expert:
    """An expert by account is found by the house: people are not within an asker's rows."""
    if body.person_id is None:
        return Expert(body.name or "", body.profession)
    with asker.system() as house:
        person = accounts.find(house, body.person_id)
        require_member_role(accounts.roles_of(house, person.id))
        return Expert(person.full_name, body.profession, person.id)


@router.post(
    "/v1/cases/{number}/whistles/emergency",
    status_code=201,
    response_model=schemas.WhistleAnswer,
)
def blow_emergency_whistle(
    number: Number,
    asker: Asker,
    timetable: TimetableNow,
    body: schemas.EmergencyRequest | None = None,
) -> schemas.WhistleAnswer:
    """One action: calls the police, street and justice units of the case and the standby units."""
    acting = Acting.of(asker.who, asker.now, (body and body.words) or EMERGENCY.zh)
    standby = asker.given.settings.standby_units
    with asker.transaction() as session:
        case = find_case(session, number)
        whistle = blow_emergency(session, timetable, case, standby, acting)
        content = {"type": whistle.kind}
        return _done(session, asker, (whistle, case), Deed.WHISTLE_BLOWN, content)


@router.get("/v1/whistles", response_model=schemas.WhistleList)
def running_whistles(
    asker: Asker, limit: Annotated[int, Query(ge=1, le=500)] = MOST
) -> schemas.WhistleList:
    """The whistles that still run, emergencies first."""
    with asker.transaction() as session:
        return schemas.WhistleList(items=sheet.running(session, limit))


@router.get("/v1/whistles/rate", response_model=schemas.RateAnswer)
def whistle_rate(
    asked: Annotated[schemas.RateRequest, Query()], asker: Asker
) -> schemas.RateAnswer:
    """Whistles per 100 cases by street and month; too many is as bad as too few."""
    months = sheet.Months.of(asked, asker.now)
    index = asker.given.editions.at(beijing_day(asker.now))
    names = {code: name for (kind, code), name in index.names.items() if kind is AreaKind.STREET}
    with asker.transaction() as session:
        items = sheet.rates(session, months, names)
    return schemas.RateAnswer(
        since=months.since, until=months.until, small_below=SMALL_NUMBER, items=items
    )


@router.get("/v1/whistles/{whistle_id}", response_model=schemas.WhistleAnswer)
def roll_call(whistle_id: int, asker: Asker) -> schemas.WhistleAnswer:
    """The roll call: who has signed, contacted, reported in, from how far; late ones first."""
    with asker.transaction() as session:
        return sheet.answer(session, *find_whistle(session, whistle_id))


@router.post("/v1/whistles/{whistle_id}/escalate", response_model=schemas.WhistleAnswer)
def escalate_whistle(
    whistle_id: int, body: schemas.ReasonRequest, asker: Asker
) -> schemas.WhistleAnswer:
    """Raise a whistle to the next tier; a card raises it by itself."""
    acting = Acting.of(asker.who, asker.now, body.reason)
    with asker.transaction() as session:
        found = escalate(session, whistle_id, acting)
        return _done(session, asker, found, Deed.WHISTLE_RAISED, {"tier": found[0].tier})


@router.post("/v1/whistles/{whistle_id}/done", response_model=schemas.WhistleAnswer)
def finish_whistle(
    whistle_id: int, body: schemas.ReasonRequest, asker: Asker, timetable: TimetableNow
) -> schemas.WhistleAnswer:
    """Say that a whistle has done what it was blown for, and with what result."""
    acting = Acting.of(asker.who, asker.now, body.reason)
    with asker.transaction() as session:
        found = end(session, timetable, whistle_id, Muster.DONE, acting)
        return _done(session, asker, found, Deed.WHISTLE_ENDED, {"ending": Muster.DONE})


@router.post("/v1/whistles/{whistle_id}/stand-down", response_model=schemas.WhistleAnswer)
def stand_down(
    whistle_id: int, body: schemas.ReasonRequest, asker: Asker, timetable: TimetableNow
) -> schemas.WhistleAnswer:
    """Call it off, with the reason; units that have no other part in the case go home."""
    acting = Acting.of(asker.who, asker.now, body.reason)
    with asker.transaction() as session:
        found = end(session, timetable, whistle_id, Muster.STOOD_DOWN, acting)
        return _done(session, asker, found, Deed.WHISTLE_ENDED, {"ending": Muster.STOOD_DOWN})


@router.put("/v1/whistles/{whistle_id}/calls/{code}/score", response_model=schemas.WhistleAnswer)
def score_unit(
    whistle_id: int, code: UnitCode, body: schemas.ScoreRequest, asker: Asker
) -> schemas.WhistleAnswer:
    """The caller's score of how a unit reported in."""
    acting = Acting.of(asker.who, asker.now, body.words)
    with asker.transaction() as session:
        found = score(session, whistle_id, code, body.score, acting)
        return _done(session, asker, found, Deed.WHISTLE_SCORED, {"unit": code})


@router.put("/v1/whistles/{whistle_id}/justification", response_model=schemas.WhistleAnswer)
def score_whistle(
    whistle_id: int, body: schemas.ScoreRequest, asker: Asker
) -> schemas.WhistleAnswer:
    """A called unit's score of whether the whistle was justified."""
    acting = Acting.of(asker.who, asker.now, body.words)
    with asker.transaction() as session:
        found = justify(session, whistle_id, body.score, acting)
        return _done(session, asker, found, Deed.WHISTLE_SCORED, {"unit": acting.unit_code})


@router.post(
    "/v1/whistles/{whistle_id}/experts", status_code=201, response_model=schemas.WhistleAnswer
)
def ask_expert(whistle_id: int, body: schemas.ExpertRequest, asker: Asker) -> schemas.WhistleAnswer:
    """Ask one more expert. Whoever has an account sees the case from then on."""
    expert = _expert(body, asker)
    with asker.transaction() as session:
        found = seat(session, whistle_id, expert, Acting.of(asker.who, asker.now))
        content = {"profession": body.profession}
        return _done(session, asker, found, Deed.EXPERT_ASKED, content)


@router.post(
    "/v1/whistles/{whistle_id}/experts/{expert_id}/opinion", response_model=schemas.WhistleAnswer
)
def write_opinion(
    whistle_id: int, expert_id: int, body: schemas.ReasonRequest, asker: Asker
) -> schemas.WhistleAnswer:
    """Write down what an expert thinks: their own word, or of one who has no account."""
    acting = Acting.of(asker.who, asker.now, body.reason)
    with asker.transaction() as session:
        found = give_opinion(session, whistle_id, expert_id, acting)
        return _done(session, asker, found, Deed.OPINION_GIVEN, {"expert": expert_id})


def _done(
    session: Session,
    asker: Asking,
    found: tuple[Whistle, Case],
    deed: Deed,
    content: dict[str, Any],
) -> schemas.WhistleAnswer:
    """The whistle as it is now; the deed is written down last."""
    whistle, case = found
    answer = sheet.answer(session, whistle, case)
    who, subject = asker.who, f"case:{case.number}"
    words = {"whistle": whistle.id} | content
    record(session, [Entry(deed, str(who.id), who.name, subject, words)], asker.now)
    return answer
