"""Clocks in the database: started, stopped, paused, extended, and their cards given once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from api.cases.domain import Acting, ClockKind, Grade
from api.cases.models import CaseEvent
from api.clocks.domain import DEFAULTS, Limit, TimeUnit, WorkingCalendar
from api.clocks.door import beat, fire, silence
from api.clocks.models import CardGiven, Clock, TimeLimit
from api.clocks.service import (
    Start,
    Timetable,
    ask_extension,
    grant_extension,
    instant,
    pause,
    read_timetable,
    refuse_extension,
    resume,
    running,
    set_limit,
    start,
    stop,
)
from api.outbox import OutboxEvent
from api.refusals import BadInput, Conflict, Forbidden, Missing
from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import NOW
from tests.api.life.test_random_lives import a_case
from tests.api.people import enter

pytestmark = pytest.mark.database

TIMETABLE = Timetable(DEFAULTS, WorkingCalendar())
MINUTE = timedelta(minutes=1)

Run = Callable[..., Clock]


@pytest.fixture
def case_id(database: Database) -> UUID:
    return a_case(database)[0]


@pytest.fixture
def run(database: Database, case_id: UUID) -> Run:
    """Start a clock that began so many minutes ago."""

    def begin(minutes: float = 0, kind: ClockKind = ClockKind.ACCEPT, **traits: Any) -> Clock:
        with database.transaction() as session:
            began = instant(session) - timedelta(minutes=minutes)
            start(session, TIMETABLE, [Start(case_id, kind, **traits)], began)
            newest = select(Clock).order_by(Clock.id.desc()).limit(1)
            return session.scalars(newest).one()

    return begin


def cards(session: Session) -> list[str]:
    return list(session.scalars(select(CardGiven.card).order_by(CardGiven.id)))


def fired(database: Database) -> list[str]:
    with database.transaction() as session:
        fire(session)
        return cards(session)


def clock(session: Session, row: Clock) -> Clock:
    return session.get_one(Clock, row.id, populate_existing=True)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (95, []),
        (97, ["reminder"]),
        (121, ["reminder", "yellow"]),
        (241, ["reminder", "yellow", "red"]),
    ],
)
def test_cards_come_at_80_percent_at_the_limit_and_at_twice_the_limit(
    database: Database, run: Run, minutes: float, expected: list[str]
) -> None:
    run(minutes)
    assert fired(database) == expected
    assert fired(database) == expected, "and only once"


def test_a_card_comes_with_its_event_and_its_line_of_history(database: Database, run: Run) -> None:
    run(121, unit_code=None)
    fired(database)
    with database.transaction() as session:
        lines = session.scalars(select(CaseEvent.happening).order_by(CaseEvent.id)).all()
        events = session.scalars(select(OutboxEvent).order_by(OutboxEvent.id)).all()
    assert lines == ["reminded", "yellow_card"]
    assert [event.topic for event in events] == ["clock.reminded", "clock.yellow"]
    assert events[1].content["tier"] == "district"
    assert set(events[1].content) == {"number", "clock", "unit_code", "tier", "due_at"}


def test_a_stopped_clock_gives_no_card_and_says_whether_it_was_in_time(
    database: Database, run: Run, case_id: UUID
) -> None:
    early, late = run(60), run(300, ClockKind.ACCEPT)
    with database.transaction() as session:
        stop(session, [case_id], [ClockKind.ACCEPT], instant(session))
        assert (clock(session, early).outcome, clock(session, late).outcome) == ("met", "late")
    assert fired(database) == []


def test_only_the_clocks_of_the_unit_stop(database: Database, run: Run, case_id: UUID) -> None:
    mine = run(0, ClockKind.SIGN, unit_code="police:1")
    other = run(0, ClockKind.SIGN, unit_code="police:2")
    with database.transaction() as session:
        stop(session, [case_id], [ClockKind.SIGN], instant(session), unit_code="police:1")
        assert clock(session, mine).stopped_at is not None
        assert [each.id for each in running(session, case_id)] == [other.id]


def test_a_paused_clock_gives_no_card_and_keeps_what_was_left(
    database: Database, run: Run, case_id: UUID
) -> None:
    row = run(90)
    with database.transaction() as session:
        pause(session, case_id, instant(session))
        late = update(Clock).values(
            paused_at=Clock.paused_at - timedelta(days=3),
            **{
                name: getattr(Clock, name) - timedelta(days=3)
                for name in ("remind_at", "due_at", "red_at")
            },
        )
        session.execute(late)
    assert fired(database) == []
    with database.transaction() as session:
        now = instant(session)
        resume(session, case_id, now, TIMETABLE)
        left = clock(session, row).due_at - now
        assert abs(left - 30 * MINUTE) < MINUTE
        assert clock(session, row).next_at == clock(session, row).remind_at


def two_people(database: Database) -> tuple[Acting, Acting]:
    asks = enter(database, Role.LEADER, now=NOW).person_id
    decides = enter(database, Role.DISPATCHER, now=NOW).person_id
    return (
        Acting("甲", NOW, asks, reason="等鉴定"),
        Acting("乙", NOW, decides, reason="同意"),
    )


def test_more_time_is_granted_by_somebody_else_and_cards_come_anew(
    database: Database, run: Run, case_id: UUID
) -> None:
    row = run(125)
    asks, decides = two_people(database)
    assert fired(database) == ["reminder", "yellow"]
    with database.transaction() as session:
        ask_extension(session, case_id, row.id, 60, asks)
    with database.transaction() as session, pytest.raises(Conflict):
        ask_extension(session, case_id, row.id, 60, asks)
    with database.transaction() as session, pytest.raises(Forbidden):
        grant_extension(session, case_id, row.id, asks, TIMETABLE)
    with database.transaction() as session:
        grant_extension(session, case_id, row.id, decides, TIMETABLE)
        assert clock(session, row).due_at == row.started_at + 180 * MINUTE
    assert fired(database) == ["reminder", "yellow"], "80 % of three hours are not over"
    with database.transaction() as session:
        longer = clock(session, row)
        for name in ("remind_at", "due_at", "red_at", "next_at"):
            setattr(longer, name, getattr(longer, name) - 65 * MINUTE)
    assert fired(database) == ["reminder", "yellow", "reminder", "yellow"]


def test_more_time_that_is_refused_changes_nothing(
    database: Database, run: Run, case_id: UUID
) -> None:
    row = run(10)
    asks, decides = two_people(database)
    with database.transaction() as session:
        with pytest.raises(Missing):
            refuse_extension(session, case_id, row.id, decides)
        ask_extension(session, case_id, row.id, 60, asks)
        refuse_extension(session, case_id, row.id, decides)
        assert clock(session, row).due_at == row.due_at


def test_a_clock_of_another_case_or_one_that_ended_is_not_found(
    database: Database, run: Run, case_id: UUID
) -> None:
    row, (asks, _) = run(10), two_people(database)
    with database.transaction() as session:
        with pytest.raises(Missing):
            ask_extension(session, uuid4(), row.id, 60, asks)
        stop(session, [case_id], [ClockKind.ACCEPT], instant(session))
        with pytest.raises(Missing):
            ask_extension(session, case_id, row.id, 60, asks)


def test_a_new_limit_holds_for_clocks_that_start_later_and_for_no_other(
    database: Database, run: Run
) -> None:
    before = run(0)
    by = enter(database, Role.DISPATCHER, now=NOW).person_id
    with database.transaction() as session:
        words = {"kind": "accept", "amount": 30, "unit": "minutes", "reason": "试行"}
        set_limit(session, TimeLimit(**words, set_by=by))
    with database.transaction() as session:
        timetable = read_timetable(session)
        assert timetable.limit(Start(uuid4(), ClockKind.ACCEPT)) == Limit(30, TimeUnit.MINUTES)
        assert clock(session, before).due_at == before.due_at
    fixed = {"kind": "confirmation", "amount": 60, "unit": "days", "reason": "想改"}
    with database.transaction() as session, pytest.raises(BadInput):
        set_limit(session, TimeLimit(**fixed, set_by=by))


def test_a_red_case_is_signed_for_within_half_an_hour(run: Run) -> None:
    row = run(0, ClockKind.SIGN, grade=Grade.RED)
    assert row.due_at - row.started_at == 30 * MINUTE


def test_a_clock_that_gives_no_card_does_not_stop_the_others_and_comes_back(
    database: Database, run: Run
) -> None:
    bad = run(121)
    run(97)
    with database.transaction() as session:
        session.execute(
            text(f"ALTER TABLE card ADD CONSTRAINT poison CHECK (clock_id <> {bad.id}) NOT VALID")
        )
    assert fired(database) == ["reminder"]
    with database.transaction() as session:
        pushed = clock(session, bad)
        assert pushed.attempts == 1
        assert pushed.next_at is not None
        assert pushed.next_at > instant(session), "the others come first"
        session.execute(text("ALTER TABLE card DROP CONSTRAINT poison"))
        pushed.next_at = instant(session)
    assert fired(database) == ["reminder", "reminder", "yellow"]


def test_two_workers_never_give_the_same_card(database: Database, run: Run) -> None:
    run(121)
    with database.transaction() as one, database.transaction() as other:
        assert fire(one) == 1
        assert fire(other) == 0, "the other one is not kept waiting either"
    with database.transaction() as session:
        assert cards(session) == ["reminder", "yellow"]


def test_a_card_given_by_mistake_twice_is_refused_by_the_database(
    database: Database, run: Run
) -> None:
    row = run(121)
    fired(database)
    with database.transaction() as session:
        session.execute(
            update(Clock).where(Clock.id == row.id).values(card=None, next_at=func.now())
        )
    assert fired(database) == ["reminder", "yellow"]


def test_silence_is_measured_by_the_database(database: Database) -> None:
    with database.transaction() as session:
        assert silence(session) is None
        beat(session, "one")
    with database.transaction() as session:
        session.execute(text("UPDATE worker_beat SET at = now() - interval '5 minutes'"))
        assert silence(session) == timedelta(minutes=5)
        beat(session, "one")
        assert silence(session) == timedelta(0)
