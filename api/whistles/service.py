"""Blowing, following, ending and scoring whistles. The caller commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.assignments.domain import AT_WORK, OPEN_STAGES, TERRITORIAL, Move, Offer, Role, Stage
from api.assignments.models import Assignment, AssignmentStep
from api.assignments.service import Called as CalledBy
from api.assignments.service import Calling, Turning, assignments, call, turn, unit_named
from api.cases.domain import TIER_TITLES, Acting, ClockKind, Happening, State, Tier
from api.cases.models import Case
from api.cases.service import SOMEBODY, Line, write_history
from api.clocks import service as clocks
from api.clocks.models import CardGiven, Clock
from api.clocks.service import Timetable
from api.outbox import Event, record
from api.refusals import Conflict, Forbidden, Missing
from api.rights.roles import Role as PersonRole
from api.whistles.domain import (
    GROUND_TITLES,
    KIND_TITLES,
    MUSTER_TITLES,
    Called,
    Ground,
    Muster,
    WhistleKind,
    emergency_roll,
    highest,
    next_tier,
    require_whistle,
)
from api.whistles.models import Whistle, WhistleCall, WhistleExpert
from gis.database import insert_all
from gis.wording import Wording


@dataclass(frozen=True)
class Blast:
    """A whistle to be blown, with so many experts. ``acting.reason`` are its words."""

    kind: WhistleKind
    ground: Ground
    units: Sequence[Called]
    acting: Acting
    experts: int = 0


def blow(session: Session, timetable: Timetable, case: Case, blast: Blast) -> Whistle:
    """Call units to a case; a unit that is on it keeps its one assignment. The experts of a
    consultation are seated afterwards (`api.whistles.door`).

    Raises Conflict for a case that is over, BadInput.
    """
    session.refresh(case, with_for_update=True)
    require_whistle(State(case.state), blast.kind, blast.ground, blast.units, blast.experts)
    whistle = _whistle(case, blast)
    session.add(whistle)
    session.flush()
    names = {each.unit_code: unit_named(session, each.unit_code).name for each in blast.units}
    offered = _call(session, timetable, case, blast, (whistle, names))
    whistle.after_step = _last_step(session, case)
    _write_calls(session, whistle, blast, names, offered)
    _tell_blown(session, case, whistle, blast, names)
    session.flush()
    return whistle


def blow_emergency(
    session: Session, timetable: Timetable, case: Case, standby: Sequence[str], acting: Acting
) -> Whistle:
    """Blow the emergency whistle in one action: the case's own units and the standby units.

    Raises what :func:`blow` raises.
    """
    sent = assignments(session, case.id)
    roles = {each.unit_code: Role(each.role) for each in sent}
    territorial = [each.unit_code for each in sent if each.kind in TERRITORIAL]
    roll = emergency_roll(roles, territorial, standby)
    return blow(
        session, timetable, case, Blast(WhistleKind.EMERGENCY, Ground.EMERGENCY, roll, acting)
    )


def _whistle(case: Case, blast: Blast) -> Whistle:
    acting = blast.acting
    default = Tier.DISTRICT if PersonRole.DISPATCHER in acting.roles else Tier.STREET
    return Whistle(
        case_id=case.id,
        kind=blast.kind,
        ground=blast.ground,
        words=acting.reason,
        tier=highest([default, Tier(case.tier)] if case.tier else [default]),
        blown_by=acting.person_id,
        blown_by_name=acting.name,
        unit_code=acting.unit_code,
        blown_at=acting.at,
    )


def subject_of(whistle: Whistle) -> str:
    """What a whistle's clocks are started for; also its name in the audit."""
    return f"whistle:{whistle.id}"


def _call(
    session: Session,
    timetable: Timetable,
    case: Case,
    blast: Blast,
    whistled: tuple[Whistle, Mapping[str, str]],
) -> list[str]:
    """Offer the case to the units; answers those to whom it is new.

    A unit keeps the role that it has on the case: whoever leads the whistle need not lead the case.
    """
    whistle, names = whistled
    roles = {each.unit_code: Role(each.role) for each in _open(session, case)}
    reason = GROUND_TITLES[blast.ground]
    offers = [
        Offer(
            each.unit_code,
            names[each.unit_code],
            _role_on_case(each, roles),
            reason,
            blast.acting.name,
        )
        for each in blast.units
        if each.role is not Role.INFORM or each.unit_code not in roles
    ]
    if not offers:
        return []
    called = CalledBy(whistle.kind, subject_of(whistle))
    return call(session, timetable, case, Calling(offers, blast.acting, called))


def _role_on_case(called: Called, roles: Mapping[str, Role]) -> Role:
    before = roles.get(called.unit_code, Role.INFORM)
    if before is not Role.INFORM:
        return before
    has_lead = Role.LEAD in roles.values()
    return Role.ASSIST if called.role is Role.LEAD and has_lead else called.role


def _open(session: Session, case: Case) -> list[Assignment]:
    return [each for each in assignments(session, case.id) if each.stage in OPEN_STAGES]


