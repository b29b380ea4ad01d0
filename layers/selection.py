"""Which points are meant: from when to when, and of which codes. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

import numpy as np

from layers.columns import Bools, Points

BEIJING = timezone(timedelta(hours=8))
"""By offset: Beijing has kept it since 1991, and a minimal system has no time zone files."""


@dataclass(frozen=True)
class Selection:
    """Days of Beijing, both included, and the codes that are wanted by column.

    A column that is not named takes everything. ``category`` takes a sub-category too, by its dot.
    """

    since: date
    until: date
    wanted: Mapping[str, Collection[str]] = field(default_factory=dict)

    def of(self, points: Points) -> Bools:
        """Which of n points are meant. Raises KeyError for a column that the points lack."""
        begin, end = midnight(self.since), midnight(self.until + timedelta(days=1))
        meant: Bools = (points.at >= begin) & (points.at < end)
        for column, codes in self.wanted.items():
            meant &= points.codes[column].among(codes)
        return meant

    def moved(self, days: int) -> "Selection":
        """The same selection so many days earlier."""
        back = timedelta(days=days)
        return Selection(self.since - back, self.until - back, self.wanted)

    @property
    def days(self) -> int:
        """How many days it spans."""
        return (self.until - self.since).days + 1


def midnight(day: date) -> np.datetime64:
    """The beginning of a day in Beijing, in UTC."""
    begun = datetime(day.year, day.month, day.day, tzinfo=BEIJING)
    return np.datetime64(int(begun.timestamp()), "s")
