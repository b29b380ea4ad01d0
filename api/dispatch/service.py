"""Sending units, holding what is doubtful, and a person's word on it. The caller commits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select, update
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.assignments.domain import CALLED, Offer, Role, require_one_lead
from api.assignments.service import (
    Calling,
    Traits,
    assignments,
    call,
    lead_at_work,
    send,
    traits_of,
    unit_named,
)
from api.beijing import BEIJING
from api.cases.domain import Acting, ClockKind, Happening
from api.cases.models import Case
from api.cases.service import SOMEBODY, SYSTEM, Line, write_history
from api.clocks import service as clocks
from api.clocks.service import Start, Timetable
from api.dispatch.domain import Plan, once
from api.dispatch.models import Placement
from api.life.domain import Action
from api.life.service import Taking, take
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
    """A person's word on a held case: a unit code for each open kind, by whom and why."""

    choices: Mapping[AreaKind, str]
    acting: Acting


def dispatch(
    session: Session, timetable: Timetable, plans: Sequence[tuple[Traits, Plan]], at: datetime
) -> None:
    """Send and hold what the plans of new cases say, with clocks, history and outbox.

    Nothing is answered: it can be pipelined.
    """
    send(session, timetable, [(traits, sent) for traits, plan in plans for sent in plan.sent], at)
    held = [(traits, plan) for traits, plan in plans if not plan.complete]
    rows = [{"case_id": traits.case_id} | _open(plan) for traits, plan in held]
    insert_all(session, Placement, rows)
    starts = [_start(traits, ClockKind.CUSTODY) for traits, _ in plans]
    starts += [_start(traits, ClockKind.ACCEPT) for traits, _ in held]
    clocks.start(session, timetable, starts, at)
    by_id = [(traits.case_id, plan) for traits, plan in plans]
    write_history(session, [line for each in by_id for line in _lines(*each)])
    record(session, [_event(*each) for each in by_id])


def _start(traits: Traits, kind: ClockKind) -> Start:
    return Start(traits.case_id, kind, traits.category, traits.grade)


def replan(
    session: Session, timetable: Timetable, placement: Placement, plan: Plan, decision: Decision
) -> None:
    """After a person has said where it is: send what is certain now, keep the rest open."""
    before = assignments(session, placement.case_id)
    assigned = {each.kind for each in before}
    sent = once(
        (each for each in plan.sent if each.kind == CALLED or each.kind not in assigned),
        [each.unit_code for each in before],
    )
    questions = tuple(each for each in plan.questions if each.kind not in assigned)
    rest = Plan(sent, questions, plan.doubts)
    case = _send_more(session, timetable, placement, sent)
    for name, value in _open(rest).items():
        setattr(placement, name, value)
    write_history(session, list(_lines(placement.case_id, rest)))
    record(session, [_event(placement.case_id, rest)])
    if rest.complete:
        _close(session, timetable, (placement, case), decision)


def confirm(
    session: Session,
    timetable: Timetable,
    placement: Placement,
    decision: Decision,
    units: Units,
) -> None:
    """Send the units that a person chose. Raises BadInput for a choice that cannot be."""
    _refuse_settled(placement, decision)
    planned = tuple(_chosen(placement, decision, units))
    case_id = placement.case_id
    before = [each.unit_code for each in assignments(session, case_id)]
    case = _send_more(session, timetable, placement, once(planned, before))
    chosen = {each.kind: each.unit_code for each in planned}
    content = {"units": chosen, "reason": decision.acting.reason}
    write_history(session, [Line(case_id, Happening.CONFIRMED, content, decision.acting.name)])
    record(session, [_event(case_id, Plan(planned, (), ()))])
    _close(session, timetable, (placement, case), decision)


def _send_more(
    session: Session, timetable: Timetable, placement: Placement, sent: Sequence[Offer]
) -> Case:
    case = session.get_one(Case, placement.case_id)
    traits = traits_of(session, case)
    send(session, timetable, [(traits, each) for each in sent], clocks.instant(session))
    return case


def _chosen(placement: Placement, decision: Decision, units: Units) -> Iterator[Offer]:
    known = {(kind, unit.code): unit for (kind, _), unit in units.items()}
    areas = {(kind, unit.code): code for (kind, code), unit in units.items()}
    for kind, role in _asked(placement):
        code = decision.choices.get(kind)
        unit = known.get((kind, code or ""))
        if unit is None:
            raise BadInput(_bad_choice(kind, code))
        acting, area_code = decision.acting, areas[kind, unit.code]
        reason = Wording(acting.reason, acting.reason)
        yield Offer(
            unit.code, unit.name, role, reason, acting.name, kind.value, area_code, BY_PERSON
        )


def _asked(placement: Placement) -> Iterator[tuple[AreaKind, Role]]:
    """Each kind in question with the role of its unit; old questions know no rules."""
    for question in placement.questions:
        kind = AreaKind(question["kind"])
        by_place = Role.LEAD if kind is AreaKind.STREET else Role.ASSIST
        yield kind, Role(question.get("role", by_place))


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


