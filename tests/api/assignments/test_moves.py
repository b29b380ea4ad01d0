"""Units at work over HTTP: their moves, their clocks, their inbox, and the case that goes along."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from api.rights.roles import Role
from gis.database import Database
from tests.api.life.conftest import LEAD, People, number, people

pytestmark = pytest.mark.database

__all__ = ["number", "people"]

POLICE, JUSTICE, OTHER = "police:P-1", "justice:J-1", "police:P-2"
PHONE = {"on_behalf": {"channel": "phone", "said_by": "值班民警小赵"}}

Go = Callable[..., Any]


@pytest.fixture
def go(people: People, number: str) -> Go:
    """Make a move as the unit's own leader, or as whoever is named."""

    def move(move: str, unit: str = LEAD, *, role: Role = Role.LEADER, **body: Any) -> Any:
        client = people(role, unit=unit if role is not Role.DISPATCHER else None)
        return client.post(f"/v1/cases/{number}/assignments/{unit}/{move}", json=body)

    return move


def case_state(people: People, number: str) -> str:
    found: str = people(Role.DISPATCHER).get(f"/v1/cases/{number}/steps").json()["state_code"]
    return found


def clocks(people: People, number: str, unit: str) -> dict[str, str]:
    items = people(Role.DISPATCHER).get(f"/v1/cases/{number}/clocks").json()["items"]
    return {each["kind"]: each["state"] for each in items if each["unit_code"] == unit}


def test_each_unit_of_a_new_case_has_to_sign_and_to_deliver_in_time(
    people: People, number: str
) -> None:
    for unit in (LEAD, POLICE, JUSTICE):
        assert clocks(people, number, unit) == {"sign": "ok", "feedback": "ok"}


def test_a_unit_goes_from_offer_to_accepted_result_and_its_clocks_with_it(
    people: People, number: str, go: Go
) -> None:
    assert go("sign", POLICE).json()["stage"] == "signed"
    assert clocks(people, number, POLICE) == {"sign": "met", "contact": "ok", "feedback": "ok"}
    assert go("contact", POLICE).json()["stage"] == "contacted"
    spot = {"lon": 123.5, "lat": 41.8, "datum": "gcj02", "accuracy_m": 20}
    reported = go("report-in", POLICE, spot=spot).json()
    assert reported["stage"] == "reported_in"
    assert reported["steps"][-1]["lon"] != pytest.approx(123.5, abs=1e-4), "moved to WGS-84"
    assert go("deliver", POLICE, words="已维持秩序").json()["stage"] == "delivered"
    assert set(clocks(people, number, POLICE).values()) == {"met"}
    accepted = go("accept", POLICE, role=Role.DISPATCHER)
    assert accepted.json()["stage"] == "accepted"


def test_the_case_is_handled_when_its_lead_signs_and_not_before(
    people: People, number: str, go: Go
) -> None:
    go("sign", POLICE)
    assert case_state(people, number) == "dispatched"
    go("sign", LEAD)
    assert case_state(people, number) == "handling"


def test_the_case_comes_back_when_its_lead_returns_it_and_goes_out_again(
    people: People, number: str, go: Go
) -> None:
    go("sign", LEAD)
    assert go("return", LEAD, words="不属本街道管辖").status_code == 200
    assert case_state(people, number) == "returned"
    body = {"reason": "改由万泉所主办", "units": [{"unit_code": OTHER, "role": "lead"}]}
    sent = people(Role.DISPATCHER).post(f"/v1/cases/{number}/dispatch", json=body)
    assert sent.status_code == 204
    assert case_state(people, number) == "dispatched"
    assert go("sign", OTHER).status_code == 200
    assert case_state(people, number) == "handling"
    parts = people(Role.DISPATCHER).get(f"/v1/cases/{number}/assignments").json()["items"]
    told = {each["unit_code"]: (each["role"], each["stage"]) for each in parts}
    assert told[OTHER] == ("lead", "signed")
    assert told[LEAD] == ("assist", "returned")
    assert told[POLICE] == ("assist", "offered"), "who was at work stays so"


