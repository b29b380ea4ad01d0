"""Asks an OpenID provider who somebody is (OpenID Connect Core 1.0, code flow with PKCE)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.provider import service
from api.provider.domain import ALGORITHMS, Attempt, Vouched, is_safe
from api.refusals import Away, NotSignedIn, TooMany
from api.sessions.door import ANONYMOUS, OFTEN
from api.throttle import Throttle
from gis.database import Database
from gis.wording import Wording

DISCOVERY = "/.well-known/openid-configuration"
WAIT_AT_MOST_S = 5.0
CLOCKS_APART_S = 60
SECRET_BYTES = 32
EACH_ADDRESS, WINDOW = 30, timedelta(minutes=1)

AWAY = Wording(
    "统一身份认证没有应答，请稍后再试，或用登录名和密码登录",
    "The identity provider does not answer: try again later, or sign in with name and password",
)
UNSOUND = Wording(
    "统一身份认证的回答无法采信，请重新登录；再次出现请告知系统管理员",
    "The provider's answer cannot be trusted: sign in again; if it recurs tell the administrator",
)
STRAYED = Wording(
    "这次登录不是从这个浏览器开始的，或已超时，请重新登录",
    "This sign-in was not begun in this browser, or is too old: sign in again",
)
NO_SECRET = Wording(
    "读不到 FENGQIAO_OIDC_CLIENT_SECRET_FILE 指定的文件，请告知系统管理员",
    "The file of FENGQIAO_OIDC_CLIENT_SECRET_FILE cannot be read: tell the administrator",
)
UNLINKED = Wording(
    "这个统一认证账号没有关联到本系统的人员，请联系安全管理员",
    "Nobody here is linked to this account: ask the security administrator",
)


@dataclass(frozen=True)
class Registered:
    """How this application is registered with the provider; the secret is read when needed."""

    issuer: str
    client_id: str
    secret_file: Path | None
    return_url: str


class Answer(NamedTuple):
    """What the provider sends back by the browser; nothing of it is trusted yet."""

    state: str
    code: str


class Entering(NamedTuple):
    """Somebody who may come in, and whether a second factor was shown to the provider."""

    person_id: UUID
    second_factor: bool


class ProviderDoor:
    """One provider. What it says of itself is read when first needed, its keys at each sign-in."""

    def __init__(self, database: Database, registered: Registered) -> None:
        self._database = database
        self.issuer = registered.issuer
        self._registered = registered
        self._described: Mapping[str, Any] | None = None
        self._by_address = Throttle(EACH_ADDRESS, WINDOW)

    def begin(self, address: str, now: datetime) -> tuple[Attempt, str]:
        """A new attempt and where to send the browser. Raises Away, TooMany."""
        self._require_patience(address, now)
        attempt = Attempt(secrets.token_urlsafe(SECRET_BYTES))
        with self._client() as client:
            url, _ = client.create_authorization_url(
                self._describe()["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return attempt, str(url)

    def finish(self, attempt: Attempt, answer: Answer, address: str, now: datetime) -> Entering:
        """Whom the provider vouches for. Raises NotSignedIn, Away, TooMany."""
        self._require_patience(address, now)
        try:
            vouched = self._vouched(attempt, answer, now)
            return Entering(self._linked(vouched), vouched.second_factor)
        except NotSignedIn:
            with self._database.transaction() as session:
                record(session, [Entry(Deed.SIGN_IN_FAILED, ANONYMOUS, "", "person:unknown")], now)
            raise

    def _linked(self, vouched: Vouched) -> UUID:
        with self._database.transaction() as session:
            person_id = service.person_of(session, vouched.subject)
        if person_id is None:
            raise NotSignedIn(UNLINKED)
        return person_id

    def _vouched(self, attempt: Attempt, answer: Answer, now: datetime) -> Vouched:
        if not attempt.fits(answer.state):
            raise NotSignedIn(STRAYED)
        try:
            token = self._redeemed(attempt, answer.code)
            claims = self._checked(token, attempt.nonce, now)
        except requests.JSONDecodeError as error:
            raise NotSignedIn(UNSOUND) from error
        except requests.RequestException as error:
            raise Away(AWAY) from error
        except (AuthlibBaseError, JoseError, ValueError) as error:
            raise NotSignedIn(UNSOUND) from error
        return Vouched.of(self.issuer, claims)

    def _require_patience(self, address: str, now: datetime) -> None:
        wait = self._by_address.wait(address, now)
        if wait:
            raise TooMany(OFTEN, wait.total_seconds())

    def _redeemed(self, attempt: Attempt, code: str) -> str:
        """The signed token for a code, which the provider gives once."""
        url = self._describe()["token_endpoint"]
        with self._client() as client:
            answer = client.fetch_token(url, code=code, code_verifier=attempt.verifier)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ValueError("no id_token")  # noqa: TRY004 - not our type but their answer
        return token

    def _checked(self, token: str, nonce: str, now: datetime) -> Mapping[str, Any]:
        """The claims of a token that is signed by this provider, for us, now, for this attempt."""
        keys = KeySet.import_key_set(_fetched(self._describe()["jwks_uri"]))
        found = jwt.decode(token, keys, algorithms=ALGORITHMS)
        client_id = self._registered.client_id
        wanted = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": client_id},
        }
        params = {"nonce": nonce, "client_id": client_id}
        claims = CodeIDToken(found.claims, found.header, wanted, params)
        claims.validate(int(now.timestamp()), CLOCKS_APART_S)
        return found.claims

    def _describe(self) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0, 4). Raises Away."""
        if self._described is None:
            try:
                said = _fetched(self.issuer.rstrip("/") + DISCOVERY)
            except (requests.RequestException, ValueError) as error:
                raise Away(AWAY) from error
            self._described = _sound(said, self.issuer)
        return self._described

    def _client(self) -> OAuth2Session:
        known = self._registered
        secret = None if known.secret_file is None else _read(known.secret_file)
        return OAuth2Session(
            known.client_id,
            secret,
            token_endpoint_auth_method="none" if secret is None else "client_secret_basic",
            scope="openid",
            redirect_uri=known.return_url,
            code_challenge_method="S256",
            default_timeout=WAIT_AT_MOST_S,
        )


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError as error:
        raise Away(NO_SECRET) from error


def _fetched(url: str) -> Any:  # noqa: ANN401 - whatever their JSON holds
    """What an address answers. Raises requests.RequestException."""
    answer = requests.get(url, timeout=WAIT_AT_MOST_S, allow_redirects=False)
    answer.raise_for_status()
    return answer.json()


def _sound(said: object, issuer: str) -> Mapping[str, str]:
    """The provider's description, if it is its own and nobody on the way reads along."""
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if not isinstance(said, dict) or said.get("issuer") != issuer:
        raise Away(AWAY)
    found = {name: str(said.get(name, "")) for name in names}
    if not all(map(is_safe, found.values())):
        raise Away(AWAY)
    return found
