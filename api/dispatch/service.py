"""Sending units, holding what is doubtful, and a person's word on it. The caller commits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, func, select, update
from sqlalchemy.orm import Session

from api.cases.domain import Happening, State
from api.cases.models import Case
from api.cases.service import SOMEBODY, SYSTEM, Line, set_state, write_history
from api.dispatch.domain import Plan, Planned, once
from api.dispatch.models import Assignment, Placement
from api.outbox import Event, record
from api.refusals import BadInput, Conflict, Fault, Missing
from api.reports.models import Report
from api.reports.service import LAT, LON
from gis.database import insert_all
from gis.wording import Wording
from grids.areas import UnitRecord
from grids.hierarchy import AreaKind

Units = Mapping[tuple[AreaKind, str], UnitRecord]

BY_PERSON = "person"


@dataclass(frozen=True)
class Decision:
    """A person's word on a held case: a unit code for each open kind, and why."""

    choices: Mapping[AreaKind, str]
    person: str
    reason: str
    at: datetime


def dispatch(session: Session, plans: Sequence[tuple[UUID, Plan]]) -> None:
    """Send and hold what the plans of new cases say, by case id, with history and outbox."""
    _assign(session, [(case_id, sent) for case_id, plan in plans for sent in plan.sent])
    held = [{"case_id": case_id} | _open(plan) for case_id, plan in plans if not plan.complete]
    insert_all(session, Placement, held)
    write_history(session, [line for case_id, plan in plans for line in _lines(case_id, plan)])
    record(session, [_event(case_id, plan) for case_id, plan in plans])


def replan(session: Session, placement: Placement, plan: Plan, decision: Decision) -> None:
    """After a person has said where it is: send what is certain now, keep the rest open."""
    before = assignments(session, placement.case_id)
    assigned = {AreaKind(each.kind) for each in before}
    sent = once(
        (each for each in plan.sent if each.kind not in assigned),
        [each.unit_code for each in before],
    )
    questions = tuple(each for each in plan.questions if each.kind not in assigned)
    rest = Plan(sent, questions, plan.doubts)
    _assign(session, [(placement.case_id, each) for each in sent])
    for name, value in _open(rest).items():
        setattr(placement, name, value)
    write_history(session, list(_lines(placement.case_id, rest)))
    record(session, [_event(placement.case_id, rest)])
    if rest.complete:
        _close(session, placement, decision)


def confirm(session: Session, placement: Placement, decision: Decision, units: Units) -> None:
    """Send the units that a person chose. Raises BadInput for a choice that cannot be."""
    _refuse_settled(placement, decision)
    planned = tuple(_chosen(placement, decision, units))
    case_id = placement.case_id
    before = [each.unit_code for each in assignments(session, case_id)]
    _assign(session, [(case_id, each) for each in once(planned, before)])
    chosen = {each.kind.value: each.unit_code for each in planned}
    content = {"units": chosen, "reason": decision.reason}
    write_history(session, [Line(case_id, Happening.CONFIRMED, content, decision.person)])
    record(session, [_event(case_id, Plan(planned, (), ()))])
    _close(session, placement, decision)


def _chosen(placement: Placement, decision: Decision, units: Units) -> Iterator[Planned]:
    known = {(kind, unit.code): unit for (kind, _), unit in units.items()}
    areas = {(kind, unit.code): code for (kind, code), unit in units.items()}
    for kind in (AreaKind(question["kind"]) for question in placement.questions):
        code = decision.choices.get(kind)
        unit = known.get((kind, code or ""))
        if unit is None:
            raise BadInput(_bad_choice(kind, code))
        reason = Wording(decision.reason, decision.reason)
        area_code = areas[kind, unit.code]
        yield Planned(kind, unit.code, unit.name, area_code, BY_PERSON, reason, decision.person)


def _refuse_settled(placement: Placement, decision: Decision) -> None:
    """A choice for a kind that is not in question would be lost without a word."""
    asked = {AreaKind(question["kind"]) for question in placement.questions}
    for kind in decision.choices:
        if kind not in asked:
            what = Wording(f"{kind.value} 单位已确定", f"the {kind.value} unit is settled already")
            mend = Wording("去掉这一项", "leave it out")
            raise BadInput(Fault(f"choices.{kind.value}", what, mend))


