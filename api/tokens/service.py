"""Making, listing, using and revoking tokens and tickets. The caller commits and audits."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from api.accounts.models import Person, RoleGrant
from api.accounts.service import find, roles_of
from api.refusals import BadInput, Fault, Missing
from api.rights.policy import SCOPES
from api.rights.roles import ROLE_TITLES, Role
from api.sessions.models import AccountSession, ServiceToken
from api.sessions.service import TOKEN_MARK, WALL_SCOPE, hashed, new_token
from gis.wording import Wording

TICKET_MARK = "fqw_"
TICKET_LIFE = timedelta(hours=1)
MOST_LISTED = 500


class Wanted(NamedTuple):
    """A token to be made; ``ends_at`` is None for one that lasts until it is revoked."""

    person_id: UUID
    scopes: Collection[str]
    ends_at: datetime | None


class Made(NamedTuple):
    """What was made, and the secret of which only a hash is kept."""

    row: ServiceToken
    secret: str


class Listed(NamedTuple):
    """A token or ticket and whose it is."""

    row: ServiceToken
    person: Person


def make(session: Session, wanted: Wanted, by: UUID, now: datetime) -> Made:
    """A connected system's token. Raises Missing; BadInput for a wrong role, scope or end."""
    _require_scopes(wanted.scopes)
    if wanted.ends_at is not None and wanted.ends_at <= now:
        what = Wording("已经过去", "is past")
        raise BadInput(Fault("ends_at", what, Wording("用将来的时刻", "use an instant to come")))
    _require_role(session, wanted.person_id, Role.SERVICE)
    return _kept(session, wanted, TOKEN_MARK, by, now)


def make_ticket(session: Session, person_id: UUID, by: UUID, now: datetime) -> Made:
    """A wall's ticket, to be used once within an hour. Raises Missing, BadInput."""
    _require_role(session, person_id, Role.WALL)
    wanted = Wanted(person_id, [WALL_SCOPE], now + TICKET_LIFE)
    return _kept(session, wanted, TICKET_MARK, by, now)


def _kept(session: Session, wanted: Wanted, mark: str, by: UUID, now: datetime) -> Made:
    secret = mark + new_token()
    words = {"person_id": wanted.person_id, "scopes": sorted(set(wanted.scopes))}
    row = ServiceToken(
        id=uuid4(),
        token_hash=hashed(secret),
        made_by=by,
        made_at=now,
        ends_at=wanted.ends_at,
        **words,
    )
    session.add(row)
    session.flush()
    return Made(row, secret)


def _require_scopes(scopes: Collection[str]) -> None:
    unknown = sorted(set(scopes) - SCOPES)
    if unknown or not scopes:
        told = ", ".join(unknown) or "-"
        what = Wording(f"没有权限范围 {told}", f"there is no scope {told}")
        known = ", ".join(sorted(SCOPES))
        raise BadInput(Fault("scopes", what, Wording(f"可用：{known}", f"use {known}")))


def _require_role(session: Session, person_id: UUID, role: Role) -> None:
    disabled = find(session, person_id).disabled_at is not None
    if disabled or role not in roles_of(session, person_id):
        title = ROLE_TITLES[role]
        what = Wording(f"不是启用的{title.zh}", f"is no enabled {title.en.lower()}")
        mend = Wording(f"先授予角色“{title.zh}”", f"grant the role {role.value} first")
        raise BadInput(Fault("person_id", what, mend))


def of_everybody(session: Session) -> Sequence[Listed]:
    """Tokens and tickets, at most 500: those in force first, the last made first."""
    query = (
        select(ServiceToken, Person)
        .join(Person, Person.id == ServiceToken.person_id)
        .order_by(ServiceToken.revoked_at.is_not(None), ServiceToken.made_at.desc())
    )
    return [Listed(*row) for row in session.execute(query.limit(MOST_LISTED))]


def use_ticket(session: Session, ticket: str, now: datetime) -> ServiceToken | None:
    """The ticket, used up; None where it is unknown, used, late, revoked, or its wall disabled.

    Of two who use it at once the second waits for the first, and then finds it used.
    """
    walls = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == Role.WALL.value, Person.disabled_at.is_(None))
    )
    used = (
        update(ServiceToken)
        .where(
            ServiceToken.token_hash == hashed(ticket),
            ServiceToken.scopes.contains([WALL_SCOPE]),
            ServiceToken.used_at.is_(None),
            ServiceToken.revoked_at.is_(None),
            ServiceToken.ends_at > now,
            ServiceToken.person_id.in_(walls),
        )
        .values(used_at=now)
        .returning(ServiceToken)
    )
    return session.scalars(used).one_or_none()


def revoke(session: Session, token_id: UUID, now: datetime) -> UUID:
    """Let a token open nothing any more; sessions that came by it end. Answers whose it was.

    Raises Missing where it is unknown or revoked already.
    """
    revoked = (
        update(ServiceToken)
        .where(ServiceToken.id == token_id, ServiceToken.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ServiceToken.person_id)
    )
    person_id = session.scalar(revoked)
    if person_id is None:
        raise Missing(Wording("没有这个令牌，或已吊销", "no such token, or it is revoked"))
    session.execute(delete(AccountSession).where(AccountSession.token_id == token_id))
    return person_id
