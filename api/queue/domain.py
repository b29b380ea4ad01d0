"""Which open cases a queue shows. Pure."""

from enum import StrEnum

from api.cases.domain import BEFORE_DISPATCH, OPEN_STATES, State


class Part(StrEnum):
    """A part of the queue."""

    ALL = "all"
    UNDISPATCHED = "undispatched"
    LATE = "late"
    MINE = "mine"


def states_of(part: Part) -> tuple[State, ...]:
    """The states of the cases in a part."""
    return BEFORE_DISPATCH if part is Part.UNDISPATCHED else OPEN_STATES


MOST_COUNTED = 100
"""A longer part is not counted further: "more than 99" is what a person needs to know."""
