"""Mediators and counsellors see the cases they were put on, and no other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import NOW, Filer, SetClock, site
from tests.api.people import enter, show_session


@pytest.fixture
def case(file: Filer) -> str:
    return str(file().json()["case_number"])


@pytest.fixture
def assessor(district: Database, tmp_path: Path) -> Iterator[TestClient]:
    yield from someone(district, tmp_path, Role.ASSESSOR)


def someone(database: Database, home: Path, role: Role) -> Iterator[TestClient]:
    with site(database, SetClock(), home) as client:
        _, token = enter(database, role, now=NOW)
        show_session(client, token)
        yield client


def test_a_mediator_sees_a_case_from_when_they_are_put_on_it_until_they_are_taken_off(
    case: str, assessor: TestClient, district: Database, tmp_path: Path
) -> None:
    path = f"/v1/cases/{case}"
    person_id, token = enter(district, Role.MEDIATOR, now=NOW, area=None)
    with site(district, SetClock(), tmp_path) as mediator:
        show_session(mediator, token)
        assert mediator.get(path).status_code == 404
        added = assessor.post(f"{path}/members", json={"person_id": str(person_id)})
        assert added.status_code == 201, added.text
        assert mediator.get(path).status_code == 200
        assert [each["case_number"] for each in mediator.get("/v1/reports").json()["items"]] == [
            case
        ]
        assert assessor.delete(f"{path}/members/{person_id}").status_code == 204
        assert mediator.get(path).status_code == 404


def test_who_was_put_on_a_case_is_listed_once(
    case: str, assessor: TestClient, district: Database
) -> None:
    person_id, _ = enter(district, Role.COUNSELLOR, now=NOW, area=None)
    body = {"person_id": str(person_id)}
    path = f"/v1/cases/{case}/members"
    assert [assessor.post(path, json=body).status_code for _ in range(2)] == [201, 409]
    assert [each["person_id"] for each in assessor.get(path).json()["items"]] == [str(person_id)]


def test_only_mediators_and_counsellors_work_by_case(
    case: str, assessor: TestClient, district: Database
) -> None:
    person_id, _ = enter(district, Role.PLANNER, now=NOW)
    answer = assessor.post(f"/v1/cases/{case}/members", json={"person_id": str(person_id)})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "person_id"


def test_reaching_for_a_case_that_is_not_ones_own_is_answered_like_no_case_and_written_down(
    case: str, district: Database, tmp_path: Path
) -> None:
    for stranger in someone(district, tmp_path, Role.MEDIATOR):
        assert stranger.get(f"/v1/cases/{case}").status_code == 404
    with district.transaction() as session:
        query = text("SELECT subject FROM audit_entry WHERE deed = 'denied'")
        assert session.scalars(query).all() == [f"case:{case}"]


def test_filing_and_reading_a_case_are_written_down(
    case: str, client: TestClient, district: Database
) -> None:
    client.get(f"/v1/cases/{case}")
    with district.transaction() as session:
        query = text("SELECT deed FROM audit_entry WHERE subject = :subject ORDER BY id")
        found = session.scalars(query, {"subject": f"case:{case}"}).all()
    assert found == ["report_filed", "case_read"]
