"""Joining layers: one grid of pixels for all of them, so that a point is looked up once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from grids.locate.compiled import compiled
from grids.locate.frame import Frame
from grids.locate.lines import Lines
from grids.locate.pixels import Bases, Pixels, pixels_of
from grids.locate.verdict import Index

PIXELS_PER_LINE = 24
FEWEST_PIXELS = 2**14
MOST_PIXELS = 2**24
NARROWEST_DEG = 1e-7


def index_of(layers: Sequence[Lines], areas: Sequence[int]) -> Index:
    """The index over several layers, of so many areas each. All in degrees (EPSG:4326)."""
    ends = np.concatenate([lines.ends for lines in layers])
    frame = _frame(ends, max(len(lines) for lines in layers))
    row_of = np.zeros(frame.nx * frame.ny, np.int32)
    rows = np.zeros((1, 0), np.int32)
    built: list[Pixels] = []
    bases = Bases(0, 0, 0, 0)
    for lines, count in zip(layers, areas, strict=True):
        pixels = pixels_of(lines, frame, count, bases)
        row_of, rows = _joined(row_of, rows, pixels.values)
        built.append(pixels._replace(values=np.zeros(0, np.int32)))
        bases = Bases(
            bases.records + len(pixels.records),
            bases.lines + len(lines),
            bases.nodes + len(pixels.nodes),
            bases.node_values + len(pixels.node_values),
        )
    return Index(
        frame,
        row_of,
        rows,
        np.concatenate([pixels.records for pixels in built]),
        ends,
        np.concatenate([pixels.nodes for pixels in built]),
        np.concatenate([pixels.node_values for pixels in built]),
    )


def _joined(
    row_of: NDArray[np.int32], rows: NDArray[np.int32], values: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """One more layer's values: each pair of a row and a value met becomes a row."""
    pairs = combine(row_of, values)
    return row_of, np.column_stack([rows[pairs[:, 0]], pairs[:, 1]])


@compiled
def combine(row_of: NDArray[np.int32], values: NDArray[np.int32]) -> NDArray[np.int32]:
    """Number the different pairs (row_of[k], values[k]) and write the numbers to `row_of`.

    Returns the pairs, int32[m, 2]. Open addressing; neighbours are mostly equal and not looked up.
    """
    changes = 1
    for k in range(1, len(values)):
        changes += row_of[k] != row_of[k - 1] or values[k] != values[k - 1]
    size = 2
    while size < 2 * changes:
        size *= 2
    slots, pairs = np.full(size, -1, np.int32), np.empty((changes, 2), np.int32)
    count, last_row, last_value, last = 0, -1, 0, -1
    for k in range(len(values)):
        row, value = row_of[k], values[k]
        if row != last_row or value != last_value:
            slot = (row * 0x9E3779B1 + value * 0x85EBCA77) & (size - 1)
            while slots[slot] >= 0 and (
                pairs[slots[slot], 0] != row or pairs[slots[slot], 1] != value
            ):
                slot = (slot + 1) & (size - 1)
            if slots[slot] < 0:
                slots[slot] = count
                pairs[count, 0], pairs[count, 1] = row, value
                count += 1
            last_row, last_value, last = row, value, slots[slot]
        row_of[k] = last
    return pairs[:count].copy()


def _frame(ends: NDArray[np.float64], lines: int) -> Frame:
    """A frame over all lines, one pixel free on each side, of about square pixels."""
    if not len(ends):
        return Frame(0.0, 0.0, 1.0, 1.0, 1, 1)
    west, south = np.minimum(ends[:, :2], ends[:, 2:]).min(axis=0)
    east, north = np.maximum(ends[:, :2], ends[:, 2:]).max(axis=0)
    narrow = np.cos(np.radians(np.clip((south + north) / 2, -80, 80)))
    width, height = (max(extent, NARROWEST_DEG) for extent in (east - west, north - south))
    count = min(max(lines * PIXELS_PER_LINE, FEWEST_PIXELS), MOST_PIXELS)
    side = max(np.sqrt(width * narrow * height / count), NARROWEST_DEG)
    nx = int(np.clip(width * narrow / side, 1, 2**14))
    ny = int(np.clip(height / side, 1, 2**14))
    dx, dy = float(width / nx), float(height / ny)
    return Frame(float(west) - 1.5 * dx, float(south) - 1.5 * dy, dx, dy, nx + 3, ny + 3)
