"""Another grade, another limit: never more than was left, or never less."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cases.domain import ClockKind, Grade
from api.clocks.domain import DEFAULTS, Limit, TimeUnit, WorkingCalendar, regraded, schedule
from api.clocks.models import Clock
from api.clocks.service import Regrading, Start, Timetable, instant, pause, regrade, start
from gis.database import Database
from tests.api.conftest import NOW
from tests.api.life.test_random_lives import a_case

CALENDAR = WorkingCalendar()
MINUTE = timedelta(minutes=1)
TIMETABLE = Timetable(DEFAULTS, CALENDAR)
LIMITS = st.builds(Limit, st.integers(1, 60), st.sampled_from(TimeUnit))


@given(LIMITS, LIMITS, st.integers(0, 90 * 24 * 60), st.booleans())
def test_a_higher_grade_never_gives_more_time_and_a_lower_one_never_less(
    old: Limit, new: Limit, minutes: int, raised: bool
) -> None:
    plan = schedule(old, NOW, CALENDAR)
    now = NOW + timedelta(minutes=minutes)
    after = regraded(plan, new, NOW, now, raised=raised, calendar=CALENDAR)
    assert (after.due_at <= plan.due_at) if raised else (after.due_at >= plan.due_at)
    assert after.remind_at <= after.due_at <= after.red_at
    if raised and plan.due_at > now:
        assert after.due_at > now, "nobody is late because a case became more dangerous"


@pytest.fixture
def case_id(database: Database) -> UUID:
    return a_case(database)[0]


def begun(
    database: Database, case_id: UUID, kind: ClockKind, hours: float, *, subject: str | None = None
) -> int:
    """Start a clock of a blue case that began so many hours ago; its id."""
    with database.transaction() as session:
        at = instant(session) - timedelta(hours=hours)
        start(session, TIMETABLE, [Start(case_id, kind, "labour", "blue", subject=subject)], at)
        return session.query(Clock).order_by(Clock.id.desc()).limit(1).one().id


def change(database: Database, case_id: UUID, before: Grade, after: Grade) -> None:
    with database.transaction() as session:
        changed = Regrading(case_id, "labour", before, after)
        regrade(session, TIMETABLE, changed, instant(session))


def clock(database: Database, clock_id: int) -> Clock:
    with database.transaction() as session:
        return session.get_one(Clock, clock_id)


@pytest.mark.database
def test_the_time_that_passed_before_a_higher_grade_is_not_held_against_the_unit(
    database: Database, case_id: UUID
) -> None:
    mine = begun(database, case_id, ClockKind.FEEDBACK, 72)
    change(database, case_id, Grade.BLUE, Grade.RED)
    found = clock(database, mine)
    assert (found.amount, found.unit) == (120, "minutes")
    assert found.due_at - found.started_at - timedelta(hours=74) < MINUTE
    assert found.next_at == found.remind_at


@pytest.mark.database
def test_clocks_of_a_whistle_and_clocks_that_know_no_grade_stay_as_they_are(
    database: Database, case_id: UUID
) -> None:
    whistled = begun(database, case_id, ClockKind.SIGN, 0, subject="whistle:1")
    contact = begun(database, case_id, ClockKind.CONTACT, 0)
    before = [clock(database, each).due_at for each in (whistled, contact)]
    change(database, case_id, Grade.BLUE, Grade.RED)
    assert [clock(database, each).due_at for each in (whistled, contact)] == before


@pytest.mark.database
def test_a_clock_that_stands_still_has_its_new_limit_from_where_it_stands(
    database: Database, case_id: UUID
) -> None:
    mine = begun(database, case_id, ClockKind.FEEDBACK, 72)
    with database.transaction() as session:
        pause(session, case_id, instant(session) - timedelta(hours=48))
    change(database, case_id, Grade.BLUE, Grade.RED)
    found = clock(database, mine)
    assert found.due_at - found.started_at - timedelta(hours=26) < MINUTE
    assert found.next_at is None
