"""One tile, read back by another library and held against shapely's own clipping."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from layers.tiles.cutting import BUFFER, EXTENT
from layers.tiles.encoding import MOST_ID, BadLayer, Layer, encoded, tags
from layers.tiles.scheme import EDGE_M, Tile
from tests.layers.tiles.reading import (
    features,
    from_grid,
    geometries,
    layer_of,
    raw,
    star,
    to_grid,
    wiggly,
)

TILE = Tile(14, 8192, 8191)
"""Its south-west corner is 0, 0; it is 2446 m broad and a unit of its grid is 0.6 m."""
AROUND = [Tile(14, x, y) for x in (8191, 8192) for y in (8191, 8192)]
REACH = box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
COVERAGE = wiggly(60, 12, seed=5)


def on_grid(*shapes: BaseGeometry) -> dict[int, BaseGeometry]:
    """What another library reads of shapes that are given in the tile's grid."""
    return geometries(encoded(TILE, [layer_of(*(from_grid(s, TILE) for s in shapes))]), "areas")


def assert_same_within_a_unit(found: BaseGeometry, exact: BaseGeometry) -> None:
    assert found.is_valid
    differing = shapely.symmetric_difference(found, exact)
    assert differing.difference(exact.boundary.buffer(1.0)).area == 0


@pytest.mark.parametrize("tile", AROUND)
def test_areas_are_those_that_shapely_clips_within_one_unit(tile: Tile) -> None:
    shapes = [*COVERAGE, star(), star().buffer(300).difference(star(5))]
    found = geometries(encoded(tile, [layer_of(*shapes)]), "areas")
    exact = shapely.intersection(to_grid(np.array(shapes, dtype=object), tile), REACH)
    assert found.keys() == {place for place, shape in enumerate(exact) if shape.area > 4}
    for place, shape in found.items():
        assert_same_within_a_unit(shape, exact[place])


@given(st.integers(0, 2**32), st.integers(3, 40), st.integers(12, 17))
def test_any_star_is_clipped_as_shapely_does_it(seed: int, tips: int, zoom: int) -> None:
    random = np.random.default_rng(seed)
    turn = np.sort(random.uniform(0, 2 * np.pi, 2 * tips))
    far = random.uniform(50, 3000, 2 * tips)
    shape = Polygon(np.column_stack([far * np.cos(turn), far * np.sin(turn)]))
    tile = Tile(zoom, 2 ** (zoom - 1), 2 ** (zoom - 1))
    if not shape.is_valid:
        shape = shapely.make_valid(shape, method="structure")
    exact = shapely.intersection(to_grid(np.array([shape]), tile), REACH)[0]
    for found in geometries(encoded(tile, [layer_of(shape)]), "areas").values():
        assert_same_within_a_unit(found, exact)


def test_lines_are_those_that_shapely_clips_within_one_unit() -> None:
    line = LineString(star().exterior.coords)
    read = encoded(TILE, [layer_of(line, MultiLineString([line, [(0, 0), (900, 900)]]))])
    found = geometries(read, "areas")
    exact = shapely.intersection(to_grid(np.array([line]), TILE), REACH)[0]
    assert found[0].hausdorff_distance(exact) <= math.sqrt(0.5)
    assert found[1].length > found[0].length


def test_each_polygon_says_its_kind_extent_and_version() -> None:
    written = raw(encoded(TILE, [layer_of(box(10, 10, 90, 90), Point(5, 5), LineString(AXIS))]))
    [layer] = written.layers
    assert (layer.name, layer.extent, layer.version) == ("areas", 4096, 2)
    assert [feature.type for feature in layer.features] == [3, 1, 2]
    assert [feature.id for feature in layer.features] == [0, 1, 2]


AXIS = [(0, 0), (100, 0)]


