"""What a case is: number, states, grade, clocks by name, history in words. Pure.

The steps from state to state are the table in `api.life.domain`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from api.refusals import BadInput, Conflict, Fault
from api.rights.roles import Role, Who
from gis.wording import Wording

NUMBER = re.compile(r"[A-Z]{2,4}-\d{4}-\d{6}")

LARGEST_SERIAL = 999_999


def case_number(prefix: str, year: int, serial: int) -> str:
    """一案一码: ``DD-2026-000123``. Raises ValueError beyond six digits."""
    if not 0 < serial <= LARGEST_SERIAL:
        raise ValueError(f"serial {serial} of {year} has no six-digit case number")
    return f"{prefix}-{year}-{serial:06d}"


MEMBER_ROLES = frozenset({Role.MEDIATOR, Role.COUNSELLOR})
"""Who sees only the cases they were put on; everybody else sees by area or by unit."""


def require_member_role(roles: Collection[Role]) -> None:
    """Refuse to put on a case whoever does not work by case. Raises BadInput."""
    if not MEMBER_ROLES & set(roles):
        what = Wording("不是调解员或心理咨询师", "is neither a mediator nor a counsellor")
        mend = Wording("选择调解员或心理咨询师", "choose a mediator or a counsellor")
        raise BadInput(Fault("person_id", what, mend))


@dataclass(frozen=True)
class Acting:
    """Who does something in a case, when, and why. ``person_id`` None: the house itself."""

    name: str
    at: datetime
    person_id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    unit_code: str | None = None
    reason: str = ""

    @classmethod
    def of(cls, who: Who, at: datetime, reason: str = "") -> "Acting":
        """The asker of a request as somebody who acts."""
        return cls(who.name, at, who.id, who.roles, who.unit_code, reason)


class Grade(StrEnum):
    """Risk of a case, the highest first (风险等级)."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


GRADE_TITLES = {
    Grade.RED: Wording("红色", "Red"),
    Grade.ORANGE: Wording("橙色", "Orange"),
    Grade.YELLOW: Wording("黄色", "Yellow"),
    Grade.BLUE: Wording("蓝色", "Blue"),
}


class Tier(StrEnum):
    """Who handles a case, from below (三级联动): 小事不出社区, 大事不出街, 难事不出区."""

    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"


TIER_TITLES = {
    Tier.COMMUNITY: Wording("社区", "Community"),
    Tier.STREET: Wording("街道", "Street"),
    Tier.DISTRICT: Wording("区级", "District"),
}


class State(StrEnum):
    """Where in its life a case is."""

    REGISTERED = "registered"
    ASSESSED = "assessed"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    HANDLING = "handling"
    MEDIATING = "mediating"
    SUSPENDED = "suspended"
    AGREED = "agreed"
    NOT_AGREED = "not_agreed"
    CONFIRMING = "confirming"
    PERFORMING = "performing"
    SETTLED = "settled"
    VISITED = "visited"
    CLOSED = "closed"
    REFUSED = "refused"
    MOVED = "moved"
    MERGED = "merged"
    ARCHIVED = "archived"


STATE_TITLES = {
    State.REGISTERED: Wording("已登记，待确认管辖", "Registered, jurisdiction to be confirmed"),
    State.ASSESSED: Wording("已研判，待确认管辖", "Assessed, jurisdiction to be confirmed"),
    State.DISPATCHED: Wording("已分派", "Dispatched"),
    State.RETURNED: Wording("已退回，待重新分派", "Returned, to be dispatched again"),
    State.HANDLING: Wording("办理中", "Being handled"),
    State.MEDIATING: Wording("调解中", "In mediation"),
    State.SUSPENDED: Wording("已中止", "Suspended"),
    State.AGREED: Wording("已达成协议", "Agreed"),
    State.NOT_AGREED: Wording("未达成协议", "Not agreed"),
    State.CONFIRMING: Wording("司法确认中", "In judicial confirmation"),
    State.PERFORMING: Wording("履行中", "Being performed"),
    State.SETTLED: Wording("已办结，待回访", "Settled, to be visited"),
    State.VISITED: Wording("已回访", "Visited"),
    State.CLOSED: Wording("已结案", "Closed"),
    State.REFUSED: Wording("不予受理", "Refused"),
    State.MOVED: Wording("已移送", "Moved elsewhere"),
    State.MERGED: Wording("已并案", "Merged"),
    State.ARCHIVED: Wording("已归档", "Archived"),
}

