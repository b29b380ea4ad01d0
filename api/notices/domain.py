"""Whom each topic tells, in which words, and when a delivery is tried again. Pure.

A parcel is all that leaves the house: the case's number, what happened, the unit, the due time.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from api.cases.domain import (
    CLOCK_TITLES,
    GRADE_TITLES,
    STATE_TITLES,
    TIER_TITLES,
    ClockKind,
    Grade,
    State,
    Tier,
)
from api.rights.roles import Role
from gis.wording import Wording


class Channel(StrEnum):
    """A way to tell somebody."""

    IN_APP = "in_app"
    EMAIL = "email"
    WEBHOOK = "webhook"
    SMS = "sms"


CHANNEL_TITLES = {
    Channel.IN_APP: Wording("站内通知", "In-app notice"),
    Channel.EMAIL: Wording("电子邮件", "E-mail"),
    Channel.WEBHOOK: Wording("网络回调", "Webhook"),
    Channel.SMS: Wording("短信", "Text message"),
}
OUTSIDE = (Channel.EMAIL, Channel.WEBHOOK, Channel.SMS)
"""They leave the house: no personal data and no words of the report."""


class Progress(StrEnum):
    """How far a delivery by an outside channel has come."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


class Failing(StrEnum):
    """Why a delivery was not made; the answer of the other side is not kept."""

    UNREACHED = "unreached"
    REFUSED = "refused"
    CHANNEL_OFF = "channel_off"
    NO_ADDRESS = "no_address"
    HOST_NOT_ALLOWED = "host_not_allowed"
    NO_SECRET = "no_secret"  # noqa: S105 - the name of a failing
    UNKNOWN_RECIPIENT = "unknown_recipient"
    UNREADABLE_EVENT = "unreadable_event"


FAILING_TITLES = {
    Failing.UNREACHED: Wording("对方没有应答", "nobody answered"),
    Failing.REFUSED: Wording("对方拒收", "the other side refused it"),
    Failing.CHANNEL_OFF: Wording("渠道已停用", "the channel is switched off"),
    Failing.NO_ADDRESS: Wording("单位没有地址", "the unit has no address"),
    Failing.HOST_NOT_ALLOWED: Wording(
        "主机不在 FENGQIAO_CHANNEL_HOSTS 中", "the host is not in FENGQIAO_CHANNEL_HOSTS"
    ),
    Failing.NO_SECRET: Wording("读不到密钥文件", "the file of the secret cannot be read"),
    Failing.UNKNOWN_RECIPIENT: Wording("没有这个接收者", "there is no such recipient"),
    Failing.UNREADABLE_EVENT: Wording("事件无法读取", "the event cannot be read"),
}


class To(StrEnum):
    """The kind of recipient."""

    UNITS = "units"  # those that the event names, else all units of the case
    NAMED = "named"  # only the units that the event names
    CENTRE = "centre"  # the dispatchers of the case's area
    PERSON = "person"  # the person whom the event names


class Telling(NamedTuple):
    """One line of the table: who is told what, and whether also by outside channels."""

    to: To
    what: Wording
    outside: bool = False


NEWS = Wording("案件有消息", "There is news of the case")
SENT = Wording("新派案件，请签收", "A case was sent to your unit: sign for it")

TOPICS: Mapping[str, tuple[Telling, ...]] = {
    "case.dispatched": (Telling(To.NAMED, SENT, outside=True),),
    "case.held": (
        Telling(To.NAMED, SENT, outside=True),
        Telling(To.CENTRE, Wording("管辖待确认", "The units are to be confirmed")),
    ),
    "case.stepped": (Telling(To.UNITS, Wording("案件有进展", "The case moved on")),),
    "case.graded": (
        Telling(To.UNITS, Wording("风险等级已定", "The risk was graded")),
        Telling(To.CENTRE, Wording("风险等级已定", "The risk was graded")),
    ),
    "clock.reminded": (
        Telling(To.UNITS, Wording("时限将到", "A time limit is near"), outside=True),
    ),
    "clock.yellow": (
        Telling(To.UNITS, Wording("超时，黄牌", "Late: a yellow card"), outside=True),
        Telling(To.CENTRE, Wording("单位超时，黄牌", "A unit is late: a yellow card")),
    ),
    "clock.red": (
        Telling(To.UNITS, Wording("严重超时，红牌", "Very late: a red card"), outside=True),
        Telling(To.CENTRE, Wording("单位严重超时，红牌", "A unit is very late: a red card")),
    ),
    "whistle.blown": (
        Telling(To.NAMED, Wording("中心吹哨，请报到", "The whistle: report in"), outside=True),
    ),
    "whistle.stood_down": (
        Telling(To.NAMED, Wording("吹哨结束", "The whistle has ended"), outside=True),
    ),
    "whistle.raised": (
        Telling(To.UNITS, Wording("吹哨升级", "The whistle was raised")),
        Telling(To.CENTRE, Wording("吹哨升级", "The whistle was raised")),
    ),
    "assignment.offered": (Telling(To.NAMED, SENT, outside=True),),
    "assignment.withdrawn": (
        Telling(To.NAMED, Wording("案件已改派他处", "The case was taken elsewhere"), outside=True),
    ),
    "assignment.returned": (
        Telling(To.CENTRE, Wording("单位退回，待重新分派", "Returned: to be dispatched again")),
    ),
    "custody.gap": (
        Telling(To.CENTRE, Wording("首问责任中断", "Nobody holds the case")),
        Telling(To.PERSON, Wording("您首问的案件无人接手", "A case you took in is in no hands")),
    ),
}
"""A topic that is not in the table tells nobody."""
QUIET = frozenset({"assignment.moved"})
"""Topics that are recorded for others than people: each unit's own step is no news to it."""
SIGNED_FOR = frozenset({"case.dispatched", "case.held", "assignment.offered"})
"""Their notices say until when the unit has to sign."""


