"""The layers of an edition, drawn once and kept. The caller opens the transaction."""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.geometry import Frame
from grids.hierarchy import AreaKind
from grids.models import Area, Edition
from grids.store import areas_of, edition_at, in_edition
from layers.catalogue import LayerEntry
from layers.features import collection, etag


def edition_on(session: Session, on: date) -> Edition | None:
    """The edition in force on a day."""
    return edition_at(session, on)


def counts(session: Session, edition_id: int) -> Mapping[str, int]:
    """How many areas of each kind an edition has."""
    query = (
        select(Area.kind, func.count().label("many"))
        .where(in_edition(edition_id))
        .group_by(Area.kind)
    )
    return {row.kind: row.many for row in session.execute(query)}


def bounds(session: Session, edition_id: int) -> Frame | None:
    """The rectangle around all areas of an edition, EPSG:4326."""
    extent = func.ST_Extent(Area.geom)
    edges = (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)
    query = select(*(edge(extent) for edge in edges)).where(in_edition(edition_id))
    found = session.execute(query).one()
    return None if found[0] is None else Frame(*found)


def name_of(entry: LayerEntry, edition: Edition) -> str:
    """The ETag of a layer in an edition."""
    return etag(entry.kind.value, edition.id, edition.fingerprint, edition.source)


@dataclass(frozen=True)
class Drawing:
    """A layer as GeoJSON in UTF-8, and the same compressed by gzip."""

    plain: bytes
    packed: bytes


def draw(session: Session, kind: AreaKind, edition: Edition) -> Drawing:
    """A layer of an edition."""
    plain = collection(areas_of(session, edition.id, [kind]), edition.source)
    return Drawing(plain, gzip.compress(plain, mtime=0))


class Drawings:
    """Layers by ETag, which names their content: drawn once, the least used forgotten.

    Safe to share between threads and between databases.
    """

    def __init__(self, most: int = 32) -> None:
        self._most = most
        self._kept: OrderedDict[str, Drawing] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, name: str, drawn: Callable[[], Drawing]) -> Drawing:
        """The drawing of this name, drawn now if it is not kept."""
        with self._lock:
            if name not in self._kept:
                self._kept[name] = drawn()
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return self._kept[name]
