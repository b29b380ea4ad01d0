"""Tiles that were made already, in memory, bounded, each made by one thread only.

A key never changes its content (a source that changes gets a new version), so nothing ever goes
stale: what was not asked for longest makes room.
"""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from layers.tiles.scheme import Tile

ENTRY_BYTES = 1024
"""What an entry takes besides its tile, so that empty tiles are bounded too."""
COMPRESSION = 6


class TileKey(NamedTuple):
    """Which tile of which source in which version."""

    source: str
    version: str
    tile: Tile

    def etag(self, coding: str = "identity") -> str:
        """The strong ETag of the tile in a content coding: another for each (RFC 9110, 8.8.3.3)."""
        tile = self.tile
        names = (quote(name, safe="") for name in (self.source, self.version, coding))
        return f'"{"/".join([*names, f"{tile.z}/{tile.x}/{tile.y}"])}"'


@dataclass(frozen=True)
class CachedTile:
    """A tile ready to be sent, plain or with `Content-Encoding: gzip`. Empty: both are b""."""

    plain: bytes
    gzipped: bytes

    @property
    def size(self) -> int:
        """What it takes of the cache, in bytes."""
        return len(self.plain) + len(self.gzipped) + ENTRY_BYTES


class Statistics(NamedTuple):
    """What happened since the start and what is held; `waits` got what another was making."""

    hits: int
    misses: int
    waits: int
    entries: int
    size: int


class TileCache:
    """Tiles by key, at most `most_bytes` of them. Safe to share between threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held: OrderedDict[TileKey, CachedTile] = OrderedDict()
        self._under_way: dict[TileKey, Future[CachedTile]] = {}
        self._lock = threading.Lock()
        self._size = self._hits = self._misses = self._waits = 0

    def get(self, key: TileKey, make: Callable[[], bytes]) -> CachedTile:
        """The tile of a key, made if need be; others who ask meanwhile wait for it.

        What `make` raises is raised to all of them, and nothing is kept.
        """
        with self._lock:
            held = self._held.get(key)
            if held is not None:
                self._hits += 1
                self._held.move_to_end(key)
                return held
            promised = self._under_way.get(key)
            if promised is None:
                self._misses += 1
                own = self._under_way[key] = Future[CachedTile]()
            else:
                self._waits += 1
        return promised.result() if promised is not None else self._made(key, make, own)

    def statistics(self) -> Statistics:
        """The counts at this moment."""
        with self._lock:
            return Statistics(self._hits, self._misses, self._waits, len(self._held), self._size)

    def _made(
        self, key: TileKey, make: Callable[[], bytes], promised: Future[CachedTile]
    ) -> CachedTile:
        try:
            tile = _packed(make())
        except BaseException as error:
            with self._lock:
                del self._under_way[key]
            promised.set_exception(error)
            raise
        with self._lock:
            del self._under_way[key]
            self._keep(key, tile)
        promised.set_result(tile)
        return tile

    def _keep(self, key: TileKey, tile: CachedTile) -> None:
        """Hold a tile and forget those not asked for longest; one larger than all is not held."""
        if tile.size > self._most_bytes:
            return
        self._held[key] = tile
        self._size += tile.size
        while self._size > self._most_bytes:
            _, forgotten = self._held.popitem(last=False)
            self._size -= forgotten.size


def _packed(plain: bytes) -> CachedTile:
    # Without the time of day, so that the same tile is the same bytes.
    zipped = gzip.compress(plain, compresslevel=COMPRESSION, mtime=0) if plain else b""
    return CachedTile(plain, zipped)
