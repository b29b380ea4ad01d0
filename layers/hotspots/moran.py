"""Moran's I: are neighbours more alike than chance would make them? Pure.

P. A. P. Moran, Biometrika 37 (1950) 17; moments under randomisation: A. D. Cliff, J. K. Ord,
Spatial Processes (1981), p. 21; local: L. Anselin, Geogr. Anal. 27 (1995) 93.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import norm

from layers.columns import Floats


class Moran(NamedTuple):
    """I, what it would be by chance, how many standard deviations lie between, two-sided p."""

    i: float
    expected: float
    z: float
    p: float


class Quadrant(IntEnum):
    """A cell and its neighbours against the mean."""

    HIGH_HIGH = 1
    LOW_HIGH = 2
    LOW_LOW = 3
    HIGH_LOW = 4


class LocalMoran(NamedTuple):
    """I of n cells, the quadrant of each (0 without neighbours), and a one-sided pseudo p."""

    i: Floats
    quadrant: NDArray[np.int8]
    p: Floats


def moran(values: NDArray[np.number], neighbours: csr_array) -> Moran:
    """Moran's I with row-standardised weights; z under randomisation.

    All zero and p 1 where nothing varies, or nobody has a neighbour.
    """
    z, weights = _deviations(values), _rows_sum_to_one(neighbours)
    many, total, squares = len(z), weights.sum(), (z**2).sum()
    expected = -1.0 / max(many - 1, 1)
    if many < 4 or total == 0 or squares == 0:  # noqa: PLR2004 - the moments divide by n - 3
        return Moran(0.0, expected, 0.0, 1.0)
    i = many / total * (z @ (weights @ z)) / squares
    deviation = np.sqrt(_variance(weights, z, expected))
    score = (i - expected) / deviation
    return Moran(float(i), expected, float(score), float(2 * norm.sf(abs(score))))


def _variance(weights: csr_array, z: Floats, expected: float) -> float:
    many, s0 = len(z), weights.sum()
    both = weights + weights.T
    s1 = both.multiply(both).sum() / 2
    s2 = ((weights.sum(axis=1) + weights.sum(axis=0)) ** 2).sum()
    k = (z**4).mean() / (z**2).mean() ** 2
    one = many * ((many**2 - 3 * many + 3) * s1 - many * s2 + 3 * s0**2)
    two = k * ((many**2 - many) * s1 - 2 * many * s2 + 6 * s0**2)
    below = (many - 1) * (many - 2) * (many - 3) * s0**2
    return float((one - two) / below - expected**2)


def local_moran(
    values: NDArray[np.number], neighbours: csr_array, permutations: int, seed: int
) -> LocalMoran:
    """Local I with row-standardised weights; p from conditional permutation.

    Each cell keeps its value and draws its neighbours from all others, each draw with another
    order; p is the share of draws at least as extreme on the side of what was found, counted with
    what was found itself.
    """
    z, weights = _deviations(values), _rows_sum_to_one(neighbours)
    variance = (z**2).mean() if len(z) else 0.0
    lag = weights @ z
    size = np.diff(weights.indptr)
    with_any = size > 0
    i = z * lag / variance if variance > 0 else np.zeros(len(z))
    quadrant = np.where(z > 0, np.where(lag > 0, 1, 4), np.where(lag > 0, 2, 3))
    p = np.ones(len(z))
    if variance > 0:
        chance = np.random.default_rng(seed)
        for k in np.unique(size[with_any]):
            cells = np.flatnonzero(size == k)
            p[cells] = _conditional(z, lag, cells, _draws(chance, len(z), int(k), permutations))
    return LocalMoran(i, np.where(with_any, quadrant, 0).astype(np.int8), p)


def _draws(
    chance: np.random.Generator, many: int, size: int, permutations: int
) -> NDArray[np.int64]:
    """permutations × size places of others, without repetition, counted without the cell itself."""
    order = chance.random((permutations, many - 1)).argpartition(size - 1, axis=1)
    return order[:, :size]


def _conditional(
    z: Floats, lag: Floats, cells: NDArray[np.int64], draws: NDArray[np.int64]
) -> Floats:
    p = np.empty(len(cells))
    for place, cell in enumerate(cells):
        others = draws + (draws >= cell)
        drawn = z[others].mean(axis=1)
        larger = int((z[cell] * drawn >= z[cell] * lag[cell]).sum())
        extreme = min(larger, len(drawn) - larger)
        p[place] = (extreme + 1) / (len(drawn) + 1)
    return p


def _deviations(values: NDArray[np.number]) -> Floats:
    x = np.asarray(values, np.float64)
    if not np.isfinite(x).all():
        raise ValueError("values must be finite")
    found: Floats = x - x.mean() if len(x) else x
    return found


def _rows_sum_to_one(neighbours: csr_array) -> csr_array:
    rows = neighbours.sum(axis=1)
    each = np.divide(1.0, rows, out=np.zeros(len(rows)), where=rows > 0)
    return csr_array(neighbours.multiply(each[:, None]))
