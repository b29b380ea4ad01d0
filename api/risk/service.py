"""Grading cases: by the house at intake, by a person, and against the form by two people.

The latest valid grading of a case counts; its grade and tier stand on the case. The caller commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, exists, func, or_, select, update
from sqlalchemy import case as whether
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from api.cases.domain import GRADE_TITLES, OPEN_STATES, Acting, Grade, Happening
from api.cases.models import Case, CaseEvent
from api.cases.service import SOMEBODY, SYSTEM, Line, write_history
from api.clocks.domain import Card
from api.clocks.models import CardGiven
from api.outbox import Event, record
from api.refusals import BadInput, Conflict, Fault
from api.reports.domain import Category, Filing
from api.reports.models import Report
from api.risk.domain import (
    DEFAULT,
    WATCHED,
    Calibration,
    Factors,
    Form,
    Found,
    Measure,
    Scored,
    Sign,
    Validity,
    calibrated,
    content_of,
    factors_of,
    find,
    form_of,
    needs_second,
    require_sound,
    score,
    signs_in,
    told,
    words_of,
)
from api.risk.models import Grading, RiskForm
from gis.database import insert_all
from gis.wording import Wording


def form_in_force(session: Session) -> Form:
    """The latest form; the default where nobody made one."""
    row = session.scalars(select(RiskForm).order_by(RiskForm.version.desc()).limit(1)).first()
    return DEFAULT if row is None else form_of(row.version, row.content)


def form_versions(session: Session) -> Sequence[RiskForm]:
    """Every form that somebody made, the latest first."""
    return session.scalars(select(RiskForm).order_by(RiskForm.version.desc())).all()


def change_form(session: Session, form: Form, acting: Acting) -> Form:
    """Make a new version; cases keep the one they were graded by. Raises BadInput, Conflict."""
    content = content_of(require_sound(form))
    if form.version != form_in_force(session).version:
        raise Conflict(
            Wording(
                "评分表已被他人修改，请刷新后再改", "somebody else changed the form: look again"
            )
        )
    made = {"made_by": acting.person_id, "made_at": acting.at, "reason": acting.reason}
    session.add(RiskForm(version=form.version + 1, content=content, **made))
    session.flush()
    return form_in_force(session)


class Preliminary(NamedTuple):
    """What the house thinks of a case at intake; ``grade`` and ``tier`` go on the case."""

    case_id: UUID
    factors: Factors
    scored: Scored
    form: Form

    @property
    def grade(self) -> Grade:
        """The grade."""
        return self.scored.grade

    @property
    def tier(self) -> str:
        """Who handles a case of the grade."""
        return self.form.tiers[self.scored.grade].value


def foreseen(form: Form, case_id: UUID, filing: Filing) -> Preliminary:
    """The preliminary grading of a filing. Touches no database."""
    factors = factors_of(form, filing)
    return Preliminary(case_id, factors, score(form, factors), form)


def grade_by_system(session: Session, gradings: Sequence[Preliminary]) -> None:
    """Keep the gradings of new cases with their history, in statements that answer nothing.

    The caller opens the cases with the grade and tier of each.
    """
    insert_all(session, Grading, [_system_row(each) for each in gradings])
    lines = [Line(each.case_id, Happening.GRADED, _words(None, each)) for each in gradings]
    write_history(session, lines)


def _system_row(each: Preliminary) -> dict[str, Any]:
    return {"case_id": each.case_id, "actor": SYSTEM} | _kept(each.form, each.factors, each.scored)


def _kept(form: Form, factors: Factors, scored: Scored) -> dict[str, Any]:
    return {
        "form_version": form.version,
        "factors": factors.content(),
        "points": scored.points,
        "grade": scored.grade.value,
        "reasons": [each.content() for each in scored.reasons],
    }


def _words(before: str | None, after: "Preliminary | Grading", reason: str = "") -> dict[str, Any]:
    points = after.points if isinstance(after, Grading) else after.scored.points
    given = after.given if isinstance(after, Grading) else after.grade
    return {
        "before": GRADE_TITLES[Grade(before)]._asdict() if before else Wording("—", "—")._asdict(),
        "after": GRADE_TITLES[given]._asdict(),
        "points": points,
        "reason": reason,
    }


class Evidence(NamedTuple):
    """What a case's report says: its words, what was found in them, and the factors so far."""

    words: str
    found: tuple[Found, ...]
    factors: Factors
    synthetic: bool


