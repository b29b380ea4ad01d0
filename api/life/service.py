"""Taking the steps of a case's life, with clocks, history and events. The caller commits."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from api.cases.domain import STATE_TITLES, Acting, Happening, State
from api.cases.models import Case, CaseLink
from api.cases.service import Line, write_history
from api.clocks import service as clocks
from api.clocks.service import Start, Timetable
from api.custody import service as custody
from api.life.domain import LIFE, Action, Step, ends, require_step, require_watched
from api.outbox import Event, record
from api.refusals import BadInput, Conflict, Fault
from api.reports.models import Report
from gis.wording import Wording


class Taking(NamedTuple):
    """A step to be taken. ``content`` is what it needs (:class:`api.life.domain.Need`); it is kept
    in the history.
    """

    action: Action
    acting: Acting
    content: Mapping[str, Any] = MappingProxyType({})


def take(session: Session, timetable: Timetable, case: Case, taking: Taking) -> None:
    """Take a step; the case stays locked until the caller's transaction ends.

    Raises Forbidden, Conflict, BadInput.
    """
    step, acting = LIFE[taking.action], taking.acting
    session.refresh(case, with_for_update=True)
    before = State(case.state)
    require_step(step, before, acting, taking.content)
    if step.action is Action.REOPEN:
        require_watched(case.closed_at, acting.at)
    after = step.target or before
    _move(case, after, acting)
    _set_clocks(session, timetable, case, step)
    _pass_custody(session, case, taking)
    words = {"before": STATE_TITLES[before]._asdict(), "after": STATE_TITLES[after]._asdict()}
    write_history(session, [Line(case.id, Happening.STEPPED, _told(taking) | words, acting.name)])
    told = {"number": case.number, "action": step.action, "before": before, "after": after}
    record(session, [Event("case.stepped", str(case.id), told)])
    session.flush()


def _move(case: Case, after: State, acting: Acting) -> None:
    case.state = after
    if not ends(after):
        case.closed_at = None
    elif case.closed_at is None:
        case.closed_at = acting.at


def _set_clocks(session: Session, timetable: Timetable, case: Case, step: Step) -> None:
    at = clocks.instant(session)
    if step.stops:
        clocks.stop(session, [case.id], step.stops, at)
    if step.pauses:
        clocks.pause(session, case.id, at)
    if step.resumes:
        clocks.resume(session, case.id, at, timetable)
    if step.starts:
        category = session.get_one(Report, case.report_id).category
        starts = [Start(case.id, kind, category, case.grade) for kind in step.starts]
        clocks.start(session, timetable, starts, at)


def _pass_custody(session: Session, case: Case, taking: Taking) -> None:
    """The unit that signs is answerable from now on, and whoever reopens a case is again.

    A unit that returns a case stays answerable until another one has signed.
    """
    if taking.action is Action.SIGN:
        custody.accept(session, case.id, taking.content["unit_code"], taking.acting)
    elif taking.action is Action.REOPEN:
        custody.take_back(session, case.id, taking.acting)


def _told(taking: Taking) -> dict[str, Any]:
    title = LIFE[taking.action].title._asdict()
    words = {"code": taking.action, "action": title, "reason": taking.acting.reason}
    return dict(taking.content) | words


def link(session: Session, case: Case, other: Case, kind: str, acting: Acting) -> CaseLink:
    """Say that two cases belong together. Raises BadInput for a case and itself, Conflict."""
    _require_two(case, other)
    if session.get(CaseLink, (case.id, other.id, kind)) is not None:
        raise Conflict(Wording("两案已关联", "the cases are linked already"))
    words = {"made_by": acting.person_id, "made_at": acting.at, "reason": acting.reason}
    made = CaseLink(case_id=case.id, other_id=other.id, kind=kind, **words)
    session.add(made)
    session.flush()
    told = [
        Line(case.id, Happening.LINKED, _link_words(other, acting), acting.name),
        Line(other.id, Happening.LINKED, _link_words(case, acting), acting.name),
    ]
    write_history(session, told)
    return made


def _require_two(case: Case, other: Case) -> None:
    if case.id == other.id:
        what = Wording("是同一个案件", "is the same case")
        raise BadInput(Fault("other", what, Wording("填写另一个案号", "give another case number")))


def _link_words(other: Case, acting: Acting) -> dict[str, Any]:
    return {"other": other.number, "reason": acting.reason}


def merge(session: Session, timetable: Timetable, case: Case, into: Case, acting: Acting) -> None:
    """Let a case go on in another one; both keep their reports, and so both reporters.

    Raises what :func:`take` raises, BadInput for a case and itself, Conflict for one that ended.
    """
    _require_two(case, into)
    if ends(State(into.state)):
        raise Conflict(Wording("并入的案件已结束", "the case that should go on has ended"))
    take(session, timetable, case, Taking(Action.MERGE, acting, {"into": into.number}))
    link(session, case, into, "merged_into", acting)


def links_of(session: Session, case: Case) -> list[tuple[CaseLink, Case]]:
    """The cases that belong to a case, with how; oldest link first."""
    other = func.coalesce(func.nullif(CaseLink.other_id, case.id), CaseLink.case_id)
    query = (
        select(CaseLink, Case)
        .join(Case, Case.id == other)
        .where(or_(CaseLink.case_id == case.id, CaseLink.other_id == case.id))
        .order_by(CaseLink.made_at)
    )
    return [(made, found) for made, found in session.execute(query)]
