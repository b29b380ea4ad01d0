"""Entries are added in an unbroken chain, by anybody who may, and are never changed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from api.audit.domain import DEED_TITLES, Deed, Entry
from api.audit.service import head, record, verify
from gis.database import Database
from tests.api.audit.chain import AT, entry, hash_of, rows, write

PERSON = "6f1f2c1a-0a53-4d0c-9d5e-3a1f7f0f3c11"

BEGIN = datetime(1970, 1, 1, tzinfo=UTC)

# What PostgreSQL can keep: no NUL and no lone surrogates.
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
numbers = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
contents = st.dictionaries(
    words,
    st.recursive(
        words | numbers | st.booleans() | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)
instants = st.timedeltas(timedelta(0), timedelta(days=80_000)).map(lambda past: BEGIN + past)
entries = st.builds(Entry, st.sampled_from(Deed), words, words, words, contents, words)


@given(st.lists(entries, min_size=1, max_size=4), instants)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_database_computes_the_hash_that_is_described(
    session: Session, written: list[Entry], at: datetime
) -> None:
    with session.begin_nested() as kept:
        record(session, written, at)
        for row in rows(session):
            assert row[9] == hash_of(row)
        kept.rollback()


def test_entries_are_numbered_without_gaps_and_each_carries_the_hash_before(
    database: Database,
) -> None:
    write(database, 3)
    write(database, 2)
    with database.transaction() as session:
        found = rows(session)
        assert [row[0] for row in found] == [1, 2, 3, 4, 5]
        assert [row[8] for row in found] == [bytes(32), *(row[9] for row in found[:-1])]
        assert head(session) == (5, found[-1][9])
        assert [row[5] for row in found[:3]] == [entry(n).subject for n in range(3)]


def test_what_is_rolled_back_leaves_no_gap(database: Database) -> None:
    with database.engine.connect() as connection, Session(connection) as session:
        record(session, [entry()], AT)
        session.rollback()
    write(database, 1)
    with database.transaction() as session:
        assert head(session) == (1, rows(session)[0][9])


def test_an_insert_cannot_choose_its_place_in_the_chain(database: Database) -> None:
    insert = """INSERT INTO audit_entry VALUES
        (77, now(), 'denied', 'a', 'a', 's', '{}', '', decode(repeat('aa', 32), 'hex'), '\\x00')"""
    with database.transaction() as session:
        session.execute(text(insert))
        assert rows(session)[0][0] == 1
    with database.transaction() as session:
        assert verify(session).sound


def test_eight_who_write_at_once_make_one_unbroken_chain(database: Database) -> None:
    def work(number: int) -> None:
        for each in range(25):
            with database.transaction() as session:
                record(session, [entry(number), entry(each)], AT)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    with database.transaction() as session:
        found = verify(session)
    assert (found.entries, found.flaws) == (8 * 25 * 2, ())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET reason = 'x'",
        "UPDATE audit_entry SET reason = 'x' WHERE false",
        "DELETE FROM audit_entry WHERE id = 1",
        "TRUNCATE audit_entry",
        "DELETE FROM audit_head",
        "TRUNCATE audit_head",
        "SET session_replication_role = replica; DELETE FROM audit_entry WHERE id = 1",
    ],
)
def test_no_change_is_accepted_not_even_from_the_owner(session: Session, change: str) -> None:
    record(session, [entry()], AT)
    with pytest.raises(ProgrammingError, match=r"只能追加.*append-only"):
        session.execute(text(change))


@pytest.fixture
def asker(session: Session) -> Iterator[Session]:
    """A transaction under row security, as a person's request runs in."""
    record(session, [entry()], AT)
    session.execute(text("SET LOCAL ROLE fengqiao_asker"))
    session.execute(text("SELECT set_config('fengqiao.person', :id, true)"), {"id": PERSON})
    yield session
    session.rollback()


def test_an_asker_adds_entries_in_the_own_name(asker: Session) -> None:
    record(asker, [entry(actor=PERSON), entry(1, actor=PERSON)], AT)
    asker.execute(text("RESET ROLE"))
    assert [row[3] for row in rows(asker)] == ["system", PERSON, PERSON]


def test_an_asker_adds_none_in_the_name_of_another(asker: Session) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        record(asker, [entry(actor="somebody else")], AT)


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM audit_entry",
        "SELECT * FROM audit_head",
        "UPDATE audit_head SET id = 0",
        "UPDATE audit_entry SET reason = ''",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "INSERT INTO audit_head VALUES (false, 0, '')",
        "INSERT INTO audit_entry (id, deed) VALUES (9, 'denied')",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    ],
)
def test_an_asker_reads_and_changes_nothing(asker: Session, attempt: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        asker.execute(text(attempt))


def test_every_deed_has_a_title_in_both_languages() -> None:
    assert set(DEED_TITLES) == set(Deed)
    assert all(title.zh and title.en for title in DEED_TITLES.values())
