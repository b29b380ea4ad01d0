"""The second factor: what RFC 6238 says of codes, and what signing in asks of them."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.accounts.service import Newcomer, add, by_name, grant
from api.app import create_app
from api.hashing import Hashing
from api.rights.roles import Role
from api.sealing import Keyring
from api.sessions.domain import LOCK_FOR, SecondFactor, step_of
from api.sessions.service import set_password
from api.settings import Settings
from gis.database import Database
from tests.api.conftest import NOW, SetClock
from tests.api.people import SITE

NAME, PASSWORD = "zhao.qiang", "lotus kettle marble ferry"
STEP = timedelta(seconds=30)

# RFC 6238, appendix B (SHA-1); of its eight digits ours are the last six.
RFC_KEY = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.fixture(scope="module")
def kept() -> str:
    return Hashing().of(PASSWORD)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    keys = Keyring.create(tmp_path / "keys.json").path
    return Settings(home=tmp_path, keys=keys, database_url=None)


@pytest.fixture
def house(database: Database, kept: str) -> Database:
    with database.transaction() as session:
        person = add(session, Newcomer(NAME, "赵强", area_prefix="210104"), NOW)
        grant(session, person.id, [Role.CLERK], None, NOW)
        set_password(session, person.id, kept, NOW, must_change=False)
    return database


@pytest.fixture
def browser(house: Database, clock: SetClock, settings: Settings) -> Iterator[TestClient]:
    app = create_app(settings, house, clock)
    with TestClient(app, SITE, raise_server_exceptions=False, headers={"Origin": SITE}) as browser:
        yield browser


def sign_in(browser: TestClient) -> Any:
    return browser.post("/v1/sessions", json={"name": NAME, "password": PASSWORD})


def show(browser: TestClient, code: str) -> Any:
    return browser.post("/v1/sessions/second-factor", json={"code": code})


def begun(browser: TestClient) -> pyotp.TOTP:
    answer = browser.post("/v1/me/second-factor", json={"password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return pyotp.TOTP(answer.json()["secret"])


@pytest.fixture
def totp(browser: TestClient, clock: SetClock) -> pyotp.TOTP:
    """A confirmed second factor; the clock has gone on by two steps, nobody is signed in."""
    sign_in(browser)
    totp = begun(browser)
    answer = browser.post("/v1/me/second-factor/confirm", json={"code": totp.at(clock.now)})
    assert answer.status_code == 200, answer.text
    browser.post("/v1/sign-out")
    clock.now += 2 * STEP
    return totp


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES.items())
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert step_of(RFC_KEY, code[-6:], at) == seconds // 30


@pytest.mark.parametrize(("late_s", "taken"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_code_is_good_for_a_step_before_and_after(late_s: int, taken: bool) -> None:
    at = datetime.fromtimestamp(1111111111 + late_s, UTC)
    assert (step_of(RFC_KEY, "050471", at) is not None) == taken


@pytest.mark.parametrize(
    ("setting", "administrators", "others"),
    [("administrators", True, False), ("everyone", True, True), ("optional", False, False)],
)
def test_who_has_to_have_one_is_a_setting(setting: str, administrators: bool, others: bool) -> None:
    rule = SecondFactor(setting)
    assert rule.required([Role.SECURITY_ADMIN]) == administrators
    assert rule.required([Role.CLERK]) == others


def test_a_confirmed_factor_is_asked_for_and_the_password_alone_opens_nothing(
    browser: TestClient, clock: SetClock, totp: pyotp.TOTP
) -> None:
    assert sign_in(browser).json() == {"pending": True}
    assert browser.get("/v1/me").status_code == 401
    waiting = browser.cookies["__Host-session"]
    assert show(browser, totp.at(clock.now)).json()["name"] == "赵强"
    assert browser.get("/v1/me").status_code == 200
    assert browser.cookies["__Host-session"] != waiting, "the token is a new one"


def test_a_code_works_once(browser: TestClient, clock: SetClock, totp: pyotp.TOTP) -> None:
    code = totp.at(clock.now)
    sign_in(browser)
    assert show(browser, code).status_code == 201
    browser.post("/v1/sign-out")
    sign_in(browser)
    assert show(browser, code).status_code == 401


def test_a_password_waits_five_minutes_for_its_code(
    browser: TestClient, clock: SetClock, totp: pyotp.TOTP
) -> None:
    sign_in(browser)
    clock.now += timedelta(minutes=5, seconds=1)
    assert show(browser, totp.at(clock.now)).status_code == 401


def test_guessing_codes_locks_out_even_whoever_knows_the_password(
    browser: TestClient, clock: SetClock, totp: pyotp.TOTP
) -> None:
    wrong = f"{(int(totp.at(clock.now)) + 7) % 1_000_000:06d}"
    for _ in range(5):
        assert sign_in(browser).status_code == 201
        assert show(browser, wrong).status_code == 401
        clock.now += timedelta(minutes=1)
    assert sign_in(browser).status_code == 401
    clock.now += LOCK_FOR
    sign_in(browser)
    assert show(browser, totp.at(clock.now)).status_code == 201


def test_an_unconfirmed_secret_is_not_asked_for(browser: TestClient) -> None:
    sign_in(browser)
    begun(browser)
    browser.post("/v1/sign-out")
    assert sign_in(browser).json()["name"] == "赵强"


def test_setting_it_up_needs_the_password_again(browser: TestClient) -> None:
    sign_in(browser)
    answer = browser.post("/v1/me/second-factor", json={"password": "not mine at all"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "password"


def test_a_confirmed_factor_is_not_replaced_in_passing(
    browser: TestClient, clock: SetClock, totp: pyotp.TOTP
) -> None:
    sign_in(browser)
    show(browser, totp.at(clock.now))
    answer = browser.post("/v1/me/second-factor", json={"password": PASSWORD})
    assert answer.status_code == 409


def test_confirming_ends_the_other_devices(browser: TestClient, clock: SetClock) -> None:
    sign_in(browser)
    other = browser.cookies["__Host-session"]
    sign_in(browser)
    totp = begun(browser)
    browser.post("/v1/me/second-factor/confirm", json={"code": totp.at(clock.now)})
    assert browser.get("/v1/me").status_code == 200
    headers = {"Cookie": f"__Host-session={other}"}
    browser.cookies.clear()
    assert browser.get("/v1/me", headers=headers).status_code == 401


def test_an_administrator_does_nothing_before_it_is_set_up(
    browser: TestClient, house: Database, clock: SetClock
) -> None:
    with house.transaction() as session:
        person = by_name(session, NAME)
        assert person is not None
        grant(session, person.id, [Role.AUDIT_ADMIN], None, NOW)
    assert sign_in(browser).json()["owes"] == ["second_factor"]
    assert browser.get("/v1/audit").status_code == 403
    totp = begun(browser)
    confirmed = browser.post("/v1/me/second-factor/confirm", json={"code": totp.at(clock.now)})
    assert confirmed.json()["owes"] == []
    assert browser.get("/v1/audit").status_code == 200
    clock.now += STEP
    body = {"password": PASSWORD, "code": totp.at(clock.now)}
    assert browser.post("/v1/me/second-factor/remove", json=body).status_code == 403


def test_whoever_may_do_without_takes_it_away_with_password_and_code(
    browser: TestClient, clock: SetClock, totp: pyotp.TOTP
) -> None:
    sign_in(browser)
    show(browser, totp.at(clock.now))
    clock.now += STEP
    body = {"password": PASSWORD, "code": totp.at(clock.now)}
    assert browser.post("/v1/me/second-factor/remove", json=body).status_code == 204
    assert browser.get("/v1/me/second-factor").json() == {"confirmed": False, "required": False}
    assert sign_in(browser).json()["pending"] is False


def test_taking_it_away_ends_the_other_devices(
    browser: TestClient, clock: SetClock, totp: pyotp.TOTP
) -> None:
    sign_in(browser)
    show(browser, totp.at(clock.now))
    other = browser.cookies["__Host-session"]
    clock.now += STEP
    sign_in(browser)
    show(browser, totp.at(clock.now))
    clock.now += STEP
    body = {"password": PASSWORD, "code": totp.at(clock.now)}
    assert browser.post("/v1/me/second-factor/remove", json=body).status_code == 204
    browser.cookies.clear()
    headers = {"Cookie": f"__Host-session={other}"}
    assert browser.get("/v1/me", headers=headers).status_code == 401


def test_the_secret_is_kept_sealed(browser: TestClient, house: Database) -> None:
    sign_in(browser)
    secret = begun(browser).secret
    with house.transaction() as session:
        rows = str(session.execute(text("SELECT * FROM credential")).all())
        rows += str(session.execute(text("SELECT * FROM audit_entry")).all())
    assert secret not in rows


def test_the_picture_for_the_app_says_the_same_as_the_words(browser: TestClient) -> None:
    sign_in(browser)
    answer = browser.post("/v1/me/second-factor", json={"password": PASSWORD}).json()
    assert answer["qr"].startswith("data:image/svg+xml")
    assert answer["uri"].startswith("otpauth://totp/%E6%9E%AB%E6%A1%A5:zhao.qiang?secret=")
    assert pyotp.parse_uri(answer["uri"]).secret == answer["secret"]


def test_without_keys_it_is_said_what_to_do(
    house: Database, clock: SetClock, tmp_path: Path
) -> None:
    app = create_app(Settings(home=tmp_path / "bare", database_url=None), house, clock)
    with TestClient(app, SITE, raise_server_exceptions=False, headers={"Origin": SITE}) as browser:
        sign_in(browser)
        answer = browser.post("/v1/me/second-factor", json={"password": PASSWORD})
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/keys"
    assert "fengqiao keys create" in answer.json()["errors"][0]["mend"]["en"]
