"""Changed rules and areas over cases of the past: what would have gone elsewhere."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.assignments.domain import Role as UnitRole
from api.replay.domain import Called, Outcome, shifts
from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import Filer, SetClock, a_report
from tests.api.life.conftest import LEAD, People
from tests.api.rules.test_rules import FALLBACK, HELPER, LABOUR, units

DAYS = {"since": "2026-11-01", "until": "2026-12-31"}


def outcome(lead: str) -> Outcome:
    return Outcome(frozenset({Called(lead, lead, UnitRole.LEAD)}), frozenset(), "street", "r")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc"))))
def test_what_units_gain_and_lose_adds_up_to_nothing(pairs: list[tuple[str, str]]) -> None:
    moved = shifts([(outcome(before), outcome(after)) for before, after in pairs])
    assert sum(each.after - each.before for each in moved) == 0
    assert all(each.after != each.before for each in moved)


def test_the_same_units_by_another_rule_are_no_change() -> None:
    one = outcome("a")
    assert not one.differs(one._replace(rule="another"))
    assert one.differs(one._replace(tier="district"))


@pytest.fixture
def people(client: TestClient, district: Database, clock: SetClock) -> People:
    return People(client, district, clock)


@pytest.fixture
def ask(people: People) -> Callable[..., Any]:
    def post(deed: str, **body: Any) -> Any:
        return people(Role.DISPATCHER).post(f"/v1/rules/{deed}", json=body)

    return post


def filed(people: People, file: Filer, **changes: Any) -> str:
    people(Role.CLERK)
    found: str = file(a_report(**changes)).json()["case_number"]
    return found


@pytest.mark.database
def test_a_replay_shows_which_cases_would_have_gone_elsewhere(
    people: People, file: Filer, ask: Callable[..., Any]
) -> None:
    labour, other = filed(people, file), filed(people, file, category="neighbour")
    answer = ask("replay", rules=[LABOUR, FALLBACK], **DAYS)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["looked_at"], found["changed"]) == (2, 1)
    (item,) = found["items"]
    assert item["case_number"] == labour != other
    assert item["before"]["units"][0] == {
        "unit_code": LEAD,
        "unit_name": "东塔街道",
        "role": "lead",
    }
    assert item["after"]["units"][0]["unit_code"] == HELPER
    assert item["after"]["tier"] == "district"
    moved = {each["unit_code"]: (each["before"], each["after"]) for each in found["shifts"]}
    assert moved == {LEAD: (2, 1), HELPER: (0, 1)}
    assert units(people, labour)[LEAD] == "lead", "nothing is changed"
    assert people(Role.DISPATCHER).get("/v1/rules").json()["versions"] == []


@pytest.mark.database
def test_what_holds_changes_nothing(people: People, file: Filer, ask: Callable[..., Any]) -> None:
    filed(people, file)
    found = ask("replay", **DAYS).json()
    assert (found["looked_at"], found["changed"], found["shifts"]) == (1, 0, [])


@pytest.mark.database
def test_a_preview_shows_one_case_before_and_after(
    people: People, file: Filer, ask: Callable[..., Any]
) -> None:
    number = filed(people, file)
    found = ask("preview", case_number=number, rules=[LABOUR, FALLBACK]).json()
    assert found["changed"]
    assert (found["before"]["rule"], found["after"]["rule"]) == (
        "属地办理 / By the place",
        "欠薪",
    )
    saved = people(Role.DISPATCHER).post(
        "/v1/rules", json={"rules": [LABOUR, FALLBACK], "reason": "试"}
    )
    version = saved.json()["versions"][0]["id"]
    assert ask("preview", case_number=number, version=version).json() == found


@pytest.mark.database
def test_rules_that_are_not_sound_are_not_tried(ask: Callable[..., Any]) -> None:
    wrong = {**LABOUR, "then": {"lead": "dept:none"}}
    answer = ask("replay", rules=[wrong, FALLBACK], **DAYS)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "rules.0.then.lead"


@pytest.mark.database
def test_a_day_without_areas_is_refused(
    people: People, file: Filer, ask: Callable[..., Any]
) -> None:
    filed(people, file)
    answer = ask("replay", areas_on="1990-01-01", **DAYS)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "areas_on"
    assert ask("replay", since="2026-12-01", until="2026-11-01").status_code == 422
    both = ask("replay", version=1, rules=[FALLBACK], **DAYS)
    assert both.status_code == 422
