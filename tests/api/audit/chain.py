"""The chain worked out a second time, from its description alone, and a hand that forges it."""

import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.audit.domain import Deed, Entry
from api.audit.service import record
from gis.database import Database

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
COLUMNS = "id, at, deed, actor, actor_name, subject, content::text, reason, previous, hash"

DISABLE = "ALTER TABLE audit_entry DISABLE TRIGGER USER"
ENABLE = "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER "


def entry(number: int = 0, **changes: Any) -> Entry:
    first = Entry(Deed.CASE_READ, "system", "系统", f"case:DD-2026-{number:06}", {"n": number})
    return first._replace(**changes)


def write(database: Database, many: int) -> None:
    with database.transaction() as session:
        record(session, [entry(number) for number in range(many)], AT)


def rows(session: Session) -> list[tuple[Any, ...]]:
    query = text(f"SELECT {COLUMNS} FROM audit_entry ORDER BY id")
    return [tuple(row) for row in session.execute(query)]


def packed(row: Iterable[Any]) -> bytes:
    """The bytes that are hashed: nine fields, each with its length before it."""
    number, at, *texts, previous = list(row)[:9]
    micros = (at - EPOCH) // timedelta(microseconds=1)
    fields = [struct.pack(">q", number), struct.pack(">q", micros)]
    fields += [each.encode() for each in texts]
    fields.append(bytes(previous))
    return b"".join(struct.pack(">i", len(each)) + each for each in fields)


def hash_of(row: Iterable[Any]) -> bytes:
    return sha256(packed(row)).digest()


def tamper(session: Session, *statements: str) -> None:
    """Do what the triggers refuse, as somebody does who owns the tables."""
    for each in (
        DISABLE,
        *statements,
        ENABLE + "chain",
        ENABLE + "append_only",
    ):
        session.execute(text(each))


def chain_anew(session: Session, first: int) -> None:
    """Compute the links from ``first`` to the end again, and the head with them."""
    session.execute(text(DISABLE))
    every = rows(session)
    before = {row[0]: row[9] for row in every}.get(first - 1, bytes(32))
    for row in every:
        if row[0] < first:
            continue
        after = hash_of((*row[:8], before))
        words = {"id": row[0], "before": before, "after": after}
        change = "UPDATE audit_entry SET previous = :before, hash = :after WHERE id = :id"
        session.execute(text(change), words)
        before = after
    words = {"id": every[-1][0], "hash": before}
    session.execute(text("UPDATE audit_head SET id = :id, hash = :hash"), words)
    for trigger in ("chain", "append_only"):
        session.execute(text(ENABLE + trigger))
