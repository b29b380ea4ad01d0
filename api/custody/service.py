"""Keeping the chain of custody. The caller commits.

Every hand-over takes the database's own time, read after the open link was locked: so it never
lies before the instant in which that link began.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, insert, literal, or_, select, update
from sqlalchemy import case as whether
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.cases.domain import OPEN_STATES, Acting, Happening, State, require_open
from api.cases.models import Case
from api.cases.service import SOMEBODY, SYSTEM, Line, write_history
from api.custody.domain import (
    GAP_LIMITS,
    HOW_TITLES,
    Gap,
    Holder,
    How,
    require_giver,
    require_receiver,
)
from api.custody.models import CustodyLink
from api.outbox import Event, record
from api.refusals import BadInput, Conflict, Fault
from gis.database import insert_all
from gis.wording import Wording
from grids.models import Unit


class Beginning(NamedTuple):
    """Who was asked first, and when. Without a person it is the system of a channel."""

    case_id: UUID
    at: datetime
    holder_id: UUID | None = None
    holder_name: str = SYSTEM


def begin(session: Session, beginnings: Sequence[Beginning]) -> None:
    """Begin the chains of new cases, in one statement that answers nothing."""
    rows = [
        {
            "case_id": each.case_id,
            "seq": 1,
            "holder_id": each.holder_id,
            "holder_name": each.holder_name,
            "taken_at": each.at,
        }
        for each in beginnings
    ]
    insert_all(session, CustodyLink, rows)


def chain(session: Session, case_id: UUID) -> Sequence[CustodyLink]:
    """Every link of a case, the first person asked first."""
    query = select(CustodyLink).where(CustodyLink.case_id == case_id).order_by(CustodyLink.seq)
    return session.scalars(query).all()


def person(session: Session, person_id: UUID) -> Holder:
    """Somebody to hand a case to. Raises BadInput for whoever has no account in use."""
    found = session.get(Person, person_id)
    if found is None or found.disabled_at is not None:
        what = Wording("没有这个人员", "there is no such person")
        raise BadInput(Fault("person_id", what, Wording("选择在册人员", "choose somebody enabled")))
    return Holder(found.full_name, person_id=found.id)


def unit(session: Session, code: str) -> Holder:
    """A unit to hand a case to. Raises BadInput for one that is not registered."""
    found = session.get(Unit, code)
    if found is None:
        what = Wording("没有这个单位", "there is no such unit")
        raise BadInput(
            Fault("unit_code", what, Wording("选择在册单位", "choose a registered unit"))
        )
    return Holder(found.name, unit_code=found.code)


class _Passing(NamedTuple):
    """A case on its way into other hands."""

    to: Holder
    acting: Acting
    how: How


def hand_over(session: Session, case: Case, to: Holder, acting: Acting, how: How) -> CustodyLink:
    """Offer a case to somebody; until they sign, the giver stays answerable.

    A new offer takes the place of one that waits. Raises Conflict.
    """
    require_open(State(case.state))
    link, at = _open_link(session, case.id)
    require_giver(link.holder, acting)
    if (link.holder_id, link.unit_code) == (to.person_id, to.unit_code):
        raise Conflict(Wording("案件已在其手中", "they hold the case already"))
    link.offered_at, link.offered_by, link.offered_how = at, acting.person_id, how.value
    link.to_id, link.to_unit, link.to_name = to.person_id, to.unit_code, to.name
    link.reason, link.alarmed_at = acting.reason, None
    words = _words(link, _Passing(to, acting, how))
    write_history(session, [Line(case.id, Happening.CUSTODY_OFFERED, words, acting.name)])
    session.flush()
    return link


def sign(session: Session, case: Case, acting: Acting, how: How) -> CustodyLink:
    """Sign for what was offered; answers the receiver's link. Raises Conflict, BadInput.

    The centre may sign for the receiver, saying how and who told it.
    """
    link, at = _open_link(session, case.id)
    to = link.to
    if to is None:
        raise Conflict(Wording("没有待签收的交接", "no hand-over waits to be signed for"))
    require_receiver(to, acting, how)
    return _pass(session, link, at, _Passing(to, acting, how))


def accept(session: Session, case_id: UUID, unit_code: str, acting: Acting) -> CustodyLink:
    """A unit accepts the case and is answerable from now on; an offer that waits falls.

    Nothing happens where it holds the case already. Raises BadInput for an unknown unit.
    """
    return _move(session, case_id, unit(session, unit_code), acting)


def take_back(session: Session, case_id: UUID, acting: Acting) -> CustodyLink:
    """Whoever acts takes the case into their own hands: it was returned, or opened again."""
    return _move(session, case_id, Holder(acting.name, person_id=acting.person_id), acting)


def _move(session: Session, case_id: UUID, to: Holder, acting: Acting) -> CustodyLink:
    link, at = _open_link(session, case_id)
    if (link.holder_id, link.unit_code) == (to.person_id, to.unit_code):
        return link
    return _pass(session, link, at, _Passing(to, acting, How.SYSTEM))


def _pass(session: Session, link: CustodyLink, at: datetime, passing: _Passing) -> CustodyLink:
    """End a link and begin the next one in the same instant."""
    to, acting, how = passing
    link.given_at, link.signed_by, link.signed_how = at, acting.person_id, how.value
    session.flush()
    holder = {"holder_id": to.person_id, "unit_code": to.unit_code, "holder_name": to.name}
    received = CustodyLink(case_id=link.case_id, seq=link.seq + 1, taken_at=at, **holder)
    session.add(received)
    words = _words(link, passing)
    write_history(session, [Line(link.case_id, Happening.CUSTODY_TAKEN, words, acting.name)])
    session.flush()
    return received


def _words(link: CustodyLink, passing: _Passing) -> dict[str, Any]:
    return {
        "holder": _called(link.holder_name),
        "to": passing.to.name,
        "how": HOW_TITLES[passing.how]._asdict(),
        "reason": passing.acting.reason,
    }


def _called(name: str) -> str | dict[str, str]:
    return {"zh": "系统", "en": "the system"} if name == SYSTEM else name


def _open_link(session: Session, case_id: UUID) -> tuple[CustodyLink, datetime]:
    """The holder's link, locked, and the instant for what happens to it. Raises Conflict."""
    query = select(CustodyLink).where(
        CustodyLink.case_id == case_id, CustodyLink.given_at.is_(None)
    )
    locked = query.with_for_update().execution_options(populate_existing=True)
    link = session.scalars(locked).one_or_none()
    if link is None:
        raise Conflict(Wording("刚刚有人接手，请刷新", "somebody has just taken it: look again"))
    at = session.scalars(select(func.greatest(func.clock_timestamp(), link.taken_at))).one()
    return link, at


