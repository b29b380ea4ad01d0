"""Hotspots: Gi* with p-values on H3 cells, weights included, beside esda with permutations.

    ./fengqiao bench hotspots [--cells 20000] [--rounds 5] [--permutations 999]

Ours: neighbours, z, and the exact p of the same null hypothesis. esda's G_Local: the same
neighbours as a libpysal W from h3's disks, z, and p from conditional permutation. Before the clock
starts both must give the same z.
"""

import argparse
import json
import platform
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import h3
import numpy as np
from esda import G_Local
from libpysal.weights import W

from layers.hotspots.getis import exact_p, gi_star
from layers.hotspots.weights import hexagons

RESOLUTION = 9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--permutations", type=int, default=999)
    asked = parser.parse_args()
    cells = around(asked.cells)
    counts = np.random.default_rng(1).poisson(2.0, len(cells))
    apart = np.abs(ours(cells, counts)[0] - theirs(cells, counts, 0).Zs).max()
    mine = timed(lambda: ours(cells, counts), asked.rounds)
    drawn = timed(lambda: theirs(cells, counts, asked.permutations), min(asked.rounds, 3))
    plain = timed(lambda: theirs(cells, counts, 0), min(asked.rounds, 3))
    print(f"{len(cells)} cells, largest difference of z: {apart:.1e}")
    print(f"{'ours, exact p':34}{mine * 1000:10.1f} ms")
    print(f"{f'esda, {asked.permutations} permutations':34}{drawn * 1000:10.1f} ms")
    print(f"{'esda, normal law only':34}{plain * 1000:10.1f} ms")
    found = {
        "benchmark": "hotspots",
        "cells": len(cells),
        "ours_s": round(mine, 4),
        "max_abs_dz": float(apart),
        "ratio_vs_esda": round(drawn / mine, 1),
        "ratio_vs_esda_analytic": round(plain / mine, 1),
        "python": platform.python_version(),
    }
    print(json.dumps(found))


def around(many: int) -> list[str]:
    """So many cells without holes."""
    rings, middle = 1, h3.latlng_to_cell(41.8, 123.4, RESOLUTION)
    while 3 * rings * (rings + 1) + 1 < many:
        rings += 1
    return sorted(h3.grid_disk(middle, rings))[:many]


def ours(cells: list[str], counts: np.ndarray) -> tuple[Any, Any]:
    near = hexagons(cells)
    return gi_star(counts, near).z, exact_p(counts, near)


def theirs(cells: list[str], counts: np.ndarray, permutations: int) -> G_Local:
    place = {cell: number for number, cell in enumerate(cells)}
    near = {
        number: [place[each] for each in h3.grid_disk(cell, 1) if each in place]
        for cell, number in place.items()
    }
    weights = W(near, silence_warnings=True)
    words = {"transform": "B", "star": True, "permutations": permutations}
    return G_Local(counts.astype(float), weights, **words)


def timed(work: Callable[[], object], rounds: int) -> float:
    """The median of some rounds, in seconds."""
    taken = []
    for _ in range(rounds):
        begun = perf_counter()
        work()
        taken.append(perf_counter() - begun)
    return median(taken)


if __name__ == "__main__":
    main()
