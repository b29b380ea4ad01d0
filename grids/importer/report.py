"""What an import found wrong, mended and would change: as values, and as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from gis.wording import Wording
from grids.hierarchy import AreaKind
from grids.importer.comparing import Difference
from grids.partition import Piece

PLACE_DIGITS = 1e-7  # degrees, about 1 cm: enough to find a fault on a map


class FaultKind(StrEnum):
    """What is wrong, in one word."""

    UNREADABLE = "unreadable"
    NO_CRS = "no_crs"
    NO_COLUMN = "no_column"
    CODE = "code"
    DUPLICATE = "duplicate"
    UNIT = "unit"
    GEOMETRY = "geometry"
    PARENT = "parent"
    ORPHAN = "orphan"
    OUTSIDE_PARENT = "outside_parent"
    OVERLAP = "overlap"
    GAP = "gap"
    SLIVER = "sliver"
    REUSED_CODE = "reused_code"


# Faults a person may knowingly live with; the locator answers "overlap" or "gap" there.
ACCEPTABLE = frozenset(
    {FaultKind.OUTSIDE_PARENT, FaultKind.OVERLAP, FaultKind.GAP, FaultKind.SLIVER}
)


@dataclass(frozen=True)
class Fault:
    """One thing wrong. `where` is in EPSG:4326; `row` counts the file's features from 1."""

    layer: AreaKind
    kind: FaultKind
    what: Wording
    mend: Wording
    codes: tuple[str, ...] = ()
    where: BaseGeometry | None = None
    area_m2: float | None = None
    width_m: float | None = None
    row: int | None = None
    accepted: bool = False

    def at(self, piece: Piece) -> "Fault":
        """The same fault with its place and measures."""
        return replace(self, where=piece.geometry, area_m2=piece.area_m2, width_m=piece.width_m)

    def as_json(self) -> dict[str, Any]:
        return {
            "layer": self.layer.value,
            "kind": self.kind.value,
            "accepted": self.accepted,
            "codes": list(self.codes),
            "row": self.row,
            "area_m2": _rounded(self.area_m2),
            "width_m": _rounded(self.width_m),
            "what": self.what._asdict(),
            "mend": self.mend._asdict(),
            "where": place(self.where),
        }


@dataclass(frozen=True)
class Repair:
    """What `--mend` did to one area."""

    layer: AreaKind
    code: str
    what: Wording
    moved_m2: float
    displacement_m: float
    where: BaseGeometry | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "layer": self.layer.value,
            "code": self.code,
            "what": self.what._asdict(),
            "moved_m2": _rounded(self.moved_m2),
            "displacement_m": _rounded(self.displacement_m),
            "where": place(self.where),
        }


@dataclass(frozen=True)
class Report:
    """The outcome of a check: faults, repairs, what was assumed, what would change."""

    faults: tuple[Fault, ...] = ()
    repairs: tuple[Repair, ...] = ()
    assumptions: tuple[str, ...] = ()
    counts: tuple[tuple[AreaKind, int], ...] = ()
    differences: tuple[Difference, ...] = ()
    units_changed: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing stands against the import."""
        return all(fault.accepted for fault in self.faults)

    @property
    def changes(self) -> bool:
        """Whether the import would change anything in the present edition."""
        moved = any(difference.changes for difference in self.differences)
        return moved or bool(self.units_changed)

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "changes": self.changes,
            "areas": {kind.value: count for kind, count in self.counts},
            "faults": [fault.as_json() for fault in self.faults],
            "mended": [repair.as_json() for repair in self.repairs],
            "assumptions": list(self.assumptions),
            "difference": {each.kind.value: each.as_json() for each in self.differences},
            "units_changed": list(self.units_changed),
        }


def accepting(faults: Iterable[Fault], kinds: frozenset[FaultKind]) -> tuple[Fault, ...]:
    """The same faults, those of the given kinds marked as accepted where that is allowed."""
    return tuple(replace(fault, accepted=fault.kind in kinds & ACCEPTABLE) for fault in faults)


def place(geometry: BaseGeometry | None) -> dict[str, Any] | None:
    """GeoJSON of a place, rounded to about a centimetre; longitude first."""
    if geometry is None or geometry.is_empty:
        return None
    rounded = shapely.set_precision(geometry, PLACE_DIGITS, mode="pointwise")
    return dict(mapping(rounded))


def worst_first(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """By layer from the top down, then by kind, then the largest first."""
    layers, kinds = list(AreaKind), list(FaultKind)
    return tuple(
        sorted(
            faults,
            key=lambda fault: (
                layers.index(fault.layer),
                kinds.index(fault.kind),
                -(fault.area_m2 or 0.0),
                fault.codes,
            ),
        )
    )


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 3)
