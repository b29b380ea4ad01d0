"""Protecting a reporter afterwards, and taking away a party that was added by mistake."""

from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.cases.models import LegalHold
from api.cases.service import find_case
from api.sealing import Keyring, context
from gis.database import Database
from tests.api.conftest import NOW
from tests.api.parties.conftest import (
    ASSESSOR,
    CANARY,
    CLERK,
    FIRST,
    LEADER,
    OTHER_ID,
    PHONE,
    SECOND,
    STREET_ASSESSOR,
    Desk,
    Trail,
)

REASON = "举报人担心报复"
REPORTER = {"side": "other", "role": "reporter"}


@pytest.fixture
def reporter(desk: Desk) -> Any:
    return desk.add(**REPORTER)


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.transaction() as session:
        return [tuple(row) for row in session.execute(text(query))]


def hold(database: Database, number: str) -> None:
    with database.transaction() as session:
        case = find_case(session, number)
        session.add(LegalHold(case_id=case.id, reason="诉讼", set_by=LEADER.id, set_at=NOW))


def remove(desk: Desk, party: str, status: int = 204, reason: str = REASON) -> None:
    answer = desk.client.request("DELETE", f"/v1/parties/{party}", json={"reason": reason})
    assert answer.status_code == status, answer.text


def test_a_reporter_who_is_protected_afterwards_is_found_and_named_nowhere(
    desk: Desk, house: Database, reporter: Any
) -> None:
    path = f"/v1/parties/{reporter['id']}"
    answer = desk.as_(CLERK).post(f"{path}/protect", protected=True, reason=REASON)
    assert (answer["protected"], answer["shown"]) == (True, "受保护的举报人")
    assert set(answer["fields"].values()) == {"****"}
    assert rows(house, "SELECT count(blind) FROM party_identity") == [(0,)]
    assert rows(house, f"SELECT FROM party WHERE strpos(party::text, '{CANARY[0]}') > 0") == []
    assert desk.post("/v1/parties/search", phone=PHONE)["items"] == []
    desk.post(f"{path}/reveal", 403, field="name", reason=REASON)
    assert desk.as_(LEADER).post(f"{path}/reveal", field="name", reason=REASON)["value"] == CANARY


def test_the_fields_are_sealed_anew_for_the_place_of_protected_ones(
    desk: Desk, house: Database, keyring: Keyring, reporter: Any
) -> None:
    desk.post(f"/v1/parties/{reporter['id']}/protect", protected=True, reason=REASON)
    for field, sealed in rows(house, "SELECT field, sealed FROM party_identity"):
        assert keyring.open(sealed, context("protected", field, reporter["id"]))


def test_protecting_takes_merges_away(desk: Desk, house: Database, reporter: Any) -> None:
    other = desk.add(SECOND, name="李四", identity_number=OTHER_ID)["id"]
    desk.post("/v1/party-merges", 201, first=reporter["id"], second=other, reason=REASON)
    desk.post(f"/v1/parties/{reporter['id']}/protect", protected=True, reason=REASON)
    assert rows(house, "SELECT FROM party_merge") == []


def test_only_those_who_may_open_a_protected_reporter_end_the_protection(
    desk: Desk, reporter: Any, trail: Trail
) -> None:
    path = f"/v1/parties/{reporter['id']}/protect"
    desk.post(path, protected=True, reason=REASON)
    desk.as_(CLERK).post(path, 403, protected=False, reason="举报人本人同意")
    answer = desk.as_(ASSESSOR).post(path, protected=False, reason="举报人本人同意")
    assert (answer["protected"], answer["shown"]) == (False, "金*")
    assert [each["case_number"] for each in desk.post("/v1/parties/search", phone=PHONE)["items"]]
    deeds = [(deed, content) for deed, _, content, _ in trail.of(f"party:{reporter['id']}")]
    assert deeds[1:4] == [
        ("party_changed", {"case": FIRST, "protected": True}),
        ("denied", {"protected": True}),
        ("party_changed", {"case": FIRST, "protected": False}),
    ]


def test_only_a_reporter_who_is_known_can_be_protected(desk: Desk) -> None:
    respondent = desk.add()["id"]
    desk.post(f"/v1/parties/{respondent}/protect", 422, protected=True, reason=REASON)
    nothing = dict.fromkeys(("name", "phone", "identity_number", "address"))
    anonymous = desk.add(anonymous=True, **REPORTER, **nothing)["id"]
    desk.post(f"/v1/parties/{anonymous}/protect", 422, protected=True, reason=REASON)


def test_a_removed_party_leaves_nothing_but_its_id_in_the_audit(
    desk: Desk, house: Database, trail: Trail
) -> None:
    party, other = desk.add()["id"], desk.add(SECOND, name="李四", identity_number=OTHER_ID)["id"]
    desk.post("/v1/party-merges", 201, first=party, second=other, reason="同一人的材料")
    remove(desk, party, reason="登记错了案件")
    assert rows(house, "SELECT id::text FROM party") == [(other,)]
    assert rows(house, "SELECT DISTINCT party_id::text FROM party_identity") == [(other,)]
    assert rows(house, "SELECT FROM party_merge") == []
    content = {"case": FIRST, "role": "respondent"}
    entry = ("party_removed", str(ASSESSOR.id), content, "登记错了案件")
    assert trail.of(f"party:{party}")[-1] == entry
    remove(desk, party, 404)


def test_removal_needs_a_reason_and_reach(desk: Desk, client: TestClient, reporter: Any) -> None:
    remove(desk, reporter["id"], 422, reason="错了")
    elsewhere = desk.add("DD-2026-000003")["id"]
    remove(desk.as_(STREET_ASSESSOR), elsewhere, 404)
    desk.as_(ASSESSOR).post(f"/v1/parties/{reporter['id']}/protect", protected=True, reason=REASON)
    remove(desk.as_(CLERK), reporter["id"], 403)
    assert client.get(f"/v1/cases/{FIRST}/parties").json()["items"]


def test_a_legal_hold_keeps_a_party_and_whoever_is_merged_with_it(
    desk: Desk, house: Database
) -> None:
    party, other = (
        desk.add()["id"],
        desk.add(SECOND, name="李四", identity_number=OTHER_ID, **REPORTER)["id"],
    )
    desk.post("/v1/party-merges", 201, first=party, second=other, reason="同一人的材料")
    hold(house, FIRST)
    remove(desk, party, 409)
    remove(desk, other, 409)
    desk.post(f"/v1/parties/{other}/protect", 409, protected=True, reason=REASON)
    assert len(rows(house, "SELECT FROM party")) == 2
