"""Lets people in, recognises them later, and writes down whom the gate turned away."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.hashing import Hashing
from api.refusals import BadInput, Fault, NotSignedIn, TooMany
from api.rights.roles import Who
from api.sealing import Keyring, context
from api.sessions import service
from api.sessions.domain import Device, step_of
from api.sessions.models import Credential
from api.sessions.service import TOKEN_MARK, Known, Opening, Origin, Rules, hashed
from api.throttle import Throttle
from gis.database import Database
from gis.wording import Wording

COOKIE = "__Host-session"
BEARER = "Bearer "
ANONYMOUS = "anonymous"

# An open page asks by itself again and again; that alone is no use of the session.
UNATTENDED = "X-Unattended"

EACH_ADDRESS, EACH_NAME = 30, 10
WINDOW = timedelta(minutes=1)

# The same words for a wrong name, a wrong password and a locked account: they tell no stranger
# which names there are (ASVS 5.0, 6.3.8).
WRONG = Wording(
    "登录名或密码不正确；连续 5 次错误后锁定 15 分钟",
    "wrong name or password; after 5 failures in a row an account is locked for 15 minutes",
)
WRONG_OLD = Wording("不是现在的密码", "is not the password in use")
TYPE_AGAIN = Wording("重新输入，或请安全管理员重置", "type it again, or have it reset")
NO_PASSWORD = Wording("您在本系统没有密码", "is none: you have no password here")
COME_IN_ELSEWHERE = Wording("通过统一身份认证登录", "sign in at your identity provider")
WRONG_CODE = Wording("验证码不正确或已用过", "the code is wrong, or was used before")
NEXT_CODE = Wording("等待下一个验证码", "wait for the next code")
TOO_LATE = Wording("登录已超时，请重新输入密码", "too late: type the password again")
PROVE_MORE = Wording(
    "您的角色必须使用双因素验证，请在统一身份认证中启用",
    "your role has to have a second factor: set it up with the identity provider",
)
OFTEN = Wording("尝试过于频繁，请稍后再试", "too many attempts, try again later")


class Opened(NamedTuple):
    """A session that was opened; ``who`` is None while the second factor is still to be shown."""

    token: str
    who: Who | None


class SessionDoor:
    """The doorkeeper of `api.rights.gate`, on sessions and tokens kept in PostgreSQL."""

    def __init__(self, database: Database, rules: Rules, keyring: Callable[[], Keyring]) -> None:
        self._database = database
        self._rules = rules
        self._keyring = keyring
        self._by_address = Throttle(EACH_ADDRESS, WINDOW)
        self._by_name = Throttle(EACH_NAME, WINDOW)
        self.hashing = Hashing()

    def recognise(self, request: Request, now: datetime) -> Who | None:
        """The asker; None where nothing valid is presented."""
        words = request.headers.get("authorization", "")
        if words.startswith(BEARER + TOKEN_MARK):
            with self._database.transaction() as session:
                return service.of_token(session, words.removeprefix(BEARER), now)
        token = request.cookies.get(COOKIE)
        if not token:
            return None
        with self._database.transaction() as session:
            attended = UNATTENDED not in request.headers
            return service.of_session(session, token, now, self._rules, attended=attended)

    def turned_away(self, who: Who, subject: str, now: datetime) -> None:
        """Write the denied attempt down; ``subject`` names a route by its pattern, or a case."""
        with self._database.transaction() as session:
            record(session, [Entry(Deed.DENIED, str(who.id), who.name, subject)], now)

    def sign_in(
        self, name: str, password: str, device: Device, origin: Origin, *, now: datetime
    ) -> Opened:
        """Open a session by password. Raises NotSignedIn, TooMany.

        Attempts are counted before the password is hashed, which is what costs. Failures are only
        forgotten when all is shown: whoever knows a password must not guess codes without end.
        """
        self.require_patience(origin.address, name, now)
        with self._database.transaction() as session:
            known = service.known(session, name)
        if not self._proven(known, password, now) or known is None:
            self._note_failure(known, now)
            raise NotSignedIn(WRONG)
        waits = known.credential.totp_confirmed_at is not None
        opening = Opening(known.person.id, device, origin, pending=waits)
        with self._database.transaction() as session:
            token = service.begin(session, opening, self._rules.life_of, now)
            return Opened(token, None if waits else self._entered(session, token, now))

    def vouched_for(
        self, person_id: UUID, origin: Origin, *, second_factor: bool, now: datetime
    ) -> Opened:
        """Open a session for whom an identity provider vouches. Raises NotSignedIn.

        Our own second factor is asked for unless the provider says that one was shown there.
        """
        with self._database.transaction() as session:
            credential = session.get(Credential, person_id)
            waits = not second_factor and service.has_second_factor(session, person_id)
            opening = Opening(person_id, Device.DESK, origin, waits, vouched=second_factor)
            token = service.begin(session, opening, self._rules.life_of, now)
            who = None if waits else self._entered(session, token, now)
            unproven = who is not None and credential is None and not second_factor
            if unproven and who is not None and self.requires_second_factor(who):
                raise NotSignedIn(PROVE_MORE)
            return Opened(token, who)

    def show_code(self, token: str, code: str, origin: Origin, *, now: datetime) -> Opened:
        """Open a pending session by a one-time code. Raises NotSignedIn, TooMany."""
        self.require_patience(origin.address, hashed(token).hex(), now)
        with self._database.transaction() as session:
            found = service.pending(session, token, now)
            if found is None:
                raise NotSignedIn(TOO_LATE)
            held, known = found
            if self._is_new_code(session, known.credential, code, now):
                renewed = service.renew(session, held, self._rules.life_of, now)
                return Opened(renewed, self._entered(session, renewed, now))
        self._note_failure(known, now)
        raise NotSignedIn(WRONG_CODE)

    def _entered(
        self, session: Session, token: str, now: datetime, how: Mapping[str, str] = {}
    ) -> Who:
        """Who has come in, written down."""
        who = service.of_session(session, token, now, self._rules)
        if who is None:
            raise NotSignedIn(WRONG)
        service.note_success(session, who.id)
        entry = Entry(Deed.SIGN_IN, str(who.id), who.name, f"person:{who.id}", how)
        record(session, [entry], now)
        return who

    def _is_new_code(
        self, session: Session, credential: Credential, code: str, now: datetime
    ) -> bool:
        """Whether a code is right and was never used; nobody who is locked out has one."""
        if credential.totp_secret is None or _locked(credential, now):
            return False
        secret = self._keyring().open(credential.totp_secret, secret_of(credential.person_id))
        step = step_of(secret, code, now)
        return step is not None and service.use_step(session, credential.person_id, step)

    def require_patience(self, address: str, name: str, now: datetime) -> None:
        """Count an attempt from an address on a name. Raises TooMany."""
        for throttle, counted in ((self._by_address, address), (self._by_name, name.lower())):
            wait = throttle.wait(counted, now)
            if wait:
                raise TooMany(OFTEN, wait.total_seconds())

    def _proven(self, known: Known | None, password: str, now: datetime) -> bool:
        """Whether the password is right and the account not locked; as slow in every case."""
        kept = known.credential.password_hash if known else None
        fits = self.hashing.fits(password, kept)
        return fits and known is not None and not _locked(known.credential, now)

    def _note_failure(self, known: Known | None, now: datetime) -> None:
        """Count and write down a failure; of an unknown name nothing is kept, it may be a slip."""
        with self._database.transaction() as session:
            if known is None:
                record(session, [Entry(Deed.SIGN_IN_FAILED, ANONYMOUS, "", "person:unknown")], now)
                return
            # Who is locked is not locked anew: else a stranger could shut somebody out for ever.
            locked = _locked(known.credential, now)
            until = None if locked else service.note_failure(session, known.person.id, now)
            deed = Deed.SIGN_IN_FAILED if until is None else Deed.LOCKED_OUT
            record(session, [Entry(deed, ANONYMOUS, "", f"person:{known.person.id}")], now)

    def require_password(
        self, person_id: UUID, password: str, now: datetime, *, where: str = "password"
    ) -> None:
        """Raises BadInput where the password is not the person's; counts the failure."""
        with self._database.transaction() as session:
            kept = session.get(Credential, person_id)
        if kept is None:
            raise BadInput(Fault(where, NO_PASSWORD, COME_IN_ELSEWHERE))
        if not self.hashing.fits(password, kept.password_hash) or _locked(kept, now):
            with self._database.transaction() as session:
                service.note_failure(session, person_id, now)
                failed = Entry(Deed.SIGN_IN_FAILED, ANONYMOUS, "", f"person:{person_id}")
                record(session, [failed], now)
            raise BadInput(Fault(where, WRONG_OLD, TYPE_AGAIN))

    def require_code(self, session: Session, person_id: UUID, code: str, now: datetime) -> None:
        """Raises BadInput where the code is not one of the person's, or was used before."""
        credential = session.get(Credential, person_id)
        if credential is None or not self._is_new_code(session, credential, code, now):
            raise BadInput(Fault("code", WRONG_CODE, NEXT_CODE))

    def sealed(self, person_id: UUID, secret: str) -> bytes:
        """A TOTP secret as it is kept."""
        return self._keyring().seal(secret, secret_of(person_id))

    def renew(self, session: Session, session_id: UUID, now: datetime) -> str:
        """A session's new token, in the caller's transaction."""
        return service.renew(session, session_id, self._rules.life_of, now)

    def holder(self, session: Session, token: str, now: datetime) -> Who | None:
        """Whose session a token opens."""
        return service.of_session(session, token, now, self._rules)

    def requires_second_factor(self, who: Who) -> bool:
        """Whether this person has to have a second factor."""
        return self._rules.second_factor.required(who.roles)

    def begin(self, session: Session, opening: Opening, now: datetime) -> str:
        """Open a session in the caller's transaction; answers its token."""
        return service.begin(session, opening, self._rules.life_of, now)

    def enter(
        self, session: Session, opening: Opening, now: datetime, how: Mapping[str, str]
    ) -> Opened:
        """Open a session for whoever has proven who they are elsewhere, and write ``how`` down.

        Raises NotSignedIn for whoever is disabled.
        """
        token = self.begin(session, opening, now)
        return Opened(token, self._entered(session, token, now, how))


def _door(request: Request) -> SessionDoor:
    door: SessionDoor = request.app.state.doorkeeper
    return door


OpenDoor = Annotated[SessionDoor, Depends(_door)]


def origin_of(request: Request) -> Origin:
    """Where a request comes from."""
    address = request.client.host if request.client else ""
    return Origin(address, request.headers.get("user-agent", ""))


def keep(response: Response, token: str) -> None:
    """Let the browser keep a session's token where no script and no other site gets at it."""
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="strict", path="/")


def secret_of(person_id: UUID) -> str:
    """What the secret of a person is sealed for, so that it opens nobody else's door."""
    return context(Credential.__tablename__, "totp_secret", person_id)


def _locked(credential: Credential, now: datetime) -> bool:
    return credential.locked_until is not None and credential.locked_until > now
