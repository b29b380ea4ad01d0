"""Hotspots over HTTP: on the demonstration, whose old estates were planted, and on little."""

from collections.abc import Iterator
from typing import Any

import h3
import pytest
from starlette.testclient import TestClient

from api.app import create_app, now
from api.demo.loader import load
from api.demo.roads import OLD_ESTATES
from api.rights.roles import Role
from api.settings import Settings
from gis.database import Database
from tests.api.conftest import SetClock
from tests.api.people import SITE, enter, show_session
from tests.conftest import copied, opened

pytestmark = pytest.mark.database

NEAR_M = 400.0


@pytest.fixture(scope="module")
def demo(migrated_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Asks the demonstration about its last four quarters, as somebody of the district."""
    with copied(migrated_url) as url, opened(url) as database:
        load(database, now(), "DD")
        home = tmp_path_factory.mktemp("home")
        app = create_app(Settings(home=home, worker=False, database_url=None), database)
        with TestClient(app, base_url=SITE) as client:

            def ask(part: str, role: Role = Role.DISPATCHER, **words: Any) -> Any:
                show_session(client, enter(database, role, now=now()).token)
                known = client.get("/v1/analytics").json()
                span = {"since": known["since"], "until": known["until"]}
                return client.get(f"/v1/analytics/{part}", params=span | words)

            yield ask


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    east, north = (one[0] - other[0]) * 83_000, (one[1] - other[1]) * 111_000
    return float((east**2 + north**2) ** 0.5)


def test_the_planted_hotspot_of_property_disputes_is_found_beyond_one_in_a_hundred(
    demo: Any,
) -> None:
    answer = demo("hotspots", by="h3_9", category="property").json()
    hot = [item for item in answer["items"] if item["heat"] == "hot"]
    assert hot
    assert all(item["adjusted_p"] <= 0.01 and item["z"] > 0 for item in hot)
    middles = [h3.cell_to_latlng(item["code"])[::-1] for item in hot]
    for name, lon, lat in OLD_ESTATES:
        assert min(distance_m((lon, lat), middle) for middle in middles) < NEAR_M, name
    called = sum(item["heat"] in {"hot", "warm"} for item in answer["items"])
    assert f"检出热点 {called} 个" in answer["explained"]["zh"]


def test_a_planner_finds_it_too_from_groups_of_five(demo: Any) -> None:
    answer = demo("hotspots", Role.PLANNER, by="grid", category="property").json()
    assert not answer["exact"]
    assert any(item["heat"] == "hot" for item in answer["items"])
    assert {item["count"] for item in answer["items"]} & {1, 2, 3, 4} == set()


def test_counts_of_a_planner_are_never_one_to_four(demo: Any) -> None:
    for ground in ("district", "street", "community", "grid"):
        for category in ("", "property", "labour"):
            words = {"by": ground, "period": "quarter"} | (
                {"category": category} if category else {}
            )
            items = demo("counts", Role.PLANNER, **words).json()["items"]
            numbers = {count for item in items for count in item["counts"]}
            assert not numbers & {1, 2, 3, 4}, (ground, category)


def test_a_ground_of_few_areas_is_refused_with_those_that_can_be_tested(
    client: TestClient, district: Database, clock: SetClock
) -> None:
    show_session(client, enter(district, Role.DISPATCHER, now=clock()).token)
    span = {"since": "2026-01-01", "until": "2026-12-31", "by": "street"}
    refused = client.get("/v1/analytics/hotspots", params=span)
    assert refused.status_code == 422
    assert "网格" in refused.json()["errors"][0]["mend"]["zh"]


def test_nothing_to_test_is_said_in_words(
    client: TestClient, district: Database, clock: SetClock
) -> None:
    show_session(client, enter(district, Role.DISPATCHER, now=clock()).token)
    span = {"since": "2026-01-01", "until": "2026-12-31", "by": "grid"}
    answer = client.get("/v1/analytics/hotspots", params=span).json()
    assert "没有案件" in answer["explained"]["zh"]
    assert {item["heat"] for item in answer["items"]} == {"plain"}