def test_rings_run_clockwise_on_the_screen_and_holes_the_other_way() -> None:
    holed = Polygon(
        box(100, 100, 900, 900).exterior,
        [box(200, 200, 300, 300).exterior, box(400, 400, 500, 500).exterior],
    )
    for shape in (holed, holed.reverse(), MultiPolygon([holed, box(1000, 100, 1100, 200)])):
        [found] = features(encoded(TILE, [layer_of(from_grid(shape, TILE))]), "areas")
        parts = found["geometry"]["coordinates"]
        polygons = parts if found["geometry"]["type"] == "MultiPolygon" else [parts]
        for outer, *holes in polygons:
            assert _surveyed(outer) > 0
            assert all(_surveyed(hole) < 0 for hole in holes)
        assert next(len(polygon) for polygon in polygons) == 3
        assert on_grid(shape)[0].equals(shape)


def _surveyed(ring: list[list[int]]) -> int:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


def test_an_area_that_crosses_itself_once_rounded_is_mended() -> None:
    pinched = Polygon([(10, 10), (30, 10), (30, 30), (20.4, 10.4), (10, 30)])
    assert pinched.is_valid
    assert not shapely.transform(pinched, np.round).is_valid
    found = on_grid(pinched)[0]
    assert found.is_valid
    assert found.geom_type == "MultiPolygon"
    assert found.area == 200


def test_what_has_no_extent_on_the_grid_is_left_out() -> None:
    small, flat = box(10, 10, 10.3, 10.3), box(10, 10, 500, 10.2)
    hole = Polygon(box(100, 100, 200, 200).exterior, [box(150, 150, 150.2, 150.2).exterior])
    still = LineString([(10, 10), (10.2, 10.2)])
    found = on_grid(small, flat, hole, still)
    assert list(found) == [2]
    assert found[2].equals(box(100, 100, 200, 200))


def test_a_tile_inside_of_an_area_is_filled_to_its_buffer() -> None:
    far = box(-1e5, -1e5, 1e5, 1e5)
    assert on_grid(far)[0].equals(REACH)
    whole = geometries(encoded(TILE, [layer_of(from_grid(far, TILE))], buffer=0), "areas")[0]
    assert whole.equals(box(0, 0, EXTENT, EXTENT))


def test_the_ground_is_covered_without_gap_or_overlap_in_a_tile_and_over_its_edges() -> None:
    corner = np.array([[tile.x - 8192, tile.y - 8192] for tile in AROUND]) * EXTENT
    square = shapely.transform(COVERAGE, lambda at: at - 2000)
    pieces = []
    for tile, shift in zip(AROUND, corner, strict=True):
        found = np.array(
            list(geometries(encoded(tile, [layer_of(*square)]), "areas").values()), dtype=object
        )
        assert shapely.union_all(found).area == pytest.approx(shapely.area(found).sum(), abs=1e-6)
        shown = shapely.intersection(found, box(0, 0, EXTENT, EXTENT))
        pieces.append(shapely.union_all(shapely.transform(shown, lambda at, by=shift: at + by)))
    [exact] = to_grid(np.array([shapely.union_all(square)]), Tile(14, 8192, 8192))
    ground = exact.intersection(box(-EXTENT, -EXTENT, EXTENT, EXTENT))
    missing = ground.difference(shapely.union_all(pieces))
    assert missing.difference(exact.boundary.buffer(1.0)).area == 0


@pytest.mark.parametrize("tile", AROUND)
def test_neighbours_have_the_same_points_on_their_line_in_a_tile(tile: Tile) -> None:
    found = geometries(encoded(tile, [layer_of(*COVERAGE)]), "areas")
    assert shapely.coverage_is_valid(np.array(list(found.values()), dtype=object))


@given(
    st.lists(st.tuples(st.integers(-9000, 9000), st.integers(-9000, 9000)), min_size=1, max_size=9)
)
def test_a_point_is_in_one_tile_only_also_on_a_line_between_tiles(
    places: list[tuple[int, int]],
) -> None:
    points = MultiPoint([(x / 2, y / 2) for x, y in places])  # halves of units: ties of rounding
    metres = from_grid(points, Tile(14, 8192, 8192))
    found = []
    for tile in [Tile(14, 8192 + x, 8192 + y) for x in range(-2, 2) for y in range(-2, 2)]:
        for shape in geometries(encoded(tile, [layer_of(metres)]), "areas").values():
            assert (shapely.get_coordinates(shape) >= 0).all()
            assert (shapely.get_coordinates(shape) < EXTENT).all()
            found += [shape] if isinstance(shape, Point) else list(shape.geoms)
    assert len(found) == len(places)


