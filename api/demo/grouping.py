"""Blocks into areas: each group in one piece, around its seeds."""

import numpy as np
import shapely
from numpy.typing import NDArray

from api.demo.blocks import nearest
from api.demo.plane import Points

ROUNDS = 12

Labels = NDArray[np.intp]
Shapes = NDArray[np.object_]


def clustered(points: Points, count: int) -> Labels:
    """`count` compact groups of points by Lloyd's rounds from evenly spread beginnings."""
    seeds = points[_spread(points, count)]
    for _ in range(ROUNDS):
        labels = nearest(points, seeds)
        seeds = np.array([points[labels == each].mean(axis=0) for each in range(count)])
    return nearest(points, seeds)


def _spread(points: Points, count: int) -> list[int]:
    """Positions of points far from each other: each is the furthest from those before."""
    chosen = [int(np.argmin(points[:, 0]))]
    while len(chosen) < count:
        away = np.linalg.norm(points[:, None, :] - points[chosen][None, :, :], axis=2)
        chosen.append(int(np.argmax(away.min(axis=1))))
    return chosen


def in_one_piece(shapes: Shapes, labels: Labels) -> Labels:
    """The labels with stray blocks given to the group they touch most."""
    settled = labels.copy()
    neighbours = _neighbours(shapes)
    for _ in range(ROUNDS):
        strays = [
            each for group in np.unique(settled) for each in _strays(settled, group, neighbours)
        ]
        if not strays:
            return settled
        for stray in strays:
            settled[stray] = _closest(stray, settled, neighbours)
    raise ValueError("blocks cannot be grouped in one piece each")


def _neighbours(shapes: Shapes) -> list[dict[int, float]]:
    """For each block the blocks that share a line with it, and the line's length in degrees."""
    found: list[dict[int, float]] = [{} for _ in shapes]
    one, other = shapely.STRtree(shapes).query(shapes, predicate="touches")
    lengths = shapely.length(shapely.intersection(shapes[one], shapes[other]))
    for a, b, length in zip(one.tolist(), other.tolist(), lengths.tolist(), strict=True):
        if length > 0:
            found[a][b] = length
    return found


def _strays(labels: Labels, group: int, neighbours: list[dict[int, float]]) -> list[int]:
    """The members outside of the group's largest connected piece."""
    left = set(np.flatnonzero(labels == group).tolist())
    pieces = []
    while left:
        piece, edge = set(), {left.pop()}
        while edge:
            piece |= edge
            edge = {near for each in edge for near in neighbours[each] if near in left}
            left -= edge
        pieces.append(piece)
    pieces.sort(key=lambda piece: (len(piece), -min(piece)))
    return sorted(each for piece in pieces[:-1] for each in piece)


def _closest(stray: int, labels: Labels, neighbours: list[dict[int, float]]) -> int:
    own = labels[stray]
    others = {near: length for near, length in neighbours[stray].items() if labels[near] != own}
    return int(labels[max(others, key=lambda near: (others[near], -near))])


def unions(shapes: Shapes, labels: Labels, count: int) -> Shapes:
    """The ground of each group."""
    return np.array([shapely.coverage_union_all(shapes[labels == each]) for each in range(count)])
