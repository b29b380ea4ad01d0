"""Geometries as the drawing commands of a vector tile, compiled.

Mapbox Vector Tile Specification 2.1, section 4.3: a pen that starts at (0, 0) in every feature is
moved (1), draws lines (2) and closes a ring (7); steps are differences, in zigzag. Outer rings run
clockwise on the screen, where y grows to the south: their area by the surveyor's formula is
positive; inner rings run the other way. Points that repeat the one before are left out, rings
without area and lines without length too.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from grids.locate.compiled import compiled
from layers.tiles.cutting import Paths

MOVE_TO, LINE_TO, CLOSE_PATH = 1, 2, 7
POINTS, LINES, AREAS = 0, 1, 2
LOW_BITS, MORE = 0x7F, 0x80
POINT_BYTES, PATH_BYTES = 10, 16  # steps of up to 32 bits

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]


class Commands(NamedTuple):
    """The commands of all features, one after the other: `written` bytes, `ends` (f,) into them."""

    written: bytes
    ends: Ints


def commands(paths: Paths) -> Commands:
    """The commands of each feature; none where nothing is left of it. Steps are below 2^31."""
    room = POINT_BYTES * len(paths.points) + PATH_BYTES * (len(paths.outer) + len(paths.kinds))
    out = np.empty(room, np.uint8)
    ends = np.empty(len(paths.kinds), np.int64)
    _features(paths, out, ends)
    return Commands(out[: ends[-1] if len(ends) else 0].tobytes(), ends)


class _Sheet(NamedTuple):
    """What is written on: the bytes, where the pen stands (2,), room for one path (n, 2)."""

    out: Bytes
    pen: Ints
    path: Ints


@compiled
def _features(paths: Paths, out: Bytes, ends: Ints) -> None:
    sheet = _Sheet(out, np.zeros(2, np.int64), np.empty_like(paths.points))
    at, first = 0, 0
    for feature in range(len(paths.kinds)):
        last = paths.feature_ends[feature]
        sheet.pen[:] = 0
        if paths.kinds[feature] == POINTS:
            at = _points(paths, first, last, sheet, at)
        elif paths.kinds[feature] == LINES:
            at = _lines(paths, first, last, sheet, at)
        else:
            at = _areas(paths, first, last, sheet, at)
        ends[feature] = at
        first = last


@compiled
def _points(paths: Paths, first: int, last: int, sheet: _Sheet, at: int) -> int:
    start, stop = _start(paths, first), _start(paths, last)
    if start == stop:
        return at
    at = _put(sheet.out, at, MOVE_TO | (stop - start) << 3)
    for place in range(start, stop):
        at = _step(sheet, at, paths.points[place])
    return at


@compiled
def _lines(paths: Paths, first: int, last: int, sheet: _Sheet, at: int) -> int:
    for number in range(first, last):
        count = _distinct(paths, number, sheet.path)
        if count > 1:
            at = _draw(sheet, at, sheet.path[:count])
    return at


@compiled
def _areas(paths: Paths, first: int, last: int, sheet: _Sheet, at: int) -> int:
    drawn = False
    for number in range(first, last):
        count = _distinct(paths, number, sheet.path)
        ring = sheet.path[: count - 1]  # the last point is the first one
        area = _twice_area(ring)
        if paths.outer[number]:
            drawn = area != 0
        if drawn and area != 0:
            at = _draw(sheet, at, ring if (area > 0) == paths.outer[number] else ring[::-1])
            at = _put(sheet.out, at, CLOSE_PATH | 1 << 3)
    return at


@compiled
def _start(paths: Paths, number: int) -> int:
    """Where a path begins: where the one before it ends."""
    return paths.path_ends[number - 1] if number > 0 else 0


@compiled
def _distinct(paths: Paths, number: int, path: Ints) -> int:
    """Copy a path without points that repeat the one before; how many there are."""
    count = 0
    for place in range(_start(paths, number), _start(paths, number + 1)):
        x, y = paths.points[place]
        if count == 0 or x != path[count - 1, 0] or y != path[count - 1, 1]:
            path[count, 0], path[count, 1] = x, y
            count += 1
    return count


@compiled
def _twice_area(ring: Ints) -> int:
    """The surveyor's formula, from the first point so that numbers stay small."""
    area = 0
    for place in range(1, len(ring) - 1):
        east, south = ring[place, 0] - ring[0, 0], ring[place, 1] - ring[0, 1]
        next_east, next_south = ring[place + 1, 0] - ring[0, 0], ring[place + 1, 1] - ring[0, 1]
        area += east * next_south - next_east * south
    return area


@compiled
def _draw(sheet: _Sheet, at: int, path: Ints) -> int:
    at = _put(sheet.out, at, MOVE_TO | 1 << 3)
    at = _step(sheet, at, path[0])
    at = _put(sheet.out, at, LINE_TO | (len(path) - 1) << 3)
    for place in range(1, len(path)):
        at = _step(sheet, at, path[place])
    return at


@compiled
def _step(sheet: _Sheet, at: int, point: Ints) -> int:
    for axis in range(2):
        step = point[axis] - sheet.pen[axis]
        at = _put(sheet.out, at, (step << 1) ^ (step >> 63))
        sheet.pen[axis] = point[axis]
    return at


@compiled
def _put(out: Bytes, at: int, number: int) -> int:
    """A varint."""
    while number > LOW_BITS:
        out[at] = number & LOW_BITS | MORE
        number >>= 7
        at += 1
    out[at] = number
    return at + 1