def evidence(session: Session, form: Form, case: Case) -> Evidence:
    """What the report of a case tells of its risk."""
    report = session.get_one(Report, case.report_id)
    words = words_of(report.title, report.text)
    factors = told(form, Category(report.category), words, report.people_involved)
    return Evidence(words, find(form, words), factors, report.synthetic)


@dataclass(frozen=True)
class Answers:
    """What a person says of a case: numbers, and which signs there are."""

    measures: Mapping[Measure, int] = field(default_factory=dict)
    signs: frozenset[Sign] = frozenset()


def weigh(form: Form, known: Evidence, answers: Answers) -> tuple[Factors, Scored]:
    """Score a person's answers; a sign that the words told of keeps them as its reason."""
    words = signs_in(known.found)
    signs = {sign: words.get(sign, ()) for sign in Sign if sign in answers.signs}
    factors = Factors(known.factors.category, {**known.factors.measures, **answers.measures}, signs)
    return factors, score(form, factors)


def assess(session: Session, case: Case, answers: Answers, acting: Acting) -> Grading:
    """Grade a case by a person's answers. Out of red it waits for a second person."""
    session.refresh(case, with_for_update=True)
    form = form_in_force(session)
    factors, scored = weigh(form, evidence(session, form, case), answers)
    grading = Grading(case_id=case.id, **_by(acting), **_kept(form, factors, scored))
    return _settle(session, form, case, grading, acting)


def override(session: Session, case: Case, grade: Grade, acting: Acting) -> Grading:
    """Give a case a grade against the form's result. To or from red it waits for a second person.

    Raises BadInput without a reason, Conflict for the grade that the case has already.
    """
    if not acting.reason.strip():
        what = Wording("缺少理由", "the reason is missing")
        raise BadInput(Fault("reason", what, Wording("写明改定的理由", "say why")))
    session.refresh(case, with_for_update=True)
    if case.grade == grade:
        raise Conflict(Wording("案件已是这一等级", "the case has this grade already"))
    form = form_in_force(session)
    words = {"override": grade.value, "reason": acting.reason}
    grading = Grading(case_id=case.id, **_by(acting), **_before(session, form, case), **words)
    return _settle(session, form, case, grading, acting)


def _by(acting: Acting) -> dict[str, Any]:
    return {"by": acting.person_id, "actor": acting.name, "at": acting.at}


def _before(session: Session, form: Form, case: Case) -> dict[str, Any]:
    """What an override stands on: the latest valid grading, else what the report says."""
    if (latest := current(session, case.id)) is None:
        factors = evidence(session, form, case).factors
        return _kept(form, factors, score(form, factors))
    names = ("form_version", "factors", "points", "grade", "reasons")
    return {name: getattr(latest, name) for name in names}


def _settle(session: Session, form: Form, case: Case, grading: Grading, acting: Acting) -> Grading:
    """Put a new grading in force, or let it wait; an older one that waits is replaced."""
    waiting = update(Grading).where(
        Grading.case_id == case.id, Grading.standing == Validity.PENDING
    )
    session.execute(waiting.values(standing=Validity.REPLACED))
    before = Grade(case.grade) if case.grade else None
    second = needs_second(before, grading.given, overridden=grading.override is not None)
    grading.standing = Validity.PENDING if second else Validity.VALID
    session.add(grading)
    session.flush()
    if second:
        words = _words(case.grade, grading, acting.reason)
        line = Line(case.id, Happening.GRADE_PROPOSED, words, acting.name)
        write_history(session, [line])
    else:
        _apply(session, form, case, grading, acting)
    return grading


