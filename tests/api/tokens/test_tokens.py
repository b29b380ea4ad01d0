"""Tokens open what their scopes say, tickets let one wall in once, and both end when revoked."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.accounts.service import disable, grant
from api.rights.roles import Role
from api.tokens.service import TICKET_LIFE, make_ticket, use_ticket
from gis.database import Database
from tests.api.conftest import NOW, SetClock, site
from tests.api.people import enter, show_session

MOMENT = timedelta(seconds=1)
COOKIE = "__Host-session"


@pytest.fixture
def client(database: Database, clock: SetClock, tmp_path: Path) -> Iterator[TestClient]:
    with site(database, clock, tmp_path) as client:
        yield client


@pytest.fixture
def security(client: TestClient, database: Database) -> Callable[[], TestClient]:
    """The security administrator's browser."""
    _, token = enter(database, Role.SECURITY_ADMIN, now=NOW)

    def security() -> TestClient:
        client.cookies.clear()
        show_session(client, token)
        return client

    return security


Browser = Callable[[], TestClient]


@pytest.fixture
def system_id(database: Database) -> UUID:
    return enter(database, Role.SERVICE, now=NOW).person_id


@pytest.fixture
def wall_id(database: Database) -> UUID:
    return enter(database, Role.WALL, now=NOW).person_id


def made(security: Browser, system_id: UUID, **changes: Any) -> dict[str, Any]:
    body = {"person_id": str(system_id), "scopes": ["places:read"]} | changes
    answer = security().post("/v1/service-tokens", json=body)
    assert answer.status_code == 201, answer.text
    token: dict[str, Any] = answer.json()
    return token


def ticket_for(security: Browser, wall_id: UUID) -> dict[str, Any]:
    answer = security().post("/v1/kiosk-tickets", json={"person_id": str(wall_id)})
    assert answer.status_code == 201, answer.text
    ticket: dict[str, Any] = answer.json()
    return ticket


def asked(client: TestClient, secret: str, path: str = "/v1/geocode?text=x") -> int:
    """How a program that shows only this secret is answered."""
    client.cookies.clear()
    return client.get(path, headers={"Authorization": f"Bearer {secret}"}).status_code


def came_in(client: TestClient, secret: str) -> int:
    client.cookies.clear()
    return client.post("/v1/sessions/kiosk", json={"ticket": secret}).status_code


def on_the_wall(client: TestClient) -> int:
    return client.get("/openapi.json").status_code


def test_a_token_opens_the_routes_of_its_scopes(
    client: TestClient, security: Browser, system_id: UUID
) -> None:
    secret = made(security, system_id)["secret"]
    assert secret.startswith("fq_")
    assert asked(client, secret) == 200
    assert asked(client, secret, "/v1/layers") == 403
    client.cookies.clear()
    words = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "token-0001"}
    assert client.post("/v1/reports", json={}, headers=words).status_code == 403


def test_the_secret_is_kept_and_listed_nowhere(
    security: Browser, system_id: UUID, wall_id: UUID, database: Database
) -> None:
    secrets = [made(security, system_id)["secret"], ticket_for(security, wall_id)["secret"]]
    listed = security().get("/v1/service-tokens")
    assert {item["wall"] for item in listed.json()["items"]} == {True, False}
    assert listed.json()["scopes"] == ["places:read", "reports:file"]
    with database.transaction() as session:
        kept = str(session.execute(text("SELECT * FROM service_token")).all())
        kept += str(session.execute(text("SELECT * FROM audit_entry")).all())
    assert not any(secret in kept + listed.text for secret in secrets)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"scopes": ["wall"]}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"ends_at": NOW.isoformat()}, "ends_at"),
        ({"ends_at": "2027-01-01T00:00:00"}, "ends_at"),
    ],
)
def test_what_a_token_cannot_be_is_refused(
    security: Browser, system_id: UUID, changes: dict[str, Any], where: str
) -> None:
    body = {"person_id": str(system_id), "scopes": ["places:read"]} | changes
    answer = security().post("/v1/service-tokens", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, where)


def test_only_a_connected_system_has_a_token_and_only_a_wall_a_ticket(
    security: Browser, system_id: UUID, wall_id: UUID, database: Database
) -> None:
    clerk, _ = enter(database, Role.CLERK, now=NOW)
    for person_id in (clerk, wall_id):
        body = {"person_id": str(person_id), "scopes": ["places:read"]}
        assert security().post("/v1/service-tokens", json=body).status_code == 422
    for person_id in (clerk, system_id):
        body = {"person_id": str(person_id)}
        assert security().post("/v1/kiosk-tickets", json=body).status_code == 422
    nobody = {"person_id": str(uuid4())}
    assert security().post("/v1/kiosk-tickets", json=nobody).status_code == 404


def test_a_token_brings_no_other_role_of_its_holder(
    client: TestClient, security: Browser, system_id: UUID, database: Database
) -> None:
    secret = made(security, system_id)["secret"]
    with database.transaction() as session:
        grant(session, system_id, [Role.SERVICE, Role.CLERK], None, NOW)
    assert asked(client, secret, "/v1/reports") == 403
    with database.transaction() as session:
        grant(session, system_id, [Role.CLERK], None, NOW)
    assert asked(client, secret) == 403


