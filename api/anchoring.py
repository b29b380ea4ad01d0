"""Anchoring on a schedule: the audit's head goes into a file outside of the database.

Whoever can change the database can cut the audit's tail so that the rest fits; the file shows it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain, repeat
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from api.audit import service
from api.beside import beside
from api.deps import Clock
from gis.database import Database

log = logging.getLogger(__name__)


@contextmanager
def anchoring(database: Database, path: Path, every: timedelta, clock: Clock) -> Iterator[None]:
    """Anchor at once and then ``every`` so often when the head has moved, beside the block."""
    waits = chain([0.0], repeat(every.total_seconds()))
    with beside("anchoring", waits, lambda: anchor(database, path, clock)):
        yield


def anchor(database: Database, path: Path, clock: Clock) -> None:
    """Anchor the head if it has moved; what hinders it goes into the log and is tried again."""
    try:
        with database.transaction() as session:
            service.anchor(session, path, clock())
    except service.SetBack as error:
        log.error("%s", error)  # noqa: TRY400 - no traceback: it is a finding
    except (SQLAlchemyError, OSError) as error:
        log.warning("the audit was not anchored: %s", type(error).__name__)
