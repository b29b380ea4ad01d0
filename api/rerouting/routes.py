"""Correcting the place or the category of a case that was sent, and sending it on."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.beijing import beijing_day
from api.cases.domain import Acting
from api.cases.models import Case
from api.cases.service import find_case
from api.clocks.door import TimetableNow
from api.intake.routes import ground
from api.rerouting import schemas
from api.rerouting.service import foresee, reroute
from api.rights.gate import Asker
from api.rules.door import BenchNow
from api.schemas import PROBLEMS

router = APIRouter(tags=["dispatch"], responses=PROBLEMS)


@router.post("/v1/cases/{number}/reroute", response_model=schemas.RerouteAnswer)
def reroute_case(
    number: Annotated[str, Path(max_length=32)],
    body: schemas.RerouteRequest,
    asker: Asker,
    timetable: TimetableNow,
    bench: BenchNow,
) -> schemas.RerouteAnswer:
    """Correct place or category: units before and after; whom a person chose stays.

    With ``preview`` nothing is changed. 409 where the units would be in doubt: then they are named
    by a person (``POST /v1/cases/{number}/dispatch``).
    """
    who, now = asker.who, asker.now
    correction = body.correction()
    here, day = ground(asker.given, now, bench), beijing_day(now)
    with asker.transaction() as session:
        case_id = find_case(session, number).id
        if body.preview:
            case = session.get_one(Case, case_id)
            return schemas.RerouteAnswer.of(foresee(session, case, correction, here, day).change)
    # The place may prove to lie in another street, out of the asker's own reach.
    with asker.system() as session:
        case, acting = session.get_one(Case, case_id), Acting.of(who, now, body.reason)
        change = reroute(session, timetable, case, (correction, here, day), acting)
        entry = Entry(Deed.CASE_REROUTED, str(who.id), who.name, f"case:{number}", {}, body.reason)
        record(session, [entry], now)
        return schemas.RerouteAnswer.of(change)
