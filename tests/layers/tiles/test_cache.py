"""Tiles kept in memory: bounded, made once, named strongly."""

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from layers.tiles.cache import ENTRY_BYTES, CachedTile, TileCache, TileKey
from layers.tiles.scheme import Tile

ROOM = 1_000_000


def key(x: int = 0, version: str = "7", source: str = "street") -> TileKey:
    return TileKey(source, version, Tile(10, x, 0))


def refused() -> bytes:
    raise AssertionError("it is made already")


def test_a_tile_comes_plain_and_gzipped_and_is_made_once() -> None:
    cache = TileCache(ROOM)
    first = cache.get(key(), lambda: b"tile" * 50)
    assert first.plain == b"tile" * 50
    assert gzip.decompress(first.gzipped) == first.plain
    assert cache.get(key(), refused) is first


def test_the_gzipped_bytes_are_the_same_whenever_they_are_made() -> None:
    one, other = (TileCache(ROOM).get(key(), lambda: b"tile" * 50) for _ in range(2))
    assert one.gzipped == other.gzipped
    assert one.gzipped[4:8] == bytes(4)  # no time of day, RFC 1952 section 2.3.1


def test_an_empty_tile_is_empty_in_both_codings() -> None:
    assert TileCache(ROOM).get(key(), bytes) == CachedTile(b"", b"")


def test_another_version_is_another_tile() -> None:
    cache = TileCache(ROOM)
    cache.get(key(version="7"), lambda: b"old")
    assert cache.get(key(version="8"), lambda: b"new").plain == b"new"
    assert cache.get(key(source="grid"), lambda: b"grid").plain == b"grid"


def test_the_tile_not_asked_for_longest_makes_room() -> None:
    size = CachedTile(b"", b"").size
    cache = TileCache(3 * size)
    for x in range(3):
        cache.get(key(x), bytes)
    cache.get(key(0), refused)
    cache.get(key(3), bytes)
    made = []
    for x in (0, 2, 3):
        cache.get(key(x), refused)
    cache.get(key(1), lambda: made.append(1) or b"")  # type: ignore[func-returns-value]
    assert made == [1]
    assert cache.statistics().entries == 3


def test_it_never_holds_more_than_it_may_not_even_of_empty_tiles() -> None:
    cache = TileCache(50 * ENTRY_BYTES)
    for x in range(500):
        cache.get(key(x), lambda x=x: bytes(x * 7))  # type: ignore[misc]
        assert cache.statistics().size <= 50 * ENTRY_BYTES
    assert cache.statistics().entries > 10


def test_a_tile_larger_than_the_cache_is_given_but_not_held() -> None:
    cache = TileCache(ENTRY_BYTES + 100)
    assert cache.get(key(), lambda: bytes(1000)).plain == bytes(1000)
    assert cache.statistics().entries == 0
    assert cache.statistics().size == 0


def test_one_thread_makes_a_tile_and_the_others_wait_for_it() -> None:
    cache, entered, going_on = TileCache(ROOM), threading.Event(), threading.Event()
    made = []

    def slowly() -> bytes:
        made.append(1)
        entered.set()
        going_on.wait(10)
        return b"tile"

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(cache.get, key(), slowly)
        assert entered.wait(10)
        others = [pool.submit(cache.get, key(), refused) for _ in range(7)]
        other_key = pool.submit(TileCache.get, cache, key(1), lambda: b"beside")
        while cache.statistics().waits < 7:
            pass
        going_on.set()
        assert {each.result(10).plain for each in [first, *others]} == {b"tile"}
        assert other_key.result(10).plain == b"beside"
    assert made == [1]
    counts = cache.statistics()
    assert (counts.hits, counts.misses, counts.waits, counts.entries) == (0, 2, 7, 2)


def test_a_failure_is_raised_and_the_next_who_asks_tries_again() -> None:
    cache = TileCache(ROOM)
    with pytest.raises(AssertionError, match="made already"):
        cache.get(key(), refused)
    assert cache.get(key(), lambda: b"tile").plain == b"tile"
    assert cache.statistics().entries == 1


def test_hits_and_misses_are_counted() -> None:
    cache = TileCache(ROOM)
    for x in (0, 1, 0, 0):
        cache.get(key(x), lambda: b"tile")
    counts = cache.statistics()
    assert (counts.hits, counts.misses, counts.waits, counts.entries) == (2, 2, 0, 2)


def test_the_etag_is_strong_and_another_for_every_tile_version_source_and_coding() -> None:
    keys = [key(), key(1), key(version="8"), key(source="grid"), key(source='街道/"x')]
    tags = [each.etag(coding) for each in keys for coding in ("identity", "gzip")]
    assert len(set(tags)) == 10
    for tag in tags:
        assert tag[0] == tag[-1] == '"'
        # RFC 9110, 8.8.3: what may stand between the quotes.
        assert all(sign == "!" or "#" <= sign <= "~" for sign in tag[1:-1])


def test_a_name_with_a_stroke_is_not_taken_for_two_names() -> None:
    assert key(source="a/b", version="c").etag() != key(source="a", version="b/c").etag()
