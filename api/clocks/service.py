"""Starting, stopping, pausing and extending clocks. The caller commits.

Every instant is the database's own; the application's clock plays no part.
"""

import csv
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, extract, func, select, update
from sqlalchemy import case as whether
from sqlalchemy.orm import Session

from api.cases.domain import CLOCK_TITLES, Acting, ClockKind, Grade, Happening
from api.cases.service import Line, write_history
from api.clocks.domain import (
    DEFAULTS,
    Card,
    Key,
    Limit,
    Outcome,
    Schedule,
    TimeUnit,
    WorkingCalendar,
    extended,
    given,
    limit_for,
    regraded,
    require_limit,
    resumed,
    schedule,
)
from api.clocks.models import CalendarDay, Clock, Extension, TimeLimit
from api.refusals import Conflict, Forbidden, Missing
from gis.database import Database, insert_all
from gis.wording import Wording
from grids.models import Unit

LOOK_AGAIN_S = 2.0

RUNS = and_(Clock.stopped_at.is_(None), Clock.paused_at.is_(None))
"""A clock that has not ended and does not stand still."""


@dataclass(frozen=True)
class Timetable:
    """The limits and the calendar that hold now."""

    limits: Mapping[Key, Limit]
    calendar: WorkingCalendar

    def limit(self, start: "Start") -> Limit:
        """The limit of a clock that is to start: its own, where a rule has set one."""
        return start.limit or limit_for(
            self.limits, (start.kind, start.category, start.grade, start.whistle)
        )


class CurrentTimetable:
    """Holds one timetable; looks every two seconds whether something was set. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reading = threading.Lock()
        self._held: Timetable | None = None
        self._read = -LOOK_AGAIN_S

    def current(self) -> Timetable:
        """The timetable. Raises SQLAlchemy's OperationalError while the database is away."""
        held = self._held
        if held is not None and time.monotonic() - self._read < LOOK_AGAIN_S:
            return held
        with self._reading, self._database.transaction() as session:
            self._held = read_timetable(session)
            self._read = time.monotonic()
            return self._held


def read_timetable(session: Session) -> Timetable:
    """The timetable as it stands in the database."""
    limits = dict(DEFAULTS)
    for row in session.scalars(select(TimeLimit).order_by(TimeLimit.id)):
        key = (ClockKind(row.kind), row.category, row.grade, row.whistle)
        limits[key] = Limit(row.amount, TimeUnit(row.unit))
    days = {day: known.working for day, known in known_days(session).items()}
    return Timetable(limits, WorkingCalendar(days))


class Known(NamedTuple):
    """What was announced for a day."""

    working: bool
    name: str


@cache
def announced() -> Mapping[date, Known]:
    """The holidays and worked weekends of 2025 and 2026, as the State Council announced them
    (国办发明电〔2024〕12号,〔2025〕7号).
    """
    text = resources.files("api.clocks").joinpath("years.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        date.fromisoformat(row["day"]): Known(row["working"] == "yes", row["name"]) for row in rows
    }


def known_days(session: Session) -> Mapping[date, Known]:
    """What is known of days: what was set for a year takes the place of what came with us."""
    stored = {row.day: Known(row.working, row.name) for row in session.scalars(select(CalendarDay))}
    years = {day.year for day in stored}
    ours = {day: known for day, known in announced().items() if day.year not in years}
    return ours | stored


class Start(NamedTuple):
    """A clock to be started; the traits decide its limit (:func:`api.clocks.domain.limit_for`)."""

    case_id: UUID
    kind: ClockKind
    category: str | None = None
    grade: str | None = None
    whistle: str | None = None
    unit_code: str | None = None
    subject: str | None = None
    limit: Limit | None = None


def instant(session: Session) -> datetime:
    """The database's time, that of the transaction."""
    return session.scalars(select(func.now())).one()


def start(session: Session, timetable: Timetable, starts: Sequence[Start], at: datetime) -> None:
    """Start clocks at an instant of the database's, in one statement that answers nothing."""
    insert_all(session, Clock, [_row(timetable, each, at) for each in starts])


def _row(timetable: Timetable, start: Start, at: datetime) -> dict[str, Any]:
    limit = timetable.limit(start)
    planned = schedule(limit, at, timetable.calendar)
    return {
        "case_id": start.case_id,
        "kind": start.kind,
        "unit_code": start.unit_code,
        "subject": start.subject,
        "amount": limit.amount,
        "unit": limit.unit,
        "started_at": at,
        "next_at": planned.remind_at,
        **vars(planned),
    }


