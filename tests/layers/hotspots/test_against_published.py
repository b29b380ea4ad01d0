"""Equality with what others computed: esda and libpysal 4.14, and the figures in their tests."""

import geopandas
import h3
import libpysal
import numpy as np
import pytest
import shapely
from esda import G_Local, Moran, Moran_Local
from libpysal.weights import W

from layers.hotspots.getis import exact_p, gi_star
from layers.hotspots.moran import local_moran, moran
from layers.hotspots.weights import contiguity, hexagons, within

COLUMBUS = geopandas.read_file(libpysal.examples.get_path("columbus.shp"))
CRIME = COLUMBUS["CRIME"].to_numpy()
GROUND = COLUMBUS.geometry.to_numpy()


def as_w(neighbours: object) -> W:
    """The same neighbours as libpysal has them."""
    rows = neighbours.tolil().rows  # type: ignore[attr-defined]
    return W({place: list(row) for place, row in enumerate(rows)}, silence_warnings=True)


def with_self(neighbours: object) -> W:
    rows = neighbours.tolil().rows  # type: ignore[attr-defined]
    each = {place: [*row, place] for place, row in enumerate(rows)}
    return W(each, silence_warnings=True)


def test_columbus_has_the_neighbours_that_libpysal_counts() -> None:
    assert contiguity(GROUND).nnz == 236
    assert contiguity(GROUND, corners=False).nnz == 200


@pytest.mark.parametrize(
    ("corners", "i", "z"), [(True, 0.5001886, 5.5894), (False, 0.5236702, 5.4579)]
)
def test_morans_i_of_crime_in_columbus_is_the_published_one(
    corners: bool, i: float, z: float
) -> None:
    found = moran(CRIME, contiguity(GROUND, corners=corners))
    assert found.i == pytest.approx(i, abs=5e-8)
    assert found.expected == pytest.approx(-0.0208333, abs=5e-8)
    assert found.z == pytest.approx(z, abs=5e-5)


def test_morans_i_its_variance_and_p_are_those_of_esda() -> None:
    near = contiguity(GROUND)
    theirs = Moran(CRIME, as_w(near), permutations=0)
    ours = moran(CRIME, near)
    np.testing.assert_allclose(ours, [theirs.I, theirs.EI, theirs.z_rand, theirs.p_rand], rtol=1e-9)


@pytest.mark.filterwarnings("ignore:The alternative hypothesis:DeprecationWarning")  # of esda
def test_local_moran_and_its_quadrants_are_those_of_esda_and_p_agrees_with_its_sampling() -> None:
    near = contiguity(GROUND)
    theirs = Moran_Local(CRIME, as_w(near), permutations=9999, seed=1)
    ours = local_moran(CRIME, near, 9999, seed=1)
    many = len(CRIME)
    np.testing.assert_allclose(ours.i * (many - 1) / many, theirs.Is, rtol=1e-9)
    assert ours.quadrant.tolist() == theirs.q.tolist()
    deviation = np.sqrt(theirs.p_sim * (1 - theirs.p_sim) / 9999 * 2)
    assert (np.abs(ours.p - theirs.p_sim) < 5 * deviation + 2e-4).all()


def test_gi_star_of_columbus_is_the_published_one() -> None:
    z = gi_star(CRIME, contiguity(GROUND)).z
    assert (z > 1.96).sum() == 11
    assert np.sort(z)[-5:] == pytest.approx([2.8059, 3.1952, 3.2711, 3.2861, 3.4751], abs=5e-5)


def test_gi_star_of_the_toy_of_getis_and_ord_is_the_published_one() -> None:
    # pysal/esda, esda/tests/test_getisord.py: six points, neighbours within 15.
    xy = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], float)
    values = np.array([2, 3, 3.2, 5, 8, 7])
    assert gi_star(values, within(xy, 15)).z[0] == pytest.approx(-1.39727626, abs=1e-8)


def test_gi_star_in_hexagons_is_that_of_esda_to_the_last_digits() -> None:
    cells = sorted(h3.grid_disk(h3.latlng_to_cell(41.8, 123.4, 9), 12))
    near = hexagons(cells)
    counts = np.random.default_rng(3).poisson(2.0, len(cells))
    theirs = G_Local(
        counts.astype(float), with_self(near), transform="B", star=True, permutations=0
    )
    ours = gi_star(counts, near)
    assert np.abs(ours.z - theirs.Zs).max() < 1e-12
    np.testing.assert_allclose(ours.p / 2, theirs.p_norm, atol=1e-12)


def test_hexagons_next_to_each_other_are_those_of_h3() -> None:
    cells = sorted(h3.grid_disk(h3.latlng_to_cell(41.8, 123.4, 9), 4))
    for rings in (1, 2):
        near = hexagons(cells, rings).tolil().rows
        for place, cell in enumerate(cells):
            theirs = set(h3.grid_disk(cell, rings)) & set(cells) - {cell}
            assert {cells[each] for each in near[place]} == theirs


def test_the_exact_p_is_what_dealing_the_values_at_random_gives() -> None:
    chance = np.random.default_rng(5)
    xy = chance.random((40, 2))
    near, counts = within(xy, 0.2), chance.poisson(1.5, 40)
    dealt = np.array([chance.permutation(counts) for _ in range(20_000)])
    star = near + np.eye(40)
    sums, own = dealt @ star.T, star @ counts
    below, above = (sums <= own).mean(axis=0), (sums >= own).mean(axis=0)
    theirs = np.minimum(1.0, 2 * np.minimum(below, above))
    ours = exact_p(counts, near)
    assert ours is not None
    deviation = np.sqrt(np.minimum(below, above) / 20_000)
    assert (np.abs(ours - theirs) < 2 * 4.5 * deviation + 1e-4).all()


def test_queen_and_rook_differ_by_those_who_meet_in_a_point() -> None:
    squares = np.array([shapely.box(x, y, x + 1, y + 1) for x in range(2) for y in range(2)])
    assert contiguity(squares).nnz == 12
    assert contiguity(squares, corners=False).nnz == 8
