"""Building what `nearest` searches: boxes over the lines, and lists on a coarse grid."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gis.crs import metres_per_degree
from grids.locate.frame import Frame
from grids.locate.lines import Lines
from grids.locate.nearest import BRANCHES, SCALES_PER_DEG, Search, Tree, list_candidates

LINES_PER_CELL = 2
MOST_CELLS = 2**18
MOST_LEVELS = 12  # 8^12 lines
POLAR_DEG = 89.9  # nearer to a pole a degree of longitude has no length to speak of
BOUNDLESS = 1e12  # a factor that lets every line be a candidate
ROUNDING = 1e-7  # of squared distances by interpolated scales
MARGIN = 0.05  # how far the coarse grid reaches beyond the layer, as a share of its extent


def search_of(layers: Sequence[Lines]) -> Search:
    """The search over the lines of several layers. All in degrees (EPSG:4326)."""
    builder = _Builder()
    for lines in layers:
        builder.add(lines)
    return builder.search(np.concatenate([lines.ends for lines in layers]))


class _Builder:
    def __init__(self) -> None:
        self.line_ranges = [0]
        self.boxes: list[NDArray[np.float64]] = []
        self.levels: list[NDArray[np.int32]] = []
        self.level_counts: list[int] = []
        self.frames: list[Frame] = []
        self.starts: list[NDArray[np.int32]] = []
        self.candidates: list[NDArray[np.int32]] = []
        self.boxed, self.celled, self.listed = 0, 0, 0
        self.first_cells: list[int] = []

    def add(self, lines: Lines) -> None:
        tree = _tree(lines)
        frame, starts, candidates = _lists(tree)
        self.first_cells.append(self.celled)
        self.frames.append(frame)
        self.starts.append(starts[:-1] + np.int32(self.listed))
        self.candidates.append(candidates + np.int32(self.line_ranges[-1]))
        self.levels.append(_padded(tree.levels + np.int32(self.boxed)))
        self.level_counts.append(len(tree.levels) - 1)
        self.boxes.append(tree.boxes)
        self.line_ranges.append(self.line_ranges[-1] + len(lines))
        self.boxed += len(tree.boxes)
        self.celled += len(starts) - 1
        self.listed += len(candidates)

    def search(self, ends: NDArray[np.float64]) -> Search:
        return Search(
            ends,
            np.array(self.line_ranges, np.int32),
            np.concatenate(self.boxes),
            np.array(self.levels, np.int32),
            np.array(self.level_counts, np.int32),
            np.array(self.frames, np.float64),
            np.array(self.first_cells, np.int32),
            np.concatenate([*self.starts, np.array([self.listed], np.int32)]),
            np.concatenate(self.candidates),
            np.column_stack(metres_per_degree(np.linspace(-90, 90, 180 * SCALES_PER_DEG + 1))),
        )


def _tree(lines: Lines) -> Tree:
    ends = lines.ends
    boxes = np.hstack([np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])])
    levels: list[NDArray[np.float64]] = []
    while len(boxes) and (not levels or len(boxes) > 1):
        firsts = np.arange(0, len(boxes), BRANCHES)
        low = np.minimum.reduceat(boxes[:, :2], firsts)
        boxes = np.hstack([low, np.maximum.reduceat(boxes[:, 2:], firsts)])
        levels.append(boxes)
    starts = np.cumsum([0, *(len(level) for level in levels)]).astype(np.int32)
    return Tree(ends, np.concatenate([np.zeros((0, 4)), *levels]), starts, 0, len(ends))


def _padded(levels: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.pad(levels, (0, MOST_LEVELS + 1 - len(levels)), mode="edge")


def _lists(tree: Tree) -> tuple[Frame, NDArray[np.int32], NDArray[np.int32]]:
    if tree.begin == tree.end:
        return Frame(0.0, 0.0, 1.0, 1.0, 0, 0), np.zeros(1, np.int32), np.zeros(0, np.int32)
    frame = _grid(tree)
    starts, candidates = list_candidates(tree, frame, _row_scales(frame))
    return frame, starts, candidates


def _row_scales(frame: Frame) -> NDArray[np.float64]:
    """Metres per degree of longitude and latitude in the middle of each row, and how much two
    squared distances can change against each other from one side of the row to the other."""
    edges = frame.y0 + frame.dy * np.arange(frame.ny + 1)
    lats = np.clip(edges, -POLAR_DEG, POLAR_DEG)
    south, north = lats[:-1], lats[1:]
    middle, widest = (south + north) / 2, np.clip(0.0, south, north)
    scales = np.stack([metres_per_degree(lat) for lat in (middle, south, north, widest)])
    stretch = (scales.max(axis=0) / scales.min(axis=0)).max(axis=0) ** 4 * (1 + ROUNDING)
    polar = (edges[:-1] < -POLAR_DEG) | (edges[1:] > POLAR_DEG)
    return np.column_stack([*scales[0], np.where(polar, BOUNDLESS, stretch)])


def _grid(tree: Tree) -> Frame:
    """A coarse grid of cells about square on the ground, over the lines and a little more."""
    west, south, east, north = tree.boxes[-1]
    scale_x, scale_y = metres_per_degree((south + north) / 2)
    least = 1e-6
    width, height = max(east - west, least), max(north - south, least)
    x0, y0 = west - MARGIN * width, south - MARGIN * height
    width, height = width * (1 + 2 * MARGIN), height * (1 + 2 * MARGIN)
    cells = min(max((tree.end - tree.begin) / LINES_PER_CELL, 256), MOST_CELLS)
    side = np.sqrt(width * scale_x * height * scale_y / cells)
    nx = int(np.clip(width * scale_x // side, 1, 4096))
    ny = int(np.clip(height * scale_y // side, 1, 4096))
    return Frame(float(x0), float(y0), float(width / nx), float(height / ny), nx, ny)
