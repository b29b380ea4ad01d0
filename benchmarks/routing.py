"""Placing points: the locator beside geopandas, shapely, PostGIS and SedonaDB, in one run.

    ./fengqiao bench routing [--points 1000000] [--rounds 3]

A grid of 1,512 cells and three layers of jurisdictions that do not nest, all lines wiggly. Most
points are random, one in a thousand lies on a line: the trap of every join, since there one point
has no, two or four areas. The rule that decides there is ours; the peers' pairs are reduced by it
(lowest code) before they are compared, untimed. Off the lines all must agree.
"""

import argparse
import json
import os
import platform
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median
from time import perf_counter, perf_counter_ns
from typing import Any

import numpy as np
import psycopg
import shapely
from numpy.typing import NDArray
from sqlalchemy import make_url

from benchmarks.coverages import wiggly_cells
from benchmarks.placing_peers import Geopandas, Pairs, Peer, PostGIS, Sedona, Shapely, load
from gis.cluster import throwaway_cluster
from grids.locate import LINE_TOLERANCE_DEG, Layer, Locator

BOUNDS = (123.40, 41.75, 123.60, 41.95)
SHAPES = {"grid": (42, 36), "street": (5, 3), "police": (5, 4), "justice": (3, 5)}
ON_LINES = 1000  # one point in so many
ASKED_ALONE = 20_000

