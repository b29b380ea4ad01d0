"""Areas drawn with fewer points the further away they are, and never torn from their neighbours.

A line that two areas share is simplified once, for both: the areas of a kind are one coverage
(`shapely.coverage_simplify`, the algorithm of Visvalingam and Whyatt, Cartogr. J. 30 (1993) 46).
It drops a point where the triangle with the points before and after is smaller than the square of
the tolerance. Half a pixel of the screen as tolerance leaves what an eye can see: MapLibre shows a
tile up to twice its size, where it is one pixel.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.tiles.scheme import pixel_m

FULL_ZOOM = 17
"""From here on, where half a pixel is 0.3 m, areas are drawn as they are."""


def tolerance_m(zoom: int) -> float:
    """The tolerance in metres of EPSG:3857: half a pixel of the screen, none from FULL_ZOOM on."""
    return 0.0 if zoom >= FULL_ZOOM else pixel_m(zoom) / 2


def simplified(shapes: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    """The same (multi)polygons of one layer with fewer points; shapes and tolerance in metres.

    In a coverage (no overlaps, neighbours with the same points on their common line) neighbours go
    on having the same points. A layer that is none is simplified area by area (Douglas-Peucker),
    since there is no common line to keep. Either way no area vanishes: one that would stays as it
    is.
    """
    if tolerance <= 0 or len(shapes) == 0:
        return shapes
    if shapely.coverage_is_valid(shapes):
        fewer = shapely.coverage_simplify(shapes, tolerance)
    else:
        fewer = shapely.simplify(shapes, tolerance, preserve_topology=True)
    vanished = shapely.is_empty(fewer) | ~shapely.is_valid(fewer)
    return np.where(vanished, shapes, fewer)
