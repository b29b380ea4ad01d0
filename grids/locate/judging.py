"""From verdicts and nearest lines to answers: position, distance, runner-up, nearest area."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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

    pixels: Index
    search: Search
    outlines: Ints

    def judge(self, layers: Ints, lon: Floats, lat: Floats) -> Judgement:
        """What layer layers[k] says of point k (degrees, EPSG:4326)."""
        area, other, deep, touching = self._verdicts(layers, lon, lat)
        place_x, place_y, beyond_x, beyond_y, distance = self._nearest(layers, lon, lat)
        runner_up, second, _, _ = self._verdicts(layers, beyond_x, beyond_y)
        runner_up = np.where(runner_up == area, second, runner_up)
        line = touching > 0
        runner_up = np.where(line | (runner_up == NONE), other, runner_up)
        position = np.where(deep > 1, OVERLAP, np.where(line, ON_LINE, INSIDE)).astype(np.int8)
        distance[line] = 0.0
        nearest = np.full(len(lon), NONE, np.int32)
        lost = np.flatnonzero(area == NONE)
        if len(lost):
            nearest[lost] = self._verdicts(layers[lost], place_x[lost], place_y[lost])[0]
            enclosing = self._verdicts(self.outlines[layers[lost]], lon[lost], lat[lost])[0]
            position[lost] = np.where(enclosing == NONE, OUTSIDE, GAP)
        return Judgement(area, position, distance, runner_up, nearest, deep, touching)

    def _verdicts(self, layers: Ints, lon: Floats, lat: Floats) -> Ints:
        """Rows: lowest area, second lowest, number deep inside, number touching."""
        found = np.empty((4, len(lon)), np.int32)
        verdicts_into(self.pixels, layers, lon, lat, found)
        return found

    def _nearest(self, layers: Ints, lon: Floats, lat: Floats) -> Floats:
        """Rows: place (x, y) on the nearest line, another just beyond it, distance in metres."""
        found = np.empty((5, len(lon)))
        nearest_into(self.search, layers, lon, lat, found)
        return found
