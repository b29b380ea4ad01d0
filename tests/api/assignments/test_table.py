"""The life of an assignment: every stage × move, and who may."""

from datetime import UTC, datetime
from itertools import product
from uuid import UUID

import pytest

from api.assignments.domain import (
    ENDED_STAGES,
    OPEN_STAGES,
    PROGRESS,
    TURNS,
    Means,
    Move,
    OnBehalf,
    Role,
    Stage,
    Turn,
    offered_clocks,
    possible,
    require_one_lead,
    require_turn,
)
from api.cases.domain import UNIT_CLOCKS, Acting
from api.refusals import BadInput, Conflict, Forbidden
from api.rights.roles import Role as PersonRole

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
UNIT = "police:P-1"
BEHALF = OnBehalf(Means.PHONE, "值班民警")
PAIRS = list(product(Stage, Move))

# Drawn a second time by hand: what may follow what.
DRAWN = {
    "offered": "sign>signed return>returned transfer>transferred withdraw>withdrawn",
    "signed": "contact>contacted report-in>reported_in deliver>delivered return>returned"
    " transfer>transferred withdraw>withdrawn",
    "contacted": "report-in>reported_in deliver>delivered return>returned transfer>transferred"
    " withdraw>withdrawn",
    "reported_in": "report-in>reported_in deliver>delivered return>returned transfer>transferred"
    " withdraw>withdrawn",
    "delivered": "accept>accepted send-back>contacted offer>offered",
    "accepted": "offer>offered",
    "returned": "offer>offered",
    "transferred": "offer>offered",
    "withdrawn": "offer>offered",
    "stood_down": "offer>offered",
}
TARGETS = {
    (Stage(source), Move(move)): Stage(target)
    for source, moves in DRAWN.items()
    for move, _, target in (each.partition(">") for each in moves.split())
} | {(stage, Move.STAND_DOWN): Stage.STOOD_DOWN for stage in OPEN_STAGES}


def somebody(role: PersonRole, unit: str | None = None, words: str = "已办") -> Acting:
    return Acting("某人", NOW, UUID(int=1), frozenset({role}), unit, words)


HOUSE = Acting("system", NOW, reason="自动")


@pytest.mark.parametrize(("stage", "move"), PAIRS, ids=lambda each: each.value)
def test_a_move_leads_where_the_drawing_says_and_is_refused_elsewhere(
    stage: Stage, move: Move
) -> None:
    turn, target = PROGRESS[move], TARGETS.get((stage, move))
    if target is not None:
        require_turn(turn, stage, UNIT, HOUSE, None)
        assert turn.target is target
    else:
        with pytest.raises(Conflict, match="刷新"):
            require_turn(turn, stage, UNIT, HOUSE, None)


@pytest.mark.parametrize("line", TURNS, ids=lambda line: line.move.value)
def test_a_unit_moves_its_own_and_the_centre_in_its_name_or_its_own(line: Turn) -> None:
    stage = line.sources[0]
    own = [somebody(role, UNIT) for role in (PersonRole.HANDLER, PersonRole.LEADER)]
    other = somebody(PersonRole.HANDLER, "police:P-2")
    centre = somebody(PersonRole.DISPATCHER)
    for acting in own:
        if line.unit:
            require_turn(line, stage, UNIT, acting, None)
        else:
            with pytest.raises(Forbidden):
                require_turn(line, stage, UNIT, acting, None)
    with pytest.raises(Forbidden, match="本单位"):
        require_turn(line, stage, UNIT, other, None)
    require_turn(line, stage, UNIT, centre, BEHALF)
    if line.unit:
        with pytest.raises(BadInput, match="on_behalf"):
            require_turn(line, stage, UNIT, centre, None)


@pytest.mark.parametrize("move", [Move.DELIVER, Move.RETURN, Move.SEND_BACK, Move.TRANSFER])
def test_a_result_and_a_return_are_told_in_words(move: Move) -> None:
    turn = PROGRESS[move]
    with pytest.raises(BadInput, match="words"):
        require_turn(turn, turn.sources[0], UNIT, Acting("system", NOW, reason=" "), None)


def test_who_is_only_informed_has_no_clock_and_a_whistle_adds_the_report_in() -> None:
    assert offered_clocks(Role.INFORM, whistled=True) == ()
    assert [clock.value for clock in offered_clocks(Role.ASSIST)] == ["sign", "feedback"]
    assert len(offered_clocks(Role.LEAD, whistled=True)) == 3


def test_no_clock_of_a_unit_runs_on_when_its_part_has_ended() -> None:
    for turn in TURNS:
        if turn.target in ENDED_STAGES and turn.move is not Move.ACCEPT:
            assert set(turn.stops) == set(UNIT_CLOCKS), turn.move
    assert set(PROGRESS[Move.DELIVER].stops) == set(UNIT_CLOCKS), "before it can be accepted"


def test_what_is_offered_would_be_accepted() -> None:
    for stage, role in product(Stage, PersonRole):
        acting = somebody(role, UNIT)
        for turn in possible(stage, UNIT, acting):
            require_turn(turn, stage, UNIT, acting, BEHALF)


@pytest.mark.parametrize("roles", [[], [Role.ASSIST], [Role.LEAD, Role.LEAD]])
def test_exactly_one_unit_leads(roles: list[Role]) -> None:
    with pytest.raises(BadInput, match="units"):
        require_one_lead(roles)
