"""What the gazetteer holds and what the geocoder answers: plain values, no database."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import overload


class Level(StrEnum):
    """What kind of thing a place name stands for, finest first."""

    ROOM = "room"
    DOOR = "door"
    BUILDING = "building"
    ESTATE = "estate"
    POI = "poi"
    INTERSECTION = "intersection"
    ROAD = "road"
    COMMUNITY = "community"
    STREET = "street"


@dataclass(frozen=True, slots=True)
class GazetteerEntry:
    """One known place. `lon`, `lat` in degrees WGS-84.

    `radius_m`: metres, how far from the point the real place may lie.
    `name`: the whole usual name ('东塔街43-1号', '东逸花园3号楼', '滂江街站').
    `number`: without 号 ('43-1', '12甲', '5副1'). `building`: without 栋 or 号楼 ('3', 'A3').
    A name that is no longer official is an alias with its end in brackets, the year
    where known: '新东街道(撤销)' or '新东街道(撤销于2013)'.
    """

    level: Level
    name: str
    lon: float
    lat: float
    radius_m: float
    source: str
    aliases: tuple[str, ...] = ()
    road: str | None = None
    number: str | None = None
    estate: str | None = None
    building: str | None = None
    community_code: str | None = None
    street_code: str | None = None

    @property
    def code(self) -> str:
        """A name for this entry that survives a reload: level and a hash of what it is called."""
        parts = (self.name, self.road, self.number, self.estate, self.building, self.community_code)
        text = "\x1f".join(part or "" for part in parts)
        return f"{self.level}-{hashlib.blake2b(text.encode(), digest_size=6).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible place for a text.

    `radius_m` is the uncertainty in metres: a centroid never hides behind a point.
    `score` 0..1 says how surely the text means this place, nothing of how small it is.
    `entry_code` is the code of the gazetteer entry that the answer stands on.
    """

    level: Level
    text: str
    lon: float
    lat: float
    radius_m: float
    score: float
    explanation_zh: str
    explanation_en: str
    entry_code: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader must know about the whole answer."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Geocoding(Sequence[Candidate]):
    """Ranked candidates, best first, and notes; usable as the sequence of its candidates."""

    candidates: tuple[Candidate, ...] = ()
    notes: tuple[Note, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Candidate: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Candidate]: ...
    def __getitem__(self, index: int | slice) -> Candidate | Sequence[Candidate]:
        return self.candidates[index]

    def __len__(self) -> int:
        return len(self.candidates)

    def __iter__(self) -> Iterator[Candidate]:
        return iter(self.candidates)