def _close(
    session: Session, timetable: Timetable, held: tuple[Placement, Case], decision: Decision
) -> None:
    """Nothing is in question any more: the case is dispatched; handled where its lead signed."""
    (placement, case), acting = held, decision.acting
    placement.confirmed_at = acting.at
    placement.person = acting.name
    placement.reason = acting.reason
    placement.questions = []
    units = [each.unit_code for each in assignments(session, case.id)]
    take(session, timetable, case, Taking(Action.DISPATCH, acting, {"units": units}))
    lead = lead_at_work(session, case.id)
    if lead is not None:
        by_unit = replace(acting, person_id=None)
        take(session, timetable, case, Taking(Action.SIGN, by_unit, {"unit_code": lead}))


@dataclass(frozen=True)
class Named:
    """A unit that a person sends, and for what."""

    unit_code: str
    role: Role


def redispatch(
    session: Session, timetable: Timetable, case: Case, named: Sequence[Named], acting: Acting
) -> None:
    """Send a case that came back to the units that a person names, one of which leads.

    Raises BadInput, and what a step does.
    """
    require_one_lead([each.role for each in named])
    reason = Wording(acting.reason, acting.reason)
    found = [(unit_named(session, each.unit_code), each.role) for each in named]
    offers = [Offer(unit.code, unit.name, role, reason, acting.name) for unit, role in found]
    call(session, timetable, case, Calling(offers, acting))
    units = [each.unit_code for each in named]
    take(session, timetable, case, Taking(Action.DISPATCH, acting, {"units": units}))


def claim(session: Session, case: Case, acting: Acting) -> None:
    """Take a case into one's hands. Raises Conflict where somebody else has it.

    A claim is given up when nothing was done for :data:`CLAIMED_FOR`; the database's time counts.
    """
    stale = func.now() - CLAIMED_FOR
    free = or_(
        Case.claimed_by.is_(None), Case.claimed_by == acting.person_id, Case.claimed_at < stale
    )
    taking = update(Case).where(Case.id == case.id, free).returning(Case.id)
    mine = taking.values(claimed_by=acting.person_id, claimed_at=func.now())
    if session.scalars(mine).one_or_none() is None:
        raise Conflict(_claimed(session, case))


def _claimed(session: Session, case: Case) -> Wording:
    query = select(Person.full_name, Case.claimed_at).join(Case, Case.claimed_by == Person.id)
    held = session.execute(query.where(Case.id == case.id)).one_or_none()
    if held is None:
        return Wording("刚被放开，请再试一次", "it was given up just now: try again")
    since = f"{held.claimed_at.astimezone(BEIJING):%H:%M}"
    return Wording(
        f"{held.full_name} 自 {since} 起在处理", f"{held.full_name} has it since {since}"
    )


def release(session: Session, case: Case, acting: Acting) -> None:
    """Give a case up again. Raises Conflict where somebody else has it."""
    mine = update(Case).where(Case.id == case.id, Case.claimed_by == acting.person_id)
    given = mine.values(claimed_by=None, claimed_at=None).returning(Case.id)
    if session.scalars(given).one_or_none() is None:
        raise Conflict(Wording("案件不在您手中", "the case is not in your hands"))


CLAIMED_FOR = timedelta(minutes=30)


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


def placement_of(session: Session, case_id: UUID) -> Placement | None:
    """What was or is held of a case."""
    return session.scalars(select(Placement).where(Placement.case_id == case_id)).one_or_none()


def anonymise(session: Session, case_ids: Sequence[UUID]) -> None:
    """Strike people and words out of what was held."""
    held = update(Placement).where(Placement.case_id.in_(case_ids))
    session.execute(held.values(doubts=[], questions=[]))
    confirmed = held.where(Placement.confirmed_at.is_not(None))
    session.execute(confirmed.values(person=SOMEBODY, reason=""))


def _open(plan: Plan) -> dict[str, Any]:
    return {
        "doubts": [doubt._asdict() for doubt in plan.doubts],
        "questions": [question.content() for question in plan.questions],
    }


def _lines(case_id: UUID, plan: Plan) -> Iterator[Line]:
    if plan.sent:
        units = {"units": {each.kind: each.unit_code for each in plan.sent}}
        yield Line(case_id, Happening.ASSIGNED, units, SYSTEM)
    if not plan.complete:
        yield Line(case_id, Happening.HELD, _open(plan), SYSTEM)


def _event(case_id: UUID, plan: Plan) -> Event:
    content = {
        "assignments": [_named(planned) for planned in plan.sent],
        "open": [question.kind.value for question in plan.questions],
    }
    return Event("case.dispatched" if plan.complete else "case.held", str(case_id), content)


def _named(planned: Offer) -> dict[str, Any]:
    """Who is sent, without reason and actor, which are a person's words and name."""
    content = planned.content()
    return {name: content[name] for name in content if name not in {"reason", "actor"}}
