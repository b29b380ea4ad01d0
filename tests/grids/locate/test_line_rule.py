"""Points on lines: one area answers, the one with the lowest code, and the answer says so."""

import pytest
import shapely

from grids.locate import LINE_TOLERANCE_DEG, Position
from tests.grids.locate.layers import asked, layer, square

WEST, EAST = square(0, 0), square(1, 0)


def test_a_point_on_a_shared_edge_belongs_to_the_area_with_the_lower_code() -> None:
    assert asked(layer(A=WEST, B=EAST), 1, 0.5).code == "A"
    assert asked(layer(B=WEST, A=EAST), 1, 0.5).code == "A"


def test_codes_are_ordered_as_text_by_code_point() -> None:
    assert asked(layer(**{"9": WEST, "10": EAST}), 1, 0.5).code == "10"
    assert asked(layer(a=WEST, B=EAST), 1, 0.5).code == "B"
    assert asked(layer(乙=WEST, B=EAST), 1, 0.5).code == "B"


def test_the_answer_on_a_shared_edge_names_the_other_area_as_runner_up() -> None:
    answer = asked(layer(A=WEST, B=EAST), 1, 0.5)
    assert (answer.position, answer.distance_m, answer.runner_up) == (Position.ON_LINE, 0, "B")


def test_on_the_outer_line_of_a_layer_nothing_lies_beyond() -> None:
    answer = asked(layer(A=WEST, B=EAST), 0.5, 1)
    assert (answer.code, answer.position, answer.runner_up) == ("A", Position.ON_LINE, None)


@pytest.mark.parametrize("lowest", ["sw", "se", "nw", "ne"])
def test_a_corner_of_four_cells_belongs_to_the_lowest_code_of_the_four(lowest: str) -> None:
    corners = {"sw": (0, 0), "se": (1, 0), "nw": (0, 1), "ne": (1, 1)}
    cells = {f"A {lowest}" if at == lowest else f"B {at}": square(*corners[at]) for at in corners}
    answer = asked(layer(**cells), 1, 1)
    assert (answer.code, answer.position) == (f"A {lowest}", Position.ON_LINE)


def test_a_vertex_that_the_neighbour_lacks_is_on_both_lines() -> None:
    upper, lower = square(0, 1, 0.5), shapely.box(0, 0, 1, 1)
    assert asked(layer(A=upper, B=lower), 0.5, 1).code == "A"
    assert asked(layer(B=upper, A=lower), 0.5, 1).code == "A"


@pytest.mark.parametrize("side", [-1, 1])
def test_a_point_is_on_the_line_up_to_the_tolerance_and_not_beyond(side: int) -> None:
    cells = layer(A=WEST, B=EAST)
    assert asked(cells, 1 + side * 0.99 * LINE_TOLERANCE_DEG, 0.5).position is Position.ON_LINE
    beyond = asked(cells, 1 + side * 1.01 * LINE_TOLERANCE_DEG, 0.5)
    assert (beyond.code, beyond.position) == ("A" if side < 0 else "B", Position.INSIDE)


def test_a_point_just_outside_the_outer_line_still_belongs_to_the_area() -> None:
    assert asked(layer(A=WEST), 0.5, 1 + 0.9 * LINE_TOLERANCE_DEG).code == "A"
    assert asked(layer(A=WEST), 0.5, 1 + 1.1 * LINE_TOLERANCE_DEG).code is None


def test_around_a_corner_the_tolerance_is_a_circle() -> None:
    inside, outside = 0.7 * LINE_TOLERANCE_DEG, 0.72 * LINE_TOLERANCE_DEG
    assert asked(layer(A=WEST), 1 + inside, 1 + inside).code == "A"
    assert asked(layer(A=WEST), 1 + outside, 1 + outside).code is None


def test_the_line_of_a_hole_is_a_line_of_its_area() -> None:
    ring = square(0, 0, 3).difference(square(1, 1))
    answer = asked(layer(A=ring), 1, 1.5)
    assert (answer.code, answer.position) == ("A", Position.ON_LINE)
