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

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Engine,
    Insert,
    MetaData,
    Text,
    create_engine,
    insert,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Session

EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Settings without which an acknowledged report could be lost (RELIABILITY: 19 of 1,444 with
# synchronous_commit off).
DURABLE_SETTINGS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


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
    mend: str

    def __str__(self) -> str:
        return f"{self.setting} is {self.found!r}, needed {self.needed!r}: {self.mend}"


class Database:
    """A PostGIS database, reached through one pooled engine (psycopg 3).

    ``url`` is a SQLAlchemy URL such as ``postgresql+psycopg:///fengqiao?host=/run/fengqiao``; a
    plain ``postgresql://`` URL is accepted and given the same driver.
    """

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = with_driver(url)
        self.engine: Engine = create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=10,
            pool_timeout=5,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 5, "options": "-c timezone=UTC"},
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


@cache
def _insert_into(model: type[Base]) -> Insert:
    return insert(Base.metadata.tables[model.__tablename__])


def with_driver(url: str) -> str:
    """Name psycopg 3 as the driver of a PostgreSQL URL that names none."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _findings(connection: Connection, *, durable: bool) -> Iterator[Finding]:
    if durable:
        for name, needed in DURABLE_SETTINGS.items():
            found = connection.execute(text(f"SHOW {name}")).scalar_one()
            if found != needed:
                yield Finding(name, found, needed, "set it in postgresql.conf and reload")
    yield from _encoding_findings(connection)
    installed = set(connection.scalars(text("SELECT extname FROM pg_extension")))
    for extension in EXTENSIONS:
        if extension not in installed:
            mend = f'run "CREATE EXTENSION {extension}" as a superuser'
            yield Finding(f"extension {extension}", "missing", "installed", mend)


def _encoding_findings(connection: Connection) -> Iterator[Finding]:
    row = connection.execute(
        text(
            "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database"
            " WHERE datname = current_database()"
        )
    ).one()
    if row[0] != "UTF8":
        yield Finding("encoding", row[0], "UTF8", "create the database with ENCODING 'UTF8'")
    # With LC_CTYPE C, pg_trgm drops every Chinese character.
    if row[1] in {"C", "POSIX"}:
        yield Finding("lc_ctype", row[1], "C.UTF-8", "create the database with LC_CTYPE 'C.UTF-8'")