class Party(NamedTuple):
    """A unit of a case."""

    unit_code: str
    unit_name: str


@dataclass(frozen=True)
class CaseFacts:
    """What is known of an event's case. ``area``: its cell's or street's code, "" for none."""

    number: str
    area: str
    units: tuple[Party, ...]


class Recipient(NamedTuple):
    """A unit, a person, or whoever holds a role over an area; the other fields are None."""

    unit_code: str | None = None
    person_id: UUID | None = None
    role: str | None = None
    area: str | None = None

    @property
    def key(self) -> str:
        """One text for each recipient: an event tells each of them once."""
        if self.unit_code is not None:
            return f"unit:{self.unit_code}"
        if self.person_id is not None:
            return f"person:{self.person_id}"
        return f"{self.role}@{self.area}"


class Addressed(NamedTuple):
    """A recipient of an event, and whether outside channels tell them too."""

    recipient: Recipient
    outside: bool


def addressed(topic: str, content: Mapping[str, Any], facts: CaseFacts) -> list[Addressed]:
    """Who is told of an event. Raises ValueError, TypeError, KeyError for content out of shape."""
    found = {
        recipient.key: Addressed(recipient, telling.outside)
        for telling in TOPICS.get(topic, ())
        for recipient in _recipients(telling.to, content, facts)
    }
    return list(found.values())


def _recipients(to: To, content: Mapping[str, Any], facts: CaseFacts) -> Iterator[Recipient]:
    if to is To.CENTRE:
        yield Recipient(role=Role.DISPATCHER.value, area=facts.area)
    elif to is To.PERSON:
        if content.get("person_id"):
            yield Recipient(person_id=UUID(content["person_id"]))
    else:
        named = named_units(content)
        everybody = [] if to is To.NAMED else [each.unit_code for each in facts.units]
        yield from (Recipient(unit_code=code) for code in named or everybody)


def named_units(content: Mapping[str, Any]) -> list[str]:
    """The units that an event names: ``unit_code``, ``units`` or ``assignments``."""
    one = [content["unit_code"]] if content.get("unit_code") else []
    many = [*content.get("units", ()), *content.get("assignments", ())]
    codes = [*one, *(each["unit_code"] if isinstance(each, Mapping) else each for each in many)]
    if not all(isinstance(code, str) for code in codes):
        raise TypeError("a unit's code is a text")
    return list(dict.fromkeys(codes))


def due_of(content: Mapping[str, Any]) -> datetime | None:
    """Until when something has to be done. Raises ValueError, also for an instant without zone."""
    if content.get("due_at") is None:
        return None
    due = datetime.fromisoformat(content["due_at"])
    if due.tzinfo is None:
        raise ValueError("an instant without zone")
    return due


# What an event's content may say more exactly, by the name under which it says it.
DETAILS: Mapping[str, Mapping[str, Wording]] = {
    "after": {State(code).value: title for code, title in STATE_TITLES.items()},
    "grade": {Grade(code).value: title for code, title in GRADE_TITLES.items()},
    "tier": {Tier(code).value: title for code, title in TIER_TITLES.items()},
    "clock": {ClockKind(code).value: title for code, title in CLOCK_TITLES.items()},
}


def detail_of(content: Mapping[str, Any]) -> dict[str, str]:
    """The codes of an event that its notice says in words; nothing else of it is kept."""
    return {
        name: content[name]
        for name, titles in DETAILS.items()
        if isinstance(content.get(name), str) and content[name] in titles
    }


def what(topic: str, kinds: Collection[To], detail: Mapping[str, str]) -> Wording:
    """What happened, in the words for recipients of these kinds."""
    told = (telling.what for telling in TOPICS.get(topic, ()) if telling.to in kinds)
    said = next(told, NEWS)
    more = [DETAILS[name][code] for name, code in detail.items()]
    zh = "：".join([said.zh, *(each.zh for each in more)])
    return Wording(zh, ": ".join([said.en, *(each.en for each in more)]))


TO_UNITS, TO_PEOPLE, TO_ROLES = (To.NAMED, To.UNITS), (To.PERSON,), (To.CENTRE,)


@dataclass(frozen=True)
class Parcel:
    """What an outside channel is given. There is no place in it for a person or their words."""

    event_id: int
    delivery_id: int
    topic: str
    number: str
    unit: Party
    what: Wording
    at: datetime
    due_at: datetime | None


MOST_ATTEMPTS = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
LEASE = timedelta(minutes=1)
"""For so long a delivery belongs to who took it; longer than every time-out of a channel."""


def wait_before_next(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts: doubled each time, and spread by ``chance`` (0–1).

    Half of the wait is fixed and half is drawn (equal jitter), so that what failed together does
    not come back together.
    """
    whole: timedelta = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return whole / 2 + whole / 2 * chance


class Unsent(Exception):
    """A delivery was not made. ``final``: trying again would not help before somebody acts."""

    def __init__(self, failing: Failing, *, final: bool) -> None:
        super().__init__(failing.value)
        self.failing = failing
        self.final = final


def is_over(attempts: int, failure: Unsent) -> bool:
    """Whether a delivery that failed goes to the dead list."""
    return failure.final or attempts >= MOST_ATTEMPTS