def _bad_choice(kind: AreaKind, code: str | None) -> Fault:
    mend = Wording("从候选单位中选择一个", "choose one of the units offered")
    if code is None:
        what = Wording(f"没有选择 {kind.value} 单位", f"no unit of kind {kind.value} is chosen")
    else:
        what = Wording(f"没有这个 {kind.value} 单位", f"there is no such unit of kind {kind.value}")
    return Fault(f"choices.{kind.value}", what, mend)


def _close(session: Session, placement: Placement, decision: Decision) -> None:
    placement.confirmed_at = decision.at
    placement.person = decision.person
    placement.reason = decision.reason
    placement.questions = []
    set_state(session, placement.case_id, State.DISPATCHED)


def open_placement(session: Session, placement_id: int) -> Placement:
    """A held case, locked until the transaction ends. Raises Missing, Conflict."""
    placement = session.get(Placement, placement_id, with_for_update=True)
    if placement is None:
        what = Wording("没有这个待确认事项", "there is no such placement")
        raise Missing(what, f"placement:{placement_id}")
    if placement.confirmed_at is not None:
        who = placement.person
        raise Conflict(Wording(f"已由 {who} 确认", f"{who} has confirmed it already"))
    return placement


def waiting(
    session: Session, limit: int, number: str | None = None
) -> Sequence[Row[Placement, Case, Report, float | None, float | None]]:
    """The placement queue, oldest first: placement, case, report, its longitude and latitude.

    ``number``: only this case's.
    """
    query = (
        select(Placement, Case, Report, LON, LAT)
        .join(Case, Case.id == Placement.case_id)
        .join(Report, Report.id == Case.report_id)
        .where(Placement.confirmed_at.is_(None))
        .order_by(Placement.id)
        .limit(limit)
    )
    if number is not None:
        query = query.where(Case.number == number)
    return session.execute(query).all()


def how_many_wait(session: Session) -> int:
    """The length of the placement queue."""
    query = select(func.count()).select_from(Placement).where(Placement.confirmed_at.is_(None))
    return session.scalars(query).one()


def assignments(session: Session, case_id: UUID) -> list[Assignment]:
    """The units sent to a case, in the order in which they were sent."""
    query = select(Assignment).where(Assignment.case_id == case_id).order_by(Assignment.id)
    return list(session.scalars(query))


def placement_of(session: Session, case_id: UUID) -> Placement | None:
    """What was or is held of a case."""
    return session.scalars(select(Placement).where(Placement.case_id == case_id)).one_or_none()


def anonymise(session: Session, case_ids: Sequence[UUID]) -> None:
    """Strike people and words out of what was sent and held; units and times stay."""
    by_somebody = case((Assignment.actor == SYSTEM, SYSTEM), else_=SOMEBODY)
    sent = update(Assignment).where(Assignment.case_id.in_(case_ids))
    session.execute(sent.values(reason_zh="", reason_en="", actor=by_somebody))
    held = update(Placement).where(Placement.case_id.in_(case_ids))
    session.execute(held.values(doubts=[], questions=[]))
    confirmed = held.where(Placement.confirmed_at.is_not(None))
    session.execute(confirmed.values(person=SOMEBODY, reason=""))


def _open(plan: Plan) -> dict[str, Any]:
    return {
        "doubts": [doubt._asdict() for doubt in plan.doubts],
        "questions": [question.content() for question in plan.questions],
    }


def _assign(session: Session, sent: Sequence[tuple[UUID, Planned]]) -> None:
    insert_all(session, Assignment, [_assignment(*each) for each in sent])


def _assignment(case_id: UUID, planned: Planned) -> dict[str, Any]:
    content = planned.content()
    reason = content.pop("reason")
    return content | {
        "case_id": case_id,
        "reason_zh": reason["zh"],
        "reason_en": reason["en"],
    }


def _lines(case_id: UUID, plan: Plan) -> Iterator[Line]:
    if plan.sent:
        units = {"units": {each.kind.value: each.unit_code for each in plan.sent}}
        yield Line(case_id, Happening.ASSIGNED, units, SYSTEM)
    if not plan.complete:
        yield Line(case_id, Happening.HELD, _open(plan), SYSTEM)


def _event(case_id: UUID, plan: Plan) -> Event:
    content = {
        "assignments": [_named(planned) for planned in plan.sent],
        "open": [question.kind.value for question in plan.questions],
    }
    return Event("case.dispatched" if plan.complete else "case.held", str(case_id), content)


def _named(planned: Planned) -> dict[str, Any]:
    """Who is sent, without reason and actor, which are a person's words and name."""
    content = planned.content()
    return {name: content[name] for name in content if name not in {"reason", "actor"}}
