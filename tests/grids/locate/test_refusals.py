"""What the locator refuses, and that it says why."""

import pickle

import pytest
import shapely
from shapely import LineString, Polygon

from grids.locate import BadLayer, Layer, Locator
from tests.grids.locate.layers import layer, square

BOW_TIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


@pytest.mark.parametrize(
    ("geometry", "why"),
    [
        (BOW_TIE, "area A: not valid .Self-intersection.*mend it first"),
        (LineString([(0, 0), (1, 1)]), "area A: LineString is no polygon"),
        (None, "area A: nothing is no polygon"),
        (Polygon(), "area A: the polygon is empty"),
        (square(179.5, 0), "beyond ±180° or ±90°.*cut at the 180th meridian"),
        (shapely.box(500_000, 4_600_000, 500_100, 4_600_100), "give EPSG:4326"),
    ],
)
def test_a_layer_with_a_faulty_area_is_refused_with_its_code_and_the_reason(
    geometry: Polygon, why: str
) -> None:
    with pytest.raises(BadLayer, match=f"layer grid, {why}" if why[0] == "a" else why):
        Locator.build([layer(A=geometry)])


def test_a_code_that_appears_twice_is_refused() -> None:
    twice = Layer("grid", ["A", "A"], ["one", "other"], [square(0, 0), square(1, 0)])
    with pytest.raises(BadLayer, match="layer grid: code A appears twice; unite"):
        Locator.build([twice])


def test_codes_names_and_geometries_must_be_of_one_number() -> None:
    with pytest.raises(BadLayer, match="layer grid: codes, names and geometries differ in number"):
        Locator.build([Layer("grid", ["A"], [], [square(0, 0)])])


def test_two_layers_of_one_kind_are_refused() -> None:
    with pytest.raises(BadLayer, match="layer grid is given twice"):
        Locator.build([layer(A=square(0, 0)), layer(B=square(1, 0))])


def test_no_layer_at_all_is_refused() -> None:
    with pytest.raises(BadLayer, match="no layer is given"):
        Locator.build([])


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(float("nan"), 41.8), (123.4, float("inf")), (41.8, 123.4), (180.1, 0), (0, -90.1)],
)
def test_a_point_that_is_nowhere_on_earth_is_refused(lon: float, lat: float) -> None:
    locator = Locator.build([layer(A=square(0, 0))])
    for ask in (locator.at, locator.codes_at):
        with pytest.raises(ValueError, match="must be finite degrees within ±180 and ±90"):
            ask(lon, lat)
    for ask_many in (locator.areas, locator.locate):
        with pytest.raises(ValueError, match=r"point 1: lon .*must be finite degrees"):
            ask_many([0.5, lon], [0.5, lat])


def test_lists_of_different_length_are_refused() -> None:
    locator = Locator.build([layer(A=square(0, 0))])
    with pytest.raises(ValueError, match="two lists of one length"):
        locator.areas([0.5, 0.6], [0.5])


def test_a_locator_survives_being_sent_to_another_process() -> None:
    locator = pickle.loads(pickle.dumps(Locator.build([layer(A=square(0, 0))])))  # noqa: S301
    assert locator.codes_at(0.5, 0.5) == {"grid": "A"}
    assert locator.nbytes > 0
