"""Beijing time: the day and the year that count for the law, the case number and the screen."""

from datetime import date, datetime, timedelta, timezone

# China has had no summer time since 1991, and a minimal system has no time zone files.
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")


def beijing_day(instant: datetime) -> date:
    """The calendar day in Beijing of an instant with zone."""
    return instant.astimezone(BEIJING).date()
