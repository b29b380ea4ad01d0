"""Signing in as people and attackers do it, over HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.accounts.service import Newcomer, add, grant
from api.app import create_app
from api.hashing import Hashing
from api.rights.roles import Role
from api.sessions.domain import LOCK_FOR
from api.sessions.service import set_password
from api.settings import Settings
from gis.database import Database
from tests.api.conftest import NOW, SetClock

NAME, PASSWORD = "wang.li", "lotus kettle marble ferry"
SITE = "https://testserver"
NEXT = "seven quiet herons on ice"


@pytest.fixture(scope="module")
def kept() -> str:
    return Hashing().of(PASSWORD)


@pytest.fixture
def house(database: Database, kept: str) -> Database:
    with database.transaction() as session:
        person = add(session, Newcomer(NAME, "王丽", area_prefix="210104"), NOW)
        grant(session, person.id, [Role.CLERK], None, NOW)
        set_password(session, person.id, kept, NOW, must_change=False)
    return database


@pytest.fixture
def browser(house: Database, clock: SetClock, tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(Settings(home=tmp_path, database_url=None), house, clock)
    with TestClient(app, SITE, raise_server_exceptions=False, headers={"Origin": SITE}) as browser:
        yield browser


def sign_in(browser: TestClient, password: str = PASSWORD, name: str = NAME) -> Any:
    return browser.post("/v1/sessions", json={"name": name, "password": password})


def with_cookie(browser: TestClient, token: str) -> int:
    """How whoever holds only this cookie is answered."""
    return browser.get("/v1/me", headers={"Cookie": f"__Host-session={token}"}).status_code


def deeds(house: Database) -> list[str]:
    with house.transaction() as session:
        return list(session.scalars(text("SELECT deed FROM audit_entry ORDER BY id")))


def test_the_right_password_opens_a_session_that_lasts(browser: TestClient) -> None:
    answer = sign_in(browser)
    assert answer.status_code == 201, answer.text
    me = browser.get("/v1/me").json()
    assert (me["name"], me["area_prefix"], me["owes"]) == ("王丽", "210104", [])
    assert [role["role"] for role in me["roles"]] == ["clerk"]


def test_no_script_and_no_other_site_reads_or_sends_the_cookie(browser: TestClient) -> None:
    cookie = sign_in(browser).headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    words = {word.strip().lower() for word in cookie.split(";")[1:]}
    assert {"secure", "httponly", "samesite=strict", "path=/"} <= words
    assert not any(word.startswith("domain") for word in words)


def test_whoever_is_not_signed_in_is_told_so(browser: TestClient) -> None:
    answer = browser.get("/v1/me")
    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/not-signed-in"


def test_a_wrong_name_is_answered_like_a_wrong_password(browser: TestClient) -> None:
    wrong, unknown = sign_in(browser, "wrong"), sign_in(browser, name="nobody.here")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.json() == unknown.json()


def test_five_failures_lock_out_even_the_right_password(
    browser: TestClient, clock: SetClock, house: Database
) -> None:
    for _ in range(5):
        assert sign_in(browser, "wrong").status_code == 401
    assert sign_in(browser).status_code == 401
    clock.now += LOCK_FOR + timedelta(seconds=1)
    assert sign_in(browser).status_code == 201
    assert deeds(house)[:5] == ["sign_in_failed"] * 4 + ["locked_out"]


def test_guessing_on_does_not_lock_anybody_out_for_longer(
    browser: TestClient, clock: SetClock
) -> None:
    for _ in range(5):
        sign_in(browser, "wrong")
    clock.now += LOCK_FOR - timedelta(minutes=1)
    for _ in range(5):
        assert sign_in(browser, "wrong").status_code == 401
    clock.now += timedelta(minutes=2)
    assert sign_in(browser).status_code == 201


def test_credentials_of_another_kind_do_not_excuse_another_site(browser: TestClient) -> None:
    sign_in(browser)
    headers = {"Origin": "https://evil.example", "Authorization": "Basic eDp5"}
    assert browser.post("/v1/sign-out", headers=headers).status_code == 403


def test_a_storm_on_one_name_is_refused_before_any_hash(browser: TestClient) -> None:
    answers = [sign_in(browser, "wrong", name="nobody.here") for _ in range(12)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 2
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


def test_neither_password_nor_token_is_answered_or_written_down(
    browser: TestClient, house: Database
) -> None:
    answer = sign_in(browser)
    token = browser.cookies["__Host-session"]
    with house.transaction() as session:
        kept = str(session.execute(text("SELECT * FROM audit_entry")).all())
        kept += str(session.execute(text("SELECT * FROM account_session")).all())
    assert PASSWORD not in answer.text + kept
    assert token not in answer.text + kept


def test_a_change_sent_by_another_site_is_refused(browser: TestClient) -> None:
    sign_in(browser)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ):
        assert browser.post("/v1/sign-out", headers=headers).status_code == 403
    assert browser.get("/v1/me").status_code == 200


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(browser: TestClient) -> None:
    sign_in(browser)
    token = browser.cookies["__Host-session"]
    assert browser.post("/v1/sign-out").status_code == 204
    browser.cookies.clear()
    assert with_cookie(browser, token) == 401


def test_a_lost_phone_is_signed_out_from_the_desk(browser: TestClient, house: Database) -> None:
    body = {"name": NAME, "password": PASSWORD, "phone": True}
    assert browser.post("/v1/sessions", json=body).status_code == 201
    phone = browser.cookies["__Host-session"]
    browser.cookies.clear()
    sign_in(browser)
    items = browser.get("/v1/sessions").json()["items"]
    (lost,) = [each for each in items if not each["this"]]
    assert lost["device"] == "phone"
    assert browser.delete(f"/v1/sessions/{lost['id']}").status_code == 204
    assert browser.get("/v1/me").status_code == 200
    browser.cookies.clear()
    assert with_cookie(browser, phone) == 401
    assert "session_revoked" in deeds(house)


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(
    browser: TestClient, house: Database
) -> None:
    sign_in(browser)
    other = browser.cookies["__Host-session"]
    browser.cookies.clear()
    sign_in(browser)
    wrong = browser.put("/v1/me/password", json={"old": "wrong", "new": NEXT})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["where"] == "old"
    weak = browser.put("/v1/me/password", json={"old": PASSWORD, "new": "password1234"})
    assert weak.status_code == 422
    changed = browser.put("/v1/me/password", json={"old": PASSWORD, "new": NEXT})
    assert changed.status_code == 200, changed.text
    assert browser.get("/v1/me").status_code == 200
    browser.cookies.clear()
    assert with_cookie(browser, other) == 401
    assert sign_in(browser).status_code == 401
    assert sign_in(browser, NEXT).status_code == 201
    assert "password_changed" in deeds(house)


def test_a_role_without_the_right_is_refused_and_the_attempt_written_down(
    browser: TestClient, house: Database
) -> None:
    sign_in(browser)
    assert browser.get("/v1/audit").status_code == 403
    with house.transaction() as session:
        subjects = session.scalars(text("SELECT subject FROM audit_entry WHERE deed = 'denied'"))
        assert list(subjects) == ["route:GET /v1/audit"]


def change(browser: TestClient, old: str, new: str) -> Any:
    return browser.put("/v1/me/password", json={"old": old, "new": new})


def test_a_password_is_not_changed_to_itself(browser: TestClient) -> None:
    sign_in(browser)
    answer = change(browser, PASSWORD, PASSWORD)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "password"


def test_a_phone_stays_a_phone_when_its_owner_changes_the_password(browser: TestClient) -> None:
    browser.post("/v1/sessions", json={"name": NAME, "password": PASSWORD, "phone": True})
    assert change(browser, PASSWORD, NEXT).status_code == 200
    (held,) = browser.get("/v1/sessions").json()["items"]
    assert held["device"] == "phone"


def test_signing_out_lets_the_browser_forget_what_was_read(browser: TestClient) -> None:
    sign_in(browser)
    answer = browser.post("/v1/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_nobody_asks_without_end(house: Database, clock: SetClock, tmp_path: Path) -> None:
    few = Settings(home=tmp_path, database_url=None, requests_per_minute=60)
    app = create_app(few, house, clock)
    with TestClient(app, SITE, headers={"Origin": SITE}) as browser:
        sign_in(browser)
        statuses = [browser.get("/v1/me").status_code for _ in range(61)]
        assert (statuses[59], statuses[60]) == (200, 429)
        clock.now += timedelta(minutes=1)
        assert browser.get("/v1/me").status_code == 200
