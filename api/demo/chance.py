"""Loaded dice: a place in a row of shares, drawn as often as its share says."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

import numpy as np

Steps = tuple[float, ...]


def steps(shares: Iterable[float]) -> Steps:
    """The limits between shares (sum 1) on the way from 0 to 1; one fewer than shares."""
    return tuple(accumulate(shares))[:-1]


def drawn(limits: Steps, dice: np.random.Generator) -> int:
    """The position of the share that a throw falls on; shares of nothing are never drawn."""
    return bisect_right(limits, dice.random())
