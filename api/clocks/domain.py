"""Limits, the working calendar, and when a clock reminds and is late. Pure.

A period of days does not count the day on which it begins and ends at 24:00 in Beijing of its last
day; a period of calendar days whose last day is a legal holiday ends with the next working day
(民法典第二百零一至二百零三条).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from api.beijing import BEIJING, beijing_day
from api.cases.domain import ClockKind, Grade, Tier
from api.refusals import BadInput, Fault
from gis.wording import Wording

DAY = timedelta(days=1)
REMIND_AT = 0.8
WEEKEND = 5
LONGEST = 3660


class TimeUnit(StrEnum):
    """What a limit is counted in."""

    MINUTES = "minutes"
    OFFICE_MINUTES = "office_minutes"
    DAYS = "days"
    WORKING_DAYS = "working_days"


UNIT_TITLES = {
    TimeUnit.MINUTES: Wording("分钟", "minutes"),
    TimeUnit.OFFICE_MINUTES: Wording("分钟（工作时间）", "minutes of office hours"),
    TimeUnit.DAYS: Wording("天", "days"),
    TimeUnit.WORKING_DAYS: Wording("个工作日", "working days"),
}

HOUR = 60
MINUTES = frozenset({TimeUnit.MINUTES, TimeUnit.OFFICE_MINUTES})


@dataclass(frozen=True)
class Limit:
    """So much time, at least one unit of it."""

    amount: int
    unit: TimeUnit

    @property
    def words(self) -> Wording:
        """The limit as people say it; whole hours as hours."""
        title = UNIT_TITLES[self.unit]
        if self.unit in MINUTES and self.amount % HOUR == 0:
            hours = self.amount // HOUR
            return Wording(
                f"{hours} {title.zh.replace('分钟', '小时')}",
                f"{hours} {title.en.replace('minutes', 'hours', 1)}",
            )
        return Wording(f"{self.amount} {title.zh}", f"{self.amount} {title.en}")


def require_limit(kind: ClockKind, limit: Limit) -> None:
    """Refuse a limit that cannot be, or that the law fixes. Raises BadInput."""
    if kind is ClockKind.CONFIRMATION:
        what = Wording("司法确认的期限由法律规定", "is fixed by law")
        mend = Wording("人民调解法第三十三条：30 天", "People's Mediation Law, art. 33: 30 days")
        raise BadInput(Fault("kind", what, mend))
    most = LONGEST * 24 * HOUR if limit.unit in MINUTES else LONGEST
    if not 0 < limit.amount <= most:
        what = Wording("不是可行的时限", "is no possible limit")
        raise BadInput(Fault("amount", what, Wording("填写一分钟到十年", "a minute to ten years")))


OFFICE_HOURS = ((time(8, 30), time(12)), (time(13), time(17, 30)))
"""Of a working day, in Beijing [O]."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked: what the State Council announced for a year, else Monday to Friday."""

    announced: Mapping[date, bool] = field(default_factory=dict)

    @property
    def years(self) -> set[int]:
        """The years for which something was announced; of the others only weekends are known."""
        return {day.year for day in self.announced}

    def is_working(self, day: date) -> bool:
        """Whether a day is worked."""
        return self.announced.get(day, day.weekday() < WEEKEND)

    def first_working(self, day: date) -> date:
        """The day itself, or the next one that is worked."""
        while not self.is_working(day):
            day += DAY
        return day

    def after_working_days(self, day: date, many: int) -> date:
        """The day on which so many working days after ``day`` are over."""
        for _ in range(many):
            day = self.first_working(day + DAY)
        return day

    def working_days(self, after: date, until: date) -> int:
        """How many days are worked after ``after``, up to and with ``until``."""
        span = (until - after).days
        return sum(self.is_working(after + DAY * (n + 1)) for n in range(span))

    def spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Office hours from ``start`` on, without end."""
        day = beijing_day(start)
        while True:
            if self.is_working(day):
                for opens, closes in OFFICE_HOURS:
                    span = midnight(day, opens), midnight(day, closes)
                    if span[1] > start:
                        yield max(span[0], start), span[1]
            day += DAY

    def after_office_time(self, start: datetime, much: timedelta) -> datetime:
        """The instant when so much office time has passed since ``start``."""
        for opens, closes in self.spans(start):
            if much <= closes - opens:
                return opens + much
            much -= closes - opens
        raise AssertionError("office hours have no end")

    def office_time(self, start: datetime, end: datetime) -> timedelta:
        """How much office time lies between two instants."""
        passed = timedelta()
        for opens, closes in self.spans(start):
            if opens >= end:
                break
            passed += min(closes, end) - opens
        return passed


def midnight(day: date, at: time = time()) -> datetime:
    """A time of a day in Beijing; by default its beginning."""
    return datetime.combine(day, at, BEIJING)


def end_of(day: date) -> datetime:
    """24:00 in Beijing of a day."""
    return midnight(day + DAY)


def due(limit: Limit, start: datetime, calendar: WorkingCalendar) -> datetime:
    """When a limit that begins at ``start`` is over."""
    if limit.unit is TimeUnit.MINUTES:
        return start + timedelta(minutes=limit.amount)
    if limit.unit is TimeUnit.OFFICE_MINUTES:
        return calendar.after_office_time(start, timedelta(minutes=limit.amount))
    first = beijing_day(start)
    if limit.unit is TimeUnit.WORKING_DAYS:
        return end_of(calendar.after_working_days(first, limit.amount))
    return end_of(calendar.first_working(first + DAY * limit.amount))


@dataclass(frozen=True)
class Schedule:
    """When a clock reminds (80 % of its time), when it is late, when it is twice over."""

    remind_at: datetime
    due_at: datetime
    red_at: datetime


def schedule(limit: Limit, start: datetime, calendar: WorkingCalendar) -> Schedule:
    """The instants of a clock that starts now."""
    ends = due(limit, start, calendar)
    red = _later(ends, limit, calendar)  # the limit once more
    return Schedule(_reminder(limit, start, ends, calendar), ends, red)


def _reminder(limit: Limit, start: datetime, ends: datetime, calendar: WorkingCalendar) -> datetime:
    """Four fifths of what the limit counts: not at night or on a day of rest if those do not."""
    if limit.unit is TimeUnit.OFFICE_MINUTES:
        return calendar.after_office_time(start, timedelta(minutes=limit.amount) * REMIND_AT)
    if limit.unit is TimeUnit.WORKING_DAYS:
        whole, fifths = divmod(limit.amount * 4, 5)
        day = calendar.after_working_days(beijing_day(start), whole + (fifths > 0))
        return midnight(day) + DAY * (fifths or 5) / 5
    return start + (ends - start) * REMIND_AT


def extended(plan: Schedule, limit: Limit, more: int, calendar: WorkingCalendar) -> Schedule:
    """The instants of a clock whose limit was extended, counted on from where they stand.

    A pause is thus not lost, and the reminder keeps its distance from the due time.
    """
    added, whole = Limit(more, limit.unit), Limit(limit.amount + more, limit.unit)
    remind, ends = (_later(each, added, calendar) for each in (plan.remind_at, plan.due_at))
    return Schedule(remind, ends, _later(ends, whole, calendar))


def regraded(
    plan: Schedule,
    limit: Limit,
    began: datetime,
    now: datetime,
    *,
    raised: bool,
    calendar: WorkingCalendar,
) -> Schedule:
    """The instants of a clock whose case has another grade.

    After a higher grade there is the new limit from now on, but never more than was left; after a
    lower one there is the new limit from the clock's beginning, but never less than was left.
    """
    new = schedule(limit, now if raised else began, calendar)
    better = new.due_at < plan.due_at if raised else new.due_at > plan.due_at
    return new if better else plan


def _later(instant: datetime, more: Limit, calendar: WorkingCalendar) -> datetime:
    if more.unit in MINUTES:
        return due(more, instant, calendar)
    day, time_of_day = _split(instant)
    return _on(more, day, time_of_day, calendar)


def _split(instant: datetime) -> tuple[date, timedelta]:
    """The day of an instant and the time since its beginning; 24:00 belongs to the day it ends."""
    day = beijing_day(instant - timedelta(microseconds=1))
    return day, instant - midnight(day)


def _on(span: Limit, day: date, time_of_day: timedelta, calendar: WorkingCalendar) -> datetime:
    """A time of the last day of a span in days after ``day``; an end falls on a working day."""
    if span.unit is TimeUnit.WORKING_DAYS:
        last = calendar.first_working(calendar.after_working_days(day, span.amount))
    else:
        last = day + DAY * span.amount
        last = calendar.first_working(last) if time_of_day == DAY else last
    return midnight(last) + time_of_day


def resumed(
    unit: TimeUnit, instant: datetime, paused: datetime, now: datetime, calendar: WorkingCalendar
) -> datetime:
    """Where an instant of a clock moves to that stood still from ``paused`` to ``now``.

    What was left of it is left again, in the clock's own unit; what had passed stays.
    """
    if instant <= paused:
        return instant
    if unit is TimeUnit.OFFICE_MINUTES:
        return calendar.after_office_time(now, calendar.office_time(paused, instant))
    if unit is TimeUnit.MINUTES:
        return instant + (now - paused)
    (last, time_of_day), stood = _split(instant), beijing_day(paused)
    working = unit is TimeUnit.WORKING_DAYS
    left = calendar.working_days(stood, last) if working else (last - stood).days
    return _on(Limit(left, unit), beijing_day(now), time_of_day, calendar)


class Card(StrEnum):
    """What a clock gives when its time comes."""

    REMINDER = "reminder"
    YELLOW = "yellow"
    RED = "red"


CARD_TITLES = {
    Card.REMINDER: Wording("催办提醒", "Reminder"),
    Card.YELLOW: Wording("黄牌", "Yellow card"),
    Card.RED: Wording("红牌", "Red card"),
}

LADDER = (Tier.COMMUNITY, Tier.STREET, Tier.DISTRICT)


def told_to(tier: Tier | None, card: Card) -> Tier:
    """Who is told of a card: one tier above the case for a yellow one, two for a red one."""
    up = {Card.REMINDER: 0, Card.YELLOW: 1, Card.RED: 2}[card]
    place = LADDER.index(tier or Tier.STREET) + up
    return LADDER[min(place, len(LADDER) - 1)]


def given(at: Schedule, after: Card | None, now: datetime) -> tuple[list[Card], datetime | None]:
    """The cards that are due now after the last one, and when the next one is (None: never)."""
    order = list(Card)
    rest = order[order.index(after) + 1 :] if after else order
    instants = dict(zip(order, (at.remind_at, at.due_at, at.red_at), strict=True))
    ripe = [card for card in rest if instants[card] <= now]
    later = [instants[card] for card in rest if instants[card] > now]
    return ripe, min(later, default=None)


class Outcome(StrEnum):
    """How a clock ended."""

    MET = "met"
    LATE = "late"


Key = tuple[ClockKind, str | None, str | None, str | None]
"""A clock's kind, category, grade and type of whistle; None means any."""

