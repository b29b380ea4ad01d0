"""One person for each role of the demonstration, and secrets that last for one start."""

from collections import Counter

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from api.accounts.models import RoleGrant
from api.demo.enrolment import enrol
from api.demo.loader import drafts
from api.rights.roles import Role
from api.sessions.service import of_token
from grids.importer import apply, plan
from tests.api.conftest import BEGIN, NOW


def enrolled(session: Session) -> str:
    return enrol(session, "no real hash", NOW).token


def test_there_is_one_person_for_each_role_however_often_it_starts(session: Session) -> None:
    apply(session, plan(session, drafts(), valid_from=BEGIN, author="test", source="synthetic"))
    enrolled(session)
    enrolled(session)
    assert Counter(session.scalars(select(RoleGrant.role))) == dict.fromkeys(Role, 1)


def test_the_token_of_the_start_before_opens_nothing(session: Session) -> None:
    apply(session, plan(session, drafts(), valid_from=BEGIN, author="test", source="synthetic"))
    old, new = enrolled(session), enrolled(session)
    assert of_token(session, old, NOW) is None
    assert of_token(session, new, NOW) is not None


def test_everybody_says_that_they_are_made_up(session: Session) -> None:
    apply(session, plan(session, drafts(), valid_from=BEGIN, author="test", source="synthetic"))
    enrolled(session)
    names = session.scalars(text("SELECT full_name FROM person")).all()
    assert all(name.endswith("（示意）") for name in names)
