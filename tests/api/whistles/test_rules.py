"""What may be whistled for and whom it calls, how far a whistle has come, and its rate. Pure."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from api.assignments.domain import Role
from api.cases.domain import ENDED_STATES, State, Tier
from api.refusals import BadInput, Conflict
from api.whistles.domain import (
    WHISTLED_STATES,
    Called,
    Ground,
    Muster,
    WhistleKind,
    emergency_roll,
    highest,
    is_late,
    muster,
    next_tier,
    per_hundred,
    require_whistle,
)

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ONE = (Called("police:P-1", Role.LEAD),)


@pytest.mark.parametrize(("kind", "ground"), [*product(WhistleKind, Ground)])
def test_an_emergency_is_an_emergency_whistle_and_nothing_else_is(
    kind: WhistleKind, ground: Ground
) -> None:
    if (kind is WhistleKind.EMERGENCY) is (ground is Ground.EMERGENCY):
        require_whistle(State.HANDLING, kind, ground, ONE, 1)
    else:
        with pytest.raises(BadInput, match="ground"):
            require_whistle(State.HANDLING, kind, ground, ONE, 1)


@pytest.mark.parametrize("state", State)
def test_no_whistle_is_blown_for_a_case_on_which_nobody_works(state: State) -> None:
    if state in WHISTLED_STATES:
        require_whistle(state, WhistleKind.WORK, Ground.JOINT_ENFORCEMENT, ONE, 0)
    else:
        assert state in {*ENDED_STATES, State.SETTLED, State.VISITED}
        with pytest.raises(Conflict):
            require_whistle(state, WhistleKind.WORK, Ground.JOINT_ENFORCEMENT, ONE, 0)


@pytest.mark.parametrize(
    ("called", "ground", "where"),
    [
        ((), Ground.ONE_UNIT_CANNOT, "units"),
        ((Called("a", Role.ASSIST),), Ground.ONE_UNIT_CANNOT, "units"),
        ((Called("a", Role.LEAD), Called("b", Role.LEAD)), Ground.ONE_UNIT_CANNOT, "units"),
        ((Called("a", Role.LEAD), Called("a", Role.ASSIST)), Ground.ONE_UNIT_CANNOT, "units"),
        (ONE, Ground.CONSULTATION, "experts"),
    ],
    ids=["nobody", "no lead", "two leads", "one twice", "no expert"],
)
def test_a_whistle_calls_each_unit_once_and_one_of_them_leads(
    called: tuple[Called, ...], ground: Ground, where: str
) -> None:
    with pytest.raises(BadInput) as refused:
        require_whistle(State.HANDLING, WhistleKind.WORK, ground, called, 0)
    assert [fault.where for fault in refused.value.faults] == [where]


def test_a_joint_consultation_needs_experts_and_perhaps_no_unit() -> None:
    require_whistle(State.MEDIATING, WhistleKind.HARD, Ground.CONSULTATION, (), 2)


def test_an_emergency_calls_the_units_of_the_place_and_those_on_standby_each_once() -> None:
    sent = {"street:1": Role.LEAD, "police:1": Role.ASSIST, "justice:1": Role.ASSIST}
    assert emergency_roll(sent, sent, ["dept:fire", "police:1"]) == [
        Called("street:1", Role.LEAD),
        Called("police:1", Role.ASSIST),
        Called("justice:1", Role.ASSIST),
        Called("dept:fire", Role.ASSIST),
    ]
    assert emergency_roll({}, (), ["dept:fire"]) == [Called("dept:fire", Role.LEAD)]
    assert emergency_roll({}, (), ()) == []


def test_a_whistle_has_gathered_when_all_who_must_come_have_come() -> None:
    assert muster(None, [NOW, None]) is Muster.BLOWN
    assert muster(None, [NOW, NOW]) is Muster.GATHERED
    assert muster(None, []) is Muster.BLOWN
    assert muster(Muster.STOOD_DOWN, [NOW]) is Muster.STOOD_DOWN


def test_late_is_who_came_after_the_time_or_has_not_come_by_then() -> None:
    due, later = NOW, NOW + timedelta(seconds=1)
    assert not is_late(due, due, later)
    assert is_late(due, later, later)
    assert is_late(due, None, later)
    assert not is_late(due, None, due)
    assert not is_late(None, None, later)


def test_a_whistle_climbs_one_tier_at_a_time_and_not_beyond_the_district() -> None:
    assert next_tier(Tier.COMMUNITY) is Tier.STREET
    assert next_tier(Tier.STREET) is Tier.DISTRICT
    with pytest.raises(Conflict):
        next_tier(Tier.DISTRICT)
    assert highest([Tier.STREET, Tier.COMMUNITY, Tier.DISTRICT]) is Tier.DISTRICT


def test_a_rate_is_whistles_per_hundred_cases() -> None:
    assert per_hundred(3, 120) == 2.5
    assert per_hundred(0, 7) == 0.0
    assert per_hundred(1, 0) is None
