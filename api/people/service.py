"""Looking after people and units, each administrator in their own part. The caller commits."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from api.accounts import service as accounts
from api.accounts.models import Person, RoleGrant
from api.refusals import BadInput, Fault
from api.rights.roles import Role
from api.sessions.models import Credential
from api.sessions.service import end_all, forget_secret, note_success, set_password
from gis.wording import Wording
from grids.models import Unit


class Listed(NamedTuple):
    """A person as the administrators see them; None is somebody who has no password here."""

    person: Person
    credential: Credential | None
    roles: frozenset[Role]


def search(session: Session, words: str | None, limit: int, after: str | None) -> list[Listed]:
    """People by sign-in name; ``words`` are a part of it or of the full name.

    ``after`` is the last sign-in name of the page before.
    """
    query = _people().order_by(Person.sign_in_name).limit(limit)
    if words is not None:
        named = (Person.sign_in_name, Person.full_name)
        query = query.where(or_(*(name.icontains(words, autoescape=True) for name in named)))
    if after is not None:
        query = query.where(Person.sign_in_name > after)
    return _listed(session, query)


def show(session: Session, person_id: UUID) -> Listed:
    """One person. Raises Missing."""
    accounts.find(session, person_id)
    (listed,) = _listed(session, _people().where(Person.id == person_id))
    return listed


def _people() -> Select[Person, Credential]:
    joined = select(Person, Credential).outerjoin(Credential, Credential.person_id == Person.id)
    return joined.execution_options(populate_existing=True)


def _listed(session: Session, query: Select[Person, Credential]) -> list[Listed]:
    rows = session.execute(query).all()
    ids = [person.id for person, _ in rows]
    held: dict[UUID, set[Role]] = {}
    granted = select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.person_id.in_(ids))
    for person_id, role in session.execute(granted):
        held.setdefault(person_id, set()).add(Role(role))
    return [Listed(person, kept, frozenset(held.get(person.id, ()))) for person, kept in rows]


def create(
    session: Session, newcomer: accounts.Newcomer, password_hash: str, now: datetime
) -> UUID:
    """Add a person with a first password and no role. Raises Conflict, BadInput."""
    person = accounts.add(session, newcomer, now)
    set_password(session, person.id, password_hash, now, must_change=True)
    return person.id


def disable(session: Session, person_id: UUID, by: UUID, now: datetime) -> None:
    """Let a person in no more and end their sessions. Raises Missing, Conflict."""
    accounts.require_other(by, person_id)
    accounts.require_another(session, person_id, accounts.roles_of(session, person_id))
    accounts.disable(session, person_id, now)
    end_all(session, person_id)


def grant(
    session: Session, person_id: UUID, roles: Collection[Role], by: UUID, now: datetime
) -> None:
    """Give a person exactly these roles; their sessions end. Raises Missing, Conflict, BadInput."""
    accounts.require_other(by, person_id)
    accounts.find(session, person_id)
    accounts.require_another(session, person_id, frozenset(Role).difference(roles))
    accounts.grant(session, person_id, roles, by, now)
    end_all(session, person_id)


class Fresh(NamedTuple):
    """What a reset gives and takes: the hash of a first password, perhaps the second factor."""

    password_hash: str
    second_factor: bool


def reset(session: Session, person_id: UUID, fresh: Fresh, by: UUID, now: datetime) -> None:
    """Give a first password, unlock, end all sessions. Raises Missing, Conflict."""
    accounts.require_other(by, person_id)
    accounts.find(session, person_id)
    set_password(session, person_id, fresh.password_hash, now, must_change=True)
    if fresh.second_factor:
        forget_secret(session, person_id)


def unlock(session: Session, person_id: UUID) -> None:
    """Let a person try again who failed too often. Raises Missing."""
    accounts.find(session, person_id)
    note_success(session, person_id)


def units(session: Session) -> Sequence[Unit]:
    """Every unit, by code."""
    return session.scalars(select(Unit).order_by(Unit.code)).all()


class UnitWords(NamedTuple):
    """What is said of a unit; ``kind`` is needed for a new one and stays as it is otherwise."""

    name: str
    phone: str | None
    kind: str | None
    capacity: int | None


def keep_unit(session: Session, code: str, words: UnitWords) -> Unit:
    """Change a unit, or register a new one. Raises BadInput where its kind is not said."""
    unit = session.get(Unit, code, with_for_update=True)
    if unit is None:
        unit = Unit(code=code, kind=_kind_of_new(words.kind))
    elif words.kind not in {None, unit.kind}:
        raise BadInput(_wrong_kind("单位种类不能更改", "of a unit stays as it is"))
    unit.name, unit.phone, unit.capacity = words.name, words.phone, words.capacity
    session.add(unit)
    session.flush()
    return unit


def _kind_of_new(kind: str | None) -> str:
    if kind is None:
        raise BadInput(_wrong_kind("新单位需要种类", "is needed for a new unit"))
    return kind


def _wrong_kind(zh: str, en: str) -> Fault:
    mend = Wording("用 street、police、justice 等", "use street, police, justice or another")
    return Fault("kind", Wording(zh, en), mend)
