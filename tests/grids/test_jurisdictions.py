"""Routing by the rules: what is certain, what a person must see, and what the reason says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from grids.areas import UnitRecord, as_multipolygon
from grids.hierarchy import AreaKind
from grids.jurisdictions import BadAccuracy, Confidence, EditionIndex, Jurisdiction, Route, route
from grids.locate import Layer, Locator
from grids.overrides import Override
from tests.grids.shapes import SCALE, SOUTH, WEST, box

DAY = date(2026, 3, 1)
WHOLE = box(0, 0, 2000, 2000)

Areas = Sequence[tuple[str, str, BaseGeometry]]

# Two communities meet at 1,000 m from the west; so do the cells; the police stations at 1,500 m.
LAYERS: Mapping[AreaKind, Areas] = {
    AreaKind.DISTRICT: [("210104000000", "大东区", WHOLE)],
    AreaKind.STREET: [("210104001000", "东塔街道", WHOLE)],
    AreaKind.COMMUNITY: [
        ("210104001001", "西社区", box(0, 0, 1000, 2000)),
        ("210104001002", "东社区", box(1000, 0, 2000, 2000)),
    ],
    AreaKind.GRID: [
        ("210104001001001", "西一网格", box(0, 0, 1000, 2000)),
        ("210104001002001", "东一网格", box(1000, 0, 2000, 2000)),
    ],
    AreaKind.POLICE: [
        ("P1", "新东所", box(0, 0, 1500, 2000)),
        ("P2", "东塔所", box(1500, 0, 2000, 2000)),
    ],
    AreaKind.JUSTICE: [("J1", "东塔所", WHOLE)],
}
UNITS = {"P1": "新东派出所", "P2": "东塔派出所", "J1": "东塔司法所"}


def unit(code: str, kind: AreaKind, name: str) -> UnitRecord:
    return UnitRecord(f"{kind}:{code}", UNITS.get(code, name), kind.value, None)


def index_of(layers: Mapping[AreaKind, Areas] = LAYERS, *overrides: Override) -> EditionIndex:
    built = [
        Layer(kind.value, [row[0] for row in rows], [row[1] for row in rows], [r[2] for r in rows])
        for kind, rows in layers.items()
    ]
    known = {(kind, row[0]): row[1] for kind, rows in layers.items() for row in rows}
    units = {(kind, code): unit(code, kind, name) for (kind, code), name in known.items()}
    return EditionIndex(7, DAY, Locator.build(built), units, known, overrides)


INDEX = index_of()


def routed(
    east: float, north: float, index: EditionIndex = INDEX, accuracy_m: float | None = None
) -> Route:
    """The route of a point given in metres."""
    lon, lat = WEST + east / SCALE[0], SOUTH + north / SCALE[1]
    return route(index, lon, lat, DAY, accuracy_m=accuracy_m)


def with_layer(kind: AreaKind, *areas: tuple[str, str, BaseGeometry]) -> EditionIndex:
    return index_of({**LAYERS, kind: areas})


def override(shape: BaseGeometry, number: int = 1, to: str = "P2", **words: date) -> Override:
    ground = as_multipolygon(shape)
    target = unit(to, AreaKind.POLICE, to)
    return Override(number, AreaKind.POLICE, ground, target, "共管协议", "王警官", **words)


def summary(found: Jurisdiction) -> tuple[Confidence, str | None, str | None]:
    return found.confidence, found.unit_name, found.runner_up_name


def test_a_point_far_from_every_line_is_certain_in_all_three() -> None:
    found = routed(500, 500)
    assert [each.unit_name for each in found.dispatched] == ["东塔街道", "新东派出所", "东塔司法所"]
    assert not found.needs_person
    assert found.edition_id == 7
    assert found.police.reason_zh == "位于新东派出所辖区内，距界线 500 米"
    assert found.police.reason_en == "Inside 新东派出所, 500 m from the line"
    assert [reason.zh for reason in found.why] == ["街道、派出所、司法所均已确定"]
    assert list(found.layers) == [
        AreaKind.GRID,
        AreaKind.COMMUNITY,
        AreaKind.STREET,
        AreaKind.POLICE,
        AreaKind.JUSTICE,
    ]


def test_within_25_metres_of_a_line_a_person_must_confirm_and_both_areas_are_named() -> None:
    found = routed(1488, 1000)
    assert found.needs_person
    assert summary(found.police) == (Confidence.NEAR_LINE, "新东派出所", "东塔所")
    assert found.police.runner_up_code == "P2"
    assert found.police.distance_m == pytest.approx(12, abs=0.1)
    assert found.police.reason_zh == (
        "位于新东派出所辖区内，但距与东塔派出所辖区的界线只有 12 米，不超过 25 米"
    )
    assert "12 m from the line to 东塔派出所" in found.police.reason_en
    assert found.why[0].zh.startswith("派出所辖区须人工确认")


@pytest.mark.parametrize(
    ("away", "accuracy_m", "confidence"),
    [
        (24, None, Confidence.NEAR_LINE),
        (26, None, Confidence.INSIDE),
        (26, 10, Confidence.INSIDE),
        (26, 30, Confidence.NEAR_LINE),
        (24, 5, Confidence.NEAR_LINE),
    ],
)
def test_near_means_within_the_accuracy_and_never_less_than_25_metres(
    away: float, accuracy_m: float | None, confidence: Confidence
) -> None:
    assert routed(1500 - away, 1000, accuracy_m=accuracy_m).police.confidence is confidence


@pytest.mark.parametrize("accuracy_m", [-1.0, float("nan"), float("inf")])
def test_an_accuracy_that_is_no_distance_is_refused(accuracy_m: float) -> None:
    with pytest.raises(BadAccuracy, match="accuracy_m"):
        routed(500, 500, accuracy_m=accuracy_m)


def test_a_cell_line_within_one_street_is_told_but_does_not_hold_the_dispatch() -> None:
    found = routed(995, 1000)
    assert found.grid.confidence is Confidence.NEAR_LINE
    assert found.community.confidence is Confidence.NEAR_LINE
    assert not found.needs_person
    said = [reason.zh for reason in found.why]
    assert said[0] == "街道、派出所、司法所均已确定"
    assert said[1].startswith("网格不确定，不影响派单：位于西一网格内")
    assert said[2].startswith("社区（村）不确定，不影响派单")


def test_on_the_line_the_lower_code_answers_and_a_person_confirms() -> None:
    meridian = shapely.get_coordinates(box(0, 0, 1500, 2000))[:, 0].max()
    found = route(INDEX, meridian, SOUTH + 500 / SCALE[1], DAY)
    assert found.needs_person
    assert summary(found.police) == (Confidence.ON_LINE, "新东派出所", "东塔所")
    assert found.police.distance_m == 0
    assert found.police.reason_zh == (
        "正在新东派出所辖区与东塔派出所辖区的界线上，按规则取编码较小者"
    )


def test_on_the_outer_line_nothing_lies_beyond() -> None:
    found = route(INDEX, WEST, SOUTH + 500 / SCALE[1], DAY).justice
    assert summary(found) == (Confidence.ON_LINE, "东塔司法所", None)
    assert found.reason_zh == "正在东塔司法所辖区的外边界上"


def test_near_the_outer_line_the_reason_says_so() -> None:
    found = routed(10, 1000).street
    assert summary(found) == (Confidence.NEAR_LINE, "东塔街道", None)
    assert found.reason_zh == "位于东塔街道内，但距外边界只有 10 米，不超过 25 米"
    assert "the outer boundary" in found.reason_en


def test_in_a_gap_no_unit_is_guessed_and_the_nearest_is_the_runner_up() -> None:
    left, right = (
        ("P1", "新东所", box(0, 0, 1400, 2000)),
        ("P2", "东塔所", box(1600, 0, 2000, 2000)),
    )
    found = routed(1450, 1000, with_layer(AreaKind.POLICE, left, right))
    assert found.needs_person
    police = found.police
    assert (police.area_code, police.unit_code, police.unit_name) == (None, None, None)
    assert summary(police) == (Confidence.GAP, None, "新东所")
    assert police.distance_m == pytest.approx(50, abs=0.1)
    assert police.reason_zh == (
        "位于派出所辖区之间的空隙，不属于任何派出所辖区；最近的是新东派出所辖区，相距 50 米"
    )


def test_where_areas_overlap_all_are_named() -> None:
    areas = [
        ("P1", "新东所", box(0, 0, 1500, 2000)),
        ("P2", "东塔所", box(1000, 0, 2000, 2000)),
        ("P3", "珠林所", box(1200, 0, 2000, 2000)),
    ]
    police = routed(1300, 1000, with_layer(AreaKind.POLICE, *areas)).police
    assert police.confidence is Confidence.OVERLAP
    assert (police.area_code, police.runner_up_code) == ("P1", "P2")
    assert police.reason_zh == "新东派出所辖区、东塔派出所辖区、珠林所辖区在此重叠"
    assert police.reason_en == "新东派出所, 东塔派出所, 珠林所 overlap here"


def test_outside_the_district_every_unit_is_left_to_a_person() -> None:
    found = routed(2300, 1000)
    assert found.needs_person
    assert {each.confidence for each in found.layers.values()} == {Confidence.OUTSIDE}
    assert found.police.area_code is None
    assert found.police.runner_up_code == "P2"
    assert found.police.reason_zh == "在所有派出所辖区之外；最近的是东塔派出所辖区，相距 300 米"
    assert len(found.why) == 5


def test_a_layer_that_the_edition_lacks_is_said_to_be_missing() -> None:
    layers = {kind: rows for kind, rows in LAYERS.items() if kind is not AreaKind.POLICE}
    found = routed(500, 500, index_of(layers))
    assert found.needs_person
    assert summary(found.police) == (Confidence.OUTSIDE, None, None)
    assert found.police.distance_m is None
    assert found.police.reason_zh == "第 7 版区划没有派出所辖区图层，无法判断"


def test_a_point_that_is_no_place_is_refused() -> None:
    with pytest.raises(ValueError, match="nan"):
        route(INDEX, float("nan"), SOUTH, DAY)


# Overrides


def under(*overrides: Override) -> EditionIndex:
    return replace(INDEX, overrides=overrides)


def test_an_override_replaces_the_unit_with_its_reason_and_author() -> None:
    found = routed(500, 500, under(override(box(300, 300, 700, 700))))
    assert not found.needs_person
    assert summary(found.police) == (Confidence.OVERRIDE, "东塔派出所", "新东所")
    assert (found.police.area_code, found.police.override_author) == ("P1", "王警官")
    assert found.police.reason_zh == "王警官指定此处由东塔派出所负责：共管协议"
    assert found.police.distance_m == pytest.approx(200, abs=0.5)
    assert found.street.confidence is Confidence.INSIDE


def test_an_override_across_a_line_makes_the_line_certain() -> None:
    market = override(box(1400, 900, 1600, 1100), to="P1")
    assert routed(1500, 1000).needs_person
    assert not routed(1500, 1000, under(market)).needs_person


@pytest.mark.parametrize(
    ("on", "unit_name"),
    [
        (date(2026, 1, 31), "新东派出所"),
        (date(2026, 2, 1), "东塔派出所"),
        (date(2026, 2, 28), "东塔派出所"),
        (date(2026, 3, 1), "新东派出所"),
    ],
)
def test_an_override_holds_on_its_days_only(on: date, unit_name: str) -> None:
    days = override(box(300, 300, 700, 700), first=date(2026, 2, 1), end=date(2026, 3, 1))
    lon, lat = WEST + 500 / SCALE[0], SOUTH + 500 / SCALE[1]
    assert route(under(days), lon, lat, on).police.unit_name == unit_name


def test_of_two_overrides_the_newer_one_holds() -> None:
    ground = box(300, 300, 700, 700)
    newer, older = override(ground, 9, to="P1"), override(ground, 4, to="P2")
    assert routed(500, 500, under(newer, older)).police.unit_name == "新东派出所"
    assert routed(500, 500, under(older, newer)).police.unit_name == "新东派出所"


def test_near_the_line_of_an_override_a_person_must_confirm_on_either_side() -> None:
    index = under(override(box(300, 300, 700, 700)))
    within, beyond = routed(310, 500, index), routed(290, 500, index)
    assert within.needs_person
    assert beyond.needs_person
    assert summary(within.police) == (Confidence.NEAR_LINE, "东塔派出所", "新东所")
    assert summary(beyond.police) == (Confidence.NEAR_LINE, "新东派出所", "东塔派出所")
    assert within.police.reason_zh == ("位于王警官指定由东塔派出所负责的范围内，距其边线只有 10 米")
    assert "outside the line" in beyond.police.reason_en
    assert not routed(270, 500, index).needs_person


def test_the_line_of_an_override_to_the_same_unit_decides_nothing() -> None:
    index = under(override(box(300, 300, 700, 700), to="P1"))
    assert routed(310, 500, index).police.confidence is Confidence.OVERRIDE
    assert routed(290, 500, index).police.confidence is Confidence.INSIDE


def test_an_override_answers_in_a_gap_too() -> None:
    left, right = (
        ("P1", "新东所", box(0, 0, 1400, 2000)),
        ("P2", "东塔所", box(1600, 0, 2000, 2000)),
    )
    gap = replace(
        with_layer(AreaKind.POLICE, left, right), overrides=[override(box(1400, 0, 1600, 2000))]
    )
    found = routed(1500, 1000, gap)
    assert not found.needs_person
    assert summary(found.police) == (Confidence.OVERRIDE, "东塔派出所", "新东所")


def test_beside_an_override_a_gap_remains_a_gap() -> None:
    left, right = (
        ("P1", "新东所", box(0, 0, 1400, 2000)),
        ("P2", "东塔所", box(1600, 0, 2000, 2000)),
    )
    index = replace(
        with_layer(AreaKind.POLICE, left, right), overrides=[override(box(1510, 0, 1600, 2000))]
    )
    found = routed(1500, 1000, index).police
    assert (found.confidence, found.unit_name) == (Confidence.GAP, None)
