"""Counts over HTTP: exact within reach, in groups of five for everybody else."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import Filer, SetClock, a_report
from tests.api.district import CELLS, CENTRE, STREETS
from tests.api.people import enter, show_session

pytestmark = pytest.mark.database

EAST = (CENTRE[0] + 0.0121, CENTRE[1])
WEST = CENTRE
SPAN = {"since": "2025-01-01", "until": "2026-12-31"}
Ask = Callable[..., Any]


@pytest.fixture
def ask(client: TestClient, district: Database, clock: SetClock) -> Ask:
    """The answer to a question as somebody; by default a dispatcher of the district."""

    def asked(role: Role = Role.DISPATCHER, area: str | None = "210104", **words: Any) -> Any:
        show_session(client, enter(district, role, now=clock(), area=area).token)
        return client.get("/v1/analytics/counts", params=SPAN | words)

    return asked


@pytest.fixture
def filed(
    file: Filer, client: TestClient, district: Database, clock: SetClock
) -> Callable[..., None]:
    """File so many reports at a place, and let them have come on a day."""

    def made(many: int, at: tuple[float, float], day: str, category: str = "labour") -> None:
        show_session(client, enter(district, Role.CLERK, now=clock()).token)
        lon, lat = at
        for _ in range(many):
            place = {"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": 10}
            assert file(a_report(place=place, category=category)).status_code == 201
        with district.transaction() as session:
            moved = "UPDATE report SET received_at = :day WHERE received_at > '2026-10-01'"
            session.execute(text(moved), {"day": f"{day}T12:00:00+08:00"})

    return made


def totals(answer: Any) -> dict[str, int]:
    return {item["code"]: item["total"] for item in answer.json()["items"]}


def test_cases_are_counted_by_the_street_in_which_they_lie(ask: Ask, filed: Any) -> None:
    filed(2, WEST, "2026-02-10")
    filed(1, EAST, "2026-05-10")
    answer = ask()
    assert totals(answer) == {STREETS[0]: 2, STREETS[1]: 1}
    found = answer.json()
    assert (found["exact"], found["many"], found["elsewhere"]) == (True, 3, 0)
    assert found["items"][0]["name"] == "东塔街道"
    assert found["items"][0]["share"] == pytest.approx(2 / 3)


def test_a_new_report_is_counted_at_once(ask: Ask, file: Filer) -> None:
    before = sum(totals(ask()).values())
    file()
    assert sum(totals(ask()).values()) == before + 1


def test_months_stand_in_order_and_filters_take_what_they_name(ask: Ask, filed: Any) -> None:
    filed(2, WEST, "2026-02-10", "property")
    filed(1, WEST, "2026-05-10", "labour")
    found = ask(period="month").json()
    assert found["periods"] == ["2026-02", "2026-05"]
    assert found["items"][0]["counts"] == [2, 1]
    assert totals(ask(category="property"))[STREETS[0]] == 2
    assert totals(ask(category=["property", "labour"]))[STREETS[0]] == 3
    assert totals(ask(state="archived"))[STREETS[0]] == 0
    assert totals(ask(until="2026-02-09"))[STREETS[0]] == 0
    assert totals(ask(until="2026-02-10"))[STREETS[0]] == 2, "the last day is included"


def test_a_year_earlier_is_compared_with_the_same_days(ask: Ask, filed: Any) -> None:
    filed(1, WEST, "2025-02-10")
    filed(3, WEST, "2026-02-10")
    found = ask(since="2026-02-01", until="2026-02-28", against="year").json()["items"][0]
    assert (found["before"], found["total"], found["change"]) == (1, 3, 2.0)
    found = ask(since="2026-03-01", until="2026-03-31", against="previous").json()["items"][0]
    assert (found["before"], found["total"], found["change"]) == (3, 0, -1.0)


def test_hexagons_hold_what_the_streets_hold(ask: Ask, filed: Any) -> None:
    filed(2, WEST, "2026-02-10")
    filed(1, EAST, "2026-02-10")
    for ground in ("h3_8", "h3_9", "h3_10", "h3_11"):
        assert sum(totals(ask(by=ground)).values()) == 3


def test_a_planner_sees_groups_of_five_and_no_smaller_one(ask: Ask, filed: Any) -> None:
    filed(7, WEST, "2026-02-10")
    filed(4, EAST, "2026-02-10")
    for ground, cells in (("street", STREETS), ("grid", CELLS)):
        answer = ask(Role.PLANNER, by=ground, until="2026-12-31")
        assert not answer.json()["exact"]
        assert totals(answer) == {cells[0]: 7, cells[1]: 0}
    filed(1, EAST, "2026-03-10")
    assert totals(ask(Role.PLANNER))[STREETS[1]] == 5


def test_what_groups_do_not_answer_is_refused_to_a_planner(ask: Ask, filed: Any) -> None:
    filed(7, WEST, "2026-02-10")
    for words in (
        {"period": "month"},
        {"by": "h3_9"},
        {"by": "police"},
        {"state": "closed"},
        {"source": "check_ins"},
        {"since": "2025-01-02"},
        {"until": "2026-11-30"},
        {"on": "2025-06-01"},
    ):
        refused = ask(Role.PLANNER, **words)
        assert refused.status_code == 403, words
        assert "5 件" in refused.json()["detail"]


def test_a_dispatcher_of_a_street_counts_the_cases_of_that_street_only(
    ask: Ask, filed: Any
) -> None:
    filed(2, WEST, "2026-02-10")
    filed(1, EAST, "2026-02-10")
    assert totals(ask(area="210104002")) == {STREETS[0]: 0, STREETS[1]: 1}


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ({"since": "2026-12-31", "until": "2026-01-01"}, "until"),
        ({"since": "1900-01-01"}, "until"),
        ({"by": "moon"}, "by"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_its_field(
    ask: Ask, words: dict[str, str], where: str
) -> None:
    refused = ask(**words)
    assert refused.status_code == 422
    assert where in refused.json()["errors"][0]["where"]


def test_the_answer_to_nothing_is_zeros_and_not_an_error(ask: Ask) -> None:
    found = ask(category="nothing").json()
    assert found["many"] == 0
    assert {item["total"] for item in found["items"]} == {0}
    assert found["items"][0]["share"] is None


def test_a_day_before_all_areas_is_said_to_have_none(ask: Ask) -> None:
    assert ask(on="2020-01-01").status_code == 404


def test_whoever_may_not_analyse_is_refused(ask: Ask) -> None:
    assert ask(Role.CLERK).status_code == 403
