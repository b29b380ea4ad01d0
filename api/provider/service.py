"""Who is meant by what a provider says. The caller commits and audits."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.accounts.service import find
from api.refusals import Conflict, Fault
from gis.wording import Wording


def person_of(session: Session, subject: str) -> UUID | None:
    """The enabled person who is linked to a subject; nobody is registered by signing in."""
    query = select(Person.id).where(
        Person.provider_subject == subject, Person.disabled_at.is_(None)
    )
    return session.scalar(query)


def link(session: Session, person_id: UUID, subject: str | None) -> None:
    """Let a person sign in by the provider; None: no more. Raises Missing and Conflict."""
    person = find(session, person_id)
    taken = select(Person.id).where(Person.provider_subject == subject, Person.id != person_id)
    if subject is not None and session.scalar(taken) is not None:
        what = Wording("已关联其他人员", "is linked to somebody else")
        mend = Wording("核对统一认证账号", "check the provider's account")
        raise Conflict(what, Fault("subject", what, mend))
    person.provider_subject = subject
    session.flush()
