"""Taking steps over HTTP: what is offered, what is refused, what is left behind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from api.life.domain import WATCH
from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import Filer, SetClock
from tests.api.life.conftest import LEAD, People

pytestmark = pytest.mark.database

Step = Callable[..., Any]


@pytest.fixture
def handled(number: str, district: Database) -> str:
    """A case that its lead unit has signed for."""
    with district.transaction() as session:
        words = {"number": number}
        session.execute(
            text("UPDATE case_file SET state = 'handling' WHERE number = :number"), words
        )
    return number


def state(people: People, number: str) -> str:
    found: str = people(Role.DISPATCHER).get(f"/v1/cases/{number}/steps").json()["state_code"]
    return found


def test_what_is_offered_follows_state_and_role(people: People, handled: str) -> None:
    leader = people(Role.LEADER, unit=LEAD).get(f"/v1/cases/{handled}/steps").json()
    assert [each["action"] for each in leader["steps"]] == ["mediate", "suspend", "settle"]
    assert leader["steps"][1]["needs"] == ["reason"]
    clerk = people(Role.CLERK).get(f"/v1/cases/{handled}/steps").json()
    assert clerk["steps"] == []


def test_a_step_moves_the_case_and_stands_in_the_history_in_words(
    people: People, handled: str, step: Step
) -> None:
    answer = step(handled, "suspend", reason="等待鉴定").json()
    assert answer["state_code"] == "suspended"
    line = people(Role.DISPATCHER).get(f"/v1/cases/{handled}/timeline").json()["items"][-1]
    assert line["said"]["zh"] == "中止：办理中 → 已中止 等待鉴定"
    assert line["said"]["en"] == "Suspend: Being handled → Suspended 等待鉴定"
    assert line["actor"] == "某unit_leader"


def test_a_step_leaves_one_event_without_the_reason(
    handled: str, step: Step, district: Database
) -> None:
    step(handled, "suspend", reason="某某住院")
    with district.transaction() as session:
        query = "SELECT content FROM outbox_event WHERE topic = 'case.stepped'"
        (content,) = session.scalars(text(query))
    assert content == {
        "number": handled,
        "action": "suspend",
        "before": "handling",
        "after": "suspended",
    }


def test_a_step_from_the_wrong_state_is_a_conflict_that_says_the_state(
    handled: str, step: Step
) -> None:
    refused = step(handled, "visit", satisfaction=5)
    assert refused.status_code == 409
    assert "案件办理中" in refused.json()["detail"]


def test_a_step_of_another_role_is_refused_and_written_down(
    handled: str, step: Step, district: Database
) -> None:
    assert step(handled, "close", reason="完").status_code == 403
    with district.transaction() as session:
        query = "SELECT subject FROM audit_entry WHERE deed = 'denied' ORDER BY id DESC LIMIT 1"
        assert session.scalars(text(query)).one() == "step:close"


@pytest.mark.parametrize(
    ("action", "needs", "field"),
    [
        ("suspend", {}, "reason"),
        ("settle", {}, "resolution"),
        ("settle", {"resolution": "magic"}, "resolution"),
    ],
)
def test_what_a_step_lacks_is_named_by_field(
    handled: str, step: Step, action: str, needs: dict[str, Any], field: str
) -> None:
    refused = step(handled, action, **needs)
    assert refused.status_code == 422
    assert [fault["where"] for fault in refused.json()["errors"]] == [field]


@pytest.mark.parametrize("action", ["sign", "agree", "merge", "assess", "dispatch", "return"])
def test_a_step_that_brings_something_has_a_route_of_its_own(
    handled: str, step: Step, action: str
) -> None:
    refused = step(handled, action, reason="直接")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["where"] == "action"


def test_of_two_who_take_the_same_step_one_is_told_the_state(handled: str, step: Step) -> None:
    assert step(handled, "mediate").status_code == 200
    assert step(handled, "mediate").status_code == 409


def closed(step: Step, number: str) -> None:
    assert step(number, "settle", resolution="peoples_mediation").status_code == 200
    assert step(number, "visit", Role.CLERK, satisfaction=2).status_code == 200
    assert step(number, "close", Role.DISPATCHER, reason="已回访").status_code == 200


def test_a_case_is_reopened_inside_the_watch_window_and_open_again(
    handled: str, step: Step, clock: SetClock
) -> None:
    closed(step, handled)
    clock.now += WATCH
    answer = step(handled, "reopen", Role.CLERK, because="relapse", reason="又起争执")
    assert answer.json()["state_code"] == "returned"


def test_a_case_is_not_reopened_after_the_watch_window(
    handled: str, step: Step, clock: SetClock
) -> None:
    closed(step, handled)
    clock.now += WATCH + timedelta(seconds=1)
    refused = step(handled, "reopen", Role.CLERK, because="relapse", reason="又起争执")
    assert refused.status_code == 409
    assert "90" in refused.json()["detail"]


def test_what_expires_counts_from_the_end_and_not_from_archiving(
    handled: str, step: Step, clock: SetClock, district: Database
) -> None:
    closed(step, handled)
    ended = clock.now
    clock.now += timedelta(days=5)
    assert step(handled, "archive", Role.CLERK).status_code == 200
    with district.transaction() as session:
        query = text("SELECT closed_at FROM case_file WHERE number = :number")
        assert session.scalars(query, {"number": handled}).one() == ended


def test_a_merged_case_ends_and_both_keep_their_reports(
    people: People, handled: str, file: Filer
) -> None:
    people(Role.CLERK)
    other = file().json()["case_number"]
    centre = people(Role.DISPATCHER)
    body = {"into": handled, "reason": "同一起讨薪"}
    assert centre.post(f"/v1/cases/{other}/merge", json=body).status_code == 204
    assert state(people, other) == "merged"
    (link,) = centre.get(f"/v1/cases/{handled}/links").json()["items"]
    assert (link["number"], link["kind"], link["outgoing"]) == (other, "merged_into", False)
    for number in (handled, other):
        assert centre.get(f"/v1/cases/{number}").json()["text"]


def test_a_case_is_not_merged_into_itself_or_into_one_that_ended(
    people: People, handled: str, file: Filer
) -> None:
    people(Role.CLERK)
    other = file().json()["case_number"]
    centre = people(Role.DISPATCHER)
    same = centre.post(f"/v1/cases/{handled}/merge", json={"into": handled, "reason": "同案"})
    assert same.json()["errors"][0]["where"] == "other"
    body = {"into": handled, "reason": "同一起"}
    assert centre.post(f"/v1/cases/{other}/merge", json=body).status_code == 204
    back = centre.post(f"/v1/cases/{handled}/merge", json={"into": other, "reason": "反了"})
    assert back.status_code == 409
    assert state(people, handled) == "handling", "nothing half-done stays"


def test_linked_cases_show_each_other(people: People, handled: str, file: Filer) -> None:
    people(Role.CLERK)
    other = file().json()["case_number"]
    centre = people(Role.ASSESSOR)
    body = {"other": handled, "kind": "part_of", "reason": "同一工地"}
    assert centre.post(f"/v1/cases/{other}/links", json=body).status_code == 201
    assert centre.post(f"/v1/cases/{other}/links", json=body).status_code == 409
    for number, seen in ((handled, other), (other, handled)):
        (link,) = centre.get(f"/v1/cases/{number}/links").json()["items"]
        assert link["number"] == seen


def test_a_part_becomes_a_case_of_its_own_at_the_same_place(people: People, handled: str) -> None:
    centre = people(Role.DISPATCHER)
    parts = [
        {"category": "damages", "text": "两名工人工伤赔偿", "people_involved": 2},
        {"category": "contract", "text": "货款纠纷"},
    ]
    body = {"reason": "分别处理", "parts": parts}
    made = centre.post(f"/v1/cases/{handled}/parts", json=body).json()["case_numbers"]
    whole = centre.get(f"/v1/cases/{handled}").json()
    for number, part in zip(made, parts, strict=True):
        case = centre.get(f"/v1/cases/{number}").json()
        assert (case["category"], case["text"]) == (part["category"], part["text"])
        assert [each["unit_code"] for each in case["assignments"]] == [
            each["unit_code"] for each in whole["assignments"]
        ]
    links = centre.get(f"/v1/cases/{handled}/links").json()["items"]
    assert sorted(link["number"] for link in links) == sorted(made)
    assert state(people, handled) == "handling"


@pytest.mark.parametrize(
    ("part", "body"),
    [
        (f"assignments/{LEAD}/contact", {}),
        ("custody/hand-over", {"unit_code": LEAD, "how": "phone", "reason": "换人"}),
        ("measures", {"kind": "shuttle", "words": "分别沟通"}),
        ("tasks", {"kind": "ledger", "for_unit": LEAD, "words": "核对", "due_on": "2026-12-01"}),
        ("whistles/emergency", {}),
    ],
)
def test_a_case_that_is_over_is_worked_on_by_nobody_before_it_is_reopened(
    handled: str, people: People, district: Database, part: str, body: dict[str, Any]
) -> None:
    client = people(Role.DISPATCHER, Role.LEADER, unit=LEAD)
    with district.transaction() as session:
        session.execute(text("UPDATE case_file SET state = 'archived'"))
    refused = client.post(f"/v1/cases/{handled}/{part}", json=body)
    assert refused.status_code == 409, refused.text
    assert "已归档" in refused.json()["detail"]
    parts = client.get(f"/v1/cases/{handled}/assignments").json()["items"]
    assert [each["moves"] for each in parts] == [[], [], []]
