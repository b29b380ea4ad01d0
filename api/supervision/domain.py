"""When the worker counts as silent, and which years' calendars should be known. Pure."""

from collections.abc import Collection
from datetime import date, timedelta

SILENT_AFTER = timedelta(minutes=1)
"""A worker beats every second or so, and is back within fifteen after the database was away."""

ANNOUNCED_IN = 11
"""The month in which the State Council announces the next year's days off."""


def is_silent(silence: timedelta | None) -> bool:
    """Whether nobody gives the cards; None: no worker was ever heard."""
    return silence is None or silence > SILENT_AFTER


def missing_years(known: Collection[int], today: date) -> list[int]:
    """Years that limits run into and of which only the weekends are known."""
    wanted = [today.year, today.year + 1] if today.month >= ANNOUNCED_IN else [today.year]
    return [year for year in wanted if year not in known]
