"""A flat metre grid over the district, and the degrees it stands for.

Scaled, not projected: what is straight in metres is straight in longitude and latitude.
"""

import numpy as np
from numpy.typing import NDArray

from gis.crs import metres_per_degree

Points = NDArray[np.float64]

ORIGIN = np.array([123.5, 41.85])
SCALE = np.array(metres_per_degree(float(ORIGIN[1])))


def metres(lonlat: Points) -> Points:
    """Metres east and north of the origin; degrees WGS-84 in, shape (n, 2)."""
    return np.asarray((lonlat - ORIGIN) * SCALE)


def degrees(xy: Points) -> Points:
    """Degrees WGS-84, longitude first; metres in, shape (n, 2)."""
    return np.asarray(ORIGIN + xy / SCALE)
