"""Who is near: the nearest of those just seen, then those seen before, with the age of it."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from starlette.testclient import TestClient

from api.nearby.domain import FORGOTTEN, FRESH, Sighting, nearest
from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import NOW, Filer, SetClock
from tests.api.district import CENTRE
from tests.api.life.conftest import LEAD, People

LON, LAT = CENTRE


def seen(name: str, minutes: float, *, east: float = 0) -> Sighting:
    return Sighting(name, LEAD, "东塔街道", LON + east, LAT, 10, NOW - timedelta(minutes=minutes))


def test_who_was_seen_just_now_comes_before_who_was_nearer_long_ago() -> None:
    found = nearest(
        [seen("远", 5, east=0.01), seen("旧", 60), seen("近", 10, east=0.001)], LON, LAT, NOW, 5
    )
    assert [each.seen.person_name for each in found] == ["近", "远", "旧"]
    assert [each.fresh for each in found] == [True, True, False]


def test_distances_are_geodesic() -> None:
    (found,) = nearest([seen("东", 1, east=0.01)], LON, LAT, NOW, 5)
    # One degree of longitude at 41.79° N on WGS 84 is 83.1 km (NGA's calculator: 83,111 m).
    assert found.distance_m == pytest.approx(831, abs=3)


@given(st.lists(st.integers(-60, 24 * 60), max_size=20), st.integers(1, 8))
def test_nobody_who_was_seen_too_long_ago_is_shown(ages: list[int], many: int) -> None:
    found = nearest([seen("人", age) for age in ages], LON, LAT, NOW, many)
    assert len(found) <= many
    assert all(each.age <= FORGOTTEN for each in found)
    assert [each.fresh for each in found] == sorted((e.age <= FRESH for e in found), reverse=True)


@pytest.fixture
def people(client: TestClient, district: Database, clock: SetClock) -> People:
    return People(client, district, clock)


def report_in(people: People, number: str, lon: float) -> None:
    client = people(Role.LEADER, unit=LEAD)
    for move, body in (
        ("sign", {}),
        ("contact", {"words": "已联系"}),
        ("report-in", {"spot": {"lon": lon, "lat": LAT, "datum": "wgs84", "accuracy_m": 8}}),
    ):
        answer = client.post(f"/v1/cases/{number}/assignments/{LEAD}/{move}", json=body)
        assert answer.status_code < 300, answer.text


@pytest.mark.database
def test_the_position_of_a_person_who_reported_in_is_known_with_its_age(
    people: People, file: Filer, district: Database
) -> None:
    first, second = (file().json()["case_number"] for _ in range(2))
    report_in(people, first, LON + 0.002)
    report_in(people, second, LON + 0.001)
    with district.transaction() as session:
        session.execute(text("UPDATE assignment_step SET at = now() - interval '20 minutes'"))
        session.execute(
            text("""UPDATE assignment_step SET at = now() - interval '2 minutes'
            WHERE lon > :lon"""),
            {"lon": LON + 0.0015},
        )
    found: Any = people(Role.DISPATCHER).get("/v1/nearby", params={"lon": LON, "lat": LAT}).json()
    (only,) = found["items"]
    assert (only["unit_code"], only["person_name"], only["fresh"]) == (LEAD, "某unit_leader", True)
    assert 115 <= only["age_s"] <= 200
    assert only["distance_m"] == pytest.approx(166, abs=2), "the latest place of a person counts"


@pytest.mark.database
def test_a_place_that_is_none_is_refused(people: People) -> None:
    answer = people(Role.DISPATCHER).get("/v1/nearby", params={"lon": 999, "lat": LAT})
    assert answer.status_code == 422
