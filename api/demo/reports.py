"""A year of synthetic reports, received one by one: the same day always brings the same reports.

Rates, rhythm, places and texts are invented (api.demo.rhythm, scenes, stories) and every filing is
marked synthetic. Most give a coordinate as a telephone would, some in GCJ-02; the others an address
of the demo gazetteer.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache

import numpy as np

from api.beijing import BEIJING, beijing_day
from api.demo.chance import Steps, drawn, steps
from api.demo.rhythm import HEATING_MONTHS, arrears, hours, season, weekday
from api.demo.scenes import place_of
from api.demo.stories import DISPUTES, HEATING, PATROL, WAGES, Story
from api.demo.streams import DAYS, Stream, streams
from api.reports.domain import Category, Filing, Position, ReportKind, Source
from gis.crs import metres_per_degree
from gis.datum import Datum, from_wgs84
from gis.geocoding.entry import GazetteerEntry, Level

SEED = 20250219

BY_ADDRESS = 0.15
IN_FULL = 0.3  # of the addresses
IN_GCJ02 = 0.04  # of the coordinates
HEATING_SHARE = 0.6  # of property and housing disputes in the heating months
WAGES_SHARE = 0.8  # of labour disputes before the Spring Festival
ARREARS_SEASON = 1.2
LONGEST = timedelta(days=180)

USUAL_DELAY_H = 48.0
DELAY_H: Mapping[Category, float] = {
    Category.NEIGHBOUR: 5.0,
    Category.TRAFFIC: 1.0,
    Category.ENVIRONMENT: 8.0,
    Category.LABOUR: 240.0,
    Category.CONTRACT: 360.0,
}
"""Mean hours from what happened to its report."""

CROWDS: Mapping[Category, tuple[float, int]] = {
    Category.LABOUR: (0.22, 36),
    Category.PROPERTY: (0.10, 24),
    Category.DEMOLITION: (0.35, 30),
    Category.ENVIRONMENT: (0.15, 16),
    Category.CONSUMER: (0.06, 20),
}
"""How often more than a few people are involved, and how many at most."""


def filings(until: datetime) -> list[tuple[datetime, Filing]]:
    """What was received in the 365 days up to `until` (with zone), oldest first: some 12,000."""
    last = beijing_day(until)
    first = until - timedelta(days=DAYS)
    days = (last - timedelta(days=back) for back in range(DAYS, -1, -1))
    received = (each for day in days for each in _of_day(day))
    return [(at, filing) for at, filing in received if first < at <= until]


def _of_day(day: date) -> list[tuple[datetime, Filing]]:
    dice = np.random.default_rng((SEED, day.toordinal()))
    factors = {category: season(category, day) for category in Category}
    rates = [s.per_day * factors[s.category] * weekday(s.source, day) for s in streams()]
    counts = dice.poisson(rates).tolist()
    made = [
        _filed(stream, day, dice)
        for stream, count in zip(streams(), counts, strict=True)
        for _ in range(count)
    ]
    return sorted(made, key=lambda each: each[0])


def _filed(stream: Stream, day: date, dice: np.random.Generator) -> tuple[datetime, Filing]:
    received_at = _received_at(stream, day, dice)
    entry = place_of(stream.category, dice)
    people = _people(stream, dice)
    story = _story(stream, day, dice)
    by_address = dice.random() < BY_ADDRESS
    filing = Filing(
        kind=stream.kind,
        category=stream.category,
        title=f"{_place(entry)}{story.title}",
        text=_text(story, entry, people, dice),
        occurred_at=received_at - _delay(stream, dice),
        source=stream.source,
        people_involved=people,
        position=None if by_address else _position(entry, dice),
        address=_address(entry, dice) if by_address else None,
        synthetic=True,
    )
    return received_at, filing


def _received_at(stream: Stream, day: date, dice: np.random.Generator) -> datetime:
    hour = drawn(_hour_limits(stream.source, stream.category), dice)
    second = int(dice.integers(3600))
    return datetime.combine(day, time(hour), BEIJING) + timedelta(seconds=second)


@cache
def _hour_limits(source: Source, category: Category) -> Steps:
    return steps(hours(source, category))


def _delay(stream: Stream, dice: np.random.Generator) -> timedelta:
    """What is sensed or seen on patrol is reported at once, the rest when people come."""
    if stream.source is Source.SENSOR or stream.kind is ReportKind.PATROL:
        return timedelta(minutes=int(dice.integers(1, 10)))
    mean = DELAY_H.get(stream.category, USUAL_DELAY_H)
    return min(timedelta(minutes=round(60 * dice.exponential(mean))), LONGEST)


def _people(stream: Stream, dice: np.random.Generator) -> int:
    if stream.kind is ReportKind.PATROL:
        return 1
    share, most = CROWDS.get(stream.category, (0.0, 0))
    if dice.random() < share:
        return int(dice.integers(5, most + 1))
    return int(dice.integers(2, 5))


def _story(stream: Stream, day: date, dice: np.random.Generator) -> Story:
    stories = _stories(stream, day, dice.random())
    return stories[int(dice.integers(len(stories)))]


def _stories(stream: Stream, day: date, chance: float) -> tuple[Story, ...]:
    """What may have happened: heating in the cold months, wages before the festival."""
    if stream.kind is ReportKind.PATROL:
        return PATROL[stream.category]
    at_home = stream.category in (Category.PROPERTY, Category.HOUSING)
    if at_home and day.month in HEATING_MONTHS and chance < HEATING_SHARE:
        return HEATING
    is_labour = stream.category is Category.LABOUR
    if is_labour and arrears(day) > ARREARS_SEASON and chance < WAGES_SHARE:
        return WAGES
    return DISPUTES[stream.category]


def _text(story: Story, entry: GazetteerEntry, people: int, dice: np.random.Generator) -> str:
    return story.text.format(
        place=_place(entry),
        people=people,
        months=int(dice.integers(2, 10)),
        yuan=int(dice.integers(3, 300)) * 100,
    )


def _place(entry: GazetteerEntry) -> str:
    """The estate or the road, as people say it when they do not give an address."""
    return entry.estate or entry.road or entry.name


def _position(entry: GazetteerEntry, dice: np.random.Generator) -> Position:
    """As a telephone fixes it: off by about its accuracy, metres."""
    accuracy_m = round(float(dice.uniform(5, 20)), 1)
    off = dice.normal(0, accuracy_m / 2, 2) / metres_per_degree(entry.lat)
    lon, lat = entry.lon + float(off[0]), entry.lat + float(off[1])
    datum = Datum.GCJ02 if dice.random() < IN_GCJ02 else Datum.WGS84
    lon, lat = from_wgs84(lon, lat, datum)
    return Position(round(lon, 6), round(lat, 6), datum, accuracy_m)


def _address(entry: GazetteerEntry, dice: np.random.Generator) -> str:
    """The entry's name, now and then with the district before it or a flat behind it."""
    before = "沈阳市大东区" if dice.random() < IN_FULL else ""
    return before + entry.name + (_flat(dice) if entry.level is Level.BUILDING else "")


def _flat(dice: np.random.Generator) -> str:
    return f"{dice.integers(1, 5)}单元{dice.integers(1, 7)}0{dice.integers(1, 4)}室"
