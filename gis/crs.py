"""Reference systems by name, metres in the right zone, and no geometry without one."""

import math
from typing import TypeVar, overload

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

WGS84 = 4326
CGCS2000 = 4490

# GRS/WGS-84 ellipsoid (EPSG:7030).
SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING)

# CGCS2000 / 3-degree Gauss-Krueger with central meridians 75°E … 135°E.
FIRST_ZONE, FIRST_MERIDIAN, LAST_MERIDIAN = 4534, 75, 135
ZONE_WIDTH = 3

Shapes = TypeVar("Shapes", gpd.GeoDataFrame, gpd.GeoSeries)


class MissingCrs(ValueError):
    """A geometry came without its reference system."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}: 没有坐标参考系，请声明，例如 EPSG:4490 / no reference system, "
            "declare it, for example EPSG:4490"
        )


def require_crs(shapes: Shapes) -> Shapes:
    """The shapes themselves. Raises MissingCrs where they have no reference system."""
    if shapes.crs is None:
        raise MissingCrs(type(shapes).__name__)
    return shapes


def gauss_kruger(lon: float) -> int:
    """The EPSG code of the 3-degree zone of CGCS2000 around a longitude, 4534 to 4554.

    A longitude between two zones belongs to the eastern one. Raises ValueError outside of 73.5 to
    136.5 degrees east, the edges included.
    """
    half = ZONE_WIDTH / 2
    if not FIRST_MERIDIAN - half <= lon <= LAST_MERIDIAN + half:
        raise ValueError(
            f"经度 {lon} 不在 CGCS2000 三度带（73.5 至 136.5 度）内 / "
            f"longitude {lon} lies in no 3-degree zone of CGCS2000 (73.5 to 136.5)"
        )
    zone = math.floor((lon - FIRST_MERIDIAN + half) / ZONE_WIDTH)
    return min(FIRST_ZONE + zone, FIRST_ZONE + (LAST_MERIDIAN - FIRST_MERIDIAN) // ZONE_WIDTH)


def to_metres(shapes: Shapes, lon: float) -> Shapes:
    """Shapes of any reference system in metres, in the zone of CGCS2000 around a longitude.

    Raises MissingCrs, and ValueError where the longitude lies in no zone.
    """
    return require_crs(shapes).to_crs(gauss_kruger(lon))


def to_degrees(shapes: Shapes) -> Shapes:
    """Shapes of any reference system in EPSG:4326, longitude first. Raises MissingCrs."""
    return require_crs(shapes).to_crs(WGS84)


@overload
def metres_per_degree(lat: float) -> tuple[float, float]: ...
@overload
def metres_per_degree(
    lat: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
def metres_per_degree(lat):  # type: ignore[no-untyped-def]
    """Metres in one degree of longitude and of latitude at a latitude, on the ellipsoid.

    Radii of curvature in the prime vertical and in the meridian (Snyder 1987, eq. 4-18, 4-20).
    """
    sine_2 = np.sin(np.radians(lat)) ** 2
    prime = SEMI_MAJOR_M / np.sqrt(1 - ECCENTRICITY_2 * sine_2)
    meridian = prime * (1 - ECCENTRICITY_2) / (1 - ECCENTRICITY_2 * sine_2)
    east, north = np.radians(prime * np.cos(np.radians(lat))), np.radians(meridian)
    return (float(east), float(north)) if np.isscalar(lat) else (east, north)
