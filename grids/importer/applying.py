"""All layers of an import become one edition, or nothing does."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import case, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.geometry import area_m2
from gis.wording import Wording
from grids.areas import AreaRecord
from grids.hierarchy import AreaKind
from grids.importer.comparing import Difference, OpenCase
from grids.importer.planning import Present, Wishes, judged
from grids.importer.reading import Draft
from grids.importer.report import Report
from grids.models import Area, AreaLineage, Edition, Unit
from grids.store import areas_of, latest_of, newest_edition, units

LOCK = 0x67726964_65646974  # "gridedit": the advisory lock of imports


class ImportRefused(Exception):
    """Why an import cannot be applied, and how to mend it."""

    def __init__(self, what: Wording, mend: Wording) -> None:
        super().__init__(f"{what.zh} / {what.en}. 处理 / Mend: {mend.zh} / {mend.en}")
        self.what = what
        self.mend = mend


class ImportRunning(ImportRefused):
    """Another import holds the lock."""


class ImportOvertaken(ImportRefused):
    """Another import was applied after this one was planned."""


class ImportTooOld(ImportRefused):
    """The import would begin before the newest edition."""


class FaultyImport(ImportRefused):
    """The report stands against it."""

    def __init__(self, report: Report) -> None:
        against = [fault for fault in report.faults if not fault.accepted]
        count = len(against)
        super().__init__(
            Wording(
                f"导入有 {count} 处错误：{against[0].what.zh}",
                f"The import has {count} faults: {against[0].what.en}",
            ),
            Wording("见报告", "see the report"),
        )
        self.report = report


@dataclass(frozen=True)
class Change:
    """A planned import. `base`: id of the edition it was compared with, None before the first."""

    base: int | None
    valid_from: date
    author: str
    note: str
    source: str
    areas: dict[AreaKind, list[AreaRecord]]
    report: Report


def plan(
    session: Session,
    drafts: Sequence[Draft],
    *,
    valid_from: date,
    author: str,
    note: str = "",
    source: str = "imported",
    wishes: Wishes | None = None,
    open_cases: Sequence[OpenCase] = (),
) -> Change:
    """What the import would do; stores nothing.

    `open_cases`: longitude, latitude (EPSG:4326) and label of the cases whose move is to be told.
    Raises ImportTooOld, LayerTwice.
    """
    newest = newest_edition(session)
    if newest is not None and valid_from < newest.valid_from:
        raise _too_old(valid_from, newest)
    base = newest.id if newest else None
    present = _present(session, base, drafts)
    areas, report = judged(drafts, present, wishes or Wishes(), open_cases)
    return Change(base, valid_from, author, note, source, areas, report)


def _too_old(valid_from: date, newest: Edition) -> ImportTooOld:
    return ImportTooOld(
        Wording(
            f"生效日 {valid_from} 早于最新版本 {newest.id} 的 {newest.valid_from}",
            f"{valid_from} lies before {newest.valid_from}, the first day of edition {newest.id}",
        ),
        Wording(f"生效日不得早于 {newest.valid_from}", f"Choose {newest.valid_from} or later"),
    )


def _present(session: Session, base: int | None, drafts: Sequence[Draft]) -> Present:
    state: dict[AreaKind, list[AreaRecord]] = {}
    for area in areas_of(session, base) if base is not None else ():
        state.setdefault(area.kind, []).append(area)
    former = {
        draft.kind: latest_of(session, draft.kind, [area.code for area in draft.areas])
        for draft in drafts
    }
    known = {code: (unit.name, unit.phone) for code, unit in units(session).items()}
    return Present(state, former, known)


def apply(session: Session, change: Change) -> Edition | None:
    """Store a planned import in the caller's transaction; None when nothing would change.

    Closes the rows of changed and removed areas, opens rows for changed and added ones; kinds that
    are not in the import stay. Raises FaultyImport, ImportRunning, ImportOvertaken.
    """
    if not change.report.ok:
        raise FaultyImport(change.report)
    _lock(session)
    _check_base(session, change)
    if not change.report.changes:
        return None
    edition = _open_edition(session, change)
    _upsert_units(session, change)
    for difference in change.report.differences:
        _close(session, difference, edition)
        _open(session, difference, edition)
        _descend(session, difference, edition)
    edition.fingerprint = fingerprint(areas_of(session, edition.id))
    session.flush()
    return edition


def _lock(session: Session) -> None:
    if not session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
        raise ImportRunning(
            Wording("另一个导入正在进行", "Another import is running"),
            Wording("待其结束后重试", "Try again when it has ended"),
        )


def _check_base(session: Session, change: Change) -> None:
    newest = session.scalar(select(func.max(Edition.id)))
    if newest != change.base:
        raise ImportOvertaken(
            Wording(
                f"比对之后已有新版本 {newest}",
                f"Edition {newest} was imported after this import was compared",
            ),
            Wording("重新导入", "Import again"),
        )


def _open_edition(session: Session, change: Change) -> Edition:
    edition = Edition(
        valid_from=change.valid_from,
        note=change.note,
        author=change.author,
        source=change.source,
        fingerprint="",
    )
    session.add(edition)
    session.flush()
    return edition


def _upsert_units(session: Session, change: Change) -> None:
    kept = {
        area.unit_code: {
            "code": area.unit_code,
            "name": area.unit_name,
            "kind": kind.value,
            "phone": area.phone,
        }
        for kind, areas in reversed(change.areas.items())
        for area in areas
        if area.unit_code in change.report.units_changed
    }
    if kept:
        statement = upsert(Unit)
        fresh = statement.excluded
        session.execute(
            statement.on_conflict_do_update(
                index_elements=[Unit.code], set_={"name": fresh.name, "phone": fresh.phone}
            ),
            list(kept.values()),
        )


def _close(session: Session, difference: Difference, edition: Edition) -> None:
    """End the rows; one that began on the very day becomes empty: it never held for a day."""
    ended = [each.before.code for each in difference.changed]
    ended += [area.code for area in difference.removed]
    began = func.lower(Area.valid)
    closed = case(
        (began < edition.valid_from, func.daterange(began, edition.valid_from)),
        else_=literal("empty").cast(Area.valid.type),
    )
    session.execute(
        update(Area)
        .where(Area.kind == difference.kind.value, Area.code.in_(ended))
        .where(Area.closed_by.is_(None))
        .values(closed_by=edition.id, valid=closed),
        execution_options={"synchronize_session": False},
    )


def _open(session: Session, difference: Difference, edition: Edition) -> None:
    opened = [*difference.added, *(each.after for each in difference.changed)]
    rows = [
        {
            "kind": area.kind.value,
            "code": area.code,
            "name": area.name,
            "parent_code": area.parent_code,
            "unit_code": area.unit_code,
            "geom": from_shape(area.geometry, srid=4326),
            "area_m2": float(area_m2(area.geometry)),
            "valid": Range(edition.valid_from, None),
            "opened_by": edition.id,
            "properties": dict(area.properties),
        }
        for area in opened
    ]
    if rows:
        session.execute(insert(Area), rows)


def _descend(session: Session, difference: Difference, edition: Edition) -> None:
    rows = [
        {
            "edition_id": edition.id,
            "kind": difference.kind.value,
            "predecessor_code": each.predecessor,
            "successor_code": each.successor,
            "share": each.share,
        }
        for each in difference.lineage
    ]
    if rows:
        session.execute(insert(AreaLineage), rows)


def fingerprint(areas: Iterable[AreaRecord]) -> str:
    """SHA-256 of a whole state: the same areas give the same text, wherever they are stored."""
    digest = hashlib.sha256()
    for area in areas:
        words = (area.kind, area.code, *area.says)
        digest.update(repr(words).encode())
        digest.update(shapely.to_wkb(shapely.normalize(area.geometry), byte_order=1))
    return digest.hexdigest()
