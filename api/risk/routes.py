"""Grading the risk of a case, the form it is graded by, and whether grades told what came."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.beijing import BEIJING
from api.cases.domain import Acting
from api.cases.service import find_case
from api.refusals import BadInput, Fault
from api.rights.gate import Asker
from api.risk import schemas, service
from api.schemas import PROBLEMS
from gis.wording import Wording

router = APIRouter(tags=["risk"], responses=PROBLEMS)

Number = Annotated[str, Path(max_length=32)]
Period = Annotated[schemas.PeriodRequest, Query()]
MOST_SHOWN = 100


@router.get("/v1/risk/form", response_model=schemas.FormAnswer)
def show_form(asker: Asker) -> schemas.FormAnswer:
    """The form that holds, and who changed it when and why."""
    with asker.system() as session:
        return _form(session)


@router.put("/v1/risk/form", response_model=schemas.FormAnswer)
def change_form(body: schemas.FormRequest, asker: Asker) -> schemas.FormAnswer:
    """Make the next version of the form; cases keep the version they were graded by."""
    acting = Acting.of(asker.who, asker.now, body.reason)
    with asker.system() as session:
        changed = service.change_form(session, body.form(), acting)
        answer = _form(session)
        content = {"version": changed.version}
        record(session, [_entry(Deed.RISK_FORM_CHANGED, "risk_form", acting, content)], asker.now)
    return answer


def _form(session: Session) -> schemas.FormAnswer:
    return schemas.FormAnswer.of(service.form_in_force(session), service.form_versions(session))


@router.get("/v1/risk/queue", response_model=schemas.QueueAnswer)
def show_queue(asker: Asker) -> schemas.QueueAnswer:
    """Open cases that nobody has assessed, red first and then the oldest; and confirmations."""
    with asker.transaction() as session:
        total, waiting = service.to_assess(session, MOST_SHOWN)
        second = service.to_confirm(session, MOST_SHOWN)
        return schemas.QueueAnswer(
            total=total,
            to_assess=[schemas.QueuedAnswer.of(each, asker.who.id) for each in waiting],
            to_confirm=[schemas.QueuedAnswer.of(each, asker.who.id) for each in second],
        )


@router.get("/v1/risk/calibration", response_model=schemas.CalibrationAnswer)
def show_calibration(asked: Period, asker: Asker) -> schemas.CalibrationAnswer:
    """Whether grades told what came, over the cases within reach. Only counts."""
    since = datetime.combine(asked.since, time(), BEIJING)
    until = datetime.combine(asked.until, time(), BEIJING) + timedelta(days=1)
    if since >= until:
        what = Wording("结束日早于开始日", "it ends before it begins")
        raise BadInput(Fault("to", what, Wording("选择更晚的日期", "choose a later day")))
    with asker.transaction() as session:
        return schemas.CalibrationAnswer.of(service.calibration(session, since, until))


@router.get("/v1/cases/{number}/grading", response_model=schemas.RiskAnswer)
def show_gradings(number: Number, asker: Asker) -> schemas.RiskAnswer:
    """A case's grade, every grading with its reasons, and the words that tell of risk."""
    with asker.transaction() as session:
        answer = schemas.RiskAnswer.of(
            service.risk_of(session, find_case(session, number)), asker.who.id
        )
        acting = Acting.of(asker.who, asker.now)
        record(session, [_entry(Deed.CASE_READ, f"case:{number}", acting)], asker.now)
    return answer


@router.post("/v1/cases/{number}/grading/preview", response_model=schemas.ScoredAnswer)
def preview(number: Number, body: schemas.AnswersRequest, asker: Asker) -> schemas.ScoredAnswer:
    """What the form says of answers, before they are given."""
    with asker.transaction() as session:
        case, form = find_case(session, number), service.form_in_force(session)
        known = service.evidence(session, form, case)
        return schemas.ScoredAnswer.of(service.weigh(form, known, body.answers())[1])


def _entry(
    deed: Deed, subject: str, acting: Acting, content: dict[str, Any] | None = None
) -> Entry:
    who = str(acting.person_id)
    return Entry(deed, who, acting.name, subject, content or {}, acting.reason)
