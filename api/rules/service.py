"""Versions of the routing rules: saved whole, put in force by somebody else. The caller commits."""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.cases.domain import Acting, ClockKind, Grade
from api.clocks.domain import Limit, WorkingCalendar
from api.clocks.service import read_timetable
from api.refusals import Conflict, Missing
from api.reports.domain import Filing
from api.reports.models import Report
from api.risk.domain import DEFAULT as DEFAULT_FORM
from api.risk.domain import Form
from api.risk.service import form_in_force
from api.rules.checking import Known, require_sound
from api.rules.domain import (
    DEFAULT,
    Facts,
    Rule,
    Ruling,
    answers_of,
    content_of,
    decide,
    hours_of,
    limits_of,
    rule_of,
)
from api.rules.models import RoutingRules
from gis.database import Database
from gis.wording import Wording
from grids.models import Area, Unit

LOOK_AGAIN_S = 2.0


@dataclass(frozen=True)
class Bench:
    """All that decides about a report beside its place: rules, risk form, working calendar."""

    rules: Sequence[Rule] = DEFAULT
    version: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    form: Form = DEFAULT_FORM
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)

    def ruling(self, facts: Facts) -> Ruling:
        """What the first rule that fits decides."""
        return Ruling(decide(self.rules, facts), self.version, self.names)

    def facts(self, filing: Filing, at: datetime, area: str | None, grade: str) -> Facts:
        """What the rules know of a filing that came in at an instant."""
        words = (filing.kind, filing.category.value, filing.subcategory, area)
        told = (filing.source, filing.people_involved, answers_of(filing.answers))
        return Facts(*words, hours_of(self.calendar, at), Grade(grade), *told)


def read_bench(session: Session) -> Bench:
    """What decides now, as it stands in the database."""
    row = in_force(session)
    form, calendar = form_in_force(session), read_timetable(session).calendar
    if row is None:
        return Bench(form=form, calendar=calendar)
    rules = rules_of(row)
    return Bench(rules, row.id, names_of(session, rules), form, calendar)


class CurrentBench:
    """Holds what decides; looks every two seconds whether something was changed. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reading = threading.Lock()
        self._held: Bench | None = None
        self._read = -LOOK_AGAIN_S

    def current(self) -> Bench:
        """What decides. Raises SQLAlchemy's OperationalError while the database is away."""
        held = self._held
        if held is not None and time.monotonic() - self._read < LOOK_AGAIN_S:
            return held
        with self._reading, self._database.transaction() as session:
            self._held = read_bench(session)
            self._read = time.monotonic()
            return self._held

    def forget(self) -> None:
        """Look at once: something was changed here."""
        self._held = None


def rules_of(row: RoutingRules) -> tuple[Rule, ...]:
    """The rules of a version."""
    return tuple(rule_of(each) for each in row.rules)


def names_of(session: Session, rules: Iterable[Rule]) -> dict[str, str]:
    """The names of the units that rules call in, by code."""
    codes = {code for rule in rules for code in rule.then.units}
    query = select(Unit.code, Unit.name).where(Unit.code.in_(codes))
    return dict(session.execute(query).all())


def in_force(session: Session) -> RoutingRules | None:
    """The version that holds; None while nobody made one."""
    holds = (RoutingRules.in_force_from.is_not(None), RoutingRules.superseded_at.is_(None))
    return session.scalars(select(RoutingRules).where(*holds)).one_or_none()


def versions(session: Session) -> Sequence[RoutingRules]:
    """Every version, the latest first."""
    return session.scalars(select(RoutingRules).order_by(RoutingRules.id.desc())).all()


def find(session: Session, version: int) -> RoutingRules:
    """A version. Raises Missing."""
    row = session.get(RoutingRules, version)
    if row is None:
        raise Missing(Wording("没有这一版规则", "there is no such version"), f"rules:{version}")
    return row


def check(session: Session, rules: Sequence[Rule]) -> None:
    """Refuse rules that are not sound. Raises BadInput with every fault."""
    units = session.scalars(select(Unit.code)).all()
    areas = session.scalars(select(Area.code).distinct()).all()
    require_sound(rules, Known(frozenset(units), frozenset(areas)))


def save(session: Session, rules: Sequence[Rule], acting: Acting) -> RoutingRules:
    """Keep a list as a draft; it is never changed after that. Raises BadInput."""
    check(session, rules)
    row = RoutingRules(
        rules=[content_of(each) for each in rules],
        made_by=acting.person_id,
        author=acting.name,
        reason=acting.reason,
    )
    session.add(row)
    session.flush()
    return row


def activate(session: Session, version: int, acting: Acting) -> RoutingRules:
    """Put a draft in force, as a second person; what held until now is superseded.

    Raises Missing, Conflict, BadInput for rules that the areas of today make unsound.
    """
    row = find(session, version)
    session.refresh(row, with_for_update=True)
    if row.in_force_from is not None:
        raise Conflict(Wording("这一版已生效过", "this version has been in force"))
    if row.made_by == acting.person_id:
        raise Conflict(Wording("须由另一人启用", "somebody else has to put it in force"))
    check(session, rules_of(row))
    holds = (RoutingRules.in_force_from.is_not(None), RoutingRules.superseded_at.is_(None))
    session.execute(update(RoutingRules).where(*holds).values(superseded_at=func.now()))
    row.in_force_from = session.scalars(select(func.now())).one()
    row.activated_by, row.activator = acting.person_id, acting.name
    row.activation_reason = acting.reason
    session.flush()
    return row


def limits_ruled(report: Report) -> dict[ClockKind, Limit]:
    """The limits that a rule set for a report's case."""
    return limits_of((report.ruling or {}).get("limits", {}))
