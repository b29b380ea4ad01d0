"""What is refused: codes, parents, coverage; each fault with its place and size."""

import pytest
import shapely

from grids.hierarchy import AreaKind
from grids.importer import (
    Draft,
    FaultKind,
    LayerTwice,
    Wishes,
    check,
)
from tests.grids.districts import (
    EASTERN,
    STREET,
    WESTERN,
    WHOLE,
    draft,
    small_district,
)
from tests.grids.imports import MEND, communities, district_with, kinds
from tests.grids.shapes import box, laid_out


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
