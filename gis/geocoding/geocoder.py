"""Ranked candidate places for a written address, from an index in memory.

The index is derived from the gazetteer and is never the record: build a new `Geocoder` when
the gazetteer changes. It is only read after it is built, so threads may share one.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from gis.geocoding import match
from gis.geocoding.address import Address, parse
from gis.geocoding.context import UNREADABLE, Context, notes, outside
from gis.geocoding.crossings import meeting
from gis.geocoding.district import DADONG, District
from gis.geocoding.entry import Candidate, GazetteerEntry, Geocoding, Level
from gis.geocoding.match import Finding, decided, ranked
from gis.geocoding.places import Places
from gis.geocoding.queries import Query, loose_names, part_names, typed_in_pinyin, whole_names
from gis.geocoding.resolve import resolve
from gis.geocoding.vocabulary import Kind, Vocabulary, Word

MOST_CANDIDATES = 8
NEAR_WORDS = 8
"""Similar names that are followed up for each name asked."""
NEAR_ROADS = 3
"""Similar names that are followed up for each road of an intersection."""


class _Lookup(Protocol):
    """Words for a name with their likeness."""

    def __call__(self, name: str, /) -> list[tuple[Word, float]]: ...


class Geocoder:
    """Answers `geocode` and `best` over the entries it was built from."""

    def __init__(self, entries: Iterable[GazetteerEntry], district: District = DADONG) -> None:
        """Build the index (20,000 entries within two seconds)."""
        self.entries: Sequence[GazetteerEntry] = tuple(entries)
        self.district = district
        self._places = Places(self.entries, district)
        self._vocabulary = Vocabulary(self._places.words)

    def geocode(self, text: str) -> Geocoding:
        """Candidates for a text, best first, at most eight, with notes on the whole answer.

        Never raises for any text. Coordinates are degrees WGS-84, radii metres. A text that
        names another district has no candidates and a note that says so.
        """
        address = parse(text, self.district)
        if not address.text:
            return Geocoding((), (UNREADABLE,))
        if address.outside and not self._vocabulary.exact(address.text):
            return Geocoding((), (outside(address, self.district),))
        context = self._context(address)
        findings = self._findings(address)
        weighed = [context.weigh(f, self.entries[f.entry]) for f in findings]
        candidates = tuple(self._candidate(f) for f in ranked(weighed, MOST_CANDIDATES))
        return Geocoding(candidates, notes(candidates))

    def best(self, text: str) -> Candidate | None:
        """The one candidate that needs no person, by the rule of `match.decided`, else None.

        It may be as wide as a road or a street office: take `radius_m` as its accuracy.
        """
        return decided(self.geocode(text).candidates)

    def _findings(self, address: Address) -> list[Finding]:
        """Exact names first; similar ones only where nothing exact is good enough."""
        if query := typed_in_pinyin(address):
            return list(self._by_sound(query))
        queries = [*whole_names(address), *part_names(address)]
        findings = list(self._looked_up(address, queries, self._exactly))
        if max((finding.score for finding in findings), default=0.0) >= match.ACCEPT_SCORE:
            return findings
        queries = [*part_names(address), *loose_names(address)] or whole_names(address)
        return findings + list(self._looked_up(address, dict.fromkeys(queries), self._nearly))

    def _looked_up(
        self, address: Address, queries: Iterable[Query], lookup: _Lookup
    ) -> Iterator[Finding]:
        for roads in address.crossings:
            yield from self._crossing(*(lookup(road)[:NEAR_ROADS] for road in roads))
        for query in queries:
            for word, likeness in lookup(query.name)[:NEAR_WORDS]:
                yield from self._under(word, query, likeness, *_likeness(word, query, likeness))

    def _exactly(self, name: str) -> list[tuple[Word, float]]:
        return [(word, 1.0) for word in self._vocabulary.exact(name)]

    def _nearly(self, name: str) -> list[tuple[Word, float]]:
        return self._vocabulary.near(name)

    def _by_sound(self, query: Query) -> Iterator[Finding]:
        for word in self._vocabulary.initials(query.name):
            zh, en = f"按拼音首字母读作“{word.text}”", f"read by its initials as “{word.text}”"
            yield from self._under(word, query, match.INITIALS, zh, en)
        for word, likeness in self._vocabulary.sounding(query.name):
            zh, en = f"按拼音读作“{word.text}”", f"read by its pinyin as “{word.text}”"
            yield from self._under(word, query, match.SOUND * likeness, zh, en)

    def _under(
        self, word: Word, query: Query, likeness: float, zh: str, en: str
    ) -> Iterator[Finding]:
        """All that a word may mean here, weighed by its kind and by how it was found."""
        weight = likeness * match.WORD_WEIGHT[word.kind] * query.weight
        place = self._places.all[word.place]
        for finding in resolve(place, query.number, query.details, self.entries):
            found = finding.weighed(weight, zh, en).weighed(1.0, *query.reason)
            yield found.weighed(1.0, *_kind(word, finding))

    def _crossing(
        self, first: list[tuple[Word, float]], second: list[tuple[Word, float]]
    ) -> Iterator[Finding]:
        """The known intersections of two roads, or where their known numbers come nearest."""
        for a, a_likeness in first:
            for b, b_likeness in second:
                likeness = a_likeness * b_likeness
                for finding in self._at_crossing(a.place, b.place):
                    reason = _roads_read(a, b) if likeness < 1.0 else ("", "")
                    yield finding.weighed(likeness, *reason)

    def _at_crossing(self, a: int, b: int) -> list[Finding]:
        known = self._places.crossings.get(frozenset((a, b)), ())
        guess = None if known or a == b else meeting(self._places.all[a], self._places.all[b])
        return [Finding.of(self.entries[i], i) for i in known] + ([guess] if guess else [])

    def _context(self, address: Address) -> Context:
        entries = self._called(address.street, Level.STREET)
        street_codes = frozenset(entry.street_code for entry in entries if entry.street_code)
        entries = self._called(address.community, Level.COMMUNITY)
        codes = frozenset(entry.community_code for entry in entries if entry.community_code)
        return Context(address, self.district, street_codes, codes)

    def _called(self, name: str | None, level: Level) -> list[GazetteerEntry]:
        words = self._vocabulary.exact(name) if name else []
        own = (self.entries[i] for word in words for i in self._places.all[word.place].own)
        return [entry for entry in own if entry.level is level]

    def _candidate(self, finding: Finding) -> Candidate:
        return Candidate(
            level=finding.level,
            text=finding.text,
            lon=finding.lon,
            lat=finding.lat,
            radius_m=round(finding.radius_m, 1),
            score=round(finding.score, 4),
            explanation_zh="；".join(finding.zh) or "与地名库完全一致",
            explanation_en="; ".join(finding.en) or "exactly as in the gazetteer",
            entry_code=self.entries[finding.entry].code,
        )


def _likeness(word: Word, query: Query, likeness: float) -> tuple[str, str]:
    if likeness == 1.0:
        return "", ""
    return (
        f"“{query.name}”按相近名称“{word.text}”理解（相似度{likeness:.2f}）",
        f"“{query.name}” read as the similar name “{word.text}” ({likeness:.2f})",
    )


def _roads_read(a: Word, b: Word) -> tuple[str, str]:
    zh = f"路名按相近名称“{a.text}”与“{b.text}”理解"
    return zh, f"roads read as the similar names “{a.text}” and “{b.text}”"


def _kind(word: Word, finding: Finding) -> tuple[str, str]:
    """How the word stands to the place: another, a former, a shortened name of it."""
    match word.kind:
        case Kind.NAME:
            return "", ""
        case Kind.ALIAS:
            return f"“{word.text}”是别名", f"“{word.text}” is another name of it"
        case Kind.SHORT:
            return f"“{word.text}”按简称理解", f"“{word.text}” read as a short name"
        case Kind.FORMER:
            year = f"（{word.until}年撤销）" if word.until else "（已撤销）"
            until = f" (abolished in {word.until})" if word.until else " (abolished)"
            zh = f"“{word.text}”是旧名{year}，今按“{finding.text}”理解，须确认"
            return zh, f"“{word.text}”{until} is a former name, now read as “{finding.text}”"
