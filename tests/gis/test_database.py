"""Transactions that hold or leave nothing, and servers whose settings would lose reports."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from gis.database import Database, UnsuitableDatabase, insert_all, with_driver
from gis.geocoding.models import GazetteerEntryRow as Row
from tests.conftest import copied, opened, url_of


def entry(name: str, **words: object) -> dict[str, object]:
    """A row of the gazetteer, the next best table."""
    point = "SRID=4326;POINT(123.47 41.81)"
    known = {"level": "poi", "aliases": [], "lon": 123.47, "lat": 41.81, "geom": point}
    return known | {"name": name, "radius_m": 5.0, "source": "test"} | words


def names(database: Database) -> list[str]:
    with database.transaction() as session:
        return list(session.scalars(select(Row.name).order_by(Row.id)))


def rewritten(url: str, statement: str) -> None:
    """One statement outside of any transaction."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def furnished(url: str, *statements: str) -> Iterator[Database]:
    """A copy of the empty database, changed by statements in which {} is its name."""
    with copied(url) as copy, opened(copy) as database:
        for statement in statements:
            rewritten(copy, statement.format(make_url(copy).database))
        yield database


def faults(database: Database) -> dict[str, str]:
    return {fault.setting: fault.found for fault in database.check()}


CARELESS = {"fsync": "off", "full_page_writes": "off"}  # as the cluster of tests is


def test_a_transaction_is_committed_when_its_block_is_left(database: Database) -> None:
    with database.transaction() as session:
        insert_all(session, Row, [entry("东塔")])
        assert names(database) == []
    assert names(database) == ["东塔"]


def test_an_error_in_the_block_leaves_nothing_and_goes_on(database: Database) -> None:
    def fail_half_way() -> None:
        with database.transaction() as session:
            insert_all(session, Row, [entry("东塔")])
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail_half_way()
    assert names(database) == []


def test_a_refused_statement_takes_those_before_it_along(database: Database) -> None:
    def store() -> None:
        with database.transaction() as session:
            insert_all(session, Row, [entry("东塔")])
            insert_all(session, Row, [entry("万泉", level="bogus")])

    with pytest.raises(IntegrityError):
        store()
    assert names(database) == []


def test_what_was_read_can_be_used_after_the_block(database: Database) -> None:
    with database.transaction() as session:
        insert_all(session, Row, [entry("东塔")])
        row = session.scalars(select(Row)).one()
    assert row.name == "东塔"


def test_rows_of_a_batch_are_stored_in_its_order(database: Database) -> None:
    with database.transaction() as session:
        insert_all(session, Row, [])
        insert_all(session, Row, [entry(str(number)) for number in range(50)])
    assert names(database) == [str(number) for number in range(50)]


def test_one_bad_row_of_a_batch_stops_all(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        insert_all(session, Row, [entry("东塔"), entry("万泉", radius_m=-1.0)])
    assert names(database) == []


def test_times_come_in_utc(database: Database) -> None:
    with database.engine.connect() as connection:
        assert connection.scalar(text("SHOW timezone")) == "UTC"


def test_a_connection_that_was_cut_is_replaced_without_an_error(database: Database) -> None:
    assert names(database) == []
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    )
    rewritten(database.url, f"{cut} AND pid <> pg_backend_pid()")
    assert names(database) == []


def test_a_sound_database_has_no_faults_but_those_of_a_careless_server(empty_url: str) -> None:
    with furnished(empty_url) as database:
        assert faults(database) == CARELESS
        assert database.check(durable=False) == []
        database.require_suitable(durable=False)


def test_a_server_that_may_lose_reports_is_refused_with_every_setting(empty_url: str) -> None:
    with furnished(empty_url) as database, pytest.raises(UnsuitableDatabase) as refused:
        database.require_suitable()
    for said in ("fsync 是 'off'，应为 'on'", "full_page_writes is 'off', needed 'on'"):
        assert said in str(refused.value)


@pytest.mark.parametrize(
    ("value", "fault"),
    [("off", {"synchronous_commit": "off"}), ("on", {}), ("remote_apply", {}), ("local", {})],
)
def test_commits_may_wait_for_a_standby_but_not_for_nothing(
    empty_url: str, value: str, fault: dict[str, str]
) -> None:
    with furnished(empty_url, f"ALTER DATABASE {{}} SET synchronous_commit = {value}") as database:
        assert faults(database) == CARELESS | fault


def test_a_missing_extension_is_named_with_the_line_that_installs_it(empty_url: str) -> None:
    with furnished(empty_url, "DROP EXTENSION pg_trgm") as database:
        (fault,) = database.check(durable=False)
    assert fault.setting == "extension pg_trgm"
    assert 'CREATE EXTENSION pg_trgm"' in fault.mend.en


@pytest.mark.parametrize(
    ("words", "setting", "found"),
    [
        ("ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", "lc_ctype", "C"),
        ("ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", "encoding", "SQL_ASCII"),
    ],
)
def test_a_database_that_cannot_search_chinese_is_found(
    empty_url: str, words: str, setting: str, found: str
) -> None:
    name = f"without_chinese_{setting}"
    rewritten(empty_url, f"CREATE DATABASE {name} TEMPLATE template0 {words}")
    try:
        with opened(url_of(empty_url, name)) as database:
            assert faults(database)[setting] == found
    finally:
        rewritten(empty_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize(
    ("url", "driven"),
    [
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql:///d?host=/run/x", "postgresql+psycopg:///d?host=/run/x"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg2://u@h/d", "postgresql+psycopg2://u@h/d"),
    ],
)
def test_a_url_that_names_no_driver_gets_psycopg_3(url: str, driven: str) -> None:
    assert with_driver(url) == driven


def test_a_server_that_is_away_is_an_error_at_once() -> None:
    with opened("postgresql://fengqiao@127.0.0.1:1/fengqiao") as database:
        for ask in (database.check, lambda: names(database)):
            with pytest.raises(OperationalError):
                ask()


def test_a_server_that_is_silent_is_not_waited_for_longer_than_the_url_says() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port, start = silent.getsockname()[1], time.monotonic()
        url = f"postgresql://fengqiao@127.0.0.1:{port}/fengqiao?connect_timeout=2&sslmode=disable"
        with opened(url) as database, pytest.raises(OperationalError, match="timeout"):
            names(database)
    assert time.monotonic() - start < 30


def test_options_of_the_url_hold_beside_our_own(empty_url: str) -> None:
    asked = {"options": "-c statement_timeout=1234 -c timezone=Asia/Tokyo"}
    with copied(empty_url) as copy:
        url = make_url(copy).update_query_dict(asked).render_as_string(hide_password=False)
        with opened(url) as database, database.engine.connect() as connection:
            assert connection.scalar(text("SHOW statement_timeout")) == "1234ms"
            assert connection.scalar(text("SHOW timezone")) == "UTC"