ENDED_STATES = (State.CLOSED, State.REFUSED, State.MOVED, State.MERGED, State.ARCHIVED)
OPEN_STATES = tuple(state for state in State if state not in ENDED_STATES)
"""Somebody still works on them: an area change moves them to other hands."""


BEFORE_DISPATCH = (State.REGISTERED, State.ASSESSED, State.RETURNED)
IN_HAND = (State.HANDLING, State.MEDIATING)


def require_open(state: State) -> None:
    """Refuse to work on a case that is over. Raises Conflict."""
    if state in ENDED_STATES:
        zh, en = STATE_TITLES[state]
        raise Conflict(
            Wording(
                f"案件{zh}，不再办理；需要时先“重新办理”",
                f"the case is over: {en}. Reopen it first where there is need",
            )
        )


class ClockKind(StrEnum):
    """What has to happen in time (时限)."""

    ACCEPT = "accept"
    CUSTODY = "custody"
    SIGN = "sign"
    CONTACT = "contact"
    REPORT_IN = "report_in"
    FEEDBACK = "feedback"
    MEDIATION = "mediation"
    CONFIRMATION = "confirmation"
    VISIT = "visit"
    PETITION_ACCEPT = "petition_accept"
    PETITION_FINISH = "petition_finish"


CLOCK_TITLES = {
    ClockKind.ACCEPT: Wording("受理", "Accept"),
    ClockKind.CUSTODY: Wording("首问交接", "Custody handed over"),
    ClockKind.SIGN: Wording("签收", "Sign"),
    ClockKind.CONTACT: Wording("联系当事人", "Contact the party"),
    ClockKind.REPORT_IN: Wording("报到", "Report in"),
    ClockKind.FEEDBACK: Wording("反馈结果", "Deliver the result"),
    ClockKind.MEDIATION: Wording("调解", "Mediation"),
    ClockKind.CONFIRMATION: Wording("申请司法确认", "Apply for judicial confirmation"),
    ClockKind.VISIT: Wording("回访", "Follow-up visit"),
    ClockKind.PETITION_ACCEPT: Wording("信访受理", "Petition accepted"),
    ClockKind.PETITION_FINISH: Wording("信访办结", "Petition finished"),
}

UNIT_CLOCKS = (ClockKind.SIGN, ClockKind.CONTACT, ClockKind.REPORT_IN, ClockKind.FEEDBACK)
"""They run for each unit of a case by itself; the others run once for the case."""


class Happening(StrEnum):
    """What a line of a case's history tells."""

    ASSIGNED = "assigned"
    HELD = "held"
    PLACE_CORRECTED = "place_corrected"
    CONFIRMED = "confirmed"
    STEPPED = "stepped"
    LINKED = "linked"
    CALLED = "called"
    REROUTED = "rerouted"
    UNIT_MOVED = "unit_moved"
    WHISTLE_BLOWN = "whistle_blown"
    WHISTLE_RAISED = "whistle_raised"
    WHISTLE_ENDED = "whistle_ended"
    OPINION = "opinion"
    REMINDED = "reminded"
    YELLOW_CARD = "yellow_card"
    RED_CARD = "red_card"
    MORE_TIME_ASKED = "more_time_asked"
    MORE_TIME_GRANTED = "more_time_granted"
    MORE_TIME_REFUSED = "more_time_refused"
    LIMIT_CHANGED = "limit_changed"
    MEASURE = "measure"
    PAID = "paid"
    TASK_SET = "task_set"
    TASK_DONE = "task_done"
    GRADED = "graded"
    GRADE_PROPOSED = "grade_proposed"
    GRADE_DECLINED = "grade_declined"
    CUSTODY_OFFERED = "custody_offered"
    CUSTODY_TAKEN = "custody_taken"


