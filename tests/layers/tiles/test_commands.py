"""Drawing commands, against the examples of the specification and another library's reader."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from google.protobuf.internal import encoder
from hypothesis import given
from hypothesis import strategies as st
from mapbox_vector_tile.decoder import TileData

from layers.tiles.commands import AREAS, LINES, POINTS, commands
from layers.tiles.cutting import Paths

Path = list[tuple[int, int]]
COORDINATES = st.tuples(st.integers(-(2**29), 2**29), st.integers(-(2**29), 2**29))


def paths(kind: int, *rows: Path, outer: Sequence[bool] | None = None) -> Paths:
    """One feature."""
    points = np.array([point for row in rows for point in row], np.int64).reshape(-1, 2)
    return Paths(
        points,
        np.cumsum([len(row) for row in rows], dtype=np.int64),
        np.array(outer if outer is not None else [kind == AREAS] * len(rows), np.bool_),
        np.array([len(rows)]),
        np.array([kind]),
    )


def numbers(written: bytes) -> list[int]:
    """Varints of up to 32 bits, read back."""
    found, number, shift = [], 0, 0
    for byte in written:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            found.append(number)
            number = shift = 0
    return found


# Mapbox Vector Tile Specification 2.1, section 4.3.5, "Example Geometry Encodings".
EXAMPLES = {
    "point": (paths(POINTS, [(25, 17)]), [9, 50, 34]),
    "multi point": (paths(POINTS, [(5, 7)], [(3, 2)]), [17, 10, 14, 3, 9]),
    "line": (paths(LINES, [(2, 2), (2, 10), (10, 10)]), [9, 4, 4, 18, 0, 16, 16, 0]),
    "multi line": (
        paths(LINES, [(2, 2), (2, 10), (10, 10)], [(1, 1), (3, 5)]),
        [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8],
    ),
    "polygon": (
        paths(AREAS, [(3, 6), (8, 12), (20, 34), (3, 6)]),
        [9, 6, 12, 18, 10, 12, 24, 44, 15],
    ),
    "multi polygon": (
        paths(
            AREAS,
            [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)],
            [(11, 11), (20, 11), (20, 20), (11, 20), (11, 11)],
            [(13, 13), (13, 17), (17, 17), (17, 13), (13, 13)],
            outer=[True, True, False],
        ),
        [
            *(9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15),
            *(9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15),
            *(9, 4, 13, 26, 0, 8, 8, 0, 0, 7, 15),
        ],
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_commands_are_those_of_the_specification(name: str) -> None:
    content, expected = EXAMPLES[name]
    drawn = commands(content)
    assert drawn.written == b"".join(map(encoder._VarintBytes, expected))
    assert drawn.ends.tolist() == [len(drawn.written)]


@given(st.lists(COORDINATES, min_size=1, max_size=40))
def test_points_come_back_as_they_were(points: Path) -> None:
    written = commands(paths(POINTS, *[[point] for point in points])).written
    read = TileData(b"").parse_geometry(numbers(written), 1, 4096, True, None)
    found = [read["coordinates"]] if len(points) == 1 else read["coordinates"]
    assert [tuple(point) for point in found] == points


@given(st.lists(COORDINATES, min_size=2, max_size=40))
def test_a_line_comes_back_without_repeated_points(points: Path) -> None:
    apart = [points[0]] + [b for a, b in itertools.pairwise(points) if a != b]
    written = commands(paths(LINES, points)).written
    if len(apart) == 1:
        assert written == b""
        return
    read = TileData(b"").parse_geometry(numbers(written), 2, 4096, True, None)
    assert [tuple(point) for point in read["coordinates"]] == apart


@given(st.lists(COORDINATES, min_size=3, max_size=12))
def test_a_ring_runs_clockwise_on_the_screen_whichever_way_it_came(points: Path) -> None:
    for ring in ([*points, points[0]], [*points[::-1], points[-1]]):
        written = commands(paths(AREAS, ring)).written
        if _twice_area(ring) == 0:
            assert written == b""
            continue
        [read] = TileData(b"").parse_geometry(numbers(written), 3, 4096, True, None)["coordinates"]
        assert _twice_area([(x, y) for x, y in read]) == abs(_twice_area(ring))


def _twice_area(ring: Path) -> int:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


def test_a_hole_runs_against_its_ring_even_when_both_came_alike() -> None:
    outer = [(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)]
    hole = [(2, 2), (4, 2), (4, 4), (2, 4), (2, 2)]
    written = commands(paths(AREAS, outer, hole, outer=[True, False])).written
    read = TileData(b"").parse_geometry(numbers(written), 3, 4096, True, None)["coordinates"]
    assert [_twice_area([(x, y) for x, y in ring]) for ring in read] == [162, -8]


def test_a_ring_without_area_goes_and_takes_its_holes_with_it() -> None:
    flat = [(0, 0), (5, 5), (9, 9), (0, 0)]
    hole = [(2, 2), (2, 4), (4, 4), (2, 2)]
    whole = [(20, 20), (29, 20), (29, 29), (20, 20)]
    drawn = commands(paths(AREAS, flat, hole, whole, outer=[True, False, True]))
    assert drawn.written == commands(paths(AREAS, whole)).written


def test_a_hole_without_area_goes_alone() -> None:
    outer = [(0, 0), (9, 0), (9, 9), (0, 0)]
    drawn = commands(paths(AREAS, outer, [(2, 2)] * 4, outer=[True, False]))
    assert drawn.written == commands(paths(AREAS, outer)).written


def test_the_pen_starts_anew_in_every_feature() -> None:
    two = Paths(
        np.array([[5, 5], [5, 5]]),
        np.array([1, 2]),
        np.zeros(2, np.bool_),
        np.array([1, 2]),
        np.array([POINTS, POINTS]),
    )
    drawn = commands(two)
    assert drawn.written[: drawn.ends[0]] == drawn.written[drawn.ends[0] :]


def test_no_features_give_no_commands() -> None:
    nothing = np.empty(0, np.int64)
    none = Paths(nothing.reshape(0, 2), nothing, np.empty(0, np.bool_), nothing, nothing)
    assert commands(none).written == b""


def test_a_feature_without_paths_gives_no_commands() -> None:
    assert commands(paths(AREAS)).written == b""
