"""Real PostGIS for tests: one throwaway cluster per process, one migrated template database."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from api.migrations import migrate
from gis.cluster import throwaway_cluster
from gis.database import Database

numbers = count(1)


def url_of(url: str, name: str) -> str:
    """The same server's URL with another database."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def copied(url: str) -> Iterator[str]:
    """The URL of a database of its own, copied from the one at ``url``, dropped afterwards."""
    server = make_url(url)
    name = f"copy_{next(numbers)}"
    words = {"host": server.query["host"], "user": server.username, "dbname": "postgres"}
    with psycopg.connect(**words, autocommit=True) as connection:
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        connection.execute(make.format(sql.Identifier(name), sql.Identifier(str(server.database))))
        try:
            yield url_of(url, name)
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """A database handle that leaves no connection behind."""
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()


@pytest.fixture(scope="session")
def empty_url() -> Iterator[str]:
    """A database with the extensions and nothing else. Only to be copied."""
    with throwaway_cluster() as cluster:
        yield cluster.ensure()


@pytest.fixture(scope="session")
def migrated_url(empty_url: str) -> Iterator[str]:
    """An empty database with the schema of this version. Only to be copied."""
    with copied(empty_url) as url:
        migrate(url)
        yield url


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    """A database of the test's own, for tests that commit."""
    with copied(migrated_url) as url, opened(url) as database:
        yield database


@pytest.fixture(scope="session")
def shared_database(migrated_url: str) -> Iterator[Database]:
    """The database in which `session` rolls back. Nobody commits to it."""
    with copied(migrated_url) as url, opened(url) as database:
        yield database


@pytest.fixture
def session(shared_database: Database) -> Iterator[Session]:
    """A session inside an outer transaction that is rolled back; its commits are savepoints."""
    with shared_database.engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()
