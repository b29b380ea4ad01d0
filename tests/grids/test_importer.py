"""From a file to an edition: what is refused, mended, compared and stored."""

import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.database import Database
from grids.codes import grid_code
from grids.hierarchy import AreaKind
from grids.importer import (
    Change,
    Draft,
    FaultKind,
    FaultyImport,
    ImportOvertaken,
    ImportRunning,
    ImportTooOld,
    LayerTwice,
    Report,
    UnknownColumn,
    Wishes,
    apply,
    check,
    plan,
    read_file,
    read_frame,
)
from grids.models import Area, AreaLineage, Edition, Unit
from grids.store import areas_of, units
from tests.grids.districts import (
    DISTRICT,
    EASTERN,
    STREET,
    WESTERN,
    WHOLE,
    draft,
    frame,
    small_district,
)
from tests.grids.shapes import SCALE, SOUTH, WEST, box, laid_out

DAY, LATER = date(2025, 1, 1), date(2025, 7, 1)
MEND = Wishes(mend_within_m=2.0)


def kinds(report: Report) -> list[FaultKind]:
    return [fault.kind for fault in report.faults]


def district_with(*drafts: Draft) -> list[Draft]:
    """The small district, some of its layers replaced."""
    replaced = {each.kind for each in drafts}
    return [each for each in small_district() if each.kind not in replaced] + list(drafts)


def communities(*shapes: Any) -> Draft:
    codes = [f"210104002{number:03d}" for number in range(1, len(shapes) + 1)]
    rows = [(code, f"社区{code[-1]}", shape) for code, shape in zip(codes, shapes, strict=True)]
    return draft(AreaKind.COMMUNITY, rows)


def store(session: Session, drafts: Sequence[Draft], on: date = DAY, **words: Any) -> Edition:
    edition = apply(session, plan(session, drafts, valid_from=on, author="测试", **words))
    assert edition is not None
    return edition


# Reading


def test_a_gbk_shapefile_with_integer_codes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "社区.shp"
    halves = [box(0, 0, 500, 1000), box(500, 0, 1000, 1000)]
    words = {"编码": [int(WESTERN), int(EASTERN)], "名称": ["西社区", "东社区"]}
    gpd.GeoDataFrame(words, geometry=halves, crs=4326).to_file(path, encoding="GBK")
    found = read_file(AreaKind.COMMUNITY, path, encoding="GBK")
    assert found.faults == ()
    assert [(area.code, area.name) for area in found.areas] == [
        (WESTERN, "西社区"),
        (EASTERN, "东社区"),
    ]
    assert [area.parent_code for area in found.areas] == [STREET, STREET]


def test_a_layer_without_crs_is_refused_with_the_way_to_mend_it(tmp_path: Path) -> None:
    path = tmp_path / "areas.shp"
    frame([("1", "甲", WHOLE)]).to_file(path)
    path.with_suffix(".prj").unlink()
    report = check([read_file(AreaKind.CUSTOM, path)])
    (fault,) = report.faults
    assert fault.kind is FaultKind.NO_CRS
    assert "--crs" in fault.mend.zh
    assert not report.ok


def test_an_unreadable_file_is_a_fault_and_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "areas.geojson"
    path.write_text("{")
    assert kinds(check([read_file(AreaKind.CUSTOM, path)])) == [FaultKind.UNREADABLE]


def test_columns_can_be_named_when_they_bear_other_names() -> None:
    rows = frame([("x", "y", WHOLE)]).rename(columns={"code": "所编号", "name": "所名"})
    assert kinds(check([read_frame(AreaKind.CUSTOM, rows)])) == [FaultKind.NO_COLUMN]
    found = read_frame(AreaKind.CUSTOM, rows, columns={"code": "所编号", "name": "所名"})
    assert [(area.code, area.name) for area in found.areas] == [("x", "y")]
    with pytest.raises(UnknownColumn, match="所编"):
        read_frame(AreaKind.CUSTOM, rows, columns={"code": "编号"})
    with pytest.raises(UnknownColumn, match="colour"):
        read_frame(AreaKind.CUSTOM, rows, columns={"colour": "所名"})


def test_other_columns_are_kept_as_properties() -> None:
    extra = {"户数": [np.int64(412)], "比例": [0.5], "空": [None]}
    (area,) = draft(AreaKind.CUSTOM, [("x", "y", WHOLE)], **extra).areas
    assert area.properties == {"户数": 412, "比例": 0.5}


def test_bad_codes_name_their_row() -> None:
    rows = [("21010400200", "短", box(0, 0, 500, 1000)), (EASTERN, "东", box(500, 0, 1000, 1000))]
    faults = draft(AreaKind.COMMUNITY, rows).faults
    assert [(fault.kind, fault.row) for fault in faults] == [(FaultKind.CODE, 1)]
    assert "12" in faults[0].what.zh


