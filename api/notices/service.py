"""Telling events, and what is told: notices, deliveries, channels. The caller commits.

All times are the database's: ``now()`` is the beginning of the caller's transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.assignments.models import Assignment
from api.cases.domain import ClockKind
from api.cases.models import Case
from api.clocks.models import Clock
from api.notices.domain import (
    LEASE,
    SIGNED_FOR,
    Addressed,
    CaseFacts,
    Channel,
    Failing,
    Party,
    Progress,
    addressed,
    detail_of,
    due_of,
)
from api.notices.models import ChannelSetting, Delivery, Notice, UnitAddress
from api.outbox import OutboxEvent
from api.refusals import Conflict, Missing
from api.reports.models import Report
from gis.database import Base
from gis.wording import Wording
from grids.models import Unit

OUT_OF_SHAPE = (KeyError, TypeError, ValueError, AttributeError, IntegrityError, DataError)
"""What one event alone can cause; the others must not suffer for it."""


class Ground(NamedTuple):
    """What a batch of events is told by."""

    cases: Mapping[str, tuple[UUID, CaseFacts]]
    units: Mapping[str, str]
    channels: Mapping[str, list[Channel]]
    signing: Mapping[tuple[str, str | None], datetime]

    def due(self, event: OutboxEvent, unit_code: str | None) -> datetime | None:
        """Until when: as the event says, or until when the unit has to sign."""
        sign_by = self.signing.get((event.subject, unit_code))
        return due_of(event.content) or (sign_by if event.topic in SIGNED_FOR else None)


def tell(session: Session, most: int) -> int:
    """Tell the oldest events that wait, each once; answers how many they were.

    Events become visible out of the order of their ids, so what waits is asked for, and never what
    comes after the last id (docs/decisions/at-least-once-deliveries.md).
    """
    waiting = select(OutboxEvent).where(OutboxEvent.delivered_at.is_(None))
    oldest = waiting.order_by(OutboxEvent.id).limit(most).with_for_update(skip_locked=True)
    events = session.scalars(oldest).all()
    if not events:
        return 0
    ground = _ground(session, events)
    for event in events:
        _tell_one(session, event, ground)
    told = update(OutboxEvent).where(OutboxEvent.id.in_([event.id for event in events]))
    session.execute(told.values(delivered_at=func.now()))
    return len(events)


def _tell_one(session: Session, event: OutboxEvent, ground: Ground) -> None:
    """Tell an event, or put it into the dead list."""
    try:
        with session.begin_nested():
            _hand_out(session, event, ground)
    except OUT_OF_SHAPE:
        _bury(session, event.id, "", Failing.UNREADABLE_EVENT)


def _hand_out(session: Session, event: OutboxEvent, ground: Ground) -> None:
    case_id, facts = ground.cases[event.subject]
    found = addressed(event.topic, event.content, facts)
    known = [each for each in found if _is_known(session, each, ground)]
    rows = [_notice(event, each, case_id, ground) for each in known]
    parcels = [
        _delivery(event, code, channel, ground)
        for code in (each.recipient.unit_code for each in known if each.outside)
        if code is not None
        for channel in ground.channels.get(code, ())
    ]
    _keep(session, Notice, rows)
    _keep(session, Delivery, parcels)
    for each in found:
        if each not in known:
            _bury(session, event.id, each.recipient.key, Failing.UNKNOWN_RECIPIENT)


def _keep(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """An event that is told again leaves what it led to before as it is."""
    if rows:
        session.execute(insert(model).values(list(rows)).on_conflict_do_nothing())


def _bury(session: Session, event_id: int, recipient: str, failing: Failing) -> None:
    words = {"event_id": event_id, "channel": Channel.IN_APP.value, "recipient": recipient}
    state = {"state": Progress.DEAD.value, "failing": failing.value, "finished_at": func.now()}
    _keep(session, Delivery, [{**words, **state, "content": {}}])


def _is_known(session: Session, each: Addressed, ground: Ground) -> bool:
    unit, person = each.recipient.unit_code, each.recipient.person_id
    if unit is not None:
        return unit in ground.units
    return person is None or session.get(Person, person) is not None


def _notice(event: OutboxEvent, each: Addressed, case_id: UUID, ground: Ground) -> dict[str, Any]:
    _, facts = ground.cases[event.subject]
    case = {"case_id": case_id, "case_number": facts.number}
    due = ground.due(event, each.recipient.unit_code)
    said = {"content": detail_of(event.content), "due_at": due}
    to = {"recipient": each.recipient.key, **each.recipient._asdict()}
    return {"event_id": event.id, "topic": event.topic, **case, **said, **to}


def _delivery(
    event: OutboxEvent, unit_code: str, channel: Channel, ground: Ground
) -> dict[str, Any]:
    _, facts = ground.cases[event.subject]
    due = ground.due(event, unit_code)
    content = {
        "topic": event.topic,
        "number": facts.number,
        "unit_name": ground.units[unit_code],
        "detail": detail_of(event.content),
        "at": event.created_at.isoformat(),
        "due_at": due.isoformat() if due else None,
    }
    to = {"channel": channel.value, "recipient": unit_code}
    return {"event_id": event.id, "content": content, **to}


def _ground(session: Session, events: Sequence[OutboxEvent]) -> Ground:
    units = {unit.code: unit.name for unit in session.scalars(select(Unit))}
    subjects = [each.subject for each in events]
    ids = [found for subject in subjects if (found := _uuid(subject)) is not None]
    return Ground(_cases(session, ids), units, _channels(session), _signing(session, ids))


def _signing(session: Session, ids: Sequence[UUID]) -> dict[tuple[str, str | None], datetime]:
    """Until when each unit of a case has to sign, by event subject and unit."""
    running = (Clock.kind == ClockKind.SIGN, Clock.stopped_at.is_(None))
    query = select(Clock).where(Clock.case_id.in_(ids), *running)
    return {(str(each.case_id), each.unit_code): each.due_at for each in session.scalars(query)}


def _cases(session: Session, ids: Sequence[UUID]) -> dict[str, tuple[UUID, CaseFacts]]:
    """Number, area and units of cases, by event subject."""
    area = func.coalesce(Report.grid_code, Report.street_code, "")
    sent = select(Assignment.case_id, Assignment.unit_code, Assignment.unit_name)
    units: dict[UUID, list[Party]] = {}
    for case_id, *unit in session.execute(sent.where(Assignment.case_id.in_(ids))):
        units.setdefault(case_id, []).append(Party(*unit))
    cases = select(Case.id, Case.number, area).join(Report, Report.id == Case.report_id)
    return {
        str(case_id): (case_id, CaseFacts(number, place, tuple(units.get(case_id, ()))))
        for case_id, number, place in session.execute(cases.where(Case.id.in_(ids)))
    }


def _uuid(subject: str) -> UUID | None:
    try:
        return UUID(subject)
    except ValueError:
        return None


def _channels(session: Session) -> dict[str, list[Channel]]:
    """The channels by which each unit can be told now."""
    enabled = {name for name, found in settings(session).items() if found.enabled}
    reached: dict[str, list[Channel]] = {}
    for found in addresses(session):
        if found.channel in enabled and found.address is not None:
            reached.setdefault(found.unit_code, []).append(Channel(found.channel))
    return reached


# -- Notices: row security shows an asker their own ------------------------------------------


def notices(
    session: Session, limit: int, before: int | None = None, *, unread: bool = False
) -> Sequence[Notice]:
    """What the asker was told, newest first."""
    query = select(Notice).order_by(Notice.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Notice.id < before)
    if unread:
        query = query.where(Notice.read_at.is_(None))
    return session.scalars(query).all()


def how_many_unread(session: Session) -> int:
    """How much the asker was told and nobody of them has read."""
    query = select(func.count()).select_from(Notice).where(Notice.read_at.is_(None))
    return session.scalars(query).one()


def read(session: Session, notice_id: int, person_id: UUID) -> Notice | None:
    """Note that somebody has read a notice; None if one had read it before. Raises Missing."""
    found = session.get(Notice, notice_id, with_for_update=True)
    if found is None:
        raise Missing(Wording("没有这条通知", "there is no such notice"), f"notice:{notice_id}")
    if found.read_at is not None:
        return None
    first = update(Notice).where(Notice.id == notice_id)
    session.execute(first.values(read_at=func.now(), read_by=person_id))
    return found


# -- Deliveries by outside channels ----------------------------------------------------------


def take(session: Session, most: int) -> Sequence[Delivery]:
    """Take deliveries that are due, the oldest first; they are the caller's for the lease.

    The choice is a common table expression, which is made once: PostgreSQL may repeat a subselect
    and skip what it locked itself, and so take more than ``most``.
    """
    due = (Delivery.state == Progress.WAITING, Delivery.next_at <= func.now())
    free = select(Delivery.id).where(*due).order_by(Delivery.next_at).limit(most)
    chosen = free.with_for_update(skip_locked=True).cte("chosen")
    taking = update(Delivery).where(Delivery.id == chosen.c.id, *due)
    values = {"attempts": Delivery.attempts + 1, "next_at": func.now() + LEASE}
    return session.scalars(taking.values(values).returning(Delivery)).all()


def finish(session: Session, taken: Delivery) -> None:
    """It was sent."""
    words = {"state": Progress.SENT, "finished_at": func.now(), "failing": None}
    session.execute(update(Delivery).where(*_still(taken)).values(words))


def postpone(session: Session, taken: Delivery, failing: Failing, wait: timedelta) -> None:
    """It was not sent, and is due again after ``wait``."""
    words = {"next_at": func.now() + wait, "failing": failing}
    session.execute(update(Delivery).where(*_still(taken)).values(words))


def give_up(session: Session, taken: Delivery, failing: Failing) -> None:
    """It was not sent and is not tried again before somebody replays it."""
    words = {"state": Progress.DEAD, "finished_at": func.now(), "failing": failing}
    session.execute(update(Delivery).where(*_still(taken)).values(words))


def _still(taken: Delivery) -> tuple[ColumnElement[bool], ...]:
    """Nobody else has taken it since."""
    mine = Delivery.attempts == taken.attempts
    return (Delivery.id == taken.id, Delivery.state == Progress.WAITING, mine)


def deliveries(
    session: Session, state: Progress | None, limit: int, before: int | None = None
) -> Sequence[Delivery]:
    """Deliveries, newest first."""
    query = select(Delivery).order_by(Delivery.id.desc()).limit(limit)
    if state is not None:
        query = query.where(Delivery.state == state)
    if before is not None:
        query = query.where(Delivery.id < before)
    return session.scalars(query).all()


def replay(session: Session, delivery_id: int) -> Delivery:
    """Try a dead delivery again from the beginning. Raises Missing, Conflict.

    An event that could not be told at all goes back to the outbox, to be told anew.
    """
    found = session.get(Delivery, delivery_id, with_for_update=True)
    if found is None:
        raise Missing(Wording("没有这条投递", "there is no such delivery"))
    if found.state != Progress.DEAD:
        raise Conflict(Wording("这条投递不在死信中", "the delivery is not in the dead list"))
    if found.channel == Channel.IN_APP:
        session.delete(found)
        again = update(OutboxEvent).where(OutboxEvent.id == found.event_id)
        session.execute(again.values(delivered_at=None))
    else:
        fresh = {"state": Progress.WAITING, "attempts": 0, "next_at": func.now()}
        again = update(Delivery).where(Delivery.id == delivery_id)
        session.execute(again.values(fresh | {"failing": None, "finished_at": None}))
    session.flush()
    return found


# -- Channels --------------------------------------------------------------------------------


def settings(session: Session) -> dict[str, ChannelSetting]:
    """How each channel is set up now, by channel."""
    latest = select(ChannelSetting).ext(distinct_on(ChannelSetting.channel))
    latest = latest.order_by(ChannelSetting.channel, ChannelSetting.id.desc())
    return {found.channel: found for found in session.scalars(latest)}


def versions(session: Session, channel: Channel, limit: int) -> Sequence[ChannelSetting]:
    """How a channel was set up, newest first."""
    query = select(ChannelSetting).where(ChannelSetting.channel == channel)
    return session.scalars(query.order_by(ChannelSetting.id.desc()).limit(limit)).all()


def addresses(session: Session) -> Sequence[UnitAddress]:
    """The address of each unit by each channel that ever had one, by unit."""
    whose = (UnitAddress.unit_code, UnitAddress.channel)
    latest = select(UnitAddress).ext(distinct_on(*whose))
    return session.scalars(latest.order_by(*whose, UnitAddress.id.desc())).all()


def address_of(session: Session, unit_code: str, channel: str) -> str | None:
    """Where a channel reaches a unit now."""
    query = select(UnitAddress.address).where(
        UnitAddress.unit_code == unit_code, UnitAddress.channel == channel
    )
    return session.scalars(query.order_by(UnitAddress.id.desc()).limit(1)).first()


class Change(NamedTuple):
    """Who sets something, when, and why."""

    changed_by: UUID
    changed_at: datetime
    reason: str


def set_up(
    session: Session, channel: Channel, content: Mapping[str, Any], change: Change, *, enabled: bool
) -> ChannelSetting:
    """Set a channel up anew; the versions before stay."""
    words = {"channel": channel.value, "enabled": enabled, "content": dict(content)}
    found = ChannelSetting(**words, **change._asdict())
    session.add(found)
    session.flush()
    return found


def set_address(
    session: Session, unit_code: str, channel: Channel, address: str | None, change: Change
) -> UnitAddress:
    """Say where a channel reaches a unit; None: not any more. Raises Missing for no unit."""
    if session.get(Unit, unit_code) is None:
        raise Missing(Wording("没有这个单位", "there is no such unit"))
    words = {"unit_code": unit_code, "channel": channel.value, "address": address}
    found = UnitAddress(**words, **change._asdict())
    session.add(found)
    session.flush()
    return found
