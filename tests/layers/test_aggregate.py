"""Counting against pandas and geopandas, which know nothing of ours."""

from itertools import pairwise

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from layers.aggregate import Period, counted, periods, tabulated
from layers.columns import NONE, Coded
from tests.layers.made_up import points

FORMATS = {
    Period.HOUR: "%H",
    Period.WEEKDAY: "%u",
    Period.DAY: "%Y-%m-%d",
    Period.WEEK: "%G-W%V",
    Period.MONTH: "%Y-%m",
}


@pytest.mark.parametrize("period", FORMATS)
def test_periods_are_those_that_strftime_names_in_beijing(period: Period) -> None:
    at = points(3000, 1, days=2600).at
    found = periods(at, period)
    here = pd.Series(at).dt.tz_localize("UTC").dt.tz_convert("Asia/Shanghai")
    assert [found.names[n] for n in found.numbers] == here.dt.strftime(FORMATS[period]).tolist()


def test_a_report_at_eight_in_the_evening_of_greenwich_is_of_the_next_day_in_beijing() -> None:
    at = np.array(["2026-12-31T15:59:59", "2026-12-31T16:00:00"], "datetime64[us]")
    assert periods(at, Period.DAY).names == ("2026-12-31", "2027-01-01")
    assert periods(at, Period.QUARTER).names == ("2026-Q4", "2027-Q1")


def test_the_last_days_of_december_are_of_the_first_week_of_the_next_year() -> None:
    at = np.array(["2025-12-29T04:00"], "datetime64[us]")
    assert periods(at, Period.WEEK).names == ("2026-W01",)


def test_counts_means_and_shares_are_those_of_pandas() -> None:
    every = points(5000, 2)
    table = tabulated(every, every.codes["community"].names, "community", Period.MONTH)
    frame = pd.DataFrame(
        {
            "area": [every.codes["community"].names[n] for n in every.codes["community"].numbers],
            "month": pd.Series(every.at + np.timedelta64(8, "h")).dt.strftime("%Y-%m"),
            **every.numbers,
        }
    )
    theirs = frame.groupby(["area", "month"]).size().unstack(fill_value=0)
    assert tuple(theirs.index) == table.areas
    assert tuple(theirs.columns) == table.periods
    assert np.array_equal(theirs.to_numpy(), table.counts)
    means = frame.groupby("area")[["days", "on_time"]].mean()
    np.testing.assert_allclose(table.days, means["days"], rtol=1e-12)
    np.testing.assert_allclose(table.on_time, means["on_time"], rtol=1e-12)


def test_counts_by_ground_are_those_of_geopandas() -> None:
    every = points(4000, 5)
    edges = 123.4 + np.arange(37) / 100
    cells = [shapely.box(a, 41.7, b, 41.9) for a, b in pairwise(edges)]
    areas = geopandas.GeoDataFrame(
        {"code": [f"{n:02d}" for n in range(36)]}, geometry=cells, crs=4326
    )
    spots = geopandas.GeoDataFrame(geometry=shapely.points(every.lon, every.lat), crs=4326)
    theirs = spots.sjoin(areas, predicate="within").groupby("code").size()
    code = Coded.of([f"{int((x - 123.4) * 100 + 1e-9):02d}" for x in every.lon])
    table = tabulated(every.with_codes(strip=code), tuple(areas["code"]), "strip", Period.ALL)
    assert table.totals.tolist() == theirs.reindex(areas["code"], fill_value=0).tolist()


def test_areas_without_points_stand_in_the_table_and_points_without_area_beside_it() -> None:
    every = points(100, 3)
    table = tabulated(every, ("S0", "nowhere"), "street", Period.ALL)
    assert table.counts[1].tolist() == [0]
    assert np.isnan(table.days[1])
    assert table.elsewhere + table.totals.sum() == 100
    assert table.elsewhere > 0


def test_a_table_of_nothing_has_its_areas_and_zeros() -> None:
    table = tabulated(points(0, 1), ("S0", "S1"), "street", Period.MONTH)
    assert table.totals.tolist() == [0, 0]


def test_none_is_counted_nowhere() -> None:
    area = np.array([0, NONE, 1, 1], np.int32)
    assert counted(area, 2, np.array([0, 0, 1, NONE], np.int32), 2).tolist() == [[1, 0], [0, 1]]
