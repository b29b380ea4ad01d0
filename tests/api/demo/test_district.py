"""The drawn district: a coverage at every level, nested where it must be and only there."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from api.demo.district import areas
from api.demo.golden import GOLDEN, GoldenCase
from api.demo.loader import drafts
from gis.crs import metres_per_degree
from gis.geometry import area_m2
from grids.areas import AreaRecord
from grids.codes import checked, parent_code
from grids.hierarchy import ADMINISTRATIVE, PARENTS, AreaKind
from grids.importer import check

KINDS = (*ADMINISTRATIVE, AreaKind.POLICE, AreaKind.JUSTICE)
APART = (AreaKind.STREET, AreaKind.POLICE, AreaKind.JUSTICE)
CLEAR_M = 60.0
FINGERPRINT = """
import hashlib
from api.demo.district import areas
wkb = b"".join(area.geometry.wkb for area in areas())
print(hashlib.sha256(wkb + repr([(a.code, a.says) for a in areas()]).encode()).hexdigest())
"""


def of(kind: AreaKind) -> list[AreaRecord]:
    return [area for area in areas() if area.kind is kind]


def shapes(kind: AreaKind) -> list[MultiPolygon]:
    return [area.geometry for area in of(kind)]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_covers_the_whole_district_without_gap_or_overlap(kind: AreaKind) -> None:
    (district,) = shapes(AreaKind.DISTRICT)
    assert shapely.coverage_is_valid(shapes(kind))
    assert shapely.union_all(shapes(kind)).symmetric_difference(district).area == 0
    assert sum(map(area_m2, shapes(kind))) == pytest.approx(area_m2(district), rel=1e-9)


@pytest.mark.parametrize("kind", ADMINISTRATIVE[1:])
def test_every_parent_is_the_exact_sum_of_its_children(kind: AreaKind) -> None:
    for parent in of(PARENTS[kind]):
        children = [area.geometry for area in of(kind) if area.parent_code == parent.code]
        assert shapely.union_all(children).symmetric_difference(parent.geometry).area == 0


@pytest.mark.parametrize("kind", KINDS)
def test_every_area_is_one_piece_without_hole(kind: AreaKind) -> None:
    assert all(len(shape.geoms) == 1 for shape in shapes(kind))
    assert all(not shape.geoms[0].interiors for shape in shapes(kind))


def test_there_are_as_many_areas_as_there_should_be() -> None:
    counts = {kind: len(of(kind)) for kind in KINDS}
    assert counts[AreaKind.DISTRICT] == 1
    assert counts[AreaKind.STREET] == 10
    assert counts[AreaKind.COMMUNITY] == 143
    assert counts[AreaKind.GRID] == pytest.approx(900, abs=50)
    assert 14 <= counts[AreaKind.POLICE] <= 16
    assert counts[AreaKind.JUSTICE] == pytest.approx(12, abs=1)


@pytest.mark.parametrize("kind", ADMINISTRATIVE)
def test_codes_keep_to_the_grammar_and_name_their_parent(kind: AreaKind) -> None:
    codes = [area.code for area in of(kind)]
    assert [checked(kind, code) for code in codes] == codes
    assert len(set(codes)) == len(codes)
    assert all(area.parent_code == parent_code(kind, area.code) for area in of(kind))


@pytest.mark.parametrize("kind", [AreaKind.POLICE, AreaKind.JUSTICE])
def test_codes_that_are_not_public_say_that_they_are_invented(kind: AreaKind) -> None:
    assert all(area.code.startswith("SYN-") for area in of(kind))


def test_everything_is_marked_synthetic_and_no_phone_is_given() -> None:
    assert all(area.properties == {"synthetic": True} for area in areas())
    assert all(area.phone is None for area in areas())


@pytest.mark.parametrize(
    ("one", "other"), [(one, other) for one in APART for other in APART if one is not other]
)
def test_streets_police_and_justice_do_not_nest_in_each_other(
    one: AreaKind, other: AreaKind
) -> None:
    spread = [area for area in shapes(one) if not any(each.covers(area) for each in shapes(other))]
    assert len(spread) > len(shapes(one)) / 2


def test_the_importer_has_nothing_against_it() -> None:
    report = check(drafts())
    assert report.ok
    assert report.faults == ()


def test_it_is_drawn_the_same_in_another_process() -> None:
    told = subprocess.run([sys.executable, "-c", FINGERPRINT], capture_output=True, check=True)
    wkb = b"".join(area.geometry.wkb for area in areas())
    words = repr([(area.code, area.says) for area in areas()]).encode()
    assert told.stdout.decode().strip() == hashlib.sha256(wkb + words).hexdigest()


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.name)
def test_a_golden_case_lies_well_inside_the_areas_of_its_three_units(golden: GoldenCase) -> None:
    place = golden.body["place"]
    point = Point(place["lon"], place["lat"])
    for kind in KINDS:
        (holding,) = (area for area in of(kind) if area.geometry.covers(point))
        assert metres_between(point, holding.geometry.boundary) >= CLEAR_M
        assert golden.units.get(kind.value, holding.unit_name) == holding.unit_name


def test_golden_case_a_goes_to_the_published_units() -> None:
    a = next(golden for golden in GOLDEN if golden.name == "A")
    assert a.units == {"street": "东塔街道", "police": "新东派出所", "justice": "东塔司法所"}


def metres_between(point: Point, line: BaseGeometry) -> float:
    """By the local scale at the point: right to a thousandth over some hundred metres."""
    scale = np.array(metres_per_degree(point.y))
    flat = shapely.transform(line, lambda lonlat: (lonlat - [point.x, point.y]) * scale)
    return float(flat.distance(Point(0, 0)))
