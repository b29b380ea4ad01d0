"""Which cells are neighbours: sparse binary matrices without the cells themselves. Pure."""

from collections.abc import Sequence

import h3.api.memview_int as h3
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from layers.columns import Floats


def hexagons(cells: Sequence[str], rings: int = 1) -> csr_array:
    """Neighbours of n H3 cells of one resolution, up to so many rings away, in their order.

    Only cells that are given are neighbours. Raises h3.H3CellInvalidError.
    """
    if not cells:
        return _binary(np.empty(0, int), np.empty(0, int), 0)
    numbers = np.array([int(cell, 16) for cell in cells], np.uint64)
    disks = [h3.grid_disk(cell, rings) for cell in numbers.tolist()]
    rows = np.repeat(np.arange(len(cells)), [len(disk) for disk in disks])
    near = np.frombuffer(b"".join(disks), np.uint64)
    order = np.argsort(numbers)
    place = np.searchsorted(numbers[order], near)
    columns = order[np.minimum(place, len(cells) - 1)]
    known = (numbers[columns] == near) & (rows != columns)
    ends = np.concatenate([[0], np.cumsum(np.bincount(rows[known], minlength=len(cells)))])
    size = len(cells), len(cells)
    return csr_array((np.ones(ends[-1]), columns[known], ends), shape=size)


def contiguity(areas: NDArray[np.object_], *, corners: bool = True) -> csr_array:
    """Neighbours of n polygons that touch: with ``corners`` in a point too (queen), else rook.

    Lines must meet exactly, as those of an edition do.
    """
    one, other = shapely.STRtree(areas).query(areas, predicate="intersects")
    apart = one != other
    one, other = one[apart], other[apart]
    if not corners:
        shared = shapely.length(shapely.intersection(areas[one], areas[other])) > 0
        one, other = one[shared], other[shared]
    return _binary(one, other, len(areas))


def within(xy_m: Floats, metres: float) -> csr_array:
    """Neighbours of n points (n × 2, metres) that lie no farther apart than so many metres."""
    pairs = cKDTree(xy_m).query_pairs(metres, output_type="ndarray")
    both = np.concatenate([pairs, pairs[:, ::-1]])
    return _binary(both[:, 0], both[:, 1], len(xy_m))


def _binary(rows: NDArray[np.integer], columns: NDArray[np.integer], size: int) -> csr_array:
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))
