"""Near-duplicates over HTTP: within reach only, with reasons, and nothing personal."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.rights.roles import Role
from api.sealing import Keyring
from gis.crs import metres_per_degree
from gis.database import Database
from tests.api.conftest import Filer, SetClock, a_report
from tests.api.district import CENTRE
from tests.api.people import enter, show_session

WORDS = "楼上卫生间漏水两个月，天花板发霉，对方拒绝维修"
AT = "2026-11-20T09:30:00+08:00"
CANARY, PHONE = "金丝雀阿重", "13800007777"


@pytest.fixture(autouse=True)
def keys(tmp_path: Path) -> Keyring:
    return Keyring.create(tmp_path / "keys.json")


def place(east_m: float = 0.0) -> dict[str, Any]:
    lon, lat = CENTRE
    return {"lon": lon + east_m / metres_per_degree(lat)[0], "lat": lat, "datum": "wgs84"}


def leak(east_m: float = 0.0, **changes: Any) -> dict[str, Any]:
    told = {"category": "neighbour", "text": WORDS, "people_involved": 2, "occurred_at": AT}
    return a_report(**told | {"place": place(east_m)} | changes)


def search(client: TestClient, **changes: Any) -> Any:
    asked = {"category": "neighbour", "text": WORDS, "place": place(), "occurred_at": AT}
    return client.post("/v1/duplicates/search", json=asked | {"people_involved": 2} | changes)


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["case_number"] for each in answer.json()["items"]]


def test_the_same_matter_is_found_with_its_reasons_and_the_nearest_first(
    client: TestClient, file: Filer
) -> None:
    far, close = (file(leak(metres)).json()["case_number"] for metres in (120, 20))
    file(a_report(category="labour", text="工地拖欠工资三个月", place=place()))
    answer = search(client, text="天花板发霉了，楼上卫生间一直渗水，不肯修")
    assert numbers(answer)[0] == close
    assert set(numbers(answer)) <= {close, far}
    found = answer.json()["items"][0]
    assert found["likely"]
    assert found["distance_m"] == pytest.approx(20, abs=0.2)
    words = {each["dimension"]: each["words"]["zh"] for each in found["reasons"]}
    assert words["place"] == "相距 20 米"
    assert words["time"] == "相差 0 小时"
    assert words["category"] == "类别相同"


def test_metres_are_those_of_postgis_up_to_the_reach(client: TestClient, file: Filer) -> None:
    """Every place within 200 m is in the hexagons that are searched, whatever its direction."""
    made = {metres: file(leak(metres)).json()["case_number"] for metres in (-199, 199, 205)}
    found = set(numbers(search(client)))
    assert {made[-199], made[199]} <= found
    assert made[205] not in found


def test_what_is_out_of_reach_is_not_found_nor_counted(
    client: TestClient, file: Filer, district: Database, clock: SetClock
) -> None:
    number = file(leak()).json()["case_number"]
    assert numbers(search(client)) == [number]
    _, token = enter(district, Role.CLERK, now=clock(), area="210104999")
    show_session(client, token)
    assert search(client).json() == {"items": []}


def test_half_a_report_is_asked_about_without_error(client: TestClient, file: Filer) -> None:
    number = file(leak()).json()["case_number"]
    assert client.post("/v1/duplicates/search", json={}).json() == {"items": []}
    assert numbers(search(client, place=None)) == [number]
    assert numbers(search(client, category=None)) == [number]
    assert numbers(search(client, place={"address": "东塔街12号"})) == [number]
    assert numbers(search(client, place={"address": "无此路"})) == [number]
    assert search(client, text="漏").json() == {"items": []}


def test_a_report_without_a_place_is_found_by_its_words(client: TestClient, file: Filer) -> None:
    number = file(leak(place={"address": "无此路九号"})).json()["case_number"]
    assert numbers(search(client)) == [number]


def test_a_time_that_cannot_be_is_refused(client: TestClient) -> None:
    assert search(client, occurred_at="0001-01-01T00:00:00Z").status_code == 422


def test_the_same_party_is_found_by_the_keyed_index_and_never_told(
    client: TestClient, file: Filer, district: Database
) -> None:
    far = file(leak(3000, category="labour", text="拖欠工资")).json()["case_number"]
    party = {"side": "applicant", "role": "applicant", "name": CANARY, "phone": PHONE}
    assert client.post(f"/v1/cases/{far}/parties", json=party).status_code == 201
    assert numbers(search(client)) == []
    answer = search(client, parties=[{"name": CANARY, "phone": PHONE}])
    assert numbers(answer) == [far]
    reasons = answer.json()["items"][0]["reasons"]
    assert reasons[-1]["words"]["zh"] == "1 名当事人相同"
    assert CANARY not in answer.text
    assert PHONE not in answer.text
    with district.transaction() as session:
        told = session.scalar(text("SELECT content FROM audit_entry WHERE subject = 'duplicates'"))
        held = session.scalar(
            text("SELECT count(*) FROM audit_entry t WHERE strpos(t::text, :canary) > 0"),
            {"canary": CANARY},
        )
    assert told == {"by": ["name", "phone"]}
    assert held == 0


def test_an_answer_holds_no_words_of_the_report(client: TestClient, file: Filer) -> None:
    file(leak(title="楼上漏水"))
    answer = search(client)
    assert answer.json()["items"][0]["title"] == "楼上漏水"
    assert "天花板" not in answer.text


def test_old_cases_and_merged_ones_are_not_offered(
    client: TestClient, file: Filer, district: Database
) -> None:
    old = datetime.fromisoformat(AT) - timedelta(days=61)
    file(leak(occurred_at=old.isoformat()))
    number = file(leak()).json()["case_number"]
    with district.transaction() as session:
        session.execute(text("UPDATE case_file SET state = 'merged'"))
    assert numbers(search(client)) == []
    assert number
