"""The pyramid's arithmetic, against published figures, PROJ, and itself at the lines."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from shapely import Point

from layers.tiles.scheme import (
    EDGE_M,
    MOST_LAT,
    BadPosition,
    BadTile,
    Bounds,
    Tile,
    pixel_m,
    shapes_to_mercator,
    tiles_over,
    to_degrees,
    to_mercator,
)

PROJ = Transformer.from_crs(4326, 3857, always_xy=True)
ZOOMS = st.integers(0, 24)


def test_a_point_is_projected_as_in_the_example_of_epsg_guidance_note_7_2() -> None:
    lon, lat = -(100 + 20 / 60), 24 + 22 / 60 + 54.433 / 3600
    assert to_mercator(lon, lat)[0] == pytest.approx((-11169055.58, 2800000.00), abs=0.01)


@given(st.floats(-180, 180), st.floats(-85, 85))
def test_points_are_projected_as_proj_does_it_and_back(lon: float, lat: float) -> None:
    [metres] = to_mercator(lon, lat)
    assert metres == pytest.approx(PROJ.transform(lon, lat), abs=1e-6)
    assert to_degrees(*metres)[0] == pytest.approx((lon, lat), abs=1e-9)


def test_the_world_is_a_square_and_the_poles_lie_on_its_edge() -> None:
    assert pytest.approx(85.0511287798, abs=1e-10) == MOST_LAT
    corners = to_mercator([-180, 180], [-90, 90])
    assert corners.tolist() == [[-EDGE_M, -EDGE_M], [EDGE_M, EDGE_M]]


def test_a_tile_has_the_bounds_that_mercantile_gives_in_its_manual() -> None:
    tile = Tile(10, 486, 332)
    west, south, east, north = -9.140625, 53.12040528310657, -8.7890625, 53.33087298301705
    assert tile.degrees == pytest.approx((west, south, east, north), abs=1e-12)
    metres = (-1017529.7205322663, 7005300.768279833, -978393.962050256, 7044436.526761846)
    assert tile.metres == pytest.approx(metres, abs=1e-6)


@given(st.data(), ZOOMS.filter(bool))
def test_tiles_side_by_side_share_their_line_exactly(data: st.DataObject, zoom: int) -> None:
    number = data.draw(st.integers(0, 2**zoom - 2))
    one = Tile(zoom, number, number)
    assert one.metres.east == Tile(zoom, number + 1, number).metres.west
    assert one.metres.south == Tile(zoom, number, number + 1).metres.north


@pytest.mark.parametrize(
    ("z", "x", "y", "name", "most"),
    [
        (40, 0, 0, "z", 24),
        (25, 0, 0, "z", 24),
        (-1, 0, 0, "z", 24),
        (3, 8, 0, "x", 7),
        (3, -1, 0, "x", 7),
        (3, 0, 8, "y", 7),
        (0, 0, 1, "y", 0),
    ],
)
def test_a_tile_out_of_range_is_refused_with_the_range(
    z: int, x: int, y: int, name: str, most: int
) -> None:
    with pytest.raises(BadTile) as caught:
        Tile(z, x, y)
    assert caught.value.mend.en == f"{name} has to lie between 0 and {most} here"


@pytest.mark.parametrize("number", [1.0, "1", None, True, float("nan")])
def test_a_tile_of_no_whole_numbers_is_refused(number: Any) -> None:
    with pytest.raises(BadTile):
        Tile(3, number, 0)


@given(ZOOMS, st.floats(-179.9, 179.9), st.floats(-84.9, 84.9))
def test_a_point_lies_in_its_one_tile(zoom: int, lon: float, lat: float) -> None:
    [tile] = tiles_over(Bounds(lon, lat, lon, lat), zoom)
    [[x, y]] = to_mercator(lon, lat)
    west, south, east, north = tile.metres
    near = 1e-6
    assert west - near <= x <= east + near
    assert south - near <= y <= north + near


def test_the_tiles_of_the_whole_world_are_all_tiles_of_a_zoom() -> None:
    assert tiles_over(Bounds(-180, -90, 180, 90), 0) == [Tile(0, 0, 0)]
    found = tiles_over(Bounds(-180, -90, 180, 90), 3)
    assert set(found) == {Tile(3, x, y) for x in range(8) for y in range(8)}
    assert len(found) == 64


def test_a_box_that_ends_at_a_line_does_not_reach_the_tile_beyond() -> None:
    assert tiles_over(Bounds(-180, 0, 0, 85), 1) == [Tile(1, 0, 0)]
    assert tiles_over(Bounds(180, -90, 180, -90), 1) == [Tile(1, 1, 1)]


def test_every_tile_over_a_box_shares_ground_with_it_and_none_is_missing() -> None:
    box = Bounds(123.443, 41.777, 123.566, 41.946)
    sharing = {
        tile
        for x in range(6850, 6950)
        for y in range(3000, 3100)
        for tile in [Tile(13, x, y)]
        if tile.degrees.west < box.east
        and tile.degrees.east > box.west
        and tile.degrees.south < box.north
        and tile.degrees.north > box.south
    }
    assert sharing
    assert set(tiles_over(box, 13)) == sharing


@pytest.mark.parametrize(
    ("box", "zoom"),
    [
        (Bounds(1, 0, 0, 1), 3),
        (Bounds(0, 1, 1, 0), 3),
        (Bounds(-180, -90, 180, 90), 9),
        (Bounds(float("nan"), 0, 1, 1), 3),
        (Bounds(0, 0, 181, 1), 3),
    ],
)
def test_a_box_inside_out_too_large_or_of_no_degrees_is_refused(box: Bounds, zoom: int) -> None:
    with pytest.raises(BadPosition):
        tiles_over(box, zoom)


def test_a_zoom_beyond_the_pyramid_is_refused() -> None:
    with pytest.raises(BadTile):
        tiles_over(Bounds(0, 0, 1, 1), 25)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 181, -181])
def test_the_first_bad_position_is_named(bad: float) -> None:
    with pytest.raises(BadPosition, match="point 1 "):
        to_mercator([0, bad, bad], [0, 0, 0])


def test_no_points_are_projected_to_no_points() -> None:
    assert to_mercator([], []).shape == (0, 2)
    assert len(shapes_to_mercator(np.array([], dtype=object))) == 0


def test_geometries_are_projected_point_by_point() -> None:
    [point] = shapes_to_mercator(np.array([Point(123.5, 41.8)]))
    assert (point.x, point.y) == pytest.approx(PROJ.transform(123.5, 41.8), abs=1e-6)


def test_a_pixel_is_half_as_large_at_the_next_zoom() -> None:
    assert pixel_m(0) == pytest.approx(78271.517, abs=1e-3)  # 40075016.69 m / 512
    assert pixel_m(10) == pixel_m(9) / 2
