"""Measures, agreements, the ledger and tasks of a case."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlalchemy.orm import Session

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.beijing import beijing_day
from api.cases.domain import Acting
from api.cases.models import Case
from api.cases.service import find_case
from api.clocks.door import TimetableNow
from api.mediation import schemas
from api.mediation.domain import Due
from api.mediation.service import (
    agree,
    agreement_of,
    finish_task,
    grid_workers,
    ledger_of,
    measures_of,
    open_tasks,
    pay,
    record_measure,
    set_task,
    task_for,
    tasks_of,
)
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS

router = APIRouter(tags=["mediation"], responses=PROBLEMS)

Number = Annotated[str, Path(max_length=32)]


@router.get("/v1/cases/{number}/mediation", response_model=schemas.MediationAnswer)
def show(number: Number, asker: Asker) -> schemas.MediationAnswer:
    """What was done for a case, what was agreed, and what is still to be done."""
    with asker.transaction() as session:
        case = find_case(session, number)
        return schemas.MediationAnswer(
            measures=[schemas.MeasureAnswer.of(each) for each in measures_of(session, case.id)],
            agreement=_agreement(session, case, asker),
            tasks=[schemas.TaskAnswer.of(each, number) for each in tasks_of(session, case.id)],
        )


def _agreement(session: Session, case: Case, asker: Asking) -> schemas.AgreementAnswer | None:
    found = agreement_of(session, case.id)
    if found is None:
        return None
    ledger, today = ledger_of(session, found.id), beijing_day(asker.now)
    return schemas.AgreementAnswer.of(found, ledger, today)


@router.post("/v1/cases/{number}/measures", status_code=201, response_model=schemas.MeasureAnswer)
def add_measure(
    number: Number, body: schemas.MeasureRequest, asker: Asker
) -> schemas.MeasureAnswer:
    """Write down what was done for a case."""
    acting = Acting.of(asker.who, asker.now)
    with asker.transaction() as session:
        measure = record_measure(session, find_case(session, number), body.kind, body.words, acting)
        answer = schemas.MeasureAnswer.of(measure)
        record(session, [_entry(Deed.MEASURE_RECORDED, number, asker)], asker.now)
    return answer


@router.post(
    "/v1/cases/{number}/agreement", status_code=201, response_model=schemas.AgreementAnswer
)
def make_agreement(
    number: Number, body: schemas.AgreementRequest, asker: Asker, timetable: TimetableNow
) -> schemas.AgreementAnswer:
    """Record what the parties agreed on, with instalments where money is owed."""
    acting = Acting.of(asker.who, asker.now)
    with asker.transaction() as session:
        case = find_case(session, number)
        made = agree(session, timetable, case, body.terms(), acting)
        ledger = ledger_of(session, made.id)
        answer = schemas.AgreementAnswer.of(made, ledger, beijing_day(asker.now))
        record(session, [_entry(Deed.AGREEMENT_RECORDED, number, asker)], asker.now)
    return answer


@router.post("/v1/cases/{number}/payments", response_model=schemas.AgreementAnswer)
def enter_payment(
    number: Number, body: schemas.PaymentRequest, asker: Asker
) -> schemas.AgreementAnswer:
    """Enter a payment into the ledger of the agreement in force."""
    acting, today = Acting.of(asker.who, asker.now), beijing_day(asker.now)
    with asker.transaction() as session:
        case, paid = find_case(session, number), Due(body.paid_on, body.amount)
        agreement, _ = pay(session, case, body.position, paid, acting)
        answer = schemas.AgreementAnswer.of(agreement, ledger_of(session, agreement.id), today)
        content = {"position": body.position}
        record(session, [_entry(Deed.PAYMENT_ENTERED, number, asker, content)], asker.now)
    return answer


@router.post("/v1/cases/{number}/tasks", status_code=201, response_model=schemas.TaskAnswer)
def add_task(number: Number, body: schemas.TaskRequest, asker: Asker) -> schemas.TaskAnswer:
    """Ask a person or a unit to do something for a case."""
    acting = Acting.of(asker.who, asker.now)
    with asker.transaction() as session:
        task = set_task(session, find_case(session, number), body.errand(), acting)
        answer = schemas.TaskAnswer.of(task, number)
        record(session, [_entry(Deed.TASK_SET, number, asker, {"task": task.id})], asker.now)
    return answer


@router.get("/v1/cases/{number}/grid-workers", response_model=schemas.WorkerList)
def show_grid_workers(number: Number, asker: Asker) -> schemas.WorkerList:
    """The grid workers of the place, to give one of them a task."""
    with asker.transaction() as session:
        report_id = find_case(session, number).report_id
    with asker.system() as session:  # who has which role is not for everybody to read
        found = grid_workers(session, report_id)
        items = [schemas.WorkerAnswer(id=each.id, name=each.full_name) for each in found]
        return schemas.WorkerList(items=items)


@router.get("/v1/tasks", response_model=schemas.TaskList)
def my_tasks(asker: Asker) -> schemas.TaskList:
    """What the asker, or the asker's unit, still has to do."""
    # A task may be of a case that its person does not see otherwise.
    with asker.system() as session:
        found = open_tasks(session, Acting.of(asker.who, asker.now))
        return schemas.TaskList(items=[schemas.TaskAnswer.of(*each) for each in found])


@router.post("/v1/tasks/{task_id}/done", status_code=204)
def task_done(task_id: int, body: schemas.ResultRequest, asker: Asker) -> None:
    """Say that a task is done, and with what result."""
    acting = Acting.of(asker.who, asker.now)
    with asker.transaction() as session:
        task_for(session, task_id, acting)
    with asker.system() as session:
        task = finish_task(session, task_id, body.result, acting)
        number = session.get_one(Case, task.case_id).number
        record(session, [_entry(Deed.TASK_DONE, number, asker, {"task": task_id})], asker.now)


def _entry(deed: Deed, number: str, asker: Asking, content: dict[str, Any] | None = None) -> Entry:
    return Entry(deed, str(asker.who.id), asker.who.name, f"case:{number}", content or {})
