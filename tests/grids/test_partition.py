"""Coverage checks on boxes whose overlaps and gaps are known in m²."""

import itertools

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from grids.partition import (
    enclosed_gaps,
    gaps,
    is_thin,
    overhang,
    overlaps,
    pieces_of,
    slivers,
    suspects,
)
from tests.grids.shapes import box, laid_out

GROUND = box(0, 0, 1000, 1000)
QUARTERS = [
    box(0, 0, 500, 500),
    box(500, 0, 1000, 500),
    box(0, 500, 500, 1000),
    box(500, 500, 1000, 1000),
]


def test_a_true_coverage_has_no_overlap_and_no_gap() -> None:
    assert overlaps(QUARTERS) == []
    assert gaps(GROUND, QUARTERS) == []


def test_an_overlap_names_the_pair_and_its_area_in_square_metres() -> None:
    areas = [box(0, 0, 502, 500), *QUARTERS[1:]]
    (found,) = overlaps(areas)
    assert (found.first, found.second) == (0, 1)
    assert found.piece.area_m2 == pytest.approx(2 * 500, rel=1e-4)
    assert found.piece.width_m == pytest.approx(2.0, rel=0.01)


def test_an_area_within_another_is_an_overlap() -> None:
    (found,) = overlaps([box(0, 0, 500, 500), box(100, 100, 200, 200)])
    assert found.piece.area_m2 == pytest.approx(10_000, rel=1e-4)


def test_the_same_area_twice_is_an_overlap() -> None:
    (found,) = overlaps([QUARTERS[0], QUARTERS[0]])
    assert found.piece.area_m2 == pytest.approx(250_000, rel=1e-4)


def test_every_contiguous_piece_of_an_overlap_is_told() -> None:
    comb = laid_out(
        shapely.union_all(
            [
                shapely.box(0, 0, 500, 500),
                shapely.box(490, 0, 510, 50),
                shapely.box(490, 450, 510, 500),
            ]
        )
    )
    found = overlaps([comb, QUARTERS[1]])
    assert [one.piece.area_m2 for one in found] == pytest.approx([500, 500], rel=1e-3)


def test_a_gap_is_told_with_its_area_and_place() -> None:
    areas = [box(0, 0, 497, 500), *QUARTERS[1:]]
    (gap,) = gaps(GROUND, areas)
    assert gap.area_m2 == pytest.approx(3 * 500, rel=1e-4)
    assert shapely.covers(box(496.9, -0.1, 500.1, 500.1), gap.geometry)


def test_ground_without_any_area_is_one_gap() -> None:
    (gap,) = gaps(GROUND, [])
    assert gap.area_m2 == pytest.approx(1_000_000, rel=1e-3)


def test_a_hole_between_areas_is_a_gap_even_without_ground() -> None:
    ring = [
        box(0, 0, 300, 100),
        box(0, 200, 300, 300),
        box(0, 100, 100, 200),
        box(200, 100, 300, 200),
    ]
    (gap,) = enclosed_gaps(ring)
    assert gap.area_m2 == pytest.approx(10_000, rel=1e-3)


def test_an_enclave_cut_out_of_one_area_is_no_gap() -> None:
    holed = laid_out(shapely.box(0, 0, 500, 500).difference(shapely.box(100, 100, 200, 200)))
    assert enclosed_gaps([holed, QUARTERS[1]]) == []


def test_overhang_is_what_sticks_out_of_the_ground() -> None:
    (piece,) = overhang(box(900, 0, 1010, 100), GROUND)
    assert piece.area_m2 == pytest.approx(10 * 100, rel=1e-4)
    assert overhang(QUARTERS[3], GROUND) == []


def test_a_detached_strip_narrower_than_a_metre_is_a_sliver() -> None:
    strip = shapely.box(600, 0, 600.4, 300)
    area = laid_out(shapely.MultiPolygon([shapely.box(0, 0, 500, 500), strip]))
    (sliver,) = slivers(area, narrower_m=1.0)
    assert sliver.area_m2 == pytest.approx(0.4 * 300, rel=1e-3)
    assert sliver.width_m == pytest.approx(0.4, rel=0.01)


def test_thin_means_that_no_circle_of_that_width_fits_in() -> None:
    strip_with_a_room = shapely.box(0, 0, 0.5, 1000).union(shapely.box(0, 500, 5, 505))
    assert not is_thin(strip_with_a_room, 2.0)
    assert is_thin(shapely.box(0, 0, 0.5, 1000), 2.0)
    assert is_thin(shapely.box(0, 0, 1.9, 1.9), 2.0)


def test_rounding_of_coordinates_is_no_fault() -> None:
    rounded = [shapely.set_precision(area, 1e-9, mode="pointwise") for area in QUARTERS]
    assert overlaps(rounded) == []
    assert gaps(GROUND, rounded) == []


def test_a_vertex_in_the_middle_of_a_neighbours_edge_is_no_fault() -> None:
    areas = [box(0, 0, 1000, 500), QUARTERS[2], QUARTERS[3]]
    assert overlaps(areas) == []
    assert gaps(GROUND, areas) == []


def test_no_overlapping_pair_is_missed_among_random_blobs() -> None:
    random = np.random.default_rng(2)
    centres = random.uniform(0, 1000, (60, 2))
    blobs: list[BaseGeometry] = [
        laid_out(shapely.Point(place).buffer(size))
        for place, size in zip(centres, random.uniform(10, 90, 60), strict=True)
    ]
    brute = {
        (one, other)
        for one, other in itertools.combinations(range(60), 2)
        if pieces_of(blobs[one].intersection(blobs[other]))
    }
    assert {(found.first, found.second) for found in overlaps(blobs)} == brute
    assert brute <= set(suspects(blobs))