def _apply(session: Session, form: Form, case: Case, grading: Grading, acting: Acting) -> None:
    before, after = case.grade, grading.given
    words = _words(before, grading, acting.reason)
    case.grade, case.tier = after.value, form.tiers[after].value
    write_history(session, [Line(case.id, Happening.GRADED, words, acting.name)])
    if before != after:
        content = {
            "number": case.number,
            "before": before,
            "after": after.value,
            "grade": after.value,
            "tier": case.tier,
            "watched": after in WATCHED,
        }
        record(session, [Event("case.graded", str(case.id), content)])
    session.flush()


def decide(session: Session, case: Case, acting: Acting, *, agreed: bool) -> Grading:
    """Confirm or decline, as a second person, the grading that waits. Raises Conflict."""
    session.refresh(case, with_for_update=True)
    grading = waiting_for(session, case.id)
    if grading is None:
        raise Conflict(Wording("没有待复核的等级", "no grading waits for a second person"))
    if grading.by == acting.person_id:
        raise Conflict(Wording("须由另一人复核", "a second, different person has to decide"))
    grading.second_by, grading.second_at = acting.person_id, acting.at
    grading.second_reason = acting.reason or None
    grading.standing = Validity.VALID if agreed else Validity.DECLINED
    if agreed:
        _apply(session, form_in_force(session), case, grading, acting)
    else:
        words = _words(case.grade, grading, acting.reason)
        write_history(session, [Line(case.id, Happening.GRADE_DECLINED, words, acting.name)])
    session.flush()
    return grading


def waiting_for(session: Session, case_id: UUID) -> Grading | None:
    """The grading of a case that waits for a second person."""
    mine = Grading.case_id == case_id
    return session.scalars(
        select(Grading).where(mine, Grading.standing == Validity.PENDING)
    ).one_or_none()


def gradings(session: Session, case_id: UUID) -> Sequence[Grading]:
    """Every grading of a case, the latest first."""
    query = select(Grading).where(Grading.case_id == case_id).order_by(Grading.id.desc())
    return session.scalars(query).all()


def current(session: Session, case_id: UUID) -> Grading | None:
    """The grading that counts."""
    return next((e for e in gradings(session, case_id) if e.standing == Validity.VALID), None)


def anonymise(session: Session, case_ids: Sequence[UUID]) -> None:
    """Strike people and their words out; points, signs and grades stay for statistics."""
    mine = update(Grading).where(Grading.case_id.in_(case_ids))
    by_somebody = whether((Grading.actor == SYSTEM, SYSTEM), else_=SOMEBODY)
    without = whether((Grading.reason.is_(None), None), else_="")
    session.execute(mine.values(actor=by_somebody, reason=without, second_reason=None))


class Risk(NamedTuple):
    """All that is known of a case's risk."""

    case: Case
    known: Evidence
    gradings: Sequence[Grading]


def risk_of(session: Session, case: Case) -> Risk:
    """What a case's report says, by the form in force, and every grading."""
    known = evidence(session, form_in_force(session), case)
    return Risk(case, known, gradings(session, case.id))


class Queued(NamedTuple):
    """A case that waits, with its report and the grading that counts or waits."""

    case: Case
    report: Report
    grading: Grading | None


RANK = whether(*((Case.grade == grade, place) for place, grade in enumerate(Grade)), else_=9)
OTHER = aliased(Grading)
"""Any grading of a case, beside the one that is shown."""
BY_PERSON = exists().where(
    OTHER.case_id == Case.id,
    OTHER.by.is_not(None),
    OTHER.standing.in_([Validity.VALID, Validity.PENDING]),
)


