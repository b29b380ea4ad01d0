"""The life of a case as one table. Pure: no clock, no database.

Every step says who may take it, from where, what it needs, where it leads, and which clocks it
stops and starts. docs/decisions/life-of-a-case-in-one-table.md names the processes behind it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.cases.domain import BEFORE_DISPATCH, IN_HAND, ClockKind, State
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
    RELAPSE = "because"
    GRADE = "grade"
    UNITS = "units"
    AGREEMENT = "agreement"
    INTO = "into"


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


CENTRE = frozenset({Role.ASSESSOR, Role.DISPATCHER})
UNIT = frozenset({Role.HANDLER, Role.LEADER})
MEDIATORS = UNIT | {Role.MEDIATOR}
WORK = (ClockKind.FEEDBACK, ClockKind.MEDIATION)
EVERY = tuple(ClockKind)
"""At the end of a case every clock stops."""
STILL_WITH_UNITS = (State.DISPATCHED, *IN_HAND)
MOVABLE = (*BEFORE_DISPATCH, *STILL_WITH_UNITS, State.SUSPENDED, State.NOT_AGREED)
UNFINISHED = (*MOVABLE, State.AGREED, State.PERFORMING)

R, C = Need, ClockKind

STEPS = (
    Step(Action.ASSESS, (State.REGISTERED,), State.ASSESSED, CENTRE, (R.GRADE,), open=False),
    Step(
        Action.DISPATCH,
        BEFORE_DISPATCH,
        State.DISPATCHED,
        frozenset({Role.DISPATCHER}),
        (R.UNITS,),
        stops=(C.ACCEPT,),
        open=False,
    ),
    Step(Action.SIGN, (State.DISPATCHED,), State.HANDLING, UNIT, stops=(C.CUSTODY,), open=False),
    Step(
        Action.RETURN,
        STILL_WITH_UNITS,
        State.RETURNED,
        UNIT,
        (R.REASON,),
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
    Step(Action.SUSPEND, IN_HAND, State.SUSPENDED, MEDIATORS, (R.REASON,), pauses=True),
    Step(Action.RESUME, (State.SUSPENDED,), State.HANDLING, MEDIATORS, (R.REASON,), resumes=True),
    Step(
        Action.AGREE,
        IN_HAND,
        State.AGREED,
        MEDIATORS,
        (R.AGREEMENT,),
        stops=WORK,
        starts=(C.CONFIRMATION,),
        open=False,
    ),
    Step(Action.DISAGREE, (State.MEDIATING,), State.NOT_AGREED, MEDIATORS, (R.REASON,), WORK),
    Step(
        Action.APPLY,
        (State.AGREED, State.PERFORMING),
        State.CONFIRMING,
        MEDIATORS,
        stops=(C.CONFIRMATION,),
    ),
    Step(Action.CONFIRM, (State.CONFIRMING,), State.PERFORMING, MEDIATORS),
    Step(Action.DECLINE, (State.CONFIRMING,), State.AGREED, MEDIATORS, (R.REASON,)),
    Step(Action.PERFORM, (State.AGREED,), State.PERFORMING, MEDIATORS),
    Step(
        Action.SETTLE,
        (*IN_HAND, State.AGREED, State.PERFORMING),
        State.SETTLED,
        MEDIATORS,
        (R.RESOLUTION,),
        stops=(*WORK, C.SIGN, C.CONTACT, C.REPORT_IN, C.CONFIRMATION),
        starts=(C.VISIT,),
    ),
    Step(
        Action.VISIT,
        (State.SETTLED,),
        State.VISITED,
        UNIT | CENTRE | {Role.CLERK, Role.MEDIATOR, Role.GRID_WORKER},
        (R.SATISFACTION,),
        stops=(C.VISIT,),
    ),
    Step(
        Action.CLOSE,
        (State.VISITED, State.NOT_AGREED),
        State.CLOSED,
        CENTRE,
        (R.REASON,),
        stops=EVERY,
    ),
    Step(Action.REFUSE, BEFORE_DISPATCH, State.REFUSED, CENTRE, (R.REASON,), stops=EVERY),
    Step(Action.MOVE, MOVABLE, State.MOVED, CENTRE, (R.DESTINATION, R.REASON), stops=EVERY),
    Step(
        Action.MERGE, UNFINISHED, State.MERGED, CENTRE, (R.INTO, R.REASON), stops=EVERY, open=False
    ),
    Step(
        Action.REOPEN,
        (State.CLOSED, State.VISITED),
        State.RETURNED,
        CENTRE | {Role.CLERK},
        (R.RELAPSE, R.REASON),
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
