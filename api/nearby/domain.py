"""How far away somebody was seen, and how long that is worth something. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from gis.geometry import GEOD

FRESH = timedelta(minutes=15)
"""Until then a position is where somebody is; afterwards it is where somebody was [O]."""

FORGOTTEN = timedelta(hours=12)
"""An older position says nothing about now [O]."""


class Sighting(NamedTuple):
    """Where somebody of a unit said they were. ``lon``, ``lat`` in EPSG:4326."""

    person_name: str
    unit_code: str
    unit_name: str
    lon: float
    lat: float
    accuracy_m: float | None
    at: datetime


class Near(NamedTuple):
    """A sighting with its distance in metres and its age."""

    seen: Sighting
    distance_m: float
    age: timedelta

    @property
    def fresh(self) -> bool:
        """Whether they are likely to be there still."""
        return self.age <= FRESH


def nearest(
    sightings: Iterable[Sighting], lon: float, lat: float, now: datetime, many: int
) -> list[Near]:
    """The nearest of the sightings of the last hours: who was seen just now, then who was before.

    Distances are geodesic (WGS 84).
    """
    near = [
        Near(each, GEOD.inv(lon, lat, each.lon, each.lat)[2], now - each.at)
        for each in sightings
        if now - each.at <= FORGOTTEN
    ]
    return sorted(near, key=lambda each: (not each.fresh, each.distance_m))[:many]