def test_a_token_ends_at_its_instant_and_when_it_is_revoked(
    client: TestClient, security: Browser, system_id: UUID, clock: SetClock
) -> None:
    brief = made(security, system_id, ends_at=(NOW + MOMENT).isoformat())
    lasting = made(security, system_id)
    clock.now = NOW + MOMENT
    assert (asked(client, brief["secret"]), asked(client, lasting["secret"])) == (401, 200)
    path = f"/v1/service-tokens/{lasting['made']['id']}"
    assert security().delete(path).status_code == 204
    assert asked(client, lasting["secret"]) == 401
    assert security().delete(path).status_code == 404


def test_a_wall_comes_in_by_its_ticket_once_and_stays(
    client: TestClient, security: Browser, wall_id: UUID, clock: SetClock
) -> None:
    secret = ticket_for(security, wall_id)["secret"]
    assert came_in(client, secret) == 204
    clock.now += timedelta(days=300)
    assert on_the_wall(client) == 200
    kept = client.cookies[COOKIE]
    assert came_in(client, secret) == 401
    client.cookies.clear()
    show_session(client, kept)
    assert on_the_wall(client) == 200


def test_a_wall_that_was_added_over_http_has_no_duty_to_do(
    client: TestClient, security: Browser, database: Database
) -> None:
    _, token = enter(database, Role.SYSTEM_ADMIN, now=NOW)
    client.cookies.clear()
    show_session(client, token)
    body = {"sign_in_name": "wall.one", "full_name": "大厅屏"}
    wall = client.post("/v1/people", json=body).json()["person"]["id"]
    security().put(f"/v1/people/{wall}/roles", json={"roles": ["wall"]})
    assert came_in(client, ticket_for(security, wall)["secret"]) == 204
    assert on_the_wall(client) == 200


def test_a_ticket_is_good_for_an_hour(
    client: TestClient, security: Browser, wall_id: UUID, clock: SetClock
) -> None:
    first, second = (ticket_for(security, wall_id)["secret"] for _ in range(2))
    clock.now = NOW + TICKET_LIFE - MOMENT
    assert came_in(client, first) == 204
    clock.now = NOW + TICKET_LIFE
    assert came_in(client, second) == 401


def test_revoking_the_ticket_ends_its_wall_at_once_and_no_other(
    client: TestClient, security: Browser, wall_id: UUID
) -> None:
    tickets = [ticket_for(security, wall_id) for _ in range(2)]
    kept = []
    for ticket in tickets:
        assert came_in(client, ticket["secret"]) == 204
        kept.append(client.cookies[COOKIE])
    path = f"/v1/service-tokens/{tickets[0]['made']['id']}"
    assert security().delete(path).status_code == 204
    for cookie, status in zip(kept, (401, 200), strict=True):
        client.cookies.clear()
        show_session(client, cookie)
        assert on_the_wall(client) == status


def test_a_revoked_ticket_lets_nobody_in(
    client: TestClient, security: Browser, wall_id: UUID
) -> None:
    ticket = ticket_for(security, wall_id)
    security().delete(f"/v1/service-tokens/{ticket['made']['id']}")
    assert came_in(client, ticket["secret"]) == 401


def test_a_ticket_is_no_bearers_token_and_a_token_no_ticket(
    client: TestClient, security: Browser, wall_id: UUID, system_id: UUID, database: Database
) -> None:
    ticket = ticket_for(security, wall_id)["secret"]
    assert asked(client, ticket, "/openapi.json") == 401
    with database.transaction() as session:  # even if it began like one
        renamed = (
            "UPDATE service_token SET token_hash = sha256('fq_like') WHERE 'wall' = ANY(scopes)"
        )
        session.execute(text(renamed))
    assert asked(client, "fq_like", "/openapi.json") == 401
    assert came_in(client, made(security, system_id)["secret"]) == 401


@pytest.mark.parametrize("harm", ["disabled", "no wall any more"])
def test_who_is_no_enabled_wall_comes_in_by_no_ticket(
    client: TestClient, security: Browser, wall_id: UUID, database: Database, harm: str
) -> None:
    secret = ticket_for(security, wall_id)["secret"]
    with database.transaction() as session:
        if harm == "disabled":
            disable(session, wall_id, NOW)
        else:
            grant(session, wall_id, [Role.CLERK], None, NOW)
    assert came_in(client, secret) == 401


def test_of_two_who_use_a_ticket_at_the_same_moment_one_comes_in(
    database: Database, wall_id: UUID
) -> None:
    admin, _ = enter(database, Role.SECURITY_ADMIN, now=NOW)
    with database.transaction() as session:
        secret = make_ticket(session, wall_id, admin, NOW).secret
    together = Barrier(2)

    def use(_: int) -> bool:
        with database.transaction() as session:
            together.wait(10)
            return use_ticket(session, secret, NOW) is not None

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, range(2))) == [False, True]


def test_all_of_it_is_written_down(
    client: TestClient, security: Browser, wall_id: UUID, database: Database
) -> None:
    ticket = ticket_for(security, wall_id)
    came_in(client, ticket["secret"])
    came_in(client, ticket["secret"])
    security().delete(f"/v1/service-tokens/{ticket['made']['id']}")
    query = text("SELECT deed, subject, content ->> 'token' FROM audit_entry ORDER BY id")
    with database.transaction() as session:
        found = [tuple(row) for row in session.execute(query)]
    wall, token = f"person:{wall_id}", ticket["made"]["id"]
    assert found == [
        ("token_made", wall, token),
        ("sign_in", wall, token),
        ("sign_in_failed", "ticket:unknown", None),
        ("token_revoked", wall, token),
    ]


def test_tickets_are_not_tried_without_end(client: TestClient) -> None:
    answers = [came_in(client, f"fqw_{number}") for number in range(32)]
    assert answers == [401] * 30 + [429] * 2
