"""Signing in and out, and whom a presented session or token belongs to. The caller commits."""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import ScalarSelect, Select, Update, delete, func, or_, select, update
from sqlalchemy.orm import Session

from api.accounts.models import Person, RoleGrant
from api.rights.roles import Duty, Role, Who
from api.sessions.domain import (
    PENDING_LIFE,
    SEEN_EVERY,
    Device,
    LifeOf,
    SecondFactor,
    locked_until,
)
from api.sessions.models import AccountSession, Credential, ServiceToken

TOKEN_BYTES, FIRST_BYTES = 32, 15
TOKEN_MARK = "fq_"  # noqa: S105 - how a token begins, so that a leaked one is recognised
WALL_SCOPE = "wall"


class Origin(NamedTuple):
    """Where a session is used from, as its owner sees it in the list of sessions."""

    address: str
    agent: str


@dataclass(frozen=True)
class Known:
    """What is needed to judge a password: the hash, and until when nobody may try."""

    person: Person
    credential: Credential


def hashed(token: str) -> bytes:
    """What is kept of a token: SHA-256 suffices, since it is random and not guessed by words."""
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    """256 random bits (ASVS 5.0, 7.2.3 asks for 128)."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def first_password() -> str:
    """A password by lot for somebody who has to change it at once: 120 random bits."""
    return secrets.token_urlsafe(FIRST_BYTES)


def known(session: Session, sign_in_name: str) -> Known | None:
    """An enabled person with a password, by sign-in name."""
    query = (
        select(Person, Credential)
        .join(Credential, Credential.person_id == Person.id)
        .where(Person.sign_in_name == sign_in_name.strip().lower(), Person.disabled_at.is_(None))
    )
    row = session.execute(query).one_or_none()
    return None if row is None else Known(*row)


def note_failure(session: Session, person_id: UUID, now: datetime) -> datetime | None:
    """Count a wrong password or code; answers until when the account is locked, if it is now."""
    counted = (
        update(Credential)
        .where(Credential.person_id == person_id)
        .values(failures=Credential.failures + 1)
        .returning(Credential.failures)
    )
    until = locked_until(session.execute(counted).scalar_one(), now)
    if until is not None:
        locked = update(Credential).where(Credential.person_id == person_id)
        session.execute(locked.values(locked_until=until))
    return until


def note_success(session: Session, person_id: UUID) -> None:
    """Forget the failures before."""
    cleared = update(Credential).where(Credential.person_id == person_id)
    session.execute(cleared.values(failures=0, locked_until=None))


def set_password(
    session: Session, person_id: UUID, password_hash: str, now: datetime, *, must_change: bool
) -> None:
    """Give a person a password; all their sessions end and old failures are forgotten."""
    credential = session.get(Credential, person_id) or Credential(person_id=person_id)
    credential.password_hash = password_hash
    credential.changed_at = now
    credential.must_change = must_change
    credential.failures, credential.locked_until = 0, None
    session.add(credential)
    session.flush()
    end_all(session, person_id)


def device_of(session: Session, session_id: UUID | None) -> Device:
    """What a session runs on; a desk where there is no session."""
    held = None if session_id is None else session.get(AccountSession, session_id)
    return Device.DESK if held is None else Device(held.device)


@dataclass(frozen=True)
class Rules:
    """What the operator set: how long sessions live, and who needs a second factor."""

    life_of: LifeOf
    second_factor: SecondFactor


class Opening(NamedTuple):
    """A session to be opened. ``pending``: the second factor is still to be shown.

    ``token_id`` is the ticket by which a wall comes in; revoking it ends the session.
    ``vouched``: it was shown to an identity provider.
    """

    person_id: UUID
    device: Device
    origin: Origin
    pending: bool = False
    token_id: UUID | None = None
    vouched: bool = False


def begin(session: Session, opening: Opening, life_of: LifeOf, now: datetime) -> str:
    """Open a session; answers its token, of which only the hash is kept."""
    token, life = new_token(), life_of(opening.device)
    whole = PENDING_LIFE if opening.pending else life.whole
    session.add(
        AccountSession(
            id=uuid4(),
            token_hash=hashed(token),
            person_id=opening.person_id,
            device=opening.device.value,
            pending=opening.pending,
            vouched=opening.vouched,
            created_at=now,
            seen_at=now,
            idle_until=now + min(life.idle, whole),
            ends_at=now + whole,
            address=opening.origin.address[:64],
            agent=opening.origin.agent[:200],
            token_id=opening.token_id,
        )
    )
    session.flush()
    return token


def _roles() -> ScalarSelect[Any]:
    granted = select(func.array_agg(RoleGrant.role)).where(RoleGrant.person_id == Person.id)
    return granted.scalar_subquery()


def _alive(now: datetime) -> Select[tuple[AccountSession, Person, Credential | None, Any]]:
    return (
        select(AccountSession, Person, Credential, _roles())
        .join(Person, Person.id == AccountSession.person_id)
        .outerjoin(Credential, Credential.person_id == Person.id)
        .where(
            AccountSession.idle_until > now,
            AccountSession.ends_at > now,
            Person.disabled_at.is_(None),
        )
    )


def of_session(
    session: Session, token: str, now: datetime, rules: Rules, *, attended: bool = True
) -> Who | None:
    """Who holds a session's token; its idle time begins anew, written at most once a minute.

    It goes on where the request is not ``attended``: nobody sits before the page that sent it.
    """
    query = _alive(now).where(AccountSession.token_hash == hashed(token))
    row = session.execute(query.where(~AccountSession.pending)).one_or_none()
    if row is None:
        return None
    held, person, credential, roles = row
    if attended and now - held.seen_at >= SEEN_EVERY:
        held.seen_at, held.idle_until = now, now + rules.life_of(Device(held.device)).idle
    who = _who(person, roles)
    # Who came in by a ticket or by a provider has nothing to prove here.
    elsewhere = held.vouched or held.token_id is not None
    owes = frozenset[Duty]() if elsewhere else _owed(credential, who.roles, rules)
    return replace(who, session_id=held.id, owes=owes)


def _owed(credential: Credential | None, roles: Collection[Role], rules: Rules) -> frozenset[Duty]:
    """What somebody with a password here still has to do; others prove themselves elsewhere."""
    if credential is None:
        return frozenset()
    if credential.must_change:
        return frozenset({Duty.PASSWORD})
    proven = credential.totp_confirmed_at is not None
    needed = rules.second_factor.required(roles) and not proven
    return frozenset({Duty.SECOND_FACTOR} if needed else ())


def of_token(session: Session, token: str, now: datetime) -> Who | None:
    """The connected system that holds a token, in no other role; the ticket of a wall is none."""
    query = (
        select(Person, _roles(), ServiceToken.scopes)
        .join(ServiceToken, ServiceToken.person_id == Person.id)
        .where(
            ServiceToken.token_hash == hashed(token),
            ~ServiceToken.scopes.contains([WALL_SCOPE]),
            ServiceToken.revoked_at.is_(None),
            or_(ServiceToken.ends_at.is_(None), ServiceToken.ends_at > now),
            Person.disabled_at.is_(None),
        )
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    person, roles, scopes = row
    who = _who(person, roles)
    return replace(who, roles=who.roles & {Role.SERVICE}, token_scopes=frozenset(scopes))


def _who(person: Person, roles: Iterable[str] | None) -> Who:
    held = frozenset(map(Role, roles or ()))
    return Who(person.id, person.full_name, held, person.unit_code, person.area_prefix)


def pending(session: Session, token: str, now: datetime) -> tuple[UUID, Known] | None:
    """The session that waits for its second factor, and whose it is, locked until the end."""
    query = _alive(now).where(AccountSession.token_hash == hashed(token), AccountSession.pending)
    row = session.execute(query.with_for_update(of=AccountSession)).one_or_none()
    if row is None or row[2] is None:
        return None
    held, person, credential, _ = row
    return held.id, Known(person, credential)


def renew(session: Session, session_id: UUID, life_of: LifeOf, now: datetime) -> str:
    """Give a session a new token and its whole life, since who holds it has proven more."""
    held = session.get_one(AccountSession, session_id)
    life, token = life_of(Device(held.device)), new_token()
    held.token_hash, held.pending, held.seen_at = hashed(token), False, now
    held.idle_until, held.ends_at = now + life.idle, now + life.whole
    session.flush()
    return token


def has_second_factor(session: Session, person_id: UUID) -> bool:
    """Whether a second factor is asked for when this person signs in."""
    query = select(Credential.totp_confirmed_at).where(Credential.person_id == person_id)
    return session.scalar(query) is not None


def keep_secret(session: Session, person_id: UUID, sealed: bytes) -> None:
    """Keep a TOTP secret that is still to be confirmed by a code."""
    kept = {"totp_secret": sealed, "totp_confirmed_at": None, "totp_last_step": None}
    session.execute(_credential_of(person_id).values(**kept))


def confirm_secret(session: Session, person_id: UUID, now: datetime) -> None:
    """From now on the second factor is asked for."""
    session.execute(_credential_of(person_id).values(totp_confirmed_at=now))


def forget_secret(session: Session, person_id: UUID) -> None:
    """Take the second factor away."""
    gone = {"totp_secret": None, "totp_confirmed_at": None, "totp_last_step": None}
    session.execute(_credential_of(person_id).values(**gone))


def use_step(session: Session, person_id: UUID, step: int) -> bool:
    """Mark a step of one-time codes as used; False where it, or a later one, was used before."""
    unused = or_(Credential.totp_last_step.is_(None), Credential.totp_last_step < step)
    marked = _credential_of(person_id).where(unused).values(totp_last_step=step)
    return session.execute(marked.returning(Credential.person_id)).first() is not None


def _credential_of(person_id: UUID) -> Update:
    return update(Credential).where(Credential.person_id == person_id)


def end_others(session: Session, person_id: UUID, session_id: UUID) -> None:
    """End every session of a person but one."""
    others = AccountSession.person_id == person_id, AccountSession.id != session_id
    session.execute(delete(AccountSession).where(*others))


def sessions_of(session: Session, person_id: UUID, now: datetime) -> Sequence[AccountSession]:
    """The living sessions of a person, the last used first."""
    query = select(AccountSession).where(
        AccountSession.person_id == person_id,
        AccountSession.idle_until > now,
        AccountSession.ends_at > now,
    )
    return session.scalars(query.order_by(AccountSession.seen_at.desc())).all()


def end(session: Session, person_id: UUID, session_id: UUID) -> bool:
    """End one session of a person; says whether there was such a one."""
    ended = delete(AccountSession).where(
        AccountSession.id == session_id, AccountSession.person_id == person_id
    )
    return bool(session.execute(ended.returning(AccountSession.id)).first())


def end_all(session: Session, person_id: UUID) -> None:
    """End every session of a person, on every device."""
    session.execute(delete(AccountSession).where(AccountSession.person_id == person_id))