@pytest.mark.parametrize(
    "shape",
    [
        None,
        shapely.Polygon(),
        shapely.Point(123, 41),
        shapely.box(41, 123, 42, 124),
        shapely.box(500_000, 4_600_000, 500_100, 4_600_100),
        shapely.Polygon([(123, 41), (124, 41), (123, 41)]),
    ],
)
def test_a_geometry_that_cannot_be_an_area_is_a_fault(shape: Any) -> None:
    found = draft(AreaKind.CUSTOM, [("x", "y", shape)])
    assert found.areas == ()
    assert [(fault.kind, fault.row) for fault in found.faults] == [(FaultKind.GEOMETRY, 1)]


def test_wild_coordinates_are_a_fault() -> None:
    with np.errstate(invalid="ignore"):
        shape = shapely.from_wkt("POLYGON ((123 41, 124 41, 124 NaN, 123 41))")
    assert [fault.kind for fault in draft(AreaKind.CUSTOM, [("x", "y", shape)]).faults] == [
        FaultKind.GEOMETRY
    ]


def test_a_bow_tie_is_refused_or_mended() -> None:
    bow = laid_out(shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]))
    layer = draft(AreaKind.CUSTOM, [("x", "y", bow)])
    report = check([layer])
    assert kinds(report) == [FaultKind.GEOMETRY]
    assert report.faults[0].where is not None
    mended = check([layer], MEND)
    assert mended.ok
    assert [repair.code for repair in mended.repairs] == ["x"]


# Checking


def test_a_sound_district_has_no_fault() -> None:
    report = check(small_district())
    assert report.faults == ()
    assert report.ok


def test_an_overlap_is_refused_with_both_codes_and_its_square_metres() -> None:
    report = check(district_with(communities(box(0, 0, 510, 1000), box(500, 0, 1000, 1000))))
    (fault,) = report.faults
    assert (fault.kind, fault.codes) == (FaultKind.OVERLAP, (WESTERN, EASTERN))
    assert fault.area_m2 == pytest.approx(10_000, rel=1e-3)
    assert fault.as_json()["where"]["type"] == "Polygon"


def test_a_gap_is_refused_with_its_square_metres_and_neighbours() -> None:
    report = check(district_with(communities(box(0, 0, 495, 1000), box(500, 0, 1000, 1000))))
    (fault,) = report.faults
    assert (fault.kind, fault.codes) == (FaultKind.GAP, (WESTERN, EASTERN))
    assert fault.area_m2 == pytest.approx(5_000, rel=1e-3)


def test_a_sliver_is_refused() -> None:
    strip = shapely.box(600, 0, 600.5, 1000)
    west = laid_out(shapely.MultiPolygon([shapely.box(0, 0, 500, 1000), strip]))
    east = laid_out(shapely.box(500, 0, 1000, 1000).difference(strip))
    report = check(district_with(communities(west, east)))
    (fault,) = report.faults
    assert (fault.kind, fault.codes) == (FaultKind.SLIVER, (WESTERN,))
    assert fault.area_m2 == pytest.approx(500, rel=1e-2)
    assert check(district_with(communities(west, east)), MEND).ok


def test_an_area_outside_its_parent_is_refused() -> None:
    halves = communities(box(0, 0, 500, 1000), box(500, 0, 1020, 1000))
    report = check(district_with(halves))
    (fault,) = report.faults
    assert (fault.kind, fault.codes) == (FaultKind.OUTSIDE_PARENT, (EASTERN, STREET))
    assert fault.area_m2 == pytest.approx(20_000, rel=1e-3)


def test_police_areas_need_not_nest_in_streets() -> None:
    north, south = box(0, 400, 1000, 1000), box(0, 0, 1000, 400)
    report = check(
        district_with(
            draft(
                AreaKind.STREET,
                [
                    (STREET, "大北街道", box(0, 0, 500, 1000)),
                    ("210104003000", "万泉街道", box(500, 0, 1000, 1000)),
                ],
            ),
            draft(
                AreaKind.COMMUNITY,
                [
                    (WESTERN, "西", box(0, 0, 500, 1000)),
                    ("210104003001", "东", box(500, 0, 1000, 1000)),
                ],
            ),
            draft(AreaKind.POLICE, [("北", "北所", north), ("南", "南所", south)]),
        )
    )
    assert report.faults == ()


def test_a_parent_that_is_nowhere_is_a_fault() -> None:
    report = check(small_district()[1:2])
    assert kinds(report) == [FaultKind.PARENT]
    stray = draft(AreaKind.COMMUNITY, [("210104009001", "远", WHOLE)])
    assert FaultKind.ORPHAN in kinds(check(district_with(stray)))


