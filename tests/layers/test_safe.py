"""Nothing that is published shows or implies a group of one to four (k-anonymity)."""

from itertools import product

import numpy as np
import pytest

from layers.aggregate import Period, tabulated
from layers.columns import NONE, Points
from layers.safe import AREAS, K, generalised, quarter_of, safe
from tests.layers.made_up import CATEGORIES, points

END = np.datetime64("2027-01-01", "us")


def published(told: Points) -> dict[tuple[str, str, str, str], int]:
    """Every count by area, quarter and category that can be asked for; "" stands for all."""
    found = {}
    for level, category in product(AREAS, ("", *CATEGORIES)):
        mask = told.codes["category"].among({category}) if category else np.full(len(told), True)
        table = tabulated(told.taken(mask), told.codes[level].names, level, Period.QUARTER)
        for a, area in enumerate(table.areas):
            found[level, area, "", category] = int(table.totals[a])
            for q, quarter in enumerate(table.periods):
                found[level, area, quarter, category] = int(table.counts[a, q])
    return found


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("many", [3, 60, 900, 6000])
def test_no_published_count_is_one_to_four(many: int, seed: int) -> None:
    counts = published(safe(points(many, seed), END))
    assert all(count == 0 or count >= K for count in counts.values())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("many", [60, 900, 6000])
def test_an_attacker_who_subtracts_what_is_published_finds_no_group_of_one_to_four(
    many: int, seed: int
) -> None:
    counts = published(safe(points(many, seed), END))
    quarters = {quarter for _, _, quarter, _ in counts}
    for (level, area, quarter, category), count in counts.items():
        rests = []

        def told_of(one: str, at: tuple[str, str, str] = (level, area, quarter)) -> int:
            return counts.get((*at, one), 0)

        if level != "grid":  # the whole less its published parts
            below = AREAS[AREAS.index(level) - 1]
            parts = [a for (k, a, q, c) in counts if (k, q, c) == (below, quarter, category)]
            own = [a for a in parts if level == "district" or a.startswith(area)]
            rests.append(count - sum(counts.get((below, a, quarter, category), 0) for a in own))
        if not category:
            rests.append(count - sum(told_of(c) for c in CATEGORIES))
        if not quarter:
            later = sum(counts.get((level, area, q, category), 0) for q in quarters - {""})
            rests.append(count - later)
        assert all(rest == 0 or rest >= K for rest in rests), (level, area, quarter, category)


def test_the_smallest_parts_that_anything_is_worked_out_from_are_groups_of_k() -> None:
    told = safe(points(3000, 1), END)
    keys = np.stack([*(told.codes[name].numbers for name in (*AREAS, "category"))])
    rows = np.vstack([keys, told.at.astype(np.int64)[None]])
    assert np.unique(rows, axis=1, return_counts=True)[1].min() >= K


def test_what_was_published_of_a_quarter_stays_when_later_quarters_come() -> None:
    every = points(4000, 2)
    then = published(safe(every, np.datetime64("2026-01-01", "us")))
    now = published(safe(every, END))
    assert all(now[key] == count for key, count in then.items() if key[2])


def test_a_quarter_that_is_not_over_is_not_told() -> None:
    told = safe(points(4000, 3), np.datetime64("2026-05-20", "us"))
    assert told.at.max() == quarter_of(np.array(["2026-03-31"], "datetime64[us]"))[0]


def test_no_place_and_no_time_of_a_case_is_left() -> None:
    told = safe(points(4000, 3), END)
    assert np.isnan(told.lon).all()
    assert set(told.at) == set(quarter_of(told.at))
    assert told.numbers == {}


def test_most_cases_are_told_of_and_most_of_them_at_their_cell() -> None:
    every = points(6000, 4)
    told = safe(every, END)
    assert len(told) > 0.99 * len(every)
    assert (told.codes["grid"].numbers != NONE).mean() > 0.85


def test_what_is_too_few_goes_up_together_until_it_is_enough() -> None:
    cell, street = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 0, 0, 0, 1])
    assert generalised([[cell], [street]], 3).tolist() == [0, 0, 0, NONE, NONE, NONE]
    assert generalised([[cell], [street]], 2).tolist() == [0, 0, 0, 0, 0, NONE]
    assert generalised([[cell], [np.zeros(6, int)]], 3).tolist() == [0, 0, 0, 1, 1, 1]


def test_nothing_at_all_is_told_of_nothing() -> None:
    assert len(safe(points(0, 1), END)) == 0
