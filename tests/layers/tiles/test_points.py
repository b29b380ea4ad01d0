"""Points as tiles: counted where they are far away, and never a count that is too small."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from layers.tiles.encoding import BadLayer
from layers.tiles.pyramid import GATHERING, PointTiles
from layers.tiles.scheme import BadPosition, Bounds, Tile, tiles_over
from tests.layers.tiles.reading import Feature, features

BOX = Bounds(123.4, 41.7, 123.6, 41.95)
ZOOMS = range(5, 14)
FEWEST = 5


def reports(count: int, seed: int) -> NDArray[np.float64]:
    """Half of them in a few crowds, half anywhere in BOX."""
    random = np.random.default_rng(seed)
    low, high = np.array(BOX[:2]), np.array(BOX[2:])
    middles = random.uniform(low, high, (8, 2))
    crowds = middles[random.integers(0, 8, count // 2)] + random.normal(0, 0.003, (count // 2, 2))
    anywhere = random.uniform(low, high, (count - count // 2, 2))
    return np.clip(np.concatenate([crowds, anywhere]), low, high)


def everything(source: PointTiles, zoom: int) -> list[Feature]:
    """What is shown at a zoom in BOX, and around it as far as the middle of a square may lie."""
    more = 1.0 if zoom < 11 else 0.1
    around = Bounds(BOX.west - more, BOX.south - more, BOX.east + more, BOX.north + more)
    written = [source.tile(tile) for tile in tiles_over(around, zoom)]
    return [feature for each in written if each for feature in features(each, "points")]


def counts(found: list[Feature]) -> list[int]:
    return [feature["properties"]["count"] for feature in found]


@pytest.mark.parametrize("zoom", ZOOMS)
def test_each_square_says_how_many_points_it_holds(zoom: int) -> None:
    lonlat = reports(400, seed=1)
    found = everything(PointTiles(lonlat, finest=13), zoom)
    size = 360 / 2 ** (zoom + GATHERING)
    columns = np.unique(np.floor((lonlat[:, 0] + 180) / size))
    assert sum(counts(found)) == 400
    assert len(found) >= len(columns)
    assert {feature["properties"]["level"] for feature in found} == {zoom + GATHERING}


@pytest.mark.parametrize("seed", range(6))
def test_no_count_below_the_threshold_is_shown_at_any_zoom(seed: int) -> None:
    source = PointTiles(reports(150, seed), fewest=FEWEST, coarsest=7, finest=12)
    shown = [count for zoom in ZOOMS for count in counts(everything(source, zoom))]
    assert shown
    assert min(shown) >= FEWEST


@pytest.mark.parametrize("seed", range(6))
def test_no_small_count_is_left_between_a_square_and_those_shown_within_it(seed: int) -> None:
    source = PointTiles(reports(150, seed), fewest=FEWEST, coarsest=7, finest=12)
    for zoom in ZOOMS[:-1]:
        coarse, fine = everything(source, zoom), everything(source, zoom + 1)
        assert sum(counts(coarse)) == sum(counts(fine))
        for square in coarse:
            within = [each for each in fine if _holds(square, each)]
            assert sum(counts(within)) == square["properties"]["count"]


def _holds(outer: Feature, inner: Feature) -> bool:
    level, column, row = _square(outer["id"])
    inner_level, inner_column, inner_row = _square(inner["id"])
    shift = inner_level - level
    return shift >= 0 and (inner_column >> shift, inner_row >> shift) == (column, row)


def _square(identity: int) -> tuple[int, int, int]:
    """Level, column and row of the square with this id."""
    level = 0
    while identity >= 4**level:
        identity -= 4**level
        level += 1
    return level, identity % 2**level, identity // 2**level


def test_a_square_is_shown_at_its_middle_wherever_its_points_lie() -> None:
    tile = Tile(12, 3452, 1531)
    west, south, east, north = tile.degrees
    corner = np.array([[west + (east - west) / 1000, north - (north - south) / 1000]])
    [feature] = features(PointTiles(np.repeat(corner, 7, axis=0)).tile(tile), "points")
    assert feature["geometry"]["coordinates"] == [128, 128]  # of a square of 256 units


def test_moving_points_within_their_squares_changes_no_byte() -> None:
    lonlat = reports(150, seed=2)
    size = 360 / 2 ** (12 + GATHERING)
    moved = lonlat.copy()
    moved[:, 0] = (np.floor((lonlat[:, 0] + 180) / size) + 0.5) * size - 180
    one, other = (PointTiles(each, fewest=FEWEST, finest=12) for each in (lonlat, moved))
    assert (moved != lonlat).any()
    for zoom in ZOOMS:
        for tile in tiles_over(BOX, zoom):
            assert one.tile(tile) == other.tile(tile)


def test_points_with_a_threshold_are_never_shown_singly_nor_their_properties() -> None:
    lonlat = np.repeat(reports(1, seed=3), 9, axis=0)
    source = PointTiles(lonlat, {"code": ["secret"] * 9}, fewest=FEWEST, finest=12)
    for zoom in (5, 12, 13, 18, 24):
        [tile] = tiles_over(Bounds(*lonlat[0], *lonlat[0]), zoom)
        assert b"secret" not in source.tile(tile)
    [feature] = everything(source, 13)
    assert set(feature["properties"]) == {"count", "level"}
    assert feature["properties"]["count"] == 9


def test_points_without_a_threshold_are_shown_singly_beyond_the_finest_zoom() -> None:
    lonlat = reports(40, seed=4)
    source = PointTiles(lonlat, {"kind": [f"k{place}" for place in range(40)]}, finest=10)
    found = everything(source, 13)
    assert {feature["id"] for feature in found} == set(range(40))
    assert all(each["properties"] == {"kind": f"k{each['id']}"} for each in found)
    assert all("count" in each["properties"] for each in everything(source, 10))


def test_a_square_has_the_same_id_at_every_zoom_that_shows_it() -> None:
    source = PointTiles(np.repeat(reports(1, seed=5), 9, axis=0), fewest=5, coarsest=6, finest=8)
    ids = {each["id"] for zoom in range(8, 13) for each in everything(source, zoom)}
    assert len(ids) == 1


def test_fewer_points_than_the_threshold_show_nothing() -> None:
    source = PointTiles(np.repeat(reports(1, seed=6), 4, axis=0), fewest=5)
    assert all(source.tile(tile) == b"" for zoom in ZOOMS for tile in tiles_over(BOX, zoom))


@pytest.mark.parametrize("fewest", [1, 5])
def test_no_points_make_empty_tiles(fewest: int) -> None:
    source = PointTiles(np.empty((0, 2)), fewest=fewest)
    assert [source.tile(Tile(zoom, 0, 0)) for zoom in (0, 14, 24)] == [b""] * 3


def test_the_corners_of_the_world_are_counted() -> None:
    corners = np.array([[-180, -90], [180, 90], [180, -90], [-180, 90.0]])
    written = PointTiles(corners).tile(Tile(0, 0, 0))
    assert counts(features(written, "points")) == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "words",
    [{"fewest": 0}, {"coarsest": 15}, {"finest": 21}, {"coarsest": -1}],
)
def test_limits_that_make_no_sense_are_refused(words: dict[str, Any]) -> None:
    with pytest.raises(BadLayer, match="gathering"):
        PointTiles(np.empty((0, 2)), **words)


def test_no_position_and_columns_of_another_length_are_refused() -> None:
    with pytest.raises(BadPosition, match="point 0"):
        PointTiles(np.array([[np.nan, 41.8]]))
    with pytest.raises(BadLayer, match="2 values for 1"):
        PointTiles(np.array([[123.5, 41.8]]), {"kind": ["a", "b"]})
