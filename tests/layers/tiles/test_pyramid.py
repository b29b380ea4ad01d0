"""Areas and hexagons as tiles: what is said of them, at every zoom and over the tiles' edges."""

from concurrent.futures import ThreadPoolExecutor

import h3
import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from api.demo.district import areas
from grids.areas import AreaRecord
from grids.hexes import disk, outline
from grids.hierarchy import AreaKind
from layers.tiles.cutting import EXTENT
from layers.tiles.encoding import BadLayer
from layers.tiles.pyramid import AreaTiles, HexTiles
from layers.tiles.scheme import Bounds, Tile, shapes_to_mercator, tiles_over
from layers.tiles.simplification import FULL_ZOOM
from tests.layers.areas import area, square
from tests.layers.tiles.reading import features, geometries, to_grid

DISTRICT = Bounds(123.443, 41.777, 123.566, 41.946)
COMMUNITIES = [each for each in areas() if each.kind is AreaKind.COMMUNITY]
SOURCE = AreaTiles(COMMUNITIES)
GROUND = shapely.union_all([each.geometry for each in COMMUNITIES])


def four_squares() -> list[AreaRecord]:
    return [area(f"{x}{y}", square(x, y), f"街道{x}{y}") for x in range(2) for y in range(2)]


def some_tiles(zoom: int) -> list[Tile]:
    tiles = tiles_over(DISTRICT, zoom)
    return tiles[:: max(len(tiles) // 12, 1)]


def test_an_area_says_what_its_geojson_says_and_its_label_its_name_and_code() -> None:
    [tile] = tiles_over(Bounds(*square(0, 0).centroid.coords[0] * 2), 9)
    written = AreaTiles(four_squares()).tile(tile)
    said = [feature["properties"] for feature in features(written, "areas")]
    assert said[1] == {
        "code": "01",
        "name": "街道01",
        "unit_code": "street:01",
        "unit_name": "街道01",
        "tint": 1,
    }
    assert {each["tint"] for each in said} == {0, 1, 2, 3}
    labels = features(written, "labels")
    assert [each["properties"] for each in labels][1] == {"code": "01", "name": "街道01"}


@pytest.mark.parametrize("zoom", [8, 10, 12, 14, 16, 18])
def test_an_area_has_the_same_id_at_every_zoom_in_both_layers(zoom: int) -> None:
    for tile in some_tiles(zoom):
        written = SOURCE.tile(tile)
        for layer in ("areas", "labels"):
            for feature in features(written, layer) if written else []:
                assert feature["properties"]["code"] == COMMUNITIES[feature["id"]].code


@pytest.mark.parametrize("zoom", range(8, 15))
def test_each_label_is_in_one_tile_and_well_inside_its_area(zoom: int) -> None:
    found = []
    for tile in tiles_over(DISTRICT, zoom):
        written = SOURCE.tile(tile)
        drawn = geometries(written, "areas") if written else {}
        labels = geometries(written, "labels") if written else {}
        found += list(labels)
        assert all(drawn[place].distance(label) <= 1 for place, label in labels.items())
    assert sorted(found) == list(range(len(COMMUNITIES)))


@pytest.mark.parametrize("zoom", range(6, FULL_ZOOM + 2))
def test_areas_have_no_gap_between_them_at_any_zoom_in_any_tile(zoom: int) -> None:
    inside = shapes_to_mercator(np.array([GROUND.buffer(-0.002)]))
    for tile in some_tiles(zoom):
        written = SOURCE.tile(tile)
        drawn = list(geometries(written, "areas").values()) if written else []
        whole = shapely.intersection(to_grid(inside, tile), shapely.box(0, 0, EXTENT, EXTENT))[0]
        pieces = np.array(drawn, dtype=object)
        assert shapely.is_valid(pieces).all()
        if zoom > 8:
            assert whole.difference(shapely.union_all(pieces)).area == 0
        gaps = [
            gap
            for part in shapely.get_parts(shapely.union_all(pieces))
            for gap in shapely.get_rings(part)[1:]
        ]
        assert gaps == []


def test_two_tiles_side_by_side_draw_the_line_between_them_alike() -> None:
    west = tiles_over(DISTRICT, 12)[0]
    east = Tile(west.z, west.x + 1, west.y)
    ours, theirs = (geometries(SOURCE.tile(tile), "areas") for tile in (west, east))
    border, their_border = (shapely.LineString([(x, 0), (x, EXTENT)]) for x in (EXTENT, 0))
    both = ours.keys() & theirs.keys()
    assert both
    for place in both:
        here = shapely.transform(ours[place].intersection(border), lambda at: at - (EXTENT, 0))
        there = theirs[place].intersection(their_border)
        assert here.symmetric_difference(there).length <= 2


def test_a_tile_beside_the_areas_and_a_source_without_areas_are_empty() -> None:
    assert SOURCE.tile(Tile(10, 0, 0)) == b""
    assert AreaTiles([]).tile(Tile(0, 0, 0)) == b""


def test_a_single_area_is_drawn() -> None:
    [tile] = tiles_over(Bounds(123.501, 41.801, 123.501, 41.801), 14)
    assert list(geometries(AreaTiles([area("0", square(0, 0))]).tile(tile), "areas")) == [0]


def test_the_same_areas_give_the_same_bytes() -> None:
    again = AreaTiles(COMMUNITIES)
    for zoom in (8, 12, 15):
        for tile in some_tiles(zoom):
            assert again.tile(tile) == SOURCE.tile(tile)


def test_many_threads_get_the_same_bytes_from_a_source_that_is_new_to_them() -> None:
    tiles = some_tiles(11) + some_tiles(12) + some_tiles(13)
    fresh = AreaTiles(COMMUNITIES)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(fresh.tile, tiles * 4)) == [SOURCE.tile(tile) for tile in tiles] * 4


CELLS = disk(h3.latlng_to_cell(41.8, 123.5, 9), 4)


@pytest.mark.parametrize("zoom", [11, 13, 15])
def test_hexagons_are_those_of_h3_within_one_unit_and_leave_no_gap(zoom: int) -> None:
    source = HexTiles(CELLS, {})
    outlines = shapes_to_mercator(np.array([outline(cell) for cell in CELLS], dtype=object))
    found: dict[int, float] = dict.fromkeys(range(len(CELLS)), 0.0)
    for tile in tiles_over(Bounds(123.45, 41.77, 123.55, 41.83), zoom):
        written = source.tile(tile)
        drawn = geometries(written, "hexes") if written else {}
        screen = shapely.box(0, 0, EXTENT, EXTENT)
        exact = to_grid(outlines, tile)
        for place, each in drawn.items():
            expected = exact[place].intersection(shapely.box(-64, -64, EXTENT + 64, EXTENT + 64))
            assert each.hausdorff_distance(expected) <= 1
            found[place] += each.intersection(screen).area / exact[place].area
        whole = shapely.union_all(np.array(list(drawn.values()), dtype=object))
        holes = [len(part.interiors) for part in shapely.get_parts(whole)]
        assert sum(holes) == 0
    assert all(share == pytest.approx(1, abs=0.05) for share in found.values())


def test_a_hexagon_has_its_cell_its_values_and_its_place_as_id() -> None:
    values = {"count": np.arange(len(CELLS)), "share": np.linspace(0, 1, len(CELLS))}
    [tile] = tiles_over(Bounds(123.5, 41.8, 123.5, 41.8), 9)
    found = features(HexTiles(CELLS, values).tile(tile), "hexes")
    assert [each["id"] for each in found] == list(range(len(CELLS)))
    last = len(CELLS) - 1
    assert found[last]["properties"] == {"cell": CELLS[last], "count": last, "share": 1.0}
    assert shape(found[0]["geometry"]).is_valid


def test_a_value_that_is_not_known_is_left_out_of_its_hexagon() -> None:
    [tile] = tiles_over(Bounds(123.5, 41.8, 123.5, 41.8), 9)
    written = HexTiles(CELLS[:3], {"a": [1.0, np.nan, None], "b": ["x", None, "y"]}).tile(tile)
    said = [{*each["properties"]} - {"cell"} for each in features(written, "hexes")]
    assert said == [{"a", "b"}, set(), {"b"}]


def test_columns_of_another_length_and_what_is_no_cell_are_refused() -> None:
    with pytest.raises(BadLayer, match="1 values for 2"):
        HexTiles(CELLS[:2], {"a": [1]})
    for wrong in ("nothing", "", "8f"):
        with pytest.raises(BadLayer, match="no H3 cell"):
            HexTiles([CELLS[0], wrong], {})


def test_no_hexagons_make_empty_tiles() -> None:
    assert HexTiles([], {}).tile(Tile(0, 0, 0)) == b""
