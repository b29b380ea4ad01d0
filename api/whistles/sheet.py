"""What is read off whistles: the roll call of one, and the rate per street and month."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, Select, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.assignments.domain import STAGE_TITLES, Move, Role, Stage
from api.assignments.models import Assignment, AssignmentStep
from api.assignments.service import assignments, steps_of
from api.beijing import beijing_day
from api.cases.domain import TIER_TITLES
from api.cases.models import Case
from api.clocks.domain import midnight
from api.clocks.service import instant
from api.reports.models import Report
from api.reports.service import find
from api.schemas import Said
from api.whistles import schemas
from api.whistles.domain import (
    GROUND_TITLES,
    KIND_TITLES,
    MUSTER_TITLES,
    SMALL_NUMBER,
    WHISTLED_STATES,
    Ground,
    Muster,
    WhistleKind,
    is_late,
    muster,
    per_hundred,
)
from api.whistles.models import Whistle, WhistleCall, WhistleExpert
from api.whistles.service import calls_of, report_in_clocks, tier_of
from gis.geocoding.numbers import distance_m
from gis.wording import Wording

MONTHS = 12


def of_case(session: Session, case: Case) -> list[schemas.WhistleAnswer]:
    """The whistles of a case with their roll calls, the latest first."""
    query = select(Whistle).where(Whistle.case_id == case.id).order_by(Whistle.id.desc())
    return [answer(session, whistle, case) for whistle in session.scalars(query).all()]


def running(session: Session, limit: int) -> list[schemas.WhistleAnswer]:
    """The whistles that still run, emergencies first, then the oldest."""
    urgent = Whistle.kind == WhistleKind.EMERGENCY
    query = (
        select(Whistle, Case)
        .join(Case, Case.id == Whistle.case_id)
        .where(Whistle.ended_at.is_(None), Case.state.in_(WHISTLED_STATES))
        .order_by(urgent.desc(), Whistle.blown_at, Whistle.id)
        .limit(limit)
    )
    return [answer(session, whistle, case) for whistle, case in session.execute(query).all()]


def answer(session: Session, whistle: Whistle, case: Case) -> schemas.WhistleAnswer:
    """A whistle with its roll call, by the database's time."""
    now = instant(session)
    roll = _roll(session, whistle, case, now)
    must = [line.reported_in_at for line in roll if line.role != Role.INFORM]
    state = muster(Muster(whistle.ending) if whistle.ending else None, must)
    tier = tier_of(session, whistle)
    experts = select(WhistleExpert).where(WhistleExpert.whistle_id == whistle.id)
    return schemas.WhistleAnswer(
        id=whistle.id,
        case_number=case.number,
        type=whistle.kind,
        title=_said(KIND_TITLES[WhistleKind(whistle.kind)]),
        ground=whistle.ground,
        ground_title=_said(GROUND_TITLES[Ground(whistle.ground)]),
        words=whistle.words,
        tier=tier,
        tier_title=_said(TIER_TITLES[tier]),
        state=state,
        state_title=_said(MUSTER_TITLES[state]),
        blown_by=whistle.blown_by_name,
        unit_code=whistle.unit_code,
        blown_at=whistle.blown_at,
        ended_at=whistle.ended_at,
        ended_words=whistle.ended_words or None,
        now=now,
        roll=roll,
        experts=[
            schemas.ExpertAnswer.of(row)
            for row in session.scalars(experts.order_by(WhistleExpert.id))
        ],
    )


def _said(words: Wording) -> Said:
    return Said(**words._asdict())


class _Seen(NamedTuple):
    """What the roll is called from: a unit's part, its steps, and until when it had to come."""

    part: Assignment | None
    steps: Sequence[AssignmentStep]
    due_at: datetime | None
    site: tuple[float, float] | None


def _roll(session: Session, whistle: Whistle, case: Case, now: datetime) -> list[schemas.RollLine]:
    parts = {each.unit_code: each for each in assignments(session, case.id)}
    steps = steps_of(session, case.id)
    due = {clock.unit_code: clock.due_at for clock in report_in_clocks(session, whistle)}
    _, lon, lat = find(session, case.report_id)
    site = (lon, lat) if lon is not None and lat is not None else None
    until = whistle.ended_at or now
    lines = []
    for row in calls_of(session, whistle):
        part = parts.get(row.unit_code)
        own = [step for step in steps if part is not None and step.assignment_id == part.id]
        lines.append(_line(whistle, row, _Seen(part, own, due.get(row.unit_code), site), until))
    return sorted(lines, key=_urgency)


def _urgency(line: schemas.RollLine) -> tuple[bool, bool, str]:
    """Late and not there first, then who has still to come, then who is there."""
    came = line.reported_in_at is not None
    return came or not line.late, came, line.unit_code


