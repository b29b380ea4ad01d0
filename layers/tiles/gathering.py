"""Points counted in squares so that nobody finds out a small count, whatever zooms he compares.

Squares are those of a quadtree: a square of level L has four quarters of level L + 1. What is
shown are the squares of one partition, at coarser zooms their sums; nothing else is ever told. The
partition begins with the squares of the coarsest level; one with fewer points than `fewest` is
left out. A square is then divided, or it is not, as `divides` says:

* Not divided: its count is shown, and nothing about its quarters.
* Divided: its large quarters (`fewest` or more) are looked at in the same way; its small ones are
  left out of every count, also of those of the squares above. So no difference between a square
  and its shown quarters is left to be a small count: it is always nothing.

Hence any square that is not shown may be empty, whatever is shown:

* One that was left out: without its points, everything shown would be the same.
* A quarter of a square that was not divided: `divides` is such that for any count there are ways to
  put all points into the other three quarters which are not divided either.

And a square that is shown has at least the count that is shown. Squares with one to `fewest` - 1
points can therefore not be told from empty ones. This protects one set of points, against those who
know only what is shown here: a total published elsewhere, or the same tiles an hour ago, tells
more, as it does for any table of exact counts.

Complementary suppression as in L. Willenborg and T. de Waal, Elements of Statistical Disclosure
Control (2001), ch. 4-6; here it takes no search, since a tree has but one sum per square.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

LEFT_OUT = 20
"""At most one point in so many is left out where a square is divided."""


class Squares(NamedTuple):
    """Squares of the quadtree, m of each: level, column from the west, row from the north, points.

    Level L has 2^L columns and rows.
    """

    level: Ints
    column: Ints
    row: Ints
    total: Ints


def divides(quarters: Ints, fewest: int) -> NDArray[np.bool_]:
    """Whether squares (m, 4: points in each quarter) are divided; `fewest` ≥ 1.

    One without a large quarter is not. One with small quarters is where they hold at most one point
    in twenty, or where the square holds so many, 40 (`fewest` - 1), that this could fail only with
    points in all small quarters: not to divide it would tell that none is empty.
    """
    small = np.where(quarters < fewest, quarters, 0).sum(axis=1)
    whole = quarters.sum(axis=1)
    many = 2 * LEFT_OUT * (fewest - 1)
    some_large = (quarters >= fewest).any(axis=1)
    return np.asarray(some_large & ((small * LEFT_OUT <= whole) | (whole >= many)))


def partition(points: Ints, coarsest: int, finest: int, fewest: int) -> Squares:
    """The squares that are shown, of levels `coarsest` to `finest`, each with `fewest` or more.

    `points` (n, 2): column and row of each point's square of level `finest`. With `fewest` 1 every
    square that is not empty is divided down to `finest`.
    """
    found = [_none()]
    for level in range(coarsest, finest):
        squares, member, quarters = _counted(points, level, finest)
        large = squares.total >= fewest
        divided = large & divides(quarters, fewest)
        found.append(_kept(squares, large & ~divided))
        points = points[divided[member]]
    squares, _, _ = _counted(points, finest, finest)
    found.append(_kept(squares, squares.total >= fewest))
    return Squares(*map(np.concatenate, zip(*found, strict=True)))


def gathered(squares: Squares, level: int) -> Squares:
    """The partition as it is shown at one level: finer squares summed up, coarser as they are.

    Its counts add up to the same at every level.
    """
    shift = np.maximum(squares.level - level, 0)
    above = Squares(
        squares.level - shift, squares.column >> shift, squares.row >> shift, squares.total
    )
    _, first, which = np.unique(identities(above), return_index=True, return_inverse=True)
    count = np.zeros(len(first), np.int64)
    np.add.at(count, which, squares.total)
    return Squares(above.level[first], above.column[first], above.row[first], count)


def identities(squares: Squares) -> Ints:
    """A number for each square of the quadtree, coarse ones first, the same in every partition."""
    coarser = ((1 << 2 * squares.level) - 1) // 3
    return coarser + (squares.row << squares.level) + squares.column


def _counted(points: Ints, level: int, finest: int) -> tuple[Squares, Ints, Ints]:
    """The squares of a level that hold points, the place of each point's square, (m, 4) counts.

    The last has a row for each square and a column for each quarter.
    """
    shift = finest - level
    column, row = (points >> shift).T
    east, south = ((points >> max(shift - 1, 0)) & 1).T
    places, member = np.unique(row << level | column, return_inverse=True)
    quarter = 4 * member + east + 2 * south
    quarters = np.bincount(quarter, minlength=4 * len(places)).reshape(-1, 4)
    rows, columns = places >> level, places & ((1 << level) - 1)
    squares = Squares(np.full(len(places), level), columns, rows, quarters.sum(axis=1))
    return squares, member, quarters


def _kept(squares: Squares, chosen: NDArray[np.bool_]) -> Squares:
    return Squares(*(column[chosen] for column in squares))


def _none() -> Squares:
    return Squares(*(np.empty(0, np.int64) for _ in range(4)))
