"""Anonymous and protected reporters: of one nothing is kept, the other few may open."""

from typing import Any

import pytest
from sqlalchemy import text

from api.sealing import Keyring, context
from api.sealing.errors import Tampered
from gis.database import Database
from tests.api.parties.conftest import (
    ASSESSOR,
    CANARY,
    CLERK,
    FIRST,
    ID_NUMBER,
    LEADER,
    PHONE,
    SECOND,
    Desk,
    Trail,
)

REASON = "需要联系举报人"
REPORTER = {"side": "other", "role": "reporter"}
NOTHING = {"name": None, "phone": None, "identity_number": None, "address": None}


@pytest.fixture
def protected(desk: Desk) -> Any:
    return desk.add(protected=True, **REPORTER)


def test_an_anonymous_reporter_leaves_no_identity_at_all(desk: Desk, house: Database) -> None:
    added = desk.add(anonymous=True, **REPORTER, **NOTHING)
    assert (added["shown"], added["fields"]) == ("匿名举报人", {})
    with house.transaction() as session:
        assert session.scalars(text("SELECT count(*) FROM party_identity")).one() == 0
    desk.post(f"/v1/parties/{added['id']}/reveal", 404, field="name", reason=REASON)


@pytest.mark.parametrize("field", ["name", "phone", "identity_number", "address"])
def test_nothing_of_an_anonymous_reporter_is_taken_then_or_later(desk: Desk, field: str) -> None:
    told = {"name": CANARY, "phone": PHONE, "identity_number": ID_NUMBER, "address": "东塔街"}
    one = NOTHING | {field: told[field]}
    desk.add(anonymous=True, status=422, **REPORTER, **one)
    party = desk.add(anonymous=True, **REPORTER, **NOTHING)["id"]
    desk.patch(f"/v1/parties/{party}", 422, reason=REASON, **{field: told[field]})


@pytest.mark.parametrize("hidden", ["anonymous", "protected"])
def test_only_a_reporter_is_hidden_then_or_later(desk: Desk, hidden: str) -> None:
    nothing = NOTHING if hidden == "anonymous" else {}
    answer = desk.add(status=422, **{hidden: True}, **nothing)
    assert answer["errors"][0]["where"] == "role"
    party = desk.add(**{hidden: True}, **REPORTER, **nothing)["id"]
    desk.patch(f"/v1/parties/{party}", 422, role="witness", reason=REASON)


def test_nobody_is_both_anonymous_and_protected(desk: Desk) -> None:
    desk.add(status=422, anonymous=True, protected=True, **REPORTER)


def test_a_protected_reporter_is_shown_without_a_surname_or_a_digit(
    desk: Desk, protected: Any
) -> None:
    assert protected["shown"] == "受保护的举报人"
    assert set(protected["fields"].values()) == {"****"}
    desk.as_(ASSESSOR).get(f"/v1/cases/{FIRST}/parties")
    assert not any(word in text for word in ("金", "138", "210104") for text in desk.seen)


@pytest.mark.parametrize("who", [ASSESSOR, LEADER])
def test_an_assessor_and_a_leader_open_a_protected_reporter(
    desk: Desk, protected: Any, who: Any
) -> None:
    path = f"/v1/parties/{protected['id']}/reveal"
    assert desk.as_(who).post(path, field="name", reason=REASON)["value"] == CANARY


def test_others_do_not_open_correct_or_export_one_and_their_attempt_is_on_the_trail(
    desk: Desk, protected: Any, trail: Trail
) -> None:
    path = f"/v1/parties/{protected['id']}"
    desk.as_(CLERK).post(f"{path}/reveal", 403, field="name", reason=REASON)
    desk.patch(path, 403, name="张三", reason=REASON)
    desk.post(f"{path}/export", 403, reason=REASON)
    assert CANARY not in str(desk.seen)
    entries = trail.of(f"party:{protected['id']}")
    assert [each[:2] for each in entries[1:]] == [("denied", str(CLERK.id))] * 2
    assert desk.door.denied == 1


def test_the_same_clerk_opens_a_reporter_who_is_not_protected(desk: Desk) -> None:
    party = desk.as_(CLERK).add(**REPORTER)["id"]
    desk.post(f"/v1/parties/{party}/reveal", field="name", reason=REASON)


def test_a_protected_reporter_is_found_by_no_search_no_repeat_and_no_export(
    desk: Desk, protected: Any, house: Database
) -> None:
    party = desk.add(SECOND)["id"]
    (found,) = desk.post("/v1/parties/search", identity_number=ID_NUMBER)["items"]
    assert found["case_number"] == SECOND
    assert desk.get(f"/v1/parties/{party}/repeats")["cases"] == 0
    assert desk.get(f"/v1/parties/{protected['id']}/repeats")["cases"] == 0
    assert len(desk.post(f"/v1/parties/{party}/export", reason=REASON)["items"]) == 1
    with house.transaction() as session:
        query = "SELECT count(blind) FROM party_identity WHERE party_id = :id"
        assert session.scalars(text(query), {"id": protected["id"]}).one() == 0


def test_a_corrected_protected_reporter_stays_hidden(desk: Desk, protected: Any) -> None:
    path = f"/v1/parties/{protected['id']}"
    corrected = desk.patch(path, name="欧阳修", phone="13900000000", reason=REASON)
    assert corrected["shown"] == "受保护的举报人"
    assert desk.post("/v1/parties/search", name="欧阳修")["items"] == []
    assert desk.post(f"{path}/reveal", field="phone", reason=REASON)["value"] == "13900000000"


@pytest.mark.parametrize("hidden", ["anonymous", "protected"])
def test_a_hidden_reporter_is_never_merged(desk: Desk, hidden: str) -> None:
    nothing = NOTHING if hidden == "anonymous" else {}
    first = desk.add(**{hidden: True}, **REPORTER, **nothing)["id"]
    second = desk.add(SECOND)["id"]
    desk.post("/v1/party-merges", 422, first=first, second=second, reason=REASON)
    desk.post("/v1/party-merges", 422, first=second, second=first, reason=REASON)


def test_protection_that_is_struck_out_in_the_database_opens_nothing(
    desk: Desk, protected: Any, house: Database, keyring: Keyring
) -> None:
    with house.transaction() as session:
        session.execute(text("UPDATE party SET protected = false"))
        sealed = session.scalars(text("SELECT sealed FROM party_identity LIMIT 1")).one()
    path = f"/v1/parties/{protected['id']}/reveal"
    desk.as_(CLERK).post(path, 500, field="name", reason=REASON)
    assert CANARY not in str(desk.seen)
    with pytest.raises(Tampered):
        keyring.open(bytes(sealed), context("party_identity", "name", protected["id"]))