def test_a_parent_column_must_agree_with_the_code() -> None:
    row = [(WESTERN, "西社区", WHOLE)]
    layer = draft(AreaKind.COMMUNITY, row, 上级=[210104003000])
    assert [fault.kind for fault in layer.faults] == [FaultKind.PARENT]
    assert draft(AreaKind.COMMUNITY, row, 上级=[210104002]).faults == ()


def test_a_code_given_twice_is_a_fault() -> None:
    halves = [(WESTERN, "西", box(0, 0, 500, 1000)), (WESTERN, "东", box(500, 0, 1000, 1000))]
    report = check(district_with(draft(AreaKind.COMMUNITY, halves)))
    (fault,) = report.faults
    assert (fault.kind, fault.codes, fault.row) == (FaultKind.DUPLICATE, (WESTERN,), 2)


def test_one_unit_code_with_two_names_is_a_fault() -> None:
    halves = [("甲", "甲", box(0, 0, 500, 1000)), ("乙", "乙", box(500, 0, 1000, 1000))]
    stations = draft(AreaKind.POLICE, halves, unit_code=["P", "P"], unit_name=["一所", "二所"])
    assert kinds(check(district_with(stations))) == [FaultKind.UNIT]


@pytest.mark.parametrize("kind", list(AreaKind))
def test_a_layer_without_any_usable_area_is_a_report_and_not_a_crash(kind: AreaKind) -> None:
    nothing = draft(kind, [("", "", None)])
    assert FaultKind.CODE in kinds(check([nothing], MEND))
    assert FaultKind.UNREADABLE in kinds(check([Draft(kind)]))
    others = [each for each in small_district() if each.kind is not kind]
    assert not check([*others, nothing], MEND).ok


def test_a_layer_given_twice_is_refused() -> None:
    with pytest.raises(LayerTwice):
        check([*small_district(), small_district()[0]])


def test_custom_areas_may_overlap() -> None:
    areas = [("a", "商圈", box(0, 0, 100, 100)), ("b", "校园", box(50, 0, 150, 100))]
    assert check([draft(AreaKind.CUSTOM, areas)]).ok


def test_coverage_faults_can_be_accepted_knowingly_but_codes_cannot() -> None:
    accept = Wishes(accept=frozenset({FaultKind.GAP, FaultKind.CODE}))
    report = check(
        district_with(communities(box(0, 0, 400, 1000), box(500, 0, 1000, 1000))), accept
    )
    assert report.ok
    assert report.faults[0].accepted
    bad = draft(AreaKind.COMMUNITY, [("1", "x", WHOLE), (WESTERN, "y", WHOLE)])
    assert not check(district_with(bad), accept).ok


# Mending


def test_mending_says_for_each_area_what_moved() -> None:
    report = check(district_with(communities(box(0, 0, 501, 1000), box(500, 0, 999, 1000))), MEND)
    assert report.ok
    (repair,) = report.repairs
    assert repair.code == EASTERN
    assert repair.moved_m2 == pytest.approx(2_000, rel=1e-3)
    assert repair.displacement_m == pytest.approx(1.0, rel=1e-3)


def test_mending_refuses_what_is_wider_than_its_tolerance() -> None:
    report = check(district_with(communities(box(0, 0, 510, 1000), box(500, 0, 1000, 1000))), MEND)
    assert kinds(report) == [FaultKind.OVERLAP]


def test_mending_follows_the_hierarchy_from_the_top() -> None:
    """The street is drawn 1 m too wide: first it is cut to the district, then its communities."""
    street = draft(AreaKind.STREET, [(STREET, "大北街道", box(0, 0, 1001, 1000))])
    halves = communities(box(0, 0, 500, 1000), box(500, 0, 1001, 1000))
    report = check(district_with(street, halves), MEND)
    assert report.ok
    assert [repair.layer for repair in report.repairs] == [AreaKind.STREET, AreaKind.COMMUNITY]


