"""When synthetic reports come in: by season, weekday and hour. Beijing dates and hours.

The factors are our own guess at a northern city's year: heating from November to March, wages owed
before the Spring Festival, sales in November, ice on the roads. They multiply a usual day's rate.
"""

from datetime import date, timedelta

from api.reports.domain import Category, Source

HEATING_MONTHS = (11, 12, 1, 2, 3)  # Shenyang heats from 1 November to 31 March

SPRING_FESTIVALS = (
    *(date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22)),
    *(date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6)),
    *(date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3), date(2031, 1, 23)),
    *(date(2032, 2, 11), date(2033, 1, 31), date(2034, 2, 19), date(2035, 2, 8)),
)
ARREARS_DAYS = 45  # how long before the festival wages are fought for
FESTIVAL_DAYS = 8

MONTHLY: dict[Category, tuple[float, ...]] = {
    Category.PROPERTY: (1.5, 1.4, 1.2, 0.8, 0.7, 0.8, 0.8, 0.8, 0.7, 0.9, 1.7, 1.6),
    Category.HOUSING: (1.4, 1.3, 1.1, 0.8, 0.8, 1.1, 1.2, 1.0, 0.8, 0.8, 1.4, 1.4),
    Category.NEIGHBOUR: (0.9, 0.9, 0.9, 1.0, 1.0, 1.1, 1.2, 1.2, 1.0, 1.0, 0.9, 0.9),
    Category.FAMILY: (0.9, 1.3, 1.2, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.9, 0.9, 0.8),
    Category.CONSUMER: (1.1, 0.9, 1.0, 0.9, 1.0, 1.1, 0.9, 0.9, 0.9, 0.9, 1.4, 1.2),
    Category.ENVIRONMENT: (0.5, 0.5, 0.8, 1.1, 1.2, 1.5, 1.6, 1.5, 1.1, 1.0, 0.7, 0.5),
    Category.TRAFFIC: (1.3, 1.1, 1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 1.0, 1.2, 1.3),
    Category.DEMOLITION: (0.4, 0.4, 1.1, 1.3, 1.3, 1.2, 1.1, 1.1, 1.2, 1.2, 0.9, 0.6),
}
"""Factor by month, January first; categories that are not named have no season."""

OFFICES = (Source.WINDOW, Source.PETITION, Source.COURT, Source.SUPERIOR, Source.OA)
"""Sources that keep office hours and hardly work at weekends."""

WEEKEND = dict.fromkeys(OFFICES, 0.08) | {Source.PATROL: 0.5}
MONDAY = {Source.WINDOW: 1.3, Source.PETITION: 1.3}

OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 3, 9, 10, 7, 0, 5, 8, 8, 4, 0, 0, 0, 0, 0, 0, 0)
DAY_HOURS = (1, 0, 0, 0, 0, 1, 2, 5, 8, 9, 8, 7, 6, 6, 7, 7, 7, 7, 6, 5, 4, 3, 2, 1)
EVENING_HOURS = (2, 1, 0, 0, 0, 1, 2, 3, 2, 2, 2, 2, 3, 3, 2, 2, 3, 5, 8, 11, 12, 11, 7, 4)
EVENING = (Category.NEIGHBOUR, Category.FAMILY)
"""What breaks out when people are at home."""


def season(category: Category, day: date) -> float:
    """How many times its usual rate a category has on a day."""
    months = MONTHLY.get(category)
    factor = months[day.month - 1] if months else 1.0
    if category is Category.LABOUR:
        factor *= arrears(day)
    return factor * (0.35 if _is_festival(day) else 1.0)


def arrears(day: date) -> float:
    """Wages owed: rising to five times the rate until the festival, half of it in the month after.

    0.8 in the rest of the year, so that the year as a whole keeps its rate.
    """
    coming = [(festival - day).days for festival in SPRING_FESTIVALS if festival > day]
    gone = [(day - festival).days for festival in SPRING_FESTIVALS if festival <= day]
    if coming and min(coming) <= ARREARS_DAYS:
        return 1.0 + 4.0 * (1 - min(coming) / ARREARS_DAYS)
    return 0.5 if gone and min(gone) < ARREARS_DAYS - 15 else 0.8


def _is_festival(day: date) -> bool:
    eve = timedelta(days=1)
    return any(
        festival - eve <= day < festival + timedelta(days=FESTIVAL_DAYS)
        for festival in SPRING_FESTIVALS
    )


def weekday(source: Source, day: date) -> float:
    """How much of its usual rate a source has on a day of the week."""
    if day.isoweekday() in (6, 7):
        return WEEKEND.get(source, 1.0)
    return MONDAY.get(source, 1.0) if day.isoweekday() == 1 else 1.0


def hours(source: Source, category: Category) -> list[float]:
    """The share of each of the 24 hours of the day, sum 1."""
    weights = _weights(source, category)
    return [weight / sum(weights) for weight in weights]


def _weights(source: Source, category: Category) -> tuple[int, ...]:
    if source in OFFICES or source is Source.PATROL:
        return OFFICE_HOURS
    return EVENING_HOURS if category in EVENING else DAY_HOURS
