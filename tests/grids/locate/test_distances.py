"""How far the line is, and who is beyond it."""

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

from benchmarks.coverages import wiggly_cells
from gis.crs import gauss_kruger, metres_per_degree
from grids.locate import Locator
from tests.grids.locate.layers import asked, layer, numbered, square
from tests.grids.shapes import box, laid_out

BOUNDS = (123.40, 41.75, 123.60, 41.90)
CELLS = wiggly_cells(BOUNDS, 20, 15, pieces=12)


def test_distances_agree_with_shapely_in_metres_to_a_thousandth() -> None:
    """The projection's own scale error is up to 2e-4 at 1.2° from its meridian."""
    random = np.random.default_rng(5)
    lon, lat = random.uniform(123.38, 123.62, 20_000), random.uniform(41.73, 41.92, 20_000)
    to_metres = Transformer.from_crs(4490, gauss_kruger(123.5), always_xy=True).transform
    lines = shapely.union_all(shapely.boundary(CELLS))
    lines = shapely.transform(lines, lambda xy: np.column_stack(to_metres(*xy.T)))
    pieces = np.array(shapely.get_parts(lines))
    tree = shapely.STRtree(pieces)
    _, wanted = tree.query_nearest(
        shapely.points(*to_metres(lon, lat)), return_distance=True, all_matches=False
    )
    found = Locator.build([numbered(CELLS)]).locate(lon, lat)["grid"].distance_m
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("lat", [-60, 0, 41.8, 70])
@pytest.mark.parametrize("metres", [1.0, 100.0, 10_000.0])
def test_distances_agree_with_the_geodesic_to_a_thousandth(lat: float, metres: float) -> None:
    east, north = metres_per_degree(lat)
    cell = shapely.box(10, lat - 1, 11, lat)
    northern, eastern = (10.5, lat + metres / north), (11 + metres / east, lat - 0.5)
    for lon, at in [northern, eastern]:
        foot = (min(lon, 11.0), min(at, float(lat)))
        _, _, wanted = Geod(ellps="WGS84").inv(lon, at, *foot)
        assert asked(layer(A=cell), lon, at).distance_m == pytest.approx(wanted, rel=1e-3)


def test_far_away_the_nearest_line_is_still_found() -> None:
    locator = Locator.build([numbered(CELLS)])
    for lon, lat in [(100.0, 20.0), (123.5, 80.0), (-60.0, -30.0)]:
        answer = locator.at(lon, lat)["grid"]
        assert answer.distance_m > 1_000_000
        assert answer.nearest is not None


def test_the_runner_up_is_the_area_across_the_nearest_line() -> None:
    cells = layer(A=box(0, 0, 100, 100), B=box(100, 0, 200, 100), C=box(0, 100, 200, 200))
    locator = Locator.build([cells])
    for place, runner_up, metres in [((95, 50), "B", 5), ((50, 93), "C", 7), ((105, 50), "A", 5)]:
        answer = locator.at(*laid_out(shapely.Point(place)).coords[0])["grid"]
        assert answer.runner_up == runner_up
        assert answer.distance_m == pytest.approx(metres, rel=1e-4)


def test_nothing_lies_across_the_outer_line() -> None:
    answer = asked(layer(A=square(0, 0), B=square(1, 0)), 0.5, 0.9)
    assert answer.runner_up is None


def test_across_a_corner_the_runner_up_is_the_area_straight_on() -> None:
    corner = shapely.box(0, 0, 2, 2).difference(square(1, 1))
    answer = asked(layer(B=corner, A=square(1, 1)), 0.9, 0.9)
    assert (answer.code, answer.runner_up) == ("B", "A")


def test_across_the_edge_of_an_overlap_the_runner_up_is_the_other_area() -> None:
    cells = layer(A=box(0, 0, 100, 100), B=box(80, 0, 200, 100))
    locator = Locator.build([cells])
    outside = locator.at(*laid_out(shapely.Point(75, 50)).coords[0])["grid"]
    inside = locator.at(*laid_out(shapely.Point(85, 50)).coords[0])["grid"]
    assert (outside.code, outside.runner_up) == ("A", "B")
    assert (inside.code, inside.runner_up) == ("A", "B")


def test_every_runner_up_is_an_area_that_touches_a_circle_to_the_line() -> None:
    random = np.random.default_rng(6)
    lon, lat = random.uniform(123.40, 123.60, 5_000), random.uniform(41.75, 41.90, 5_000)
    found = Locator.build([numbered(CELLS)]).locate(lon, lat)["grid"]
    some = np.flatnonzero(found.runner_up >= 0)
    east, _ = metres_per_degree(41.90)
    reach = found.distance_m[some] / east * 1.001 + 1e-8
    areas = np.array(CELLS, dtype=object)[found.runner_up[some]]
    assert shapely.dwithin(areas, shapely.points(lon[some], lat[some]), reach).all()
    assert (found.runner_up[some] != found.area[some]).all()
    assert len(some) > 4_000
