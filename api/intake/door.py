"""The front door: reports that arrive while one transaction runs share the next one.

Every answer still waits for the commit that holds its report. Sharing costs one flush to disk and
one turn at the year's counter for all of them, where each alone would queue for its own.
"""

import threading
from collections import deque
from dataclasses import dataclass

from sqlalchemy.exc import DataError, IntegrityError

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.clocks.service import CurrentTimetable
from api.intake.preparation import Prepared
from api.intake.service import Claim, KeyTaken, Office, receive
from api.rights.roles import Who
from gis.database import Database

MOST_AT_ONCE = 64

# What one report alone can cause; the others of its transaction must not suffer for it.
OWN_FAULTS = (KeyTaken, IntegrityError, DataError)


@dataclass
class _Waiting:
    prepared: Prepared
    claim: Claim
    who: Who
    number: str | None = None
    error: Exception | None = None

    @property
    def served(self) -> bool:
        return self.number is not None or self.error is not None


class Door:
    """Receives reports from any number of threads, one transaction at a time."""

    def __init__(self, database: Database, prefix: str, timetable: CurrentTimetable) -> None:
        self._database = database
        self._prefix = prefix
        self._timetable = timetable
        self._queue: deque[_Waiting] = deque()
        self._turn = threading.Lock()

    def receive(self, prepared: Prepared, claim: Claim, who: Who) -> str:
        """Store a report under its key and write down who filed it; answers its case number.

        It answers after the commit. Whoever gets the turn serves all that wait. Raises KeyTaken,
        and SQLAlchemy's errors.
        """
        waiting = _Waiting(prepared, claim, who)
        self._queue.append(waiting)
        with self._turn:
            while not waiting.served:
                self._serve(self._next())
        if waiting.number is None:
            raise waiting.error or KeyTaken
        return waiting.number

    def _next(self) -> list[_Waiting]:
        many = min(len(self._queue), MOST_AT_ONCE)
        return [self._queue.popleft() for _ in range(many)]

    def _serve(self, batch: list[_Waiting]) -> None:
        try:
            self._store(batch)
        except OWN_FAULTS as error:
            if len(batch) == 1:
                batch[0].error = error
            else:
                for each in batch:
                    self._serve([each])
        except Exception as error:  # noqa: BLE001 - each waiting thread raises it as its own
            for each in batch:
                each.error = error

    def _store(self, batch: list[_Waiting]) -> None:
        prepared, claims = [each.prepared for each in batch], [each.claim for each in batch]
        office = Office(self._prefix, self._timetable.current())
        with self._database.transaction() as session:
            numbers = receive(session, prepared, office, claims)
            now = max(each.report.received_at for each in prepared)
            record(session, [_entry(*each) for each in zip(batch, numbers, strict=True)], now)
        for each, number in zip(batch, numbers, strict=True):
            each.number = number


def _entry(waiting: _Waiting, number: str) -> Entry:
    return Entry(Deed.REPORT_FILED, str(waiting.who.id), waiting.who.name, f"case:{number}")
