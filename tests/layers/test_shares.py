"""Shares against published intervals."""

import pytest

from layers.shares import shown, wilson

# R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
PUBLISHED = {
    (81, 263): (0.2553, 0.3662),
    (15, 148): (0.0624, 0.1605),
    (0, 20): (0.0000, 0.1611),
    (1, 29): (0.0061, 0.1718),
}


@pytest.mark.parametrize(("counts", "published"), PUBLISHED.items())
def test_the_interval_is_the_published_one(
    counts: tuple[int, int], published: tuple[float, float]
) -> None:
    found = wilson(*counts)
    assert (round(found.low, 4), round(found.high, 4)) == published
    assert found.value == counts[0] / counts[1]


def test_the_interval_of_all_mirrors_that_of_none() -> None:
    none, every = wilson(0, 20), wilson(20, 20)
    assert every.low == pytest.approx(1 - none.high)
    assert every.high == 1.0


@pytest.mark.parametrize("counts", [(0, 0), (3, 2), (-1, 4)])
def test_what_is_no_share_is_refused(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(*counts)


def test_one_to_four_are_not_shown() -> None:
    assert [shown(count) for count in range(7)] == [0, None, None, None, None, 5, 6]
