"""People as their administrators look after them over HTTP, each in their own part."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.accounts.service import require_another
from api.people import service
from api.refusals import Conflict
from api.rights.roles import Role
from api.sessions.domain import LOCK_AFTER
from gis.database import Database
from tests.api.conftest import NOW, SetClock, site
from tests.api.district import CENTRE
from tests.api.people import enter, show_session

NAME = "zhao.min"
NEXT = "seven quiet herons on ice"

As = Callable[[Role], TestClient]


@pytest.fixture
def client(database: Database, clock: SetClock, tmp_path: Path) -> Iterator[TestClient]:
    with site(database, clock, tmp_path) as client:
        yield client


@pytest.fixture
def admins(database: Database) -> dict[Role, Any]:
    kinds = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
    return {kind: enter(database, kind, now=NOW) for kind in kinds}


@pytest.fixture
def acting(client: TestClient, admins: dict[Role, Any]) -> As:
    """The browser of an administrator."""

    def acting(role: Role) -> TestClient:
        client.cookies.clear()
        show_session(client, admins[role].token)
        return client

    return acting


@pytest.fixture
def system(acting: As) -> Callable[[], TestClient]:
    return lambda: acting(Role.SYSTEM_ADMIN)


@pytest.fixture
def security(acting: As) -> Callable[[], TestClient]:
    return lambda: acting(Role.SECURITY_ADMIN)


Browser = Callable[[], TestClient]


def created(system: Browser, name: str = NAME) -> dict[str, Any]:
    body = {"sign_in_name": name, "full_name": "赵敏", "area_prefix": "210104001"}
    answer = system().post("/v1/people", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def sign_in(client: TestClient, password: str) -> Any:
    client.cookies.clear()
    return client.post("/v1/sessions", json={"name": NAME, "password": password})


def deeds(database: Database, subject: str) -> list[str]:
    query = text("SELECT deed FROM audit_entry WHERE subject = :subject ORDER BY id")
    with database.transaction() as session:
        return list(session.scalars(query, {"subject": subject}))


def test_a_newcomer_has_no_role_until_the_other_administrator_grants_one(
    system: Browser, security: Browser, database: Database
) -> None:
    made = created(system)
    person = made["person"]
    assert person["roles"] == []
    path = f"/v1/people/{person['id']}"
    assert system().put(f"{path}/roles", json={"roles": ["clerk"]}).status_code == 403
    granted = security().put(f"{path}/roles", json={"roles": ["clerk", "clerk"]})
    assert [role["role"] for role in granted.json()["roles"]] == ["clerk"]
    me = sign_in(system(), made["first_password"])
    assert (me.status_code, me.json()["owes"]) == (201, ["password"])
    assert deeds(database, f"person:{person['id']}") == [
        "person_created",
        "roles_granted",
        "sign_in",
    ]


def test_the_first_password_is_kept_nowhere(system: Browser, database: Database) -> None:
    made = created(system)
    with database.transaction() as session:
        kept = str(session.execute(text("SELECT * FROM audit_entry")).all())
        kept += str(session.execute(text("SELECT * FROM credential")).all())
    assert made["first_password"] not in kept + str(made["person"])


def test_a_name_in_use_is_refused(system: Browser) -> None:
    created(system)
    body = {"sign_in_name": NAME, "full_name": "另一人"}
    assert system().post("/v1/people", json=body).status_code == 409


def test_people_are_found_by_a_part_of_a_name_page_by_page(system: Browser) -> None:
    for name in ("zhao.a", "zhao.b", "zhao.c", "under_score"):
        created(system, name)
    first = system().get("/v1/people", params={"q": "ZHAO", "limit": 2}).json()
    assert [each["sign_in_name"] for each in first["items"]] == ["zhao.a", "zhao.b"]
    rest = system().get("/v1/people", params={"q": "ZHAO", "limit": 2, "after": first["next"]})
    assert [each["sign_in_name"] for each in rest.json()["items"]] == ["zhao.c"]
    assert rest.json()["next"] is None
    assert len(system().get("/v1/people", params={"q": "赵敏"}).json()["items"]) == 4
    wild = system().get("/v1/people", params={"q": "_"}).json()["items"]
    assert [each["sign_in_name"] for each in wild] == ["under_score"]


def test_what_is_left_out_of_a_change_stays_and_null_takes_away(system: Browser) -> None:
    path = f"/v1/people/{created(system)['person']['id']}"
    changed = system().patch(path, json={"area_prefix": None}).json()
    assert (changed["full_name"], changed["area_prefix"]) == ("赵敏", None)
    wrong = system().patch(path, json={"unit_code": "police:NOWHERE"})
    assert (wrong.status_code, wrong.json()["errors"][0]["where"]) == (422, "unit_code")
    assert system().patch(path, json={"full_name": None}).status_code == 422
    assert system().patch(path, json={"full_name": " "}).status_code == 422


def test_whoever_is_disabled_is_out_at_once_and_comes_back_as_before(
    client: TestClient, system: Browser, security: Browser
) -> None:
    made = created(system)
    path = f"/v1/people/{made['person']['id']}"
    sign_in(client, made["first_password"])
    token = client.cookies["__Host-session"]
    assert system().post(f"{path}/disable").json()["disabled_at"] is not None
    client.cookies.clear()
    show_session(client, token)
    assert client.get("/v1/me").status_code == 401
    assert sign_in(client, made["first_password"]).status_code == 401
    assert security().post(f"{path}/enable").status_code == 403
    assert system().post(f"{path}/enable").json()["disabled_at"] is None
    assert sign_in(client, made["first_password"]).status_code == 201


def test_new_roles_end_the_sessions_of_before(client: TestClient, security: Browser) -> None:
    database: Database = client.app.state.handles.database
    person_id, token = enter(database, Role.CLERK, now=NOW)
    security().put(f"/v1/people/{person_id}/roles", json={"roles": ["handler"]})
    security().put(f"/v1/people/{person_id}/roles", json={"roles": ["unit_handler"]})
    client.cookies.clear()
    show_session(client, token)
    assert client.get("/v1/me").status_code == 401


def test_nobody_does_it_to_themselves(
    acting: As, admins: dict[Role, Any], database: Database
) -> None:
    enter(database, Role.SYSTEM_ADMIN, now=NOW)
    enter(database, Role.SECURITY_ADMIN, now=NOW)
    own = f"/v1/people/{admins[Role.SYSTEM_ADMIN].person_id}"
    assert acting(Role.SYSTEM_ADMIN).post(f"{own}/disable").status_code == 409
    own = f"/v1/people/{admins[Role.SECURITY_ADMIN].person_id}"
    granted = acting(Role.SECURITY_ADMIN).put(f"{own}/roles", json={"roles": ["clerk"]})
    assert granted.status_code == 409
    assert acting(Role.SECURITY_ADMIN).post(f"{own}/reset", json={}).status_code == 409


def test_the_last_administrator_of_a_kind_stays(
    system: Browser, security: Browser, admins: dict[Role, Any], database: Database
) -> None:
    last = f"/v1/people/{admins[Role.SYSTEM_ADMIN].person_id}"
    refused = security().put(f"{last}/roles", json={"roles": ["clerk"]})
    assert refused.status_code == 409
    assert "最后一位系统管理员" in refused.text
    auditor, _ = enter(database, Role.AUDIT_ADMIN, now=NOW)
    assert system().post(f"/v1/people/{auditor}/disable").status_code == 409
    enter(database, Role.AUDIT_ADMIN, now=NOW)
    assert system().post(f"/v1/people/{auditor}/disable").status_code == 200
    kept = security().put(f"{last}/roles", json={"roles": ["system_admin"]})
    assert kept.status_code == 200


def test_one_person_does_not_hold_two_powers(security: Browser, system: Browser) -> None:
    path = f"/v1/people/{created(system)['person']['id']}/roles"
    for roles in (["audit_admin", "clerk"], ["audit_admin", "security_admin"]):
        assert security().put(path, json={"roles": roles}).status_code == 422


def test_two_administrators_who_disable_each_other_do_not_both_succeed(
    database: Database,
) -> None:
    pair = [enter(database, Role.SYSTEM_ADMIN, now=NOW).person_id for _ in range(2)]
    together = Barrier(2)

    def disable(by: UUID, whom: UUID) -> bool:
        try:
            with database.transaction() as session:
                together.wait(10)
                service.disable(session, whom, by, NOW)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(disable, pair, reversed(pair)))
    assert sorted(done) == [False, True]


def test_who_is_no_administrator_is_not_the_last_one(database: Database) -> None:
    person_id, _ = enter(database, Role.CLERK, now=NOW)
    with database.transaction() as session:
        require_another(session, person_id, frozenset(Role))


def test_a_reset_gives_a_new_first_password_and_ends_the_old(
    client: TestClient, system: Browser, security: Browser
) -> None:
    made = created(system)
    path = f"/v1/people/{made['person']['id']}"
    assert system().post(f"{path}/reset", json={}).status_code == 403
    fresh = security().post(f"{path}/reset", json={}).json()["first_password"]
    assert sign_in(client, made["first_password"]).status_code == 401
    assert sign_in(client, fresh).json()["owes"] == ["password"]


def test_a_lost_authenticator_is_forgotten_with_the_reset_that_says_so(
    system: Browser, security: Browser, database: Database
) -> None:
    person_id = created(system)["person"]["id"]
    kept = text(
        "UPDATE credential SET totp_secret = 'x', totp_confirmed_at = now() WHERE person_id = :id"
    )
    with database.transaction() as session:
        session.execute(kept, {"id": person_id})
    path = f"/v1/people/{person_id}"
    assert security().post(f"{path}/reset", json={}).status_code == 200
    assert security().get(path).json()["second_factor"]
    assert security().post(f"{path}/reset", json={"second_factor": True}).status_code == 200
    assert not security().get(path).json()["second_factor"]
    with database.transaction() as session:
        left = session.scalars(text("SELECT totp_secret FROM credential")).all()
    assert set(left) == {None}
    assert deeds(database, f"person:{person_id}")[-2:] == [
        "password_changed",
        "second_factor_reset",
    ]


def test_who_is_locked_out_may_be_let_try_again(
    client: TestClient, system: Browser, security: Browser
) -> None:
    made = created(system)
    path = f"/v1/people/{made['person']['id']}"
    for _ in range(LOCK_AFTER):
        sign_in(client, "wrong")
    assert security().get(path).json()["locked_until"] is not None
    assert security().post(f"{path}/unlock").json()["locked_until"] is None
    assert sign_in(client, made["first_password"]).status_code == 201


def test_a_lost_phone_is_signed_out_by_the_security_administrator(
    client: TestClient, security: Browser, database: Database
) -> None:
    person_id, token = enter(database, Role.GRID_WORKER, now=NOW)
    path = f"/v1/people/{person_id}/sessions"
    (held,) = security().get(path).json()["items"]
    assert not held["this"]
    assert security().delete(path).status_code == 204
    assert security().get(path).json()["items"] == []
    client.cookies.clear()
    show_session(client, token)
    assert client.get("/v1/me").status_code == 401


def test_who_does_not_exist_is_missing(security: Browser, system: Browser) -> None:
    path = f"/v1/people/{uuid4()}"
    for answer in (
        system().get(path),
        system().patch(path, json={"full_name": "某"}),
        system().post(f"{path}/disable"),
        system().post(f"{path}/enable"),
        security().put(f"{path}/roles", json={"roles": []}),
        security().post(f"{path}/reset", json={}),
        security().post(f"{path}/unlock"),
        security().get(f"{path}/sessions"),
        security().delete(f"{path}/sessions"),
    ):
        assert answer.status_code == 404, answer.text


def test_a_unit_is_registered_with_its_kind_and_renamed_without(
    system: Browser, security: Browser, database: Database
) -> None:
    path = "/v1/units/police:P-9"
    assert system().put(path, json={"name": "新所"}).status_code == 422
    assert system().put(path, json={"name": "新所", "kind": "police"}).status_code == 200
    changed = system().put(path, json={"name": "新派出所", "phone": "024-1"}).json()
    assert changed == {
        "code": "police:P-9",
        "name": "新派出所",
        "kind": "police",
        "phone": "024-1",
        "capacity": None,
    }
    busy = system().put(path, json={"name": "新派出所", "capacity": 40}).json()
    assert (busy["capacity"], busy["phone"]) == (40, None)
    assert system().put(path, json={"name": "新所", "capacity": 0}).status_code == 422
    system().put(path, json={"name": "新派出所", "phone": "024-1"})
    assert system().put(path, json={"name": "新所", "kind": "street"}).status_code == 422
    assert changed in security().get("/v1/units").json()["items"]
    assert deeds(database, "unit:police:P-9") == ["unit_changed"] * 4


def test_a_renamed_unit_is_named_so_when_somebody_asks_who_answers(
    district: Database, clock: SetClock, tmp_path: Path
) -> None:
    lon, lat = CENTRE
    where = {"lon": lon, "lat": lat, "datum": "wgs84"}
    clerk = enter(district, Role.CLERK, now=NOW).token
    admin = enter(district, Role.SYSTEM_ADMIN, now=NOW).token
    with site(district, clock, tmp_path) as client:
        show_session(client, clerk)
        before = client.get("/v1/route", params=where).json()["layers"]["street"]
        client.cookies.clear()
        show_session(client, admin)
        client.put(f"/v1/units/{before['unit_code']}", json={"name": "改名后的街道办"})
        client.cookies.clear()
        show_session(client, clerk)
        client.app.state.handles.editions.refresh()
        after = client.get("/v1/route", params=where).json()["layers"]["street"]
    assert after == before | {"unit_name": "改名后的街道办"}


def test_an_administrators_browser_is_of_this_site(system: Browser) -> None:
    body = {"sign_in_name": NAME, "full_name": "赵敏"}
    headers = {"Origin": "https://evil.example"}
    assert system().post("/v1/people", json=body, headers=headers).status_code == 403
