"""Signing in by an OpenID provider, with a real one, and with one that lies."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey
from sqlalchemy import text
from starlette.testclient import TestClient

from api.accounts.service import Newcomer, add, disable, grant
from api.app import create_app
from api.hashing import Hashing
from api.provider.domain import Attempt, Vouched, full_subject, is_safe
from api.refusals import BadInput
from api.rights.roles import Role
from api.sessions.models import Credential
from api.sessions.service import set_password
from api.settings import Settings
from gis.database import Database
from tests.api.conftest import NOW, SetClock
from tests.api.people import SITE, enter, show_session
from tests.api.provider.little import CLIENT, SECRET, Provider, running

RETURN = f"{SITE}/sign-in/oidc/return"


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "first"})


@pytest.fixture
def provider(key: RSAKey) -> Iterator[Provider]:
    with running(Provider(key=key)) as provider:
        yield provider


@pytest.fixture
def settings(provider: Provider, tmp_path: Path) -> Settings:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    return Settings(
        home=tmp_path,
        database_url=None,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret_file=secret,
        oidc_return_url=RETURN,
    )


@pytest.fixture
def browser(database: Database, clock: SetClock, settings: Settings) -> Iterator[TestClient]:
    app = create_app(settings, database, clock)
    words = {"Origin": SITE}
    with TestClient(
        app, SITE, raise_server_exceptions=False, headers=words, follow_redirects=False
    ) as client:
        yield client


def registered(database: Database, provider: Provider, role: Role = Role.CLERK) -> UUID:
    """A person who is linked to the provider's account 7001 and has no password here."""
    with database.transaction() as session:
        person = add(session, Newcomer("wang.li", "王丽", area_prefix="210104"), NOW)
        grant(session, person.id, [role], None, NOW)
        person.provider_subject = full_subject(provider.issuer, "7001")
        return person.id


def come_back(browser: TestClient, provider: Provider) -> Any:
    """Sign in there and come back."""
    leading = browser.get("/sign-in/oidc")
    assert leading.status_code == 303, leading.text
    return browser.get(f"/sign-in/oidc/return?{provider.agree(leading.headers['location'])}")


def deeds(database: Database) -> list[str]:
    with database.transaction() as session:
        return list(session.scalars(text("SELECT deed FROM audit_entry ORDER BY id")))


def test_whom_the_provider_vouches_for_comes_in(
    browser: TestClient, provider: Provider, database: Database
) -> None:
    registered(database, provider)
    answer = come_back(browser, provider)
    assert answer.status_code == 200, answer.text
    assert browser.get("/v1/me").json()["name"] == "王丽"
    assert deeds(database) == ["sign_in"]


def test_the_page_goes_on_by_itself_so_that_the_strict_cookie_comes_along(
    browser: TestClient, provider: Provider, database: Database
) -> None:
    registered(database, provider)
    answer = come_back(browser, provider)
    assert '<meta http-equiv="refresh" content="0;url=/">' in answer.text
    strict = [c for c in answer.headers.get_list("set-cookie") if c.startswith("__Host-session=")]
    assert "samesite=strict" in strict[0].lower()


def test_a_public_client_needs_no_secret(
    provider: Provider, settings: Settings, database: Database, clock: SetClock
) -> None:
    provider.secret = None
    registered(database, provider)
    app = create_app(settings.model_copy(update={"oidc_client_secret_file": None}), database, clock)
    with TestClient(app, SITE, follow_redirects=False) as browser:
        assert come_back(browser, provider).status_code == 200


def test_elliptic_signatures_are_taken_too(
    browser: TestClient, provider: Provider, database: Database
) -> None:
    registered(database, provider)
    provider.key, provider.algorithm = ECKey.generate_key("P-256", {"kid": "first"}), "ES256"
    assert come_back(browser, provider).status_code == 200


def test_nobody_is_registered_by_signing_in(
    browser: TestClient, provider: Provider, database: Database
) -> None:
    answer = come_back(browser, provider)
    assert answer.status_code == 401
    assert "安全管理员" in answer.json()["detail"]
    assert deeds(database) == ["sign_in_failed"]


def test_a_disabled_person_stays_out(
    browser: TestClient, provider: Provider, database: Database
) -> None:
    person_id = registered(database, provider)
    with database.transaction() as session:
        disable(session, person_id, NOW)
    assert come_back(browser, provider).status_code == 401


def _other_key(provider: Provider) -> None:
    provider.signing = RSAKey.generate_key(2048, {"kid": "first"})


