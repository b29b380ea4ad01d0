"""Editions in memory: one index each, shared by all threads, swapped while the old one serves on.

Whoever asks first after `look_every_s` looks whether anything changed: one tiny query. If so, that
caller builds the new index and the others go on with the old one until it stands. An edition is
thus in use at most `look_every_s` and one build after its commit, also after an idle night.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from time import monotonic

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gis.database import Database
from gis.wording import Wording
from grids.hierarchy import AreaKind
from grids.jurisdictions import EditionIndex
from grids.locate import Locator
from grids.overrides import Override
from grids.store import Stamp, editions, load_layers, overrides, stamp, units_of

LOG = logging.getLogger(__name__)

# By offset, since a minimal system has no time zone files.
TODAY = text("SELECT (now() AT TIME ZONE INTERVAL '8 hours')::date")

__all__ = ["EditionIndex", "Editions", "NoEdition", "index_of"]


class NoEdition(LookupError):
    """No areas are known for a day; says why and how to mend it."""

    def __init__(self, on: date, first: date | None) -> None:
        self.on = on
        if first is None:
            self.what = Wording("尚未导入任何区划", "No areas have been imported yet")
            self.mend = Wording(
                "先导入区划：fengqiao areas import", "Import them: fengqiao areas import"
            )
        else:
            self.what = Wording(
                f"{on} 没有区划：第一版自 {first} 起生效",
                f"No areas are known for {on}: the first edition begins on {first}",
            )
            self.mend = Wording(f"日期不得早于 {first}", f"Ask for {first} or later")
        super().__init__(f"{self.what}. 处理 / Mend: {self.mend}")


@dataclass(frozen=True)
class _Start:
    edition_id: int
    valid_from: date


@dataclass(frozen=True)
class _Known:
    """What the database said at one look, and the indexes built for it so far, oldest use first."""

    stamp: Stamp
    starts: tuple[_Start, ...]
    overrides: tuple[Override, ...]
    indexes: dict[int, EditionIndex]

    def start_on(self, on: date) -> _Start:
        """The edition in force on a day: the newest one that has begun."""
        begun = [start for start in self.starts if start.valid_from <= on]
        if not begun:
            raise NoEdition(on, self.starts[0].valid_from if self.starts else None)
        return begun[-1]


class Editions:
    """The indexes of the editions of a database. Safe to share between threads.

    `look_every_s`: how seldom the database is asked for changes. `keep`: how many editions stay in
    memory. Errors of the database are raised until a first look succeeded; later ones are logged
    and the known editions serve on.
    """

    def __init__(self, database: Database, *, look_every_s: float = 1.0, keep: int = 4) -> None:
        self._database = database
        self._look_every_s = look_every_s
        self._keep = keep
        self._known: _Known | None = None
        self._looked_at = 0.0
        self._looking = threading.RLock()
        self._building = threading.Lock()

    @property
    def newest_known(self) -> int | None:
        """The id of the newest edition in memory, without asking the database; for readiness."""
        return self._known.stamp.newest if self._known else None

    def at(self, on: date) -> EditionIndex:
        """The index of the edition in force on a day. Raises NoEdition."""
        known = self._up_to_date()
        return self._index(known, known.start_on(on))

    def current(self) -> EditionIndex:
        """The index of the edition in force today in Beijing, by the database's clock.

        Raises NoEdition.
        """
        with self._database.transaction() as session:
            today: date = session.execute(TODAY).scalar_one()
        return self.at(today)

    def refresh(self) -> None:
        """Look now, and have the newest edition in memory before returning."""
        self._look()

    def _up_to_date(self) -> _Known:
        known = self._known
        if known is None or known.stamp.newest is None:
            return self._look()
        if monotonic() - self._looked_at >= self._look_every_s:
            return self._look_alone(known)
        return known

    def _look_alone(self, known: _Known) -> _Known:
        """Look, unless somebody does already or the database is away: then go on as before."""
        if not self._looking.acquire(blocking=False):
            return known
        try:
            return self._look()
        except SQLAlchemyError:
            LOG.warning("cannot look for new areas; the known edition serves on", exc_info=True)
            return known
        finally:
            self._looking.release()

    def _look(self) -> _Known:
        with self._looking:
            self._looked_at = (
                monotonic()
            )  # before the look: a database that is away is not pestered
            with self._database.transaction() as session:
                found = stamp(session)
                if self._known is None or found != self._known.stamp:
                    self._known = self._read(session, found)
            return self._known

    def _read(self, session: Session, found: Stamp) -> _Known:
        starts = tuple(_Start(each.id, each.valid_from) for each in editions(session))
        decreed = tuple(overrides(session))
        with self._building:
            built = self._known.indexes if self._known else {}
            carried = {
                id_: replace(index, overrides=decreed, units=units_of(session, id_))
                for id_, index in built.items()
            }
            known = _Known(found, starts, decreed, carried)
            if starts:
                self._add(session, known, starts[-1])
        return known

    def _index(self, known: _Known, start: _Start) -> EditionIndex:
        index = known.indexes.get(start.edition_id)
        if index is not None:
            return index
        with self._building, self._database.transaction() as session:
            return self._add(session, known, start)

    def _add(self, session: Session, known: _Known, start: _Start) -> EditionIndex:
        """Build an index unless it is there; forget the one built longest ago, never the newest."""
        indexes = known.indexes
        if start.edition_id not in indexes:
            index = index_of(session, start.edition_id, start.valid_from, known.overrides)
            indexes[start.edition_id] = index
        spare = [id_ for id_ in indexes if id_ not in {start.edition_id, known.stamp.newest}]
        for id_ in spare[: max(len(indexes) - self._keep, 0)]:
            del indexes[id_]
        return indexes[start.edition_id]


def index_of(
    session: Session, edition_id: int, valid_from: date, decreed: Sequence[Override] = ()
) -> EditionIndex:
    """Read an edition and build its index."""
    layers = load_layers(session, edition_id)
    names = {
        (AreaKind(layer.kind), code): name
        for layer in layers
        for code, name in zip(layer.codes, layer.names, strict=True)
    }
    units = units_of(session, edition_id)
    return EditionIndex(edition_id, valid_from, Locator.build(layers), units, names, decreed)
