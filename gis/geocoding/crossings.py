"""Where two roads meet, when only their house numbers are known."""

import numpy as np

from gis.crs import metres_per_degree
from gis.geocoding.entry import Level
from gis.geocoding.match import ESTIMATED_CROSSING, Finding
from gis.geocoding.places import Place

WIDEST_M = 150.0
"""Known numbers of two roads further apart than this do not show where the roads meet."""
NARROWEST_M = 30.0


def meeting(first: Place, second: Place) -> Finding | None:
    """Halfway between the nearest known numbers of two roads; the radius is their distance."""
    if not first.doors or not second.doors:
        return None
    a = np.array([(door.lon, door.lat) for door in first.doors])
    b = np.array([(door.lon, door.lat) for door in second.doors])
    scale = np.array([float(m) for m in metres_per_degree(float(a[0, 1]))])
    gaps = np.hypot(*np.moveaxis((a[:, None] - b[None]) * scale, -1, 0))
    i, j = np.unravel_index(np.argmin(gaps), gaps.shape)
    gap, p, q = float(gaps[i, j]), first.doors[i], second.doors[j]
    if gap > WIDEST_M:
        return None
    lon, lat = (p.lon + q.lon) / 2, (p.lat + q.lat) / 2
    text = f"{first.name}与{second.name}交汇处"
    found = Finding(p.entry, Level.INTERSECTION, text, lon, lat, max(gap, NARROWEST_M), 1.0)
    zh = f"未收录该路口，按两路相距最近的{p.number}号与{q.number}号推算"
    en = f"guessed from the nearest known numbers of the two roads, {p.number} and {q.number}"
    return found.weighed(ESTIMATED_CROSSING, zh, en)