def stop(
    session: Session,
    case_ids: Sequence[UUID],
    kinds: Collection[ClockKind],
    at: datetime,
    unit_code: str | None = None,
    *,
    subject: str | None = None,
) -> None:
    """Stop running clocks of cases; with ``unit_code`` only that unit's, with ``subject`` only
    those that were started for it. They are met or late.
    """
    running: list[ColumnElement[bool]] = [
        Clock.case_id.in_(case_ids),
        Clock.kind.in_(kinds),
        Clock.stopped_at.is_(None),
    ]
    if unit_code is not None:
        running.append(Clock.unit_code == unit_code)
    if subject is not None:
        running.append(Clock.subject == subject)
    # A clock that stands still is judged by when it was stopped.
    judged = func.coalesce(Clock.paused_at, at)
    outcome = whether((judged <= Clock.due_at, Outcome.MET), else_=Outcome.LATE)
    stopped = {"stopped_at": at, "outcome": outcome, "next_at": None}
    session.execute(update(Clock).where(*running).values(stopped))


def pause(session: Session, case_id: UUID, at: datetime) -> None:
    """Let all running clocks of a case stand still."""
    standing = update(Clock).where(
        Clock.case_id == case_id, Clock.stopped_at.is_(None), Clock.paused_at.is_(None)
    )
    session.execute(standing.values(paused_at=at, next_at=None))


def resume(session: Session, case_id: UUID, at: datetime, timetable: Timetable) -> None:
    """Let the clocks of a case run again; what was left of each is left again."""
    query = select(Clock).where(
        Clock.case_id == case_id, Clock.stopped_at.is_(None), Clock.paused_at.is_not(None)
    )
    for clock in session.scalars(query.with_for_update()):
        _resume(clock, at, timetable.calendar)
    session.flush()


def _resume(clock: Clock, at: datetime, calendar: WorkingCalendar) -> None:
    paused, unit = clock.paused_at or at, TimeUnit(clock.unit)
    for name in ("remind_at", "due_at", "red_at"):
        setattr(clock, name, resumed(unit, getattr(clock, name), paused, at, calendar))
    clock.paused_at = None
    clock.next_at = next_look(clock)


class Regrading(NamedTuple):
    """A case of a category that has another grade than before (None: it had none).

    ``fixed``: clocks whose limit a rule has set.
    """

    case_id: UUID
    category: str
    before: Grade | None
    after: Grade
    fixed: Collection[ClockKind] = ()

    @property
    def raised(self) -> bool:
        """Whether the case became more dangerous."""
        order = list(Grade)
        return self.before is None or order.index(self.after) < order.index(self.before)

    def start(self, clock: Clock, grade: Grade | None) -> Start:
        """What decides a clock's limit under a grade."""
        return Start(self.case_id, ClockKind(clock.kind), self.category, grade)


def regrade(session: Session, timetable: Timetable, change: Regrading, at: datetime) -> None:
    """Give running clocks the limit of the new grade where grades have different ones.

    Clocks of a whistle keep the whistle's limit. Cards that were given stay in the history.
    """
    query = select(Clock).where(
        Clock.case_id == change.case_id, Clock.stopped_at.is_(None), Clock.subject.is_(None)
    )
    query = query.where(Clock.kind.not_in(change.fixed))
    for clock in session.scalars(query.with_for_update()):
        was, limit = (
            timetable.limit(change.start(clock, grade)) for grade in (change.before, change.after)
        )
        if was != limit:
            _regrade(session, clock, limit, (change, clock.paused_at or at), timetable.calendar)
    session.flush()


def _regrade(
    session: Session,
    clock: Clock,
    limit: Limit,
    changed: tuple[Regrading, datetime],
    calendar: WorkingCalendar,
) -> None:
    change, at = changed
    old, began = plan_of(clock), clock.started_at
    new = regraded(old, limit, began, at, raised=change.raised, calendar=calendar)
    if new == old:
        return
    clock.amount, clock.unit, clock.card = limit.amount, limit.unit, None
    clock.remind_at, clock.due_at, clock.red_at = new.remind_at, new.due_at, new.red_at
    clock.next_at = None if clock.paused_at else next_look(clock)
    words = words_of(clock, _name_of(session, clock)) | {"limit": limit.words._asdict()}
    write_history(session, [Line(clock.case_id, Happening.LIMIT_CHANGED, words)])


def plan_of(clock: Clock) -> Schedule:
    """The instants of a stored clock."""
    return Schedule(clock.remind_at, clock.due_at, clock.red_at)


def next_look(clock: Clock) -> datetime | None:
    """When a clock gives its next card; None after the last one."""
    after = Card(clock.card) if clock.card else None
    ripe, _ = given(plan_of(clock), after, clock.red_at)
    instants = dict(zip(Card, vars(plan_of(clock)).values(), strict=True))
    return instants[ripe[0]] if ripe else None


def clocks_of(session: Session, case_id: UUID) -> Sequence[Clock]:
    """The clocks of a case: those that run first, each group by due time."""
    query = select(Clock).where(Clock.case_id == case_id)
    return session.scalars(query.order_by(Clock.stopped_at.is_not(None), Clock.due_at)).all()


