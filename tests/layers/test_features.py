"""Area layers as GeoJSON: rounded, labelled once, lines drawn once."""

import json
from typing import Any

import shapely
from shapely import Polygon
from shapely.geometry import shape

from layers import features
from layers.tints import tints
from tests.layers.areas import area, square


def drawn(*grounds: Polygon, name: str = "东塔街道") -> dict[str, Any]:
    areas = [area(str(place), ground, name) for place, ground in enumerate(grounds)]
    read: dict[str, Any] = json.loads(features.collection(areas, "synthetic"))
    return read


def test_each_area_is_a_feature_with_its_code_its_name_and_its_unit() -> None:
    [feature] = drawn(square(0, 0))["features"]
    said = {key: feature["properties"][key] for key in ("code", "name", "unit_code", "unit_name")}
    assert said == {
        "code": "0",
        "name": "东塔街道",
        "unit_code": "street:0",
        "unit_name": "东塔街道",
    }


def test_coordinates_have_at_most_seven_decimals() -> None:
    third = shapely.transform(square(0, 0), lambda points: points + 1 / 3e4)
    coordinates = shapely.get_coordinates(shape(drawn(third)["features"][0]["geometry"]))
    assert (coordinates.round(7) == coordinates).all()
    assert shape(drawn(third)["features"][0]["geometry"]).hausdorff_distance(third) < 1e-7


def test_the_label_lies_inside_even_of_an_area_that_bends_around_its_middle() -> None:
    bent = square(0, 0).union(square(1, 0)).union(square(1, 1)).union(square(2, 0))
    hook = bent.difference(square(1, 0).buffer(-0.002))
    [feature] = drawn(hook)["features"]
    assert hook.contains(shapely.Point(feature["properties"]["label"]))


def test_a_line_between_two_areas_is_drawn_once() -> None:
    west, east = square(0, 0), square(1, 0)
    lines = shape(drawn(west, east)["lines"])
    assert abs(lines.length - (west.length + east.length - 0.01)) < 1e-9


def test_neighbours_never_have_the_same_tint() -> None:
    grounds = [square(column, row) for column in range(4) for row in range(4)]
    given = tints(shapely.multipolygons([[ground] for ground in grounds]))
    for one, ground in enumerate(grounds):
        for other in range(one):
            if ground.intersects(grounds[other]):
                assert given[one] != given[other]
    assert max(given) <= 5


def test_no_areas_give_an_empty_collection() -> None:
    assert drawn()["features"] == []


def test_a_name_with_quotes_stays_a_name() -> None:
    name = '"</script><b>街道'
    assert drawn(square(0, 0), name=name)["features"][0]["properties"]["name"] == name


def test_the_etag_changes_with_layer_edition_fingerprint_and_source() -> None:
    tags = {
        features.etag(*words)
        for words in (
            ("street", 1, "a" * 64, "imported"),
            ("grid", 1, "a" * 64, "imported"),
            ("street", 2, "a" * 64, "imported"),
            ("street", 1, "b" * 64, "imported"),
            ("street", 1, "a" * 64, "synthetic"),
        )
    }
    assert len(tags) == 5
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)
