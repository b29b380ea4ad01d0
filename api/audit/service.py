"""Writing entries, searching them, and checking the chain. The caller commits."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import psycopg
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.audit.chain import Anchor, Anchors, Head, Verification, anchors_of, walk
from api.audit.domain import LOOKS, Deed, Entry
from api.audit.models import AuditEntry, AuditHead
from api.refusals import Conflict, Fault
from gis.database import insert_all
from gis.wording import Wording

ROWS = (
    "COPY (SELECT id, at, deed, actor, actor_name, subject, content::text, reason, previous, hash"
    " FROM audit_entry ORDER BY id) TO STDOUT (FORMAT binary)"
)
# Signature, flags and the length of an extension that nobody uses; then the rows; then -1.
COPY_HEADER_BYTES = 19
COPY_TRAILER = b"\xff\xff"
NO_ANCHORS = Anchors()


class SetBack(Conflict):
    """The chain ends before its latest anchor: entries were taken away, or an old copy restored."""

    def __init__(self, found: int, latest: int) -> None:
        what = Wording(
            f"审计链止于第 {found} 条，而锚点已到第 {latest} 条",
            f"the audit ends at entry {found}, but {latest} was anchored",
        )
        mend = Wording("运行 fengqiao audit verify 并查明原因", "run fengqiao audit verify")
        super().__init__(what, Fault("audit", what, mend))


class Wanted(NamedTuple):
    """What to search for; None does not ask. ``first`` is included, ``until`` is not."""

    deed: Deed | None = None
    actor: str | None = None
    subject: str | None = None
    first: datetime | None = None
    until: datetime | None = None
    reason: str | None = None


def record(session: Session, entries: Sequence[Entry], at: datetime) -> None:
    """Write deeds down in the caller's transaction, in this order.

    To be called last in a transaction: until its end everybody else who writes to the audit waits.
    Works for askers too, who may add entries in their own name and read none.
    """
    rows = [each._asdict() | {"content": dict(each.content), "at": at} for each in entries]
    insert_all(session, AuditEntry, rows)


def search(session: Session, wanted: Wanted, limit: int, after: int | None) -> list[AuditEntry]:
    """The latest entries that fit, newest first; ``after`` is the last id of the page before."""
    entry = AuditEntry
    query = select(entry).order_by(entry.id.desc()).limit(limit)
    if after is not None:
        query = query.where(entry.id < after)
    for column, value in (
        (entry.deed, wanted.deed),
        (entry.actor, wanted.actor),
        (entry.subject, wanted.subject),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.first is not None:
        query = query.where(entry.at >= wanted.first)
    if wanted.until is not None:
        query = query.where(entry.at < wanted.until)
    if wanted.reason is not None:
        query = query.where(entry.reason.icontains(wanted.reason, autoescape=True))
    return list(session.scalars(query))


def seen_by(
    session: Session, subject: str, limit: int = 100, after: int | None = None
) -> list[AuditEntry]:
    """Who saw the data of a subject (``party:…``): reads, reveals and exports, newest first."""
    entry = AuditEntry
    query = select(entry).where(entry.subject == subject, entry.deed.in_(sorted(LOOKS)))
    if after is not None:
        query = query.where(entry.id < after)
    return list(session.scalars(query.order_by(entry.id.desc()).limit(limit)))


def head(session: Session) -> Head | None:
    """The last link as the database has it; None where somebody took its row away."""
    found = session.execute(select(AuditHead.id, AuditHead.hash)).one_or_none()
    return None if found is None else Head(*found)


def verify(session: Session, anchors: Anchors = NO_ANCHORS) -> Verification:
    """Check every entry, the head and the anchors. To be called first in a transaction.

    The rows are streamed and hashed here, not by the database, whose functions could have been
    tampered with as well. Nobody who writes has to wait.
    """
    session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    last = head(session)
    with _rows(session) as rows:
        return walk(rows, last, anchors)


@contextmanager
def _rows(session: Session) -> Iterator[Iterator[bytes]]:
    """The entries by id as binary COPY sends them; libpq hands over one row at a time."""
    driver = session.connection().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("psycopg 3 is the only driver")
    try:
        with driver.cursor() as cursor, cursor.copy(ROWS) as copy:
            yield _unpacked(copy)
    except psycopg.Error as error:
        raise DBAPIError.instance(ROWS, None, error, psycopg.Error) from error


def _unpacked(copy: psycopg.Copy) -> Iterator[bytes]:
    begun = False
    for piece in copy:
        row = bytes(piece) if begun else bytes(piece)[COPY_HEADER_BYTES:]
        begun = True
        if row and row != COPY_TRAILER:
            yield row


def anchored(path: Path) -> Anchors:
    """The anchors in a file; none where there is no file. Raises OSError."""
    try:
        return anchors_of(path.read_text("utf-8", errors="replace"))
    except FileNotFoundError:
        return NO_ANCHORS


def anchor(session: Session, path: Path, at: datetime) -> Anchor | None:
    """Add the present head to the file, unless it is there already or nothing was written yet.

    When this returns the line is on the disk. Raises SetBack (nothing is added) and OSError.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(path) as file:
        kept = anchors_of(_all_of(file)).kept
        latest = max((each.id for each in kept), default=0)
        found = head(session) or Head(0, b"")
        if found.id < latest:
            raise SetBack(found.id, latest)
        if found.id == latest:
            return None
        added = Anchor(at, *found)
        _append(file, added.line())
    return added


@contextmanager
def _alone(path: Path) -> Iterator[int]:
    """The file, open to its owner only; whoever else anchors waits."""
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)  # gives the lock back as well


def _all_of(file: int) -> str:
    return os.pread(file, os.fstat(file).st_size, 0).decode("utf-8", errors="replace")


def _append(file: int, line: str) -> None:
    """Add a line and wait for the disk; a line that a crash cut short is ended first."""
    size = os.fstat(file).st_size
    whole = not size or os.pread(file, 1, size - 1) == b"\n"
    os.write(file, f"{line}\n".encode() if whole else f"\n{line}\n".encode())
    os.fsync(file)
