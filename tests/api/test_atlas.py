"""The layers of areas, as a browser asks for them."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from shapely.geometry import shape
from starlette.testclient import TestClient

from api.atlas.service import Drawing, Drawings
from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import NOW, SetClock, site
from tests.api.district import CELLS, STREETS
from tests.api.people import enter, show_session


@pytest.fixture
def empty(database: Database, tmp_path: Path) -> Iterator[TestClient]:
    """The application before the first import of areas."""
    with site(database, SetClock(), tmp_path) as client:
        _, token = enter(database, Role.PLANNER, now=NOW)
        show_session(client, token)
        yield client


def test_the_layers_of_the_edition_are_listed_with_counts_and_bounds(client: TestClient) -> None:
    found = client.get("/v1/layers").json()
    assert found["edition"] == {"id": 1, "valid_from": "2025-01-01", "synthetic": False}
    many = {layer["kind"]: layer["areas"] for layer in found["layers"]}
    assert many == {
        "district": 1,
        "street": 2,
        "community": 2,
        "grid": 2,
        "police": 2,
        "justice": 2,
    }
    west, south, east, north = found["bounds"]
    assert 123.44 < west < east < 123.48
    assert 41.79 < south < north < 41.83


def test_the_list_tells_the_title_in_both_languages_and_the_zooms(client: TestClient) -> None:
    layers = {layer["kind"]: layer for layer in client.get("/v1/layers").json()["layers"]}
    assert layers["police"]["title"] == {"zh": "派出所辖区", "en": "Police stations"}
    assert layers["grid"]["min_zoom"] < layers["grid"]["label_zoom"]


def test_before_the_first_import_the_layers_are_empty_and_not_an_error(empty: TestClient) -> None:
    found = empty.get("/v1/layers").json()
    assert found["edition"] is None
    assert {layer["areas"] for layer in found["layers"]} == {0}
    assert empty.get("/v1/layers/street.geojson").status_code == 404


def test_a_layer_comes_with_codes_units_and_sound_shapes(client: TestClient) -> None:
    answer = client.get("/v1/layers/street.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    assert [each["properties"]["code"] for each in features] == list(STREETS)
    assert features[0]["properties"]["unit_name"] == "东塔街道"
    assert all(shape(each["geometry"]).is_valid for each in features)


def test_a_layer_says_in_itself_whether_it_is_made_up(client: TestClient) -> None:
    assert client.get("/v1/layers/street.geojson").json()["source"] == "imported"


def test_a_layer_of_an_earlier_day_is_that_days(client: TestClient) -> None:
    assert client.get("/v1/layers/street.geojson?on=2024-12-31").status_code == 404
    cells = client.get("/v1/layers/grid.geojson?on=2025-01-01").json()["features"]
    assert [each["properties"]["code"] for each in cells] == list(CELLS)


def test_an_unchanged_layer_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/v1/layers/grid.geojson")
    etag = {"If-None-Match": first.headers["etag"]}
    again = client.get("/v1/layers/grid.geojson", headers=etag)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("known", ["W/{}", '"old", {}'])
def test_an_unchanged_layer_is_known_again_behind_a_proxy(client: TestClient, known: str) -> None:
    name = client.get("/v1/layers/grid.geojson").headers["etag"]
    headers = {"If-None-Match": known.format(name)}
    assert client.get("/v1/layers/grid.geojson", headers=headers).status_code == 304


def test_a_layer_is_packed_for_those_who_can_unpack_it(client: TestClient) -> None:
    packed = client.get("/v1/layers/grid.geojson", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/v1/layers/grid.geojson", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content


def test_of_many_layers_only_the_used_ones_are_kept() -> None:
    drawings = Drawings(most=2)
    made: list[str] = []

    def draw(name: str) -> Drawing:
        made.append(name)
        return Drawing(name.encode(), b"")

    for name in ("a", "b", "a", "c", "a", "b"):
        assert drawings.of(name, partial(draw, name)).plain == name.encode()
    assert made == ["a", "b", "c", "b"]


def test_an_unknown_layer_is_told_with_those_there_are(client: TestClient) -> None:
    answer = client.get("/v1/layers/lamps.geojson")
    assert answer.status_code == 404
    assert "street" in answer.json()["detail"]
