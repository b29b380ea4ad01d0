"""What a receipt tells: the step, the unit and the time left, and nothing else. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from api.cases.domain import ClockKind
from gis.wording import Wording

TOLD_CLOCKS: Sequence[ClockKind] = (
    ClockKind.CONFIRMATION,
    ClockKind.MEDIATION,
    ClockKind.FEEDBACK,
    ClockKind.VISIT,
    ClockKind.PETITION_FINISH,
    ClockKind.CONTACT,
    ClockKind.PETITION_ACCEPT,
    ClockKind.ACCEPT,
)
"""The clocks that are a promise to a party, the most telling first. Whether a unit has signed or
reported in is between the units."""

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Standing(NamedTuple):
    """How a case stands, as its parties may know it. ``due_at``: None while nothing is promised."""

    step: Wording
    units: Sequence[str]
    until: Wording | None
    due_at: datetime | None
    now: datetime


def promised(due: Mapping[ClockKind, datetime]) -> ClockKind | None:
    """Which of the running clocks a party is told of."""
    return next((kind for kind in TOLD_CLOCKS if kind in due), None)


def time_left(due_at: datetime, now: datetime) -> Wording:
    """The time left in words, in the two largest units; what is late is told as late."""
    late = now > due_at
    span = _span(now - due_at if late else due_at - now)
    if late:
        return Wording(f"已超过 {span.zh}", f"late by {span.en}")
    return Wording(f"还剩 {span.zh}", f"{span.en} left")


def _span(span: timedelta) -> Wording:
    days, rest = divmod(span, DAY)
    hours, rest = divmod(rest, HOUR)
    if days:
        return Wording(f"{days} 天 {hours} 小时", f"{days} d {hours} h")
    minutes = rest // MINUTE
    return Wording(f"{hours} 小时 {minutes} 分钟", f"{hours} h {minutes} min")
