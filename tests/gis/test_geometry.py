"""Coordinates that cannot be right are refused; areas in m²; polygons made valid."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from gis.geometry import CHINA, WORLD, BadCoordinate, Frame, area_m2, checked_point, mended

BOX = box(0, 0, 10, 10)
NEIGHBOUR = box(20, 0, 30, 10)
BOW_TIE = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def refusal(lon: float, lat: float, frame: Frame = CHINA) -> BadCoordinate:
    with pytest.raises(BadCoordinate) as refused:
        checked_point(lon, lat, frame)
    return refused.value


def test_a_point_in_china_is_itself() -> None:
    assert checked_point(123.47, 41.81) == (123.47, 41.81)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(CHINA.west, CHINA.south), (CHINA.east, CHINA.north), (CHINA.west, CHINA.north)],
)
def test_the_edge_of_the_frame_belongs_to_it(lon: float, lat: float) -> None:
    assert checked_point(lon, lat) == (lon, lat)


@pytest.mark.parametrize("wild", [math.nan, math.inf, -math.inf])
def test_what_is_no_finite_number_is_refused_by_its_field(wild: float) -> None:
    assert refusal(wild, 41.8).field == "lon"
    assert refusal(123.4, wild).field == "lat"
    assert refusal(wild, 41.8, WORLD).field == "lon"


@pytest.mark.parametrize("frame", [CHINA, WORLD])
@pytest.mark.parametrize(("lon", "lat"), [(0.0, 0.0), (-0.0, 0.0)])
def test_null_island_is_a_failed_fix(lon: float, lat: float, frame: Frame) -> None:
    error = refusal(lon, lat, frame)
    assert "0, 0" in error.reason.zh
    assert "failed fix" in error.reason.en


def test_swapped_axes_are_named_and_put_right_in_the_advice() -> None:
    error = refusal(41.8, 123.4)
    assert "对调" in error.reason.zh
    assert "swapped" in error.reason.en
    assert error.mend.zh == "写成 lon=123.4, lat=41.8"


def test_swapped_axes_are_seen_in_the_whole_world_where_they_can_be() -> None:
    assert "swapped" in refusal(41.8, 123.4, WORLD).reason.en
    assert checked_point(41.8, 12.3, WORLD) == (41.8, 12.3)


@pytest.mark.parametrize(
    ("lon", "lat", "field", "frame"),
    [
        (2.35, 48.85, "lon", CHINA),
        (123.4, 1.3, "lat", CHINA),
        (136.0001, 41.8, "lon", CHINA),
        (123.4, 54.0001, "lat", CHINA),
        (41_520_000.0, 4_630_000.0, "lon", WORLD),
        (181.0, 95.0, "lon", WORLD),
        (10.0, -190.5, "lat", WORLD),
    ],
)
def test_a_point_beyond_the_frame_is_refused_by_its_field(
    lon: float, lat: float, field: str, frame: Frame
) -> None:
    error = refusal(lon, lat, frame)
    assert error.field == field
    assert "不在" in error.reason.zh
    assert "datum" in error.mend.en


def test_places_elsewhere_pass_in_a_frame_of_their_own() -> None:
    assert checked_point(-74.0, 40.7, WORLD) == (-74.0, 40.7)
    assert checked_point(2.35, 48.85, Frame(-5, 41, 10, 52)) == (2.35, 48.85)


def test_the_error_says_it_all_in_one_line_in_both_languages() -> None:
    text = str(refusal(41.8, 123.4))
    assert text.startswith("lon: 经度和纬度似乎对调了 / longitude and latitude seem to be swapped")
    assert text.endswith("写成 lon=123.4, lat=41.8 / write lon=123.4, lat=41.8")


@given(lon=st.floats(), lat=st.floats())
def test_any_two_numbers_are_a_point_in_the_frame_or_refused(lon: float, lat: float) -> None:
    if CHINA.holds(lon, lat):
        assert checked_point(lon, lat) == (lon, lat)
    else:
        assert refusal(lon, lat).field in {"lon", "lat"}


def test_the_area_is_that_on_the_ellipsoid() -> None:
    geod = Geod(ellps="WGS84")
    square = Polygon([geod.fwd(123.47, 41.81, azimuth, 500)[:2] for azimuth in (45, 135, 225, 315)])
    assert area_m2(square) == pytest.approx(500_000, rel=1e-6)


def test_the_whole_earth_has_the_area_of_the_ellipsoid() -> None:
    eighths = [
        box(lon, lat, lon + 90, lat + 90) for lon in range(-180, 180, 90) for lat in (-90, 0)
    ]
    assert sum(map(area_m2, eighths)) == pytest.approx(510_065_621_724_088.5, rel=1e-12)


def test_holes_are_taken_off_whichever_way_their_rings_run() -> None:
    shell, hole = box(123.4, 41.8, 123.5, 41.9), box(123.42, 41.82, 123.44, 41.84)
    wanted = area_m2(shell) - area_m2(hole)
    for outer in (shell.exterior.coords, shell.exterior.coords[::-1]):
        for inner in (hole.exterior.coords, hole.exterior.coords[::-1]):
            assert area_m2(Polygon(outer, [inner])) == pytest.approx(wanted, rel=1e-12)


def test_the_parts_of_a_multipolygon_add_up() -> None:
    one, other = box(123.4, 41.8, 123.5, 41.9), box(124.4, 41.8, 124.5, 41.9).reverse()
    assert area_m2(MultiPolygon([one, other])) == pytest.approx(area_m2(one) + area_m2(other))


@pytest.mark.parametrize("shape", [Polygon(), Point(1, 2), LineString([(0, 0), (1, 1)])])
def test_what_has_no_area_measures_nothing(shape: BaseGeometry) -> None:
    assert area_m2(shape) == 0


@pytest.mark.parametrize("shape", [BOX, MultiPolygon([BOX, NEIGHBOUR])])
def test_a_sound_polygon_is_left_as_it_is(shape: BaseGeometry) -> None:
    assert mended(shape) == (shape, [])
    assert mended(shape)[0] is shape


def test_a_bow_tie_keeps_its_ground_and_is_said_to_be_mended() -> None:
    ground, notes = mended(BOW_TIE)
    assert ground.is_valid
    assert ground.area == pytest.approx(50)
    assert [note.en for note in notes] == ["made valid: Self-intersection[5 5]"]
    assert notes[0].zh.startswith("已修复")


def test_a_spike_is_cut_off() -> None:
    ground, _ = mended(Polygon([(0, 0), (10, 0), (10, 10), (5, 15), (10, 10), (0, 10)]))
    assert ground.equals(BOX)


def test_a_hole_that_runs_over_the_shell_is_cut_out() -> None:
    ground, _ = mended(Polygon(BOX.exterior.coords, [box(5, 5, 15, 8).exterior.coords]))
    assert ground.is_valid
    assert ground.equals(BOX.difference(box(5, 5, 10, 8)))


def test_parts_that_overlap_are_united() -> None:
    ground, notes = mended(MultiPolygon([BOX, box(5, 0, 15, 10)]))
    assert ground.equals(box(0, 0, 15, 10))
    assert len(notes) == 1


@pytest.mark.parametrize(
    "twice",
    [
        MultiPolygon([BOX, BOX]),
        MultiPolygon([BOX, BOX.reverse()]),
        Polygon([*BOX.exterior.coords, *BOX.exterior.coords[1:]]),
        GeometryCollection([BOX, BOX]),
    ],
)
def test_ground_drawn_twice_counts_once(twice: BaseGeometry) -> None:
    ground, _ = mended(twice)
    assert ground.is_valid
    assert ground.equals(BOX)


def test_a_hole_drawn_twice_is_one_hole() -> None:
    hole = box(2, 2, 4, 4)
    ground, notes = mended(Polygon(BOX.exterior.coords, [hole.exterior.coords] * 2))
    assert ground.equals(BOX.difference(hole))
    assert len(notes) == 1


def test_points_that_repeat_are_no_fault() -> None:
    stuttering = Polygon([(0, 0), (0, 0), (10, 0), (10, 10), (10, 10), (0, 10)])
    assert mended(stuttering) == (stuttering, [])


def test_of_a_collection_the_polygons_are_kept_however_deep_they_are() -> None:
    deep = GeometryCollection([Point(1, 1), GeometryCollection([MultiPolygon([BOX, NEIGHBOUR])])])
    ground, notes = mended(deep)
    assert ground.equals(MultiPolygon([BOX, NEIGHBOUR]))
    assert [note.en for note in notes] == ["points and lines were dropped"]


def test_polygons_of_a_collection_that_overlap_are_united() -> None:
    ground, _ = mended(GeometryCollection([BOX, box(5, 0, 15, 10)]))
    assert ground.is_valid
    assert ground.equals(box(0, 0, 15, 10))


@pytest.mark.parametrize(
    "shape",
    [
        Polygon(),
        MultiPolygon(),
        GeometryCollection(),
        Point(1, 1),
        LineString([(0, 0), (1, 1)]),
        Polygon([(0, 0), (1, 1), (0, 0)]),
        Polygon(BOX.exterior.coords, [BOX.exterior.coords]),
        GeometryCollection([Point(1, 1), Polygon([(0, 0), (1, 1), (0, 0)])]),
    ],
)
def test_what_holds_no_ground_is_refused(shape: BaseGeometry) -> None:
    with pytest.raises(ValueError, match="no ground"):
        mended(shape)


@pytest.mark.parametrize("wild", [math.nan, math.inf, -math.inf])
def test_coordinates_that_are_not_finite_are_refused(wild: float) -> None:
    with np.errstate(invalid="ignore"):
        shape = shapely.polygons([[(0, 0), (1, 0), (1, wild), (0, 0)]])[0]
    with pytest.raises(ValueError, match="not a finite number"):
        mended(shape)


def test_a_ring_that_runs_over_its_own_edge_gives_valid_ground() -> None:
    ground, _ = mended(Polygon([(0, 0), (1, 0), (1, 1), (0, 0), (0, 1), (1, 1)]))
    assert ground.is_valid
    assert ground.area == 1


corners = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=9)


@given(st.lists(corners, min_size=1, max_size=3))
def test_any_scribble_gives_valid_ground_or_is_refused(rings: list[list[tuple[int, int]]]) -> None:
    scribble = MultiPolygon([Polygon(ring) for ring in rings])
    try:
        ground, _ = mended(scribble)
    except ValueError:
        return
    assert ground.is_valid
    assert ground.area > 0
    assert isinstance(ground, Polygon | MultiPolygon)
    assert scribble.envelope.covers(ground)
