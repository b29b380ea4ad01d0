"""What `--mend` may move, and that it says so."""

import numpy as np
import pytest
import shapely

from grids.hierarchy import AreaKind
from grids.importer import (
    FaultKind,
    check,
)
from tests.grids.districts import (
    DISTRICT,
    EASTERN,
    STREET,
    WHOLE,
    draft,
)
from tests.grids.imports import MEND, communities, district_with, kinds
from tests.grids.shapes import box, laid_out


def test_mending_says_for_each_area_what_moved() -> None:
    report = check(district_with(communities(box(0, 0, 501, 1000), box(500, 0, 999, 1000))), MEND)
    assert report.ok
    (repair,) = report.repairs
    assert repair.code == EASTERN
    assert repair.moved_m2 == pytest.approx(2_000, rel=1e-3)
    assert repair.displacement_m == pytest.approx(1.0, rel=1e-3)


def test_mending_refuses_what_is_wider_than_its_tolerance() -> None:
    report = check(district_with(communities(box(0, 0, 510, 1000), box(500, 0, 1000, 1000))), MEND)
    assert kinds(report) == [FaultKind.OVERLAP]


def test_mending_follows_the_hierarchy_from_the_top() -> None:
    """The street is drawn 1 m too wide: first it is cut to the district, then its communities."""
    street = draft(AreaKind.STREET, [(STREET, "大北街道", box(0, 0, 1001, 1000))])
    halves = communities(box(0, 0, 500, 1000), box(500, 0, 1001, 1000))
    report = check(district_with(street, halves), MEND)
    assert report.ok
    assert [repair.layer for repair in report.repairs] == [AreaKind.STREET, AreaKind.COMMUNITY]


def test_layers_drawn_apart_by_unsteady_hands_are_mended_into_one_hierarchy() -> None:
    random = np.random.default_rng(7)

    def shaken(west: float, south: float, east: float, north: float) -> shapely.Polygon:
        outline = shapely.segmentize(shapely.box(west, south, east, north), 50)
        corners = shapely.get_coordinates(outline)[:-1]
        return laid_out(shapely.Polygon(corners + random.uniform(-0.28, 0.28, corners.shape)))

    streets = [
        (f"21010400{n}000", f"街道{n}", shaken(n * 500 - 1000, 0, n * 500 - 500, 1000))
        for n in (2, 3)
    ]
    rows = [
        (
            f"21010400{n}00{m}",
            f"社区{n}{m}",
            shaken(n * 500 - 1000, m * 250 - 250, n * 500 - 500, m * 250),
        )
        for n in (2, 3)
        for m in (1, 2, 3, 4)
    ]
    layers = [
        draft(AreaKind.DISTRICT, [(DISTRICT, "大东区", WHOLE)]),
        draft(AreaKind.STREET, streets),
        draft(AreaKind.COMMUNITY, rows),
    ]
    assert not check(layers).ok
    report = check(layers, MEND)
    assert report.faults == ()
    assert len(report.repairs) == 10
