"""The table of steps: every state × action pair, and that each state can still reach an end."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from api.cases.domain import ENDED_STATES, OPEN_STATES, Acting, ClockKind, State
from api.life.domain import (
    ACTION_TITLES,
    LIFE,
    NEED_TITLES,
    STEPS,
    WATCH,
    Action,
    Need,
    Step,
    possible,
    require_step,
    require_watched,
)
from api.refusals import BadInput, Conflict, Forbidden
from api.rights.roles import Role

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
EVERYTHING = {need.value: "something" for need in Need if need is not Need.REASON}
PAIRS = list(product(State, Action))

# The life as docs/decisions draws it, written a second time by hand: what may follow what.
DRAWN = {
    "registered": "assess>assessed dispatch>dispatched refuse>refused move>moved merge>merged",
    "assessed": "dispatch>dispatched refuse>refused move>moved merge>merged",
    "returned": "dispatch>dispatched refuse>refused move>moved merge>merged",
    "dispatched": "sign>handling return>returned move>moved merge>merged",
    "handling": "return>returned mediate>mediating suspend>suspended agree>agreed settle>settled"
    " move>moved merge>merged",
    "mediating": "return>returned suspend>suspended agree>agreed disagree>not_agreed"
    " settle>settled move>moved merge>merged",
    "suspended": "resume>handling move>moved merge>merged",
    "agreed": "apply>confirming perform>performing settle>settled merge>merged",
    "not_agreed": "mediate>mediating close>closed move>moved merge>merged",
    "confirming": "confirm>performing decline>agreed",
    "performing": "apply>confirming settle>settled merge>merged",
    "settled": "visit>visited",
    "visited": "close>closed reopen>returned",
    "closed": "reopen>returned archive>archived",
    "refused": "archive>archived",
    "moved": "archive>archived",
    "merged": "archive>archived",
    "archived": "reopen>returned",
}


def somebody(*roles: Role, reason: str = "因为") -> Acting:
    return Acting("某人", NOW, UUID(int=1), frozenset(roles), reason=reason)


def drawn() -> dict[tuple[State, Action], State]:
    return {
        (State(source), Action(action)): State(target)
        for source, steps in DRAWN.items()
        for action, _, target in (step.partition(">") for step in steps.split())
    }


def test_the_drawing_names_every_state() -> None:
    assert set(DRAWN) == set(State)


@pytest.mark.parametrize(("state", "action"), PAIRS, ids=lambda each: each.value)
def test_a_step_leads_where_the_drawing_says_and_is_refused_elsewhere(
    state: State, action: Action
) -> None:
    step, target = LIFE[action], drawn().get((state, action))
    if target is not None:
        require_step(step, state, somebody(*step.roles), EVERYTHING)
        assert step.target is target
    else:
        with pytest.raises(Conflict, match="刷新"):
            require_step(step, state, somebody(*step.roles), EVERYTHING)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.action.value)
def test_only_the_roles_of_a_step_take_it_and_the_house_itself(step: Step) -> None:
    state = step.sources[0]
    for role in Role:
        if role in step.roles:
            require_step(step, state, somebody(role), EVERYTHING)
        else:
            with pytest.raises(Forbidden):
                require_step(step, state, somebody(role), EVERYTHING)
    require_step(step, state, Acting("system", NOW, reason="自动"), EVERYTHING)


NEEDED = [(step.action, need) for step in STEPS for need in step.needs]


@pytest.mark.parametrize(("action", "need"), NEEDED, ids=lambda each: each.value)
def test_what_a_step_needs_is_asked_for_by_field(action: Action, need: Need) -> None:
    step = LIFE[action]
    given = {key: value for key, value in EVERYTHING.items() if key != need.value}
    reason = " " if need is Need.REASON else "因为"
    with pytest.raises(BadInput) as refused:
        require_step(step, step.sources[0], somebody(*step.roles, reason=reason), given)
    assert [fault.where for fault in refused.value.faults] == [need.value]


def test_reasons_are_mandatory_at_return_refusal_suspension_closing_and_reopening() -> None:
    for action in (Action.RETURN, Action.REFUSE, Action.SUSPEND, Action.CLOSE, Action.REOPEN):
        assert Need.REASON in LIFE[action].needs


@pytest.mark.parametrize("state", State)
def test_every_state_can_still_reach_the_end(state: State) -> None:
    reached, edge = {state}, [state]
    while edge:
        now = edge.pop()
        after = {step.target for step in STEPS if now in step.sources and step.target} - reached
        reached |= after
        edge += after
    assert State.ARCHIVED in reached


def test_every_action_is_in_the_table_once_and_has_a_title() -> None:
    assert [step.action for step in STEPS] == list(Action) == list(ACTION_TITLES)
    assert set(NEED_TITLES) == set(Need)


def test_ended_and_open_states_are_all_states() -> None:
    assert {*OPEN_STATES, *ENDED_STATES} == set(State)
    assert not {*OPEN_STATES} & {*ENDED_STATES}


def test_no_clock_runs_on_when_a_case_has_ended() -> None:
    for step in STEPS:
        if step.target in ENDED_STATES and step.action is not Action.ARCHIVE:
            assert set(step.stops) == set(ClockKind), step.action


def test_what_is_offered_is_what_would_be_accepted() -> None:
    for state, role in product(State, Role):
        offered = {step.action for step in possible(state, [role])}
        accepted = {
            step.action
            for step in STEPS
            if step.open and state in step.sources and role in step.roles
        }
        assert offered == accepted


def test_a_case_is_taken_up_again_only_inside_the_watch_window() -> None:
    require_watched(None, NOW)
    require_watched(NOW - WATCH, NOW)
    with pytest.raises(Conflict, match="90"):
        require_watched(NOW - WATCH - timedelta(seconds=1), NOW)
