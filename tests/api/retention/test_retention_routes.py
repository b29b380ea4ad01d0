"""Periods, runs and legal holds as administrators, leaders and assessors reach them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from api import errors
from api.app import create_app
from api.retention import door as retention
from api.retention.routes import router
from api.rights.roles import Role, Who
from api.settings import Settings
from api.throttle import Throttle
from gis.database import Database
from tests.api.conftest import SetClock
from tests.api.parties.conftest import Door
from tests.api.retention.conftest import OTHER, STAFF, Archive

DISTRICT = "210104"
HELD = "DD-2026-000001"
WHY = "法院立案，需保全"


def who(role: Role, area: str | None = DISTRICT) -> Who:
    return Who(STAFF, role.value, frozenset({role}), area_prefix=area)


@pytest.fixture
def door() -> Door:
    return Door(who(Role.ASSESSOR))


@pytest.fixture
def desk(archive: Archive, door: Door, tmp_path: Path) -> Iterator[TestClient]:
    """The routes of retention behind the real gate and row security, and one case."""
    archive.close(2000)
    app = FastAPI()
    settings = Settings(home=tmp_path, database_url=None)
    app.state.patience = Throttle(1000, timedelta(minutes=1))
    app.state.handles = create_app(settings, archive.database, SetClock()).state.handles
    app.state.doorkeeper = door
    errors.register(app)
    app.include_router(router)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def ask(desk: TestClient, method: str, path: str, **body: Any) -> Any:
    return desk.request(method, path, json=body or None)


def trail(database: Database, deed: str) -> list[tuple[Any, ...]]:
    query = "SELECT subject, actor, content, reason FROM audit_entry WHERE deed = :deed"
    with database.transaction() as session:
        return [tuple(row) for row in session.execute(text(query), {"deed": deed})]


def test_every_kind_is_shown_with_its_default_and_bounds(desk: TestClient, door: Door) -> None:
    door.who = who(Role.SYSTEM_ADMIN, None)
    items = {item["kind"]: item for item in desk.get("/v1/retention").json()["items"]}
    assert {kind: item["days"] for kind, item in items.items()} == {
        "identity": 365,
        "case": 1825,
        "idempotency_key": 30,
        "session": 30,
        "draft": 30,
    }
    assert all(item["least"] <= item["default"] <= item["most"] for item in items.values())
    assert all(item["title"]["zh"] and item["begins"]["en"] for item in items.values())


def test_the_system_administrator_sets_a_period_and_it_is_written_down(
    desk: TestClient, door: Door, district: Database
) -> None:
    door.who = who(Role.SYSTEM_ADMIN, None)
    answer = ask(desk, "PUT", "/v1/retention/identity", days=180, reason="区里的规定")
    assert answer.status_code == 200, answer.text
    shown = next(i for i in desk.get("/v1/retention").json()["items"] if i["kind"] == "identity")
    assert answer.json() == shown
    assert (shown["days"], shown["changed_by"]) == (180, str(STAFF))
    content = {"before": 365, "days": 180}
    entry = ("retention:identity", str(STAFF), content, "区里的规定")
    assert trail(district, "retention_changed") == [entry]


@pytest.mark.parametrize(
    ("kind", "days"), [("identity", 29), ("case", 364), ("session", 366), ("case", 10_951)]
)
def test_no_period_goes_out_of_its_bounds(
    desk: TestClient, door: Door, kind: str, days: int
) -> None:
    door.who = who(Role.SYSTEM_ADMIN, None)
    answer = ask(desk, "PUT", f"/v1/retention/{kind}", days=days, reason="区里的规定")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "days"


def test_the_audit_is_no_kind_that_could_be_shortened(desk: TestClient, door: Door) -> None:
    door.who = who(Role.SYSTEM_ADMIN, None)
    answer = ask(desk, "PUT", "/v1/retention/audit", days=1, reason="区里的规定")
    assert answer.status_code == 422


def test_a_run_is_reported_to_its_administrators(desk: TestClient, door: Door) -> None:
    retention.run(desk.app.state.handles.database, SetClock())  # type: ignore[attr-defined]
    for role in (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN):
        door.who = who(role, None)
        (item,) = desk.get("/v1/retention/runs").json()["items"]
        assert item["counts"] == {"identity": 1, "case": 1}
        assert item["finished_at"]


def test_a_hold_keeps_a_case_until_it_is_lifted(
    desk: TestClient, door: Door, archive: Archive
) -> None:
    path = f"/v1/cases/{HELD}/hold"
    assert ask(desk, "GET", path).status_code == 404
    answer = ask(desk, "PUT", path, reason=WHY)
    assert answer.status_code == 200, answer.text
    assert answer.json()["reason"] == WHY
    assert ask(desk, "PUT", path, reason="另案亦需保全").json()["reason"] == "另案亦需保全"
    assert ask(desk, "GET", path).json()["reason"] == "另案亦需保全"
    assert retention.run(archive.database, SetClock()).counts == {}

    door.who = Who(OTHER, "负责人", frozenset({Role.LEADER}), area_prefix=DISTRICT)
    assert ask(desk, "DELETE", path, reason="判决已生效").status_code == 204
    assert ask(desk, "DELETE", path, reason="判决已生效").status_code == 404
    assert retention.run(archive.database, SetClock()).counts == {"identity": 1, "case": 1}
    subject = f"case:{HELD}"
    held = [(subject, str(STAFF), {}, WHY), (subject, str(STAFF), {}, "另案亦需保全")]
    assert trail(archive.database, "legal_hold_set") == held
    lifted = [(subject, str(OTHER), {}, "判决已生效")]
    assert trail(archive.database, "legal_hold_lifted") == lifted


def test_a_hold_and_its_end_need_a_reason(desk: TestClient) -> None:
    for method in ("PUT", "DELETE"):
        answer = ask(desk, method, f"/v1/cases/{HELD}/hold", reason="无")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["where"] == "reason"


def test_a_case_out_of_reach_cannot_be_held(desk: TestClient, door: Door) -> None:
    for number in (HELD, "DD-2026-999999", "金丝雀"):
        door.who = who(Role.ASSESSOR, "999999")
        answer = ask(desk, "PUT", f"/v1/cases/{number}/hold", reason=WHY)
        assert answer.status_code == 404
        assert number not in answer.text


REFUSED = {
    ("GET", "/v1/retention"): set(Role) - {Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN},
    ("PUT", "/v1/retention/case"): set(Role) - {Role.SYSTEM_ADMIN},
    ("GET", "/v1/retention/runs"): set(Role) - {Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN},
    ("PUT", f"/v1/cases/{HELD}/hold"): set(Role) - {Role.ASSESSOR, Role.LEADER},
    ("DELETE", f"/v1/cases/{HELD}/hold"): set(Role) - {Role.ASSESSOR, Role.LEADER},
}


def test_nobody_else_sets_periods_or_holds(desk: TestClient, door: Door) -> None:
    for (method, path), roles in REFUSED.items():
        for role in roles:
            door.who = who(role)
            assert ask(desk, method, path, reason=WHY).status_code == 403, (method, path, role)
