"""Lets people in, recognises them later, and writes down whom the gate turned away."""

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Request
from sqlalchemy.orm import Session

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.hashing import Hashing
from api.refusals import BadInput, Fault, NotSignedIn, TooMany
from api.rights.roles import Who
from api.sessions import service
from api.sessions.domain import Device, LifeOf
from api.sessions.models import Credential
from api.sessions.service import TOKEN_MARK, Known, Opening, Origin
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
OFTEN = Wording("尝试过于频繁，请稍后再试", "too many attempts, try again later")


class SessionDoor:
    """The doorkeeper of `api.rights.gate`, on sessions and tokens kept in PostgreSQL."""

    def __init__(self, database: Database, life_of: LifeOf) -> None:
        self._database = database
        self._life_of = life_of
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
            return service.of_session(session, token, now, self._life_of, attended=attended)

    def turned_away(self, who: Who, subject: str, now: datetime) -> None:
        """Write the denied attempt down; ``subject`` names a route by its pattern, or a case."""
        with self._database.transaction() as session:
            record(session, [Entry(Deed.DENIED, str(who.id), who.name, subject)], now)

    def sign_in(
        self, name: str, password: str, device: Device, origin: Origin, *, now: datetime
    ) -> tuple[str, Who]:
        """A session's token and who holds it. Raises NotSignedIn, TooMany.

        Attempts are counted before the password is hashed, which is what costs.
        """
        self._require_patience(origin.address, name, now)
        with self._database.transaction() as session:
            known = service.known(session, name)
        if not self._proven(known, password, now) or known is None:
            self._note_failure(known, now)
            raise NotSignedIn(WRONG)
        with self._database.transaction() as session:
            service.note_success(session, known.person.id)
            token = self.begin(session, known.person.id, device, origin, now=now)
            who = service.of_session(session, token, now, self._life_of)
            subject = f"person:{known.person.id}"
            entry = Entry(Deed.SIGN_IN, str(known.person.id), known.person.full_name, subject)
            record(session, [entry], now)
        if who is None:
            raise NotSignedIn(WRONG)
        return token, who

    def _require_patience(self, address: str, name: str, now: datetime) -> None:
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

    def require_password(self, person_id: UUID, password: str, now: datetime) -> None:
        """Raises BadInput where the password is not the person's; counts the failure."""
        with self._database.transaction() as session:
            kept = session.get_one(Credential, person_id)
        if not self.hashing.fits(password, kept.password_hash) or _locked(kept, now):
            with self._database.transaction() as session:
                service.note_failure(session, person_id, now)
                failed = Entry(Deed.SIGN_IN_FAILED, ANONYMOUS, "", f"person:{person_id}")
                record(session, [failed], now)
            raise BadInput(Fault("old", WRONG_OLD, TYPE_AGAIN))

    def begin(
        self, session: Session, person_id: UUID, device: Device, origin: Origin, *, now: datetime
    ) -> str:
        """Open a session in the caller's transaction; answers its token."""
        return service.begin(session, Opening(person_id, device, origin), self._life_of, now)


def _locked(credential: Credential, now: datetime) -> bool:
    return credential.locked_until is not None and credential.locked_until > now
