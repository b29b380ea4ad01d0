"""What an import would change, told before anything is stored."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grids.hierarchy import AreaKind
from grids.importer import (
    FaultKind,
    plan,
)
from grids.models import Area
from tests.grids.districts import (
    EASTERN,
    STREET,
    WESTERN,
    WHOLE,
    draft,
    small_district,
)
from tests.grids.imports import DAY, LATER, kinds, store
from tests.grids.shapes import SCALE, SOUTH, WEST, box


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
    assert [each.as_json() for each in difference.cases] == [
        {
            "from": WESTERN,
            "to": EASTERN,
            "unit_from": f"community:{WESTERN}",
            "unit_to": f"community:{EASTERN}",
            "count": 2,
            "cases": ["DD-450", "DD-470"],
        }
    ]


def test_cases_change_hands_with_the_unit_even_if_no_line_moves(session: Session) -> None:
    store(session, small_district())
    station: dict[str, list[str]] = {"unit_code": ["P-2"], "unit_name": ["珠林派出所"]}
    layer = draft(AreaKind.POLICE, [("甲", "新东所", WHOLE)], **station)
    case = (WEST + 100 / SCALE[0], SOUTH + 100 / SCALE[1], "DD-1")
    change = plan(session, [layer], valid_from=LATER, author="测试", open_cases=[case])
    (moved,) = change.report.differences[0].cases
    assert (moved.before, moved.after) == (("甲", "P-1"), ("甲", "P-2"))


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
