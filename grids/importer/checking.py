"""Does the state after an import hold together? Codes, parents, coverage; each fault and where.

A state is every area of every kind as it would be: the imported kinds over the present ones.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from gis.wording import Wording
from grids.areas import AreaRecord
from grids.hierarchy import ADMINISTRATIVE, COVERING, TITLES, AreaKind, from_the_top, parent_kind
from grids.importer.report import Fault, FaultKind
from grids.locate import LINE_TOLERANCE_DEG
from grids.partition import (
    NOISE_M2,
    Piece,
    enclosed_gaps,
    gaps,
    in_metres,
    overhang,
    overlaps,
    slivers,
)

State = Mapping[AreaKind, Sequence[AreaRecord]]

SAME_GROUND = 0.5  # a code keeps its meaning while half of the old or the new ground is shared


@dataclass(frozen=True)
class Tolerance:
    """What is too small to be a fault: gaps, overlaps and overhang by m², slivers by width."""

    area_m2: float = 1.0
    sliver_m: float = 1.0


def with_parents(state: State) -> dict[AreaKind, list[AreaRecord]]:
    """The state with the only district as parent of police, justice and court areas without one."""
    return {kind: [_with_parent(area, state) for area in areas] for kind, areas in state.items()}


def _with_parent(area: AreaRecord, state: State) -> AreaRecord:
    above = parent_kind(area.kind)
    if area.parent_code or above is None or area.kind in ADMINISTRATIVE:
        return area
    candidates = state.get(above, ())
    return replace(area, parent_code=candidates[0].code) if len(candidates) == 1 else area


def faults_of(state: State, imported: Sequence[AreaKind], tolerance: Tolerance) -> list[Fault]:
    """Every fault of the imported kinds, and of the kinds below them that stay as they are."""
    below = [kind for kind in state if parent_kind(kind) in imported and kind not in imported]
    found: list[Fault] = []
    for kind in from_the_top(imported):
        areas = state[kind]
        found += [*duplicates(areas), *unit_conflicts(areas)]
        found += [*parent_faults(kind, state, tolerance), *narrow_parts(areas, tolerance)]
        if kind in COVERING:
            found += [*double_ground(areas, tolerance), *bare_ground(kind, state, tolerance)]
    for kind in from_the_top(below):
        found += [*parent_faults(kind, state, tolerance), *bare_ground(kind, state, tolerance)]
    return found


def duplicates(areas: Sequence[AreaRecord]) -> Iterator[Fault]:
    rows: dict[str, list[AreaRecord]] = defaultdict(list)
    for area in areas:
        rows[area.code].append(area)
    for code, same in rows.items():
        if len(same) > 1:
            places = "、".join(str(area.row) for area in same)
            yield Fault(
                same[0].kind,
                FaultKind.DUPLICATE,
                Wording(
                    f"编码 {code} 出现 {len(same)} 次：第 {places} 个要素",
                    f"Code {code} occurs {len(same)} times: features {places}",
                ),
                Wording(
                    "合并为一个多部件要素，或改正编码",
                    "Merge them into one feature, or correct one",
                ),
                codes=(code,),
                where=same[1].geometry,
                row=same[1].row,
            )


def unit_conflicts(areas: Sequence[AreaRecord]) -> Iterator[Fault]:
    """One unit code must have one name; an area that says none agrees with all."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for area in areas:
        if area.unit_name:
            names[area.unit_code].setdefault(area.unit_name, area.code)
    for unit, said in names.items():
        if len(said) > 1:
            both = " / ".join(said)
            yield Fault(
                areas[0].kind,
                FaultKind.UNIT,
                Wording(
                    f"单位 {unit} 有多个名称：{both}", f"Unit {unit} has several names: {both}"
                ),
                Wording("每个单位编码只用一个名称", "Give each unit code one name"),
                codes=tuple(said.values()),
            )


def parent_faults(kind: AreaKind, state: State, tolerance: Tolerance) -> Iterator[Fault]:
    """Parents that are not there, and areas that stick out of theirs."""
    above = parent_kind(kind)
    if above is None:
        return
    parents = {area.code: area for area in state.get(above, ())}
    if not parents:
        yield _no_parents(kind, above)
        return
    for area in state[kind]:
        parent = parents.get(area.parent_code or "")
        if parent is None:
            yield _orphan(area, above)
        else:
            for piece in overhang(area.geometry, parent.geometry, above_m2=tolerance.area_m2):
                yield _outside(area, parent, piece)


def _no_parents(kind: AreaKind, above: AreaKind) -> Fault:
    (zh, en), (zh_above, en_above) = TITLES[kind], TITLES[above]
    return Fault(
        kind,
        FaultKind.PARENT,
        Wording(f"{zh}没有上级图层：{zh_above}", f"There is no {en_above} layer above {en}"),
        Wording(
            f"先导入或一并导入{zh_above}图层(--layer {above}=文件)",
            f"Import the {en_above} layer before or together with it (--layer {above}=FILE)",
        ),
    )


def _orphan(area: AreaRecord, above: AreaKind) -> Fault:
    zh, en = TITLES[above]
    return Fault(
        area.kind,
        FaultKind.ORPHAN,
        Wording(
            f"{area.name}({area.code})的上级{zh} {area.parent_code or '(未填)'} 不存在",
            f"{area.name} ({area.code}): its {en} {area.parent_code or '(not given)'} is missing",
        ),
        Wording(
            "改正编码或上级列，或一并导入上级",
            "Correct the code or parent, or import the parent too",
        ),
        codes=(area.code,),
        where=area.geometry,
        row=area.row,
    )


