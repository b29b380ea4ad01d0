"""Where an unknown house number is placed, and how far it may be off."""

import pytest

from gis.geocoding.numbers import Basis, Door, distance_m, estimate, main_number

LON, LAT, STEP = 123.48, 41.80, 0.0001


def road(*numbers: str) -> list[Door]:
    """A road that runs north, a step for each number, odd numbers west and even ones east."""
    return [
        Door(n, LON + (main_number(n) or 0) % 2 * -0.0003, LAT + (main_number(n) or 0) * STEP, 5, i)
        for i, n in enumerate(numbers)
    ]


def test_a_number_between_two_of_its_side_lies_at_its_share_with_half_the_gap_as_radius() -> None:
    doors = road("10", "11", "13", "20")
    found = estimate("12", doors)
    assert found is not None
    assert found.basis is Basis.SAME_SIDE
    assert (found.low.number, found.high.number) == ("10", "20")
    assert found.lat == pytest.approx(LAT + 12 * STEP)
    assert found.lon == pytest.approx(LON)
    gap = distance_m(LON, LAT + 10 * STEP, LON, LAT + 20 * STEP)
    assert found.radius_m == pytest.approx(gap / 2)


def test_a_number_with_neighbours_only_on_the_other_side_says_so() -> None:
    found = estimate("12", road("11", "13"))
    assert found is not None
    assert found.basis is Basis.BOTH_SIDES


def test_an_annexe_is_taken_from_its_main_number() -> None:
    found = estimate("43-5", road("41", "43", "43-1", "45"))
    assert found is not None
    assert (found.basis, found.low.number) == (Basis.SAME_NUMBER, "43")
    assert found.radius_m > 5


def test_a_few_numbers_beyond_the_end_are_guessed_wide_and_more_are_not_guessed() -> None:
    found = estimate("65", road("57", "59"))
    assert found is not None
    assert (found.basis, found.low.number) == (Basis.BEYOND, "59")
    assert found.radius_m >= 6 * 8
    assert estimate("999", road("57", "59")) is None


def test_nothing_is_guessed_in_a_wide_gap_or_without_a_figure() -> None:
    assert estimate("101", road("1", "201")) is None
    assert estimate("甲", road("1", "3")) is None
    assert estimate("5", []) is None
    assert estimate("9" * 50, road("1", "3")) is None


def test_the_radius_is_never_smaller_than_that_of_the_doors_it_stands_on() -> None:
    low, high = Door("1", LON, LAT, 80, 0), Door("5", LON, LAT + STEP, 15, 1)
    found = estimate("3", [low, high])
    assert found is not None
    assert found.radius_m == 80
