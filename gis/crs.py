"""Reference systems by name, metres in the right zone, and no geometry without one."""

from typing import overload

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


class MissingCrs(ValueError):
    """A geometry came without its reference system."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}: 没有坐标参考系，请声明，例如 EPSG:4490 / no reference system, "
            "declare it, for example EPSG:4490"
        )


def require_crs(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame itself. Raises MissingCrs where it has no reference system."""
    if frame.crs is None:
        raise MissingCrs("GeoDataFrame")
    return frame


def gauss_kruger(lon: float) -> int:
    """The EPSG code of the 3-degree zone of CGCS2000 around a longitude.

    Raises ValueError outside 73.5–136.5 degrees east.
    """
    meridian = round(lon / 3) * 3
    if not FIRST_MERIDIAN <= meridian <= LAST_MERIDIAN:
        raise ValueError(f"longitude {lon} lies in no Gauss-Kruger zone of CGCS2000")
    return FIRST_ZONE + (meridian - FIRST_MERIDIAN) // 3


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
