"""The bridge to H3's hexagons, so that places can be counted in cells that nobody drew.

Hexagons of neighbouring resolutions do not nest exactly: some 6 % of all points lie in another
resolution-8 cell than the parent of their resolution-11 cell. The cells given here each hold the
point. To roll counts up, count by the coarser cell again; `h3.cell_to_parent` would misplace them.
"""

from collections.abc import Mapping
from typing import Literal

import h3
import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

# Edge lengths: about 530 m, 200 m, 76 m and 29 m.
RESOLUTIONS = (8, 9, 10, 11)

MOST_LON, MOST_LAT = 180, 90

Contain = Literal["center", "full", "overlap", "bbox_overlap"]


def cells(lon: float, lat: float) -> dict[int, str]:
    """The H3 cell that holds the point (degrees, EPSG:4326) at each of RESOLUTIONS.

    Raises ValueError for what is no longitude and latitude: H3 itself takes a latitude of 116.
    """
    _refuse_no_place(lon, lat)
    return {resolution: h3.latlng_to_cell(lat, lon, resolution) for resolution in RESOLUTIONS}


def cells_of(lon: ArrayLike, lat: ArrayLike) -> dict[int, list[str]]:
    """The same for n points: n cells at each of RESOLUTIONS. About 1 µs per cell."""
    _refuse_no_place(lon, lat)
    x, y = np.asarray(lon, np.float64).tolist(), np.asarray(lat, np.float64).tolist()
    return {
        resolution: [h3.latlng_to_cell(b, a, resolution) for a, b in zip(x, y, strict=True)]
        for resolution in RESOLUTIONS
    }


def disk(cell: str, rings: int) -> list[str]:
    """A cell with so many rings of cells around it. Raises H3CellInvalidError."""
    return sorted(h3.grid_disk(cell, rings))


def hexes_over(area: BaseGeometry, resolution: int, *, contain: Contain = "overlap") -> list[str]:
    """The cells of a resolution over a polygon or multipolygon (EPSG:4326), sorted.

    `contain`: "overlap" every cell that shares ground with it, so that it is covered; "center" the
    cells whose middle lies in it, so that neighbouring areas share no cell; "full" only whole ones.
    """
    shape = h3.geo_to_h3shape(_geojson(area))
    return sorted(h3.h3shape_to_cells_experimental(shape, resolution, contain))


def middle(cell: str) -> tuple[float, float]:
    """Longitude and latitude of a cell's middle in EPSG:4326. Raises H3CellInvalidError."""
    lat, lon = h3.cell_to_latlng(cell)
    return lon, lat


def outline(cell: str) -> Polygon:
    """The hexagon of a cell in EPSG:4326, longitude first. Raises H3CellInvalidError."""
    return Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])


def _geojson(area: BaseGeometry) -> Mapping[str, object]:
    geojson: Mapping[str, object] = shapely.geometry.mapping(shapely.force_2d(area))
    return geojson


def _refuse_no_place(lon: ArrayLike, lat: ArrayLike) -> None:
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    sound = (np.abs(x) <= MOST_LON) & (np.abs(y) <= MOST_LAT)  # false for NaN too
    if not sound.all():
        first = int(np.argmin(sound))
        raise ValueError(
            f"point {first} is no longitude and latitude: {x.flat[first]}, {y.flat[first]}"
        )
