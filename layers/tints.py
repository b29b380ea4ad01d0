"""Tints that tell neighbours apart, as on any political map."""

from itertools import count

import numpy as np
import shapely
from numpy.typing import NDArray


def tints(shapes: NDArray[np.object_]) -> list[int]:
    """For each polygon a small number, from 0, that none of the polygons it touches has.

    Greedy in the order given, hence the same for the same edition; districts need six or fewer.
    """
    neighbours = _neighbours(shapes)
    given: list[int] = []
    for place in range(len(shapes)):
        taken = {given[other] for other in neighbours[place] if other < place}
        given.append(next(tint for tint in count() if tint not in taken))
    return given


def _neighbours(shapes: NDArray[np.object_]) -> list[set[int]]:
    found: list[set[int]] = [set() for _ in shapes]
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for one, other in pairs.T.tolist():
        if one != other:
            found[one].add(other)
    return found
