"""From a place's name to the point asked for under it: building, number, or only the name."""

from collections.abc import Iterator, Sequence

from gis.geocoding.details import NOTHING, Details
from gis.geocoding.entry import GazetteerEntry, Level
from gis.geocoding.match import (
    BASIS_WEIGHT,
    BUILDING_AS_NUMBER,
    ROOM_IN_BUILDING,
    UNRESOLVED,
    UNRESOLVED_WIDE,
    Finding,
)
from gis.geocoding.numbers import Basis, Estimate, distance_m, estimate
from gis.geocoding.places import Place

_Asked = tuple[tuple[str, str], float, str, str]


def resolve(
    place: Place, number: str | None, details: Details, entries: Sequence[GazetteerEntry]
) -> list[Finding]:
    """What lies under the name: the finest that is known, then the name itself.

    Scores are those of the details only; the name's own likeness is the caller's.
    """
    for key, weight, zh, en in _keys(number, details):
        if found := place.inside.get(key):
            return [Finding.of(entries[i], i).weighed(weight, zh, en) for i in found]
    wanted = number or (details.building if place.doors else None)
    guess = estimate(wanted, place.doors) if wanted and place.doors else None
    findings = [_estimated(place, wanted, guess)] if wanted and guess else []
    asked = bool(number) or details != NOTHING
    return findings + [_only_name(finding, asked=asked) for finding in _own(place, entries)]


def _keys(number: str | None, details: Details) -> Iterator[_Asked]:
    """Where to look, finest first, with the weight and the reason of each answer."""
    building = Details(building=details.building).key
    if number or details.key != NOTHING.key:
        yield (number or "", details.key), 1.0, "", ""
    if number:
        yield ("", details.key), 1.0, "", ""
    if details.building:
        zh, en = "只找到楼栋，未收录该单元或房间", "the building is known, its unit or room is not"
        yield (number or "", building), ROOM_IN_BUILDING, zh, en
        yield ("", building), ROOM_IN_BUILDING, zh, en
    if details.floor and not details.building:
        zh, en = f"把“{details.floor}楼”读作楼号", f"{details.floor}楼 read as a building"
        yield ("", Details(building=details.floor).key), BUILDING_AS_NUMBER, zh, en
    if number:
        zh, en = "只找到门牌，未收录楼栋或房间", "the number is known, the building or room is not"
        same = number == details.key.replace("--", "-").strip("-")  # one figure, read both ways
        yield (number, NOTHING.key), *((1.0, "", "") if same else (ROOM_IN_BUILDING, zh, en))
    elif details.building:
        zh, en = f"把“{details.building}”读作门牌号", f"{details.building} read as a house number"
        yield (details.building, NOTHING.key), BUILDING_AS_NUMBER, zh, en


def _estimated(place: Place, number: str, guess: Estimate) -> Finding:
    """A door that the gazetteer does not hold, with what it was guessed from."""
    low, high = (f"{door.number}号" for door in (guess.low, guess.high))
    zh, en = {
        Basis.SAME_NUMBER: (f"未收录{number}号，取主号{low}", f"taken from its main number {low}"),
        Basis.SAME_SIDE: (
            f"未收录{number}号，按同侧{low}与{high}内插，半径为间距之半",
            f"interpolated between {low} and {high} of the same side, radius half their gap",
        ),
        Basis.BOTH_SIDES: (
            f"未收录{number}号，按{low}与{high}内插（不分单双号），半径为间距之半",
            f"interpolated between {low} and {high} of either side, radius half their gap",
        ),
        Basis.BEYOND: (
            f"未收录{number}号，在最末已知门牌{low}之外推算",
            f"guessed beyond the last known number {low}",
        ),
    }[guess.basis]
    point = guess.lon, guess.lat, guess.radius_m
    found = Finding(guess.low.entry, Level.DOOR, f"{place.name}{number}号", *point, score=1.0)
    return found.weighed(BASIS_WEIGHT[guess.basis], zh, en)


def _own(place: Place, entries: Sequence[GazetteerEntry]) -> list[Finding]:
    """The entries of this name; a road known only by its numbers is the ground they cover."""
    if place.own:
        return [Finding.of(entries[i], i) for i in place.own]
    if not place.doors:
        return []
    lon = sum(door.lon for door in place.doors) / len(place.doors)
    lat = sum(door.lat for door in place.doors) / len(place.doors)
    away = [distance_m(lon, lat, door.lon, door.lat) for door in place.doors]
    middle = place.doors[away.index(min(away))]
    road = Finding(middle.entry, Level.ROAD, place.name, lon, lat, max(away) + middle.radius_m, 1.0)
    zh, en = "道路范围由已知门牌推出", "the extent of the road is that of its known numbers"
    return [road.weighed(1.0, zh, en)]


def _only_name(finding: Finding, *, asked: bool) -> Finding:
    if not asked:
        return finding
    weight = UNRESOLVED.get(finding.level, UNRESOLVED_WIDE)
    zh = "只找到名称，未收录其中的门牌、楼栋或房间"
    return finding.weighed(weight, zh, "only the name is known, not the number or building in it")
