"""From verdicts and nearest lines to answers: position, distance, runner-up, nearest area."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.crs import metres_per_degree
from grids.locate.answers import POSITIONS, Position
from grids.locate.nearest import Search, nearest_into
from grids.locate.verdict import NONE, Index, verdicts_into

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

INSIDE, ON_LINE, OVERLAP, GAP, OUTSIDE = (POSITIONS.index(position) for position in Position)


class Judgement(NamedTuple):
    """The answers on n points, as in LayerAnswer."""

    area: Ints
    position: NDArray[np.int8]
    distance_m: Floats
    runner_up: Ints
    nearest: Ints
    deep: Ints
    touching: Ints


class Court(NamedTuple):
    """All that judging needs. `outlines`: for each layer the layer that encloses its gaps."""

    index: Index
    search: Search
    outlines: Ints

    def judge(self, layers: Ints, lon: Floats, lat: Floats) -> Judgement:
        """What layer layers[k] says of point k (degrees, EPSG:4326)."""
        area, other, deep, touching = self._verdicts(layers, lon, lat)
        feet = self._feet(layers, lon, lat)
        distance = np.where(touching > 0, 0.0, _metres(lon, lat, feet[0], feet[1]))
        beyond, beyond_too, _, _ = self._verdicts(layers, feet[2], feet[3])
        runner_up = np.where(beyond == area, beyond_too, beyond)
        runner_up = np.where((touching > 0) | (runner_up == NONE), other, runner_up)
        position = np.where(deep > 1, OVERLAP, np.where(touching > 0, ON_LINE, INSIDE))
        nearest = np.full(len(lon), NONE, np.int32)
        lost = np.flatnonzero(area == NONE)
        if len(lost):
            nearest[lost] = self._verdicts(layers[lost], feet[0, lost], feet[1, lost])[0]
            enclosing = self._verdicts(self.outlines[layers[lost]], lon[lost], lat[lost])[0]
            position[lost] = np.where(enclosing == NONE, OUTSIDE, GAP)
        return Judgement(
            area, position.astype(np.int8), distance, runner_up, nearest, deep, touching
        )

    def _verdicts(self, layers: Ints, lon: Floats, lat: Floats) -> NDArray[np.int32]:
        """Rows: lowest area, second lowest, number deep inside, number touching."""
        found = np.empty((4, len(lon)), np.int32)
        verdicts_into(self.index, layers, lon, lat, found)
        return found

    def _feet(self, layers: Ints, lon: Floats, lat: Floats) -> NDArray[np.float64]:
        """Rows: longitude and latitude of the nearest line's nearest point; of one just beyond."""
        found = np.empty((4, len(lon)))
        nearest_into(self.search, layers, lon, lat, *metres_per_degree(lat), found)
        return found


def _metres(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Floats:
    """Distances by the scale halfway; inf where there is no line to go to (NaN)."""
    scale_x, scale_y = metres_per_degree((lat + to_lat) / 2)
    distance = np.hypot((to_lon - lon) * scale_x, (to_lat - lat) * scale_y)
    return np.where(np.isnan(distance), np.inf, distance)
