"""H3 cells of points and over areas."""

import numpy as np
import pytest
import shapely

from grids.hexes import RESOLUTIONS, cells, cells_of, hexes_over, outline
from tests.grids.shapes import box


def test_a_published_example_is_met() -> None:
    # The Brandenburg Gate in Snowflake's documentation of H3_LATLNG_TO_CELL.
    assert int(cells(13.377704, 52.516262)[8], 16) == 613036919424548863


def test_each_cell_holds_its_point() -> None:
    random = np.random.default_rng(3)
    points = random.uniform([123.4, 41.7], [123.6, 41.9], (200, 2))
    for lon, lat in points:
        found = cells(lon, lat)
        assert tuple(found) == RESOLUTIONS
        for cell in found.values():
            # The sides are great circles; drawn as straight lines they are off by millimetres.
            assert outline(cell).distance(shapely.Point(lon, lat)) < 1e-7


def test_many_points_get_the_cells_they_get_one_by_one() -> None:
    lon, lat = np.linspace(123.4, 123.6, 50), np.linspace(41.7, 41.9, 50)
    many = cells_of(lon, lat)
    for k in range(50):
        assert {resolution: many[resolution][k] for resolution in RESOLUTIONS} == cells(
            lon[k], lat[k]
        )


@pytest.mark.parametrize(
    ("lon", "lat"), [(41.8, 123.4), (float("nan"), 41.8), (123.4, float("inf")), (181.0, 0.0)]
)
def test_swapped_or_missing_coordinates_are_refused(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match="no longitude and latitude"):
        cells(lon, lat)
    with pytest.raises(ValueError, match="point 1"):
        cells_of([123.4, lon], [41.8, lat])


def test_the_cells_over_an_area_cover_it() -> None:
    area = box(0, 0, 700, 900)
    found = hexes_over(area, 10)
    assert found == sorted(set(found))
    cover = shapely.union_all([outline(cell) for cell in found])
    assert area.difference(cover).area < 1e-12
    assert all(outline(cell).intersects(area) for cell in found)


def test_neighbouring_areas_share_no_cell_when_its_middle_decides() -> None:
    west = set(hexes_over(box(0, 0, 500, 900), 10, contain="center"))
    east = set(hexes_over(box(500, 0, 1000, 900), 10, contain="center"))
    both = set(hexes_over(box(0, 0, 1000, 900), 10, contain="center"))
    assert west & east == set()
    assert west | east == both


def test_a_hole_and_separate_parts_are_respected() -> None:
    ring = box(0, 0, 2000, 2000).difference(box(500, 500, 1500, 1500))
    parts = ring.union(box(3000, 0, 3500, 500))
    found = hexes_over(parts, 10, contain="full")
    assert all(shapely.covers(parts.buffer(1e-7), outline(cell)) for cell in found)
    assert any(outline(cell).intersects(box(3000, 0, 3500, 500)) for cell in found)
