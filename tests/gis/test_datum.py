"""Datums: against results that others published, and there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gis.crs import metres_per_degree
from gis.datum import (
    EAST,
    NORTH,
    SOUTH,
    WEST,
    Datum,
    UnknownDatum,
    from_wgs84,
    parse_datum,
    to_wgs84,
)

Floats = NDArray[np.float64]

# 0.1 mm at the equator, where a degree of longitude is longest.
TENTH_MM = 1e-4 / 111_320

# eviltransform, python/test.py (MIT): WGS-84, GCJ-02.
EVILTRANSFORM = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
# gcoord, its table of 664 Chinese cities (MIT), seven decimals: WGS-84, GCJ-02, BD-09. Its WGS-84
# lies half a metre from what the formula gives.
GCOORD = [
    ((123.4253306, 41.8032629), (123.4314787, 41.8057023), (123.438095, 41.8114013)),  # 沈阳
    ((124.7038236, 52.3338635), (124.7115324, 52.3352664), (124.7180582, 52.3412419)),  # 大兴安岭
    ((130.3111063, 46.7975722), (130.3188843, 46.7997822), (130.3252439, 46.8061724)),  # 佳木斯
    ((75.9868089, 39.470184), (75.9897602, 39.4704064), (75.9962502, 39.4764048)),  # 喀什
    ((91.1706414, 29.655277), (91.1721167, 29.6524954), (91.1786184, 29.6585294)),  # 拉萨
    ((109.507813, 18.2545417), (109.5119135, 18.2528524), (109.5184703, 18.2585878)),  # 三亚
]
# gcoord, its unit test (MIT), eight decimals: GCJ-02, WGS-84 (inverse to a centimetre), BD-09.
GCOORD_UNIT = ((123.0, 45.0), (122.99395597, 44.99804071), (123.00636499, 45.00636899))
# eviltransform, python/test.py (MIT): BD-09, WGS-84. Its wave of BD-09 has π where Baidu's has
# 3000π/180, and its inverse is a single step.
EVILTRANSFORM_BAIDU = [
    ((120.019809, 29.199786), (120.00877901149691, 29.196131605295484)),
    ((120.036455, 29.210504), (120.0253853970846, 29.206795749156136)),
]


def metres_apart(found: tuple[float, float], wanted: tuple[float, float]) -> float:
    difference = np.subtract(found, wanted) * metres_per_degree(wanted[1])
    return float(np.hypot(*difference))


def china(count: int, seed: int = 1) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(seed)
    return chance.uniform(73, 136, count), chance.uniform(3, 54, count)


def off_by(found: tuple[Floats, Floats], wanted: tuple[Floats, Floats]) -> float:
    return float(np.abs(np.subtract(found, wanted)).max())


@pytest.mark.parametrize(("wgs84", "gcj02"), EVILTRANSFORM)
def test_gcj02_agrees_with_eviltransform(
    wgs84: tuple[float, float], gcj02: tuple[float, float]
) -> None:
    assert from_wgs84(*wgs84, Datum.GCJ02) == pytest.approx(gcj02, abs=TENTH_MM)
    assert to_wgs84(*gcj02, Datum.GCJ02) == pytest.approx(wgs84, abs=TENTH_MM)


@pytest.mark.parametrize(("wgs84", "gcj02", "bd09"), GCOORD)
def test_cities_agree_with_gcoord(
    wgs84: tuple[float, float], gcj02: tuple[float, float], bd09: tuple[float, float]
) -> None:
    assert metres_apart(from_wgs84(*wgs84, Datum.GCJ02), gcj02) < 1.0
    assert metres_apart(to_wgs84(*gcj02, Datum.GCJ02), wgs84) < 1.0
    assert metres_apart(from_wgs84(*wgs84, Datum.BD09), bd09) < 1.0
    assert metres_apart(to_wgs84(*bd09, Datum.BD09), wgs84) < 1.0
    assert metres_apart(from_wgs84(*to_wgs84(*gcj02, Datum.GCJ02), Datum.BD09), bd09) < 0.02


def test_the_inverse_agrees_with_gcoord() -> None:
    gcj02, wgs84, bd09 = GCOORD_UNIT
    found = to_wgs84(*gcj02, Datum.GCJ02)
    assert metres_apart(found, wgs84) < 0.02
    assert metres_apart(from_wgs84(*found, Datum.BD09), bd09) < 0.002


@pytest.mark.parametrize(("bd09", "wgs84"), EVILTRANSFORM_BAIDU)
def test_bd09_does_not_follow_the_slip_of_eviltransform(
    bd09: tuple[float, float], wgs84: tuple[float, float]
) -> None:
    assert 5 < metres_apart(to_wgs84(*bd09, Datum.BD09), wgs84) < 50


@pytest.mark.parametrize("datum", Datum)
def test_there_and_back_is_exact_to_a_tenth_of_a_millimetre(datum: Datum) -> None:
    points = china(100_000)
    assert off_by(to_wgs84(*from_wgs84(*points, datum), datum), points) < TENTH_MM


@given(lon=st.floats(73, 136), lat=st.floats(3, 54), datum=st.sampled_from(Datum))
def test_any_place_in_china_is_found_again(lon: float, lat: float, datum: Datum) -> None:
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert back == pytest.approx((lon, lat), abs=TENTH_MM, rel=0)


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_the_kink_of_the_formula_at_105_degrees_is_crossed(datum: Datum) -> None:
    steps = np.geomspace(1e-16, 1e-2, 10_000)
    lon = 105 + np.concatenate([-steps, [0.0], steps])
    lat = np.linspace(3, 54, len(lon))
    assert off_by(to_wgs84(*from_wgs84(lon, lat, datum), datum), (lon, lat)) < TENTH_MM


@pytest.mark.parametrize("datum", [Datum.WGS84, Datum.CGCS2000])
def test_cgcs2000_is_taken_as_wgs84(datum: Datum) -> None:
    assert to_wgs84(123.4, 41.8, datum) == (123.4, 41.8) == from_wgs84(123.4, 41.8, datum)


def test_gcj02_lies_half_a_kilometre_away_in_dadong() -> None:
    assert 540 < metres_apart(from_wgs84(123.47, 41.81, Datum.GCJ02), (123.47, 41.81)) < 570


@pytest.mark.parametrize(
    ("lon", "lat"), [(0.0, 0.0), (-74.0, 40.7), (139.7, 35.7), (100.0, -20.0), (180.0, 90.0)]
)
def test_gcj02_does_not_shift_outside_of_china(lon: float, lat: float) -> None:
    assert from_wgs84(lon, lat, Datum.GCJ02) == (lon, lat) == to_wgs84(lon, lat, Datum.GCJ02)


EDGES = {
    "west": (np.full(2001, WEST), np.linspace(SOUTH, NORTH, 2001)),
    "east": (np.full(2001, EAST), np.linspace(SOUTH, NORTH, 2001)),
    "south": (np.linspace(WEST, EAST, 2001), np.full(2001, SOUTH)),
    "north": (np.linspace(WEST, EAST, 2001), np.full(2001, NORTH)),
}


@pytest.mark.parametrize("edge", EDGES)
def test_a_place_just_inside_the_frame_is_found_again(edge: str) -> None:
    lon, lat = EDGES[edge]
    lon, lat = lon.clip(WEST + 1e-7, EAST - 1e-7), lat.clip(SOUTH + 1e-7, NORTH - 1e-7)
    back = to_wgs84(*from_wgs84(lon, lat, Datum.GCJ02), Datum.GCJ02)
    assert off_by(back, (lon, lat)) < TENTH_MM


@pytest.mark.parametrize("edge", EDGES)
def test_a_place_just_outside_the_frame_is_off_by_the_shift_at_most(edge: str) -> None:
    chance = np.random.default_rng(2)
    lon, lat = EDGES[edge]
    lon, lat = (lon + chance.uniform(-0.02, 0.02, 2001), lat + chance.uniform(-0.02, 0.02, 2001))
    back = to_wgs84(*from_wgs84(lon, lat, Datum.GCJ02), Datum.GCJ02)
    assert off_by(back, (lon, lat)) < 0.012


def test_numbers_give_floats_and_arrays_their_shape() -> None:
    assert [type(each) for each in to_wgs84(123.4, 41.8, Datum.BD09)] == [float, float]
    lon, lat = (each.reshape(4, 5) for each in china(20))
    moved = from_wgs84(lon, lat, Datum.GCJ02)
    assert [each.shape for each in moved] == [(4, 5), (4, 5)]
    pairs = zip(lon.ravel().tolist(), lat.ravel().tolist(), strict=True)
    each = [from_wgs84(*pair, Datum.GCJ02) for pair in pairs]
    assert np.array_equal(np.transpose(each), [moved[0].ravel(), moved[1].ravel()])
    assert [each.size for each in to_wgs84(np.empty(0), np.empty(0), Datum.BD09)] == [0, 0]


def test_the_arrays_given_are_left_as_they_were() -> None:
    points = china(100)
    before = np.copy(points)
    for datum in Datum:
        to_wgs84(*points, datum)
    assert np.array_equal(points, before)


@pytest.mark.parametrize("datum", Datum)
@pytest.mark.parametrize("wild", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_stays_so_without_a_warning(datum: Datum, wild: float) -> None:
    lon, lat = to_wgs84(np.array([wild, 123.4]), np.array([41.8, 41.8]), datum)
    assert np.isfinite(lon).tolist() == [False, True]
    assert not np.isfinite(from_wgs84(wild, 41.8, datum)[0])
    assert np.isfinite(lat[1])


def test_a_million_points_are_moved_at_once_as_each_by_itself() -> None:
    lon, lat = china(1_000_000)
    moved = np.transpose(from_wgs84(lon, lat, Datum.GCJ02))
    for place in (0, 65_535, 65_536, 500_001, 999_999):
        alone = from_wgs84(float(lon[place]), float(lat[place]), Datum.GCJ02)
        assert alone == pytest.approx(tuple(moved[place]), abs=1e-13, rel=0)


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("WGS-84", Datum.WGS84),
        ("wgs_84", Datum.WGS84),
        ("GPS", Datum.WGS84),
        ("EPSG:4326", Datum.WGS84),
        ("4326", Datum.WGS84),
        ("CGCS 2000", Datum.CGCS2000),
        ("天地图", Datum.CGCS2000),
        ("EPSG:4490", Datum.CGCS2000),
        (" gcj-02 ", Datum.GCJ02),
        ("高德", Datum.GCJ02),
        ("Amap", Datum.GCJ02),
        ("腾讯", Datum.GCJ02),
        ("火星坐标系", Datum.GCJ02),
        ("百度", Datum.BD09),
        ("高德地图", Datum.GCJ02),
        ("腾讯地图", Datum.GCJ02),
        ("百度地图", Datum.BD09),
        ("百度坐标系", Datum.BD09),
        ("WGS", Datum.WGS84),
        ("ＷＧＳ８４", Datum.WGS84),
        ("国家2000坐标系", Datum.CGCS2000),
        ("2000国家大地坐标系", Datum.CGCS2000),
        ("BD09LL", Datum.BD09),
    ],
)
def test_usual_spellings_are_understood(text: str, datum: Datum) -> None:
    assert parse_datum(text) is datum


@pytest.mark.parametrize("datum", Datum)
def test_a_datum_understands_its_own_name(datum: Datum) -> None:
    assert parse_datum(str(datum)) is datum


@pytest.mark.parametrize(
    "text", ["", " - ", "unknown", "未知", "84", "西安80", "北京54", "bd09mc", "3857", "坐标系"]
)
def test_an_unknown_datum_is_refused_with_those_to_choose_from(text: str) -> None:
    with pytest.raises(UnknownDatum, match="wgs84, cgcs2000, gcj02, bd09") as refused:
        parse_datum(text)
    assert refused.value.text == text
