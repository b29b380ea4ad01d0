"""What the areas commands say: reports, editions and areas in words and as JSON."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grids.areas import AreaRecord
from grids.hierarchy import TITLES
from grids.importer import Answering, Change, Difference, Draft, MovedCases, Report
from grids.models import Edition
from maps.faults import fault_map


def told(report: Report) -> list[str]:
    """The report line by line: what was read, mended and found faulty."""
    lines = [f"{TITLES[kind][0]} {kind}: {count}" for kind, count in report.counts]
    lines += report.assumptions
    lines += [f"修补 / mended: {repair.what.zh} / {repair.what.en}" for repair in report.repairs]
    for number, fault in enumerate(report.faults, start=1):
        mark = "(已接受 accepted) " if fault.accepted else ""
        lines.append(f"错误 / fault {number}: {mark}{fault.what.zh} / {fault.what.en}")
        lines.append(f"    处理 / mend: {fault.mend.zh} / {fault.mend.en}")
    return lines


def concluded(change: Change, edition: Edition | None, *, dry_run: bool) -> list[str]:
    """The difference to the present edition, and what became of the import."""
    lines = [line for each in change.report.differences for line in _differing(each)]
    if not change.report.ok:
        seen = "用 --map FILE 查看 / see them with --map FILE"
        return [*lines, f"有错误,未导入 / faults found, nothing imported ({seen})"]
    if not change.report.changes:
        return [*lines, "没有变化 / nothing changed"]
    if edition is None or dry_run:
        return [*lines, "试运行,未导入 / dry run, nothing imported"]
    return [*lines, f"已导入为版本 {edition.id} / imported as edition {edition.id}"]


def _differing(difference: Difference) -> list[str]:
    kind = difference.kind
    counts = (
        f"{TITLES[kind][0]} {kind}: +{len(difference.added)} −{len(difference.removed)} "
        f"~{len(difference.changed)} ={difference.unchanged}"
    )
    return [counts, *map(_moving, difference.cases)]


def _moving(cases: MovedCases) -> str:
    hands = f"{_hands(cases.before)} → {_hands(cases.after)}"
    return f"    在办案件转移 / open cases change hands: {hands}: {len(cases.labels)}"


def _hands(answering: Answering) -> str:
    return "—" if answering is None else f"{answering[0]} ({answering[1]})"


def outcome(change: Change, edition: Edition | None, *, dry_run: bool) -> dict[str, Any]:
    """The import as JSON."""
    return {
        **change.report.as_json(),
        "valid_from": change.valid_from.isoformat(),
        "base_edition": change.base,
        "dry_run": dry_run,
        "edition": edition_json(edition) if edition else None,
    }


def edition_json(edition: Edition) -> dict[str, Any]:
    """An edition as JSON."""
    return {
        "id": edition.id,
        "valid_from": edition.valid_from.isoformat(),
        "author": edition.author,
        "note": edition.note,
        "source": edition.source,
        "fingerprint": edition.fingerprint,
    }


def area_json(area: AreaRecord) -> dict[str, Any]:
    """An area as JSON, without its ground."""
    return {
        "kind": area.kind.value,
        "code": area.code,
        "name": area.name,
        "parent_code": area.parent_code,
        "unit_code": area.unit_code,
        "unit_name": area.unit_name,
        "phone": area.phone,
    }


def write(
    report: Report, drafts: Sequence[Draft], map_file: Path | None, report_file: Path | None
) -> None:
    """Write the JSON report and the offline map of the faults where they are asked for."""
    if report_file:
        report_file.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    if map_file:
        areas = [area for draft in drafts for area in draft.areas]
        map_file.write_text(fault_map(report, areas, title="区域检查 Area check"))
