"""Shares of counts with their uncertainty, and counts too small to be shown. Pure."""

from math import sqrt
from typing import NamedTuple

Z_95 = 1.959963984540054


class Share(NamedTuple):
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(count: int, of: int) -> Share:
    """A share with its Wilson score interval at 95 %, without continuity correction.

    E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209; method 3 of R. G. Newcombe, Stat. Med. 17
    (1998) 857. Raises ValueError for none of none.
    """
    if not 0 <= count <= of or of == 0:
        raise ValueError(f"{count} of {of} is no share")
    share, z2 = count / of, Z_95 * Z_95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z_95 * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Share(share, max(0.0, middle - half), min(1.0, middle + half))


FEWEST = 5
"""Smaller numbers than this are not shown: they tell of single cases."""


def shown(count: int) -> int | None:
    """A count that may be shown; None for one to four."""
    return None if 0 < count < FEWEST else count
