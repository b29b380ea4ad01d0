"""Asking: which areas hold a point. Reads the records that `survey` wrote."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from grids.locate.compiled import compiled
from grids.locate.frame import LINE_TOLERANCE_DEG, SPOTS, Frame

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

NONE = -1
STRIDE = 256


class Index(NamedTuple):
    """All layers in one: the pixel of a point says which row of `rows` holds its values.

    `rows`: int32[m, layers], the value of the pixel in each layer (see `pixels`). `lines`:
    float64[n, 4]; `nodes`: float64[k, 7], x0 y0 dx dy nx ny and a place in `node_values`.
    """

    frame: Frame
    pixels: Ints
    rows: NDArray[np.int32]
    records: Ints
    lines: Floats
    nodes: Floats
    node_values: Ints


class _Way(NamedTuple):
    """From the spot of a record to the point."""

    x: float
    y: float
    to_x: float
    to_y: float


class Verdict(NamedTuple):
    """The lowest and the second lowest area that hold a point or touch it (-1: none), how many
    hold it deeper than the tolerance, how many have it on their line."""

    area: int
    other: int
    deep: int
    touching: int


@compiled
def areas_into(index: Index, lon: Floats, lat: Floats, part: tuple[int, int], found: Ints) -> None:
    """Write the answering area of point k in layer i to found[i, k], -1 where there is none, for
    the points from part[0] up to part[1].

    In strides, each step for all points of a stride: many reads from memory are then under way
    at once, which makes it 1.5 times as fast as point by point.
    """
    size = min(STRIDE, part[1] - part[0])
    pixels, rows = np.empty(size, np.int32), np.empty(size, np.int32)
    for begin in range(part[0], part[1], STRIDE):
        count = min(STRIDE, part[1] - begin)
        for k in range(count):
            pixels[k] = _pixel(index.frame, lon[begin + k], lat[begin + k])
        for k in range(count):
            rows[k] = index.pixels[pixels[k]]
        for layer in range(len(found)):
            for k in range(count):
                found[layer, begin + k] = index.rows[rows[k], layer]
        for layer in range(len(found)):
            for k in range(count):
                value, x, y = found[layer, begin + k], lon[begin + k], lat[begin + k]
                if value < NONE:
                    found[layer, begin + k] = _decided(index, pixels[k], value, x, y)


@compiled
def verdicts_into(index: Index, layers: Ints, lon: Floats, lat: Floats, found: Ints) -> None:
    """Write the verdict on point k in layer layers[k] to found[:, k]; layer -1 holds nothing."""
    for k in range(len(lon)):
        pixel = _pixel(index.frame, lon[k], lat[k])
        value = index.rows[index.pixels[pixel], layers[k]] if layers[k] >= 0 else NONE
        verdict = Verdict(value, NONE, 1 if value >= 0 else 0, 0)
        if value < NONE:
            verdict = _verdict(index, pixel, value, lon[k], lat[k])
        found[0, k], found[1, k] = verdict.area, verdict.other
        found[2, k], found[3, k] = verdict.deep, verdict.touching


@compiled
def holders(index: Index, layer: int, x: float, y: float) -> Ints:
    """The areas of a layer that hold a point of an overlap deeper than the tolerance, ascending."""
    pixel = _pixel(index.frame, x, y)
    value = index.rows[index.pixels[pixel], layer]
    record, spot_x, spot_y = _record(index, pixel, value, x, y)
    held = np.empty(index.records[record] // len(SPOTS), np.int32)
    count, at = 0, record + 1
    for _ in range(len(held)):
        inside, near = _relation(index, at, _Way(spot_x, spot_y, x, y))
        if inside and not near:
            held[count] = index.records[at]
            count += 1
        at += 2 + index.records[at + 1] // 2
    return held[:count]


@compiled
def _pixel(frame: Frame, x: float, y: float) -> int:
    """The pixel of a point. Beyond the frame it is the first one, which holds nothing."""
    column, row = (x - frame.x0) / frame.dx, (y - frame.y0) / frame.dy
    if column >= 0.0 and row >= 0.0 and column < frame.nx and row < frame.ny:
        return int(row) * frame.nx + int(column)
    return 0


@compiled
def _record(index: Index, pixel: int, value: int, x: float, y: float) -> tuple[int, float, float]:
    """The record that decides for the point, through the nodes, and its spot. Where a node has a
    plain value instead, v ≥ -1, the record is -3 - v, a negative number."""
    frame = index.frame
    x0, y0, dx, dy, nx = frame.x0, frame.y0, frame.dx, frame.dy, frame.nx
    record = -2 - value
    while index.records[record] < 0:
        node = index.nodes[index.records[record + 1]]
        x0, y0, dx, dy, nx = node[0], node[1], node[2], node[3], int(node[4])
        column = min(max(int((x - x0) / dx), 0), nx - 1)
        row = min(max(int((y - y0) / dy), 0), int(node[5]) - 1)
        pixel = row * nx + column
        value = index.node_values[int(node[6]) + pixel]
        if value >= NONE:
            return -3 - value, 0.0, 0.0
        record = -2 - value
    spot = index.records[record] % len(SPOTS)
    spot_x = x0 + (pixel % nx + SPOTS[spot, 0]) * dx
    return record, spot_x, y0 + (pixel // nx + SPOTS[spot, 1]) * dy


@compiled
def _decided(index: Index, pixel: int, value: int, x: float, y: float) -> int:
    """The lowest area that holds the point or has it on its line."""
    record, spot_x, spot_y = _record(index, pixel, value, x, y)
    if record < 0:
        return -3 - record
    at, way = record + 1, _Way(spot_x, spot_y, x, y)
    for _ in range(index.records[record] // len(SPOTS)):
        inside, near = _relation(index, at, way)
        if inside or near:
            return int(index.records[at])
        at += 2 + index.records[at + 1] // 2
    return NONE


@compiled
def _verdict(index: Index, pixel: int, value: int, x: float, y: float) -> Verdict:
    record, spot_x, spot_y = _record(index, pixel, value, x, y)
    if record < 0:
        found = -3 - record
        return Verdict(found, NONE, 1 if found >= 0 else 0, 0)
    area, other, deep, touching = NONE, NONE, 0, 0
    at, way = record + 1, _Way(spot_x, spot_y, x, y)
    for _ in range(index.records[record] // len(SPOTS)):
        inside, near = _relation(index, at, way)
        if inside or near:
            touching += near
            deep += not near
            if area == NONE:
                area = index.records[at]
            elif other == NONE:
                other = index.records[at]
        at += 2 + index.records[at + 1] // 2
    return Verdict(area, other, deep, touching)


@compiled
def _relation(index: Index, at: int, way: _Way) -> tuple[bool, bool]:
    """Whether the point is inside the area of the entry, and whether it is on the area's line."""
    head = index.records[at + 1]
    inside, near = head % 2 == 1, False
    x, y = way.to_x, way.to_y
    dx, dy = x - way.x, y - way.y
    for k in range(at + 2, at + 2 + head // 2):
        line = index.records[k]
        turned = line < 0
        if turned:
            line = ~line
        ax, ay = index.lines[line, 0], index.lines[line, 1]
        along_x, along_y = index.lines[line, 2] - ax, index.lines[line, 3] - ay
        side = along_x * (y - ay) - along_y * (x - ax)
        if abs(side) <= LINE_TOLERANCE_DEG * (abs(along_x) + abs(along_y)):
            near = near or _touches(along_x, along_y, x - ax, y - ay)
        if (side > 0.0) == turned:
            ax, ay = ax - way.x, ay - way.y
            bx, by = index.lines[line, 2] - way.x, index.lines[line, 3] - way.y
            if (dx * ay - dy * ax > 0.0) != (dx * by - dy * bx > 0.0):
                inside = not inside
    return inside, near


@compiled
def _touches(along_x: float, along_y: float, x: float, y: float) -> bool:
    """Whether (x, y) is within the tolerance of the line from (0, 0) to (along_x, along_y)."""
    share = (x * along_x + y * along_y) / (along_x * along_x + along_y * along_y)
    share = min(max(share, 0.0), 1.0)
    away_x, away_y = x - share * along_x, y - share * along_y
    return bool(away_x * away_x + away_y * away_y <= LINE_TOLERANCE_DEG**2)
