"""From drafts to a report: mended if asked, checked with the present edition, compared with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gis.wording import Wording
from grids.areas import AreaRecord, by_code
from grids.hierarchy import COVERING, AreaKind, from_the_top, parent_kind
from grids.importer.checking import State, Tolerance, faults_of, reused_codes, with_parents
from grids.importer.comparing import OpenCase, compare
from grids.importer.reading import Draft
from grids.importer.report import (
    Fault,
    FaultKind,
    Repair,
    Report,
    accepting,
    worst_first,
)
from grids.mending import Move, mended, move
from grids.partition import NOISE_M2

MEND_WITHIN_M = 2.0


@dataclass(frozen=True)
class Wishes:
    """How an import is to be judged. `mend_within_m` None: nothing is mended."""

    tolerance: Tolerance = field(default_factory=Tolerance)
    mend_within_m: float | None = None
    accept: frozenset[FaultKind] = frozenset()


@dataclass(frozen=True)
class Present:
    """The edition imported upon. `former`: per kind and code the latest known area, also closed.

    `units`: name and phone by unit code.
    """

    state: State
    former: Mapping[AreaKind, Mapping[str, AreaRecord]]
    units: Mapping[str, tuple[str, str | None]]


NOTHING_YET = Present({}, {}, {})


class LayerTwice(ValueError):
    """The same kind was given in two layers of one import."""


def judged(
    drafts: Sequence[Draft],
    present: Present,
    wishes: Wishes,
    open_cases: Sequence[OpenCase] = (),
) -> tuple[dict[AreaKind, list[AreaRecord]], Report]:
    """The imported kinds as they would be stored, and the report on them."""
    kinds = _kinds(drafts)
    state = with_parents({**present.state, **{draft.kind: draft.areas for draft in drafts}})
    repairs, faults = _own_faults(drafts, wishes)
    if wishes.mend_within_m is not None:
        for kind in from_the_top(kinds):
            state[kind], moves = _mended(kind, state, wishes.mend_within_m)
            repairs += moves
    faults += faults_of(state, kinds, wishes.tolerance)
    for kind in kinds:
        faults += reused_codes(state[kind], present.former.get(kind, {}))
    after = _with_units({kind: state[kind] for kind in kinds}, present)
    differences = [
        compare(kind, present.state.get(kind, ()), after[kind], open_cases)
        for kind in from_the_top(kinds)
    ]
    report = Report(
        faults=worst_first(accepting(faults, wishes.accept)),
        repairs=tuple(repairs),
        assumptions=tuple(note for draft in drafts for note in draft.assumptions),
        counts=tuple((kind, len(after[kind])) for kind in from_the_top(kinds)),
        differences=tuple(differences),
        units_changed=tuple(units_changed(after, present)),
    )
    return after, report


def _kinds(drafts: Sequence[Draft]) -> list[AreaKind]:
    kinds = [draft.kind for draft in drafts]
    twice = {kind for kind in kinds if kinds.count(kind) > 1}
    if twice:
        names = ", ".join(sorted(twice))
        raise LayerTwice(f"同一种图层给了两次 / layer given twice: {names}")
    return kinds


def _own_faults(drafts: Sequence[Draft], wishes: Wishes) -> tuple[list[Repair], list[Fault]]:
    """What a layer has against itself; broken polygons are repairs only when mending is asked."""
    faults = [fault for draft in drafts for fault in draft.faults]
    faults += [_empty(draft) for draft in drafts if not draft.areas and not draft.faults]
    repairs = [repair for draft in drafts for repair in draft.repairs]
    if wishes.mend_within_m is not None:
        return repairs, faults
    return [], faults + [_unmended(repair) for repair in repairs]


def _empty(draft: Draft) -> Fault:
    return Fault(
        draft.kind,
        FaultKind.UNREADABLE,
        Wording("图层没有任何要素", "The layer has no feature"),
        Wording("检查文件与图层", "Check file and layer"),
    )


def _unmended(repair: Repair) -> Fault:
    return Fault(
        repair.layer,
        FaultKind.GEOMETRY,
        repair.what,
        Wording("重画该面，或用 --mend", "Redraw the polygon, or --mend"),
        codes=(repair.code,),
        where=repair.where,
    )


def _mended(kind: AreaKind, state: State, within_m: float) -> tuple[list[AreaRecord], list[Repair]]:
    """One kind as a coverage of its parents, which are mended already."""
    areas = by_code(state[kind])
    if kind not in COVERING or not areas:
        return areas, []
    above = parent_kind(kind)
    parents = {area.code: area.geometry for area in state.get(above, ())} if above else {}
    grounds = [parents.get(area.parent_code or "") for area in areas]
    shapes = mended([area.geometry for area in areas], grounds, within_m=within_m)
    moves = [move(area.geometry, shape) for area, shape in zip(areas, shapes, strict=True)]
    repairs = [
        _moved(area, each)
        for area, each in zip(areas, moves, strict=True)
        if each.moved_m2 > NOISE_M2
    ]
    return [
        replace(area, geometry=shape) for area, shape in zip(areas, shapes, strict=True)
    ], repairs


def _moved(area: AreaRecord, moved: Move) -> Repair:
    return Repair(
        area.kind,
        area.code,
        Wording(
            f"{area.name}的边界已修补：{moved.moved_m2:,.1f} m²，"
            f"最多移动 {moved.displacement_m:.2f} m",
            f"{area.name}: line mended, {moved.moved_m2:,.1f} m², "
            f"moved at most {moved.displacement_m:.2f} m",
        ),
        moved.moved_m2,
        moved.displacement_m,
        area.geometry.representative_point(),
    )


def _with_units(after: State, present: Present) -> dict[AreaKind, list[AreaRecord]]:
    """Every area with its unit's name and phone: as the files say, else as known, else its own."""
    areas = [area for kind in from_the_top(after) for area in after[kind]]
    names = {area.unit_code: area.unit_name for area in areas if area.unit_name}
    phones = {area.unit_code: area.phone for area in areas if area.phone}
    units: dict[str, tuple[str, str | None]] = {}
    for area in areas:
        name, phone = present.units.get(area.unit_code, (area.name, None))
        said = names.get(area.unit_code, name), phones.get(area.unit_code, phone)
        units.setdefault(area.unit_code, said)
    return {
        kind: [
            replace(area, unit_name=units[area.unit_code][0], phone=units[area.unit_code][1])
            for area in after[kind]
        ]
        for kind in after
    }


def units_changed(after: State, present: Present) -> list[str]:
    """Codes of the units that are new or whose name or phone would change."""
    said = {
        area.unit_code: (area.unit_name, area.phone) for areas in after.values() for area in areas
    }
    return sorted(code for code, words in said.items() if present.units.get(code) != words)