def _last_step(session: Session, case: Case) -> int:
    last = select(func.max(AssignmentStep.id)).where(AssignmentStep.case_id == case.id)
    return session.scalar(last) or 0


def _write_calls(
    session: Session,
    whistle: Whistle,
    blast: Blast,
    names: Mapping[str, str],
    offered: Sequence[str],
) -> None:
    rows = [
        {
            "whistle_id": whistle.id,
            "unit_code": each.unit_code,
            "unit_name": names[each.unit_code],
            "role": each.role,
            "offered": each.unit_code in offered,
        }
        for each in blast.units
    ]
    insert_all(session, WhistleCall, rows)


def _tell_blown(
    session: Session, case: Case, whistle: Whistle, blast: Blast, names: Mapping[str, str]
) -> None:
    words = {
        "type": KIND_TITLES[blast.kind]._asdict(),
        "ground": GROUND_TITLES[blast.ground]._asdict(),
        "units": "、".join(names.values()),
        "words": whistle.words,
    }
    line = Line(case.id, Happening.WHISTLE_BLOWN, words, blast.acting.name)
    write_history(session, [line])
    due = {clock.unit_code: clock.due_at for clock in report_in_clocks(session, whistle)}
    told = {"number": case.number, "whistle": whistle.id, "type": whistle.kind}
    events = []
    for code in names:
        by = {"due_at": due[code].isoformat()} if code in due else {}
        events.append(Event("whistle.blown", str(case.id), told | {"unit_code": code} | by))
    record(session, events)


def report_in_clocks(session: Session, whistle: Whistle) -> Sequence[Clock]:
    """The clocks that the units of a whistle have to report in by."""
    query = select(Clock).where(
        Clock.case_id == whistle.case_id,
        Clock.subject == subject_of(whistle),
        Clock.kind == ClockKind.REPORT_IN,
    )
    return session.scalars(query).all()


def find_whistle(
    session: Session, whistle_id: int, *, locked: bool = False
) -> tuple[Whistle, Case]:
    """A whistle and its case. Raises Missing."""
    query = select(Whistle, Case).join(Case, Case.id == Whistle.case_id)
    query = query.where(Whistle.id == whistle_id)
    found = session.execute(query.with_for_update(of=Whistle) if locked else query).one_or_none()
    if found is None:
        raise Missing(Wording("没有这次吹哨", "there is no such whistle"), f"whistle:{whistle_id}")
    return found[0], found[1]


def calls_of(session: Session, whistle: Whistle) -> Sequence[WhistleCall]:
    """The units that a whistle calls, its lead first."""
    lead_first = (WhistleCall.role != Role.LEAD, WhistleCall.unit_code)
    query = select(WhistleCall).where(WhistleCall.whistle_id == whistle.id)
    return session.scalars(query.order_by(*lead_first)).all()


def tier_of(session: Session, whistle: Whistle) -> Tier:
    """Who stands behind a whistle: the tier it was raised to, by a person or by a card."""
    cards = (
        select(CardGiven.tier)
        .join(Clock, Clock.id == CardGiven.clock_id)
        .where(CardGiven.case_id == whistle.case_id, Clock.subject == subject_of(whistle))
    )
    return highest([Tier(whistle.tier), *map(Tier, session.scalars(cards))])


def escalate(session: Session, whistle_id: int, acting: Acting) -> tuple[Whistle, Case]:
    """Raise a whistle to the next tier. Raises Missing, Forbidden, Conflict at the top."""
    whistle, case = of_mine(session, whistle_id, acting)
    require_running(whistle)
    whistle.tier = next_tier(tier_of(session, whistle))
    words = {"tier": TIER_TITLES[Tier(whistle.tier)]._asdict(), "reason": acting.reason}
    write_history(session, [Line(case.id, Happening.WHISTLE_RAISED, words, acting.name)])
    told = {"number": case.number, "whistle": whistle.id, "tier": whistle.tier}
    record(session, [Event("whistle.raised", str(case.id), told)])
    session.flush()
    return whistle, case


def of_mine(session: Session, whistle_id: int, acting: Acting) -> tuple[Whistle, Case]:
    """A whistle, locked, for whoever answers for it: the caller's unit, or the centre.

    Raises Missing, Forbidden.
    """
    whistle, case = find_whistle(session, whistle_id, locked=True)
    of_unit = whistle.unit_code is not None and whistle.unit_code == acting.unit_code
    if not of_unit and PersonRole.DISPATCHER not in acting.roles:
        what = Wording("由吹哨单位或中心办理", "only the unit that blew it, or the centre, does so")
        raise Forbidden(what, f"whistle:{whistle_id}")
    return whistle, case


def require_running(whistle: Whistle) -> None:
    """Refuse what cannot be done with a whistle that has ended. Raises Conflict."""
    if whistle.ending is not None:
        title = MUSTER_TITLES[Muster(whistle.ending)]
        raise Conflict(Wording(f"吹哨{title.zh}", f"the whistle is: {title.en}"))


