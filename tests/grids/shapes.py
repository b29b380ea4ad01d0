"""Small real geometry for tests: boxes in metres, laid out east and north of a place in Dadong."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.crs import metres_per_degree

WEST, SOUTH = 123.45, 41.80
SCALE = np.array(metres_per_degree(SOUTH))


def laid_out(metres: BaseGeometry) -> BaseGeometry:
    """Metres east and north of the place → EPSG:4326."""
    return shapely.transform(metres, lambda xy: xy / SCALE + [WEST, SOUTH])


def box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """A box given in metres, in EPSG:4326."""
    return laid_out(shapely.box(west, south, east, north))
