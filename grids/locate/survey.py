"""Which pixel lies wholly inside which area, and what decides in the other pixels.

The record of a pixel that is not of one kind is a run of whole numbers:

    entries * 64 + spot            or -1 and the number of a node (a finer frame)
    for each entry, by area:
        area
        lines * 2 + 1 if the spot is inside the area
        the lines of the area near this pixel, ~line where the spot is on their other side

The spot is a reference point in the pixel whose areas are known. A point is inside an area iff the
straight way from the spot to the point crosses the area's lines so many times that in and out end
in: only lines near the pixel can be crossed, for the way does not leave it.

Why plain double arithmetic is exact here: a point within 1e-9° of a line is on the line by
definition, and is not asked for its side. Every other point, and every spot, is further than that
from all lines, while these expressions are rounded at some 1e-14°. A way that leads through a
vertex gives that vertex one computed sign, the same for both lines that meet there, as if the
vertex were moved by less than the rounding: the count stays even or odd as it must.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from grids.locate.compiled import compiled
from grids.locate.frame import REACH_DEG, SPOTS, Frame

DENSE = 12  # a pixel with more lines than this is divided further, as long as it is wider than
FINEST_DEG = 1e-6
CLEAR = 0.05  # a spot this far (in pixels) from every line, prolonged, is good enough

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


class Ground(NamedTuple):
    """A layer's lines with their owners, and what other layers have used before it."""

    ends: Floats
    first: Ints
    owners: Ints
    areas: int
    record_base: int
    line_base: int


class Start(NamedTuple):
    """A point with known areas from which every row is entered, or the outside."""

    x: float
    y: float
    areas: Ints
    from_outside: bool


class Survey(NamedTuple):
    """Values and records of a frame, and its dense pixels.

    `dense` rows: pixel, spot, place of the record here, begin and end in `states` of the areas at
    the spot. Lines near pixel p: `members[starts[p]:starts[p + 1]]`, ascending.
    """

    values: Ints
    records: Ints
    dense: NDArray[np.int64]
    states: Ints
    starts: Ints
    members: Ints


class _Notes(NamedTuple):
    """What the survey writes down as it goes. `state`: how many areas hold the present point,
    then these areas in ascending order."""

    state: Ints
    records: list[int]
    dense: list[int]
    states: list[int]


class _Field(NamedTuple):
    """What is surveyed: the frame, its lines, where to enter, and the lines near each pixel."""

    frame: Frame
    ground: Ground
    ids: Ints
    start: Start
    starts: Ints
    members: Ints


class _Site(NamedTuple):
    """A pixel with the place of its spot and the lines near it."""

    pixel: int
    spot: int
    x: float
    y: float
    here: Ints


class _Way(NamedTuple):
    """A straight way from one place to another."""

    x: float
    y: float
    to_x: float
    to_y: float


@compiled
def survey(frame: Frame, ground: Ground, ids: Ints, start: Start) -> Survey:
    """Survey the pixels of a frame that the lines `ids` may touch."""
    starts, members = _members(frame, ground.ends, ids)
    values = np.empty(frame.nx * frame.ny, np.int32)
    notes = _Notes(
        np.empty(ground.areas + 1, np.int32),
        [0 for _ in range(0)],
        [0 for _ in range(0)],
        [0 for _ in range(0)],
    )
    field = _Field(frame, ground, ids, start, starts, members)
    for row in range(frame.ny):
        _survey_row(row, field, values, notes)
    dense = np.array(notes.dense, np.int64).reshape(-1, 5)
    records, states = np.array(notes.records, np.int32), np.array(notes.states, np.int32)
    return Survey(values, records, dense, states, starts, members)


@compiled
def _survey_row(row: int, field: _Field, values: Ints, notes: _Notes) -> None:
    """Walk one row from west to east, carrying along which areas hold the present point."""
    frame, ground, start = field.frame, field.ground, field.start
    x, y = start.x, start.y
    before = field.ids
    if start.from_outside:
        x, y = frame.x0 - frame.dx, frame.y0 + (row + 0.5) * frame.dy
        before = field.ids[:0]
    notes.state[0] = len(start.areas)
    notes.state[1 : len(start.areas) + 1] = start.areas
    uniform = False
    for pixel in range(row * frame.nx, (row + 1) * frame.nx):
        here = field.members[field.starts[pixel] : field.starts[pixel + 1]]
        if uniform and not len(here):
            values[pixel] = values[pixel - 1]
            continue
        site = _site(frame, pixel, ground.ends, here)
        _walk(notes.state, ground, before, here, _Way(x, y, site.x, site.y))
        uniform = not len(here)
        if uniform:
            values[pixel] = _uniform_value(ground, notes)
        else:
            values[pixel] = _recorded_value(frame, ground, site, notes)
        x, y, before = site.x, site.y, here
    if start.from_outside and notes.state[0]:
        raise RuntimeError("the lines of an area do not close")


