"""Lets the people of the demonstration in, with secrets made anew at each start."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.accounts.service import add, by_name, grant
from api.cases.models import Case, CaseMember
from api.cases.service import add_member
from api.custody.models import CustodyLink
from api.demo.people import PEOPLE, SYSTEM, WALL, DemoPerson
from api.rights.policy import SCOPES
from api.rights.roles import Role
from api.sessions.service import set_password
from api.tokens.service import Wanted, make, make_ticket, of_everybody, revoke

CASES_EACH = 3


class Secrets(NamedTuple):
    """What a connected system and a video wall sign in by, until the next start."""

    token: str
    ticket: str


def enrol(session: Session, password_hash: str, now: datetime) -> Secrets:
    """Make sure that everybody of the demonstration is there; people have this password."""
    people = {each.role: _known(session, each, now) for each in PEOPLE}
    for person in people.values():
        set_password(session, person.id, password_hash, now, must_change=False)
    for role in (Role.MEDIATOR, Role.COUNSELLOR):
        _put_on_cases(session, people[role], people[Role.ASSESSOR], now)
    _take_in_hand(session, people[Role.CLERK])
    system, wall = _known(session, SYSTEM, now), _known(session, WALL, now)
    _revoke_all(session, {system.id, wall.id}, now)
    by = people[Role.SECURITY_ADMIN].id
    token = make(session, Wanted(system.id, SCOPES, None), by, now)
    return Secrets(token.secret, make_ticket(session, wall.id, by, now).secret)


def _take_in_hand(session: Session, clerk: Person) -> None:
    """The clerk was the first to be asked wherever no unit has signed for a case yet."""
    whose = update(CustodyLink).where(
        CustodyLink.given_at.is_(None),
        CustodyLink.holder_id.is_(None),
        CustodyLink.unit_code.is_(None),
    )
    session.execute(whose.values(holder_id=clerk.id, holder_name=clerk.full_name))


def _known(session: Session, somebody: DemoPerson, now: datetime) -> Person:
    person = by_name(session, somebody.newcomer.sign_in_name)
    if person is None:
        person = add(session, somebody.newcomer, now)
        grant(session, person.id, [somebody.role], None, now)
    return person


def _revoke_all(session: Session, holders: Collection[UUID], now: datetime) -> None:
    for each in of_everybody(session):
        if each.person.id in holders and each.row.revoked_at is None:
            revoke(session, each.row.id, now)


def _put_on_cases(session: Session, person: Person, by: Person, now: datetime) -> None:
    on = select(CaseMember).where(CaseMember.person_id == person.id)
    if session.scalars(on.limit(1)).first() is not None:
        return
    latest = select(Case).order_by(Case.opened_at.desc(), Case.number.desc()).limit(CASES_EACH)
    for case in session.scalars(latest).all():
        add_member(session, case, person.id, by.id, now)