def _line(whistle: Whistle, row: WhistleCall, seen: _Seen, until: datetime) -> schemas.RollLine:
    came = next((step for step in seen.steps if _came(step, whistle)), None)
    came_at = came.at if came else None
    stage = Stage(seen.part.stage) if seen.part else Stage.WITHDRAWN
    return schemas.RollLine(
        unit_code=row.unit_code,
        unit_name=row.unit_name,
        role=row.role,
        stage=stage,
        stage_title=_said(STAGE_TITLES[stage]),
        signed_at=_last(seen.steps, Move.SIGN),
        contacted_at=_last(seen.steps, Move.CONTACT),
        reported_in_at=came_at,
        on_behalf=came is not None and came.channel is not None,
        due_at=seen.due_at,
        late=is_late(seen.due_at, came_at, until),
        last_place=_place(seen),
        score=_score(row.score, row.score_words),
        justified=_score(row.justified, row.justified_words),
    )


def _came(step: AssignmentStep, whistle: Whistle) -> bool:
    return step.move == Move.REPORT_IN and step.id > whistle.after_step


def _last(steps: Sequence[AssignmentStep], move: Move) -> datetime | None:
    """When a unit did something last, since it was last offered the case."""
    found = None
    for step in steps:
        if step.move == Move.OFFER:
            found = None
        elif step.move == move:
            found = step.at
    return found


def _place(seen: _Seen) -> schemas.Place | None:
    for step in reversed(seen.steps):
        if step.lon is not None and step.lat is not None:
            far = None if seen.site is None else distance_m(step.lon, step.lat, *seen.site)
            return schemas.Place(
                lon=step.lon,
                lat=step.lat,
                accuracy_m=step.accuracy_m,
                at=step.at,
                distance_m=None if far is None else round(far, 1),
            )
    return None


def _score(points: int | None, words: str) -> schemas.Score | None:
    return None if points is None else schemas.Score(score=points, words=words)


class Months(NamedTuple):
    """From the first day of a month to the first day of the one after the last."""

    since: date
    until: date

    @classmethod
    def of(cls, asked: schemas.RateRequest, now: datetime) -> "Months":
        """The months asked for; without a word the last twelve."""
        last = (asked.until or beijing_day(now)).replace(day=1)
        earliest = last
        for _ in range(MONTHS - 1):
            earliest = (earliest - timedelta(days=1)).replace(day=1)
        first = (asked.since or earliest).replace(day=1)
        return cls(first, (last + timedelta(days=31)).replace(day=1))


Key = tuple[str | None, str]


def rates(session: Session, months: Months, names: Mapping[str, str]) -> list[schemas.RateLine]:
    """Whistles per 100 cases that were opened, by month and street, as far as the asker sees."""
    opened = {(row[0], row[1]): row[2] for row in session.execute(_counted(Case.opened_at, months))}
    blown: dict[Key, Row[str | None, str, int, int]] = {
        (row[0], row[1]): row for row in session.execute(_whistled(months))
    }
    keys = sorted({*opened, *blown}, key=lambda key: (key[1], key[0] or ""))
    return [_rate(key, opened.get(key, 0), blown.get(key), names) for key in keys]


def _rate(
    key: Key,
    cases: int,
    row: Row[str | None, str, int, int] | None,
    names: Mapping[str, str],
) -> schemas.RateLine:
    whistles, emergencies = (row[2], row[3]) if row else (0, 0)
    return schemas.RateLine(
        street_code=key[0],
        street_name=names.get(key[0] or ""),
        month=key[1],
        cases=cases,
        whistles=whistles,
        emergencies=emergencies,
        per_hundred=per_hundred(whistles, cases),
        small=cases < SMALL_NUMBER,
    )


def _month(at: InstrumentedAttribute[datetime]) -> ColumnElement[str]:
    zone: ColumnElement[str] = literal_column("'Asia/Shanghai'")
    form: ColumnElement[str] = literal_column("'YYYY-MM'")
    return func.to_char(func.timezone(zone, at), form)


def _counted(at: InstrumentedAttribute[datetime], months: Months) -> Select[str | None, str, int]:
    since, until = midnight(months.since), midnight(months.until)
    month = _month(at)
    return (
        select(Report.street_code, month, func.count())
        .select_from(Case)
        .join(Report, Report.id == Case.report_id)
        .where(at >= since, at < until)
        .group_by(Report.street_code, month)
    )


def _whistled(months: Months) -> Select[str | None, str, int, int]:
    urgent = func.count().filter(Whistle.kind == WhistleKind.EMERGENCY)
    query = _counted(Whistle.blown_at, months).join(Whistle, Whistle.case_id == Case.id)
    return query.add_columns(urgent)
