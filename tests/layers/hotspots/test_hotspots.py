"""What is found where something is planted, where there is nothing, and in what is degenerate."""

import h3
import numpy as np
import pytest
from scipy.stats import false_discovery_control

from layers.hotspots.getis import exact_p, gi_star
from layers.hotspots.moran import local_moran, moran
from layers.hotspots.significance import adjusted, discoveries
from layers.hotspots.weights import hexagons, within

CELLS = sorted(h3.grid_disk(h3.latlng_to_cell(41.8, 123.4, 9), 20))
NEAR = hexagons(CELLS)


@pytest.mark.parametrize("mean", [0.3, 2.0])
def test_a_year_of_pure_noise_has_at_most_one_false_cell_in_twenty(mean: float) -> None:
    alone, together = [], []
    for seed in range(12):
        counts = np.random.default_rng(seed).poisson(mean, len(CELLS))
        p = exact_p(counts, NEAR)
        assert p is not None
        alone.append((p <= 0.05).mean())
        together.append(discoveries(p, 0.05).sum())
    assert np.mean(alone) <= 0.05, "cell by cell"
    assert max(together) <= 3, "and with false discoveries held down next to none of 1,261"


def test_a_planted_hotspot_is_found_beyond_one_in_a_hundred_and_nothing_far_from_it() -> None:
    counts = np.random.default_rng(1).poisson(0.5, len(CELLS))
    middle = CELLS.index(h3.latlng_to_cell(41.8, 123.4, 9))
    planted = [*NEAR.tolil().rows[middle], middle]
    counts[planted] += 3
    p = exact_p(counts, NEAR)
    assert p is not None
    found = np.flatnonzero(discoveries(p, 0.01))
    assert middle in found
    assert {h3.grid_distance(CELLS[middle], CELLS[cell]) for cell in found} <= {0, 1, 2}
    assert gi_star(counts, NEAR).z[middle] > 5


def test_adjusted_p_values_are_those_of_scipy() -> None:
    p = np.random.default_rng(1).random(500) ** 2
    np.testing.assert_allclose(adjusted(p), false_discovery_control(p), rtol=1e-12)


@pytest.mark.parametrize("value", [0, 3])
def test_where_all_cells_are_the_same_there_is_nothing_to_find(value: int) -> None:
    same = np.full(len(CELLS), value)
    assert not gi_star(same, NEAR).z.any()
    assert (gi_star(same, NEAR).p == 1).all()
    p = exact_p(same, NEAR)
    assert p is not None
    assert (p == 1).all()
    assert moran(same, NEAR).p == 1
    assert (local_moran(same, NEAR, 99, seed=1).p == 1).all()


def test_one_cell_no_cells_and_cells_without_neighbours_are_no_error() -> None:
    one = hexagons(CELLS[:1])
    assert gi_star(np.array([5]), one).z.tolist() == [0.0]
    assert exact_p(np.array([5]), one) == pytest.approx([1.0])
    none = hexagons([])
    assert gi_star(np.array([], int), none).z.tolist() == []
    alone = within(np.array([[0.0, 0.0], [100.0, 0.0], [200.0, 0.0]]), 10)
    assert local_moran(np.array([1, 2, 9]), alone, 99, seed=1).quadrant.tolist() == [0, 0, 0]
    assert moran(np.array([1, 2, 9]), alone).p == 1


def test_all_cases_in_one_cell_make_that_cell_hot() -> None:
    counts = np.zeros(len(CELLS), int)
    counts[600] = 40
    p = exact_p(counts, NEAR)
    assert p is not None
    assert (gi_star(counts, NEAR).z[[600, *NEAR.tolil().rows[600]]] > 10).all()
    assert p[600] == pytest.approx(2 * 7 / len(CELLS), rel=1e-9), "7 of all cells are as near to it"


def test_counts_too_large_for_the_exact_law_are_left_to_the_normal_one() -> None:
    counts = np.random.default_rng(1).poisson(50_000, len(CELLS))
    assert exact_p(counts, NEAR) is None


def test_what_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        gi_star(np.array([1.0, np.nan]), hexagons(CELLS[:2]))
    with pytest.raises(ValueError, match="finite"):
        moran(np.array([1.0, np.inf]), hexagons(CELLS[:2]))


def test_the_same_seed_gives_the_same_p() -> None:
    counts = np.random.default_rng(1).poisson(2, len(CELLS))
    one, other = (local_moran(counts, NEAR, 99, seed=7).p for _ in range(2))
    assert np.array_equal(one, other)
