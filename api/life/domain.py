"""The life of a case as one table. Pure: no clock, no database.

Every step says who may take it, from where, what it needs, where it leads, and which clocks it
stops and starts. docs/decisions/life-of-a-case-in-one-table.md names the processes behind it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from api.cases.domain import (
    BEFORE_DISPATCH,
    ENDED_STATES,
    IN_HAND,
    STATE_TITLES,
    Acting,
    ClockKind,
    State,
)
from api.refusals import BadInput, Conflict, Fault, Forbidden
from api.rights.roles import Role
from gis.wording import Wording


class Action(StrEnum):
    """A step in the life of a case."""

    ASSESS = "assess"
    DISPATCH = "dispatch"
    SIGN = "sign"
    RETURN = "return"
    MEDIATE = "mediate"
    SUSPEND = "suspend"
    RESUME = "resume"
    AGREE = "agree"
    DISAGREE = "disagree"
    APPLY = "apply"
    CONFIRM = "confirm"
    DECLINE = "decline"
    PERFORM = "perform"
    SETTLE = "settle"
    VISIT = "visit"
    CLOSE = "close"
    REFUSE = "refuse"
    MOVE = "move"
    MERGE = "merge"
    REOPEN = "reopen"
    ARCHIVE = "archive"


ACTION_TITLES = {
    Action.ASSESS: Wording("研判", "Assess"),
    Action.DISPATCH: Wording("分派", "Dispatch"),
    Action.SIGN: Wording("主办签收", "Lead signs"),
    Action.RETURN: Wording("退回", "Return"),
    Action.MEDIATE: Wording("开始调解", "Begin mediation"),
    Action.SUSPEND: Wording("中止", "Suspend"),
    Action.RESUME: Wording("恢复办理", "Resume"),
    Action.AGREE: Wording("达成协议", "Agree"),
    Action.DISAGREE: Wording("调解不成", "No agreement"),
    Action.APPLY: Wording("申请司法确认", "Apply for judicial confirmation"),
    Action.CONFIRM: Wording("司法确认通过", "Judicially confirmed"),
    Action.DECLINE: Wording("司法确认驳回", "Confirmation declined"),
    Action.PERFORM: Wording("开始履行", "Begin performance"),
    Action.SETTLE: Wording("办结", "Settle"),
    Action.VISIT: Wording("回访", "Visit"),
    Action.CLOSE: Wording("结案", "Close"),
    Action.REFUSE: Wording("不予受理", "Refuse"),
    Action.MOVE: Wording("移送", "Move elsewhere"),
    Action.MERGE: Wording("并案", "Merge"),
    Action.REOPEN: Wording("重新办理", "Reopen"),
    Action.ARCHIVE: Wording("归档", "Archive"),
}


class Need(StrEnum):
    """What a step needs beside the right to take it; each is a field of its content."""

    REASON = "reason"
    DESTINATION = "destination"
    RESOLUTION = "resolution"
    SATISFACTION = "satisfaction"
    BECAUSE = "because"
    GRADE = "grade"
    UNIT = "unit_code"
    UNITS = "units"
    AGREEMENT = "agreement"
    INTO = "into"


NEED_TITLES = {
    Need.REASON: Wording("理由", "a reason"),
    Need.DESTINATION: Wording("移送去向", "where it is moved to"),
    Need.RESOLUTION: Wording("化解方式", "by which procedure it was settled"),
    Need.SATISFACTION: Wording("当事人满意度（1–5）", "how satisfied the parties are, 1 to 5"),
    Need.BECAUSE: Wording("重新办理的原因", "why it is taken up again"),
    Need.GRADE: Wording("风险等级", "a grade of risk"),
    Need.UNIT: Wording("签收单位", "the unit that signs"),
    Need.UNITS: Wording("承办单位", "the units"),
    Need.AGREEMENT: Wording("协议", "an agreement"),
    Need.INTO: Wording("并入的案件", "the case that goes on"),
}


class Destination(StrEnum):
    """Who has a case that was moved."""

    PETITION = "petition"
    ARBITRATION = "arbitration"
    COURT = "court"
    OTHER = "other"


DESTINATION_TITLES = {
    Destination.PETITION: Wording("信访", "Petition office"),
    Destination.ARBITRATION: Wording("仲裁", "Arbitration"),
    Destination.COURT: Wording("法院", "Court"),
    Destination.OTHER: Wording("其他单位", "Another body"),
}


class Resolution(StrEnum):
    """By which procedure a case was settled (化解方式)."""

    PEOPLE = "peoples_mediation"
    ADMINISTRATIVE = "administrative_mediation"
    JUDICIAL = "judicial_mediation"
    ARBITRATION = "arbitration"
    PETITION = "petition"
    LAWSUIT = "lawsuit"
    OTHER = "other"


RESOLUTION_TITLES = {
    Resolution.PEOPLE: Wording("人民调解", "People's mediation"),
    Resolution.ADMINISTRATIVE: Wording("行政调解", "Administrative mediation"),
    Resolution.JUDICIAL: Wording("司法调解", "Judicial mediation"),
    Resolution.ARBITRATION: Wording("仲裁", "Arbitration"),
    Resolution.PETITION: Wording("信访", "Petition"),
    Resolution.LAWSUIT: Wording("诉讼", "Lawsuit"),
    Resolution.OTHER: Wording("其他", "Other"),
}


class Because(StrEnum):
    """Why a case is taken up again."""

    UNSATISFIED = "unsatisfied"
    RELAPSE = "relapse"


BECAUSE_TITLES = {
    Because.UNSATISFIED: Wording("当事人不满意", "The parties are not satisfied"),
    Because.RELAPSE: Wording("纠纷反复", "The dispute came back"),
}

WATCH = timedelta(days=90)
"""How long after its end a case may be taken up again [O]; later it is a new one."""


@dataclass(frozen=True)
class Step:
    """One line of the table. ``target`` None: the case stays where it is.

    ``pauses`` stops time for every running clock, ``resumes`` lets it run again. ``open``: anybody
    with the role takes it by the general route; the others are taken through their own room, which
    brings what they need.
    """

    action: Action
    sources: tuple[State, ...]
    target: State | None
    roles: frozenset[Role]
    needs: tuple[Need, ...] = ()
    stops: tuple[ClockKind, ...] = ()
    starts: tuple[ClockKind, ...] = ()
    pauses: bool = False
    resumes: bool = False
    open: bool = True

    @property
    def title(self) -> Wording:
        return ACTION_TITLES[self.action]


CENTRE = frozenset({Role.ASSESSOR, Role.DISPATCHER})
UNIT = frozenset({Role.HANDLER, Role.LEADER})
MEDIATORS = UNIT | {Role.MEDIATOR}
WORK = (ClockKind.FEEDBACK, ClockKind.MEDIATION)
EVERY = tuple(ClockKind)
"""At the end of a case every clock stops."""
STILL_WITH_UNITS = (State.DISPATCHED, *IN_HAND)
MOVABLE = (*BEFORE_DISPATCH, *STILL_WITH_UNITS, State.SUSPENDED, State.NOT_AGREED)
UNFINISHED = (*MOVABLE, State.AGREED, State.PERFORMING)

N, C = Need, ClockKind

STEPS = (
    Step(Action.ASSESS, (State.REGISTERED,), State.ASSESSED, CENTRE, (N.GRADE,), open=False),
    Step(
        Action.DISPATCH,
        BEFORE_DISPATCH,
        State.DISPATCHED,
        frozenset({Role.DISPATCHER}),
        (N.UNITS,),
        stops=(C.ACCEPT,),
        open=False,
    ),
    Step(
        Action.SIGN,
        (State.DISPATCHED,),
        State.HANDLING,
        UNIT,
        (N.UNIT,),
        stops=(C.CUSTODY,),
        open=False,
    ),
    Step(
        Action.RETURN,
        STILL_WITH_UNITS,
        State.RETURNED,
        UNIT,
        (N.REASON,),
        stops=(C.MEDIATION,),
        starts=(C.CUSTODY,),
        open=False,
    ),
    Step(
        Action.MEDIATE,
        (State.HANDLING, State.NOT_AGREED),
        State.MEDIATING,
        MEDIATORS,
        starts=(C.MEDIATION,),
    ),
    Step(Action.SUSPEND, IN_HAND, State.SUSPENDED, MEDIATORS, (N.REASON,), pauses=True),
    Step(Action.RESUME, (State.SUSPENDED,), State.HANDLING, MEDIATORS, (N.REASON,), resumes=True),
    Step(
        Action.AGREE,
        IN_HAND,
        State.AGREED,
        MEDIATORS,
        (N.AGREEMENT,),
        stops=WORK,
        starts=(C.CONFIRMATION,),
        open=False,
    ),
    Step(Action.DISAGREE, (State.MEDIATING,), State.NOT_AGREED, MEDIATORS, (N.REASON,), WORK),
    Step(
        Action.APPLY,
        (State.AGREED, State.PERFORMING),
        State.CONFIRMING,
        MEDIATORS,
        stops=(C.CONFIRMATION,),
    ),
    Step(Action.CONFIRM, (State.CONFIRMING,), State.PERFORMING, MEDIATORS),
    Step(Action.DECLINE, (State.CONFIRMING,), State.AGREED, MEDIATORS, (N.REASON,)),
    Step(Action.PERFORM, (State.AGREED,), State.PERFORMING, MEDIATORS),
    Step(
        Action.SETTLE,
        (*IN_HAND, State.AGREED, State.PERFORMING),
        State.SETTLED,
        MEDIATORS,
        (N.RESOLUTION,),
        stops=(*WORK, C.SIGN, C.CONTACT, C.REPORT_IN, C.CONFIRMATION),
        starts=(C.VISIT,),
    ),
    Step(
        Action.VISIT,
        (State.SETTLED,),
        State.VISITED,
        UNIT | CENTRE | {Role.CLERK, Role.MEDIATOR, Role.GRID_WORKER},
        (N.SATISFACTION,),
        stops=(C.VISIT,),
    ),
    Step(
        Action.CLOSE,
        (State.VISITED, State.NOT_AGREED),
        State.CLOSED,
        CENTRE,
        (N.REASON,),
        stops=EVERY,
    ),
    Step(Action.REFUSE, BEFORE_DISPATCH, State.REFUSED, CENTRE, (N.REASON,), stops=EVERY),
    Step(Action.MOVE, MOVABLE, State.MOVED, CENTRE, (N.DESTINATION, N.REASON), stops=EVERY),
    Step(
        Action.MERGE, UNFINISHED, State.MERGED, CENTRE, (N.INTO, N.REASON), stops=EVERY, open=False
    ),
    Step(
        Action.REOPEN,
        (State.VISITED, State.CLOSED, State.ARCHIVED),
        State.RETURNED,
        CENTRE | {Role.CLERK},
        (N.BECAUSE, N.REASON),
        starts=(C.CUSTODY,),
    ),
    Step(
        Action.ARCHIVE,
        (State.CLOSED, State.REFUSED, State.MOVED, State.MERGED),
        State.ARCHIVED,
        CENTRE | {Role.CLERK},
    ),
)
LIFE: Mapping[Action, Step] = {step.action: step for step in STEPS}


def possible(state: State, roles: Collection[Role]) -> list[Step]:
    """The steps that somebody with these roles may take from a state by the general route."""
    return [step for step in STEPS if state in step.sources and step.open and step.roles & {*roles}]


def require_step(step: Step, state: State, acting: Acting, content: Mapping[str, Any]) -> None:
    """Refuse a step that may not be taken now. The house itself may take each.

    Raises Forbidden for the wrong role, Conflict from the wrong state, BadInput for what it needs.
    """
    if acting.person_id is not None and not step.roles & acting.roles:
        not_yours = Wording("您的角色不能办理这一环节", "your role does not take this step")
        raise Forbidden(not_yours, f"step:{step.action}")
    if state not in step.sources:
        raise Conflict(_wrong_state(step, state))
    faults = list(_lacking(step, acting, content))
    if faults:
        raise BadInput(*faults)


def _wrong_state(step: Step, state: State) -> Wording:
    title, now = step.title, STATE_TITLES[state]
    return Wording(
        f"案件{now.zh}，不能“{title.zh}”；请刷新后再办理",
        f"the case is now: {now.en}; “{title.en}” does not apply. Reload and look again",
    )


def _lacking(step: Step, acting: Acting, content: Mapping[str, Any]) -> Iterator[Fault]:
    for need in step.needs:
        given = acting.reason.strip() if need is Need.REASON else content.get(need.value)
        if not given:
            title = NEED_TITLES[need]
            what = Wording(f"缺少{title.zh}", f"{title.en} is missing")
            yield Fault(need.value, what, Wording(f"填写{title.zh}", f"give {title.en}"))


def require_watched(ended_at: datetime | None, at: datetime) -> None:
    """Refuse to take up a case again that ended too long ago. Raises Conflict."""
    if ended_at is not None and at > ended_at + WATCH:
        days = WATCH.days
        raise Conflict(
            Wording(
                f"结案已超过 {days} 天，请另立新案并关联本案",
                f"it ended more than {days} days ago: open a new case and link it to this one",
            )
        )


def ends(target: State) -> bool:
    """Whether nobody works on a case that is in this state."""
    return target in ENDED_STATES
