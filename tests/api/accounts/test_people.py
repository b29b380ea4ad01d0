"""Who may be added, and which roles one person may hold."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.accounts.service import Newcomer, add, disable, grant, roles_of
from api.refusals import BadInput, Conflict
from api.rights.roles import ADMINISTRATORS, Role

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def newcomer(session: Session, name: str = "wang.li") -> Person:
    return add(session, Newcomer(name, "王丽"), NOW)


def test_a_newcomer_has_no_role(session: Session) -> None:
    assert roles_of(session, newcomer(session).id) == frozenset()


def test_a_sign_in_name_belongs_to_one_person(session: Session) -> None:
    newcomer(session)
    with pytest.raises(Conflict):
        newcomer(session)


@pytest.mark.parametrize("name", ["", "W", "Wang", "王丽", "wang li", "x" * 65, "-wang"])
def test_a_sign_in_name_is_plain(session: Session, name: str) -> None:
    with pytest.raises(BadInput, match="sign_in_name"):
        newcomer(session, name)


@pytest.mark.parametrize("prefix", ["", "2101", "21010x", "2" * 16])
def test_ground_is_named_by_the_digits_of_its_code(session: Session, prefix: str) -> None:
    with pytest.raises(BadInput, match="area_prefix"):
        add(session, Newcomer("wang.li", "王丽", area_prefix=prefix), NOW)


def test_a_person_belongs_to_a_unit_that_exists(session: Session) -> None:
    with pytest.raises(BadInput, match="unit_code"):
        add(session, Newcomer("wang.li", "王丽", unit_code="NONE"), NOW)


def test_a_grant_replaces_the_roles_before(session: Session) -> None:
    person, by = newcomer(session), newcomer(session, "admin")
    grant(session, person.id, [Role.CLERK, Role.ASSESSOR], by.id, NOW)
    grant(session, person.id, [Role.DISPATCHER], by.id, NOW)
    assert roles_of(session, person.id) == {Role.DISPATCHER}


@pytest.mark.parametrize("administrator", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("other", [Role.CLERK, *sorted(ADMINISTRATORS)])
def test_an_administrator_holds_no_second_role(
    session: Session, administrator: Role, other: Role
) -> None:
    person = newcomer(session)
    if other is administrator:
        grant(session, person.id, [administrator, other], None, NOW)
        assert roles_of(session, person.id) == {administrator}
        return
    with pytest.raises(BadInput):
        grant(session, person.id, [administrator, other], None, NOW)
    assert roles_of(session, person.id) == frozenset()


def test_nobody_grants_roles_to_oneself(session: Session) -> None:
    person = newcomer(session)
    with pytest.raises(BadInput):
        grant(session, person.id, [Role.CLERK], person.id, NOW)


def test_a_disabled_person_stays_known(session: Session) -> None:
    person = newcomer(session)
    disable(session, person.id, NOW)
    session.expire_all()
    assert session.get_one(Person, person.id).disabled_at == NOW
