"""The ways in to the clocks: the timetable for routes, and the worker's round."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.cases.domain import Happening, Tier
from api.cases.models import Case
from api.cases.service import Line, write_history
from api.clocks.domain import Card, given, told_to
from api.clocks.models import CardGiven, Clock, WorkerBeat
from api.clocks.service import CurrentTimetable, Timetable, instant, plan_of, words_of
from api.outbox import Event, record
from gis.database import insert_all
from grids.models import Unit

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(minutes=1)
MOST_DOUBLINGS = 6

TOPICS = {
    Card.REMINDER: "clock.reminded",
    Card.YELLOW: "clock.yellow",
    Card.RED: "clock.red",
}
HAPPENED = {
    Card.REMINDER: Happening.REMINDED,
    Card.YELLOW: Happening.YELLOW_CARD,
    Card.RED: Happening.RED_CARD,
}


def _now(request: Request) -> Timetable:
    held: CurrentTimetable = request.app.state.timetable
    return held.current()


TimetableNow = Annotated[Timetable, Depends(_now)]

DUE = (
    select(Clock, Case.number, Case.tier, Unit.name)
    .join(Case, Case.id == Clock.case_id)
    .outerjoin(Unit, Unit.code == Clock.unit_code)
    .where(Clock.next_at <= func.now())
    .order_by(Clock.next_at)
    .with_for_update(of=Clock, skip_locked=True)
)


def fire(session: Session, many: int = 100) -> int:
    """Give the cards that are due, of at most so many clocks; answers how many clocks it were.

    Each worker takes other clocks (SKIP LOCKED), and each card is given with its event and its line
    of history, or not at all. A clock that cannot be served is looked at again later and does not
    stop the others.
    """
    due = session.execute(DUE.limit(many)).all()
    now = instant(session)
    try:
        with session.begin_nested():
            _give(session, due, now)
    except SQLAlchemyError:
        for each in due:
            _give_alone(session, each, now)
    return len(due)


Due = Row[Clock, str, str | None, str | None]


def _give_alone(session: Session, due: Due, now: datetime) -> None:
    clock = due[0]
    try:
        with session.begin_nested():
            _give(session, [due], now)
    except SQLAlchemyError as error:
        later = now + FIRST_PAUSE * 2 ** min(clock.attempts, MOST_DOUBLINGS)
        clock.next_at, clock.attempts = later, clock.attempts + 1
        session.flush()
        log.error("clock %d gives no card: %s", clock.id, type(error).__name__)  # noqa: TRY400


def _give(session: Session, dues: Sequence[Due], now: datetime) -> None:
    cards, lines, events = [], [], []
    for clock, number, tier, unit_name in dues:
        after = Card(clock.card) if clock.card else None
        ripe, clock.next_at = given(plan_of(clock), after, now)
        for card in ripe:
            told = told_to(Tier(tier) if tier else None, card)
            clock.card = card
            cards.append(_card_row(clock, card, told, now))
            lines.append(Line(clock.case_id, HAPPENED[card], words_of(clock, unit_name)))
            events.append(_event(clock, card, number, told))
    session.flush()
    insert_all(session, CardGiven, cards)
    write_history(session, lines)
    record(session, events)


def _card_row(clock: Clock, card: Card, tier: Tier, now: datetime) -> dict[str, Any]:
    where = {"clock_id": clock.id, "case_id": clock.case_id}
    return where | {"card": card, "tier": tier, "due_at": clock.due_at, "at": now}


def _event(clock: Clock, card: Card, number: str, tier: Tier) -> Event:
    content = {
        "number": number,
        "clock": clock.kind,
        "unit_code": clock.unit_code,
        "tier": tier,
        "due_at": clock.due_at.isoformat(),
    }
    return Event(TOPICS[card], str(clock.case_id), content)


def beat(session: Session, worker: str) -> None:
    """Say that a worker is alive, by the database's time."""
    sign = upsert(WorkerBeat).values(worker=worker, at=func.now())
    session.execute(sign.on_conflict_do_update(index_elements=["worker"], set_={"at": func.now()}))


def silence(session: Session) -> timedelta | None:
    """How long no worker has been heard; None where there never was one."""
    last = session.scalar(select(func.max(WorkerBeat.at)))
    return None if last is None else instant(session) - last
