"""What follows from a grade: the step of the life, the level, the limits of running clocks."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import Filer, SetClock, a_report
from tests.api.district import NEAR_STREET_LINE
from tests.api.life.conftest import LEAD, People

pytestmark = pytest.mark.database


@pytest.fixture
def people(client: TestClient, district: Database, clock: SetClock) -> People:
    return People(client, district, clock)


@pytest.fixture
def held(file: Filer) -> str:
    """A case whose street is in doubt."""
    lon, lat = NEAR_STREET_LINE
    found: str = file(a_report(place={"lon": lon, "lat": lat, "datum": "wgs84"})).json()[
        "case_number"
    ]
    return found


@pytest.fixture
def number(file: Filer) -> str:
    found: str = file().json()["case_number"]
    return found


def grade(people: People, number: str, *signs: str) -> Any:
    answer = people(Role.ASSESSOR).post(f"/v1/cases/{number}/grading", json={"signs": signs})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"][0]


def confirm(client: TestClient, number: str) -> None:
    answer = client.post(f"/v1/cases/{number}/grading/confirm", json={"agreed": True})
    assert answer.status_code == 200, answer.text


def state(people: People, number: str) -> str:
    found: str = people(Role.ASSESSOR).get(f"/v1/cases/{number}").json()["state_code"]
    return found


def due(people: People, number: str, kind: str) -> dict[str, datetime]:
    items = people(Role.ASSESSOR).get(f"/v1/cases/{number}/clocks").json()["items"]
    mine = [each for each in items if each["kind"] == kind]
    return {each["unit_code"]: datetime.fromisoformat(each["due_at"]) for each in mine}


def test_a_persons_grade_takes_a_registered_case_on_and_another_one_stays_where_it_is(
    people: People, held: str, number: str
) -> None:
    assert state(people, held) == "registered"
    grade(people, held, "media")
    assert state(people, held) == "assessed"
    assert state(people, number) == "dispatched"
    grade(people, number, "media")
    assert state(people, number) == "dispatched"


def test_what_waits_for_a_second_person_takes_no_case_on_before_they_agree(
    people: People, file: Filer
) -> None:
    lon, lat = NEAR_STREET_LINE
    place = {"lon": lon, "lat": lat, "datum": "wgs84"}
    number = file(a_report(text="扬言跳楼", place=place)).json()["case_number"]
    assert grade(people, number)["standing"] == "pending"
    assert state(people, number) == "registered"
    confirm(people(Role.DISPATCHER), number)
    assert state(people, number) == "assessed"


def test_a_higher_grade_leaves_less_time_from_now_on_and_says_so(
    people: People, number: str
) -> None:
    before = {kind: due(people, number, kind)[LEAD] for kind in ("sign", "feedback")}
    grade(people, number, "suicide")
    after = {kind: due(people, number, kind)[LEAD] for kind in before}
    assert after["sign"] <= before["sign"]
    assert before["feedback"] - after["feedback"] > timedelta(days=5)
    told = people(Role.ASSESSOR).get(f"/v1/cases/{number}/timeline").json()["items"]
    said = [each["said"]["zh"] for each in told if each["happening"] == "limit_changed"]
    assert "等级变化，“反馈结果”时限改为 2 小时 东塔街道" in said


def test_a_lower_grade_leaves_more_time_once_a_second_person_has_agreed(
    people: People, number: str
) -> None:
    yellow = due(people, number, "feedback")[LEAD]
    grade(people, number, "suicide")
    red = due(people, number, "feedback")[LEAD]
    grade(people, number)
    assert due(people, number, "feedback")[LEAD] == red, "nobody alone takes a case out of red"
    confirm(people(Role.DISPATCHER), number)
    blue = due(people, number, "feedback")[LEAD]
    assert blue - yellow >= timedelta(days=7)