@compiled
def _site(frame: Frame, pixel: int, ends: Floats, here: Ints) -> _Site:
    """The pixel with the first spot well away from all lines near it, prolonged; else the best."""
    best, best_clearance = 0, -1.0
    for spot in range(len(SPOTS)):
        x, y = _place(frame, pixel, spot)
        clearance = np.inf
        for line in here:
            length = np.hypot(ends[line, 2] - ends[line, 0], ends[line, 3] - ends[line, 1])
            clearance = min(clearance, abs(_side(ends, line, x, y)) / length)
        if clearance > best_clearance:
            best, best_clearance = spot, clearance
        if clearance >= CLEAR * min(frame.dx, frame.dy):
            break
    x, y = _place(frame, pixel, best)
    return _Site(pixel, best, x, y, here)


@compiled
def _place(frame: Frame, pixel: int, spot: int) -> tuple[float, float]:
    row, column = pixel // frame.nx, pixel % frame.nx
    x = frame.x0 + (column + SPOTS[spot, 0]) * frame.dx
    return x, frame.y0 + (row + SPOTS[spot, 1]) * frame.dy


@compiled
def _side(ends: Floats, line: int, x: float, y: float) -> float:
    """Positive left of the line, negative right; its size is distance times length."""
    ax, ay = ends[line, 0], ends[line, 1]
    return float((ends[line, 2] - ax) * (y - ay) - (ends[line, 3] - ay) * (x - ax))


@compiled
def _walk(state: Ints, ground: Ground, before: Ints, here: Ints, way: _Way) -> None:
    """Go the way across the lines near the pixels it begins and ends in, each taken once."""
    i, j = 0, 0
    while i < len(before) or j < len(here):
        if j == len(here) or (i < len(before) and before[i] < here[j]):
            line = before[i]
            i += 1
        else:
            line = here[j]
            i += 1 if i < len(before) and before[i] == line else 0
            j += 1
        if _crosses(ground.ends, line, way):
            for owner in ground.owners[ground.first[line] : ground.first[line + 1]]:
                _toggle(state, owner)


@compiled
def _crosses(ends: Floats, line: int, way: _Way) -> bool:
    """Whether the way, whose ends are both off the line, crosses it."""
    ax, ay = ends[line, 0] - way.x, ends[line, 1] - way.y
    bx, by = ends[line, 2] - way.x, ends[line, 3] - way.y
    dx, dy = way.to_x - way.x, way.to_y - way.y
    side_a, side_b = dx * ay - dy * ax, dx * by - dy * bx
    if (side_a > 0.0) == (side_b > 0.0):
        return False
    share = side_a / (side_a - side_b)
    along = (ax + share * (bx - ax)) * dx + (ay + share * (by - ay)) * dy
    return bool(0.0 < along < dx * dx + dy * dy)


@compiled
def _toggle(state: Ints, area: int) -> None:
    """Enter the area, or leave it."""
    count = state[0]
    place = 1
    while place <= count and state[place] < area:
        place += 1
    if place <= count and state[place] == area:
        state[0] = count - 1
        for k in range(place, count):
            state[k] = state[k + 1]
        return
    state[0] = count + 1
    for k in range(count, place - 1, -1):
        state[k + 1] = state[k]
    state[place] = area


@compiled
def _uniform_value(ground: Ground, notes: _Notes) -> int:
    """The value of a pixel without lines; one record where areas overlap."""
    count = notes.state[0]
    if count == 0:
        return -1
    if count == 1:
        return int(notes.state[1])
    record = len(notes.records)
    notes.records.append(count * len(SPOTS))
    for area in notes.state[1 : count + 1]:
        notes.records.append(int(area))
        notes.records.append(1)
    return -2 - ground.record_base - record