def end(
    session: Session, timetable: Timetable, whistle_id: int, ending: Muster, acting: Acting
) -> tuple[Whistle, Case]:
    """End a whistle, ``acting.reason`` saying with what result or why. Who was stood down and has
    no other part in the case goes home. Raises Missing, Forbidden, Conflict.
    """
    whistle, case = of_mine(session, whistle_id, acting)
    require_running(whistle)
    whistle.ending, whistle.ended_at, whistle.ended_words = ending, acting.at, acting.reason
    at = clocks.instant(session)
    clocks.stop(session, [case.id], [ClockKind.REPORT_IN], at, subject=subject_of(whistle))
    called = calls_of(session, whistle)
    session.flush()
    if ending is Muster.STOOD_DOWN:
        _send_home(session, timetable, case, called, acting)
    _tell_ended(session, case, whistle, called, acting)
    return whistle, case


def _send_home(
    session: Session,
    timetable: Timetable,
    case: Case,
    called: Iterable[WhistleCall],
    acting: Acting,
) -> None:
    """The lead of the case stays with it, and so does who another whistle needs."""
    by_house = replace(acting, person_id=None)
    came = {each.unit_code for each in called if each.offered}
    for row in _open(session, case):
        free = row.unit_code in came and row.role != Role.LEAD and Stage(row.stage) in AT_WORK
        if free and not _called_elsewhere(session, case, row.unit_code):
            turn(session, timetable, case, row.unit_code, Turning(Move.STAND_DOWN, by_house))


def _called_elsewhere(session: Session, case: Case, unit_code: str) -> bool:
    still = (
        select(func.count())
        .select_from(WhistleCall)
        .join(Whistle, Whistle.id == WhistleCall.whistle_id)
        .where(Whistle.case_id == case.id, Whistle.ended_at.is_(None))
        .where(WhistleCall.unit_code == unit_code)
    )
    return session.scalars(still).one() > 0


def _tell_ended(
    session: Session,
    case: Case,
    whistle: Whistle,
    called: Sequence[WhistleCall],
    acting: Acting,
) -> None:
    words = {
        "type": KIND_TITLES[WhistleKind(whistle.kind)]._asdict(),
        "ending": MUSTER_TITLES[Muster(str(whistle.ending))]._asdict(),
        "words": acting.reason,
    }
    write_history(session, [Line(case.id, Happening.WHISTLE_ENDED, words, acting.name)])
    told = {"number": case.number, "whistle": whistle.id, "ending": whistle.ending}
    units = [each.unit_code for each in called]
    record(session, [Event("whistle.stood_down", str(case.id), told | {"units": units})])
    session.flush()


def score(
    session: Session, whistle_id: int, unit_code: str, points: int, acting: Acting
) -> tuple[Whistle, Case]:
    """The caller's score of how a unit reported in, once. Raises Missing, Forbidden, Conflict."""
    whistle, case = of_mine(session, whistle_id, acting)
    row = _ended_call(session, whistle, unit_code)
    if acting.unit_code == unit_code:
        raise Conflict(Wording("不能给本单位评分", "nobody scores their own unit"))
    if row.score is not None:
        raise Conflict(Wording("已评分", "it was scored already"))
    row.score, row.score_words = points, acting.reason
    session.flush()
    return whistle, case


def justify(session: Session, whistle_id: int, points: int, acting: Acting) -> tuple[Whistle, Case]:
    """A called unit's score of whether the whistle was justified, once.

    Raises Missing, Conflict.
    """
    whistle, case = find_whistle(session, whistle_id, locked=True)
    row = _ended_call(session, whistle, acting.unit_code or "")
    if whistle.unit_code == acting.unit_code:
        raise Conflict(Wording("不能给本单位吹的哨评分", "nobody scores their own unit's whistle"))
    if row.justified is not None:
        raise Conflict(Wording("已评分", "it was scored already"))
    row.justified, row.justified_words = points, acting.reason
    session.flush()
    return whistle, case


def _ended_call(session: Session, whistle: Whistle, unit_code: str) -> WhistleCall:
    row = session.get(WhistleCall, (whistle.id, unit_code))
    if row is None:
        raise Missing(Wording("没有召集这个单位", "this unit was not called"))
    if whistle.ending is None:
        raise Conflict(Wording("吹哨结束后才能评分", "scores are given when the whistle has ended"))
    return row


def anonymise(session: Session, case_ids: Sequence[UUID]) -> None:
    """Strike people and words out of whistles; units, times and scores stay."""
    blown = select(Whistle.id).where(Whistle.case_id.in_(case_ids))
    calls = update(WhistleCall).where(WhistleCall.whistle_id.in_(blown))
    session.execute(calls.values(score_words="", justified_words=""))
    experts = update(WhistleExpert).where(WhistleExpert.whistle_id.in_(blown))
    session.execute(experts.values(person_id=None, name=SOMEBODY, opinion=""))
    whistles = update(Whistle).where(Whistle.case_id.in_(case_ids))
    session.execute(whistles.values(words="", ended_words="", blown_by_name=SOMEBODY))
