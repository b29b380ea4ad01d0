"""How a unit takes part in a case, and how far it has come: one table. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from api.cases.domain import UNIT_CLOCKS, Acting, ClockKind
from api.refusals import BadInput, Conflict, Fault, Forbidden
from api.rights.roles import Role as PersonRole
from gis.wording import Wording
from grids.jurisdictions import DISPATCHED


class Role(StrEnum):
    """What a unit is called in for. Who is only informed has nothing to do in time."""

    LEAD = "lead"
    ASSIST = "assist"
    INFORM = "inform"


TERRITORIAL = tuple(kind.value for kind in DISPATCHED)
CALLED = "called"
"""The kind of a unit that is on a case for another reason than its area."""


@dataclass(frozen=True)
class Offer:
    """A unit to be sent. ``actor`` is who decided: the route, or a person by name."""

    unit_code: str
    unit_name: str
    role: Role
    reason: Wording
    actor: str
    kind: str = CALLED
    area_code: str | None = None
    confidence: str = CALLED

    def content(self) -> dict[str, Any]:
        """The assignment as JSON."""
        return vars(self) | {"reason": self.reason._asdict()}


class Stage(StrEnum):
    """How far a unit has come with what it was sent."""

    OFFERED = "offered"
    SIGNED = "signed"
    CONTACTED = "contacted"
    REPORTED_IN = "reported_in"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"
    STOOD_DOWN = "stood_down"


STAGE_TITLES = {
    Stage.OFFERED: Wording("待签收", "To be signed for"),
    Stage.SIGNED: Wording("已签收", "Signed for"),
    Stage.CONTACTED: Wording("已联系", "Contacted"),
    Stage.REPORTED_IN: Wording("已报到", "Reported in"),
    Stage.DELIVERED: Wording("已反馈结果", "Result delivered"),
    Stage.ACCEPTED: Wording("中心已认可", "Accepted by the centre"),
    Stage.RETURNED: Wording("已退回", "Returned"),
    Stage.TRANSFERRED: Wording("已转办", "Transferred"),
    Stage.WITHDRAWN: Wording("已撤回", "Withdrawn"),
    Stage.STOOD_DOWN: Wording("已解除", "Stood down"),
}

AT_WORK = (Stage.OFFERED, Stage.SIGNED, Stage.CONTACTED, Stage.REPORTED_IN)
OPEN_STAGES = (*AT_WORK, Stage.DELIVERED)
ENDED_STAGES = tuple(stage for stage in Stage if stage not in OPEN_STAGES)


class Move(StrEnum):
    """What a unit, or the centre, does with an assignment."""

    SIGN = "sign"
    CONTACT = "contact"
    REPORT_IN = "report-in"
    DELIVER = "deliver"
    ACCEPT = "accept"
    SEND_BACK = "send-back"
    RETURN = "return"
    TRANSFER = "transfer"
    WITHDRAW = "withdraw"
    STAND_DOWN = "stand-down"
    OFFER = "offer"


MOVE_TITLES = {
    Move.SIGN: Wording("签收", "Sign"),
    Move.CONTACT: Wording("联系当事人", "Contact the party"),
    Move.REPORT_IN: Wording("报到", "Report in"),
    Move.DELIVER: Wording("反馈结果", "Deliver the result"),
    Move.ACCEPT: Wording("认可结果", "Accept the result"),
    Move.SEND_BACK: Wording("退回重办", "Send the result back"),
    Move.RETURN: Wording("退回", "Return"),
    Move.TRANSFER: Wording("转办", "Transfer"),
    Move.WITHDRAW: Wording("撤回", "Withdraw"),
    Move.STAND_DOWN: Wording("解除", "Stand down"),
    Move.OFFER: Wording("派单", "Offer"),
}


class Means(StrEnum):
    """How a unit said something that the centre enters on its behalf."""

    PHONE = "phone"
    RADIO = "radio"
    IN_PERSON = "in_person"


MEANS_TITLES = {
    Means.PHONE: Wording("电话", "by phone"),
    Means.RADIO: Wording("对讲", "by radio"),
    Means.IN_PERSON: Wording("当面", "in person"),
}


@dataclass(frozen=True)
class Turn:
    """One line of the table of an assignment's life.

    ``unit``: the unit's own people make it, and the centre on their behalf; else only the centre.
    ``words``: it needs a reason, or a result in words.
    """

    move: Move
    sources: tuple[Stage, ...]
    target: Stage
    unit: bool = True
    words: bool = False
    stops: tuple[ClockKind, ...] = ()
    starts: tuple[ClockKind, ...] = ()

    @property
    def title(self) -> Wording:
        return MOVE_TITLES[self.move]


S, C = Stage, ClockKind
TURNS = (
    Turn(Move.SIGN, (S.OFFERED,), S.SIGNED, stops=(C.SIGN,), starts=(C.CONTACT,)),
    Turn(Move.CONTACT, (S.SIGNED,), S.CONTACTED, stops=(C.CONTACT,)),
    Turn(
        Move.REPORT_IN,
        (S.SIGNED, S.CONTACTED, S.REPORTED_IN),  # once for each whistle
        S.REPORTED_IN,
        stops=(C.CONTACT, C.REPORT_IN),
    ),
    Turn(
        Move.DELIVER,
        (S.SIGNED, S.CONTACTED, S.REPORTED_IN),
        S.DELIVERED,
        words=True,
        stops=UNIT_CLOCKS,
    ),
    Turn(Move.ACCEPT, (S.DELIVERED,), S.ACCEPTED, unit=False),
    Turn(
        Move.SEND_BACK,
        (S.DELIVERED,),
        S.CONTACTED,
        unit=False,
        words=True,
        starts=(C.FEEDBACK,),
    ),
    Turn(Move.RETURN, AT_WORK, S.RETURNED, words=True, stops=UNIT_CLOCKS),
    Turn(Move.TRANSFER, AT_WORK, S.TRANSFERRED, unit=False, words=True, stops=UNIT_CLOCKS),
    Turn(Move.WITHDRAW, AT_WORK, S.WITHDRAWN, unit=False, words=True, stops=UNIT_CLOCKS),
    Turn(Move.STAND_DOWN, OPEN_STAGES, S.STOOD_DOWN, unit=False, words=True, stops=UNIT_CLOCKS),
    Turn(
        Move.OFFER, (S.DELIVERED, *ENDED_STAGES), S.OFFERED, unit=False, starts=(C.SIGN, C.FEEDBACK)
    ),
)
PROGRESS: Mapping[Move, Turn] = {turn.move: turn for turn in TURNS}

UNIT_PEOPLE = frozenset({PersonRole.HANDLER, PersonRole.LEADER})
CENTRE = frozenset({PersonRole.DISPATCHER})


@dataclass(frozen=True)
class OnBehalf:
    """Who of the unit said it, and how; a named act of the centre."""

    channel: Means
    said_by: str


def offered_clocks(role: Role, *, whistled: bool = False) -> tuple[ClockKind, ...]:
    """The clocks that start when a unit is sent. Who is only informed has none."""
    if role is Role.INFORM:
        return ()
    return (C.SIGN, C.REPORT_IN, C.FEEDBACK) if whistled else (C.SIGN, C.FEEDBACK)


def require_turn(
    turn: Turn, stage: Stage, unit_code: str, acting: Acting, on_behalf: OnBehalf | None
) -> None:
    """Refuse what may not be done with an assignment now. The house itself may do each.

    Raises Forbidden for somebody else's unit, BadInput where the centre does not say on whose word,
    Conflict at another stage.
    """
    if acting.person_id is not None:
        _require_person(turn, unit_code, acting, on_behalf)
    if stage not in turn.sources:
        now = STAGE_TITLES[stage]
        raise Conflict(
            Wording(
                f"该单位{now.zh}，不能“{turn.title.zh}”；请刷新后再办理",
                f"the unit's stage is now: {now.en}; “{turn.title.en}” does not apply. Look again",
            )
        )
    if turn.words and not acting.reason.strip():
        what = Wording("没有写明", "is missing")
        mend = Wording("写明理由或结果", "say the reason or the result")
        raise BadInput(Fault("words", what, mend))


def _require_person(turn: Turn, unit_code: str, acting: Acting, on_behalf: OnBehalf | None) -> None:
    own = acting.unit_code == unit_code and bool(acting.roles & UNIT_PEOPLE)
    if turn.unit and own:
        return
    if not acting.roles & CENTRE:
        raise Forbidden(
            Wording("只能办理本单位的任务", "only the unit's own people do this"),
            f"assignment:{turn.move}",
        )
    if turn.unit and on_behalf is None:
        what = Wording("代单位办理须写明何人以何种方式告知", "who said it, and how, is missing")
        mend = Wording("填写 on_behalf", "give on_behalf")
        raise BadInput(Fault("on_behalf", what, mend))


def possible(stage: Stage, unit_code: str, acting: Acting) -> list[Turn]:
    """What somebody may do with an assignment now; the centre also on the unit's behalf."""
    own = acting.unit_code == unit_code and bool(acting.roles & UNIT_PEOPLE)
    centre = bool(acting.roles & CENTRE)
    return [turn for turn in TURNS if stage in turn.sources and (centre or (turn.unit and own))]


def require_one_lead(roles: Collection[Role]) -> None:
    """Refuse to send units without exactly one that leads. Raises BadInput."""
    leads = sum(role is Role.LEAD for role in roles)
    if leads != 1:
        what = Wording(f"有 {leads} 个主办单位", f"there are {leads} lead units")
        raise BadInput(Fault("units", what, Wording("指定一个主办单位", "name exactly one lead")))
