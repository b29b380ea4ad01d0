"""Made-up coverages for measuring and testing: cells that share wiggly lines, vertex by vertex."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

Points = NDArray[np.float64]


def wiggly_cells(
    bounds: tuple[float, float, float, float],
    columns: int,
    rows: int,
    *,
    pieces: int = 24,
    seed: int = 0,
) -> list[Polygon]:
    """A coverage of the bounds (west, south, east, north) by columns x rows cells, row by row.

    Each side of a cell is a wiggly line of `pieces` straight ones, the same for both cells that
    share it; the outer sides are straight. Corners are moved at random, `seed` says how.
    """
    random = np.random.default_rng(seed)
    corners = _corners(bounds, columns, rows, random)
    across = [
        [_side(corners[r, c], corners[r, c + 1], pieces, random, wiggle=0 < r < rows)
         for c in range(columns)] for r in range(rows + 1)
    ]  # fmt: skip
    upward = [
        [_side(corners[r, c], corners[r + 1, c], pieces, random, wiggle=0 < c < columns)
         for c in range(columns + 1)] for r in range(rows)
    ]  # fmt: skip
    return [
        _cell([across[r][c], upward[r][c + 1], across[r + 1][c][::-1], upward[r][c][::-1]])
        for r in range(rows)
        for c in range(columns)
    ]


def _corners(
    bounds: tuple[float, float, float, float], columns: int, rows: int, random: np.random.Generator
) -> NDArray[np.float64]:
    west, south, east, north = bounds
    x, y = np.meshgrid(np.linspace(west, east, columns + 1), np.linspace(south, north, rows + 1))
    corners = np.stack([x, y], axis=-1)
    steps = np.array([(east - west) / columns, (north - south) / rows])
    moved = random.uniform(-0.15, 0.15, (rows - 1, columns - 1, 2)) * steps
    corners[1:-1, 1:-1] += moved
    return corners


def _side(
    start: Points, end: Points, pieces: int, random: np.random.Generator, *, wiggle: bool
) -> Points:
    share = np.linspace(0, 1, pieces + 1)[:, None]
    line = start + share * (end - start)
    if wiggle:
        across = np.array([-(end - start)[1], (end - start)[0]])
        phases, sizes = random.uniform(0, 2 * np.pi, 3), random.uniform(0.01, 0.05, 3)
        waves = sum(
            size * np.sin(2 * np.pi * (k + 1) * share + phase)
            for k, (phase, size) in enumerate(zip(phases, sizes, strict=True))
        )
        line = line + waves * np.sin(np.pi * share) * across
    line[0], line[-1] = start, end
    return line


def _cell(sides: Sequence[Points]) -> Polygon:
    return Polygon(np.concatenate([side[:-1] for side in sides]))