TOLD: Mapping[Happening, Wording] = {
    Happening.ASSIGNED: Wording("系统派单", "Units were sent"),
    Happening.HELD: Wording("待人工确认管辖", "Held for a person to confirm the units"),
    Happening.PLACE_CORRECTED: Wording("更正地点：{reason}", "The place was corrected: {reason}"),
    Happening.CONFIRMED: Wording("确认管辖：{reason}", "The units were confirmed: {reason}"),
    Happening.STEPPED: Wording(
        "{action}：{before} → {after} {reason}", "{action}: {before} → {after} {reason}"
    ),
    Happening.LINKED: Wording("与 {other} 关联：{reason}", "Linked to {other}: {reason}"),
    Happening.CALLED: Wording("派给 {units}：{reason}", "Sent to {units}: {reason}"),
    Happening.REROUTED: Wording(
        "重新分派：{before} → {after}，{reason}", "Routed again: {before} → {after}. {reason}"
    ),
    Happening.UNIT_MOVED: Wording(
        "{unit} {move} {behalf} {words}", "{unit}: {move} {behalf} {words}"
    ),
    Happening.WHISTLE_BLOWN: Wording(
        "{type}（{ground}）：召集 {units} {words}", "{type} ({ground}): called {units} {words}"
    ),
    Happening.WHISTLE_RAISED: Wording(
        "吹哨升级到{tier}：{reason}", "The whistle was raised to: {tier}. {reason}"
    ),
    Happening.WHISTLE_ENDED: Wording("{type}{ending}：{words}", "{type}: {ending}. {words}"),
    Happening.OPINION: Wording("{profession}意见：{words}", "Opinion, {profession}: {words}"),
    Happening.REMINDED: Wording("催办“{clock}” {unit}", "Reminder: {clock} {unit}"),
    Happening.YELLOW_CARD: Wording(
        "“{clock}”超时，黄牌 {unit}", "Late: {clock}, yellow card {unit}"
    ),
    Happening.RED_CARD: Wording(
        "“{clock}”超时一倍，红牌 {unit}", "Twice the time: {clock}, red card {unit}"
    ),
    Happening.MORE_TIME_ASKED: Wording(
        "申请将“{clock}”延长 {more}：{reason}", "{more} more asked for {clock}: {reason}"
    ),
    Happening.MORE_TIME_GRANTED: Wording(
        "同意延长“{clock}” {reason}", "More time granted for {clock} {reason}"
    ),
    Happening.MORE_TIME_REFUSED: Wording(
        "不同意延长“{clock}” {reason}", "No more time for {clock} {reason}"
    ),
    Happening.LIMIT_CHANGED: Wording(
        "等级变化，“{clock}”时限改为 {limit} {unit}",
        "Another grade: {limit} for {clock} {unit}",
    ),
    Happening.MEASURE: Wording("{kind}：{words}", "{kind}: {words}"),
    Happening.PAID: Wording(
        "第 {position} 期收到 {amount} 元（{on}）",
        "Instalment {position}: {amount} yuan paid on {on}",
    ),
    Happening.TASK_SET: Wording("交办任务“{kind}”：{words}", "Task set, {kind}: {words}"),
    Happening.TASK_DONE: Wording("完成任务“{kind}”：{result}", "Task done, {kind}: {result}"),
    Happening.GRADED: Wording(
        "风险等级 {before} → {after}（{points} 分）{reason}",
        "Risk {before} → {after} ({points} points) {reason}",
    ),
    Happening.GRADE_PROPOSED: Wording(
        "提议风险等级 {before} → {after}，待第二人复核 {reason}",
        "Risk {before} → {after} proposed, a second person has to confirm {reason}",
    ),
    Happening.GRADE_DECLINED: Wording(
        "复核不同意风险等级 {before} → {after} {reason}",
        "Risk {before} → {after} was not confirmed {reason}",
    ),
    Happening.CUSTODY_OFFERED: Wording(
        "首问交接：{holder} 交 {to}，待签收（{how}）{reason}",
        "Custody: {holder} offers it to {to}, to be signed for ({how}) {reason}",
    ),
    Happening.CUSTODY_TAKEN: Wording(
        "首问责任由 {holder} 转至 {to}（{how}）{reason}",
        "Custody passed from {holder} to {to} ({how}) {reason}",
    ),
}


class _Gaps(dict[str, Any]):
    """Words for a sentence; what an old line did not keep is left out."""

    def __missing__(self, key: str) -> str:
        return ""


def told(happening: Happening, content: Mapping[str, Any]) -> Wording:
    """A line of history in words; a value with ``zh`` and ``en`` is said in each language."""
    halves = []
    for language in ("zh", "en"):
        said = {
            key: value[language] if isinstance(value, Mapping) and language in value else value
            for key, value in content.items()
        }
        halves.append(getattr(TOLD[happening], language).format_map(_Gaps(said)).strip())
    return Wording(*halves)
