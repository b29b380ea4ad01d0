"""The gazetteer laid out for looking up: each distinct name once, with all that lies under it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from gis.geocoding.address import house_number, parse, station, without_prefix
from gis.geocoding.details import NOTHING, Details, building_mark
from gis.geocoding.district import District
from gis.geocoding.entry import GazetteerEntry, Level
from gis.geocoding.numbers import Door
from gis.geocoding.vocabulary import Kind, Word
from gis.geocoding.writing import written_alike

_FORMER = re.compile(r"^(.+?)[(（](?:撤销|旧称|废止)(?:于(\d{4})年?)?[)）]$")
_SUFFIX = {
    Level.ROAD: re.compile("(?:大?马路|大街|大道|路|街|巷|胡同)$"),
    Level.COMMUNITY: re.compile("(?:社区|村)$"),
    Level.STREET: re.compile("街道$"),
}
_INSIDE = (Level.ROOM, Level.DOOR, Level.BUILDING)
_alike = lru_cache(maxsize=65536)(written_alike)


@dataclass(slots=True)
class Place:
    """One name. Entries are positions in the gazetteer.

    `own`: the entries called so. `inside`: those under it, by (number or '', details key).
    """

    name: str
    own: list[int] = field(default_factory=list)
    inside: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    doors: list[Door] = field(default_factory=list)

    def put(self, number: str, details: Details, entry: int) -> None:
        """Register an entry under this name."""
        self.inside.setdefault((number, details.key), []).append(entry)


class Places:
    """All names of a gazetteer, the words for them, and the intersections of its roads."""

    def __init__(self, entries: Sequence[GazetteerEntry], district: District) -> None:
        """Lay out the entries; those that are only at a number stand behind the doors."""
        self.entries = entries
        self.all: list[Place] = []
        self.words: list[Word] = []
        self.crossings: dict[frozenset[int], list[int]] = {}
        self._by_name: dict[str, int] = {}
        self._district = district
        for position, entry in enumerate(entries):
            self._add(position, entry)
        for position, entry in enumerate(entries):
            if entry.level is not Level.DOOR and entry.road and entry.number:
                self._add_address(position, entry)

    def named(self, name: str, kind: Kind = Kind.NAME) -> int:
        """The number of the place with this name; it is made, and its word, when new."""
        number = self._by_name.get(name)
        if number is None:
            number = self._by_name[name] = len(self.all)
            self.all.append(Place(name))
            self.words.append(Word(name, number, kind))
        return number

    def _add(self, position: int, entry: GazetteerEntry) -> None:
        if entry.level is Level.INTERSECTION:
            self._add_crossing(position, entry)
        elif entry.level in _INSIDE:
            self._add_inside(position, entry)
        else:
            self._add_own(position, entry)

    def _add_own(self, position: int, entry: GazetteerEntry) -> None:
        """An estate, a landmark, a road, a community, a street office."""
        name = without_prefix(_alike(entry.name), self._district)
        address = parse(entry.name, self._district)
        usual = address.community or address.street if not address.core else None
        number = self.named(usual or name)
        self.all[number].own.append(position)
        if usual and usual != name:
            self.words.append(Word(name, number, Kind.ALIAS))
        self.words += _aliases(entry, number)
        stop = station(name) if entry.level is Level.POI else None
        if stop and stop != name:
            self.words.append(Word(stop, number, Kind.ALIAS))
        suffix = _SUFFIX.get(entry.level)
        short = suffix.sub("", usual or name) if suffix else ""
        if len(short) > 1:
            self.words.append(Word(short, number, Kind.SHORT))

    def _add_inside(self, position: int, entry: GazetteerEntry) -> None:
        """A door, a building, a room: under its road, its estate, or both."""
        road, number, estate, details = self._parts(entry)
        head = road or estate  # a village's houses have numbers and no road
        if head and number:
            place = self.all[self.named(head)]
            place.put(number, NOTHING if entry.level is Level.DOOR else details, position)
            if entry.level is Level.DOOR:
                door = Door(number, entry.lon, entry.lat, entry.radius_m, position)
                place.doors.append(door)
        if estate and details != NOTHING:
            self.all[self.named(estate)].put("", details, position)
        for word in _aliases(entry, 0):
            own = self.named(word.text, word.kind)
            self.all[own].own.append(position)

    def _parts(self, entry: GazetteerEntry) -> tuple[str | None, str | None, str | None, Details]:
        """Road, number, estate and details: as given, else read from the name."""
        road = _alike(entry.road) if entry.road else None
        number = house_number(entry.number) if entry.number else None
        estate = _alike(entry.estate) if entry.estate else None
        details = Details(building_mark(entry.building)) if entry.building else NOTHING
        complete = (road and number) or (estate and entry.building)
        if complete and entry.level is not Level.ROOM:
            return road, number, estate, details
        address = parse(entry.name, self._district)
        details = details if entry.level is Level.BUILDING and entry.building else address.details
        return (
            road or address.road,
            number or address.number,
            estate or address.place or (None if address.road else address.community),
            details,
        )

    def _add_crossing(self, position: int, entry: GazetteerEntry) -> None:
        own = self.named(without_prefix(_alike(entry.name), self._district))
        self.all[own].own.append(position)
        self.words += _aliases(entry, own)
        for roads in parse(entry.name, self._district).crossings[:1]:
            key = frozenset(self.named(road) for road in roads)
            self.crossings.setdefault(key, []).append(position)

    def _add_address(self, position: int, entry: GazetteerEntry) -> None:
        """A landmark's own address answers for its number where no door entry does."""
        place = self.all[self.named(_alike(entry.road or ""))]
        number = house_number(entry.number or "")
        if (number, NOTHING.key) not in place.inside:
            place.put(number, NOTHING, position)
            place.doors.append(Door(number, entry.lon, entry.lat, entry.radius_m, position))


def _aliases(entry: GazetteerEntry, place: int) -> Iterator[Word]:
    """The other names, former ones marked with the year they ended, where it is known."""
    for alias in entry.aliases:
        if former := _FORMER.match(alias):
            yield Word(_alike(former.group(1)), place, Kind.FORMER, former.group(2))
        else:
            yield Word(_alike(alias), place, Kind.ALIAS)