@compiled
def _recorded_value(frame: Frame, ground: Ground, site: _Site, notes: _Notes) -> int:
    record = len(notes.records)
    if len(site.here) > DENSE and min(frame.dx, frame.dy) > FINEST_DEG:
        begin = len(notes.states)
        for area in notes.state[1 : notes.state[0] + 1]:
            notes.states.append(int(area))
        for number in (site.pixel, site.spot, record, begin, len(notes.states)):
            notes.dense.append(number)
        notes.records.append(-1)
        notes.records.append(0)
    else:
        _write_record(ground, site, notes)
    return -2 - ground.record_base - record


@compiled
def _write_record(ground: Ground, site: _Site, notes: _Notes) -> None:
    """One entry for each area that has a line here or holds the spot."""
    state = notes.state
    areas, signed = _claims(ground, site, state)
    head = len(notes.records)
    notes.records.append(site.spot)
    at, previous, held = 0, -1, 1
    for k in np.argsort(areas, kind="mergesort"):
        if areas[k] != previous:
            previous = areas[k]
            while held <= state[0] and state[held] < previous:
                held += 1
            notes.records[head] += len(SPOTS)
            notes.records.append(int(previous))
            at = len(notes.records)
            notes.records.append(1 if held <= state[0] and state[held] == previous else 0)
        if k >= state[0]:
            notes.records[at] += 2
            notes.records.append(int(signed[k]))


@compiled
def _claims(ground: Ground, site: _Site, state: Ints) -> tuple[Ints, Ints]:
    """First the areas that hold the spot, then the owner of each line here with the signed line."""
    total = state[0]
    for line in site.here:
        total += ground.first[line + 1] - ground.first[line]
    areas, signed = np.empty(total, np.int32), np.zeros(total, np.int32)
    areas[: state[0]] = state[1 : state[0] + 1]
    k = state[0]
    for line in site.here:
        number = line + ground.line_base
        for owner in ground.owners[ground.first[line] : ground.first[line + 1]]:
            areas[k] = owner
            signed[k] = number if _side(ground.ends, line, site.x, site.y) > 0.0 else ~number
            k += 1
    return areas, signed


@compiled
def _members(frame: Frame, ends: Floats, ids: Ints) -> tuple[Ints, Ints]:
    """The lines that come within reach of each pixel, pixel after pixel."""
    starts = np.zeros(frame.nx * frame.ny + 2, np.int32)
    for line in ids:
        first_row, last_row = _rows(frame, ends, line)
        for row in range(first_row, last_row + 1):
            first, last = _columns(frame, ends, line, row)
            for column in range(first, last + 1):
                starts[row * frame.nx + column + 2] += 1
    for k in range(1, len(starts)):
        starts[k] += starts[k - 1]
    members = np.empty(starts[-1], np.int32)
    for line in ids:
        first_row, last_row = _rows(frame, ends, line)
        for row in range(first_row, last_row + 1):
            first, last = _columns(frame, ends, line, row)
            for column in range(first, last + 1):
                pixel = row * frame.nx + column
                members[starts[pixel + 1]] = line
                starts[pixel + 1] += 1
    return starts[:-1], members


@compiled
def _rows(frame: Frame, ends: Floats, line: int) -> tuple[int, int]:
    low, high = min(ends[line, 1], ends[line, 3]), max(ends[line, 1], ends[line, 3])
    first = np.floor((low - REACH_DEG - frame.y0) / frame.dy)
    last = np.floor((high + REACH_DEG - frame.y0) / frame.dy)
    return int(max(first, 0.0)), int(min(last, frame.ny - 1.0))


@compiled
def _columns(frame: Frame, ends: Floats, line: int, row: int) -> tuple[int, int]:
    """First and last column of a row within reach of a line; last < first if there is none."""
    ax, ay, bx, by = ends[line, 0], ends[line, 1], ends[line, 2], ends[line, 3]
    floor = max(frame.y0 + row * frame.dy - REACH_DEG, min(ay, by))
    ceiling = min(frame.y0 + (row + 1) * frame.dy + REACH_DEG, max(ay, by))
    if floor > ceiling:
        return 0, -1
    from_x, to_x = ax, bx
    if ay != by:
        from_x = ax + min(max((floor - ay) / (by - ay), 0.0), 1.0) * (bx - ax)
        to_x = ax + min(max((ceiling - ay) / (by - ay), 0.0), 1.0) * (bx - ax)
    first = np.floor((min(from_x, to_x) - REACH_DEG - frame.x0) / frame.dx)
    last = np.floor((max(from_x, to_x) + REACH_DEG - frame.x0) / frame.dx)
    return int(max(first, 0.0)), int(min(last, frame.nx - 1.0))
