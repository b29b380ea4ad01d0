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
STACK = 128  # boxes waiting at once: at most 7 for each of 12 levels, and one
SCALES_PER_DEG = 64
HAIR_DEG = 1e-8  # how far beyond the nearest line the runner-up is looked for: about 1 mm

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


class Eye(NamedTuple):
    """A point in degrees, and the metres in one degree of longitude and of latitude there."""

    x: float
    y: float
    scale_x: float
    scale_y: float


class Cell(NamedTuple):
    """A rectangle: its middle, half its width and height in degrees, and by what factor two
    squared distances may change against each other within it."""

    middle: Eye
    half_x: float
    half_y: float
    stretch: float


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
    tree is searched. `scales`: float64[m, 2], metres in a degree of longitude and of latitude,
    from the south pole to the north, SCALES_PER_DEG rows for each degree.
    """

    lines: Floats
    line_ranges: Ints
    boxes: Floats
    levels: Ints
    level_counts: Ints
    frames: Floats
    first_cells: Ints
    starts: Ints
    candidates: Ints
    scales: Floats


class _Stack(NamedTuple):
    """Boxes still to be searched, and how far away each is."""

    boxes: NDArray[np.int64]
    aways: Floats


class _Catch(NamedTuple):
    """Lines found near a cell, and how near each is (squared metres)."""

    lines: Ints
    nears: Floats


@compiled
def nearest_into(search: Search, layers: Ints, lon: Floats, lat: Floats, found: Floats) -> None:
    """Write to found[:, k] what of the lines of layer layers[k] is nearest to point k: longitude
    and latitude of the place, of another a hair beyond it, and the distance in metres. NaN and an
    infinite distance for a layer without lines."""
    for k in range(len(lon)):
        eye = _eye(search.scales, lon[k], lat[k])
        line = _nearest_line(search, layers[k], eye)
        if line < 0:
            found[:4, k] = np.nan
            found[4, k] = np.inf
            continue
        x, y = _foot(search.lines, line, eye)
        away = np.hypot(x - eye.x, y - eye.y)
        beyond = HAIR_DEG / away if away > 0.0 else 0.0
        found[0, k], found[1, k] = x, y
        found[2, k], found[3, k] = x + beyond * (x - eye.x), y + beyond * (y - eye.y)
        found[4, k] = _metres(search.scales, eye, x, y)


@compiled
def _eye(scales: Floats, x: float, y: float) -> Eye:
    """Scales by straight interpolation: right to a hundred-millionth."""
    place = min(max((y + 90.0) * SCALES_PER_DEG, 0.0), len(scales) - 1.0)
    row = min(int(place), len(scales) - 2)
    share = place - row
    scale_x = scales[row, 0] + share * (scales[row + 1, 0] - scales[row, 0])
    return Eye(x, y, scale_x, scales[row, 1] + share * (scales[row + 1, 1] - scales[row, 1]))


@compiled
def _metres(scales: Floats, eye: Eye, x: float, y: float) -> float:
    """The distance from the eye to (x, y), by the scale at the latitude halfway."""
    halfway = _eye(scales, x, (y + eye.y) / 2)
    return float(np.hypot((x - eye.x) * halfway.scale_x, (y - eye.y) * halfway.scale_y))


@compiled
def _nearest_line(search: Search, layer: int, eye: Eye) -> int:
    """The nearest line, any of them where several are equally near; -1 if there is no line."""
    frame = search.frames[layer]
    column, row = (eye.x - frame[0]) / frame[2], (eye.y - frame[1]) / frame[3]
    if column >= 0.0 and row >= 0.0 and column < frame[4] and row < frame[5]:
        cell = search.first_cells[layer] + int(row) * int(frame[4]) + int(column)
        begin, end = search.starts[cell], search.starts[cell + 1]
        if begin < end:
            return _nearest_of(search, begin, end, eye)
    begin, end = search.line_ranges[layer], search.line_ranges[layer + 1]
    if begin == end:
        return -1
    levels = search.levels[layer, : search.level_counts[layer] + 1]
    return _nearest_in_tree(Tree(search.lines, search.boxes, levels, begin, end), eye, begin)


@compiled
def _nearest_of(search: Search, begin: int, end: int, eye: Eye) -> int:
    best, best_away = -1, np.inf
    for k in range(begin, end):
        away = _away(search.lines, search.candidates[k], eye)
        if away < best_away:
            best, best_away = search.candidates[k], away
    return best


@compiled
def _foot(lines: Floats, line: int, eye: Eye) -> tuple[float, float]:
    """The point of the line nearest to the eye, in degrees."""
    along_x, along_y = lines[line, 2] - lines[line, 0], lines[line, 3] - lines[line, 1]
    dx, dy = along_x * eye.scale_x, along_y * eye.scale_y
    ax, ay = (eye.x - lines[line, 0]) * eye.scale_x, (eye.y - lines[line, 1]) * eye.scale_y
    length = dx * dx + dy * dy
    share = min(max((ax * dx + ay * dy) / length, 0.0), 1.0) if length > 0.0 else 0.0
    if share == 1.0:
        return lines[line, 2], lines[line, 3]
    return lines[line, 0] + share * along_x, lines[line, 1] + share * along_y


@compiled
def _away(lines: Floats, line: int, eye: Eye) -> float:
    """The square of the distance from the eye to the line, in metres."""
    foot_x, foot_y = _foot(lines, line, eye)
    dx, dy = (foot_x - eye.x) * eye.scale_x, (foot_y - eye.y) * eye.scale_y
    return dx * dx + dy * dy


@compiled
def _box_away(boxes: Floats, box: int, eye: Eye, half_x: float, half_y: float) -> float:
    """The square of the distance from a box to the rectangle (x ± half_x, y ± half_y), metres."""
    dx = max(boxes[box, 0] - eye.x, eye.x - boxes[box, 2]) - half_x
    dy = max(boxes[box, 1] - eye.y, eye.y - boxes[box, 3]) - half_y
    dx, dy = max(dx, 0.0) * eye.scale_x, max(dy, 0.0) * eye.scale_y
    return float(dx * dx + dy * dy)


@compiled
def _nearest_in_tree(tree: Tree, eye: Eye, hint: int) -> int:
    """Search the boxes from the top, the nearest branch first; `hint` is any line to begin with."""
    best, best_away = hint, _away(tree.lines, hint, eye)
    stack = _Stack(np.empty(STACK, np.int64), np.empty(STACK, np.float64))
    stack.boxes[0], stack.aways[0] = tree.levels[len(tree.levels) - 2], 0.0
    depth = 1
    while depth:
        depth -= 1
        box = stack.boxes[depth]
        if stack.aways[depth] >= best_away:
            continue
        level = _level(tree.levels, box)
        first = (box - tree.levels[level]) * BRANCHES
        if level == 0:
            for line in range(tree.begin + first, min(tree.begin + first + BRANCHES, tree.end)):
                away = _away(tree.lines, line, eye)
                if away < best_away:
                    best, best_away = line, away
            continue
        begin = tree.levels[level - 1] + first
        bottom = depth
        for child in range(begin, min(begin + BRANCHES, tree.levels[level])):
            away = _box_away(tree.boxes, child, eye, 0.0, 0.0)
            if away < best_away:
                _insert(stack, bottom, depth, child, away)
                depth += 1
    return best


@compiled
def _level(levels: Ints, box: int) -> int:
    level = 0
    while levels[level + 1] <= box:
        level += 1
    return level


@compiled
def _insert(stack: _Stack, bottom: int, depth: int, box: int, away: float) -> None:
    """Put a box on the stack so that the nearest one above `bottom` comes off first."""
    k = depth
    while k > bottom and stack.aways[k - 1] < away:
        stack.boxes[k], stack.aways[k] = stack.boxes[k - 1], stack.aways[k - 1]
        k -= 1
    stack.boxes[k], stack.aways[k] = box, away


@compiled
def list_candidates(tree: Tree, frame: Frame, scales: Floats) -> tuple[Ints, Ints]:
    """For each cell of the frame the lines that can be nearest to a point in it.

    `scales`: float64[ny, 3], for each row of cells the metres per degree in its middle, and its
    cells' `stretch`. A line can be nearest only if its distance to the cell is no more than the
    least, over all lines, of the distance to the cell's far corner.
    """
    starts = np.zeros(frame.nx * frame.ny + 1, np.int32)
    candidates = [np.int32(0) for _ in range(0)]
    catch = _Catch(np.empty(tree.end - tree.begin, np.int32), np.empty(tree.end - tree.begin))
    hint = tree.begin
    for number in range(frame.nx * frame.ny):
        cell = _cell(frame, number, scales)
        hint = _nearest_in_tree(tree, cell.middle, hint)
        limit = _farthest(tree.lines, hint, cell) * cell.stretch
        count, limit = _gather(tree, cell, limit, catch)
        if np.sum(catch.nears[:count] <= limit) <= LONGEST_LIST:
            candidates.extend([catch.lines[k] for k in range(count) if catch.nears[k] <= limit])
        starts[number + 1] = len(candidates)
    return starts, np.array(candidates, np.int32)


@compiled
def _cell(frame: Frame, number: int, scales: Floats) -> Cell:
    x = frame.x0 + (number % frame.nx + 0.5) * frame.dx
    y = frame.y0 + (number // frame.nx + 0.5) * frame.dy
    scale_x, scale_y, stretch = scales[number // frame.nx]
    return Cell(Eye(x, y, scale_x, scale_y), frame.dx / 2, frame.dy / 2, stretch)


@compiled
def _gather(tree: Tree, cell: Cell, limit: float, catch: _Catch) -> tuple[int, float]:
    """Catch the lines within `limit` (squared metres) of the cell, lowering it on the way."""
    stack = np.empty(STACK, np.int64)
    stack[0] = tree.levels[len(tree.levels) - 2]
    depth, count = 1, 0
    while depth:
        depth -= 1
        box = stack[depth]
        if _box_away(tree.boxes, box, cell.middle, cell.half_x, cell.half_y) > limit:
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
            near = _cell_away(tree.lines, line, cell)
            if near <= limit:
                catch.lines[count], catch.nears[count] = line, near
                count += 1
                limit = min(limit, _farthest(tree.lines, line, cell) * cell.stretch)
    return count, limit


@compiled
def _corner(cell: Cell, number: int) -> Eye:
    """One of the four corners, seen by the scale in the cell's middle."""
    middle = cell.middle
    x = middle.x - cell.half_x if number % 2 else middle.x + cell.half_x
    y = middle.y - cell.half_y if number // 2 else middle.y + cell.half_y
    return Eye(x, y, middle.scale_x, middle.scale_y)


