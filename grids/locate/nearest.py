"""The line of a layer that is nearest to a point, in metres.

Over the layer's extent a coarse grid holds, for each cell, every line that can be the nearest one
for any point in the cell; a point there compares only those. Elsewhere (and where such a list
would be long) a tree of boxes over the lines is searched. Distances are taken in the plane whose
axes are scaled by the ellipsoid's metres per degree at the point's own latitude.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from grids.locate.compiled import compiled
from grids.locate.frame import Frame

BRANCHES = 8
LONGEST_LIST = 96
HAIR_DEG = 1e-8  # how far beyond the nearest line the runner-up is looked for: about 1 mm

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


class Tree(NamedTuple):
    """One layer's share of the lines, `lines[begin:end]`, and the boxes above them.

    `boxes`: float64[m, 4] west south east north. Level k is boxes[levels[k]:levels[k + 1]], each
    over 8 boxes of the level below, at level 0 over 8 lines; the last level is one box.
    """

    lines: Floats
    boxes: Floats
    levels: Ints
    begin: int
    end: int


class Search(NamedTuple):
    """The lines of all layers (float64[n, 4], degrees), their trees and their coarse grids.

    Layer i has the lines from line_ranges[i] up to line_ranges[i + 1], level_counts[i] levels of
    boxes in levels[i], and the grid frames[i] (x0 y0 dx dy nx ny), whose first cell is
    first_cells[i]. List of cell c: candidates[starts[c]:starts[c + 1]]; where it is empty the
    tree is searched.
    """

    lines: Floats
    line_ranges: Ints
    boxes: Floats
    levels: NDArray[np.int32]
    level_counts: Ints
    frames: Floats
    first_cells: Ints
    starts: Ints
    candidates: Ints


@compiled
def nearest_into(
    search: Search,
    layers: Ints,
    lon: Floats,
    lat: Floats,
    scale_x: Floats,
    scale_y: Floats,
    found: NDArray[np.float64],
) -> None:
    """Write the point of layer layers[k]'s lines nearest to point k to found[0:2, k], and a point
    a hair further on to found[2:4, k]; NaN for a layer without lines. `scale_x`, `scale_y`:
    metres per degree at each point."""
    for k in range(len(lon)):
        x, y = lon[k], lat[k]
        line = _nearest_line(search, layers[k], x, y, scale_x[k], scale_y[k])
        if line < 0:
            found[:, k] = np.nan
            continue
        foot_x, foot_y = _foot(search.lines, line, x, y, scale_x[k], scale_y[k])
        away = np.hypot(foot_x - x, foot_y - y)
        beyond = HAIR_DEG / away if away > 0.0 else 0.0
        found[0, k], found[1, k] = foot_x, foot_y
        found[2, k] = foot_x + beyond * (foot_x - x)
        found[3, k] = foot_y + beyond * (foot_y - y)


@compiled
def _nearest_line(search: Search, layer: int, x: float, y: float, sx: float, sy: float) -> int:
    """The nearest line, any of them where several are equally near; -1 if there is no line."""
    frame = search.frames[layer]
    column, row = (x - frame[0]) / frame[2], (y - frame[1]) / frame[3]
    if column >= 0.0 and row >= 0.0 and column < frame[4] and row < frame[5]:
        cell = search.first_cells[layer] + int(row) * int(frame[4]) + int(column)
        begin, end = search.starts[cell], search.starts[cell + 1]
        if begin < end:
            return _nearest_of(search, begin, end, x, y, sx, sy)
    begin, end = search.line_ranges[layer], search.line_ranges[layer + 1]
    if begin == end:
        return -1
    levels = search.levels[layer, : search.level_counts[layer] + 1]
    tree = Tree(search.lines, search.boxes, levels, begin, end)
    return _nearest_in_tree(tree, x, y, sx, sy, begin)


@compiled
def _nearest_of(
    search: Search, begin: int, end: int, x: float, y: float, sx: float, sy: float
) -> int:
    best, best_away = -1, np.inf
    for k in range(begin, end):
        away = _away(search.lines, search.candidates[k], x, y, sx, sy)
        if away < best_away:
            best, best_away = search.candidates[k], away
    return best


@compiled
def _share(lines: Floats, line: int, x: float, y: float, sx: float, sy: float) -> float:
    """Where on the line (0 one end, 1 the other) its point nearest to (x, y) lies."""
    dx, dy = (lines[line, 2] - lines[line, 0]) * sx, (lines[line, 3] - lines[line, 1]) * sy
    ax, ay = (x - lines[line, 0]) * sx, (y - lines[line, 1]) * sy
    length = dx * dx + dy * dy
    return min(max((ax * dx + ay * dy) / length, 0.0), 1.0) if length > 0.0 else 0.0


@compiled
def _foot(
    lines: Floats, line: int, x: float, y: float, sx: float, sy: float
) -> tuple[float, float]:
    """The point of the line nearest to (x, y), in degrees."""
    share = _share(lines, line, x, y, sx, sy)
    if share == 1.0:
        return lines[line, 2], lines[line, 3]
    foot_x = lines[line, 0] + share * (lines[line, 2] - lines[line, 0])
    return foot_x, lines[line, 1] + share * (lines[line, 3] - lines[line, 1])


@compiled
def _away(lines: Floats, line: int, x: float, y: float, sx: float, sy: float) -> float:
    """The square of the distance from (x, y) to the line, in metres."""
    foot_x, foot_y = _foot(lines, line, x, y, sx, sy)
    dx, dy = (foot_x - x) * sx, (foot_y - y) * sy
    return dx * dx + dy * dy


@compiled
def _box_away(
    boxes: Floats, box: int, x: float, y: float, half: tuple[float, float], sx: float, sy: float
) -> float:
    """The square of the distance from a box to the rectangle (x ± half, y ± half), in metres."""
    dx = max(boxes[box, 0] - x, x - boxes[box, 2]) - half[0]
    dy = max(boxes[box, 1] - y, y - boxes[box, 3]) - half[1]
    dx, dy = max(dx, 0.0) * sx, max(dy, 0.0) * sy
    return dx * dx + dy * dy


@compiled
def _nearest_in_tree(
    tree: Tree, x: float, y: float, sx: float, sy: float, hint: int
) -> int:
    """Search the boxes from the top, the nearest branch first; `hint` is any line to begin with."""
    best, best_away = hint, _away(tree.lines, hint, x, y, sx, sy)
    stack, aways = np.empty(128, np.int64), np.empty(128, np.float64)
    top = len(tree.levels) - 2
    stack[0], aways[0] = tree.levels[top], 0.0
    depth = 1
    while depth:
        depth -= 1
        box = stack[depth]
        if aways[depth] >= best_away:
            continue
        level = _level(tree.levels, box)
        first = (box - tree.levels[level]) * BRANCHES
        if level == 0:
            for line in range(tree.begin + first, min(tree.begin + first + BRANCHES, tree.end)):
                away = _away(tree.lines, line, x, y, sx, sy)
                if away < best_away:
                    best, best_away = line, away
            continue
        begin = tree.levels[level - 1] + first
        bottom = depth
        for child in range(begin, min(begin + BRANCHES, tree.levels[level])):
            away = _box_away(tree.boxes, child, x, y, (0.0, 0.0), sx, sy)
            if away < best_away:
                depth = _insert(stack, aways, bottom, depth, child, away)
    return best


@compiled
def _level(levels: Ints, box: int) -> int:
    level = 0
    while levels[level + 1] <= box:
        level += 1
    return level


@compiled
def _insert(
    stack: NDArray[np.int64], aways: Floats, bottom: int, depth: int, box: int, away: float
) -> int:
    """Put a box on the stack so that the nearest one above `bottom` comes off first."""
    k = depth
    while k > bottom and aways[k - 1] < away:
        stack[k], aways[k] = stack[k - 1], aways[k - 1]
        k -= 1
    stack[k], aways[k] = box, away
    return depth + 1


@compiled
def list_candidates(
    tree: Tree, frame: Frame, scales: NDArray[np.float64]
) -> tuple[Ints, Ints]:
    """For each cell of the frame the lines that can be nearest to a point in it.

    `scales`: float64[ny, 3], for each row of cells the metres per degree in its middle, and by
    what factor two squared distances may change against each other within it. A line can be nearest only if its distance to the
    cell is no more than the least, over all lines, of the distance to the cell's far corner.
    """
    starts = np.zeros(frame.nx * frame.ny + 1, np.int32)
    candidates = [np.int32(0) for _ in range(0)]
    found, nears = np.empty(tree.end - tree.begin, np.int32), np.empty(tree.end - tree.begin)
    hint = tree.begin
    half = (frame.dx / 2, frame.dy / 2)
    for cell in range(frame.nx * frame.ny):
        x = frame.x0 + (cell % frame.nx + 0.5) * frame.dx
        y = frame.y0 + (cell // frame.nx + 0.5) * frame.dy
        sx, sy, stretch = scales[cell // frame.nx]
        hint = _nearest_in_tree(tree, x, y, sx, sy, hint)
        limit = _farthest(tree.lines, hint, x, y, half, sx, sy) * stretch
        count, limit = _gather(tree, x, y, half, sx, sy, limit, stretch, found, nears)
        if np.sum(nears[:count] <= limit) <= LONGEST_LIST:
            for k in range(count):
                if nears[k] <= limit:
                    candidates.append(found[k])
        starts[cell + 1] = len(candidates)
    return starts, np.array(candidates, np.int32)


@compiled
def _gather(
    tree: Tree,
    x: float,
    y: float,
    half: tuple[float, float],
    sx: float,
    sy: float,
    limit: float,
    stretch: float,
    found: Ints,
    nears: Floats,
) -> tuple[int, float]:
    """Collect the lines within `limit` (squared metres) of the cell, lowering it on the way."""
    stack = np.empty(128, np.int64)
    stack[0] = tree.levels[len(tree.levels) - 2]
    depth, count = 1, 0
    while depth:
        depth -= 1
        box = stack[depth]
        if _box_away(tree.boxes, box, x, y, half, sx, sy) > limit:
            continue
        level = _level(tree.levels, box)
        first = (box - tree.levels[level]) * BRANCHES
        if level:
            begin = tree.levels[level - 1] + first
            for child in range(begin, min(begin + BRANCHES, tree.levels[level])):
                stack[depth] = child
                depth += 1
            continue
        for line in range(tree.begin + first, min(tree.begin + first + BRANCHES, tree.end)):
            near = _cell_away(tree.lines, line, x, y, half, sx, sy)
            if near <= limit:
                found[count], nears[count] = line, near
                count += 1
                limit = min(limit, _farthest(tree.lines, line, x, y, half, sx, sy) * stretch)
    return count, limit


@compiled
def _farthest(
    lines: Floats, line: int, x: float, y: float, half: tuple[float, float], sx: float, sy: float
) -> float:
    """The square of the greatest distance from any point of the cell to the line: at a corner,
    for the distance to a straight line is a convex function."""
    far = 0.0
    for u in (x - half[0], x + half[0]):
        for v in (y - half[1], y + half[1]):
            far = max(far, _away(lines, line, u, v, sx, sy))
    return far


@compiled
def _cell_away(
    lines: Floats, line: int, x: float, y: float, half: tuple[float, float], sx: float, sy: float
) -> float:
    """The square of the least distance from the cell to the line: 0 or at a corner or an end."""
    if _enters(lines, line, x, y, half):
        return 0.0
    near = np.inf
    for u in (x - half[0], x + half[0]):
        for v in (y - half[1], y + half[1]):
            near = min(near, _away(lines, line, u, v, sx, sy))
    for end in (0, 2):
        dx = max(abs(lines[line, end] - x) - half[0], 0.0) * sx
        dy = max(abs(lines[line, end + 1] - y) - half[1], 0.0) * sy
        near = min(near, dx * dx + dy * dy)
    return near


@compiled
def _enters(lines: Floats, line: int, x: float, y: float, half: tuple[float, float]) -> bool:
    """Whether the line comes into the cell (clipped side by side: Liang and Barsky)."""
    begin, end = 0.0, 1.0
    for axis in range(2):
        middle = x if axis == 0 else y
        a = lines[line, axis] - middle
        step = lines[line, axis + 2] - middle - a
        if step == 0.0:
            if abs(a) > half[axis]:
                return False
        else:
            one, other = (-half[axis] - a) / step, (half[axis] - a) / step
            begin, end = max(begin, min(one, other)), min(end, max(one, other))
    return begin <= end
