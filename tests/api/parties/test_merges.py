"""Merging duplicates: one person proposes, another decides, and the database holds them to it."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from gis.database import Database
from tests.api.parties.conftest import (
    ASSESSOR,
    CLERK,
    ELSEWHERE,
    FIRST,
    LEADER,
    OTHER_ID,
    SECOND,
    STREET_ASSESSOR,
    Desk,
    Trail,
)

REASON = "两次登记的是同一人"
NO_MERGE = "/v1/party-merges/00000000-0000-4000-8000-00000000ffff/review"


@pytest.fixture
def pair(desk: Desk) -> tuple[str, str]:
    """The same person, once with and once without a number, under two names."""
    first = desk.add()["id"]
    return first, desk.add(SECOND, name="阿芳", phone=None, identity_number=None)["id"]


def propose(desk: Desk, pair: tuple[str, str], status: int = 201) -> Any:
    first, second = pair
    return desk.post("/v1/party-merges", status, first=first, second=second, reason=REASON)


def review(desk: Desk, merge: Any, status: int = 200, outcome: str = "merged") -> Any:
    path = f"/v1/party-merges/{merge['id']}/review"
    return desk.post(path, status, outcome=outcome, reason=REASON)


def cases(desk: Desk, party: str) -> list[tuple[str, str]]:
    items = desk.get(f"/v1/parties/{party}/repeats")["items"]
    return [(item["case_number"], item["link"]) for item in items]


def test_a_merge_takes_effect_when_another_person_has_agreed(
    desk: Desk, pair: tuple[str, str]
) -> None:
    first, second = pair
    merge = propose(desk.as_(CLERK), pair)
    assert merge["outcome"] is None
    assert cases(desk.as_(ASSESSOR), first) == []
    decided = review(desk, merge)
    assert (decided["outcome"], decided["reviewed_by"]) == ("merged", str(ASSESSOR.id))
    assert cases(desk, first) == [(SECOND, "merge")]
    assert cases(desk, second) == [(FIRST, "merge")]


def test_whoever_proposed_a_merge_does_not_decide_it(desk: Desk, pair: tuple[str, str]) -> None:
    merge = propose(desk.as_(ASSESSOR), pair)
    assert "申请人以外" in review(desk, merge, 409)["detail"]
    assert cases(desk, pair[0]) == []
    review(desk.as_(STREET_ASSESSOR), merge)


def test_the_database_refuses_a_reviewer_who_proposed(
    desk: Desk, pair: tuple[str, str], house: Database
) -> None:
    propose(desk, pair)
    forged = (
        "UPDATE party_merge SET outcome = 'merged', reviewed_by = proposed_by,"
        " decided_at = now(), review_reason = 'x'"
    )
    with pytest.raises(IntegrityError, match="reviewed_by_another"):  # noqa: SIM117
        with house.transaction() as session:
            session.execute(text(forged))


def test_a_rejected_merge_changes_nothing_and_may_be_proposed_again(
    desk: Desk, pair: tuple[str, str], trail: Trail
) -> None:
    merge = propose(desk.as_(CLERK), pair)
    review(desk.as_(ASSESSOR), merge, outcome="rejected")
    assert cases(desk, pair[0]) == []
    assert "party_merged" not in [each[0] for each in trail.of(f"party:{pair[0]}")]
    propose(desk.as_(CLERK), pair)


def test_a_merge_is_decided_once_and_waits_once(desk: Desk, pair: tuple[str, str]) -> None:
    merge = propose(desk.as_(CLERK), pair)
    propose(desk, (pair[1], pair[0]), 409)
    assert [each["id"] for each in desk.as_(ASSESSOR).get("/v1/party-merges")["items"]] == [
        merge["id"]
    ]
    review(desk, merge)
    review(desk, merge, 409, "rejected")
    assert desk.get("/v1/party-merges")["items"] == []
    propose(desk, pair, 409)


def test_merges_are_on_the_trail_of_both_parties(
    desk: Desk, pair: tuple[str, str], trail: Trail
) -> None:
    merge = propose(desk.as_(CLERK), pair)
    review(desk.as_(ASSESSOR), merge)
    for party in pair:
        proposed, merged = trail.of(f"party:{party}")[-2:]
        assert proposed[:3] == (
            "party_changed",
            str(CLERK.id),
            {"merge": merge["id"], "proposed": True},
        )
        assert merged[:2] == ("party_merged", str(ASSESSOR.id))
        assert merged[3] == REASON


def test_merges_reach_through_to_others_that_are_the_same(
    desk: Desk, pair: tuple[str, str]
) -> None:
    review(desk.as_(ASSESSOR), propose(desk.as_(CLERK), pair), 403)
    merge = desk.as_(ASSESSOR).get("/v1/party-merges")["items"][0]
    review(desk, merge)
    desk.add(ELSEWHERE, name="曾用名", phone=None)
    assert cases(desk, pair[1]) == [(ELSEWHERE, "identity_number"), (FIRST, "merge")]


def test_only_two_different_parties_of_one_kind_within_reach_are_merged(
    desk: Desk, pair: tuple[str, str]
) -> None:
    first, _ = pair
    company = {"kind": "organisation", "identity_number": None, "phone": None}
    other = desk.add(SECOND, **company)["id"]
    far = desk.add(ELSEWHERE, identity_number=OTHER_ID)["id"]
    propose(desk, (first, first), 422)
    propose(desk, (first, other), 422)
    propose(desk.as_(STREET_ASSESSOR), (first, far), 404)


def test_a_merge_with_a_party_out_of_reach_is_neither_seen_nor_decided(
    desk: Desk, pair: tuple[str, str]
) -> None:
    far = desk.add(ELSEWHERE, identity_number=OTHER_ID)["id"]
    merge = propose(desk, (pair[0], far))
    desk.as_(STREET_ASSESSOR)
    assert desk.get("/v1/party-merges")["items"] == []
    review(desk, merge, 404)
    assert desk.as_(LEADER).get("/v1/party-merges")["items"][0]["id"] == merge["id"]


def test_a_merge_that_is_not_there_is_not_found(desk: Desk) -> None:
    desk.post(NO_MERGE, 404, outcome="merged", reason=REASON)