def to_assess(session: Session, limit: int) -> tuple[int, list[Queued]]:
    """How many open cases nobody has assessed, and the first of them: red first, then oldest."""
    open_ones = (Case.state.in_(OPEN_STATES), ~BY_PERSON)
    many = session.scalar(select(func.count()).select_from(Case).where(*open_ones)) or 0
    latest = select(func.max(OTHER.id)).where(OTHER.case_id == Case.id).scalar_subquery()
    query = _queue().join(Grading, Grading.id == latest, isouter=True).where(*open_ones)
    rows = session.execute(query.order_by(RANK, Case.opened_at).limit(limit))
    return many, [Queued(*row) for row in rows]


def to_confirm(session: Session, limit: int) -> list[Queued]:
    """The gradings that wait for a second person, oldest first."""
    query = _queue().join(Grading, Grading.case_id == Case.id)
    waiting = query.where(Grading.standing == Validity.PENDING).order_by(Grading.id)
    return [Queued(*row) for row in session.execute(waiting.limit(limit))]


def _queue() -> Select[Any, Any, Any]:
    return select(Case, Report, Grading).join(Report, Report.id == Case.report_id)


GIVEN = func.coalesce(Grading.override, Grading.grade)
GROUP = Grading.factors["signs"].has_key(Sign.COLLECTIVE.value)
VALID = Grading.standing == Validity.VALID
ESCALATING_CARDS = (Card.YELLOW, Card.RED)
ESCALATING_STEPS = ("move", "reopen")
"""Codes of `api.life.domain.Action`, as the history keeps them."""


def _first(who: ColumnElement[bool]) -> Subquery:
    """The first valid grading of each case by somebody."""
    query = select(Grading.case_id, Grading.id, GIVEN.label("given"), GROUP.label("grouped"))
    first = query.where(VALID, who).ext(distinct_on(Grading.case_id))
    return first.order_by(Grading.case_id, Grading.id).subquery()


def calibration(session: Session, since: datetime, until: datetime) -> Calibration:
    """How the cases opened in ``[since, until)`` went on that the asker sees."""
    system, person = _first(Grading.by.is_(None)), _first(Grading.by.is_not(None))
    began = func.coalesce(person.c.given, system.c.given)
    worse = _escalated(
        func.coalesce(person.c.id, system.c.id),
        began,
        func.coalesce(person.c.grouped, system.c.grouped),
    )
    changed = exists().where(Grading.case_id == Case.id, VALID, Grading.override.is_not(None))
    counts = (func.count(), func.count().filter(worse), func.count().filter(changed))
    query = (
        select(system.c.given, person.c.given, *counts)
        .select_from(Case)
        .join(system, system.c.case_id == Case.id, isouter=True)
        .join(person, person.c.case_id == Case.id, isouter=True)
        .where(Case.opened_at >= since, Case.opened_at < until, began.is_not(None))
        .group_by(system.c.given, person.c.given)
    )
    return calibrated([(row[0], row[1], row[2:]) for row in session.execute(query)])


def _escalated(
    first: ColumnElement[int], began: ColumnElement[str], grouped: ColumnElement[bool]
) -> ColumnElement[bool]:
    """A card, a move elsewhere, a reopening, a higher grade, or a group that formed later."""
    later = (Grading.case_id == Case.id, VALID, Grading.id > first)
    rank = {grade.value: place for place, grade in enumerate(Grade)}
    higher = whether(rank, value=GIVEN) < whether(rank, value=began)
    card = exists().where(CardGiven.case_id == Case.id, CardGiven.card.in_(ESCALATING_CARDS))
    step = exists().where(
        CaseEvent.case_id == Case.id,
        CaseEvent.happening == Happening.STEPPED,
        CaseEvent.content["code"].astext.in_(ESCALATING_STEPS),
    )
    return or_(card, step, exists().where(*later, or_(higher, GROUP & ~grouped)))