@compiled
def _farthest(lines: Floats, line: int, cell: Cell) -> float:
    """The square of the greatest distance from any point of the cell to the line: at a corner,
    for the distance to a straight line is a convex function."""
    far = 0.0
    for number in range(4):
        far = max(far, _away(lines, line, _corner(cell, number)))
    return far


@compiled
def _cell_away(lines: Floats, line: int, cell: Cell) -> float:
    """The square of the least distance from the cell to the line: 0 or at a corner or an end."""
    if _enters(lines, line, cell):
        return 0.0
    near = np.inf
    for number in range(4):
        near = min(near, _away(lines, line, _corner(cell, number)))
    middle = cell.middle
    for end in (0, 2):
        dx = max(abs(lines[line, end] - middle.x) - cell.half_x, 0.0) * middle.scale_x
        dy = max(abs(lines[line, end + 1] - middle.y) - cell.half_y, 0.0) * middle.scale_y
        near = min(near, dx * dx + dy * dy)
    return near


@compiled
def _enters(lines: Floats, line: int, cell: Cell) -> bool:
    """Whether the line comes into the cell (clipped side by side: Liang and Barsky)."""
    begin, end = 0.0, 1.0
    for axis in range(2):
        middle = cell.middle.y if axis else cell.middle.x
        half = cell.half_y if axis else cell.half_x
        a = lines[line, axis] - middle
        step = lines[line, axis + 2] - middle - a
        if step == 0.0:
            if abs(a) > half:
                return False
        else:
            one, other = (-half - a) / step, (half - a) / step
            begin, end = max(begin, min(one, other)), min(end, max(one, other))
    return begin <= end
