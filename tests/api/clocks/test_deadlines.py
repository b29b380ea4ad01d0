"""Deadlines by the Civil Code, articles 200 to 203, on the calendars of 2025 and 2026.

Every row says its weekday in words; 24:00 is the end of the day that is named.
"""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from api.beijing import BEIJING, beijing_day
from api.clocks.domain import (
    Limit,
    Schedule,
    TimeUnit,
    WorkingCalendar,
    extended,
    resumed,
    schedule,
)
from api.clocks.service import announced

WEEKDAYS = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
CALENDAR = WorkingCalendar({day: known.working for day, known in announced().items()})
INSTANT = timedelta(microseconds=1)
LONGEST = dict(zip(TimeUnit, (20_000, 14_000, 120, 120), strict=True))
WORKING_TIME = {TimeUnit.OFFICE_MINUTES, TimeUnit.WORKING_DAYS}
WRITTEN = re.compile(r"(周.) (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)")


def at(words: str) -> datetime:
    """An instant as a person in the centre writes it; the weekday is checked."""
    found = WRITTEN.fullmatch(words)
    assert found, words
    weekday, *numbers = found.groups()
    year, month, day, hour, minute = map(int, numbers)
    assert WEEKDAYS[date(year, month, day).weekday()] == weekday, words
    start = datetime(year, month, day, tzinfo=BEIJING)
    return start + timedelta(hours=hour, minutes=minute)


