"""A case's number and states. Pure: no clock, no database."""

import re
from collections.abc import Collection
from enum import StrEnum

from api.refusals import BadInput, Fault
from api.rights.roles import Role
from gis.wording import Wording


class State(StrEnum):
    """Where in its life a case is."""

    REGISTERED = "registered"
    DISPATCHED = "dispatched"


STATE_TITLES = {
    State.REGISTERED: Wording("已登记，待确认管辖", "Registered, jurisdiction to be confirmed"),
    State.DISPATCHED: Wording("已分派", "Dispatched"),
}


# Somebody still works on them: an area change moves them to other hands.
OPEN_STATES = (State.REGISTERED, State.DISPATCHED)


class Happening(StrEnum):
    """What a line of a case's history tells."""

    ASSIGNED = "assigned"
    HELD = "held"
    PLACE_CORRECTED = "place_corrected"
    CONFIRMED = "confirmed"


MEMBER_ROLES = frozenset({Role.MEDIATOR, Role.COUNSELLOR})
"""Who sees only the cases they were put on; everybody else sees by area or by unit."""


def require_member_role(roles: Collection[Role]) -> None:
    """Refuse to put on a case whoever does not work by case. Raises BadInput."""
    if not MEMBER_ROLES & set(roles):
        what = Wording("不是调解员或心理咨询师", "is neither a mediator nor a counsellor")
        mend = Wording("选择调解员或心理咨询师", "choose a mediator or a counsellor")
        raise BadInput(Fault("person_id", what, mend))


NUMBER = re.compile(r"[A-Z]{2,4}-\d{4}-\d{6}")

LARGEST_SERIAL = 999_999


def case_number(prefix: str, year: int, serial: int) -> str:
    """一案一码: ``DD-2026-000123``. Raises ValueError beyond six digits."""
    if not 0 < serial <= LARGEST_SERIAL:
        raise ValueError(f"serial {serial} of {year} has no six-digit case number")
    return f"{prefix}-{year}-{serial:06d}"