class Alarm(NamedTuple):
    """A gap that was found."""

    case_id: UUID
    number: str
    gap: Gap
    since: datetime


def gaps(session: Session, limits: Mapping[Gap, timedelta] = GAP_LIMITS) -> list[Alarm]:
    """Find the gaps of open cases and raise each alarm once: an event ``custody.gap``.

    A hand-over that nobody signed for in time, and a case that a channel's system holds and nobody
    by name has taken. A case without any chain gets one that begins now, with its alarm.
    """
    alarms = [*_late(session, Gap.UNSIGNED, limits), *_late(session, Gap.UNNAMED, limits)]
    alarms += _unchained(session)
    record(session, [_event(each) for each in alarms])
    return alarms


def _late(session: Session, gap: Gap, limits: Mapping[Gap, timedelta]) -> list[Alarm]:
    """Mark the open links that are late; a second worker finds them marked."""
    since = CustodyLink.offered_at if gap is Gap.UNSIGNED else CustodyLink.taken_at
    marked = (
        update(CustodyLink)
        .where(CustodyLink.case_id == Case.id, Case.state.in_(OPEN_STATES), _is(gap))
        .where(CustodyLink.given_at.is_(None), CustodyLink.alarmed_at.is_(None))
        .where(since <= func.clock_timestamp() - limits[gap])
        .values(alarmed_at=func.clock_timestamp())
        .returning(Case.id, Case.number, since)
        .execution_options(synchronize_session=False)
    )
    return [Alarm(id_, number, gap, at) for id_, number, at in session.execute(marked) if at]


def _is(gap: Gap) -> ColumnElement[bool]:
    if gap is Gap.UNSIGNED:
        return CustodyLink.offered_at.is_not(None)
    unnamed = and_(CustodyLink.holder_id.is_(None), CustodyLink.unit_code.is_(None))
    return and_(unnamed, CustodyLink.offered_at.is_(None))


def _unchained(session: Session) -> list[Alarm]:
    now = func.clock_timestamp()
    without = ~exists().where(CustodyLink.case_id == Case.id)
    open_ones = select(Case.id, literal(1), literal(SYSTEM), now, now)
    columns = ["case_id", "seq", "holder_name", "taken_at", "alarmed_at"]
    found = open_ones.where(Case.state.in_(OPEN_STATES), without)
    made = insert(CustodyLink).from_select(columns, found)
    rows = session.execute(made.returning(CustodyLink.case_id, CustodyLink.taken_at)).all()
    numbers = dict(
        session.execute(select(Case.id, Case.number).where(Case.id.in_([r[0] for r in rows]))).all()
    )
    return [Alarm(case_id, numbers[case_id], Gap.UNNAMED, at) for case_id, at in rows]


def _event(alarm: Alarm) -> Event:
    content = {
        "number": alarm.number,
        "gap": alarm.gap.value,
        "since": alarm.since.isoformat(),
    }
    return Event("custody.gap", str(alarm.case_id), content)


def anonymise(session: Session, case_ids: Sequence[UUID]) -> None:
    """Strike people and words out; units and times stay, and so does the chain."""
    named = or_(CustodyLink.unit_code.is_not(None), CustodyLink.holder_name == SYSTEM)
    to_unit = or_(CustodyLink.to_unit.is_not(None), CustodyLink.to_name.is_(None))
    words = {
        "holder_name": whether((named, CustodyLink.holder_name), else_=SOMEBODY),
        "to_name": whether((to_unit, CustodyLink.to_name), else_=SOMEBODY),
        "reason": None,
    }
    session.execute(update(CustodyLink).where(CustodyLink.case_id.in_(case_ids)).values(words))
