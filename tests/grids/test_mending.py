"""Mending closes what is narrow, leaves what is wide, and says what moved."""

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from grids.mending import mended, move
from grids.partition import gaps, overhang, overlaps
from tests.grids.shapes import box, laid_out

GROUND = box(0, 0, 1000, 1000)
WITHIN_M = 2.0


def mend(*areas: BaseGeometry) -> list[shapely.MultiPolygon]:
    return mended(areas, [GROUND] * len(areas), within_m=WITHIN_M)


def test_a_sound_layer_keeps_every_vertex_to_the_last_bit() -> None:
    areas = [box(0, 0, 500, 1000), box(500, 0, 1000, 1000)]
    for before, after in zip(areas, mend(*areas), strict=True):
        assert shapely.normalize(after).equals_exact(
            shapely.normalize(shapely.MultiPolygon([before])), 0.0
        )


def test_a_narrow_overlap_stays_with_the_lower_code() -> None:
    first, second = box(0, 0, 501, 1000), box(500, 0, 1000, 1000)
    kept, cut = mend(first, second)
    assert move(first, kept).moved_m2 == pytest.approx(0, abs=0.01)
    assert move(second, cut).moved_m2 == pytest.approx(1000, rel=1e-3)
    assert move(second, cut).displacement_m == pytest.approx(1.0, rel=1e-3)
    assert overlaps([kept, cut]) == []


def test_a_narrow_gap_goes_to_the_neighbour_with_the_longest_line() -> None:
    areas = [box(0, 0, 499, 1000), box(500, 0, 1000, 400), box(500, 400, 1000, 1000)]
    after = mend(*areas)
    assert gaps(GROUND, after) == []
    gained = [move(*pair).moved_m2 for pair in zip(areas, after, strict=True)]
    assert gained == pytest.approx([1000, 0, 0], abs=1.0)


def test_narrow_overhang_is_cut_and_a_narrow_gap_at_the_rim_is_filled() -> None:
    areas = [box(-1, 0, 500, 1000), box(500, 0, 998.5, 1000)]
    after = mend(*areas)
    assert [overhang(area, GROUND) for area in after] == [[], []]
    assert gaps(GROUND, after) == []


def test_what_is_wider_than_the_tolerance_is_left_alone() -> None:
    wide_overlap = [box(0, 0, 510, 1000), box(500, 0, 1000, 1000)]
    assert len(overlaps(mend(*wide_overlap))) == 1
    wide_gap = [box(0, 0, 490, 1000), box(500, 0, 1000, 1000)]
    assert len(gaps(GROUND, mend(*wide_gap))) == 1
    wide_overhang = [box(-10, 0, 500, 1000), box(500, 0, 1000, 1000)]
    assert len(overhang(mend(*wide_overhang)[0], GROUND)) == 1


def test_debris_is_dropped_and_its_ground_given_to_the_neighbour() -> None:
    strip = shapely.box(600, 0, 600.5, 1000)
    first = laid_out(shapely.MultiPolygon([shapely.box(0, 0, 500, 1000), strip]))
    second = laid_out(shapely.box(500, 0, 1000, 1000).difference(strip))
    after = mend(first, second)
    assert [len(area.geoms) for area in after] == [1, 1]
    assert gaps(GROUND, after) == []


def test_edges_are_matched_vertex_by_vertex() -> None:
    areas = [box(0, 0, 1000, 500), box(0, 500, 333, 1000), box(333, 500, 1000, 1000)]
    assert not shapely.coverage_is_valid(areas)
    assert shapely.coverage_is_valid(mend(*areas))


def test_an_area_without_ground_is_mended_among_its_neighbours_only() -> None:
    after = mended([box(0, 0, 501, 500), box(500, 0, 1000, 500)], [None, None], within_m=WITHIN_M)
    assert overlaps(after) == []


def test_a_thousand_cells_are_mended() -> None:
    cells = [
        box(x * 100, y * 100, x * 100 + 100.5, y * 100 + 100) for x in range(32) for y in range(32)
    ]
    ground = box(0, 0, 3200.5, 3200)
    after = mended(cells, [ground] * len(cells), within_m=WITHIN_M)
    assert shapely.coverage_is_valid(after)
    assert overlaps(after) == []


@pytest.mark.parametrize("seed", range(5))
def test_lines_drawn_twice_by_unsteady_hands_become_one(seed: int) -> None:
    """Every cell is drawn for itself: each vertex up to 40 cm off, independently of neighbours."""
    random = np.random.default_rng(seed)

    def shaken_cell(west: int, south: int) -> BaseGeometry:
        cell = shapely.segmentize(shapely.box(west, south, west + 100, south + 100), 25)
        corners = shapely.get_coordinates(cell)[:-1]
        return laid_out(shapely.Polygon(corners + random.uniform(-0.28, 0.28, corners.shape)))

    shaken = [shaken_cell(x, y) for x in range(0, 1000, 100) for y in range(0, 1000, 100)]
    after = mend(*shaken)
    assert overlaps(after) == []
    assert gaps(GROUND, after) == []
    assert [overhang(area, GROUND) for area in after] == [[]] * len(after)
    assert shapely.coverage_is_valid(after)
    moves = [move(*pair).displacement_m for pair in zip(shaken, after, strict=True)]
    assert max(moves) < WITHIN_M * 1.001
