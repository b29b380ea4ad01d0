"""Lets the people of the demonstration in, with a password made anew at each start."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.accounts.service import add, by_name, grant
from api.cases.models import Case, CaseMember
from api.cases.service import add_member
from api.demo.people import PEOPLE, DemoPerson
from api.rights.roles import Role
from api.sessions.service import set_password

CASES_EACH = 3


def enrol(session: Session, password_hash: str, now: datetime) -> None:
    """Make sure that everybody of the demonstration is there and has this password."""
    people = {each.role: _enrolled(session, each, password_hash, now) for each in PEOPLE}
    by = people[Role.ASSESSOR]
    for role in (Role.MEDIATOR, Role.COUNSELLOR):
        _put_on_cases(session, people[role], by, now)


def _enrolled(session: Session, somebody: DemoPerson, password_hash: str, now: datetime) -> Person:
    person = by_name(session, somebody.newcomer.sign_in_name)
    if person is None:
        person = add(session, somebody.newcomer, now)
        grant(session, person.id, [somebody.role], None, now)
    set_password(session, person.id, password_hash, now, must_change=False)
    return person


def _put_on_cases(session: Session, person: Person, by: Person, now: datetime) -> None:
    on = select(CaseMember).where(CaseMember.person_id == person.id)
    if session.scalars(on.limit(1)).first() is not None:
        return
    latest = select(Case).order_by(Case.opened_at.desc(), Case.number.desc()).limit(CASES_EACH)
    for case in session.scalars(latest).all():
        add_member(session, case, person.id, by.id, now)
