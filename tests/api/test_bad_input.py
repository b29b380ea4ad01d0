"""Whatever comes in: a clear refusal, nothing half-stored, never a 5xx."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from gis.database import Database
from tests.api.conftest import Filer, a_report
from tests.api.district import CENTRE
from tests.api.test_intake import rows

LON, LAT = CENTRE


def placed(**changes: Any) -> dict[str, Any]:
    place = {"lon": LON, "lat": LAT, "datum": "wgs84"} | changes
    return a_report(place={name: value for name, value in place.items() if value is not None})


REFUSED = {
    "swapped axes": (placed(lon=LAT, lat=LON), "lon"),
    "null island": (placed(lon=0.0, lat=0.0), "lon"),
    "longitude beyond China": (placed(lon=-74.0), "lon"),
    "latitude of a pole": (placed(lat=90.0), "lat"),
    "no datum": (placed(datum=None), "place"),
    "unknown datum": (placed(datum="unknown"), "place.datum"),
    "longitude as text": (placed(lon="123.4"), "place.lon"),
    "longitude as truth": (placed(lon=True), "place.lon"),
    "negative accuracy": (placed(accuracy_m=-1.0), "place.accuracy_m"),
    "no latitude": (placed(lat=None), "place"),
    "address and coordinate": (placed(address="东塔街12号"), "place"),
    "no place": (a_report(place={}), "place"),
    "place as list": (a_report(place=[LON, LAT]), "place"),
    "empty address": (a_report(place={"address": "  "}), "place.address"),
    "unknown category": (a_report(category="wages"), "category"),
    "unknown kind": (a_report(kind="rumour"), "kind"),
    "unknown source": (a_report(source="street"), "source"),
    "future": (a_report(occurred_at="2031-01-01T00:00:00+08:00"), "occurred_at"),
    "ancient": (a_report(occurred_at="1911-10-10T00:00:00+08:00"), "occurred_at"),
    "no zone": (a_report(occurred_at="2026-11-20T09:30:00"), "occurred_at"),
    "no time": (a_report(occurred_at="yesterday"), "occurred_at"),
    "time as number": (a_report(occurred_at=True), "occurred_at"),
    "empty text": (a_report(text=" \n "), "text"),
    "text with NUL": (a_report(text="工资\x00"), "text"),
    "address with NUL": (a_report(place={"address": "东塔街\x0012号"}), "place.address"),
    "endless text": (a_report(text="长" * 10_001), "text"),
    "nobody involved": (a_report(people_involved=0), "people_involved"),
    "half a person": (a_report(people_involved=1.5), "people_involved"),
    "a million involved": (a_report(people_involved=1_000_000), "people_involved"),
    "unknown field": (a_report(id_number="210104"), "id_number"),
    "synthetic as text": (a_report(synthetic="yes"), "synthetic"),
}


@pytest.mark.parametrize(("body", "where"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_at_its_field_in_both_languages_and_nothing_is_stored(
    file: Filer, district: Database, body: dict[str, Any], where: str
) -> None:
    answer = file(body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert where in {fault["where"] for fault in problem["errors"]}
    for fault in problem["errors"]:
        assert all(fault[part][language] for part in ("what", "mend") for language in ("zh", "en"))
    assert set(rows(district).values()) == {0}


def test_swapped_axes_are_told_as_such_with_the_right_way_round(file: Filer) -> None:
    fault = file(placed(lon=LAT, lat=LON)).json()["errors"][0]
    assert "对调" in fault["what"]["zh"]
    assert "swapped" in fault["what"]["en"]
    assert f"lon={LON}" in fault["mend"]["en"]


RAW = {
    "NaN": '"lon": NaN',
    "Infinity": '"lon": Infinity',
    "a number beyond doubles": '"lon": 1e400',
    "a lone surrogate": '"address": "\\ud800"',
}


@pytest.mark.parametrize("part", RAW.values(), ids=RAW.keys())
def test_json_that_python_reads_but_nobody_can_keep_is_refused(
    client: TestClient, district: Database, part: str
) -> None:
    body = json.dumps(a_report(place={"lon": 1})).replace('"lon": 1', part)
    headers = {"Idempotency-Key": "raw-key-01", "Content-Type": "application/json"}
    answer = client.post("/v1/reports", content=body, headers=headers)
    assert answer.status_code == 422, answer.text
    assert set(rows(district).values()) == {0}


BODIES = {
    "no JSON": b"{",
    "no UTF-8": '{"text": "工资"}'.encode("gb18030"),
    "nothing": b"",
    "a list": b"[]",
    "a hundred thousand brackets": b"[" * 100_000,
    "a number of a hundred thousand digits": b'{"people_involved": ' + b"9" * 100_000 + b"}",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_body_that_is_no_report_is_a_problem_and_not_a_crash(
    client: TestClient, body: bytes
) -> None:
    headers = {"Idempotency-Key": "raw-key-01", "Content-Type": "application/json"}
    answer = client.post("/v1/reports", content=body, headers=headers)
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("key", [None, "short", "x" * 129, "with space", "key-\x80\x81\x82\x83"])
def test_a_report_without_a_proper_key_is_refused(client: TestClient, key: str | None) -> None:
    headers = {"Idempotency-Key": key.encode("latin-1")} if key is not None else {}
    answer = client.post("/v1/reports", json=a_report(), headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "Idempotency-Key"


QUERIES = {
    "/v1/route?lon=nan&lat=41.8&datum=wgs84": "lon",
    "/v1/route?lon=41.8&lat=123.4&datum=wgs84": "lon",
    "/v1/route?lon=123.4&lat=41.8": "datum",
    "/v1/route?lon=123.4&lat=41.8&datum=wgs84&on=tomorrow": "on",
    "/v1/route?lon=123.4&lat=41.8&datum=wgs84&accuracy_m=inf": "accuracy_m",
    "/v1/reports?limit=0": "limit",
    "/v1/reports?after=last": "after",
    "/v1/reports?after=2026-01-01~x": "after",
    "/v1/reports?bbox=1,2,3": "bbox",
    "/v1/reports?bbox=nan,nan,nan,nan": "bbox",
    "/v1/reports?bbox=125,41,123,42": "bbox",
    "/v1/geocode?text=": "text",
}


@pytest.mark.parametrize(("path", "where"), QUERIES.items())
def test_a_bad_question_is_refused_at_its_word(client: TestClient, path: str, where: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["where"] == where


def test_a_day_before_the_first_edition_is_told_with_the_first_day(client: TestClient) -> None:
    words = {"lon": LON, "lat": LAT, "datum": "wgs84", "on": "2020-01-01"}
    answer = client.get("/v1/route", params=words)
    assert answer.status_code == 404
    assert "2025-01-01" in answer.json()["errors"][0]["mend"]["zh"]


@pytest.mark.parametrize("text", ["\x00", "' OR 1=1 --", "𠮷" * 50, "a" * 200, "%00"])
def test_any_text_may_be_geocoded(client: TestClient, text: str) -> None:
    assert client.get("/v1/geocode", params={"text": text}).status_code == 200


@pytest.mark.parametrize("path", ["/v1/cases/DD-2026-999999", "/v1/cases/%00", "/v1/nothing"])
def test_what_does_not_exist_is_a_problem_of_404(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
