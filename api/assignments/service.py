"""Sending units and following how far they come. The caller commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import case as whether
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.assignments.domain import (
    ENDED_STAGES,
    MEANS_TITLES,
    PROGRESS,
    Move,
    Offer,
    OnBehalf,
    Role,
    Stage,
    Turn,
    offered_clocks,
    require_turn,
)
from api.assignments.models import Assignment, AssignmentStep
from api.cases.domain import Acting, ClockKind, Happening, State, require_open
from api.cases.models import Case
from api.cases.service import SOMEBODY, SYSTEM, Line, write_history
from api.clocks import service as clocks
from api.clocks.domain import Limit
from api.clocks.service import Start, Timetable
from api.life.domain import LIFE, Action
from api.life.service import Taking, take
from api.outbox import Event, record
from api.refusals import BadInput, Fault, Missing
from api.reports.models import Report
from api.rules.service import limits_ruled
from gis.database import insert_all
from gis.wording import Wording
from grids.models import Unit


class Traits(NamedTuple):
    """What of a case decides the limits of its units; ``limits`` are those that a rule set."""

    case_id: UUID
    category: str
    grade: str | None = None
    limits: Mapping[ClockKind, Limit] = MappingProxyType({})


def send(
    session: Session, timetable: Timetable, sent: Sequence[tuple[Traits, Offer]], at: datetime
) -> None:
    """Send units to new cases, with their clocks. Nothing is answered: it can be pipelined."""
    insert_all(session, Assignment, [_row(traits.case_id, offer) for traits, offer in sent])
    starts = [
        start
        for traits, offer in sent
        for start in _starts(traits, offer.unit_code, offered_clocks(offer.role))
    ]
    clocks.start(session, timetable, starts, at)


def _row(case_id: UUID, offer: Offer) -> dict[str, Any]:
    content = offer.content()
    reason = content.pop("reason")
    return content | {
        "case_id": case_id,
        "reason_zh": reason["zh"],
        "reason_en": reason["en"],
    }


def _starts(
    traits: Traits, unit_code: str, kinds: Iterable[ClockKind], called: "Called | None" = None
) -> list[Start]:
    whistle, subject = called or (None, None)
    known, ruled = (whistle, unit_code, subject), traits.limits if called is None else {}
    return [
        Start(traits.case_id, kind, traits.category, traits.grade, *known, ruled.get(kind))
        for kind in kinds
    ]


class Called(NamedTuple):
    """By which whistle a unit is called: its type, and its name for the clocks."""

    whistle: str
    subject: str


@dataclass(frozen=True)
class Calling:
    """Units that are sent to a case by somebody, or by a whistle."""

    offers: Sequence[Offer]
    acting: Acting
    called: Called | None = None


def call(session: Session, timetable: Timetable, case: Case, calling: Calling) -> list[str]:
    """Send units to a case that has units: new ones, and those whose part had ended.

    Who is at work already stays so, in the role that is given now. Answers the codes of the units
    that were offered something new.
    """
    offers, acting = calling.offers, calling.acting
    known = {each.unit_code: each for each in _locked(session, case.id)}
    for row in known.values():
        _take_over(row, offers)
    new = [offer for offer in offers if offer.unit_code not in known]
    again = [offer for offer in offers if _ended(known.get(offer.unit_code))]
    insert_all(session, Assignment, [_row(case.id, offer) for offer in new])
    for offer in again:
        row = known[offer.unit_code]
        row.stage = Stage.OFFERED
        session.add(_step(row, Move.OFFER, acting))
    fresh = [*new, *again]
    _start_called(session, timetable, case, calling, fresh)
    if fresh:
        _tell_offered(session, case, fresh, acting)
    session.flush()
    return [offer.unit_code for offer in fresh]


def _take_over(row: Assignment, offers: Sequence[Offer]) -> None:
    """Give a unit its new role; where another one leads now, the former lead assists."""
    role = next((each.role for each in offers if each.unit_code == row.unit_code), None)
    if role is not None:
        row.role = role
    elif row.role == Role.LEAD and any(offer.role is Role.LEAD for offer in offers):
        row.role = Role.ASSIST


def _ended(row: Assignment | None) -> bool:
    return row is not None and Stage(row.stage) in {*ENDED_STAGES, Stage.DELIVERED}


def _start_called(
    session: Session, timetable: Timetable, case: Case, calling: Calling, fresh: Sequence[Offer]
) -> None:
    traits, called = traits_of(session, case), calling.called
    starts = []
    for offer in calling.offers:
        kinds = offered_clocks(offer.role, whistled=called is not None)
        if offer not in fresh:
            kinds = (ClockKind.REPORT_IN,) if called and kinds else ()
        starts += _starts(traits, offer.unit_code, kinds, called)
    clocks.start(session, timetable, starts, clocks.instant(session))


def _tell_offered(session: Session, case: Case, fresh: Sequence[Offer], acting: Acting) -> None:
    names = "、".join(offer.unit_name for offer in fresh)
    content = {"units": names, "reason": acting.reason}
    write_history(session, [Line(case.id, Happening.CALLED, content, acting.name)])
    units = [{"unit_code": each.unit_code, "unit_name": each.unit_name} for each in fresh]
    told = {"number": case.number, "units": units}
    record(session, [Event("assignment.offered", str(case.id), told)])


def traits_of(session: Session, case: Case) -> Traits:
    """What of a case decides the limits of its units."""
    report = session.get_one(Report, case.report_id)
    return Traits(case.id, report.category, case.grade, limits_ruled(report))


@dataclass(frozen=True)
class Spot:
    """Where somebody was who reported in: EPSG:4326 degrees, accuracy in metres."""

    lon: float
    lat: float
    accuracy_m: float | None = None


@dataclass(frozen=True)
class Turning:
    """Something that is done with an assignment; ``acting.reason`` is its reason or its result.

    ``to`` is the unit that goes on in its place, for a transfer.
    """

    move: Move
    acting: Acting
    on_behalf: OnBehalf | None = None
    spot: Spot | None = None
    to: str | None = None


def turn(
    session: Session, timetable: Timetable, case: Case, unit_code: str, turning: Turning
) -> Assignment:
    """Do something with a unit's assignment; the lead's signing and returning move the case.

    The assignment stays locked until the caller's transaction ends, so that of two people one is
    told the stage it is at. Raises Missing, Forbidden, BadInput, Conflict, also for a case that is
    over.
    """
    require_open(State(case.state))
    row, line, acting = _found(session, case, unit_code), PROGRESS[turning.move], turning.acting
    require_turn(line, Stage(row.stage), unit_code, acting, turning.on_behalf)
    row.stage = line.target
    session.add(_step(row, turning.move, acting, turning))
    _set_clocks(session, timetable, case, row, line)
    write_history(session, [Line(case.id, Happening.UNIT_MOVED, _told(row, turning), acting.name)])
    record(session, [_event(case, row, turning.move)])
    session.flush()
    _hand_on(session, timetable, case, row, turning)
    _follow(session, timetable, case, row, turning)
    return row


def _hand_on(
    session: Session, timetable: Timetable, case: Case, row: Assignment, turning: Turning
) -> None:
    """Give a unit's part to another unit, in the same role. Raises BadInput."""
    if turning.move is not Move.TRANSFER:
        return
    other = unit_named(session, turning.to or "")
    acting, reason = turning.acting, Wording(turning.acting.reason, turning.acting.reason)
    offer = Offer(other.code, other.name, Role(row.role), reason, acting.name)
    call(session, timetable, case, Calling([offer], acting))


