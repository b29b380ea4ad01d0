"""The names a parsed address asks for, each with the number and details that go with it."""

import re
from dataclasses import dataclass

from gis.geocoding.address import Address, station
from gis.geocoding.details import NOTHING, Details, details
from gis.geocoding.match import NUMBER_WITHOUT_PLACE, PART_LEFT

_HAN = "[㐀-鿿〇]"
_LOOSE = re.compile(rf"^({_HAN}{{2,}})([A-Z]?\d.*)$")
_FIRST_NUMBER = re.compile(r"\d+(?:-\d+)?")
_LATIN = re.compile(r"^([A-Z]{2,}?)(?:(\d[\dA-Z-]*))?$")
_MARKS_IN_PINYIN = (
    (re.compile("HAOLOU|HL"), "号楼"),
    (re.compile("DANYUAN|DY"), "单元"),
    (re.compile("DONG|D"), "栋"),
    (re.compile("HAO|H"), "号"),
    (re.compile("SHI|S"), "室"),
)


@dataclass(frozen=True, slots=True)
class Query:
    """A name to look up, what to look for under it, the weight of an answer and why (zh, en)."""

    name: str
    number: str | None = None
    details: Details = NOTHING
    weight: float = 1.0
    reason: tuple[str, str] = ("", "")


def whole_names(address: Address) -> list[Query]:
    """The text as one name: 滂江街站 is a station, whatever its parts may be."""
    names = dict.fromkeys((address.text, address.core, station(address.core)))
    return [Query(name) for name in names if name]


def part_names(address: Address) -> list[Query]:
    """Estate or landmark, road with its number, and the community or office in front."""
    if address.crossings:
        return [_only(road) for road in address.crossings[0]]
    queries = []
    if address.place:
        number = None if address.road else address.number
        queries.append(Query(address.place, number, address.details))
        bare = address.place.removeprefix(address.road or "")
        if bare and bare != address.place:
            queries.append(Query(bare, None, address.details))
    if address.road:
        queries.append(_road(address))
    in_front = [name for name in (address.community, address.street) if name]
    if queries:
        return queries + [_only(name) for name in in_front]
    first = [Query(name, address.number, address.details) for name in in_front[:1]]
    return first + [_only(name) for name in in_front[1:]]


def _only(name: str) -> Query:
    """A name that is only a part of what was written."""
    reason = f"只用了文中的“{name}”", f"only “{name}” of the text was used"
    return Query(name, weight=PART_LEFT, reason=reason)


def _road(address: Address) -> Query:
    road = address.road or ""
    if not address.place:
        return Query(road, address.number, address.details)
    if not address.number:
        return _only(road)
    reason = f"“{address.place}”未参与比对", f"“{address.place}” was not compared"
    return Query(road, address.number, weight=NUMBER_WITHOUT_PLACE, reason=reason)


def loose_names(address: Address) -> list[Query]:
    """For mistyped marks (东塔街12好, 东逸花园3动): what stands before the first figure."""
    match = _LOOSE.match(address.core)
    if not match:
        return []
    name, tail = match.groups()
    number = _FIRST_NUMBER.search(tail)
    return [Query(name, number.group() if number else None, details(tail))]


def typed_in_pinyin(address: Address) -> Query | None:
    """A text of Latin letters: dtj12h, dongtajie12hao; None for anything else."""
    match = _LATIN.match(address.text)
    if not match:
        return None
    name, tail = match.group(1), match.group(2) or ""
    for mark, written in _MARKS_IN_PINYIN:
        tail = mark.sub(written, tail)
    number = _FIRST_NUMBER.match(tail)
    return Query(name, number.group() if number else None, details(tail))
