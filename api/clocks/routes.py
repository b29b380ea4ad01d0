"""The clocks of a case, more time for them, limits, and the working calendar."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.cases.domain import Acting
from api.cases.service import find_case
from api.clocks import schemas
from api.clocks.door import TimetableNow
from api.clocks.models import TimeLimit
from api.clocks.service import (
    ask_extension,
    clocks_of,
    grant_extension,
    instant,
    known_days,
    limit_changes,
    read_timetable,
    refuse_extension,
    set_limit,
    set_year,
)
from api.refusals import BadInput, Fault
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS
from gis.wording import Wording

router = APIRouter(tags=["clocks"], responses=PROBLEMS)

Number = Annotated[str, Path(max_length=32)]
Year = Annotated[int, Path(ge=2000, le=2100)]


@router.get("/v1/cases/{number}/clocks", response_model=schemas.ClockList)
def show_clocks(number: Number, asker: Asker) -> schemas.ClockList:
    """The clocks of a case, and the time that counts."""
    with asker.transaction() as session:
        now, found = instant(session), clocks_of(session, find_case(session, number).id)
        items = [schemas.ClockAnswer.of(each, now) for each in found]
        return schemas.ClockList(now=now, items=items)


@router.post("/v1/cases/{number}/clocks/{clock_id}/extension", status_code=204)
def ask_for_more(
    number: Number, clock_id: int, body: schemas.ExtensionRequest, asker: Asker
) -> None:
    """Ask for more time for a clock that runs; somebody else decides."""
    acting = Acting.of(asker.who, asker.now, body.reason)
    with asker.transaction() as session:
        ask_extension(session, find_case(session, number).id, clock_id, body.amount, acting)
        content = {"clock": clock_id, "amount": body.amount}
        entry = _entry(Deed.MORE_TIME_ASKED, f"case:{number}", asker, content, body.reason)
        record(session, [entry], asker.now)


@router.post("/v1/cases/{number}/clocks/{clock_id}/extension/decision", status_code=204)
def decide_on_more(
    number: Number,
    clock_id: int,
    body: schemas.DecisionRequest,
    asker: Asker,
    timetable: TimetableNow,
) -> None:
    """Grant or refuse more time that somebody else asked for."""
    acting = Acting.of(asker.who, asker.now, body.reason)
    with asker.transaction() as session:
        case = find_case(session, number)
        if body.granted:
            grant_extension(session, case.id, clock_id, acting, timetable)
        else:
            refuse_extension(session, case.id, clock_id, acting)
        content = {"clock": clock_id, "granted": body.granted}
        entry = _entry(Deed.MORE_TIME_DECIDED, f"case:{number}", asker, content, body.reason)
        record(session, [entry], asker.now)


@router.get("/v1/limits", response_model=schemas.LimitList)
def show_limits(asker: Asker) -> schemas.LimitList:
    """The limits that hold, and who changed them when and why."""
    with asker.system() as session:
        held = read_timetable(session).limits
        return schemas.LimitList(
            items=[schemas.LimitAnswer.of(key, limit) for key, limit in held.items()],
            changes=[schemas.LimitChange.of(each) for each in limit_changes(session)],
        )


@router.put("/v1/limits", status_code=204)
def change_limit(body: schemas.LimitRequest, asker: Asker) -> None:
    """Set a limit. Clocks that run keep theirs."""
    words = body.model_dump(mode="json")
    with asker.system() as session:
        set_limit(session, TimeLimit(**words, set_by=asker.who.id))
        content = {name: word for name, word in words.items() if name != "reason"}
        entry = _entry(Deed.LIMIT_CHANGED, f"limit:{body.kind}", asker, content, body.reason)
        record(session, [entry], asker.now)


@router.get("/v1/calendar/{year}", response_model=schemas.YearAnswer)
def show_year(year: Year, asker: Asker) -> schemas.YearAnswer:
    """What is known of a year's holidays and worked weekends."""
    with asker.system() as session:
        known = known_days(session).items()
    days = [schemas.DayAnswer.of(*each) for each in sorted(known) if each[0].year == year]
    return schemas.YearAnswer(year=year, known=bool(days), days=days)


@router.put("/v1/calendar/{year}", status_code=204)
def change_year(year: Year, body: schemas.YearRequest, asker: Asker) -> None:
    """Put what was announced for a year in the place of what was known of it."""
    days = [(each.day, each.working, each.name) for each in body.days]
    _require_year(year, [day for day, _, _ in days])
    with asker.system() as session:
        set_year(session, year, days)
        subject, content = f"calendar:{year}", {"days": len(days)}
        entry = _entry(Deed.CALENDAR_CHANGED, subject, asker, content, body.reason)
        record(session, [entry], asker.now)


def _require_year(year: int, days: list[date]) -> None:
    for place, day in enumerate(days):
        if day.year != year or day in days[:place]:
            what = Wording(f"不在 {year} 年或重复", f"is not in {year}, or given twice")
            mend = Wording("去掉或改正这一天", "leave it out or correct it")
            raise BadInput(Fault(f"days.{place}.day", what, mend))


def _entry(deed: Deed, subject: str, asker: Asking, content: dict[str, Any], reason: str) -> Entry:
    return Entry(deed, str(asker.who.id), asker.who.name, subject, content, reason)
