"""One import becomes one edition, or nothing does."""

import threading
from datetime import date

import pytest
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.database import Database
from grids.codes import grid_code
from grids.hierarchy import AreaKind
from grids.importer import (
    Change,
    FaultyImport,
    ImportOvertaken,
    ImportRunning,
    ImportTooOld,
    apply,
    plan,
)
from grids.models import Area, AreaLineage, Edition, Unit
from grids.store import areas_of, units
from tests.grids.districts import (
    EASTERN,
    WESTERN,
    WHOLE,
    draft,
    small_district,
)
from tests.grids.imports import DAY, LATER, communities, district_with, store
from tests.grids.shapes import SCALE, box, laid_out


def test_importing_the_same_again_changes_nothing(session: Session) -> None:
    store(session, small_district())
    again = apply(session, plan(session, small_district(), valid_from=LATER, author="测试"))
    assert again is None
    assert session.scalar(select(func.count()).select_from(Edition)) == 1


def test_only_changed_areas_get_new_rows_and_other_kinds_stay(session: Session) -> None:
    first = store(session, small_district())
    second = store(session, small_district(east_name="改名社区")[2:3], LATER)
    opened = session.execute(select(Area.kind, Area.code).where(Area.opened_by == second.id)).all()
    assert [tuple(row) for row in opened] == [("community", EASTERN)]
    closed = session.scalars(select(Area).where(Area.closed_by == second.id)).one()
    assert (closed.valid.lower, closed.valid.upper) == (DAY, LATER)
    assert len(areas_of(session, second.id)) == len(areas_of(session, first.id))


def test_a_correction_on_the_same_day_leaves_an_empty_range(session: Session) -> None:
    store(session, small_district())
    second = store(session, small_district(line=450))
    closed = session.scalars(select(Area).where(Area.closed_by == second.id)).all()
    assert [area.valid.isempty for area in closed] == [True, True]


def test_an_import_older_than_the_newest_edition_is_refused(session: Session) -> None:
    store(session, small_district(), LATER)
    with pytest.raises(ImportTooOld, match="2025-07-01"):
        plan(session, small_district(), valid_from=DAY, author="测试")


def test_a_faulty_import_stores_nothing(session: Session) -> None:
    faulty = district_with(communities(box(0, 0, 400, 1000), box(500, 0, 1000, 1000)))
    with pytest.raises(FaultyImport):
        apply(session, plan(session, faulty, valid_from=DAY, author="测试"))
    for table in (Edition, Area, Unit):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_split_and_a_merge_keep_their_lineage(session: Session) -> None:
    store(session, small_district())
    thirds = [
        (WESTERN, "西", box(0, 0, 300, 1000)),
        ("210104002003", "中", box(300, 0, 500, 1000)),
        (EASTERN, "东", box(500, 0, 1000, 1000)),
    ]
    split = store(session, [draft(AreaKind.COMMUNITY, thirds)], LATER)
    merged = [
        ("210104002003", "中", box(300, 0, 500, 1000)),
        (EASTERN, "东", box(500, 0, 1000, 1000)),
    ]
    whole = [(merged[0][0], "中", box(0, 0, 500, 1000)), merged[1]]
    merge = store(session, [draft(AreaKind.COMMUNITY, whole)], date(2026, 1, 1))

    def shares(edition: Edition) -> dict[tuple[str, str], float]:
        rows = session.scalars(select(AreaLineage).where(AreaLineage.edition_id == edition.id))
        return {(row.predecessor_code, row.successor_code): round(row.share, 3) for row in rows}

    assert shares(split) == {(WESTERN, WESTERN): 0.6, (WESTERN, "210104002003"): 0.4}
    assert shares(merge) == {(WESTERN, "210104002003"): 1.0}


def test_a_renamed_unit_makes_an_edition_so_that_caches_see_it(session: Session) -> None:
    store(session, small_district())
    renamed = draft(
        AreaKind.POLICE,
        [("甲", "新东所", WHOLE)],
        unit_code=["P-1"],
        unit_name=["新东派出所（新）"],
    )
    edition = store(session, [renamed], LATER)
    assert units(session)["P-1"].name == "新东派出所（新）"
    assert units(session)["P-1"].phone == "024-1"
    assert session.scalar(select(func.count()).where(Area.opened_by == edition.id)) == 0


def test_equal_states_have_equal_fingerprints(session: Session) -> None:
    first = store(session, small_district())
    second = store(session, small_district(line=450), LATER)
    third = store(session, small_district(), date(2026, 1, 1))
    assert first.fingerprint == third.fingerprint != second.fingerprint


def test_of_two_imports_at_once_the_second_is_told_that_one_is_running(
    database: Database,
) -> None:
    holding, done = threading.Event(), threading.Event()
    refusals: list[Exception] = []

    def second() -> None:
        holding.wait(10)
        try:
            with database.transaction() as session:
                apply(session, plan(session, small_district(), valid_from=DAY, author="乙"))
        except ImportRunning as error:
            refusals.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=second)
    thread.start()
    with database.transaction() as session:
        store(session, small_district())
        holding.set()
        assert done.wait(30)
    thread.join()
    assert len(refusals) == 1
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Edition)) == 1


def test_an_import_planned_before_another_was_stored_is_refused(database: Database) -> None:
    def planned(session: Session) -> Change:
        return plan(session, small_district(), valid_from=DAY, author="甲")

    with database.transaction() as session:
        change = planned(session)
    with database.transaction() as session:
        apply(session, planned(session))
    with pytest.raises(ImportOvertaken), database.transaction() as session:
        apply(session, change)


def test_a_thousand_cells_are_checked_and_stored(session: Session) -> None:
    cells = [
        (number, shapely.segmentize(laid_out(cell), 20 / SCALE[0]))
        for number, cell in enumerate(
            shapely.box(x * 31.25, y * 31.25, (x + 1) * 31.25, (y + 1) * 31.25)
            for x in range(32)
            for y in range(32)
        )
    ]
    west = [(number, cell) for number, cell in cells if number < 512]
    east = [(number - 512, cell) for number, cell in cells if number >= 512]
    rows = [(grid_code(WESTERN, number + 1), "格", cell) for number, cell in west]
    rows += [(grid_code(EASTERN, number + 1), "格", cell) for number, cell in east]
    edition = store(session, [*small_district(), draft(AreaKind.GRID, rows)])
    assert len(areas_of(session, edition.id, [AreaKind.GRID])) == 1024
