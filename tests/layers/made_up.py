"""Points of a made-up district: 3 streets of 3 communities of 4 cells."""

import numpy as np

from layers.columns import Coded, Points

STREETS = [f"S{s}" for s in range(3)]
BEGIN = np.datetime64("2025-01-01T00:00:00", "us")
CATEGORIES = ("family", "labour", "property")


def points(many: int, seed: int, days: int = 730) -> Points:
    """So many points, more of them in some cells than in others."""
    chance = np.random.default_rng(seed)
    cell = np.minimum(chance.exponential(9.0, many).astype(int), 35)
    at = BEGIN + (chance.random(many) * days * 86_400e6).astype("timedelta64[us]")
    kind = chance.choice(3, many, p=[0.1, 0.3, 0.6])
    took = np.where(chance.random(many) < 0.2, np.nan, chance.exponential(6.0, many))
    return Points(
        123.4 + cell / 100 + chance.random(many) / 100,
        41.8 + chance.random(many) / 100,
        at,
        {
            "grid": Coded.of([f"S{c // 12}C{c // 4 % 3}G{c % 4}" for c in cell]),
            "community": Coded.of([f"S{c // 12}C{c // 4 % 3}" for c in cell]),
            "street": Coded.of([f"S{c // 12}" for c in cell]),
            "district": Coded.of(["D"] * many),
            "category": Coded.of([CATEGORIES[k] for k in kind]),
        },
        {"days": took, "on_time": np.where(np.isnan(took), np.nan, (took < 10).astype(float))},
    )
