"""The geocoder over the gazetteer as it is now, shared by all threads of a process."""

import threading
import time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.database import Database
from gis.geocoding import gazetteer
from gis.geocoding.geocoder import Geocoder
from gis.geocoding.models import GazetteerEntryRow as Row

LOOK_AGAIN_S = 2.0

Version = tuple[int, int]


class CurrentGeocoder:
    """Holds one built geocoder; looks every two seconds whether the gazetteer was replaced.

    While a new one is built the old one goes on answering. Thread-safe.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._building = threading.Lock()
        self._version: Version | None = None
        self._geocoder: Geocoder | None = None
        self._looked = -LOOK_AGAIN_S

    def current(self) -> Geocoder:
        """The geocoder. Raises SQLAlchemy's OperationalError while the database is away."""
        geocoder = self._geocoder
        if geocoder is not None and time.monotonic() - self._looked < LOOK_AGAIN_S:
            return geocoder
        # Only the first caller ever waits for a build; later ones take the old index meanwhile.
        if not self._building.acquire(blocking=geocoder is None):
            return geocoder or self.current()
        try:
            return self._refreshed()
        finally:
            self._building.release()

    def _refreshed(self) -> Geocoder:
        with self._database.transaction() as session:
            version = _version(session)
            if self._geocoder is None or version != self._version:
                self._geocoder = Geocoder(gazetteer.load(session))
                self._version = version
        self._looked = time.monotonic()
        return self._geocoder


def _version(session: Session) -> Version:
    """Replacing the gazetteer gives every entry a new id, so count and last id tell it apart."""
    count, last = session.execute(select(func.count(), func.max(Row.id))).one()
    return count, last or 0