def _by_client_secret(provider: Provider) -> None:
    provider.algorithm = "HS256"
    provider.signing = OctKey.import_key(SECRET * 3, {"kid": "first"})


def _unsigned(provider: Provider) -> None:
    provider.algorithm = "none"


def _claiming(**claims: Any) -> Callable[[Provider], None]:
    def lie(provider: Provider) -> None:
        provider.claims = claims

    return lie


LIES = {
    "signed by another key": _other_key,
    "signed by the client's secret": _by_client_secret,
    "not signed": _unsigned,
    "for another attempt": _claiming(nonce="another"),
    "for no attempt": _claiming(nonce=None),
    "for another application": _claiming(aud="somebody-else"),
    "for several, not ours first": _claiming(aud=[CLIENT, "other"], azp="other"),
    "by another provider": _claiming(iss="https://evil.example"),
    "too old": _claiming(exp=int((NOW - timedelta(minutes=5)).timestamp())),
    "without an end": _claiming(exp=None),
    "without a subject": _claiming(sub=None),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_token_that_is_not_sound_opens_nothing(
    browser: TestClient, provider: Provider, database: Database, lie: Callable[[Provider], None]
) -> None:
    registered(database, provider)
    lie(provider)
    answer = come_back(browser, provider)
    assert answer.status_code == 401, answer.text
    assert browser.get("/v1/me").status_code == 401
    assert deeds(database) == ["sign_in_failed"]


def test_the_answer_to_another_browser_is_refused(
    browser: TestClient, provider: Provider, database: Database
) -> None:
    registered(database, provider)
    words = provider.agree(browser.get("/sign-in/oidc").headers["location"])
    browser.cookies.clear()
    assert browser.get(f"/sign-in/oidc/return?{words}").status_code == 401
    browser.get("/sign-in/oidc")
    assert browser.get(f"/sign-in/oidc/return?{words}").status_code == 401
    assert provider.waiting, "the code was not even shown to the provider"


def test_nobody_is_signed_in_who_has_not_begun_it_here(
    browser: TestClient, provider: Provider, database: Database
) -> None:
    """Else somebody could sign a victim in under their own name, by a link."""
    registered(database, provider)
    forged = Attempt("")
    begun = urlsplit(browser.get("/sign-in/oidc").headers["location"])
    asked = dict(parse_qsl(begun.query))
    digest = hashlib.sha256(forged.verifier.encode()).digest()
    asked |= {"state": forged.state, "nonce": forged.nonce}
    asked["code_challenge"] = urlsafe_b64encode(digest).rstrip(b"=").decode()
    words = provider.agree(begun._replace(query=urlencode(asked)).geturl())
    for cookie in (None, ""):
        browser.cookies.clear()
        if cookie is not None:
            browser.cookies.set("__Host-attempt", cookie)
        answer = browser.get(f"/sign-in/oidc/return?{words}")
        assert answer.status_code == 401
        assert "__Host-session" not in browser.cookies


def test_who_has_no_password_here_cannot_change_it_and_is_told_so(
    browser: TestClient, provider: Provider, database: Database
) -> None:
    registered(database, provider)
    come_back(browser, provider)
    body = {"old": "whatever it was", "new": "seven quiet herons on ice"}
    answer = browser.put("/v1/me/password", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "old")
    confirmed = browser.post("/v1/me/second-factor/confirm", json={"code": "123456"})
    assert (confirmed.status_code, confirmed.json()["errors"][0]["where"]) == (422, "code")


def test_a_code_works_once(browser: TestClient, provider: Provider, database: Database) -> None:
    registered(database, provider)
    leading = browser.get("/sign-in/oidc")
    words = provider.agree(leading.headers["location"])
    secret = browser.cookies["__Host-attempt"]
    assert browser.get(f"/sign-in/oidc/return?{words}").status_code == 200
    browser.cookies.clear()
    browser.cookies.set("__Host-attempt", secret)
    assert browser.get(f"/sign-in/oidc/return?{words}").status_code == 401


def test_what_the_address_shows_does_not_tell_the_secret() -> None:
    attempt = Attempt("a secret")
    shown = {attempt.state, attempt.nonce, attempt.verifier}
    assert len(shown) == 3
    assert all(len(each) == 43 and attempt.secret not in each for each in shown)


@pytest.mark.parametrize("said", [{"amr": ["pwd", "mfa"]}, {"acr": "mfa"}])
def test_a_second_factor_shown_there_counts_here(
    browser: TestClient, provider: Provider, database: Database, said: dict[str, Any]
) -> None:
    registered(database, provider, Role.AUDIT_ADMIN)
    provider.claims = said
    assert come_back(browser, provider).status_code == 200
    assert browser.get("/v1/me").json()["owes"] == []


def test_without_one_there_ours_is_asked_for(
    browser: TestClient, provider: Provider, database: Database
) -> None:
    person_id = registered(database, provider, Role.AUDIT_ADMIN)
    with database.transaction() as session:
        set_password(session, person_id, Hashing().of("any"), NOW, must_change=False)
        session.get_one(Credential, person_id).totp_confirmed_at = NOW
    answer = come_back(browser, provider)
    assert "/sign-in#code" in answer.text
    assert browser.get("/v1/me").status_code == 401


def test_an_administrator_without_any_second_factor_stays_out(
    browser: TestClient, provider: Provider, database: Database
) -> None:
    registered(database, provider, Role.AUDIT_ADMIN)
    assert come_back(browser, provider).status_code == 401
    assert browser.get("/v1/me").status_code == 401


def test_an_administrator_with_a_password_has_to_set_one_up(
    browser: TestClient, provider: Provider, database: Database
) -> None:
    person_id = registered(database, provider, Role.AUDIT_ADMIN)
    with database.transaction() as session:
        set_password(session, person_id, Hashing().of("any"), NOW, must_change=False)
    assert come_back(browser, provider).status_code == 200
    assert browser.get("/v1/me").json()["owes"] == ["second_factor"]


def test_a_provider_that_is_away_is_named_and_passwords_go_on(
    settings: Settings, database: Database, clock: SetClock
) -> None:
    words = {"oidc_issuer": "http://127.0.0.1:9"}
    with TestClient(create_app(settings.model_copy(update=words), database, clock), SITE) as client:
        answer = client.get("/sign-in/oidc")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/provider-away")
        assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    "said",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}],
)
def test_a_description_that_is_not_its_own_is_refused(
    browser: TestClient, provider: Provider, said: dict[str, str]
) -> None:
    provider.describes = said
    assert browser.get("/sign-in/oidc").status_code == 503


