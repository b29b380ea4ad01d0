"""One run at a time, in as many short transactions as there are batches.

A run that is cut short has kept what it did, and the next one goes on.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.cases.service import SYSTEM
from api.deps import Clock
from api.refusals import Conflict
from api.retention import service
from api.retention.domain import Kind
from api.retention.models import RetentionRun
from gis.database import Database
from gis.wording import Wording

LOCK = 0x6671_0007
"""The advisory lock that a run holds; any number that nothing else uses."""


def run(database: Database, clock: Clock) -> RetentionRun:
    """Take all that expired. Raises Conflict while another run goes on."""
    with _alone(database):
        now = clock()
        with database.transaction() as session:
            begun, periods = service.begin(session, now), service.periods(session)
        for kind, kept in periods.items():
            while _batch(database, begun.id, kind, now - kept, now):
                pass
        with database.transaction() as session:
            done = service.finish(session, begun.id, clock())
            content = {"run": done.id, "counts": done.counts}
            record(session, [_entry("retention", content)], done.finished_at or now)
    return done


def _batch(database: Database, run_id: int, kind: Kind, before: datetime, now: datetime) -> int:
    with database.transaction() as session:
        many = service.take(session, kind, before, now)
        if many:
            service.count_on(session, run_id, kind, many)
            content = {"run": run_id, "taken": many}
            record(session, [_entry(f"retention:{kind.value}", content)], now)
    return many


def _entry(subject: str, content: Mapping[str, object]) -> Entry:
    return Entry(Deed.RETENTION_RUN, SYSTEM, SYSTEM, subject, content)


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """The lock goes with the connection, so none is left behind by a process that died."""
    with database.transaction() as guard:
        if not guard.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
            raise Conflict(Wording("另一次清理正在进行", "another run goes on"))
        yield
