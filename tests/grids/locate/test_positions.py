"""Where a point lies when it is on no line: inside, in an overlap, in a gap, outside."""

import pytest
import shapely
from shapely import MultiPolygon

from grids.locate import Locator, Position
from tests.grids.locate.layers import asked, layer, square

RING = square(0, 0, 3).difference(square(1, 1))
DISTRICT = layer("district", D=square(0, 0, 4))


def test_inside_one_area_it_answers_with_code_and_name() -> None:
    answer = asked(layer(A=square(0, 0), B=square(1, 0)), 0.25, 0.5)
    assert (answer.code, answer.name, answer.position) == ("A", "area A", Position.INSIDE)
    assert answer.overlapping == ()
    assert answer.nearest is None


def test_in_an_overlap_all_areas_are_named_and_the_lowest_code_answers() -> None:
    cells = layer(C=square(0, 0, 2), A=square(1, 0, 2), B=square(1, 1, 2), D=square(9, 9))
    answer = asked(cells, 1.5, 1.5)
    assert (answer.code, answer.position) == ("A", Position.OVERLAP)
    assert answer.overlapping == ("A", "B", "C")


def test_on_the_edge_of_an_overlap_the_point_is_inside_one_area_and_on_the_line_of_another() -> (
    None
):
    answer = asked(layer(B=square(0, 0, 2), A=square(1, 0, 2)), 1, 1)
    assert (answer.code, answer.position, answer.runner_up) == ("A", Position.ON_LINE, "B")


def test_a_hole_within_the_layer_is_a_gap_where_no_district_is_given() -> None:
    answer = asked(layer(A=RING), 1.5, 1.4)
    assert (answer.code, answer.position) == (None, Position.GAP)


def test_a_hole_between_several_areas_is_a_gap_too() -> None:
    sides = {
        "A": shapely.box(0, 0, 3, 1),
        "B": shapely.box(0, 2, 3, 3),
        "C": shapely.box(0, 1, 1, 2),
    }
    ring = layer(**sides, D=shapely.box(2, 1, 3, 2))
    assert asked(ring, 1.5, 1.5).position is Position.GAP
    open_ring = layer(**sides)
    assert asked(open_ring, 1.5, 1.5).position is Position.OUTSIDE


def test_the_district_decides_what_is_a_gap_where_it_is_given() -> None:
    cells = layer(A=square(0, 0))
    assert asked([cells, DISTRICT], 2, 2).position is Position.GAP
    assert asked([cells, DISTRICT], 5, 5).position is Position.OUTSIDE
    assert (
        asked([layer(A=RING), layer("district", D=square(9, 9))], 1.5, 1.5).position
        is Position.OUTSIDE
    )


def test_the_district_is_its_own_outline() -> None:
    assert asked(layer("district", D=RING), 1.5, 1.5).position is Position.GAP
    assert asked(layer("district", D=RING), 5, 5).position is Position.OUTSIDE


def test_in_no_area_the_nearest_one_is_named_and_is_the_runner_up() -> None:
    answer = asked(layer(A=square(0, 0), B=square(2, 0)), 1.6, 0.5)
    assert (answer.code, answer.nearest, answer.runner_up) == (None, "B", "B")


def test_an_island_in_a_hole_is_found_and_so_are_all_parts_of_an_area() -> None:
    cells = layer(A=MultiPolygon([square(0, 0, 3).difference(square(1, 1)), square(5, 0)]),
                  B=square(1.25, 1.25, 0.5))  # fmt: skip
    for lon, lat, code in [(0.5, 0.5, "A"), (5.5, 0.5, "A"), (1.5, 1.5, "B"), (1.1, 1.1, None)]:
        assert asked(cells, lon, lat).code == code
    assert asked(cells, 4, 0.5).position is Position.OUTSIDE


def test_parts_that_meet_at_a_point_are_told_apart_from_the_ground_between_them() -> None:
    wings = layer(A=MultiPolygon([square(0, 0), square(1, 1)]))
    assert asked(wings, 1, 1).position is Position.ON_LINE
    assert asked(wings, 1 - 1e-6, 1 + 1e-6).code is None
    assert asked(wings, 1 + 1e-6, 1 + 1e-6).code == "A"


def test_each_layer_answers_for_itself() -> None:
    locator = Locator.build([layer("grid", A=square(0, 0)), layer("police", P=square(0, 0, 3))])
    answers = locator.at(2, 2)
    assert (answers["grid"].code, answers["police"].code) == (None, "P")
    assert locator.codes_at(2, 2) == {"grid": None, "police": "P"}


def test_a_layer_without_areas_holds_nothing_and_has_no_line() -> None:
    answer = asked([layer("grid"), DISTRICT], 1, 1)
    assert (answer.code, answer.position, answer.nearest) == (None, Position.GAP, None)
    assert answer.distance_m == pytest.approx(float("inf"))
    assert asked(layer("grid"), 1, 1).position is Position.OUTSIDE
