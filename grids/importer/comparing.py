"""The difference between two states of a kind: what is new, gone, moved, renamed; whose cases."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from grids.areas import AreaRecord, by_code
from grids.hierarchy import AreaKind
from grids.locate import LINE_TOLERANCE_DEG
from grids.mending import Move, move
from grids.partition import NOISE_M2, as_array, in_metres

LINEAGE_SHARE = 0.01  # less of an area than this is a corrected line, not a descent

OpenCase = tuple[float, float, str]  # longitude, latitude (EPSG:4326), label
Answering = tuple[str, str] | None  # area code and unit code


@dataclass(frozen=True)
class Changed:
    """An area in both states that is not the same."""

    before: AreaRecord
    after: AreaRecord
    moved: Move

    @property
    def is_moved(self) -> bool:
        return self.moved.moved_m2 > NOISE_M2

    @property
    def is_renamed(self) -> bool:
        return self.before.name != self.after.name

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.after.code,
            "name": self.after.name,
            "moved_m2": round(self.moved.moved_m2, 3),
            "displacement_m": round(self.moved.displacement_m, 3),
            "renamed_from": self.before.name if self.is_renamed else None,
            "unit": self.after.unit_code,
            "unit_before": self.before.unit_code,
        }


@dataclass(frozen=True)
class Descent:
    """`share` of the predecessor's ground went to the successor."""

    predecessor: str
    successor: str
    share: float


@dataclass(frozen=True)
class MovedCases:
    """Open cases that would change hands: another area, or another unit for the same area.

    `before`, `after`: area code and unit code; None stands for no area at all.
    """

    before: tuple[str, str] | None
    after: tuple[str, str] | None
    labels: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        area_from, unit_from = self.before or (None, None)
        area_to, unit_to = self.after or (None, None)
        return {
            "from": area_from,
            "to": area_to,
            "unit_from": unit_from,
            "unit_to": unit_to,
            "count": len(self.labels),
            "cases": list(self.labels),
        }


@dataclass(frozen=True)
class Difference:
    """Two states of one kind."""

    kind: AreaKind
    added: tuple[AreaRecord, ...] = ()
    removed: tuple[AreaRecord, ...] = ()
    changed: tuple[Changed, ...] = ()
    unchanged: int = 0
    lineage: tuple[Descent, ...] = ()
    cases: tuple[MovedCases, ...] = ()

    @property
    def changes(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def as_json(self) -> dict[str, Any]:
        return {
            "added": [_named(area) for area in self.added],
            "removed": [_named(area) for area in self.removed],
            "changed": [each.as_json() for each in self.changed],
            "renamed": [
                {"code": each.after.code, "from": each.before.name, "to": each.after.name}
                for each in self.changed
                if each.is_renamed
            ],
            "unchanged": self.unchanged,
            "lineage": [vars(each) | {"share": round(each.share, 4)} for each in self.lineage],
            "moved_cases": [each.as_json() for each in self.cases],
        }


def compare(
    kind: AreaKind,
    before: Sequence[AreaRecord],
    after: Sequence[AreaRecord],
    open_cases: Sequence[OpenCase] = (),
) -> Difference:
    """What would change for one kind, and which open cases would change hands."""
    old = {area.code: area for area in before}
    new = {area.code: area for area in after}
    added = [area for code, area in new.items() if code not in old]
    removed = [area for code, area in old.items() if code not in new]
    changed = _changed(old, new)
    moved = [each for each in changed if each.is_moved]
    return Difference(
        kind,
        added=tuple(by_code(added)),
        removed=tuple(by_code(removed)),
        changed=tuple(changed),
        unchanged=len(old.keys() & new.keys()) - len(changed),
        lineage=tuple(
            lineage(
                removed + [each.before for each in moved], added + [each.after for each in moved]
            )
        ),
        cases=moved_cases(by_code(before), by_code(after), open_cases),
    )


def _changed(old: dict[str, AreaRecord], new: dict[str, AreaRecord]) -> list[Changed]:
    pairs = [(old[code], new[code]) for code in sorted(old.keys() & new.keys())]
    seen = [Changed(*pair, move(pair[0].geometry, pair[1].geometry)) for pair in pairs]
    return [each for each in seen if each.is_moved or each.before.says != each.after.says]


def lineage(before: Sequence[AreaRecord], after: Sequence[AreaRecord]) -> list[Descent]:
    """Who got the ground: pairs with more than 1 % of the predecessor, splits and merges only.

    An area that only keeps to itself has no lineage.
    """
    tree = STRtree([area.geometry for area in after])
    found = []
    for area in before:
        heirs = [after[n] for n in sorted(tree.query(area.geometry, predicate="intersects"))]
        descents = [Descent(area.code, heir.code, _share(area, heir)) for heir in heirs]
        large = [each for each in descents if each.share > LINEAGE_SHARE]
        if any(each.successor != area.code for each in large):
            found += large
    return sorted(found, key=lambda each: (each.predecessor, each.successor))


def _share(area: AreaRecord, heir: AreaRecord) -> float:
    shared = area.geometry.intersection(heir.geometry)
    if shared.is_empty:
        return 0.0
    return min(1.0, in_metres(shared).area / in_metres(area.geometry).area)


def moved_cases(
    before: Sequence[AreaRecord], after: Sequence[AreaRecord], open_cases: Sequence[OpenCase]
) -> tuple[MovedCases, ...]:
    """Which open cases would go from whom to whom. Areas sorted by code."""
    if not open_cases:
        return ()
    points = shapely.points([(lon, lat) for lon, lat, _ in open_cases])
    moves: dict[tuple[Answering, Answering], list[str]] = defaultdict(list)
    pairs = zip(answering(before, points), answering(after, points), strict=True)
    for pair, (_, _, label) in zip(pairs, open_cases, strict=True):
        if pair[0] != pair[1]:
            moves[pair].append(label)
    return tuple(MovedCases(*pair, tuple(moves[pair])) for pair in sorted(moves, key=str))


def answering(areas: Sequence[AreaRecord], points: NDArray[np.object_]) -> list[Answering]:
    """Area and unit answering for each point by the edge rule; `areas` sorted by code."""
    first = np.full(len(points), len(areas))
    if areas:
        tree = STRtree(as_array([area.geometry for area in areas]))
        point, area = tree.query(points, predicate="dwithin", distance=LINE_TOLERANCE_DEG)
        np.minimum.at(first, point, area)
    hands: list[Answering] = [(area.code, area.unit_code) for area in areas]
    return [hands[n] if n < len(areas) else None for n in first]


def _named(area: AreaRecord) -> dict[str, str]:
    return {"code": area.code, "name": area.name}
