"""Custody over HTTP, as the people of a case reach it."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import Filer, SetClock
from tests.api.life.conftest import LEAD, People

pytestmark = pytest.mark.database


@pytest.fixture
def people(client: TestClient, district: Database, clock: SetClock) -> People:
    return People(client, district, clock)


@pytest.fixture
def number(file: Filer, people: People) -> str:
    """A case that a clerk took in at the window."""
    people(Role.CLERK)
    found: str = file().json()["case_number"]
    return found


def ask(client: TestClient, number: str, deed: str, **body: Any) -> Any:
    return client.post(f"/v1/cases/{number}/custody/{deed}", json=body)


def test_a_case_passes_from_the_first_person_asked_to_a_unit_that_signs(
    people: People, number: str
) -> None:
    body = {"unit_code": LEAD, "how": "in_person", "reason": "属地受理"}
    answer = ask(people(Role.CLERK), number, "hand-over", **body)
    assert answer.status_code == 200, answer.text
    (link,) = answer.json()["items"]
    assert link["given_at"] is None
    assert link["offer"]["to_unit"] == LEAD
    answer = ask(people(Role.LEADER, unit=LEAD), number, "sign")
    assert answer.status_code == 200, answer.text
    first, second = answer.json()["items"]
    assert first["given_at"] == second["taken_at"]
    assert (second["unit_code"], second["given_at"]) == (LEAD, None)
    shown = people(Role.ASSESSOR).get(f"/v1/cases/{number}/custody").json()
    assert shown == answer.json()


def test_history_says_who_handed_what_to_whom_and_how(people: People, number: str) -> None:
    ask(people(Role.CLERK), number, "hand-over", unit_code=LEAD, reason="属地受理")
    ask(people(Role.DISPATCHER), number, "sign", how="phone", reason="王主任")
    items = people(Role.CLERK).get(f"/v1/cases/{number}/timeline").json()["items"]
    said = [each["said"]["zh"] for each in items if each["happening"].startswith("custody")]
    assert said == [
        "首问交接：某clerk 交 东塔街道，待签收（系统）属地受理",
        "首问责任由 某clerk 转至 东塔街道（电话）王主任",
    ]


def test_only_who_holds_a_case_or_the_centre_hands_it_over(people: People, number: str) -> None:
    body = {"unit_code": LEAD, "reason": "属地受理"}
    refused = ask(people(Role.GRID_WORKER), number, "hand-over", **body)
    assert refused.status_code == 409
    assert ask(people(Role.DISPATCHER), number, "hand-over", **body).status_code == 200


@pytest.mark.parametrize(
    "to",
    [
        {},
        {"unit_code": "nowhere"},
        {"person_id": "00000000-0000-0000-0000-000000000009"},
        {"unit_code": LEAD, "person_id": "00000000-0000-0000-0000-000000000009"},
    ],
)
def test_a_receiver_is_one_person_or_one_unit_that_exists(
    people: People, number: str, to: dict[str, str]
) -> None:
    answer = ask(people(Role.CLERK), number, "hand-over", reason="属地受理", **to)
    assert answer.status_code == 422


def test_nothing_can_be_signed_for_that_nobody_offered(people: People, number: str) -> None:
    assert ask(people(Role.LEADER, unit=LEAD), number, "sign").status_code == 409


def test_the_audit_names_the_receiver_by_key_only(people: People, number: str) -> None:
    ask(people(Role.CLERK), number, "hand-over", unit_code=LEAD, reason="属地受理")
    found = people(Role.AUDIT_ADMIN).get("/v1/audit", params={"deed": "custody_offered"}).json()
    (entry,) = found["items"]
    assert entry["content"] == {"to": LEAD, "how": "system"}
