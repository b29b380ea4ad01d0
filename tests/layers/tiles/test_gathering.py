"""Nobody finds out a small count: all worlds that look the same are gone through."""

from collections import defaultdict
from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from layers.tiles.gathering import LEFT_OUT, Squares, divides, gathered, identities, partition

Ints = NDArray[np.int64]
Square = tuple[int, int, int]  # level, column, row
View = frozenset[tuple[int, int, int, int]]

GROUND = [(column, row) for column in range(4) for row in range(4)]
SQUARES = [(level, x, y) for level in range(3) for x in range(2**level) for y in range(2**level)]


def points(*places: tuple[int, int]) -> Ints:
    return np.array(places, np.int64).reshape(-1, 2)


def view(squares: Squares) -> View:
    return frozenset(zip(*(column.tolist() for column in squares), strict=True))


def holders(place: tuple[int, int], finest: int) -> list[Square]:
    """The squares of all levels that hold a square of the finest."""
    return [
        (level, place[0] >> finest - level, place[1] >> finest - level)
        for level in range(finest + 1)
    ]


def told(seen: View) -> set[Square]:
    """The squares whose count is shown at some level: those of the partition and those above."""
    return {square for level, x, y, _ in seen for square in holders((x, y), level)}


@pytest.mark.parametrize("fewest", [2, 3])
def test_any_square_that_is_not_shown_may_be_empty_whatever_is_shown(fewest: int) -> None:
    worlds: dict[View, list[dict[Square, int]]] = defaultdict(list)
    for many in range(6):
        for places in combinations_with_replacement(GROUND, many):
            counts: dict[Square, int] = defaultdict(int)
            for place in places:
                for square in holders(place, 2):
                    counts[square] += 1
            worlds[view(partition(points(*places), 0, 2, fewest))].append(counts)
    assert len(worlds) > 50
    for seen, possible in worlds.items():
        for square in set(SQUARES) - told(seen):
            assert min(world.get(square, 0) for world in possible) == 0


@pytest.mark.parametrize("fewest", [2, 3])
def test_a_square_that_is_not_divided_may_have_any_quarter_empty(fewest: int) -> None:
    for whole in range(fewest, 62 * (fewest - 1)):
        first = np.arange(whole + 1)
        quarters = np.array(np.meshgrid(first, first, first)).reshape(3, -1).T
        quarters = quarters[quarters.sum(axis=1) <= whole]
        four = np.column_stack([quarters, whole - quarters.sum(axis=1)])
        kept = four[~divides(four, fewest)]
        assert len(kept) == 0 or (kept == 0).any()
        assert (whole < 2 * LEFT_OUT * (fewest - 1)) == (len(kept) > 0)


@pytest.mark.parametrize("fewest", [5, 10])
def test_the_same_holds_for_larger_thresholds(fewest: int) -> None:
    for whole in range(fewest, 2 * LEFT_OUT * (fewest - 1)):
        first = np.arange(whole + 1)
        pairs = np.array(np.meshgrid(first, first)).reshape(2, -1).T
        pairs = pairs[pairs.sum(axis=1) <= whole]
        rest = whole - pairs.sum(axis=1)
        assert not divides(np.column_stack([pairs, rest, 0 * rest]), fewest).all()


@given(st.integers(2, 12), st.lists(st.integers(0, 400), min_size=4, max_size=4))
def test_a_square_with_many_points_is_always_divided(fewest: int, counts: list[int]) -> None:
    if sum(counts) >= 2 * LEFT_OUT * (fewest - 1):
        assert divides(np.array([counts]), fewest).all()


CLUSTERS = st.lists(
    st.tuples(st.integers(0, 15), st.integers(0, 15), st.integers(1, 60)), max_size=12
)


def crowd(clusters: list[tuple[int, int, int]]) -> Ints:
    return points(*[(x, y) for x, y, count in clusters for _ in range(count)])


@given(CLUSTERS, st.integers(1, 6), st.integers(0, 2))
def test_what_is_left_out_changes_nothing_that_is_shown(
    clusters: list[tuple[int, int, int]], fewest: int, coarsest: int
) -> None:
    everybody = crowd(clusters)
    seen = view(partition(everybody, coarsest, 4, fewest))
    shown = [
        place
        for place in map(tuple, everybody.tolist())
        if any((level, place[0] >> 4 - level, place[1] >> 4 - level) == (level, x, y)
               for level, x, y, _ in seen)
    ]  # fmt: skip
    assert view(partition(points(*shown), coarsest, 4, fewest)) == seen
    assert len(shown) == sum(count for *_, count in seen)


@given(CLUSTERS, st.integers(1, 6))
def test_every_level_adds_up_to_the_same_and_shows_no_small_count(
    clusters: list[tuple[int, int, int]], fewest: int
) -> None:
    found = partition(crowd(clusters), 1, 4, fewest)
    for level in range(6):
        squares = gathered(found, level)
        assert squares.total.sum() == found.total.sum()
        assert (squares.total >= fewest).all()
        assert len(np.unique(identities(squares))) == len(squares.level)
        assert (squares.level <= level).all()


@given(CLUSTERS)
def test_without_a_threshold_every_point_is_counted_in_its_finest_square(
    clusters: list[tuple[int, int, int]],
) -> None:
    everybody = crowd(clusters)
    found = partition(everybody, 1, 4, 1)
    places, counts = np.unique(everybody, axis=0, return_counts=True)
    expected = {(4, x, y, n) for (x, y), n in zip(places.tolist(), counts.tolist(), strict=True)}
    assert view(found) == expected


def test_hiding_small_counts_at_each_level_alone_would_tell_them() -> None:
    six_and_two = points(*[(0, 0)] * 6, *[(3, 3)] * 2)
    alone = [{(level, 0, 0): 8 - 2 * (level > 0)} for level in range(3)]
    assert alone[0][0, 0, 0] - alone[1][1, 0, 0] == 2  # what an attacker would work out
    assert view(partition(six_and_two, 0, 2, 5)) == {(0, 0, 0, 8)}


def test_a_few_points_far_from_many_are_left_out_at_every_level() -> None:
    many_and_two = points(*[(0, 0)] * 100, *[(3, 3)] * 2)
    found = partition(many_and_two, 0, 2, 5)
    assert view(found) == {(2, 0, 0, 100)}
    assert view(gathered(found, 0)) == {(0, 0, 0, 100)}


def test_a_square_of_the_coarsest_level_with_few_points_is_left_out() -> None:
    found = partition(points(*[(0, 0)] * 9, *[(3, 3)] * 4), 1, 2, 5)
    assert view(found) == {(2, 0, 0, 9)}


def test_no_points_make_no_squares() -> None:
    assert view(partition(points(), 0, 4, 5)) == frozenset()
    assert view(gathered(partition(points(), 0, 4, 5), 2)) == frozenset()


def test_identities_count_the_squares_of_all_levels_without_a_gap() -> None:
    level, column, row = (np.array(each) for each in zip(*SQUARES, strict=True))
    assert sorted(identities(Squares(level, column, row, level)).tolist()) == list(range(21))
