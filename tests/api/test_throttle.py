"""Attempts are counted before anything costly is done."""

from datetime import UTC, datetime, timedelta

from api.throttle import MOST_NAMES, Throttle

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=1)


def test_so_many_attempts_of_a_name_pass_in_a_window() -> None:
    throttle = Throttle(3, WINDOW)
    waits = [throttle.wait("a", NOW) for _ in range(5)]
    assert waits == [timedelta()] * 3 + [WINDOW] * 2
    assert throttle.wait("b", NOW) == timedelta()


def test_the_next_window_begins_anew() -> None:
    throttle = Throttle(1, WINDOW)
    throttle.wait("a", NOW)
    assert throttle.wait("a", NOW + WINDOW / 2) == WINDOW / 2
    assert throttle.wait("a", NOW + WINDOW) == timedelta()


def test_any_number_of_names_takes_bounded_memory() -> None:
    throttle = Throttle(1, WINDOW)
    for number in range(3 * MOST_NAMES):
        throttle.wait(str(number), NOW)
    assert len(throttle._counts) <= MOST_NAMES