def unit_named(session: Session, code: str) -> Unit:
    """A unit by its code. Raises BadInput."""
    unit = session.get(Unit, code)
    if unit is None:
        what = Wording(f"没有单位 {code}", f"there is no unit {code}")
        raise BadInput(Fault("unit_code", what, Wording("从单位表中选择", "choose a known unit")))
    return unit


def unit_name(session: Session, code: str) -> str | None:
    """What a unit is called."""
    return session.scalar(select(Unit.name).where(Unit.code == code))


def _found(session: Session, case: Case, unit_code: str) -> Assignment:
    query = select(Assignment).where(
        Assignment.case_id == case.id, Assignment.unit_code == unit_code
    )
    row = session.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise Missing(Wording("本案没有派给这个单位", "the case was not sent to this unit"))
    return row


def _step(
    row: Assignment, move: Move, acting: Acting, turning: Turning | None = None
) -> AssignmentStep:
    behalf = turning.on_behalf if turning else None
    spot = turning.spot if turning else None
    return AssignmentStep(
        assignment_id=row.id,
        case_id=row.case_id,
        move=move,
        at=acting.at,
        person_id=acting.person_id,
        person_name=acting.name,
        channel=behalf.channel if behalf else None,
        said_by=behalf.said_by if behalf else None,
        words=acting.reason,
        **(vars(spot) if spot else {}),
    )


