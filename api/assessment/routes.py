"""Grading a case: by answers, against the form, and as a second person."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlalchemy.orm import Session

from api.assessment import service
from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.cases.domain import Acting
from api.cases.models import Case
from api.cases.service import find_case
from api.clocks.door import TimetableNow
from api.refusals import BadInput, Fault
from api.rights.gate import Asker
from api.risk.models import Grading
from api.risk.schemas import GradingRequest, OverrideRequest, RiskAnswer, SecondRequest
from api.risk.service import risk_of
from api.schemas import PROBLEMS
from gis.wording import Wording

router = APIRouter(tags=["risk"], responses=PROBLEMS)

Number = Annotated[str, Path(max_length=32)]


@router.post("/v1/cases/{number}/grading", response_model=RiskAnswer)
def assess(
    number: Number, body: GradingRequest, asker: Asker, timetable: TimetableNow
) -> RiskAnswer:
    """Grade a case by a person's answers. Out of red it waits for a second person."""
    acting = Acting.of(asker.who, asker.now, body.reason or "")
    with asker.transaction() as session:
        case = find_case(session, number)
        before = case.grade
        grading = service.assess(session, timetable, case, body.answers(), acting)
        answer = RiskAnswer.of(risk_of(session, case), asker.who.id)
        _note(session, Deed.CASE_GRADED, case, acting, _changed(before, grading))
    return answer


@router.post("/v1/cases/{number}/grading/override", response_model=RiskAnswer)
def override(
    number: Number, body: OverrideRequest, asker: Asker, timetable: TimetableNow
) -> RiskAnswer:
    """Give a grade against the form's. To or from red it waits for a second person."""
    acting = Acting.of(asker.who, asker.now, body.reason)
    with asker.transaction() as session:
        case = find_case(session, number)
        before = case.grade
        grading = service.override(session, timetable, case, body.grade, acting)
        answer = RiskAnswer.of(risk_of(session, case), asker.who.id)
        _note(session, Deed.GRADE_OVERRIDDEN, case, acting, _changed(before, grading))
    return answer


@router.post("/v1/cases/{number}/grading/confirm", response_model=RiskAnswer)
def confirm(
    number: Number, body: SecondRequest, asker: Asker, timetable: TimetableNow
) -> RiskAnswer:
    """Decide, as a second and different person, on the grading that waits."""
    if not body.agreed and body.reason is None:
        what = Wording("不同意须写明理由", "whoever does not agree says why")
        raise BadInput(Fault("reason", what, Wording("填写理由", "give a reason")))
    acting = Acting.of(asker.who, asker.now, body.reason or "")
    with asker.transaction() as session:
        case = find_case(session, number)
        before = case.grade
        grading = service.decide(session, timetable, case, acting, agreed=body.agreed)
        answer = RiskAnswer.of(risk_of(session, case), asker.who.id)
        _note(session, Deed.GRADE_CONFIRMED, case, acting, _changed(before, grading))
    return answer


def _changed(before: str | None, grading: Grading) -> dict[str, Any]:
    standing = {"standing": grading.standing, "points": grading.points}
    return {"before": before, "after": grading.given.value} | standing


def _note(
    session: Session, deed: Deed, case: Case, acting: Acting, content: dict[str, Any]
) -> None:
    who, subject = str(acting.person_id), f"case:{case.number}"
    entry = Entry(deed, who, acting.name, subject, content, acting.reason)
    record(session, [entry], acting.at)
