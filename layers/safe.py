"""Points told so coarsely that none can be singled out (k-anonymity). Pure.

Not answers are made safe, but what they are worked out from. Each case is told by the finest
description - area, quarter, category - that at least k cases share, and by nothing finer; what no
description of k cases covers is not told. All counts, maps and tests for people without the right
to see more are worked out from that. So whatever is asked, added up or subtracted, its smallest
parts are groups of k or more (L. Sweeney, Int. J. Uncertain. Fuzz. 10 (2002) 557: every query on a
k-anonymous table is k-anonymous, which holds for no rounding or hiding of single answers).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.aggregate import BEIJING, Period, periods
from layers.columns import NONE, Coded, Instants, Ints, Points

K = 5


@dataclass(frozen=True)
class Level:
    """How exactly a group is told: by which area column, and whether with its category."""

    area: str
    category: bool


LEVELS = (
    Level("grid", category=True),
    Level("community", category=True),
    Level("grid", category=False),
    Level("street", category=True),
    Level("community", category=False),
    Level("street", category=False),
    Level("district", category=False),
)
"""From the finest on. What is left of a level goes up to the next one, all together."""

AREAS = ("grid", "community", "street", "district")


def generalised(columns: Sequence[Sequence[Ints]], k: int) -> Ints:
    """For each of n rows the first level at which k rows not yet told agree in all its columns.

    NONE where no level has k of them, and at a level where one of the row's codes is NONE.
    """
    rows = len(columns[0][0])
    told = np.full(rows, NONE, np.int32)
    for level, codes in enumerate(columns):
        left = np.flatnonzero((told == NONE) & np.all([code != NONE for code in codes], axis=0))
        if left.size:
            keys = np.stack([code[left] for code in codes])
            _, group, many = np.unique(keys, axis=1, return_inverse=True, return_counts=True)
            told[left[many[group] >= k]] = level
    return told


def safe(points: Points, until: Instants, k: int = K) -> Points:
    """The points of whole quarters before ``until`` as they may be told to everybody.

    Needs the columns ``grid``, ``community``, ``street``, ``district`` and ``category``. Of each
    point is left: the areas and the category of its group, and the first instant of its quarter.
    Where it lay, when it was, how long it took: nothing of it. Points that no group covers are
    left out.
    """
    points = points.taken(points.at < quarter_of(until))
    quarter = periods(points.at, Period.QUARTER)
    category = points.codes["category"]
    columns = [
        [
            points.codes[level.area].numbers,
            quarter.numbers,
            *([category.numbers] if level.category else []),
        ]
        for level in LEVELS
    ]
    told = generalised(columns, k)
    points, quarter, told = (
        points.taken(told != NONE),
        quarter.taken(told != NONE),
        told[told != NONE],
    )
    areas = {name: _known(points.codes[name], told, name) for name in AREAS}
    with_category = np.array([level.category for level in LEVELS])[told]
    shown = np.where(with_category, points.codes["category"].numbers, NONE).astype(np.int32)
    nowhere = np.full(len(points), np.nan)
    codes = {**areas, "category": Coded(category.names, shown)}
    return Points(nowhere, nowhere, quarter_of(points.at), codes, {})


def _known(column: Coded, told: Ints, name: str) -> Coded:
    """The codes of an area column for the rows whose level is that area or a finer one."""
    finest = AREAS.index(name)
    exact = np.array([AREAS.index(level.area) <= finest for level in LEVELS])[told]
    return Coded(column.names, np.where(exact, column.numbers, NONE).astype(np.int32))


def quarter_of(at: Instants) -> Instants:
    """The first instant (UTC) of the quarter of Beijing in which each instant lies."""
    months = (at + BEIJING).astype("datetime64[M]").astype(np.int64)
    begun: Instants = (months // 3 * 3).astype("datetime64[M]").astype("datetime64[us]")
    return np.asarray(begun - BEIJING, "datetime64[us]")
