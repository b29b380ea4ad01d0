"""Getis-Ord Gi*: is the sum of a cell and its neighbours more than chance would give? Pure.

The null hypothesis: the values of all cells are dealt to the cells at random. J. K. Ord, A. Getis,
Geogr. Anal. 27 (1995) 286.
"""

from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import norm

from layers.columns import Floats

MOST_STEPS = 200_000_000
"""Of multiplications for the exact distribution: about a second."""


class GiStar(NamedTuple):
    """``z`` of n cells, positive where there is more than expected, and its two-sided p."""

    z: Floats
    p: Floats


def gi_star(values: NDArray[np.number], neighbours: csr_array) -> GiStar:
    """Gi* of n values with binary weights, each cell being its own neighbour, by the normal law.

    Equation 14 of Ord and Getis. z is 0 and p 1 where all values are the same, and where a cell is
    everybody's neighbour. Raises ValueError for values that are not finite.
    """
    x = _finite(values)
    many = len(x)
    if many == 0:
        return GiStar(x, x)
    local, size = _sums(x, neighbours)
    spread = np.sqrt(np.maximum((x**2).mean() - x.mean() ** 2, 0.0))
    deviation = spread * np.sqrt(np.maximum(many * size - size**2, 0.0) / max(many - 1, 1))
    z = np.divide(local - x.mean() * size, deviation, out=np.zeros(many), where=deviation > 0)
    return GiStar(z, 2 * norm.sf(np.abs(z)))


def exact_p(values: NDArray[np.integer], neighbours: csr_array) -> Floats | None:
    """Two-sided p of the same sums for counts, exactly, under the same null hypothesis.

    How many ways there are to draw k cells whose counts add up to s is the coefficient of
    y^k x^s in the product over all counts v of (1 + y x^v)^m, of which m cells have v. No sampling,
    no normal law: right for few cases too. Twice the smaller tail, at most 1. None where the counts
    are so large that it would take long; then the normal law is good.
    """
    x = np.asarray(values, np.int64)
    local, size = (each.astype(np.int64) for each in _sums(x, neighbours))
    most = int(size.max(initial=0))
    found, many = np.unique(x, return_counts=True)
    longest = int(np.sort(x)[::-1][:most].sum()) + 1
    if len(found) * most * most * longest > MOST_STEPS:
        return None
    ways = _ways(found, many, most, longest)
    p = np.ones(len(x))
    for k in np.unique(size):
        share = ways[k] / comb(len(x), int(k))
        below, above = np.cumsum(share), np.cumsum(share[::-1])[::-1]
        these = size == k
        p[these] = np.minimum(1.0, 2 * np.minimum(below[local[these]], above[local[these]]))
    return p


def _ways(found: NDArray[np.int64], many: NDArray[np.int64], most: int, longest: int) -> Floats:
    """(most + 1) × longest: in how many ways k cells have a sum."""
    ways = np.zeros((most + 1, longest))
    ways[0, 0] = 1.0
    for value, cells in zip(found.tolist(), many.tolist(), strict=True):
        before = ways.copy()
        for drawn in range(1, min(most, cells) + 1):
            shift = drawn * value
            if shift >= longest:
                break
            times = float(comb(cells, drawn))
            ways[drawn:, shift:] += times * before[: most + 1 - drawn, : longest - shift]
    return ways


def _sums(x: NDArray[np.number], neighbours: csr_array) -> tuple[Floats, NDArray[np.int64]]:
    """The sum of each cell and its neighbours, and how many they are."""
    local = np.asarray(neighbours @ x + x)
    return local, np.diff(neighbours.indptr).astype(np.int64) + 1


def _finite(values: NDArray[np.number]) -> Floats:
    x = np.asarray(values, np.float64)
    if not np.isfinite(x).all():
        raise ValueError("values must be finite")
    return x
