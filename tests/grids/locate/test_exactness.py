"""The locator says what shapely's predicates say, for every point."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from benchmarks.coverages import wiggly_cells
from grids.locate import LINE_TOLERANCE_DEG, POSITIONS, Locator, Position
from tests.grids.locate.layers import assert_as_shapely_says, numbered, square

BOUNDS = (123.40, 41.75, 123.60, 41.90)
CELLS = wiggly_cells(BOUNDS, 20, 15, pieces=12)
Floats = NDArray[np.float64]


def random_points(bounds: tuple[float, ...], count: int, seed: int = 1) -> tuple[Floats, Floats]:
    """Points over the bounds and a tenth beyond."""
    random = np.random.default_rng(seed)
    west, south, east, north = bounds
    wide, high = (east - west) / 10, (north - south) / 10
    lon = random.uniform(west - wide, east + wide, count)
    return lon, random.uniform(south - high, north + high, count)


def corners_and_middles(areas: list[Polygon]) -> tuple[Floats, Floats]:
    """Every vertex and the middle of every edge."""
    vertices, ring = shapely.get_coordinates(areas, return_index=True)
    one, other = vertices[:-1][ring[:-1] == ring[1:]], vertices[1:][ring[:-1] == ring[1:]]
    places = np.concatenate([vertices, (one + other) / 2])
    return places[:, 0].copy(), places[:, 1].copy()


def test_100_000_random_points_over_a_coverage() -> None:
    assert_as_shapely_says(CELLS, *random_points(BOUNDS, 100_000))


def test_every_vertex_and_every_edge_midpoint_of_a_coverage() -> None:
    assert_as_shapely_says(CELLS, *corners_and_middles(CELLS))


@pytest.mark.parametrize("share", [0.5, 0.99, 1.01, 3.0])
def test_points_beside_every_vertex_and_edge_as_near_as_the_tolerance(share: float) -> None:
    lon, lat = corners_and_middles(CELLS)
    turn = np.random.default_rng(2).uniform(0, 2 * np.pi, len(lon))
    step = share * LINE_TOLERANCE_DEG
    assert_as_shapely_says(CELLS, lon + step * np.cos(turn), lat + step * np.sin(turn))


def test_100_000_random_points_over_random_overlapping_polygons_with_holes_and_parts() -> None:
    random = np.random.default_rng(3)
    stars = [star(random) for _ in range(60)]
    united = [one.difference(other) for one, other in zip(stars[::2], stars[1::2], strict=True)]
    areas = [each for each in united if not each.is_empty]
    assert {type(each) for each in areas} == {Polygon, MultiPolygon}
    assert_as_shapely_says(areas, *random_points((0.0, 0.0, 1.0, 1.0), 100_000))
    assert_as_shapely_says(areas, *corners_and_middles(areas))


def star(random: np.random.Generator) -> Polygon:
    """A spiky polygon anywhere in the unit square."""
    turns = np.sort(random.uniform(0, 2 * np.pi, random.integers(5, 40)))
    reach = random.uniform(0.02, 0.3, len(turns))
    middle = random.uniform(0.2, 0.8, 2)
    spikes = np.column_stack([np.cos(turns), np.sin(turns)]) * reach[:, None]
    return Polygon(middle + spikes).buffer(0)


def test_many_lines_in_one_place_are_told_apart() -> None:
    turns = np.linspace(0, 2 * np.pi, 201)
    rim = np.column_stack([np.cos(turns), np.sin(turns)])
    wedges = [Polygon([(0, 0), one, other]) for one, other in pairwise(rim)]
    assert_as_shapely_says(wedges, *random_points((-1.0, -1.0, 1.0, 1.0), 20_000))
    assert_as_shapely_says(wedges, *random_points((-1e-5, -1e-5, 1e-5, 1e-5), 20_000))
    assert_as_shapely_says(wedges, *random_points((-1e-7, -1e-7, 1e-7, 1e-7), 20_000))


def test_small_cells_far_apart_are_as_exact_as_large_ones() -> None:
    near = wiggly_cells((123.40, 41.75, 123.41, 41.76), 10, 10)
    far = wiggly_cells((-70.01, -33.01, -70.00, -33.00), 10, 10)
    for bounds in [(123.40, 41.75, 123.41, 41.76), (-70.01, -33.01, -70.00, -33.00)]:
        assert_as_shapely_says([*near, *far], *random_points(bounds, 20_000))


@pytest.mark.parametrize("bounds", [(-60.2, -60.1, -60.0, -60.0), (24.9, 70.0, 25.3, 70.1),
                                    (-0.1, -0.1, 0.1, 0.1), (179.8, -17.0, 180.0, -16.8),
                                    (-180.0, -90.0, 180.0, 90.0)])  # fmt: skip
def test_anywhere_on_earth(bounds: tuple[float, float, float, float]) -> None:
    cells = wiggly_cells(bounds, 6, 5)
    lon, lat = random_points(bounds, 20_000)
    assert_as_shapely_says(cells, np.clip(lon, -180, 180), np.clip(lat, -90, 90))
    assert_as_shapely_says(cells, *corners_and_middles(cells))


def test_one_point_a_million_points_and_codes_alone_say_the_same() -> None:
    locator = Locator.build([numbered(CELLS), numbered([square(123.3, 41.7, 0.2)], "police")])
    lon, lat = random_points(BOUNDS, 300)
    many, areas = locator.locate(lon, lat), locator.areas(lon, lat)
    for k in range(len(lon)):
        one, codes = locator.at(lon[k], lat[k]), locator.codes_at(lon[k], lat[k])
        for layer in locator.layers:
            found, answer = many[layer.kind], one[layer.kind]
            assert answer.code == codes[layer.kind] == named(layer.codes, areas[layer.kind][k])
            assert answer.code == named(layer.codes, found.area[k])
            assert answer.position is POSITIONS[found.position[k]]
            assert answer.distance_m == found.distance_m[k]
            assert answer.runner_up == named(layer.codes, found.runner_up[k])
            assert answer.nearest == named(layer.codes, found.nearest[k])


def named(codes: tuple[str, ...], area: int) -> str | None:
    return codes[area] if area >= 0 else None


def test_more_points_than_one_thread_takes_at_once_keep_their_order() -> None:
    lon, lat = random_points(BOUNDS, 200_000)
    locator = Locator.build([numbered(CELLS)])
    whole, start = locator.areas(lon, lat)["grid"], 120_000
    np.testing.assert_array_equal(whole[start:], locator.areas(lon[start:], lat[start:])["grid"])
    assert (locator.locate(lon, lat)["grid"].area == whole).all()


def test_no_points_have_no_answers() -> None:
    locator = Locator.build([numbered(CELLS)])
    assert len(locator.areas([], [])["grid"]) == 0
    assert len(locator.locate([], [])["grid"].area) == 0


def test_a_gap_of_a_coverage_is_reported_for_arrays_as_for_points() -> None:
    holed = [cell for number, cell in enumerate(CELLS) if number != 150]
    inside = CELLS[150].representative_point()
    answer = Locator.build([numbered(holed)]).locate([inside.x, 120], [inside.y, 41])["grid"]
    assert [POSITIONS[k] for k in answer.position] == [Position.GAP, Position.OUTSIDE]