@pytest.mark.parametrize("leads", [0, 2])
def test_a_case_goes_out_with_exactly_one_lead(
    people: People, number: str, go: Go, leads: int
) -> None:
    go("return", LEAD, words="无管辖权")
    units = [{"unit_code": unit, "role": "lead"} for unit in (OTHER, POLICE)[:leads]]
    units.append({"unit_code": JUSTICE, "role": "assist"})
    body = {"reason": "改派", "units": units}
    refused = people(Role.DISPATCHER).post(f"/v1/cases/{number}/dispatch", json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["where"] == "units"
    assert case_state(people, number) == "returned"


def test_a_unit_that_was_sent_back_and_offered_again_keeps_one_assignment(
    people: People, number: str, go: Go, district: Database
) -> None:
    go("sign", LEAD)
    go("return", LEAD, words="材料不全")
    body = {"reason": "材料已补", "units": [{"unit_code": LEAD, "role": "lead"}]}
    assert people(Role.DISPATCHER).post(f"/v1/cases/{number}/dispatch", json=body).is_success
    assert go("sign", LEAD).status_code == 200
    with district.transaction() as session:
        query = text("SELECT count(*) FROM assignment WHERE unit_code = :unit")
        assert session.scalar(query, {"unit": LEAD}) == 1


def test_nobody_moves_another_units_assignment(people: People, number: str, go: Go) -> None:
    stranger = people(Role.LEADER, unit=POLICE)
    refused = stranger.post(f"/v1/cases/{number}/assignments/{LEAD}/sign", json={})
    assert refused.status_code == 403
    assert go("sign", LEAD).status_code == 200


def test_what_the_centre_enters_for_a_unit_names_who_said_it_and_how(
    people: People, number: str, go: Go
) -> None:
    assert go("sign", LEAD, role=Role.DISPATCHER).status_code == 422
    signed = go("sign", LEAD, role=Role.DISPATCHER, **PHONE).json()
    assert signed["steps"][-1]["said_by"] == "值班民警小赵"
    assert case_state(people, number) == "handling"
    lines = people(Role.DISPATCHER).get(f"/v1/cases/{number}/timeline").json()["items"]
    told = [line["said"]["zh"] for line in lines if line["happening"] == "unit_moved"]
    assert told == ["东塔街道 签收 （值班民警小赵电话告知，代录）"]


def test_of_two_who_sign_one_is_told_that_it_is_signed(go: Go) -> None:
    assert go("sign", POLICE).status_code == 200
    again = go("sign", POLICE, role=Role.HANDLER)
    assert again.status_code == 409
    assert "已签收" in again.json()["detail"]


def test_a_transferred_part_goes_on_at_the_other_unit_in_the_same_role(
    people: People, number: str, go: Go
) -> None:
    moved = go("transfer", POLICE, role=Role.DISPATCHER, words="警力调整", to=OTHER)
    assert moved.json()["stage"] == "transferred"
    parts = people(Role.DISPATCHER).get(f"/v1/cases/{number}/assignments").json()["items"]
    (other,) = [each for each in parts if each["unit_code"] == OTHER]
    assert (other["role"], other["stage"]) == ("assist", "offered")
    nowhere = go("transfer", JUSTICE, role=Role.DISPATCHER, words="调整", to="justice:none")
    assert nowhere.json()["errors"][0]["where"] == "unit_code"


def test_the_inbox_is_the_units_own_and_says_what_to_do_now(
    people: People, number: str, go: Go
) -> None:
    inbox = people(Role.HANDLER, unit=POLICE).get("/v1/inbox")
    (item,) = inbox.json()["items"]
    assert (item["case_number"], item["stage"]) == (number, "offered")
    assert [each["move"] for each in item["moves"]] == ["sign", "return"]
    assert item["due_at"] is not None
    tag = {"If-None-Match": inbox.headers["etag"]}
    client = people(Role.HANDLER, unit=POLICE)
    assert client.get("/v1/inbox", headers=tag).status_code == 304
    go("sign", POLICE)
    client = people(Role.HANDLER, unit=POLICE)
    assert client.get("/v1/inbox", headers=tag).status_code == 200
    assert people(Role.HANDLER, unit=OTHER).get("/v1/inbox").json()["items"] == []
    assert people(Role.HANDLER).get("/v1/inbox").json()["unit_code"] is None


@pytest.mark.usefixtures("number")
def test_the_load_counts_open_assignments_by_unit_and_stage(people: People, go: Go) -> None:
    go("sign", POLICE)
    items = people(Role.DISPATCHER).get("/v1/units/load").json()["items"]
    assert {(each["unit_code"], each["stage"]): each["many"] for each in items} == {
        (JUSTICE, "offered"): 1,
        (POLICE, "signed"): 1,
        (LEAD, "offered"): 1,
    }


def test_a_case_that_is_over_is_in_no_inbox_and_counts_for_nobody(
    people: People, number: str, district: Database
) -> None:
    handler = people(Role.HANDLER, unit=POLICE)
    (item,) = handler.get("/v1/inbox").json()["items"]
    assert item["case_number"] == number
    with district.transaction() as session:
        session.execute(text("UPDATE case_file SET state = 'merged'"))
    assert people(Role.HANDLER, unit=POLICE).get("/v1/inbox").json()["items"] == []
    assert people(Role.DISPATCHER).get("/v1/units/load").json()["items"] == []


def test_a_claimed_case_is_answered_with_who_has_it_and_since_when(
    people: People, number: str, district: Database
) -> None:
    first, second = (Role.DISPATCHER,), (Role.DISPATCHER, Role.ASSESSOR)
    claim, release = f"/v1/cases/{number}/claim", f"/v1/cases/{number}/release"
    assert people(*first).post(claim).status_code == 204
    assert people(*first).post(claim).status_code == 204, "one's own claim is renewed"
    taken = people(*second).post(claim)
    assert taken.status_code == 409
    assert "某dispatcher 自" in taken.json()["detail"]
    assert people(*second).post(release).status_code == 409
    with district.transaction() as session:
        old = "UPDATE case_file SET claimed_at = claimed_at - interval '31 minutes'"
        session.execute(text(old))
    assert people(*second).post(claim).status_code == 204, "a claim that is left lying ends"
    assert people(*second).post(release).status_code == 204
