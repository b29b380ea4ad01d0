"""The rhythm of the synthetic year, each rule by its name."""

import re
from collections import Counter
from datetime import datetime, timedelta

import pytest

from api.beijing import BEIJING
from api.demo.gazetteer import entries
from api.demo.reports import filings
from api.demo.rhythm import HEATING_MONTHS, OFFICES
from api.demo.roads import OLD_ESTATES
from api.demo.scenes import SHOPPING, WORKING
from api.reports.domain import Category, Filing, ReportKind, Source
from gis.datum import Datum
from gis.geocoding.geocoder import Geocoder
from gis.geometry import checked_point

UNTIL = datetime(2026, 1, 1, tzinfo=BEIJING)
FESTIVAL = datetime(2025, 1, 29, tzinfo=BEIJING)

Received = list[tuple[datetime, Filing]]


@pytest.fixture(scope="module")
def year() -> Received:
    return filings(UNTIL)


def of(year: Received, *categories: Category) -> Received:
    return [(at, each) for at, each in year if each.category in categories]


def test_a_year_has_some_twelve_thousand_reports_oldest_first(year: Received) -> None:
    assert 11_500 <= len(year) <= 13_500
    received = [at for at, _ in year]
    assert received == sorted(received)
    assert UNTIL - timedelta(days=365) < received[0]
    assert received[-1] <= UNTIL


def test_the_same_day_brings_the_same_reports_whenever_it_is_asked_for(year: Received) -> None:
    month = timedelta(days=30)
    later = [(at, each) for at, each in filings(UNTIL + month) if at <= UNTIL]
    assert later == [(at, each) for at, each in year if at > UNTIL + month - timedelta(days=365)]


def test_all_are_synthetic_and_happened_before_they_were_received(year: Received) -> None:
    assert all(each.synthetic for _, each in year)
    assert all(each.occurred_at <= at for at, each in year)
    assert all(at.utcoffset() == timedelta(hours=8) for at, _ in year)


def test_texts_hold_no_template_marks_and_no_telephone_numbers(year: Received) -> None:
    assert not [each.text for _, each in year if re.search(r"[{}]|\d{7,}", each.text)]


def test_each_has_a_coordinate_or_an_address_and_one_in_seven_an_address(year: Received) -> None:
    assert all((each.position is None) != (each.address is None) for _, each in year)
    share = sum(each.address is not None for _, each in year) / len(year)
    assert 0.13 < share < 0.17


def test_coordinates_are_as_a_telephone_gives_them_and_a_few_in_gcj02(year: Received) -> None:
    positions = [each.position for _, each in year if each.position]
    assert all(checked_point(each.lon, each.lat) for each in positions)
    assert all(each.accuracy_m and 5 <= each.accuracy_m <= 20 for each in positions)
    datums = Counter(each.datum for each in positions)
    assert set(datums) == {Datum.WGS84, Datum.GCJ02}
    assert 0.02 < datums[Datum.GCJ02] / len(positions) < 0.06


def test_heating_is_fought_over_only_from_november_to_march(year: Received) -> None:
    cold = ("室温不达标", "暖气漏水", "欠缴采暖费")
    months = {at.month for at, each in year if each.title and each.title.endswith(cold)}
    assert months == set(HEATING_MONTHS)
    at_home = of(year, Category.PROPERTY, Category.HOUSING)
    winter = sum(at.month in HEATING_MONTHS for at, _ in at_home)
    assert winter / len(at_home) > 1.2 * len(HEATING_MONTHS) / 12


def test_wages_are_fought_over_most_in_the_weeks_before_the_spring_festival(
    year: Received,
) -> None:
    labour = [at for at, _ in of(year, Category.LABOUR)]
    before = sum(FESTIVAL - timedelta(days=28) <= at < FESTIVAL for at in labour)
    after = sum(FESTIVAL + timedelta(days=8) <= at < FESTIVAL + timedelta(days=36) for at in labour)
    assert before > 3 * after
    assert before > 2 * len(labour) * 28 / 365


def test_windows_courts_and_offices_rest_at_noon_at_night_and_nearly_at_weekends(
    year: Received,
) -> None:
    received = [at for at, each in year if each.source in OFFICES]
    assert {at.hour for at in received} <= {8, 9, 10, 11, 13, 14, 15, 16}
    assert sum(at.isoweekday() > 5 for at in received) < 0.05 * len(received)


def test_mondays_are_the_busiest_days_at_the_window(year: Received) -> None:
    days = Counter(at.isoweekday() for at, each in year if each.source is Source.WINDOW)
    assert days.most_common(1)[0][0] == 1


def test_neighbours_quarrel_in_the_evening(year: Received) -> None:
    calls = [at.hour for at, each in of(year, Category.NEIGHBOUR) if each.source is Source.HOTLINE]
    assert sum(17 <= hour <= 23 for hour in calls) > 0.5 * len(calls)


def test_a_third_of_property_disputes_comes_from_four_old_estates_close_together(
    year: Received,
) -> None:
    names = tuple(name for name, _, _ in OLD_ESTATES)
    disputes = [each for _, each in of(year, Category.PROPERTY) if each.kind is ReportKind.DISPUTE]
    hot = [each for each in disputes if each.title and each.title.startswith(names)]
    assert 0.3 < len(hot) / len(disputes) < 0.4
    lons, lats = zip(*((lon, lat) for _, lon, lat in OLD_ESTATES), strict=True)
    assert max(lons) - min(lons) < 0.01  # 830 m
    assert max(lats) - min(lats) < 0.01  # 1.1 km


def test_consumers_complain_in_shopping_roads_and_workers_where_they_work(
    year: Received,
) -> None:
    consumer = [each for _, each in of(year, Category.CONSUMER)]
    labour = [each for _, each in of(year, Category.LABOUR)]
    assert sum((each.title or "").startswith(SHOPPING) for each in consumer) > 0.8 * len(consumer)
    assert sum((each.title or "").startswith(WORKING) for each in labour) > 0.6 * len(labour)


def test_patrols_are_kept_apart_from_disputes(year: Received) -> None:
    patrols = [each for _, each in year if each.kind is ReportKind.PATROL]
    assert 800 < len(patrols) < 1000
    assert all(each.source is Source.PATROL for each in patrols)


def test_addresses_are_found_again_in_the_gazetteer(year: Received) -> None:
    geocoder = Geocoder(entries())
    addresses = [each.address for _, each in year if each.address][::20]
    found = [geocoder.best(address) for address in addresses]
    assert sum(each is not None for each in found) > 0.95 * len(found)
