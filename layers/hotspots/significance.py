"""Many tests at once: which findings to believe, so that few of them are false. Pure."""

import numpy as np

from layers.columns import Bools, Floats


def adjusted(p: Floats) -> Floats:
    """p of n tests, each the smallest rate of false discoveries at which it would be believed.

    Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289. Cells that share neighbours depend
    on each other positively, for which it holds too (Benjamini, Yekutieli, Ann. Stat. 29 (2001)
    1165).
    """
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    found = np.empty(len(p))
    found[order] = np.minimum(1.0, np.minimum.accumulate(p[order] * len(p) / ranks))
    return found


def discoveries(p: Floats, rate: float) -> Bools:
    """Which of n tests to believe, if no more than this share of them may be false."""
    believed: Bools = adjusted(p) <= rate
    return believed