def running(session: Session, case_id: UUID) -> Sequence[Clock]:
    """The clocks of a case that have not ended, the one that is due first first."""
    return [clock for clock in clocks_of(session, case_id) if clock.stopped_at is None]


def ask_extension(
    session: Session, case_id: UUID, clock_id: int, amount: int, acting: Acting
) -> Extension:
    """Ask for more time, in the clock's own unit. Raises Missing, Conflict, BadInput."""
    clock = _running(session, case_id, clock_id)
    more = Limit(amount, TimeUnit(clock.unit))
    require_limit(ClockKind(clock.kind), more)
    if _asked(session, clock_id) is not None:
        raise Conflict(Wording("已有延期申请待审批", "an extension is asked for already"))
    who = {"asked_by": acting.person_id, "asked_at": acting.at, "reason": acting.reason}
    asked = Extension(clock_id=clock_id, case_id=case_id, amount=amount, **who)
    session.add(asked)
    content = words_of(clock, _name_of(session, clock)) | {
        "more": more.words._asdict(),
        "reason": acting.reason,
    }
    write_history(session, [Line(case_id, Happening.MORE_TIME_ASKED, content, acting.name)])
    session.flush()
    return asked


def grant_extension(
    session: Session, case_id: UUID, clock_id: int, acting: Acting, timetable: Timetable
) -> None:
    """Grant more time; the clock gives its cards anew. Raises Missing, Forbidden."""
    clock = _running(session, case_id, clock_id)
    more = _decide(session, clock, acting, Happening.MORE_TIME_GRANTED)
    limit = Limit(clock.amount, TimeUnit(clock.unit))
    longer = extended(plan_of(clock), limit, more, timetable.calendar)
    clock.amount += more
    clock.remind_at, clock.due_at, clock.red_at = longer.remind_at, longer.due_at, longer.red_at
    clock.card = None
    clock.next_at = None if clock.paused_at else next_look(clock)
    session.flush()


def refuse_extension(session: Session, case_id: UUID, clock_id: int, acting: Acting) -> None:
    """Leave a clock as it is. Raises Missing, Forbidden."""
    clock = _running(session, case_id, clock_id)
    _decide(session, clock, acting, Happening.MORE_TIME_REFUSED)
    session.flush()


def _decide(session: Session, clock: Clock, acting: Acting, happening: Happening) -> int:
    """Close the request of a clock; answers how much was asked for."""
    asked = _asked(session, clock.id)
    if asked is None:
        raise Missing(Wording("没有待审批的延期", "no extension is asked for"))
    if asked.asked_by == acting.person_id:
        raise Forbidden(Wording("不能审批自己的申请", "nobody decides on their own request"))
    asked.granted = happening is Happening.MORE_TIME_GRANTED
    asked.decided_by, asked.decided_at = acting.person_id, acting.at
    content = words_of(clock, _name_of(session, clock)) | {"reason": acting.reason}
    write_history(session, [Line(clock.case_id, happening, content, acting.name)])
    return asked.amount


def _running(session: Session, case_id: UUID, clock_id: int) -> Clock:
    clock = session.get(Clock, clock_id, with_for_update=True)
    if clock is None or clock.case_id != case_id or clock.stopped_at is not None:
        raise Missing(Wording("没有这个运行中的时限", "there is no such running clock"))
    return clock


def _asked(session: Session, clock_id: int) -> Extension | None:
    query = select(Extension).where(Extension.clock_id == clock_id, Extension.granted.is_(None))
    return session.scalars(query).one_or_none()


def words_of(clock: Clock, unit_name: str | None) -> dict[str, Any]:
    """A clock in the words of a history."""
    return {"clock": CLOCK_TITLES[ClockKind(clock.kind)]._asdict(), "unit": unit_name or ""}


def _name_of(session: Session, clock: Clock) -> str | None:
    return session.scalar(select(Unit.name).where(Unit.code == clock.unit_code))


def set_limit(session: Session, row: TimeLimit) -> None:
    """Set a limit for clocks that start from now on. Raises BadInput."""
    require_limit(ClockKind(row.kind), Limit(row.amount, TimeUnit(row.unit)))
    session.add(row)
    session.flush()


def limit_changes(session: Session) -> Sequence[TimeLimit]:
    """Every limit that was set, the latest first."""
    return session.scalars(select(TimeLimit).order_by(TimeLimit.id.desc())).all()


def set_year(session: Session, year: int, days: Sequence[tuple[date, bool, str]]) -> None:
    """Put a year's holidays and worked weekends in the place of what was known of it."""
    session.execute(delete(CalendarDay).where(extract("year", CalendarDay.day) == year))
    rows = [{"day": day, "working": working, "name": name} for day, working, name in days]
    insert_all(session, CalendarDay, rows)