ROWS = [
    # limit, started, reminded, due, red card
    # hours run from their beginning, on any day and at night (201 II)
    ("30 minutes", "周日 2026-11-22 23:50", "周一 2026-11-23 00:14", "周一 2026-11-23 00:20",
     "周一 2026-11-23 00:50"),
    ("1440 minutes", "周五 2026-11-20 16:00", "周六 2026-11-21 11:12", "周六 2026-11-21 16:00",
     "周日 2026-11-22 16:00"),
    # office hours stand still at noon, at night, on weekends and on days off
    ("60 office_minutes", "周一 2026-11-23 10:00", "周一 2026-11-23 10:48",
     "周一 2026-11-23 11:00", "周一 2026-11-23 12:00"),
    ("60 office_minutes", "周一 2026-11-23 11:30", "周一 2026-11-23 13:18",
     "周一 2026-11-23 13:30", "周一 2026-11-23 14:30"),
    ("60 office_minutes", "周五 2026-11-20 17:00", "周一 2026-11-23 08:48",
     "周一 2026-11-23 09:00", "周一 2026-11-23 10:00"),
    ("60 office_minutes", "周六 2026-11-21 03:00", "周一 2026-11-23 09:18",
     "周一 2026-11-23 09:30", "周一 2026-11-23 10:30"),
    ("240 office_minutes", "周三 2026-09-30 16:30", "周四 2026-10-08 10:42",
     "周四 2026-10-08 11:30", "周四 2026-10-08 16:30"),
    # the day of the beginning does not count (201 I), the last one ends at 24:00 (203 II)
    ("7 days", "周三 2026-11-04 00:00", "周二 2026-11-10 09:36", "周三 2026-11-11 24:00",
     "周三 2026-11-18 24:00"),
    ("7 days", "周三 2026-11-04 23:59", "周二 2026-11-10 14:24", "周三 2026-11-11 24:00",
     "周三 2026-11-18 24:00"),
    # a last day of rest moves to the next working day (203 I): a Saturday, a Sunday …
    ("15 days", "周五 2026-11-06 09:00", "周五 2026-11-20 11:24", "周一 2026-11-23 24:00",
     "周二 2026-12-08 24:00"),
    # … the National Day, and the Spring Festival after which a Saturday is worked
    ("7 days", "周五 2026-09-25 09:00", "周二 2026-10-06 06:36", "周四 2026-10-08 24:00",
     "周四 2026-10-15 24:00"),
    ("30 days", "周四 2026-01-15 09:00", "周日 2026-02-08 21:00", "周六 2026-02-14 24:00",
     "周一 2026-03-16 24:00"),
    ("30 days", "周六 2026-01-17 09:00", "周二 2026-02-17 06:36", "周二 2026-02-24 24:00",
     "周四 2026-03-26 24:00"),
    # working days: a weekend, the National Day with its make-up Saturday, the Spring Festival
    ("3 working_days", "周五 2026-11-20 16:00", "周三 2026-11-25 09:36",
     "周三 2026-11-25 24:00", "周一 2026-11-30 24:00"),
    ("3 working_days", "周六 2026-11-21 10:00", "周三 2026-11-25 09:36",
     "周三 2026-11-25 24:00", "周一 2026-11-30 24:00"),
    ("5 working_days", "周一 2026-11-16 09:00", "周五 2026-11-20 24:00",
     "周一 2026-11-23 24:00", "周一 2026-11-30 24:00"),
    ("3 working_days", "周二 2026-09-29 09:00", "周五 2026-10-09 09:36",
     "周五 2026-10-09 24:00", "周二 2026-10-13 24:00"),
    ("7 working_days", "周四 2026-02-12 09:00", "周五 2026-02-27 14:24",
     "周六 2026-02-28 24:00", "周二 2026-03-10 24:00"),
    ("3 working_days", "周五 2025-01-24 09:00", "周三 2025-02-05 09:36",
     "周三 2025-02-05 24:00", "周六 2025-02-08 24:00"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} from {row[1]}")
def test_the_deadline_is_the_one_in_the_table(row: tuple[str, str, str, str, str]) -> None:
    limit, *written = row
    amount, unit = limit.split()
    started, remind, due, red = map(at, written)
    found = schedule(Limit(int(amount), TimeUnit(unit)), started, CALENDAR)
    told = [_told(each) for each in (found.due_at, found.red_at)]
    assert told == [_told(due), _told(red)]
    assert abs(found.remind_at - remind) <= timedelta(seconds=30), _told(found.remind_at)


def _told(moment: datetime) -> str:
    return f"{WEEKDAYS[moment.astimezone(BEIJING).weekday()]} {moment.astimezone(BEIJING)}"


def moments(found: Schedule) -> tuple[datetime, datetime, datetime]:
    return found.remind_at, found.due_at, found.red_at


def after_pause(found: Schedule, unit: TimeUnit, paused: datetime, again: datetime) -> Schedule:
    return Schedule(*(resumed(unit, each, paused, again, CALENDAR) for each in moments(found)))


INSTANTS = some.datetimes(
    datetime(2025, 1, 1), datetime(2026, 9, 30), timezones=some.just(UTC)  # noqa: DTZ001
)  # fmt: skip
LIMITS = some.sampled_from(TimeUnit).flatmap(
    lambda unit: some.builds(Limit, some.integers(1, LONGEST[unit]), some.just(unit))
)
SHORT = some.sampled_from(TimeUnit).flatmap(
    lambda unit: some.builds(Limit, some.integers(1, 60), some.just(unit))
)
BRIEF = settings(max_examples=60, deadline=None)


@BRIEF
@given(LIMITS, INSTANTS)
def test_a_clock_reminds_before_it_is_late_and_is_late_before_the_red_card(
    limit: Limit, start: datetime
) -> None:
    found = schedule(limit, start, CALENDAR)
    assert start < found.remind_at < found.due_at < found.red_at


@BRIEF
@given(LIMITS, INSTANTS, some.timedeltas(timedelta(0), timedelta(days=9)))
def test_who_starts_later_is_never_due_earlier(
    limit: Limit, start: datetime, later: timedelta
) -> None:
    first, second = (schedule(limit, each, CALENDAR) for each in (start, start + later))
    for earlier, after in zip(moments(first), moments(second), strict=True):
        assert earlier <= after


@BRIEF
@given(SHORT, INSTANTS)
def test_a_longer_limit_is_never_due_earlier(limit: Limit, start: datetime) -> None:
    longer = Limit(limit.amount + 1, limit.unit)
    assert schedule(limit, start, CALENDAR).due_at <= schedule(longer, start, CALENDAR).due_at


@BRIEF
@given(
    LIMITS.filter(lambda limit: limit.unit in WORKING_TIME),
    INSTANTS,
)
def test_what_counts_working_time_only_never_falls_on_a_day_of_rest(
    limit: Limit, start: datetime
) -> None:
    for moment in moments(schedule(limit, start, CALENDAR)):
        assert CALENDAR.is_working(beijing_day(moment - INSTANT)), moment


@BRIEF
@given(SHORT.filter(lambda limit: limit.unit is TimeUnit.DAYS), INSTANTS)
def test_a_period_in_days_ends_at_24_of_a_working_day_and_not_before_its_last_day(
    limit: Limit, start: datetime
) -> None:
    due = schedule(limit, start, CALENDAR).due_at.astimezone(BEIJING)
    last = beijing_day(due - INSTANT)
    assert (due.hour, due.minute, due.second) == (0, 0, 0)
    assert CALENDAR.is_working(last)
    assert last >= beijing_day(start) + timedelta(days=limit.amount)
    between = range(limit.amount, (last - beijing_day(start)).days)
    assert not any(CALENDAR.is_working(beijing_day(start) + timedelta(days=n)) for n in between)


@BRIEF
@given(SHORT.filter(lambda limit: limit.unit is TimeUnit.OFFICE_MINUTES), INSTANTS)
def test_office_time_is_counted_as_it_was_laid_out(limit: Limit, start: datetime) -> None:
    due = schedule(limit, start, CALENDAR).due_at
    assert CALENDAR.office_time(start, due) == timedelta(minutes=limit.amount)


@BRIEF
@given(SHORT, INSTANTS)
def test_a_pause_of_no_length_changes_nothing(limit: Limit, start: datetime) -> None:
    found = schedule(limit, start, CALENDAR)
    paused = start + (found.due_at - start) / 2
    again = after_pause(found, limit.unit, paused, paused)
    if limit.unit is TimeUnit.WORKING_DAYS and not CALENDAR.is_working(beijing_day(paused)):
        return
    assert again == found


@BRIEF
@given(SHORT, INSTANTS, some.timedeltas(timedelta(0), timedelta(days=20)))
def test_a_pause_never_shortens_what_is_left(
    limit: Limit, start: datetime, pause: timedelta
) -> None:
    found = schedule(limit, start, CALENDAR)
    paused = start + (found.due_at - start) / 3
    again = after_pause(found, limit.unit, paused, paused + pause)
    for before, after in zip(moments(found), moments(again), strict=True):
        assert after >= before


def test_office_hours_left_at_the_pause_are_left_afterwards() -> None:
    paused, again = at("周一 2026-11-23 11:00"), at("周五 2026-11-27 16:30")
    due = at("周一 2026-11-23 14:00")
    moved = resumed(TimeUnit.OFFICE_MINUTES, due, paused, again, CALENDAR)
    assert moved == at("周一 2026-11-30 09:30"), "two hours were left"


def test_working_days_left_at_the_pause_are_left_afterwards() -> None:
    paused, again = at("周四 2026-11-19 15:00"), at("周五 2026-11-27 10:00")
    due = at("周一 2026-11-23 24:00")
    moved = resumed(TimeUnit.WORKING_DAYS, due, paused, again, CALENDAR)
    assert moved == at("周二 2026-12-01 24:00"), "Friday and Monday were left"


def test_after_a_long_pause_the_reminder_still_comes_before_the_deadline() -> None:
    start = at("周五 2026-09-25 09:00")
    found = schedule(Limit(5, TimeUnit.WORKING_DAYS), start, CALENDAR)
    paused, again = at("周二 2026-09-29 17:00"), at("周四 2026-10-08 09:00")
    moved = after_pause(found, TimeUnit.WORKING_DAYS, paused, again)
    assert again < moved.remind_at < moved.due_at < moved.red_at


def test_a_clock_that_is_resumed_on_a_day_of_rest_is_due_on_a_working_day() -> None:
    paused, again = at("周一 2026-11-23 09:00"), at("周六 2026-11-28 10:00")
    due = at("周一 2026-11-23 24:00")
    moved = resumed(TimeUnit.WORKING_DAYS, due, paused, again, CALENDAR)
    assert moved == at("周一 2026-11-30 24:00")


def test_an_extension_is_counted_from_the_deadline() -> None:
    limit = Limit(3, TimeUnit.WORKING_DAYS)
    found = schedule(limit, at("周五 2026-11-20 16:00"), CALENDAR)
    more = extended(found, limit, 2, CALENDAR)
    assert more.remind_at == at("周五 2026-11-27 09:36")
    assert more.due_at == at("周五 2026-11-27 24:00")
    assert more.red_at == at("周五 2026-12-04 24:00"), "five working days later"


def test_an_extension_does_not_take_a_pause_away() -> None:
    limit = Limit(7, TimeUnit.DAYS)
    found = schedule(limit, at("周一 2026-11-02 09:00"), CALENDAR)
    paused, again = at("周二 2026-11-03 09:00"), at("周一 2026-11-23 09:00")
    moved = after_pause(found, TimeUnit.DAYS, paused, again)
    assert moved.due_at == at("周一 2026-11-30 24:00"), "six days were left, to a Sunday"
    assert extended(moved, limit, 2, CALENDAR).due_at == at("周三 2026-12-02 24:00")
