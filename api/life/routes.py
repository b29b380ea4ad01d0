"""The steps of a case's life: what is possible now, taking one, linking and merging."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.cases.domain import Acting, State
from api.cases.models import Case
from api.cases.service import find_case, history
from api.clocks.door import TimetableNow
from api.life import schemas
from api.life.domain import LIFE, possible
from api.life.service import Taking, link, links_of, merge, take
from api.refusals import BadInput, Fault
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS
from gis.wording import Wording

router = APIRouter(tags=["life"], responses=PROBLEMS)

Number = Annotated[str, Path(max_length=32)]


@router.get("/v1/cases/{number}/steps", response_model=schemas.LifeAnswer)
def show_steps(number: Number, asker: Asker) -> schemas.LifeAnswer:
    """Where a case stands, and the steps that the asker may take from there."""
    with asker.transaction() as session:
        return _answer(find_case(session, number), asker)


@router.post("/v1/cases/{number}/steps", response_model=schemas.LifeAnswer)
def take_step(
    number: Number, body: schemas.StepRequest, asker: Asker, timetable: TimetableNow
) -> schemas.LifeAnswer:
    """Take a step. Steps that bring something with them (units, an agreement) have own routes."""
    if not LIFE[body.action].open:
        raise BadInput(Fault("action", *ELSEWHERE))
    with asker.transaction() as session:
        case = find_case(session, number)
        acting = Acting.of(asker.who, asker.now, body.reason or "")
        taking = Taking(body.action, acting, body.content())
        take(session, timetable, case, taking)
        answer = _answer(case, asker)
        entry = _entry(Deed.CASE_STEPPED, number, acting, {"action": body.action})
        record(session, [entry], asker.now)
    return answer


ELSEWHERE = (
    Wording("这一环节有自己的办理入口", "this step has a route of its own"),
    Wording("按接口文档使用对应入口", "use the route that docs/api.md names for it"),
)


def _answer(case: Case, asker: Asking) -> schemas.LifeAnswer:
    return schemas.LifeAnswer.of(case, possible(State(case.state), asker.who.roles))


@router.get("/v1/cases/{number}/timeline", response_model=schemas.Timeline)
def timeline(number: Number, asker: Asker) -> schemas.Timeline:
    """All that happened to a case, in words, oldest first."""
    with asker.transaction() as session:
        lines = history(session, find_case(session, number).id)
        return schemas.Timeline(items=[schemas.HappeningAnswer.of(line) for line in lines])


@router.get("/v1/cases/{number}/links", response_model=schemas.LinkList)
def show_links(number: Number, asker: Asker) -> schemas.LinkList:
    """The cases that belong to this one, as far as the asker may see them."""
    with asker.transaction() as session:
        found = links_of(session, find_case(session, number))
        return schemas.LinkList(items=[schemas.LinkAnswer.of(*each) for each in found])


@router.post("/v1/cases/{number}/links", status_code=201, response_model=schemas.LinkAnswer)
def make_link(number: Number, body: schemas.LinkRequest, asker: Asker) -> schemas.LinkAnswer:
    """Say that this case is a part of another one, or related to it."""
    with asker.transaction() as session:
        case, other = find_case(session, number), find_case(session, body.other)
        acting = Acting.of(asker.who, asker.now, body.reason)
        answer = schemas.LinkAnswer.of(link(session, case, other, body.kind, acting), other)
        content = {"other": body.other, "kind": body.kind}
        record(session, [_entry(Deed.CASE_LINKED, number, acting, content)], asker.now)
    return answer


@router.post("/v1/cases/{number}/merge", status_code=204)
def merge_case(
    number: Number, body: schemas.MergeRequest, asker: Asker, timetable: TimetableNow
) -> None:
    """Let this case go on in another one; both reports and their reporters are kept."""
    with asker.transaction() as session:
        case, into = find_case(session, number), find_case(session, body.into)
        acting = Acting.of(asker.who, asker.now, body.reason)
        merge(session, timetable, case, into, acting)
        entry = _entry(Deed.CASE_MERGED, number, acting, {"into": body.into})
        record(session, [entry], asker.now)


def _entry(deed: Deed, number: str, acting: Acting, content: dict[str, Any]) -> Entry:
    who, subject = str(acting.person_id), f"case:{number}"
    return Entry(deed, who, acting.name, subject, content, acting.reason)
