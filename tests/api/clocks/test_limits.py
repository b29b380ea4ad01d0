"""When a limit is over. Each row says its weekdays in words; instants are Beijing's."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.beijing import BEIJING
from api.cases.domain import ClockKind, Grade, Tier
from api.clocks.domain import (
    DEFAULTS,
    Card,
    Limit,
    Schedule,
    TimeUnit,
    WorkingCalendar,
    due,
    end_of,
    limit_for,
    require_limit,
    resumed,
    schedule,
    told_to,
)
from api.clocks.domain import given as cards_given
from api.clocks.service import announced
from api.refusals import BadInput

CALENDAR = WorkingCalendar({day: known.working for day, known in announced().items()})
M, O, D, W = TimeUnit  # noqa: E741 - minutes, office minutes, days, working days


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


DUE = [
    # started, limit, over, in words
    ("2026-11-24 10:00", 120, M, "2026-11-24 12:00", "Tuesday, two hours later"),
    ("2026-11-24 23:30", 60, M, "2026-11-25 00:30", "Tuesday night into Wednesday"),
    ("2026-11-24 11:30", 60, O, "2026-11-24 13:30", "Tuesday, over the lunch break"),
    ("2026-11-24 17:00", 60, O, "2026-11-25 09:00", "Tuesday evening to Wednesday morning"),
    ("2026-11-27 17:00", 60, O, "2026-11-30 09:00", "Friday evening to Monday morning"),
    ("2026-09-30 17:00", 60, O, "2026-10-08 09:00", "Wednesday before the National Day week"),
    ("2026-02-13 17:00", 60, O, "2026-02-14 09:00", "Friday to a Saturday that is worked"),
    ("2026-11-24 00:00", 1, D, "2026-11-26 00:00", "Tuesday; Wednesday ends at 24:00"),
    ("2026-11-24 23:59", 1, D, "2026-11-26 00:00", "the day of the start does not count"),
    ("2026-09-01 09:00", 30, D, "2026-10-09 00:00", "30 days end on 1 Oct: Thu 8 Oct is next"),
    ("2026-11-05 09:00", 30, D, "2026-12-08 00:00", "30 days end on Sat 5 Dec: Mon 7 Dec"),
    ("2026-11-24 09:00", 3, W, "2026-11-28 00:00", "Tuesday; Wed, Thu, Fri"),
    ("2026-11-26 09:00", 3, W, "2026-12-02 00:00", "Thursday; Fri, Mon, Tue"),
    ("2026-09-29 09:00", 3, W, "2026-10-10 00:00", "Tuesday; Wed 30 Sep, Thu 8, Fri 9 Oct"),
    ("2026-10-08 09:00", 3, W, "2026-10-13 00:00", "Thursday; Fri 9, Sat 10 worked, Mon 12"),
    ("2026-02-12 09:00", 3, W, "2026-02-25 00:00", "Thursday; Fri 13, Sat 14 worked, Tue 24"),
]


@pytest.mark.parametrize(("start", "amount", "unit", "over", "words"), DUE)
def test_a_limit_is_over(start: str, amount: int, unit: TimeUnit, over: str, words: str) -> None:
    assert due(Limit(amount, unit), at(start), CALENDAR) == at(over), words


def test_a_year_without_data_knows_weekends_only() -> None:
    assert 2030 not in CALENDAR.years
    assert CALENDAR.is_working(date(2030, 10, 1)), "a Tuesday; nothing was announced yet"
    assert not CALENDAR.is_working(date(2030, 10, 5)), "a Saturday"


BEGIN = datetime(2025, 1, 1, tzinfo=BEIJING)
instants = st.integers(0, 60 * 24 * 690).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
limits = st.builds(Limit, st.integers(1, 400), st.sampled_from(TimeUnit))


@settings(max_examples=300, deadline=None)
@given(start=instants, later=st.integers(0, 600_000), limit=limits)
def test_who_starts_later_is_never_due_earlier(start: datetime, later: int, limit: Limit) -> None:
    after = start + timedelta(seconds=later)
    assert start < due(limit, start, CALENDAR) <= due(limit, after, CALENDAR)


@settings(max_examples=300, deadline=None)
@given(start=instants, limit=limits)
def test_reminder_card_and_red_card_come_in_this_order(start: datetime, limit: Limit) -> None:
    planned = schedule(limit, start, CALENDAR)
    assert start < planned.remind_at <= planned.due_at < planned.red_at


@settings(max_examples=300, deadline=None)
@given(start=instants, amount=st.integers(1, 60))
def test_working_days_end_on_a_day_that_is_worked_and_count_right(
    start: datetime, amount: int
) -> None:
    over = due(Limit(amount, TimeUnit.WORKING_DAYS), start, CALENDAR)
    last = (over - timedelta(seconds=1)).date()
    assert CALENDAR.is_working(last)
    assert over == end_of(last)
    assert CALENDAR.working_days(start.date(), last) == amount


@settings(max_examples=300, deadline=None)
@given(start=instants, amount=st.integers(1, 3000))
def test_office_time_between_start_and_end_is_the_limit(start: datetime, amount: int) -> None:
    over = due(Limit(amount, TimeUnit.OFFICE_MINUTES), start, CALENDAR)
    assert CALENDAR.office_time(start, over) == timedelta(minutes=amount)


PAUSES = [
    # unit, of the clock: instant, paused, running again, moved to
    (M, "2026-11-24 12:00", "2026-11-24 11:00", "2026-11-25 08:00", "2026-11-25 09:00"),
    (O, "2026-11-24 14:00", "2026-11-24 11:30", "2026-11-27 17:00", "2026-11-30 09:30"),
    (W, "2026-11-28 00:00", "2026-11-25 09:00", "2026-11-30 09:00", "2026-12-03 00:00"),
    (D, "2026-12-01 00:00", "2026-11-25 09:00", "2026-12-10 09:00", "2026-12-16 00:00"),
    (D, "2026-11-24 00:00", "2026-11-25 09:00", "2026-12-10 09:00", "2026-11-24 00:00"),
]
LEFT = ["an hour", "90 office minutes", "two working days", "five days", "passed before the pause"]


@pytest.mark.parametrize(("unit", "instants"), [(row[0], row[1:]) for row in PAUSES], ids=LEFT)
def test_what_was_left_before_a_pause_is_left_after_it(
    unit: TimeUnit, instants: tuple[str, ...]
) -> None:
    instant, paused, now, moved = map(at, instants)
    assert resumed(unit, instant, paused, now, CALENDAR) == moved


LIMITS = [
    (ClockKind.SIGN, None, None, Limit(60, TimeUnit.OFFICE_MINUTES)),
    (ClockKind.SIGN, Grade.RED, None, Limit(30, TimeUnit.MINUTES)),
    (ClockKind.SIGN, Grade.RED, "emergency", Limit(10, TimeUnit.MINUTES)),
    (ClockKind.REPORT_IN, Grade.RED, "hard", Limit(5, TimeUnit.WORKING_DAYS)),
    (ClockKind.FEEDBACK, Grade.BLUE, None, Limit(15, TimeUnit.DAYS)),
    (ClockKind.FEEDBACK, Grade.ORANGE, None, Limit(1440, TimeUnit.MINUTES)),
]


@pytest.mark.parametrize(("kind", "grade", "whistle", "expected"), LIMITS)
def test_the_most_specific_limit_holds(
    kind: ClockKind, grade: Grade | None, whistle: str | None, expected: Limit
) -> None:
    assert limit_for(DEFAULTS, (kind, "labour", grade, whistle)) == expected


def test_every_kind_of_clock_has_a_limit() -> None:
    for kind in ClockKind:
        assert limit_for(DEFAULTS, (kind, None, None, None)).amount > 0


def test_the_limit_that_a_law_fixes_is_not_changed() -> None:
    with pytest.raises(BadInput, match="法律"):
        require_limit(ClockKind.CONFIRMATION, Limit(60, TimeUnit.DAYS))


@pytest.mark.parametrize("limit", [Limit(0, M), Limit(-1, D), Limit(3661, W), Limit(5_270_401, M)])
def test_a_limit_lies_between_a_minute_and_ten_years(limit: Limit) -> None:
    with pytest.raises(BadInput, match="amount"):
        require_limit(ClockKind.SIGN, limit)


def test_a_limit_is_said_in_hours_where_it_is_whole_hours() -> None:
    assert Limit(120, M).words.zh == "2 小时"
    assert Limit(60, O).words.en == "1 hours of office hours"
    assert Limit(3, W).words.zh == "3 个工作日"


PLAN = Schedule(at("2026-11-24 10:00"), at("2026-11-24 12:00"), at("2026-11-24 14:00"))
CARDS = [
    (None, "09:59", [], "10:00"),
    (None, "10:00", [Card.REMINDER], "12:00"),
    (None, "12:00", [Card.REMINDER, Card.YELLOW], "14:00"),
    (Card.REMINDER, "11:00", [], "12:00"),
    (Card.REMINDER, "15:00", [Card.YELLOW, Card.RED], None),
    (Card.RED, "15:00", [], None),
]


@pytest.mark.parametrize(("after", "now", "ripe", "later"), CARDS)
def test_each_card_is_given_once_even_when_nobody_looked_for_long(
    after: Card | None, now: str, ripe: list[Card], later: str | None
) -> None:
    looked = at(f"2026-11-24 {later}") if later else None
    assert cards_given(PLAN, after, at(f"2026-11-24 {now}")) == (ripe, looked)


@pytest.mark.parametrize(
    ("tier", "card", "told"),
    [
        (Tier.COMMUNITY, Card.REMINDER, Tier.COMMUNITY),
        (Tier.COMMUNITY, Card.YELLOW, Tier.STREET),
        (Tier.COMMUNITY, Card.RED, Tier.DISTRICT),
        (Tier.STREET, Card.YELLOW, Tier.DISTRICT),
        (Tier.DISTRICT, Card.RED, Tier.DISTRICT),
        (None, Card.YELLOW, Tier.DISTRICT),
    ],
)
def test_a_yellow_card_goes_one_tier_up_and_a_red_one_two(
    tier: Tier | None, card: Card, told: Tier
) -> None:
    assert told_to(tier, card) is told
