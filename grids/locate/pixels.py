"""The pixels of a layer: a survey of the whole frame, then of every pixel too dense to decide in.

A pixel's value is an area (≥ 0: wholly inside that one), -1 (wholly in none) or -2 - r, where r is
the place of its record (see `survey`). A dense pixel's record names a node: a finer frame over
that pixel alone. So memory follows the number of lines, not the square of the finest detail, and
cells of one city may stand in a frame as large as the country.
"""

from math import ceil, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from grids.locate.frame import Frame, spot_of
from grids.locate.lines import Lines
from grids.locate.survey import Ground, Start, Survey, survey


class Pixels(NamedTuple):
    """The pixels of one layer or, joined, of several.

    `values`: int32 of the frame, south to north and west to east. `nodes`: float64[m, 7] with
    x0, y0, dx, dy, nx, ny and where the node's values begin in `node_values`.
    """

    values: NDArray[np.int32]
    records: NDArray[np.int32]
    nodes: NDArray[np.float64]
    node_values: NDArray[np.int32]


class Bases(NamedTuple):
    """What comes before a layer in the arrays it shares with others."""

    records: int
    lines: int
    nodes: int
    node_values: int


class _Task(NamedTuple):
    """A dense pixel of a surveyed frame, still to be divided."""

    survey: Survey
    frame: Frame
    row: int


def pixels_of(lines: Lines, frame: Frame, areas: int, bases: Bases) -> Pixels:
    """Survey a layer of `areas` areas. Raises RuntimeError if its lines do not close.

    The outermost pixels of the frame must be free of lines.
    """
    builder = _Builder(lines, areas, bases)
    values = builder.whole(frame)
    while builder.waiting:
        builder.divide(builder.waiting.pop())
    return builder.pixels(values)


class _Builder:
    def __init__(self, lines: Lines, areas: int, bases: Bases) -> None:
        self.lines, self.areas, self.bases = lines, areas, bases
        self.waiting: list[_Task] = []
        self.records: list[NDArray[np.int32]] = []
        self.nodes: list[tuple[float, ...]] = []
        self.node_values: list[NDArray[np.int32]] = []
        self.used, self.filled = bases.records, bases.node_values

    def whole(self, frame: Frame) -> NDArray[np.int32]:
        everything = np.arange(len(self.lines), dtype=np.int32)
        outside = Start(0.0, 0.0, np.zeros(0, np.int32), from_outside=True)
        return self._survey(frame, everything, outside)

    def divide(self, task: _Task) -> None:
        survey, frame, _ = task
        pixel, spot, record, begin, end = (int(number) for number in survey.dense[task.row])
        inside = survey.members[survey.starts[pixel] : survey.starts[pixel + 1]].copy()
        start = Start(*spot_of(frame, pixel, spot), survey.states[begin:end].copy(), False)
        survey.records[record + 1] = self.bases.nodes + len(self.nodes)
        finer = _divided(frame, pixel, len(inside))
        self.nodes.append((*finer, self.filled))
        self.node_values.append(self._survey(finer, inside, start))
        self.filled += len(self.node_values[-1])

    def pixels(self, values: NDArray[np.int32]) -> Pixels:
        return Pixels(
            values,
            np.concatenate(self.records),
            np.array(self.nodes, dtype=np.float64).reshape(-1, len(Frame._fields) + 1),
            np.concatenate([np.zeros(0, np.int32), *self.node_values]),
        )

    def _survey(self, frame: Frame, ids: NDArray[np.int32], start: Start) -> NDArray[np.int32]:
        ground = Ground(*self.lines.arrays, self.areas, self.used, self.bases.lines)
        found = survey(frame, ground, ids, start)
        self.records.append(found.records)
        self.used += len(found.records)
        self.waiting += [_Task(found, frame, row) for row in range(len(found.dense))]
        return found.values


def _divided(frame: Frame, pixel: int, lines: int) -> Frame:
    """A finer frame over one pixel, with some four pixels for each of its lines."""
    side = min(max(ceil(2 * sqrt(lines)), 4), 128)
    row, column = divmod(pixel, frame.nx)
    x0, y0 = frame.x0 + column * frame.dx, frame.y0 + row * frame.dy
    return Frame(x0, y0, frame.dx / side, frame.dy / side, side, side)