def test_layers_drawn_apart_by_unsteady_hands_are_mended_into_one_hierarchy() -> None:
    random = np.random.default_rng(7)

    def shaken(west: float, south: float, east: float, north: float) -> shapely.Polygon:
        outline = shapely.segmentize(shapely.box(west, south, east, north), 50)
        corners = shapely.get_coordinates(outline)[:-1]
        return laid_out(shapely.Polygon(corners + random.uniform(-0.28, 0.28, corners.shape)))

    streets = [
        (f"21010400{n}000", f"街道{n}", shaken(n * 500 - 1000, 0, n * 500 - 500, 1000))
        for n in (2, 3)
    ]
    rows = [
        (
            f"21010400{n}00{m}",
            f"社区{n}{m}",
            shaken(n * 500 - 1000, m * 250 - 250, n * 500 - 500, m * 250),
        )
        for n in (2, 3)
        for m in (1, 2, 3, 4)
    ]
    layers = [
        draft(AreaKind.DISTRICT, [(DISTRICT, "大东区", WHOLE)]),
        draft(AreaKind.STREET, streets),
        draft(AreaKind.COMMUNITY, rows),
    ]
    assert not check(layers).ok
    report = check(layers, MEND)
    assert report.faults == ()
    assert len(report.repairs) == 10


# Comparing


def test_the_first_import_adds_everything(session: Session) -> None:
    change = plan(session, small_district(), valid_from=DAY, author="测试")
    added = {each.kind: len(each.added) for each in change.report.differences}
    assert added == {
        AreaKind.DISTRICT: 1,
        AreaKind.STREET: 1,
        AreaKind.COMMUNITY: 2,
        AreaKind.POLICE: 1,
    }
    assert session.scalar(select(func.count()).select_from(Area)) == 0


def test_a_moved_line_is_told_in_square_metres_with_the_cases_that_change_hands(
    session: Session,
) -> None:
    store(session, small_district())
    cases = [
        (WEST + east / SCALE[0], SOUTH + 500 / SCALE[1], f"DD-{east}")
        for east in (100, 450, 470, 900)
    ]
    moved = [each for each in small_district(line=400) if each.kind is AreaKind.COMMUNITY]
    change = plan(session, moved, valid_from=LATER, author="测试", open_cases=cases)
    (difference,) = change.report.differences
    assert [each.moved.moved_m2 for each in difference.changed] == pytest.approx(
        [100_000, 100_000], rel=1e-3
    )
    assert [(each.before, each.after, each.labels) for each in difference.cases] == [
        (WESTERN, EASTERN, ("DD-450", "DD-470"))
    ]


def test_added_removed_renamed_and_unchanged_are_told_apart(session: Session) -> None:
    store(session, small_district())
    west, east = box(0, 0, 500, 1000), box(500, 0, 1000, 1000)
    rows = [(WESTERN, "西湖社区", west), ("210104002003", "新社区", east)]
    later = plan(session, [draft(AreaKind.COMMUNITY, rows)], valid_from=LATER, author="测试")
    told = later.report.as_json()["difference"]["community"]
    assert told["added"] == [{"code": "210104002003", "name": "新社区"}]
    assert told["removed"] == [{"code": EASTERN, "name": "东社区"}]
    assert told["renamed"] == [{"code": WESTERN, "from": "西社区", "to": "西湖社区"}]
    assert told["lineage"] == [{"predecessor": EASTERN, "successor": "210104002003", "share": 1.0}]


def test_a_code_never_stands_for_other_ground(session: Session) -> None:
    store(session, small_district())
    swapped = [(EASTERN, "西", box(0, 0, 500, 1000)), (WESTERN, "东", box(500, 0, 1000, 1000))]
    layer = draft(AreaKind.COMMUNITY, swapped)
    change = plan(session, [layer], valid_from=LATER, author="测试")
    assert kinds(change.report) == [FaultKind.REUSED_CODE, FaultKind.REUSED_CODE]


def test_a_closed_code_does_not_come_back_elsewhere(session: Session) -> None:
    store(session, small_district())
    west, east = box(0, 0, 500, 1000), box(500, 0, 1000, 1000)
    store(
        session, [draft(AreaKind.COMMUNITY, [(WESTERN, "西", west), ("210104002003", "新", east)])]
    )
    again = draft(AreaKind.COMMUNITY, [(EASTERN, "旧码", west), ("210104002003", "新", east)])
    change = plan(session, [again], valid_from=LATER, author="测试")
    assert kinds(change.report) == [FaultKind.REUSED_CODE]


def test_children_that_stay_are_checked_against_new_parents(session: Session) -> None:
    store(session, small_district())
    smaller = draft(AreaKind.STREET, [(STREET, "大北街道", box(0, 0, 900, 1000))])
    report = plan(session, [smaller], valid_from=LATER, author="测试").report
    assert [(fault.layer, fault.kind) for fault in report.faults] == [
        (AreaKind.STREET, FaultKind.GAP),
        (AreaKind.COMMUNITY, FaultKind.OUTSIDE_PARENT),
    ]


# Applying


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


def test_a_thousand_cells_are_checked_and_stored_in_a_few_seconds(session: Session) -> None:
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
    start = perf_counter()
    store(session, [*small_district(), draft(AreaKind.GRID, rows)])
    assert perf_counter() - start < 15
