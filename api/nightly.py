"""What the server does each night: taking away what is kept no longer."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from api.beijing import BEIJING
from api.beside import beside
from api.deps import Clock
from api.refusals import Conflict
from api.retention.door import run
from gis.database import Database

log = logging.getLogger(__name__)

HOUR = 3
DAY = timedelta(days=1)


@contextmanager
def nightly(database: Database, clock: Clock) -> Iterator[None]:
    """Run the retention at three o'clock in Beijing each night, beside the block."""
    with beside("retention", nights(clock), lambda: purge(database, clock)):
        yield


def nights(clock: Clock) -> Iterator[float]:
    """Seconds until the next night's run, again and again."""
    while True:
        now = clock().astimezone(BEIJING)
        tonight = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
        yield ((tonight - now) % DAY or DAY).total_seconds()


def purge(database: Database, clock: Clock) -> None:
    """Run the retention; what hinders it goes into the log and is tried again the next night."""
    try:
        run(database, clock)
    except Conflict as busy:
        log.info("%s", busy)
    except SQLAlchemyError as error:
        log.warning("the retention did not run: %s", type(error).__name__)
