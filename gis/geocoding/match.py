"""How much a match is worth, and when it may be taken without asking a person.

All weights are our own choice, set so that the tests' rules hold: what is written exactly is
taken, what is guessed from a neighbour, a former name or a slip of the keyboard is taken only
where nothing else comes near, and what leaves a part of the text unexplained is confirmed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from gis.geocoding.entry import Candidate, GazetteerEntry, Level
from gis.geocoding.numbers import Basis, distance_m
from gis.geocoding.vocabulary import Kind

ACCEPT_SCORE = 0.8
"""Below this score a person confirms."""
LEAST_SCORE = 0.35
"""Below this score a candidate is not worth a person's look."""
ACCEPT_MARGIN = 0.08
"""The best must be this much better than the best one in another place, else a person chooses."""
SAME_PLACE_M = 60.0
"""Two candidates closer than this (plus the radius of the better one) are one place."""
TWIN_M = 300.0
"""Entries of one level and name within this distance are one thing, as two lines' station."""

WORD_WEIGHT = {Kind.NAME: 1.0, Kind.ALIAS: 0.97, Kind.SHORT: 0.82, Kind.FORMER: 0.75}
BASIS_WEIGHT = {
    Basis.SAME_NUMBER: 0.9,
    Basis.SAME_SIDE: 0.88,
    Basis.BOTH_SIDES: 0.82,
    Basis.BEYOND: 0.65,
}
ROOM_IN_BUILDING = 0.96
"""The building or the number is known, the unit or room in it is not: still the same house."""
BUILDING_AS_NUMBER = 0.85
UNRESOLVED = {Level.POI: 0.95, Level.ESTATE: 0.75}
"""Only the name was found, not the number or building asked for (a mall has many floors)."""
UNRESOLVED_WIDE = 0.6
"""The same for a road, a community, a street office: far too wide for the place that was meant."""
PART_LEFT = 0.6
"""A part of the text that names something else was not used."""
NUMBER_WITHOUT_PLACE = 0.96
"""滂江街54号德济医院: the number stands, the landmark was not compared."""
CONTRADICTED = 0.7
"""The street office or community written in front is not the one the place lies in."""
RELATIVE = 0.95
NAMESAKE = 0.95
ESTIMATED_CROSSING = 0.75
INITIALS = 0.72
SOUND = 0.88

_LEVEL_RANK = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Finding:
    """A place found for a part of the text. `zh` and `en` are the reasons, in reading order."""

    entry: int
    level: Level
    text: str
    lon: float
    lat: float
    radius_m: float
    score: float
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    @classmethod
    def of(cls, entry: GazetteerEntry, position: int) -> Self:
        """The entry itself, found as asked."""
        point = entry.lon, entry.lat, entry.radius_m
        return cls(position, entry.level, entry.name, *point, score=1.0)

    def weighed(self, factor: float, zh: str = "", en: str = "", widen: float = 0.0) -> "Finding":
        """The same place with its score multiplied, its radius widened, a reason added."""
        return Finding(
            self.entry,
            self.level,
            self.text,
            self.lon,
            self.lat,
            self.radius_m + widen,
            self.score * factor,
            (*self.zh, zh) if zh else self.zh,
            (*self.en, en) if en else self.en,
        )

    @property
    def rank(self) -> tuple[float, int, float]:
        """Sorting key: best score first, then the finer level, then the smaller radius."""
        return (-round(self.score, 6), _LEVEL_RANK[self.level], self.radius_m)


def ranked(findings: Iterable[Finding], limit: int) -> list[Finding]:
    """Best first, each entry once, twins joined under a radius that holds both."""
    kept: list[Finding] = []
    seen: set[int] = set()
    for finding in sorted(findings, key=lambda f: f.rank):
        if finding.entry in seen or finding.score < LEAST_SCORE:
            continue
        seen.add(finding.entry)
        twin = next((i for i, other in enumerate(kept) if _twins(finding, other)), None)
        if twin is None:
            kept.append(finding)
        else:
            kept[twin] = _joined(kept[twin], finding)
    return kept[:limit]


def _twins(a: Finding, b: Finding) -> bool:
    same = a.level == b.level and a.text == b.text
    return same and distance_m(a.lon, a.lat, b.lon, b.lat) <= TWIN_M


def _joined(first: Finding, twin: Finding) -> Finding:
    apart = distance_m(first.lon, first.lat, twin.lon, twin.lat)
    widen = max(0.0, apart + twin.radius_m - first.radius_m)
    return first.weighed(1.0, "同名两处相邻，半径包含两处", "two of this name side by side", widen)


def decided(candidates: Sequence[Candidate]) -> Candidate | None:
    """The candidate that may be taken without a person, or None.

    Its score must reach `ACCEPT_SCORE`, and it must lead the best candidate in another place
    by `ACCEPT_MARGIN`. How wide the place is stays in its radius: the caller must heed it.
    """
    if not candidates or candidates[0].score < ACCEPT_SCORE:
        return None
    first = candidates[0]
    near = SAME_PLACE_M + first.radius_m
    rivals = (c for c in candidates[1:] if distance_m(first.lon, first.lat, c.lon, c.lat) > near)
    lead = first.score - max((c.score for c in rivals), default=0.0)
    return first if lead >= ACCEPT_MARGIN else None
