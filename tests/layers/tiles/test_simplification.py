"""Fewer points far away, no gap between neighbours at any zoom, and nobody vanishes."""

import itertools
from collections import Counter

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from layers.tiles.scheme import pixel_m
from layers.tiles.simplification import FULL_ZOOM, simplified, tolerance_m
from tests.layers.tiles.reading import Shapes, wiggly

ZOOMS = range(FULL_ZOOM + 1)
COVERAGE = wiggly(120, 12, seed=4)


def sides(shapes: Shapes) -> Counter[frozenset[tuple[float, float]]]:
    """How many areas have each straight side."""
    found: Counter[frozenset[tuple[float, float]]] = Counter()
    for ring in shapely.get_rings(shapes):
        points = [(x, y) for x, y in shapely.get_coordinates(ring)]
        found.update(frozenset(pair) for pair in itertools.pairwise(points))
    return found


@pytest.mark.parametrize("zoom", ZOOMS)
def test_neighbours_have_the_same_points_on_their_line_at_every_zoom(zoom: int) -> None:
    fewer = simplified(COVERAGE, tolerance_m(zoom))
    once = [shapely.LineString(list(side)) for side, times in sides(fewer).items() if times == 1]
    outline = shapely.union_all(fewer).exterior
    assert max(sides(fewer).values()) == 2
    assert shapely.union_all(once).symmetric_difference(outline).length < 1e-9


@pytest.mark.parametrize("zoom", ZOOMS)
def test_there_is_no_gap_inside_and_no_overlap_at_any_zoom(zoom: int) -> None:
    fewer = simplified(COVERAGE, tolerance_m(zoom))
    whole = shapely.union_all(fewer)
    assert isinstance(whole, Polygon)
    assert len(whole.interiors) == 0
    assert shapely.area(fewer).sum() == pytest.approx(whole.area, rel=1e-12)


def test_a_simplification_of_each_area_alone_would_tear_them_apart() -> None:
    alone = shapely.simplify(COVERAGE, tolerance_m(11))
    assert max(Counter(sides(alone)).values()) == 2
    assert shapely.area(alone).sum() != pytest.approx(shapely.union_all(alone).area, rel=1e-12)


def test_there_are_fewer_points_the_further_away() -> None:
    counts = [
        int(shapely.get_num_coordinates(simplified(COVERAGE, tolerance_m(zoom))).sum())
        for zoom in ZOOMS
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] / 5


@pytest.mark.parametrize("zoom", range(8, FULL_ZOOM))
def test_a_line_moves_less_than_a_pixel_of_the_screen(zoom: int) -> None:
    fewer = simplified(COVERAGE, tolerance_m(zoom))
    assert shapely.hausdorff_distance(COVERAGE, fewer).max() < pixel_m(zoom)


def test_areas_are_drawn_as_they_are_from_the_full_zoom_on() -> None:
    assert tolerance_m(FULL_ZOOM) == 0
    assert tolerance_m(FULL_ZOOM - 1) == pixel_m(FULL_ZOOM - 1) / 2
    assert shapely.equals_identical(simplified(COVERAGE, 0), COVERAGE).all()


def test_an_area_with_an_island_and_an_area_in_its_hole_stay_whole() -> None:
    hole = box(40, 40, 60, 60)
    around = Polygon(box(0, 0, 100, 100).exterior, [hole.exterior])
    island = MultiPolygon([around, box(200, 0, 201, 1)])
    fewer = simplified(np.array([island, hole], dtype=object), 1000.0)
    assert [shapely.get_num_geometries(shape) for shape in fewer] == [2, 1]
    assert shapely.get_num_interior_rings(shapely.get_geometry(fewer[0], 0)) == 1
    assert shapely.coverage_is_valid(fewer)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_areas_that_overlap_stay_valid_and_none_vanishes(zoom: int) -> None:
    bent = shapely.segmentize(box(0, 0, 300, 300).boundary, 5)
    overlapping = np.array(
        [
            Polygon(bent),
            box(100, 100, 500, 200),
            MultiPolygon([box(0, 0, 1, 1), box(400, 0, 401, 1)]),
        ],
        dtype=object,
    )
    assert not shapely.coverage_is_valid(overlapping)
    fewer = simplified(overlapping, tolerance_m(zoom))
    assert shapely.is_valid(fewer).all()
    assert (shapely.area(fewer) > 0).all()
    assert zoom >= FULL_ZOOM or len(shapely.get_coordinates(fewer[0])) <= 5


def test_no_areas_stay_no_areas() -> None:
    assert len(simplified(np.array([], dtype=object), 10.0)) == 0
