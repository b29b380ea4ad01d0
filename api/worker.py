"""The clock and the deliveries: what happens without anybody asking.

Any number of workers may run, in servers and by `fengqiao worker`: each takes other clocks
(`api.clocks.door.fire`), and all go by the database's time. A worker that dies leaves nothing
half done, since every round is one transaction; one that goes silent shows by its last beat.
"""

import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from time import monotonic

from api.beside import beside
from api.clocks.door import beat, fire
from api.custody.service import gaps
from api.notices.door import Deliveries
from api.settings import Settings
from gis.database import Database

log = logging.getLogger(__name__)

EVERY_S = 1.0
LONGEST_WAIT_S = 8.0
"""With the five seconds of a connection that does not come, a worker is back within fifteen."""
MOST_DOUBLINGS = 10
MANY = 100
"""Clocks of one transaction: few enough that another worker's wait is short."""

WATCH_EVERY_S = 30.0

Duty = Callable[[], bool]
"""Something else to be looked after each round; True asks for another round at once."""


class Worker:
    """One worker: fires what is due, beats, and does its other duties, round by round."""

    def __init__(self, database: Database, duties: Sequence[Duty] = ()) -> None:
        self._database = database
        self._duties: list[Duty] = [self._fire, *duties]
        self._name = socket.gethostname()
        self._failures = 0
        self._busy = False

    def waits(self) -> Iterator[float]:
        """Seconds until each next round; longer after every round that failed."""
        while True:
            wait = min(EVERY_S * 2**self._failures, LONGEST_WAIT_S)
            yield 0.0 if self._busy else wait

    def round(self) -> None:
        """Do every duty once. What hinders one is logged by its kind and stops no other."""
        found = [_done(duty) for duty in self._duties]
        failed = None in found
        self._failures = min(self._failures + 1, MOST_DOUBLINGS) if failed else 0
        self._busy = not failed and any(found)

    def _fire(self) -> bool:
        """Fire one batch. The beat comes with it: a worker that cannot fire falls silent."""
        with self._database.transaction() as session:
            fired = fire(session, MANY)
            beat(session, self._name)
        return fired == MANY


def _done(duty: Duty) -> bool | None:
    """What a duty answers; None where it failed."""
    try:
        return duty()
    except Exception as error:  # noqa: BLE001 - a thread that ends would end all clocks in silence
        log.warning("the worker goes on after: %s", type(error).__name__)
        return None


class CustodyWatch:
    """Looks every half minute whether a case is in nobody's hands (首问责任)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._next = 0.0

    def work(self) -> bool:
        """Raise the alarm for each gap, once."""
        if monotonic() >= self._next:
            with self._database.transaction() as session:
                gaps(session)
            self._next = monotonic() + WATCH_EVERY_S
        return False


@contextmanager
def working(database: Database, settings: Settings) -> Iterator[None]:
    """A worker in a thread of its own while the block runs, unless another process has it."""
    if not settings.worker:
        yield
        return
    deliveries = Deliveries(database, settings)
    worker = Worker(database, [deliveries.work, CustodyWatch(database).work])
    with closing(deliveries), beside("worker", worker.waits(), worker.round):
        yield
