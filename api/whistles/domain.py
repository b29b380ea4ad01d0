"""The whistle (吹哨报到): types and grounds, whom it calls, how far it has come, its rate. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from api.assignments.domain import Role
from api.cases.domain import BEFORE_DISPATCH, IN_HAND, STATE_TITLES, State, Tier
from api.refusals import BadInput, Conflict, Fault
from gis.wording import Wording


class WhistleKind(StrEnum):
    """What kind of whistle is blown; it decides the clocks."""

    WORK = "work"
    HARD = "hard"
    EMERGENCY = "emergency"


KIND_TITLES = {
    WhistleKind.WORK: Wording("工作推进哨", "Work whistle"),
    WhistleKind.HARD: Wording("攻坚克难哨", "Hard-case whistle"),
    WhistleKind.EMERGENCY: Wording("应急哨", "Emergency whistle"),
}


class Ground(StrEnum):
    """For which reason a whistle may be blown at all."""

    ONE_UNIT_CANNOT = "one_unit_cannot"
    JOINT_ENFORCEMENT = "joint_enforcement"
    EMERGENCY = "emergency"
    CONSULTATION = "consultation"


GROUND_TITLES = {
    Ground.ONE_UNIT_CANNOT: Wording("一个单位解决不了", "One unit cannot solve it"),
    Ground.JOINT_ENFORCEMENT: Wording("需要联合执法", "Joint enforcement is needed"),
    Ground.EMERGENCY: Wording("突发紧急情况", "An emergency"),
    Ground.CONSULTATION: Wording("专家会诊", "Joint consultation"),
}


class Muster(StrEnum):
    """How far a whistle has come. Gathered: every unit that has to come has reported in."""

    BLOWN = "blown"
    GATHERED = "gathered"
    DONE = "done"
    STOOD_DOWN = "stood_down"


MUSTER_TITLES = {
    Muster.BLOWN: Wording("已吹哨，等待报到", "Blown, units are on their way"),
    Muster.GATHERED: Wording("全部报到", "All have reported in"),
    Muster.DONE: Wording("已办结", "Done"),
    Muster.STOOD_DOWN: Wording("已解除", "Stood down"),
}
ENDINGS = (Muster.DONE, Muster.STOOD_DOWN)


class Profession(StrEnum):
    """What an expert of a joint consultation is."""

    MEDIATOR = "mediator"
    LAWYER = "lawyer"
    COUNSELLOR = "counsellor"
    OTHER = "other"


PROFESSION_TITLES = {
    Profession.MEDIATOR: Wording("调解员", "Mediator"),
    Profession.LAWYER: Wording("律师", "Lawyer"),
    Profession.COUNSELLOR: Wording("心理咨询师", "Counsellor"),
    Profession.OTHER: Wording("其他专家", "Another expert"),
}

WHISTLED_STATES = (
    *BEFORE_DISPATCH,
    State.DISPATCHED,
    *IN_HAND,
    State.SUSPENDED,
    State.NOT_AGREED,
    State.AGREED,
    State.CONFIRMING,
    State.PERFORMING,
)
"""While somebody still works on a case."""

LOWEST_SCORE, HIGHEST_SCORE = 1, 5
SMALL_NUMBER = 20
"""A rate of fewer cases than this says little [O]; it is marked."""


@dataclass(frozen=True)
class Called:
    """A unit that is called by a whistle, and for what."""

    unit_code: str
    role: Role


def require_whistle(
    state: State, kind: WhistleKind, ground: Ground, called: Collection[Called], experts: int
) -> None:
    """Refuse a whistle without a legitimate reason, or that calls nobody.

    Raises Conflict for a case that is over, BadInput.
    """
    if state not in WHISTLED_STATES:
        now = STATE_TITLES[state]
        raise Conflict(Wording(f"案件{now.zh}，不能吹哨", f"no whistle: the case is now: {now.en}"))
    faults = [*_ground_faults(kind, ground), *_unit_faults(ground, called, experts)]
    if faults:
        raise BadInput(*faults)


def _ground_faults(kind: WhistleKind, ground: Ground) -> Iterable[Fault]:
    if (kind is WhistleKind.EMERGENCY) is not (ground is Ground.EMERGENCY):
        what = Wording(
            "与哨的类型不符：应急哨只能因突发紧急情况而吹，反之亦然",
            "does not go with the type: an emergency is an emergency whistle, and nothing else is",
        )
        yield Fault("ground", what, Wording("改选类型或理由", "choose another type or ground"))


def _unit_faults(ground: Ground, called: Collection[Called], experts: int) -> Iterable[Fault]:
    codes = [each.unit_code for each in called]
    leads = sum(each.role is Role.LEAD for each in called)
    if len(set(codes)) < len(codes):
        what = Wording("有单位重复", "a unit is named twice")
        yield Fault("units", what, Wording("每个单位只写一次", "name each unit once"))
    if called and leads != 1:
        what = Wording(f"有 {leads} 个牵头单位", f"there are {leads} leading units")
        yield Fault("units", what, Wording("指定一个牵头单位", "name exactly one lead"))
    if ground is Ground.CONSULTATION and not experts:
        what = Wording("没有会诊专家", "a consultation without experts")
        yield Fault("experts", what, Wording("写明至少一名专家", "name at least one expert"))
    if ground is not Ground.CONSULTATION and not called:
        what = Wording("没有召集任何单位", "nobody is called")
        yield Fault("units", what, Wording("选择要召集的单位", "choose the units to be called"))


def emergency_roll(
    sent: Mapping[str, Role], territorial: Collection[str], standby: Collection[str]
) -> list[Called]:
    """Whom an emergency whistle calls by itself: the case's police, street and justice units and
    the standby units; the case's lead leads, else the first of them.
    """
    codes = list(dict.fromkeys([*territorial, *standby]))
    lead = next((code for code in codes if sent.get(code) is Role.LEAD), next(iter(codes), None))
    return [Called(code, Role.LEAD if code == lead else Role.ASSIST) for code in codes]


def next_tier(tier: Tier) -> Tier:
    """The tier above. Raises Conflict at the top."""
    ladder = list(Tier)
    place = ladder.index(tier) + 1
    if place == len(ladder):
        raise Conflict(Wording("已是区级，不能再升级", "it is with the district: nobody is above"))
    return ladder[place]


def highest(tiers: Iterable[Tier]) -> Tier:
    """The highest of some tiers, at least one."""
    return max(tiers, key=list(Tier).index)


def muster(ending: Muster | None, expected: Iterable[datetime | None]) -> Muster:
    """How far a whistle has come: ``expected`` is when each unit that must come reported in."""
    if ending is not None:
        return ending
    came = list(expected)
    return Muster.GATHERED if came and all(came) else Muster.BLOWN


def is_late(due_at: datetime | None, came_at: datetime | None, now: datetime) -> bool:
    """Whether a unit came, or has still to come, after its time."""
    return due_at is not None and (came_at or now) > due_at


def per_hundred(whistles: int, cases: int) -> float | None:
    """Whistles per 100 cases; None without cases."""
    return round(100 * whistles / cases, 1) if cases else None
