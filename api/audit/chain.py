"""How entries are chained, and what tampering looks like. Pure.

The chain. Each entry carries the hash of the one before it (32 zero bytes for the first) and its
own: SHA-256 over ten fields without the last, in this order and form, which is the one that
PostgreSQL's binary COPY gives a row (documentation of COPY, "Binary Format"):

    id, at, deed, actor, actor_name, subject, content, reason, previous

Each field is its length in bytes (4 bytes) and its bytes; all numbers are big-endian. ``id`` takes
8 bytes, ``at`` 8 bytes (microseconds since 2000-01-01T00:00Z), ``previous`` 32 bytes; the others
are UTF-8, ``content`` as PostgreSQL writes its jsonb. No field is null. So the bytes that a row
arrives in are the bytes that are hashed, and nothing has to be written anew to check it.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from gis.wording import Wording

BEGINNING = bytes(32)
"""What the first entry carries as the hash of the one before it."""

MOST_FLAWS = 100


class Head(NamedTuple):
    """The last link of the chain: its id (0 for an empty one) and its hash."""

    id: int
    hash: bytes


class Anchor(NamedTuple):
    """A head as it was at an instant, kept outside of the database."""

    at: datetime
    id: int
    hash: bytes

    def line(self) -> str:
        """The anchor as a line of the file, without its end."""
        return json.dumps({"at": self.at.isoformat(), "id": self.id, "hash": self.hash.hex()})


class Anchors(NamedTuple):
    """What a file of anchors holds: those that can be read, and the numbers of the other lines."""

    kept: tuple[Anchor, ...] = ()
    damaged: tuple[int, ...] = ()


def anchors_of(text: str) -> Anchors:
    """Read the lines of a file of anchors; one that is not as it was written is damaged."""
    kept, damaged = list[Anchor](), list[int]()
    for number, line in enumerate(text.split("\n"), start=1):
        found = _anchor_of(line) if line else None
        if found is not None:
            kept.append(found)
        elif line:
            damaged.append(number)
    return Anchors(tuple(kept), tuple(damaged))


def _anchor_of(line: str) -> Anchor | None:
    try:
        found = json.loads(line)
        at, link = datetime.fromisoformat(found["at"]), bytes.fromhex(found["hash"])
        anchor = Anchor(at, int(found["id"]), link)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return anchor if anchor.line() == line else None


class Damage(StrEnum):
    """How the chain is broken."""

    EDITED = "edited"
    MISSING = "missing"
    INSERTED = "inserted"
    CUT = "cut"
    REWRITTEN = "rewritten"
    HEAD = "head"
    ANCHOR = "anchor"


class Flaw(NamedTuple):
    """One finding: entries ``first`` to ``last``. For ANCHOR, the line of the anchors' file."""

    damage: Damage
    first: int
    last: int

    def told(self) -> Wording:
        """The finding in words, with the ids."""
        zh, en = _TOLD[self.damage]
        ids = str(self.first) if self.first == self.last else f"{self.first}–{self.last}"
        return Wording(zh.format(ids), en.format(ids))


_TOLD: Mapping[Damage, Wording] = {
    Damage.EDITED: Wording("第 {} 条被改动", "entry {} was edited"),
    Damage.MISSING: Wording("第 {} 条被删除", "entry {} is missing"),
    Damage.INSERTED: Wording(
        "第 {} 条是后来插入的", "entry {} was inserted beside the chain, after the fact"
    ),
    Damage.CUT: Wording("末尾第 {} 条被截去", "the tail was cut: entry {} is missing"),
    Damage.REWRITTEN: Wording(
        "第 {} 条与库外锚点不符：它或它之前的记录被整体改写",
        "entry {} is not the one that was anchored: it or what is before it was written anew",
    ),
    Damage.HEAD: Wording(
        "链头与第 {} 条不符：链头或该条被改动",
        "the head does not fit entry {}: one of the two was changed",
    ),
    Damage.ANCHOR: Wording(
        "锚点文件第 {} 行已损坏", "line {} of the file of anchors is damaged or was changed"
    ),
}


class Verification(NamedTuple):
    """What a check found: how many entries there are, and the first hundred flaws of ``found``."""

    entries: int
    anchors: int
    flaws: tuple[Flaw, ...]
    found: int

    @property
    def sound(self) -> bool:
        return not self.found


def walk(rows: Iterable[bytes], head: Head | None, anchors: Anchors) -> Verification:
    """Check the chain: ``rows`` as binary COPY gives them, ten fields by ascending id.

    ``head`` is what the database says is the last link. A tail that was cut together with it, and a
    chain that was computed anew as a whole, show against the ``anchors`` only.
    """
    walker = _Walker(anchors)
    last, before, many = 0, BEGINNING, 0
    anchored = walker.anchored
    for row in rows:
        many += 1
        number, after = int.from_bytes(row[6:14], "big", signed=True), row[-32:]
        sound = sha256(row[2:-36]).digest() == after
        if not (sound and number == last + 1 and row[-68:-36] == before):
            walker.doubt(number, last, row[-68:-36], before, sound=sound)
        if number in anchored:
            walker.compare(number, after)
        if number > last:
            walker.before_last, last, before = before, number, after
    walker.end(last, before, head)
    return Verification(many, len(anchors.kept), tuple(walker.flaws), walker.found)


class _Walker:
    """What a walk along the chain finds wrong."""

    def __init__(self, anchors: Anchors) -> None:
        self.anchored: dict[int, set[bytes]] = {}
        for anchor in anchors.kept:
            self.anchored.setdefault(anchor.id, set()).add(anchor.hash)
        self.flaws: list[Flaw] = []
        self.found = 0
        self.before_last = BEGINNING
        for line in anchors.damaged:
            self.tell(Damage.ANCHOR, line)

    def tell(self, damage: Damage, first: int, last: int | None = None) -> None:
        """Count a flaw, and keep it if it is among the first."""
        flaw = Flaw(damage, first, first if last is None else last)
        if flaw in self.flaws[-2:]:
            return
        self.found += 1
        if len(self.flaws) < MOST_FLAWS:
            self.flaws.append(flaw)

    def doubt(self, number: int, last: int, carried: bytes, before: bytes, *, sound: bool) -> None:
        """Say what is wrong with entry ``number`` after entry ``last``, whose hash is ``before``.

        ``carried`` is the hash that the entry carries of the one before it. An entry whose own hash
        fits but which follows another one than it carries accuses the one before it.
        """
        if number <= last:
            self.tell(Damage.INSERTED, number)
        elif number > last + 1:
            self.tell(Damage.MISSING, last + 1, number - 1)
        elif last and carried != before:
            skipped = carried == self.before_last
            if skipped or sound:
                self.tell(Damage.INSERTED if skipped else Damage.EDITED, last)
        if not sound or (number == 1 and carried != before):
            self.tell(Damage.EDITED, number)

    def compare(self, number: int, found: bytes) -> None:
        """Hold an entry against what was anchored of it."""
        if self.anchored[number] != {found}:
            self.tell(Damage.REWRITTEN, number)

    def end(self, last: int, found: bytes, head: Head | None) -> None:
        """Hold the last entry against the head and the latest anchor."""
        known = max(self.anchored, default=0)
        claimed = known if head is None else head.id
        if max(claimed, known) > last:
            self.tell(Damage.CUT, last + 1, max(claimed, known))
        if head is None or head.id < known or (head.id == last and head.hash != found):
            self.tell(Damage.HEAD, last)
        elif head.id < last:
            self.tell(Damage.INSERTED, head.id + 1, last)
