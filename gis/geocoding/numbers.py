"""Where on a road a house number lies that nobody has written down yet."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gis.crs import metres_per_degree

LARGEST_GAP = 60
"""House numbers: between two known ones further apart than this nothing is guessed."""
FURTHEST_BEYOND = 20
"""House numbers: how far beyond the last known one a guess is still made."""
METRES_PER_NUMBER = 8.0
"""A usual step between neighbouring numbers of one side; only for guesses beyond the last one."""
NARROWEST_M = 10.0

_MAIN = re.compile(r"\d+")


class Basis(StrEnum):
    """What an estimate stands on."""

    SAME_NUMBER = "same_number"
    SAME_SIDE = "same_side"
    BOTH_SIDES = "both_sides"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Door:
    """One known number of a road; `entry` is its position in the gazetteer."""

    number: str
    lon: float
    lat: float
    radius_m: float
    entry: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A place guessed from its neighbours `low` and `high` (the same door where there is one)."""

    lon: float
    lat: float
    radius_m: float
    basis: Basis
    low: Door
    high: Door


def main_number(number: str) -> int | None:
    """The number without its annexes: 43 of '43-1' and of '43甲'; None for 'A'."""
    match = _MAIN.match(number)
    return int(match.group()) if match and len(match.group()) <= len("99999") else None


def distance_m(a_lon: float, a_lat: float, b_lon: float, b_lat: float) -> float:
    """Metres between two near points in degrees WGS-84 (plane at their latitude)."""
    per_lon, per_lat = metres_per_degree((a_lat + b_lat) / 2)
    dx, dy = (a_lon - b_lon) * float(per_lon), (a_lat - b_lat) * float(per_lat)
    return float((dx * dx + dy * dy) ** 0.5)


def estimate(number: str, doors: Iterable[Door]) -> Estimate | None:
    """Place a number among the known doors of its road, or None when they are too far.

    In this order: a door of the same main number (43 for 43-1); between the next known
    numbers of the same side (odd or even), the radius being half their gap; between the next
    of either side; a few numbers beyond the last known one of the side.
    """
    wanted = main_number(number)
    if wanted is None:
        return None
    known = sorted(
        ((main, door) for door in doors if (main := main_number(door.number)) is not None),
        key=lambda pair: (pair[0], len(pair[1].number), pair[1].number),
    )
    same_side = [(main, door) for main, door in known if (main - wanted) % 2 == 0]
    return (
        _same(wanted, same_side)
        or _between(wanted, same_side, Basis.SAME_SIDE)
        or _between(wanted, known, Basis.BOTH_SIDES)
        or _beyond(wanted, same_side)
    )


_Known = list[tuple[int, Door]]


def _same(wanted: int, known: _Known) -> Estimate | None:
    doors = [door for main, door in known if main == wanted]
    if not doors:
        return None
    first = doors[0]
    spread = max(distance_m(first.lon, first.lat, door.lon, door.lat) for door in doors)
    radius = max(NARROWEST_M, first.radius_m) + max(spread, METRES_PER_NUMBER)
    return Estimate(first.lon, first.lat, radius, Basis.SAME_NUMBER, first, doors[-1])


def _between(wanted: int, known: _Known, basis: Basis) -> Estimate | None:
    after = bisect_left(known, wanted, key=lambda pair: pair[0])
    if after in (0, len(known)):
        return None
    (low_main, low), (high_main, high) = known[after - 1], known[after]
    if high_main - low_main > LARGEST_GAP:
        return None
    share = (wanted - low_main) / (high_main - low_main)
    gap = distance_m(low.lon, low.lat, high.lon, high.lat)
    radius = max(NARROWEST_M, gap / 2, low.radius_m, high.radius_m)
    lon = low.lon + share * (high.lon - low.lon)
    return Estimate(lon, low.lat + share * (high.lat - low.lat), radius, basis, low, high)


def _beyond(wanted: int, known: _Known) -> Estimate | None:
    if not known:
        return None
    main, last = known[0] if wanted < known[0][0] else known[-1]
    steps = abs(wanted - main)
    if steps > FURTHEST_BEYOND:
        return None
    radius = max(NARROWEST_M, last.radius_m) + steps * METRES_PER_NUMBER
    return Estimate(last.lon, last.lat, radius, Basis.BEYOND, last, last)
