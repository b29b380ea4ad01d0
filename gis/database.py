"""The database plumbing: the declarative base, transactions, and a check of the server's settings.

Only the edge of the system opens transactions (:meth:`Database.transaction`); services receive the
session and never commit.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

import psycopg
from sqlalchemy import (
    URL,
    BigInteger,
    Connection,
    DateTime,
    Engine,
    Insert,
    MetaData,
    Text,
    create_engine,
    insert,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from gis.wording import Wording

EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Settings that lose acknowledged reports in a crash when they are off (19 of 1,444 were lost so
# without synchronous_commit, whose other values all wait for the disk at least).
DURABLE_SETTINGS = ("fsync", "full_page_writes", "synchronous_commit")
SET_IN_FILE = Wording("在 postgresql.conf 中改正并重新加载", "set it in postgresql.conf and reload")


class Base(DeclarativeBase):
    """The one registry of tables; its constraint names are stable, so migrations can name them."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar = {
        int: BigInteger,
        str: Text,
        datetime: DateTime(timezone=True),
    }


class UnsuitableDatabase(Exception):
    """The server answers, but its settings would lose data or break Chinese search."""


@dataclass(frozen=True)
class Finding:
    """One setting that differs from what the product needs."""

    setting: str
    found: str
    needed: str
    mend: Wording

    def __str__(self) -> str:
        zh = f"{self.setting} 是 {self.found!r}，应为 {self.needed!r}：{self.mend.zh}"
        en = f"{self.setting} is {self.found!r}, needed {self.needed!r}: {self.mend.en}"
        return str(Wording(zh, en))


class Database:
    """A PostGIS database, reached through one pooled engine (psycopg 3).

    ``url`` is a SQLAlchemy URL such as ``postgresql+psycopg:///fengqiao?host=/run/fengqiao``; a
    plain ``postgresql://`` URL is accepted and given the same driver. Sessions are in UTC.
    """

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = with_driver(url)
        self.engine: Engine = create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=10,
            pool_timeout=5,
            pool_pre_ping=True,
            connect_args=_connect_args(make_url(self.url)),
        )

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open one transaction: committed at the end of the block, rolled back on any error.

        The commit has happened when the block is left, so an answer sent afterwards is true.
        """
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def check(self, *, durable: bool = True) -> list[Finding]:
        """Return what is wrong with the server's settings; an empty list means suitable."""
        with self.engine.connect() as connection:
            return list(_findings(connection, durable=durable))

    def require_suitable(self, *, durable: bool = True) -> None:
        """Raise :class:`UnsuitableDatabase` naming every setting to mend."""
        if findings := self.check(durable=durable):
            raise UnsuitableDatabase("; ".join(map(str, findings)))

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def insert_all(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of equal keys in one batch; generated ids are not read back.

    Through Core: the ORM's bulk insert takes three times the processor time for a single row, and
    splits a batch wherever another set of columns is null.
    """
    if rows:
        session.execute(_insert_into(model), list(rows) if len(rows) > 1 else rows[0])


@contextmanager
def pipelined(session: Session) -> Iterator[None]:
    """Send the block's statements without waiting for each answer; none of them may return rows.

    What the server refuses is raised at the end of the block, as SQLAlchemy's errors. A dozen
    round trips become one: they are most of the time that an intake takes.
    """
    driver = session.connection().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("psycopg 3 is the only driver")
    try:
        with driver.pipeline():
            yield
    except psycopg.Error as error:
        raise DBAPIError.instance("(pipeline)", None, error, psycopg.Error) from error


@cache
def _insert_into(model: type[Base]) -> Insert:
    return insert(Base.metadata.tables[model.__tablename__]).inline()


def with_driver(url: str) -> str:
    """Name psycopg 3 as the driver of a PostgreSQL URL that names none."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _connect_args(url: URL) -> dict[str, object]:
    """What every connection needs, beside what the URL asks for (these arguments override it)."""
    return {
        "connect_timeout": url.query.get("connect_timeout", 5),
        "client_encoding": "UTF8",
        # Compiling the row policies takes longer than the queries do.
        "options": f"{url.query.get('options', '')} -c timezone=UTC -c jit=off".strip(),
    }


def _findings(connection: Connection, *, durable: bool) -> Iterator[Finding]:
    if durable:
        for name in DURABLE_SETTINGS:
            if connection.execute(text(f"SHOW {name}")).scalar_one() == "off":
                yield Finding(name, "off", "on", SET_IN_FILE)
    yield from _encoding_findings(connection)
    installed = set(connection.scalars(text("SELECT extname FROM pg_extension")))
    for extension in EXTENSIONS:
        if extension not in installed:
            line = f'"CREATE EXTENSION {extension}"'
            mend = Wording(f"以超级用户执行 {line}", f"run {line} as a superuser")
            yield Finding(f"extension {extension}", "missing", "installed", mend)


def _encoding_findings(connection: Connection) -> Iterator[Finding]:
    row = connection.execute(
        text(
            "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database"
            " WHERE datname = current_database()"
        )
    ).one()
    if row[0] != "UTF8":
        yield Finding("encoding", row[0], "UTF8", _created_with("ENCODING 'UTF8'"))
    # With LC_CTYPE C, pg_trgm drops every Chinese character.
    if row[1] in {"C", "POSIX"}:
        yield Finding("lc_ctype", row[1], "C.UTF-8", _created_with("LC_CTYPE 'C.UTF-8'"))


def _created_with(words: str) -> Wording:
    return Wording(f"建库时写 {words}", f"create the database with {words}")
