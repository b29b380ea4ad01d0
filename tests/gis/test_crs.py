"""Reference systems: the zone of a place, metres and back, nothing without a system."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS, Geod

from gis.crs import (
    CGCS2000,
    WGS84,
    MissingCrs,
    gauss_kruger,
    metres_per_degree,
    require_crs,
    to_degrees,
    to_metres,
)

SHENYANG = shapely.Point(123.47, 41.81)


def test_the_named_systems_are_those_of_the_epsg_registry() -> None:
    assert CRS.from_epsg(WGS84).name == "WGS 84"
    assert CRS.from_epsg(CGCS2000).name == "China Geodetic Coordinate System 2000"


@pytest.mark.parametrize("meridian", range(75, 136, 3))
def test_every_zone_has_its_central_meridian_in_the_epsg_registry(meridian: int) -> None:
    system = CRS.from_epsg(gauss_kruger(meridian))
    assert system.name == f"CGCS2000 / 3-degree Gauss-Kruger CM {meridian}E"


@pytest.mark.parametrize(
    ("lon", "code"),
    [(123.47, 4550), (73.5, 4534), (76.4999, 4534), (76.5, 4535), (79.5, 4536), (136.5, 4554)],
)
def test_a_longitude_between_two_zones_belongs_to_the_eastern_one(lon: float, code: int) -> None:
    assert gauss_kruger(lon) == code


@pytest.mark.parametrize("lon", [73.4999, 136.5001, -123.0, float("nan"), float("inf")])
def test_a_longitude_in_no_zone_is_refused(lon: float) -> None:
    with pytest.raises(ValueError, match="3-degree zone"):
        gauss_kruger(lon)


def test_shapes_go_to_metres_and_back() -> None:
    shapes = gpd.GeoSeries([SHENYANG], crs=WGS84)
    metres = to_metres(shapes, SHENYANG.x)
    assert metres.crs.to_epsg() == gauss_kruger(SHENYANG.x)
    back = to_degrees(metres)
    assert back.crs.to_epsg() == WGS84
    assert back.iloc[0].distance(SHENYANG) < 1e-9


def test_cgcs2000_and_wgs84_are_taken_as_equal() -> None:
    shapes = gpd.GeoSeries([SHENYANG], crs=CGCS2000)
    assert to_degrees(shapes).iloc[0].equals_exact(SHENYANG, tolerance=1e-12)


def test_a_frame_keeps_its_columns_in_metres() -> None:
    frame = gpd.GeoDataFrame({"code": ["210104"]}, geometry=[SHENYANG], crs=WGS84)
    metres = to_metres(frame, SHENYANG.x)
    assert list(metres["code"]) == ["210104"]
    assert 500_000 < metres.geometry.iloc[0].x < 540_000  # false easting 500 km at 123°E


@pytest.mark.parametrize(
    "shapes", [gpd.GeoSeries([SHENYANG]), gpd.GeoDataFrame(geometry=[SHENYANG])]
)
def test_shapes_without_system_are_refused_with_the_way_to_mend_it(shapes: object) -> None:
    for measure in (require_crs, to_degrees, lambda each: to_metres(each, 123)):
        with pytest.raises(MissingCrs, match="EPSG:4490"):
            measure(shapes)


@pytest.mark.parametrize("lat", [0.0, 3.0, 41.8, -41.8, 54.0, 89.0])
def test_metres_per_degree_agree_with_the_geodesic(lat: float) -> None:
    geod, step = Geod(ellps="WGS84"), 1e-3
    _, _, east = geod.inv(0, lat, step, lat)
    _, _, north = geod.inv(0, lat - step / 2, 0, lat + step / 2)
    assert metres_per_degree(lat) == pytest.approx((east / step, north / step), rel=1e-7)


def test_metres_per_degree_of_an_array_are_those_of_its_numbers() -> None:
    lats = np.linspace(-90, 90, 19)
    east, north = metres_per_degree(lats)
    each = [metres_per_degree(float(lat)) for lat in lats]
    assert np.array_equal(np.column_stack([east, north]), np.array(each))


def test_metres_per_degree_of_a_number_are_plain_floats() -> None:
    assert [type(each) for each in metres_per_degree(41.8)] == [float, float]
    assert [type(each) for each in metres_per_degree(np.float64(41.8))] == [float, float]
