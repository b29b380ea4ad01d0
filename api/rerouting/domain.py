"""Which units stay, go and come when a case is routed again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from api.assignments.domain import CALLED, Offer, Role
from api.cases.domain import IN_HAND, STATE_TITLES, State
from api.refusals import Conflict
from gis.wording import Wording

REROUTED_STATES = (State.DISPATCHED, *IN_HAND)
"""While units work on a case and nothing was agreed."""

DECIDERS = frozenset({"route", "rules"})
"""Who sent a unit without a person: only such units leave by themselves."""


class AtWork(NamedTuple):
    """A unit that has a part in the case, and who decided on it."""

    unit_code: str
    unit_name: str
    role: Role
    actor: str


@dataclass(frozen=True)
class Change:
    """What becomes of the units. ``kept`` were chosen by a person and stay."""

    before: tuple[AtWork, ...]
    after: tuple[Offer, ...]
    kept: tuple[AtWork, ...]
    leaving: tuple[AtWork, ...]

    @property
    def lead_changes(self) -> bool:
        """Whether another unit leads."""
        led = {each.unit_code for each in self.before if each.role is Role.LEAD}
        return led != {each.unit_code for each in self.after if each.role is Role.LEAD}

    @property
    def nothing(self) -> bool:
        """Whether the same units do the same."""
        before = {(each.unit_code, each.role) for each in self.before}
        return before == {(each.unit_code, each.role) for each in self.after}


def changed(before: Sequence[AtWork], wanted: Sequence[Offer]) -> Change:
    """What a new plan makes of the units at work; a lead whom a person chose goes on leading."""
    kept = tuple(each for each in before if each.actor not in DECIDERS)
    codes = {each.unit_code for each in wanted}
    leaving = tuple(each for each in before if each not in kept and each.unit_code not in codes)
    chosen = {each.unit_code: each for each in kept}
    led = any(each.role is Role.LEAD for each in kept)
    offers = [_beside(each, led=led) for each in wanted if each.unit_code not in chosen]
    stay = [_again(each) for each in kept]
    return Change(tuple(before), (*stay, *offers), kept, leaving)


def _beside(offer: Offer, *, led: bool) -> Offer:
    return replace(offer, role=Role.ASSIST) if led and offer.role is Role.LEAD else offer


def _again(each: AtWork) -> Offer:
    """A unit that stays as it is, so that it keeps its role."""
    by = Wording(each.actor, each.actor)
    return Offer(each.unit_code, each.unit_name, each.role, by, each.actor, CALLED)


def require_routable(state: State) -> None:
    """Refuse a case that units do not work on now. Raises Conflict."""
    if state not in REROUTED_STATES:
        now = STATE_TITLES[state]
        raise Conflict(
            Wording(
                f"案件{now.zh}，不能重新分派", f"the case is now: {now.en}; it is not routed again"
            )
        )