def test_a_secret_that_cannot_be_read_is_said(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    words = {"oidc_client_secret_file": tmp_path / "gone"}
    with TestClient(create_app(settings.model_copy(update=words), database), SITE) as client:
        answer = client.get("/sign-in/oidc")
    assert answer.status_code == 503
    assert "FENGQIAO_OIDC_CLIENT_SECRET_FILE" in answer.json()["detail"]


def test_the_sign_in_page_offers_it_by_its_title(browser: TestClient, client: TestClient) -> None:
    assert "统一身份认证" in browser.get("/sign-in").text
    assert "统一身份认证" not in client.get("/sign-in").text


def test_without_a_provider_there_is_none(client: TestClient) -> None:
    assert client.get("/sign-in/oidc").status_code == 404


def test_the_settings_have_to_be_whole_and_safe(database: Database, settings: Settings) -> None:
    for words in ({"oidc_client_id": None}, {"oidc_issuer": "http://id.example"}):
        with pytest.raises(BadInput, match="FENGQIAO_OIDC_ISSUER"):
            create_app(settings.model_copy(update=words), database)
    assert is_safe("https://id.example")


def test_the_security_administrator_links_others_and_their_sessions_end(
    browser: TestClient, provider: Provider, database: Database
) -> None:
    admin, token = enter(database, Role.SECURITY_ADMIN, now=NOW)
    other, others = enter(database, Role.CLERK, now=NOW)
    third, _ = enter(database, Role.CLERK, now=NOW)
    show_session(browser, token)
    said = {"subject": "7001"}
    assert browser.put(f"/v1/people/{other}/provider", json=said).status_code == 204
    assert browser.put(f"/v1/people/{third}/provider", json=said).status_code == 409
    assert browser.put(f"/v1/people/{admin}/provider", json=said).status_code == 403
    show_session(browser, others)
    assert browser.get("/v1/me").status_code == 401
    browser.cookies.clear()
    assert come_back(browser, provider).status_code == 200
    assert deeds(database) == ["person_changed", "sign_in"]


def test_a_subject_counts_only_with_its_issuer() -> None:
    one, other = (Vouched.of(issuer, {"sub": "1"}) for issuer in ("https://a", "https://b"))
    assert one.subject != other.subject
    assert not one.second_factor