def _set_clocks(
    session: Session, timetable: Timetable, case: Case, row: Assignment, line: Turn
) -> None:
    at = clocks.instant(session)
    if line.stops:
        clocks.stop(session, [case.id], line.stops, at, row.unit_code)
    if line.starts and row.role != Role.INFORM:
        starts = _starts(traits_of(session, case), row.unit_code, line.starts)
        clocks.start(session, timetable, starts, at)


def _told(row: Assignment, turning: Turning) -> dict[str, Any]:
    behalf = turning.on_behalf
    said = {"zh": "", "en": ""}
    if behalf is not None:
        title = MEANS_TITLES[behalf.channel]
        said = {
            "zh": f"（{behalf.said_by}{title.zh}告知，代录）",
            "en": f"(said by {behalf.said_by} {title.en})",
        }
    move = PROGRESS[turning.move].title._asdict()
    words = turning.acting.reason
    return {"unit": row.unit_name, "move": move, "words": words, "behalf": said}


def _event(case: Case, row: Assignment, move: Move) -> Event:
    topic = "assignment.returned" if move is Move.RETURN else "assignment.moved"
    content = {"number": case.number, "unit_code": row.unit_code, "stage": row.stage}
    return Event(topic, str(case.id), content)


FOLLOWED = {Move.SIGN: Action.SIGN, Move.RETURN: Action.RETURN}


def _follow(
    session: Session, timetable: Timetable, case: Case, row: Assignment, turning: Turning
) -> None:
    """The case goes with its lead unit; whoever entered it, it is the unit's own step."""
    action = FOLLOWED.get(turning.move)
    if row.role != Role.LEAD or action is None:
        return
    if State(case.state) in LIFE[action].sources:
        by_unit = replace(turning.acting, person_id=None)
        take(session, timetable, case, Taking(action, by_unit, {"unit_code": row.unit_code}))


def lead_at_work(session: Session, case_id: UUID) -> str | None:
    """The lead unit's code if it has signed, though other units were still in question."""
    query = select(Assignment.unit_code).where(
        Assignment.case_id == case_id,
        Assignment.role == Role.LEAD,
        Assignment.stage.in_((Stage.SIGNED, Stage.CONTACTED, Stage.REPORTED_IN, Stage.DELIVERED)),
    )
    return session.scalars(query).one_or_none()


def _locked(session: Session, case_id: UUID) -> Sequence[Assignment]:
    query = select(Assignment).where(Assignment.case_id == case_id).order_by(Assignment.id)
    return session.scalars(query.with_for_update()).all()


def assignments(session: Session, case_id: UUID) -> list[Assignment]:
    """The units sent to a case, in the order in which they were sent."""
    query = select(Assignment).where(Assignment.case_id == case_id).order_by(Assignment.id)
    return list(session.scalars(query))


def steps_of(session: Session, case_id: UUID) -> Sequence[AssignmentStep]:
    """All that was done with the assignments of a case, oldest first."""
    query = select(AssignmentStep).where(AssignmentStep.case_id == case_id)
    return session.scalars(query.order_by(AssignmentStep.id)).all()


def anonymise(session: Session, case_ids: Sequence[UUID]) -> None:
    """Strike people and words out of what was sent and done; units, stages and times stay."""
    by_somebody = whether((Assignment.actor == SYSTEM, SYSTEM), else_=SOMEBODY)
    sent = update(Assignment).where(Assignment.case_id.in_(case_ids))
    session.execute(sent.values(reason_zh="", reason_en="", actor=by_somebody))
    said = whether((AssignmentStep.said_by.is_(None), None), else_=SOMEBODY)
    steps = update(AssignmentStep).where(AssignmentStep.case_id.in_(case_ids))
    struck = {"person_name": SOMEBODY, "said_by": said, "words": "", "lon": None, "lat": None}
    session.execute(steps.values(**struck, accuracy_m=None))
