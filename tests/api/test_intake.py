"""A report from the door to the three units."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from gis.database import Database
from gis.datum import Datum, from_wgs84
from tests.api.conftest import Filer, SetClock, a_report
from tests.api.district import CENTRE, NEAR_STREET_LINE, ON_STREET_LINE, OUTSIDE

TABLES = ("report", "case_file", "case_event", "assignment", "placement", "outbox_event")


def rows(database: Database) -> dict[str, int]:
    with database.transaction() as session:
        return {
            table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in (*TABLES, "submission")
        }


def placed(lonlat: tuple[float, float], accuracy_m: float = 5.0) -> dict[str, Any]:
    lon, lat = lonlat
    return {"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": accuracy_m}


def units(answer: Any) -> dict[str, str]:
    return {each["kind"]: each["unit_name"] for each in answer.json()["assignments"]}


def test_a_report_well_inside_goes_to_its_three_units_at_once(file: Filer) -> None:
    answer = file()
    assert answer.status_code == 201, answer.text
    assert answer.json()["case_number"] == "DD-2026-000001"
    assert answer.headers["location"] == "/v1/cases/DD-2026-000001"
    assert answer.json()["state_code"] == "dispatched"
    assert units(answer) == {
        "street": "东塔街道",
        "police": "新东派出所",
        "justice": "东塔司法所",
    }
    roles = {each["kind"]: each["role"] for each in answer.json()["assignments"]}
    assert roles == {"street": "lead", "police": "assist", "justice": "assist"}


def test_one_report_writes_report_case_assignments_history_outbox_and_key(
    file: Filer, district: Database
) -> None:
    file()
    assert rows(district) == {
        "report": 1,
        "case_file": 1,
        "case_event": 2,
        "assignment": 3,
        "placement": 0,
        "outbox_event": 1,
        "submission": 1,
    }


def test_the_stored_report_keeps_raw_place_method_cell_hexes_edition_and_evidence(
    file: Filer, district: Database
) -> None:
    file()
    with district.transaction() as session:
        (kept,) = session.execute(text("SELECT * FROM report")).mappings()
    assert kept["raw_place"]["lon"] == CENTRE[0]
    assert (kept["method"], kept["datum"], kept["radius_m"]) == ("coordinate", "wgs84", 10)
    assert kept["grid_code"] == "210104001001001"
    assert [len(kept[f"h3_{level}"]) for level in (8, 9, 10, 11)] == [15] * 4
    assert kept["edition_id"] == 1
    assert kept["route"]["layers"]["police"]["unit_name"] == "新东派出所"


def test_a_gcj02_coordinate_is_moved_before_it_is_placed(file: Filer) -> None:
    lon, lat = from_wgs84(*CENTRE, Datum.GCJ02)
    answer = file(a_report(place={"lon": lon, "lat": lat, "datum": "gcj02", "accuracy_m": 5}))
    assert units(answer)["police"] == "新东派出所"
    assert answer.json()["placement"]["lon"] == pytest.approx(CENTRE[0], abs=1e-8)
    assert answer.json()["placement"]["raw"]["datum"] == "gcj02"


def test_an_address_with_one_sure_match_is_placed_with_its_radius(file: Filer) -> None:
    answer = file(a_report(place={"address": "东塔街12号"}))
    assert units(answer)["street"] == "东塔街道"
    placement = answer.json()["placement"]
    assert (placement["method"], placement["radius_m"]) == ("address", 15.0)


def test_an_address_that_is_only_a_road_is_held_because_its_radius_crosses_a_line(
    file: Filer,
) -> None:
    answer = file(a_report(place={"address": "东塔街"}))
    assert answer.json()["placement"]["held"]
    assert answer.json()["assignments"] == []


def test_an_unknown_address_is_kept_and_held_for_a_person(file: Filer, client: TestClient) -> None:
    answer = file(a_report(place={"address": "不存在路999号"}))
    assert answer.status_code == 201
    assert answer.json()["placement"]["method"] == "none"
    (item,) = client.get("/v1/placements").json()["items"]
    assert item["address"] == "不存在路999号"
    assert [question["kind"] for question in item["open"]] == ["street", "police", "justice"]


@pytest.mark.parametrize("place", [NEAR_STREET_LINE, ON_STREET_LINE])
def test_a_street_in_doubt_is_held_while_the_certain_units_are_sent(
    file: Filer, client: TestClient, place: tuple[float, float]
) -> None:
    answer = file(a_report(place=placed(place)))
    assert set(units(answer)) == {"police", "justice"}
    assert answer.json()["state_code"] == "registered"
    (item,) = client.get("/v1/placements").json()["items"]
    (question,) = item["open"]
    names = {candidate["unit_name"] for candidate in question["candidates"]}
    assert (question["kind"], names) == ("street", {"东塔街道", "万泉街道"})


def test_a_point_outside_of_every_area_is_sent_to_nobody(file: Filer) -> None:
    answer = file(a_report(place=placed(OUTSIDE)))
    assert answer.json()["assignments"] == []
    layers = answer.json()["route"]["layers"]
    assert {layers[kind]["confidence"] for kind in ("street", "police", "justice")} == {"outside"}


def test_a_coarse_accuracy_reaches_a_line_that_a_fine_one_does_not(file: Filer) -> None:
    assert units(file(a_report(place=placed(CENTRE, 5)))) != {}
    answer = file(a_report(place=placed(CENTRE, 450)))
    assert set(units(answer)) == {"street", "police"}, "the justice line is 400 m away"


def test_the_same_key_and_body_are_answered_the_same_without_a_second_case(
    file: Filer, district: Database
) -> None:
    first, again = file(key="a-key-0001"), file(key="a-key-0001")
    assert again.json() == first.json()
    assert again.headers["idempotent-replay"] == "true"
    assert rows(district)["case_file"] == 1


def test_the_same_key_with_another_body_is_refused(file: Filer, district: Database) -> None:
    file(key="a-key-0001")
    answer = file(a_report(text="另一件事"), key="a-key-0001")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "Idempotency-Key"
    assert rows(district)["case_file"] == 1


def test_case_numbers_have_no_gaps_and_begin_anew_each_beijing_year(
    file: Filer, clock: SetClock
) -> None:
    numbers = [file().json()["case_number"]]
    file(a_report(category="nonsense"))
    numbers.append(file().json()["case_number"])
    clock.now = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # 00:30 on New Year's Day in Beijing
    numbers.append(file().json()["case_number"])
    assert numbers == ["DD-2026-000001", "DD-2026-000002", "DD-2027-000001"]


def test_reports_are_listed_latest_first_page_by_page(
    file: Filer, client: TestClient, clock: SetClock
) -> None:
    made = []
    for _ in range(5):
        made.append(file().json()["report_id"])
        clock.now += timedelta(seconds=1)
    seen: list[str] = []
    after = None
    while True:
        words = {"limit": 2} | ({"after": after} if after else {})
        page = client.get("/v1/reports", params=words).json()
        seen += [item["report_id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == made[::-1]


def test_reports_are_listed_within_a_frame(file: Filer, client: TestClient) -> None:
    file()
    lon, lat = CENTRE
    near = f"{lon - 0.001},{lat - 0.001},{lon + 0.001},{lat + 0.001}"
    far = f"{lon + 0.1},{lat},{lon + 0.2},{lat + 0.1}"
    assert len(client.get("/v1/reports", params={"bbox": near}).json()["items"]) == 1
    assert client.get("/v1/reports", params={"bbox": far}).json()["items"] == []


def test_a_case_shows_report_units_and_history(file: Filer, client: TestClient) -> None:
    number = file().json()["case_number"]
    found = client.get(f"/v1/cases/{number}").json()
    assert found["text"] == "工地拖欠工资"
    assert [each["unit_name"] for each in found["assignments"]] == [
        "东塔街道",
        "新东派出所",
        "东塔司法所",
    ]
    assert [line["happening"] for line in found["history"]] == ["graded", "assigned"]


def test_routing_stores_nothing(client: TestClient, district: Database) -> None:
    lon, lat = CENTRE
    before = rows(district)
    answer = client.get("/v1/route", params={"lon": lon, "lat": lat, "datum": "wgs84"})
    assert answer.json()["layers"]["police"]["unit_name"] == "新东派出所"
    assert not answer.json()["needs_person"]
    assert rows(district) == before


def test_an_address_is_geocoded_with_level_score_and_radius(client: TestClient) -> None:
    answer = client.get("/v1/geocode", params={"text": "东塔街12号"}).json()
    best = answer["candidates"][0]
    assert (best["level"], best["radius_m"], answer["decided"]) == ("door", 15.0, True)
