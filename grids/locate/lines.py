"""The lines of a layer: every straight piece of its areas' boundaries, once, with its owners."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

MORTON_BITS = 16


@dataclass(frozen=True)
class Lines:
    """n straight lines in degrees (EPSG:4326) and the areas whose boundary holds each.

    `ends`: float64[n, 4], lon and lat of both ends, the lesser end first; lines near each other
    stand near each other. Owners of line i: `owners[first[i]:first[i + 1]]`, ascending.
    """

    ends: NDArray[np.float64]
    first: NDArray[np.int32]
    owners: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def arrays(self) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int32]]:
        """Ends, first, owners."""
        return self.ends, self.first, self.owners


def lines_of(areas: Sequence[BaseGeometry]) -> Lines:
    """The lines of valid polygons or multipolygons; the owner of a line is its area's position.

    A line that two areas share vertex by vertex is one line with two owners. Lines that only
    overlap (a T-junction the neighbour has no vertex for) stay separate: nothing depends on it.
    """
    ends, owner = _pieces(areas)
    order = np.lexsort((owner, ends[:, 3], ends[:, 2], ends[:, 1], ends[:, 0]))
    ends, owner = ends[order], owner[order]
    fresh = np.ones(len(ends), dtype=bool)
    fresh[1:] = (ends[1:] != ends[:-1]).any(axis=1)
    starts = np.flatnonzero(fresh)
    counts = np.diff(np.append(starts, len(ends)))
    near = _morton(ends[starts]).argsort(kind="stable")
    first = np.concatenate([[0], np.cumsum(counts[near])]).astype(np.int32)
    picks = np.repeat(starts[near] - first[:-1], counts[near]) + np.arange(len(ends))
    return Lines(np.ascontiguousarray(ends[starts][near]), first, owner[picks])


def _pieces(
    areas: Sequence[BaseGeometry],
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Every piece of every ring with its area, the lesser end first, none of length zero."""
    parts, area_of_part = shapely.get_parts(np.asarray(areas, dtype=object), return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    corners = corners + 0.0  # -0.0 and 0.0 are one place
    one, other = corners[:-1], corners[1:]
    real = (ring[:-1] == ring[1:]) & (one != other).any(axis=1)
    one, other = one[real], other[real]
    turned = (one[:, 0] > other[:, 0]) | ((one[:, 0] == other[:, 0]) & (one[:, 1] > other[:, 1]))
    ends = np.hstack([np.where(turned[:, None], other, one), np.where(turned[:, None], one, other)])
    return ends, area_of_part[part_of_ring[ring[:-1][real]]].astype(np.int32)


def _morton(ends: NDArray[np.float64]) -> NDArray[np.uint64]:
    """The place of each line's middle on a curve that keeps neighbours together (Z-order)."""
    if not len(ends):
        return np.zeros(0, dtype=np.uint64)
    middle = (ends[:, :2] + ends[:, 2:]) / 2
    low = middle.min(axis=0)
    extent = np.maximum(middle.max(axis=0) - low, np.finfo(np.float64).tiny)
    cell = ((middle - low) / extent * (2**MORTON_BITS - 1)).astype(np.uint64)
    code = np.zeros(len(ends), dtype=np.uint64)
    for bit in range(MORTON_BITS):
        for axis in (0, 1):
            code |= ((cell[:, axis] >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit + axis)
    return code
