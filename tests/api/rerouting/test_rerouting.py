"""A corrected place or category: who leaves, who comes, whom a person chose stays."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import Filer, SetClock
from tests.api.district import CENTRE, NEAR_STREET_LINE
from tests.api.life.conftest import LEAD, People
from tests.api.rules.test_rules import (  # noqa: F401 - a fixture
    FALLBACK,
    HELPER,
    LABOUR,
    put_in_force,
    second,
    units,
)

pytestmark = pytest.mark.database

OTHER = "street:210104002000"
EAST = {"lon": CENTRE[0] + 0.0121, "lat": CENTRE[1], "datum": "wgs84", "accuracy_m": 5}
"""In the middle of the eastern street."""


@pytest.fixture
def people(client: TestClient, district: Database, clock: SetClock) -> People:
    return People(client, district, clock)


@pytest.fixture
def number(file: Filer, people: People) -> str:
    people(Role.CLERK)
    found: str = file().json()["case_number"]
    return found


@pytest.fixture
def reroute(people: People, number: str) -> Callable[..., Any]:
    def ask(**body: Any) -> Any:
        words = {"reason": "更正"} | body
        return people(Role.DISPATCHER).post(f"/v1/cases/{number}/reroute", json=words)

    return ask


def open_units(people: People, number: str) -> dict[str, str]:
    items = people(Role.DISPATCHER).get(f"/v1/cases/{number}/assignments").json()["items"]
    return {each["unit_code"]: each["role"] for each in items if each["stage"] != "withdrawn"}


def state(people: People, number: str) -> str:
    found: str = people(Role.DISPATCHER).get(f"/v1/cases/{number}").json()["state_code"]
    return found


def sign(people: People, number: str, unit: str) -> None:
    client = people(Role.LEADER, unit=unit)
    answer = client.post(f"/v1/cases/{number}/assignments/{unit}/sign", json={})
    assert answer.status_code < 300, answer.text


def holder(people: People, number: str) -> str:
    chain = people(Role.DISPATCHER).get(f"/v1/cases/{number}/custody").json()["items"]
    found: str = chain[-1]["unit_code"]
    return found


def test_another_place_sends_it_to_the_street_that_answers_there(
    people: People, number: str, reroute: Callable[..., Any]
) -> None:
    answer = reroute(place=EAST)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["changed"]
    assert LEAD in found["leaving"]
    now = open_units(people, number)
    assert (now[OTHER], LEAD in now) == ("lead", False)
    told = people(Role.DISPATCHER).get(f"/v1/cases/{number}/timeline").json()["items"]
    (line,) = (each for each in told if each["happening"] == "rerouted")
    assert "东塔街道" in line["said"]["zh"]
    assert state(people, number) == "dispatched"


def test_a_preview_changes_nothing(
    people: People, number: str, reroute: Callable[..., Any]
) -> None:
    before = open_units(people, number)
    assert reroute(place=EAST, preview=True).json()["changed"]
    assert open_units(people, number) == before


def test_under_another_lead_it_waits_for_a_signature_and_custody_follows_it(
    people: People, number: str, reroute: Callable[..., Any]
) -> None:
    sign(people, number, LEAD)
    assert (state(people, number), holder(people, number)) == ("handling", LEAD)
    reroute(place=EAST)
    assert (state(people, number), holder(people, number)) == ("dispatched", LEAD)
    sign(people, number, OTHER)
    assert (state(people, number), holder(people, number)) == ("handling", OTHER)


def test_whom_a_person_chose_stays(
    people: People, number: str, reroute: Callable[..., Any]
) -> None:
    whistle = {
        "type": "work",
        "ground": "one_unit_cannot",
        "words": "请到场",
        "units": [{"unit_code": "police:P-2", "role": "lead"}],
    }
    blown = people(Role.DISPATCHER).post(f"/v1/cases/{number}/whistles", json=whistle)
    assert blown.status_code == 201, blown.text
    role = open_units(people, number)["police:P-2"]
    found = reroute(place=EAST).json()
    assert "police:P-2" in found["kept"]
    assert open_units(people, number)["police:P-2"] == role


def test_another_category_brings_the_units_of_its_rule(
    people: People,
    second: Any,  # noqa: F811
    number: str,
    reroute: Callable[..., Any],
) -> None:
    noise = {**LABOUR, "when": {"categories": ["neighbour"]}}
    put_in_force(people, second, noise, FALLBACK)
    found = reroute(category="neighbour", subcategory="neighbour.noise").json()
    assert found["leaving"] == []
    assert open_units(people, number)[HELPER] == "lead"
    case = people(Role.DISPATCHER).get(f"/v1/cases/{number}").json()
    assert (case["category"], case["subcategory"]) == ("neighbour", "neighbour.noise")
    assert case["ruling"]["rule"] == "arrears"


def test_what_would_be_in_doubt_is_refused(
    people: People, number: str, reroute: Callable[..., Any]
) -> None:
    lon, lat = NEAR_STREET_LINE
    before = open_units(people, number)
    answer = reroute(place={"lon": lon, "lat": lat, "datum": "wgs84"})
    assert answer.status_code == 409
    assert open_units(people, number) == before


def test_a_case_that_nobody_works_on_is_not_routed_again(
    people: People, number: str, reroute: Callable[..., Any]
) -> None:
    body = {"action": "move", "destination": "court", "reason": "已起诉"}
    people(Role.DISPATCHER).post(f"/v1/cases/{number}/steps", json=body)
    assert reroute(category="property").status_code == 409


@pytest.mark.parametrize(
    "body",
    [{}, {"category": "neighbour", "subcategory": "labour.arrears"}, {"place": {"lon": 1}}],
)
def test_a_correction_says_what_it_corrects(
    reroute: Callable[..., Any], body: dict[str, Any]
) -> None:
    assert reroute(**body).status_code == 422
