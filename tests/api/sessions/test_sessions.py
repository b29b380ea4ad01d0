"""Sessions live as long as they should, and what is kept of them opens nothing."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.service import Newcomer, add, disable, grant
from api.refusals import BadInput
from api.rights.roles import Duty, Role
from api.sessions.domain import (
    LOCK_AFTER,
    LOCK_FOR,
    PENDING_LIFE,
    Device,
    LifeOf,
    Lifetime,
    SecondFactor,
    locked_until,
    require_strong,
)
from api.sessions.models import AccountSession, Credential, ServiceToken
from api.sessions.service import (
    TOKEN_MARK,
    Opening,
    Origin,
    Rules,
    begin,
    end,
    hashed,
    known,
    new_token,
    note_failure,
    note_success,
    of_session,
    of_token,
    sessions_of,
    set_password,
)

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DESK = Lifetime(timedelta(minutes=60), timedelta(hours=12))
LIVES = LifeOf(DESK)
RULES = Rules(LIVES, SecondFactor.ADMINISTRATORS)
ORIGIN = Origin("10.1.2.3", "a browser")
MOMENT = timedelta(seconds=1)


@pytest.fixture
def person_id(session: Session) -> UUID:
    person = add(session, Newcomer("wang.li", "王丽", area_prefix="210104"), NOW)
    grant(session, person.id, [Role.CLERK], None, NOW)
    set_password(session, person.id, "a hash", NOW, must_change=False)
    return person.id


def opened(session: Session, person_id: UUID, device: Device = Device.DESK) -> str:
    return begin(session, Opening(person_id, device, ORIGIN), LIVES, NOW)


def test_a_session_tells_who_asks_in_which_roles_and_for_which_ground(
    session: Session, person_id: UUID
) -> None:
    who = of_session(session, opened(session, person_id), NOW, RULES)
    assert who is not None
    assert (who.id, who.name, who.roles, who.area_prefix) == (
        person_id,
        "王丽",
        {Role.CLERK},
        "210104",
    )
    assert who.session_id is not None
    assert who.owes == frozenset()


def test_of_a_token_only_its_hash_is_kept(session: Session, person_id: UUID) -> None:
    token = opened(session, person_id)
    row = session.scalars(select(AccountSession)).one()
    assert row.token_hash == hashed(token)
    assert token.encode() not in row.token_hash
    assert of_session(session, row.token_hash.hex(), NOW, RULES) is None


def test_an_idle_session_ends(session: Session, person_id: UUID) -> None:
    token = opened(session, person_id)
    assert of_session(session, token, NOW + DESK.idle - MOMENT, RULES) is not None
    token = opened(session, person_id)
    assert of_session(session, token, NOW + DESK.idle + MOMENT, RULES) is None


def test_a_used_session_ends_after_its_whole_life(session: Session, person_id: UUID) -> None:
    token, at = opened(session, person_id), NOW
    while at + DESK.idle / 2 < NOW + DESK.whole:
        at += DESK.idle / 2
        assert of_session(session, token, at, RULES) is not None
        session.flush()
    assert of_session(session, token, NOW + DESK.whole + MOMENT, RULES) is None


def test_a_phone_may_be_without_network_for_days(session: Session, person_id: UUID) -> None:
    token = opened(session, person_id, Device.PHONE)
    assert of_session(session, token, NOW + timedelta(days=2), RULES) is not None


def test_a_password_alone_opens_nothing_while_the_second_factor_waits(
    session: Session, person_id: UUID
) -> None:
    opening = Opening(person_id, Device.DESK, ORIGIN, pending=True)
    token = begin(session, opening, LIVES, NOW)
    assert of_session(session, token, NOW, RULES) is None
    (row,) = sessions_of(session, person_id, NOW)
    assert row.ends_at == NOW + PENDING_LIFE


def test_a_disabled_person_is_let_in_nowhere(session: Session, person_id: UUID) -> None:
    token = opened(session, person_id)
    disable(session, person_id, NOW)
    assert of_session(session, token, NOW, RULES) is None
    assert known(session, "wang.li") is None


def test_an_ended_session_is_ended_at_once_and_others_live_on(
    session: Session, person_id: UUID
) -> None:
    lost, kept = opened(session, person_id, Device.PHONE), opened(session, person_id)
    who = of_session(session, lost, NOW, RULES)
    assert who is not None
    assert who.session_id is not None
    assert end(session, person_id, who.session_id)
    assert of_session(session, lost, NOW, RULES) is None
    assert of_session(session, kept, NOW, RULES) is not None


def test_nobody_ends_the_session_of_another(session: Session, person_id: UUID) -> None:
    who = of_session(session, opened(session, person_id), NOW, RULES)
    assert who is not None
    assert who.session_id is not None
    assert not end(session, uuid4(), who.session_id)


def test_a_new_password_ends_every_session(session: Session, person_id: UUID) -> None:
    token = opened(session, person_id)
    set_password(session, person_id, "another hash", NOW, must_change=True)
    assert of_session(session, token, NOW, RULES) is None
    who = of_session(session, opened(session, person_id), NOW, RULES)
    assert who is not None
    assert who.owes == {Duty.PASSWORD}


def test_so_many_failures_in_a_row_lock_for_a_while(session: Session, person_id: UUID) -> None:
    for _ in range(LOCK_AFTER - 1):
        assert note_failure(session, person_id, NOW) is None
    assert note_failure(session, person_id, NOW) == NOW + LOCK_FOR
    session.expire_all()
    assert session.get_one(Credential, person_id).locked_until == NOW + LOCK_FOR
    note_success(session, person_id)
    session.expire_all()
    assert session.get_one(Credential, person_id).locked_until is None


def test_who_goes_on_guessing_is_locked_out_again() -> None:
    locked = [failures for failures in range(21) if locked_until(failures, NOW)]
    assert locked == [5, 10, 15, 20]


def tokened(session: Session, person_id: UUID, *, ends_at: datetime | None = None) -> str:
    token = TOKEN_MARK + new_token()
    words = {"scopes": ["reports:file"], "made_by": None, "made_at": NOW, "ends_at": ends_at}
    row = ServiceToken(id=uuid4(), person_id=person_id, token_hash=hashed(token), **words)
    session.add(row)
    session.flush()
    return token


def test_a_token_brings_its_scopes(session: Session, person_id: UUID) -> None:
    who = of_token(session, tokened(session, person_id), NOW)
    assert who is not None
    assert who.token_scopes == {"reports:file"}


def test_a_token_ends_on_its_day_or_when_it_is_revoked(session: Session, person_id: UUID) -> None:
    assert of_token(session, tokened(session, person_id, ends_at=NOW), NOW) is None
    token = tokened(session, person_id)
    for row in session.scalars(select(ServiceToken)):
        row.revoked_at = NOW
    session.flush()
    assert of_token(session, token, NOW) is None


@pytest.mark.parametrize(
    "password",
    [
        "kurz",
        "password1234",
        "aaaaaaaaaaaaaaaa",
        "qwertyuiopasdf",
        "wang.li wang.li",
        "fengqiao2026",
        "1qaz2wsx3edc",
        "x" * 129,
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str) -> None:
    with pytest.raises(BadInput, match="password"):
        require_strong(password, "wang.li", "王丽")


@pytest.mark.parametrize(
    "password", ["lotus kettle marble ferry", "Tq7#vB2m!zKd", "四只白鹭落在浑河的冰面上吗"]
)
def test_a_strong_password_needs_no_prescribed_characters(password: str) -> None:
    require_strong(password, "wang.li", "王丽")