def _outside(area: AreaRecord, parent: AreaRecord, piece: Piece) -> Fault:
    return Fault(
        area.kind,
        FaultKind.OUTSIDE_PARENT,
        Wording(
            f"{area.name}({area.code})有 {size(piece)} 在上级{parent.name}之外",
            f"{area.name} ({area.code}): {size(piece)} lie outside its parent {parent.name}",
        ),
        Wording(
            "按上级边界裁剪，或用 --mend 修补窄条", "Clip it to the parent, or --mend narrow strips"
        ),
        codes=(area.code, parent.code),
        row=area.row,
    ).at(piece)


def double_ground(areas: Sequence[AreaRecord], tolerance: Tolerance) -> Iterator[Fault]:
    shapes = [area.geometry for area in areas]
    for overlap in overlaps(shapes, above_m2=tolerance.area_m2):
        first, second = sorted((areas[overlap.first], areas[overlap.second]), key=_code)
        yield Fault(
            first.kind,
            FaultKind.OVERLAP,
            Wording(
                f"{first.name}({first.code})与{second.name}({second.code})重叠 "
                f"{size(overlap.piece)}",
                f"{first.name} ({first.code}) and {second.name} ({second.code}) overlap by "
                f"{size(overlap.piece)}",
            ),
            Wording(
                "重画公共边界，或用 --mend 修补窄条", "Redraw their line, or --mend narrow strips"
            ),
            codes=(first.code, second.code),
        ).at(overlap.piece)


def bare_ground(kind: AreaKind, state: State, tolerance: Tolerance) -> Iterator[Fault]:
    """Ground of the parents that no area covers; without parents, holes between the areas."""
    areas = state[kind]
    above = parent_kind(kind)
    parents = state.get(above, ()) if above else ()
    shapes = [area.geometry for area in areas]
    tree = STRtree(shapes)
    if not parents:
        for piece in enclosed_gaps(shapes, above_m2=tolerance.area_m2):
            yield _gap(kind, None, piece, _around(piece.geometry, tree, areas))
    children: dict[str | None, list[BaseGeometry]] = defaultdict(list)
    for area in areas:
        children[area.parent_code].append(area.geometry)
    for parent in parents:
        for piece in gaps(parent.geometry, children[parent.code], above_m2=tolerance.area_m2):
            yield _gap(kind, parent, piece, _around(piece.geometry, tree, areas))


def _around(gap: BaseGeometry, tree: STRtree, areas: Sequence[AreaRecord]) -> tuple[str, ...]:
    near = tree.query(gap, predicate="dwithin", distance=LINE_TOLERANCE_DEG)
    return tuple(sorted(areas[n].code for n in near))


def _gap(kind: AreaKind, parent: AreaRecord | None, piece: Piece, codes: tuple[str, ...]) -> Fault:
    zh, en = TITLES[kind]
    inside = (f"{parent.name}内", f"within {parent.name}") if parent else ("图层内", "in the layer")
    return Fault(
        kind,
        FaultKind.GAP,
        Wording(
            f"{inside[0]}有 {size(piece)} 不属于任何{zh}",
            f"{size(piece)} {inside[1]} belong to no {en}",
        ),
        Wording(
            "补画该处，或用 --mend 并入相邻区域", "Draw it, or --mend to give strips to a neighbour"
        ),
        codes=codes,
    ).at(piece)


def narrow_parts(areas: Sequence[AreaRecord], tolerance: Tolerance) -> Iterator[Fault]:
    for area in areas:
        for piece in slivers(area.geometry, narrower_m=tolerance.sliver_m):
            if piece.area_m2 > NOISE_M2:
                yield Fault(
                    area.kind,
                    FaultKind.SLIVER,
                    Wording(
                        f"{area.name}({area.code})有一块碎条，{size(piece)}",
                        f"{area.name} ({area.code}) has a sliver of {size(piece)}",
                    ),
                    Wording("删除碎条，或用 --mend", "Delete it, or --mend"),
                    codes=(area.code,),
                    row=area.row,
                ).at(piece)


def reused_codes(areas: Sequence[AreaRecord], former: Mapping[str, AreaRecord]) -> Iterator[Fault]:
    """Codes that stood for other ground before: a code is never used again.

    `former`: the latest known area of each code, closed or open.
    """
    for area in areas:
        earlier = former.get(area.code)
        if earlier is not None and not _same_ground(earlier.geometry, area.geometry):
            yield Fault(
                area.kind,
                FaultKind.REUSED_CODE,
                Wording(
                    f"编码 {area.code} 原为{earlier.name}，现在指另一处({area.name})",
                    f"Code {area.code} was {earlier.name} and now means other ground ({area.name})",
                ),
                Wording("给新区域新的编码；编码不重复使用", "Give new ground a new code"),
                codes=(area.code,),
                where=area.geometry,
                row=area.row,
            )


def _same_ground(before: BaseGeometry, after: BaseGeometry) -> bool:
    smaller = min(in_metres(before).area, in_metres(after).area)
    shared = before.intersection(after)
    return not shared.is_empty and in_metres(shared).area >= SAME_GROUND * smaller


def size(piece: Piece) -> str:
    """Area and mean width without words, so that it fits both languages."""
    return f"{piece.area_m2:,.1f} m² (⌀ {piece.width_m:,.2f} m)"


def _code(area: AreaRecord) -> str:
    return area.code