K = ClockKind
ELAPSED, OFFICE, DAYS, WORKING = (
    TimeUnit.MINUTES,
    TimeUnit.OFFICE_MINUTES,
    TimeUnit.DAYS,
    TimeUnit.WORKING_DAYS,
)
DEFAULTS: Mapping[Key, Limit] = {
    (K.ACCEPT, None, None, None): Limit(2 * HOUR, ELAPSED),  # Beijing 12345 draft standard
    (K.CUSTODY, None, None, None): Limit(4 * HOUR, OFFICE),  # [O]
    (K.SIGN, None, None, None): Limit(HOUR, OFFICE),  # Nanjing Gulou
    (K.SIGN, None, Grade.RED, None): Limit(30, ELAPSED),  # [O]
    (K.SIGN, None, None, "emergency"): Limit(10, ELAPSED),  # [O]
    (K.CONTACT, None, None, None): Limit(24 * HOUR, ELAPSED),  # Nanjing Gulou
    (K.REPORT_IN, None, None, None): Limit(3, WORKING),  # Nanjing Gulou
    (K.REPORT_IN, None, None, "work"): Limit(3, WORKING),
    (K.REPORT_IN, None, None, "hard"): Limit(5, WORKING),
    (K.REPORT_IN, None, None, "emergency"): Limit(30, ELAPSED),  # Pinggu pilot
    (K.FEEDBACK, None, None, None): Limit(15, DAYS),  # Beijing draft: complex
    (K.FEEDBACK, None, Grade.YELLOW, None): Limit(7, DAYS),
    (K.FEEDBACK, None, Grade.ORANGE, None): Limit(24 * HOUR, ELAPSED),
    (K.FEEDBACK, None, Grade.RED, None): Limit(2 * HOUR, ELAPSED),
    (K.MEDIATION, None, None, None): Limit(30, DAYS),  # [G]
    (K.CONFIRMATION, None, None, None): Limit(30, DAYS),  # People's Mediation Law, art. 33
    (K.VISIT, None, None, None): Limit(7, WORKING),  # [O]
    (K.PETITION_ACCEPT, None, None, None): Limit(15, DAYS),  # [G]
    (K.PETITION_FINISH, None, None, None): Limit(60, DAYS),  # [G]
}
"""What holds until somebody sets another limit; sources as in docs/clocks.md."""


def limit_for(limits: Mapping[Key, Limit], asked: Key) -> Limit:
    """The limit of a clock: the most specific one that applies, whistle before grade before
    category.
    """
    kind, *traits = asked
    fitting = [
        key
        for key in limits
        if key[0] is kind
        and all(rule in {None, found} for rule, found in zip(key[1:], traits, strict=True))
    ]
    return limits[max(fitting, key=lambda key: [part is not None for part in reversed(key)])]