Floats = NDArray[np.float64]
Answers = list[NDArray[np.int32]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    layers = made_layers()
    lon, lat = made_points(layers, asked.points)
    locator, found = measured_locator(layers, lon, lat)
    with peers(layers, lon, lat) as others:
        chosen, answers = fastest(others, len(lon))
        seconds = raced(locator, chosen, lon, lat, asked.rounds)
    speeds = {family: len(lon) / median(taken) for family, taken in seconds.items()}
    wrong, differing = mistakes(list(locator.areas(lon, lat).values()), answers, layers, lon, lat)
    show(speeds, wrong, differing)
    found |= {
        "points_per_s": round(speeds["fengqiao"]),
        **{f"ratio_vs_{each}": round(speeds["fengqiao"] / speeds[each], 1) for each in chosen},
        "mismatches": wrong,
        "peers_differ_off_lines": {each: off for each, (off, _) in differing.items()},
        "peers_differ_on_lines": {each: on for each, (_, on) in differing.items()},
        "versions": {each: f"{peer.version}, {peer.plan}" for each, peer in chosen.items()},
    }
    print(json.dumps(found))


# What is asked


def made_layers() -> list[Layer]:
    """Coverages of one district; codes in the order of the areas."""
    layers = []
    for seed, (kind, (columns, rows)) in enumerate(SHAPES.items()):
        cells = wiggly_cells(BOUNDS, columns, rows, seed=seed)
        codes = [f"{number:04d}" for number in range(len(cells))]
        layers.append(Layer(kind, codes, codes, cells))
    return layers


def made_points(layers: Sequence[Layer], count: int) -> tuple[Floats, Floats]:
    """Random points over the district and a little beyond, and some on vertices and edges."""
    random = np.random.default_rng(7)
    west, south, east, north = BOUNDS
    lon = random.uniform(west - 0.005, east + 0.005, count)
    lat = random.uniform(south - 0.005, north + 0.005, count)
    ends = np.concatenate([lines_of(layer)[0] for layer in layers])
    some = random.choice(count, count // ON_LINES, replace=False)
    one, other = ends[random.integers(len(ends), size=len(some))].transpose(1, 0, 2)
    share = random.choice([0.0, 0.5, 1.0], len(some))[:, None]
    lon[some], lat[some] = (one + share * (other - one)).T
    return lon, lat


def lines_of(layer: Layer) -> tuple[Floats, NDArray[np.int64]]:
    """Both ends of every straight piece of the boundaries, float64[n, 2, 2], and its area."""
    corners, area = shapely.get_coordinates(list(layer.geometries), return_index=True)
    real = area[:-1] == area[1:]
    return np.stack([corners[:-1][real], corners[1:][real]], axis=1), area[:-1][real]


# Ours alone


def measured_locator(
    layers: Sequence[Layer], lon: Floats, lat: Floats
) -> tuple[Locator, dict[str, Any]]:
    """The locator, and what it costs to build and to ask for one point."""
    began = perf_counter()
    locator = Locator.build(layers)
    locator.areas(lon[:1], lat[:1])
    locator.locate(lon[:1], lat[:1])
    first_s = perf_counter() - began
    build_s = median(timed(lambda: Locator.build(layers)) for _ in range(3))
    with one_core():
        alone_s = median(timed(lambda: locator.areas(lon, lat)) for _ in range(3))
    full_s = median(timed(lambda: locator.locate(lon, lat)) for _ in range(3))
    return locator, {
        "benchmark": "routing",
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "points": len(lon),
        "areas": [len(layer.codes) for layer in layers],
        "build_s": round(build_s, 3),
        "first_build_s": round(first_s, 3),
        "index_mb": round(locator.nbytes / 1e6, 1),
        "one_point_us_p50": one_point_us(locator.codes_at, lon, lat),
        "one_full_answer_us_p50": one_point_us(locator.at, lon, lat),
        "points_per_s_one_thread": round(len(lon) / alone_s),
        "full_answers_per_s": round(len(lon) / full_s),
    }


def one_point_us(ask: Callable[[float, float], object], lon: Floats, lat: Floats) -> float:
    points = list(zip(lon[:ASKED_ALONE].tolist(), lat[:ASKED_ALONE].tolist(), strict=True))
    taken = []
    for x, y in points:
        began = perf_counter_ns()
        ask(x, y)
        taken.append(perf_counter_ns() - began)
    return round(median(taken) / 1000, 2)


@contextmanager
def one_core() -> Iterator[None]:
    """On one core only, as the locator takes one thread for each it may use."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


# Side by side


@contextmanager
def peers(layers: Sequence[Layer], lon: Floats, lat: Floats) -> Iterator[list[Peer[Any]]]:
    with throwaway_cluster() as cluster:
        url = make_url(cluster.ensure())
        words = {"host": url.query["host"], "user": url.username, "dbname": url.database}
        with psycopg.connect(**words, autocommit=True) as connection:
            load(connection, layers, lon, lat)
            yield [
                Sedona(layers, lon, lat),
                *(Shapely(layers, lon, lat, plan) for plan in ("tree of points", "tree of areas")),
                *(Geopandas(layers, lon, lat, plan) for plan in ("covers", "within")),
                *(PostGIS(connection, len(layers), f"index on {x}") for x in ("points", "areas")),
            ]


def fastest(
    others: Sequence[Peer[Any]], count: int
) -> tuple[dict[str, Peer[Any]], dict[str, Answers]]:
    """Of each family the peer with the fastest plan, by one run each, and what it answered,
    reduced to the lowest code."""
    chosen: dict[str, Peer[Any]] = {}
    answers: dict[str, Answers] = {}
    best: dict[str, float] = {}
    for other in others:
        began = perf_counter()
        results = other.join()
        taken = perf_counter() - began
        print(f"{other.family:10} {other.version:22} {other.plan:16} {taken:8.2f} s", flush=True)
        if taken < best.get(other.family, np.inf):
            best[other.family], chosen[other.family] = taken, other
            answers[other.family] = [lowest(other.pairs(each), count) for each in results]
    return chosen, answers


def raced(
    locator: Locator, chosen: Mapping[str, Peer[Any]], lon: Floats, lat: Floats, rounds: int
) -> dict[str, list[float]]:
    """Seconds by family: in each round every peer once, and the locator before each."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for family, peer in chosen.items():
            seconds["fengqiao"].append(timed(lambda: locator.areas(lon, lat)))
            seconds[family].append(timed(peer.join))
    return seconds


def lowest(pairs: Pairs, count: int) -> NDArray[np.int32]:
    """The lowest area of each point, -1 for none: the rule of the line on somebody's pairs."""
    points, areas = pairs
    found = np.full(count, np.iinfo(np.int32).max, np.int32)
    np.minimum.at(found, points, areas.astype(np.int32))
    found[found == np.iinfo(np.int32).max] = -1
    return found


def on_lines(layer: Layer, lon: Floats, lat: Floats) -> Pairs:
    """The points within the tolerance of a boundary, and the areas it bounds, by shapely."""
    ends, area = lines_of(layer)
    tree = shapely.STRtree(shapely.linestrings(ends))
    points, line = tree.query(
        shapely.points(lon, lat), predicate="dwithin", distance=LINE_TOLERANCE_DEG
    )
    return points, area[line]


def mistakes(
    ours: Answers,
    answers: Mapping[str, Answers],
    layers: Sequence[Layer],
    lon: Floats,
    lat: Floats,
) -> tuple[int, dict[str, tuple[int, int]]]:
    """How often the locator breaks the rule, and for each peer how often its lowest area is
    another one: off the lines and on them. The rule by shapely: the lowest area that covers the
    point or has it within the tolerance of its boundary."""
    wrong = 0
    off, on = Counter[str](), Counter[str]()
    for number, layer in enumerate(layers):
        points, areas = on_lines(layer, lon, lat)
        line = np.isin(np.arange(len(lon)), points)
        rule = np.where(line, lowest((points, areas), len(lon)), answers["shapely"][number])
        wrong += int((ours[number] != rule).sum())
        for family, found in answers.items():
            off[family] += int(((found[number] != rule) & ~line).sum())
            on[family] += int(((found[number] != rule) & line).sum())
    return wrong, {family: (off[family], on[family]) for family in answers}


def show(speeds: Mapping[str, float], wrong: int, differing: Mapping[str, tuple[int, int]]) -> None:
    """The table for people."""
    print(f"\n{'':10} {'points/s':>12} {'ratio':>8} {'wrong off lines':>16} {'on lines':>9}")
    for family, speed in sorted(speeds.items(), key=lambda each: -each[1]):
        off, on = differing.get(family, (wrong, wrong))
        print(f"{family:10} {speed:12,.0f} {speeds['fengqiao'] / speed:8.1f} {off:16} {on:9}")
    print()


def timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    main()
