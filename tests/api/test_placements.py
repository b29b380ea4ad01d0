"""What is in doubt waits for a person, and the person's reason is kept."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import Filer, a_report
from tests.api.district import CENTRE, NEAR_STREET_LINE
from tests.api.people import TESTER

CONFIRM = {"reason": "现场核实，在路西侧"}


@pytest.fixture
def held(file: Filer, client: TestClient) -> Any:
    """The one case in the queue: its street is in doubt."""
    lon, lat = NEAR_STREET_LINE
    file(a_report(place={"lon": lon, "lat": lat, "datum": "wgs84"}))
    (item,) = client.get("/v1/placements").json()["items"]
    return item


def confirm(client: TestClient, item: Any, unit: str, **changes: Any) -> Any:
    body = {"choices": [{"kind": "street", "unit_code": unit}]} | CONFIRM | changes
    return client.post(f"/v1/placements/{item['id']}/confirm", json=body)


def test_a_confirmed_unit_is_sent_and_the_case_is_dispatched(client: TestClient, held: Any) -> None:
    unit = held["open"][0]["candidates"][0]["unit_code"]
    assert confirm(client, held, unit).status_code == 204
    case = client.get(f"/v1/cases/{held['case_number']}").json()
    assert case["state_code"] == "dispatched"
    (street,) = (each for each in case["assignments"] if each["kind"] == "street")
    assert street["unit_code"] == unit
    assert street["actor"] == TESTER
    assert street["reason"]["zh"] == CONFIRM["reason"]
    assert client.get("/v1/placements").json()["items"] == []


def test_the_reason_of_a_confirmation_stands_in_the_history(client: TestClient, held: Any) -> None:
    confirm(client, held, "street:210104002000")
    history = client.get(f"/v1/cases/{held['case_number']}").json()["history"]
    told = ["graded", "assigned", "held", "confirmed", "stepped"]
    assert [line["happening"] for line in history] == told
    assert history[3]["actor"] == TESTER
    assert history[3]["content"]["reason"] == CONFIRM["reason"]


def test_the_queue_counts_all_and_shows_as_many_as_asked(client: TestClient, file: Filer) -> None:
    lon, lat = NEAR_STREET_LINE
    doubtful = a_report(place={"lon": lon, "lat": lat, "datum": "wgs84"})
    numbers = [file(doubtful).json()["case_number"] for _ in range(3)]
    first = client.get("/v1/placements?limit=1").json()
    assert ([each["case_number"] for each in first["items"]], first["total"]) == (numbers[:1], 3)
    last = client.get(f"/v1/placements?case={numbers[2]}").json()
    assert ([each["case_number"] for each in last["items"]], last["total"]) == (numbers[2:], 3)


def test_a_case_is_confirmed_once(client: TestClient, held: Any) -> None:
    assert confirm(client, held, "street:210104002000").status_code == 204
    again = confirm(client, held, "street:210104001000")
    assert again.status_code == 409
    assert TESTER in again.json()["detail"]


def test_a_unit_that_does_not_exist_cannot_be_chosen(client: TestClient, held: Any) -> None:
    answer = confirm(client, held, "street:999")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "choices.street"
    assert len(client.get("/v1/placements").json()["items"]) == 1


def test_a_choice_for_a_kind_that_is_settled_is_refused_not_swallowed(
    client: TestClient, held: Any
) -> None:
    choices = [
        {"kind": "street", "unit_code": "street:210104001000"},
        {"kind": "police", "unit_code": "police:P-2"},
    ]
    answer = confirm(client, held, "", choices=choices)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "choices.police"


def test_a_confirmation_without_reason_is_refused(client: TestClient, held: Any) -> None:
    answer = confirm(client, held, "street:210104001000", reason="  ")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "reason"


def test_an_unknown_placement_is_missing(client: TestClient) -> None:
    assert confirm(client, {"id": 4711}, "street:210104001000").status_code == 404


def test_a_person_who_knows_the_place_sets_it_and_the_units_follow(
    client: TestClient, file: Filer
) -> None:
    number = file(a_report(place={"address": "不存在路999号"})).json()["case_number"]
    (item,) = client.get("/v1/placements").json()["items"]
    lon, lat = CENTRE
    body = {"lon": lon, "lat": lat, "datum": "wgs84", "reason": "电话核实"}
    answer = client.post(f"/v1/placements/{item['id']}/place", json=body)
    assert answer.status_code == 204, answer.text
    case = client.get(f"/v1/cases/{number}").json()
    assert case["state_code"] == "dispatched"
    assert {each["kind"] for each in case["assignments"]} == {"street", "police", "justice"}
    assert case["placement"]["method"] == "person"
    assert case["placement"]["raw"]["address"] == "不存在路999号", "as it was given"


def test_a_corrected_place_on_a_line_stays_in_the_queue_with_what_is_open(
    client: TestClient, file: Filer
) -> None:
    file(a_report(place={"address": "不存在路999号"}))
    (item,) = client.get("/v1/placements").json()["items"]
    lon, lat = NEAR_STREET_LINE
    body = {"lon": lon, "lat": lat, "datum": "wgs84", "reason": "电话核实"}
    client.post(f"/v1/placements/{item['id']}/place", json=body)
    (left,) = client.get("/v1/placements").json()["items"]
    assert [question["kind"] for question in left["open"]] == ["street"]
    assert confirm(client, left, "street:210104001000").status_code == 204


def test_nothing_is_sent_twice_when_a_place_is_corrected(client: TestClient, held: Any) -> None:
    lon, lat = CENTRE
    body = {"lon": lon, "lat": lat, "datum": "wgs84", "reason": "现场"}
    assert client.post(f"/v1/placements/{held['id']}/place", json=body).status_code == 204
    case = client.get(f"/v1/cases/{held['case_number']}").json()
    assert sorted(each["kind"] for each in case["assignments"]) == ["justice", "police", "street"]
