"""Recording measures, agreements, payments and tasks. The caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from api.accounts.models import Person, RoleGrant
from api.cases.domain import Acting, Happening, State, require_open
from api.cases.models import Case
from api.cases.service import Line, write_history
from api.clocks.service import Timetable
from api.life.domain import Action
from api.life.service import Taking, take
from api.mediation.domain import (
    FORM_TITLES,
    MEASURE_TITLES,
    TASK_TITLES,
    Due,
    Form,
    MeasureKind,
    TaskKind,
    require_payable,
    require_plan,
)
from api.mediation.models import Agreement, Instalment, Measure, Task
from api.refusals import Conflict, Missing
from api.reports.models import Report
from api.rights.roles import Role
from gis.wording import Wording


@dataclass(frozen=True)
class Terms:
    """What the parties agreed on; ``amount`` in yuan, None where no money is owed."""

    form: Form
    words: str
    agreed_on: date
    amount: Decimal | None = None
    instalments: tuple[Due, ...] = ()


@dataclass(frozen=True)
class Errand:
    """What somebody is asked to do, for a person or for a unit."""

    kind: TaskKind
    words: str
    due_on: date
    for_person: UUID | None = None
    for_unit: str | None = None


def record_measure(
    session: Session, case: Case, kind: MeasureKind, words: str, acting: Acting
) -> Measure:
    """Write down what was done. Raises Conflict for a case that is over."""
    require_open(State(case.state))
    who = {"by_person": acting.person_id, "by_name": acting.name, "unit_code": acting.unit_code}
    measure = Measure(case_id=case.id, kind=kind, words=words, done_at=acting.at, **who)
    session.add(measure)
    content = {"kind": MEASURE_TITLES[kind]._asdict(), "words": words}
    write_history(session, [Line(case.id, Happening.MEASURE, content, acting.name)])
    session.flush()
    return measure


def agree(
    session: Session, timetable: Timetable, case: Case, terms: Terms, acting: Acting
) -> Agreement:
    """Record what the parties agreed on; the case steps on. Raises BadInput and what a step does.

    An earlier agreement of the case stays readable, with the time it was replaced.
    """
    require_plan(terms.amount, terms.instalments, terms.agreed_on)
    earlier = update(Agreement).where(Agreement.case_id == case.id, Agreement.replaced_at.is_(None))
    session.execute(earlier.values(replaced_at=acting.at))
    agreement = _agreement(case, terms, acting)
    session.add(agreement)
    session.flush()
    session.add_all(
        Instalment(agreement_id=agreement.id, position=place, due_on=due.on, amount=due.amount)
        for place, due in enumerate(terms.instalments, start=1)
    )
    content = {"agreement": agreement.id, "form": FORM_TITLES[terms.form]._asdict()}
    take(session, timetable, case, Taking(Action.AGREE, acting, content))
    return agreement


def _agreement(case: Case, terms: Terms, acting: Acting) -> Agreement:
    return Agreement(
        case_id=case.id,
        form=terms.form,
        words=terms.words,
        amount=terms.amount,
        agreed_on=terms.agreed_on,
        recorded_at=acting.at,
        by_person=acting.person_id,
        by_name=acting.name,
    )


def pay(
    session: Session, case: Case, position: int, paid: Due, acting: Acting
) -> tuple[Agreement, Instalment]:
    """Enter a payment into the ledger. Raises Missing, BadInput beyond what is left."""
    agreement = agreement_of(session, case.id)
    key = (agreement.id, position) if agreement else None
    instalment = session.get(Instalment, key, with_for_update=True) if key else None
    if agreement is None or instalment is None:
        raise Missing(Wording("没有这一期", "there is no such instalment"))
    require_payable(paid.amount, instalment.amount - instalment.paid)
    instalment.paid += paid.amount
    instalment.paid_on = paid.on
    content = {"position": position, "amount": str(paid.amount), "on": paid.on.isoformat()}
    write_history(session, [Line(case.id, Happening.PAID, content, acting.name)])
    session.flush()
    return agreement, instalment


def set_task(session: Session, case: Case, errand: Errand, acting: Acting) -> Task:
    """Ask somebody to do something for a case. Raises Conflict for one that is over."""
    require_open(State(case.state))
    task = Task(case_id=case.id, **vars(errand), set_by=acting.person_id, set_at=acting.at)
    session.add(task)
    content = {"kind": TASK_TITLES[errand.kind]._asdict(), "words": errand.words}
    write_history(session, [Line(case.id, Happening.TASK_SET, content, acting.name)])
    session.flush()
    return task


def finish_task(session: Session, task_id: int, result: str, acting: Acting) -> Task:
    """Say that a task is done, and with what result. Raises Missing, Conflict."""
    task = task_for(session, task_id, acting)
    if task.done_at is not None:
        raise Conflict(Wording("任务已完成", "the task is done already"))
    task.done_at, task.done_by, task.result = acting.at, acting.person_id, result
    content = {"kind": TASK_TITLES[TaskKind(task.kind)]._asdict(), "result": result}
    write_history(session, [Line(task.case_id, Happening.TASK_DONE, content, acting.name)])
    session.flush()
    return task


def task_for(session: Session, task_id: int, acting: Acting) -> Task:
    """A task of somebody, locked until the transaction ends. Raises Missing."""
    mine = select(Task).where(Task.id == task_id, _for(acting)).with_for_update()
    task = session.scalars(mine).one_or_none()
    if task is None:
        raise Missing(Wording("没有这项任务", "there is no such task"), f"task:{task_id}")
    return task


def _for(acting: Acting) -> ColumnElement[bool]:
    """A task is for its person, or for anybody of its unit."""
    own = Task.for_person == acting.person_id
    return or_(own, Task.for_unit == acting.unit_code) if acting.unit_code else own


def grid_workers(session: Session, report_id: UUID) -> Sequence[Person]:
    """The grid workers who answer for the place of a report, by name."""
    area = func.coalesce(Report.grid_code, Report.street_code, "")
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Report, area.startswith(Person.area_prefix))
        .where(Report.id == report_id, RoleGrant.role == Role.GRID_WORKER)
        .where(Person.disabled_at.is_(None))
        .order_by(Person.full_name)
    )
    return session.scalars(query).all()


def measures_of(session: Session, case_id: UUID) -> Sequence[Measure]:
    """What was done for a case, oldest first."""
    return session.scalars(
        select(Measure).where(Measure.case_id == case_id).order_by(Measure.id)
    ).all()


def agreement_of(session: Session, case_id: UUID) -> Agreement | None:
    """The agreement of a case that is in force."""
    query = select(Agreement).where(Agreement.case_id == case_id, Agreement.replaced_at.is_(None))
    return session.scalars(query).one_or_none()


def ledger_of(session: Session, agreement_id: int) -> Sequence[Instalment]:
    """The instalments of an agreement, in order."""
    query = select(Instalment).where(Instalment.agreement_id == agreement_id)
    return session.scalars(query.order_by(Instalment.position)).all()


def tasks_of(session: Session, case_id: UUID) -> Sequence[Task]:
    """The tasks of a case, the one that is due first first."""
    query = select(Task).where(Task.case_id == case_id)
    return session.scalars(query.order_by(Task.done_at.is_not(None), Task.due_on, Task.id)).all()


def open_tasks(session: Session, acting: Acting) -> Sequence[tuple[Task, str]]:
    """What the asker, or the asker's unit, still has to do, with the case numbers."""
    query = (
        select(Task, Case.number)
        .join(Case, Case.id == Task.case_id)
        .where(Task.done_at.is_(None), _for(acting))
        .order_by(Task.due_on, Task.id)
    )
    return [(task, number) for task, number in session.execute(query)]


def anonymise(session: Session, case_ids: Sequence[UUID], somebody: str) -> None:
    """Strike people and words out of what was done; kinds, days and amounts stay."""
    measures = update(Measure).where(Measure.case_id.in_(case_ids))
    session.execute(measures.values(words="", by_name=somebody))
    agreements = update(Agreement).where(Agreement.case_id.in_(case_ids))
    session.execute(agreements.values(words="", by_name=somebody))
    tasks = update(Task).where(Task.case_id.in_(case_ids))
    session.execute(tasks.values(words=""))
    session.execute(tasks.where(Task.result.is_not(None)).values(result=""))