def test_properties_come_back_with_their_kinds() -> None:
    said: dict[str, Any] = {
        "text": "东塔街道",
        "empty": "",
        "int": 7,
        "large": 2**64 - 1,
        "negative": -(2**63),
        "one": 1,
        "real": 1.0,
        "true": True,
        "false": False,
        "zero": 0,
    }
    layer = Layer("areas", np.array([Point(1, 1)]), np.array([0]), [tags(said)])
    [feature] = features(encoded(TILE, [layer]), "areas")
    assert feature["properties"] == said
    kinds = {name: type(value) for name, value in feature["properties"].items()}
    assert kinds == {name: type(value) for name, value in said.items()}


def test_what_is_not_known_is_left_out() -> None:
    assert tags({"none": None, "nan": float("nan"), "known": 1}) == tags({"known": 1})


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, [1], b"1"])
def test_a_value_that_a_tile_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(BadLayer):
        tags({"value": value})


def test_names_and_values_are_written_once_for_a_layer() -> None:
    rows = [tags({"name": "东塔街道", "tint": place % 2}) for place in range(6)]
    points = np.array([Point(place + 1, 1) for place in range(6)])
    [layer] = raw(encoded(TILE, [Layer("areas", points, np.arange(6), rows)])).layers
    assert list(layer.keys) == ["name", "tint"]
    assert len(layer.values) == 3


def test_values_of_features_that_are_not_shown_are_not_told() -> None:
    rows = [tags({"name": "here"}), tags({"name": "elsewhere"})]
    points = np.array([Point(1, 1), Point(1e6, 1e6)])
    written = encoded(TILE, [Layer("areas", points, np.arange(2), rows)])
    assert b"elsewhere" not in written
    assert b"here" in written


def test_the_same_content_gives_the_same_bytes() -> None:
    first = encoded(TILE, [layer_of(*COVERAGE), layer_of(Point(1, 1), name="labels")])
    again = encoded(TILE, [layer_of(*COVERAGE.copy()), layer_of(Point(1, 1), name="labels")])
    assert first == again


@pytest.mark.parametrize("shape", [box(1e6, 1e6, 2e6, 2e6), Polygon(), MultiPoint(), LineString()])
def test_a_tile_without_anything_in_it_has_no_bytes(shape: BaseGeometry) -> None:
    assert encoded(TILE, [layer_of(shape)]) == b""
    assert encoded(TILE, [layer_of()]) == b""
    assert encoded(TILE, []) == b""


def test_a_layer_without_features_is_left_out_beside_one_with_some() -> None:
    written = encoded(TILE, [layer_of(name="none"), layer_of(Point(1, 1), name="some")])
    assert [layer.name for layer in raw(written).layers] == ["some"]


def test_two_layers_of_one_name_are_refused() -> None:
    with pytest.raises(BadLayer, match="same name"):
        encoded(TILE, [layer_of(Point(1, 1)), layer_of(Point(1, 1))])


@pytest.mark.parametrize("identity", [-1, MOST_ID + 1])
def test_an_id_that_a_browser_cannot_count_is_refused(identity: int) -> None:
    with pytest.raises(BadLayer, match="ids"):
        Layer("areas", np.array([Point(1, 1)]), np.array([identity]), [()])


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(BadLayer, match="unequal"):
        Layer("areas", np.array([Point(1, 1)]), np.array([1, 2]), [()])


def test_the_deepest_tile_still_rounds_to_its_own_grid() -> None:
    tile = Tile(24, 2**24 - 1, 0)
    unit = 2 * EDGE_M / 2**36
    square = box(EDGE_M - 400 * unit, EDGE_M - 300 * unit, EDGE_M - 100 * unit, EDGE_M - 100 * unit)
    [found] = geometries(encoded(tile, [layer_of(square)]), "areas").values()
    assert found.equals(box(3696, 100, 3996, 300))
