"""The same person across cases: found by keyed hash, told without saying who it is."""

import pytest

from tests.api.parties.conftest import (
    ASSESSOR,
    CANARY,
    CLERK,
    DISTRICT,
    ELSEWHERE,
    FIRST,
    ID_NUMBER,
    OTHER_ID,
    PHONE,
    SECOND,
    STREET_ASSESSOR,
    Desk,
    Trail,
)

REASON = "本人要求查阅"


def repeats(desk: Desk, party: str) -> list[tuple[str, str]]:
    answer = desk.get(f"/v1/parties/{party}/repeats")
    assert answer["cases"] == len({item["case_number"] for item in answer["items"]})
    return [(item["case_number"], item["link"]) for item in answer["items"]]


def test_the_same_identity_number_is_the_same_person_whatever_the_name(desk: Desk) -> None:
    party = desk.add()["id"]
    desk.add(SECOND, name="曾用名", phone=None)
    desk.add(ELSEWHERE, side="applicant", role="applicant", phone="13900000000")
    assert repeats(desk, party) == [
        (ELSEWHERE, "identity_number"),
        (SECOND, "identity_number"),
    ]


def test_without_an_identity_number_the_same_phone_and_name_are_needed(desk: Desk) -> None:
    party = desk.add(identity_number=None)["id"]
    desk.add(SECOND, identity_number=None)
    desk.add(ELSEWHERE, identity_number=None, name="李四")
    assert repeats(desk, party) == [(SECOND, "phone_and_name")]


def test_two_different_identity_numbers_are_two_people_though_all_else_is_equal(
    desk: Desk,
) -> None:
    party = desk.add()["id"]
    desk.add(SECOND, identity_number=OTHER_ID)
    assert repeats(desk, party) == []


def test_a_number_known_in_one_case_only_still_leaves_phone_and_name(desk: Desk) -> None:
    first = desk.add()["id"]
    second = desk.add(SECOND, identity_number=None)["id"]
    assert repeats(desk, first) == [(SECOND, "phone_and_name")]
    assert repeats(desk, second) == [(FIRST, "phone_and_name")]


def test_a_shared_phone_and_name_joins_no_two_people_with_different_numbers(desk: Desk) -> None:
    first = desk.add()["id"]
    desk.add(SECOND, identity_number=None)
    desk.add(ELSEWHERE, identity_number=OTHER_ID)
    assert repeats(desk, first) == [(SECOND, "phone_and_name")]


def test_repeats_say_where_and_how_often_but_not_who(desk: Desk, trail: Trail) -> None:
    party = desk.add()["id"]
    desk.add(SECOND)
    answer = desk.get(f"/v1/parties/{party}/repeats")
    assert set(answer) == {"cases", "items"}
    told = {"case_number", "opened_at", "side", "role", "link", "link_title"}
    assert set(answer["items"][0]) == told
    assert not any(word in desk.seen[-1] for word in ("金", "138", "2101041990"))
    assert trail.of(f"party:{party}")[-1][0] == "party_searched"


def test_repeats_are_looked_for_within_reach_only(desk: Desk) -> None:
    party = desk.add()["id"]
    desk.add(SECOND)
    desk.add(ELSEWHERE)
    assert [case for case, _ in repeats(desk.as_(ASSESSOR), party)] == [ELSEWHERE, SECOND]
    assert [case for case, _ in repeats(desk.as_(STREET_ASSESSOR), party)] == [SECOND]


def test_other_roles_of_one_person_in_one_case_are_no_repeat(desk: Desk) -> None:
    party = desk.add()["id"]
    desk.add(side="other", role="witness")
    assert repeats(desk, party) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"name": " 金丝雀 阿芳"},
        {"phone": "+86 138 0000 5678"},
        {"identity_number": ID_NUMBER.lower()},
        {"name": CANARY, "phone": PHONE, "identity_number": ID_NUMBER},
    ],
)
def test_an_exact_search_finds_the_masked_party_in_any_spelling(
    desk: Desk, trail: Trail, asked: dict[str, str]
) -> None:
    party = desk.add()
    desk.add(SECOND, name="李四", phone=None, identity_number=None)
    (found,) = desk.as_(CLERK).post("/v1/parties/search", **asked)["items"]
    assert found == {"case_number": FIRST, "party": party}
    deed, actor, content, _ = trail.of(f"party:{party['id']}")[-1]
    assert (deed, actor) == ("party_searched", str(CLERK.id))
    assert content == {"by": sorted(asked), "found": 1}


@pytest.mark.parametrize("asked", [{"name": "金丝雀"}, {"name": CANARY, "phone": "13900000000"}])
def test_a_part_of_a_name_or_another_phone_finds_nobody_and_is_on_the_trail(
    desk: Desk, trail: Trail, asked: dict[str, str]
) -> None:
    desk.add()
    assert desk.post("/v1/parties/search", **asked)["items"] == []
    assert [each[2]["found"] for each in trail.of("parties")] == [0]


def test_a_search_for_nothing_is_refused(desk: Desk) -> None:
    assert desk.post("/v1/parties/search", 422)["errors"][0]["where"] == "name"


def ranking(desk: Desk, query: str = "") -> list[tuple[str, int]]:
    items = desk.get(f"/v1/parties/repeat-respondents{query}")["items"]
    return [(item["shown"], item["cases"]) for item in items]


def test_repeat_respondents_are_ranked_by_cases_under_their_masked_names(desk: Desk) -> None:
    for number in (FIRST, SECOND, ELSEWHERE):
        desk.add(number)
    for number in (FIRST, ELSEWHERE):
        desk.add(number, name="欧阳修", phone="13900000000", identity_number=None)
    desk.add(name="李四", phone=None, identity_number=None)
    desk.add(SECOND, name="李四", phone=None, identity_number=None)
    for number in (FIRST, SECOND):
        applicant = {"side": "applicant", "role": "applicant"}
        desk.add(number, name="王五", identity_number=OTHER_ID, **applicant)
    assert ranking(desk) == [("金*", 3), ("欧阳*", 2)]
    assert ranking(desk, "?at_least=3") == [("金*", 3)]
    assert ranking(desk, "?limit=1") == [("金*", 3)]
    assert ranking(desk.as_(STREET_ASSESSOR)) == [("金*", 2)]
    assert CANARY not in desk.seen[-1]
    desk.get("/v1/parties/repeat-respondents?at_least=1", 422)


def test_merged_respondents_count_as_one(desk: Desk) -> None:
    first = desk.add(identity_number=None)["id"]
    second = desk.add(SECOND, identity_number=OTHER_ID, phone=None)["id"]
    assert ranking(desk) == []
    merge = desk.post("/v1/party-merges", 201, first=first, second=second, reason=REASON)
    desk.as_(STREET_ASSESSOR).post(
        f"/v1/party-merges/{merge['id']}/review", outcome="merged", reason=REASON
    )
    assert ranking(desk) == [("金*", 2)]


def test_an_export_holds_all_on_one_person_across_cases_and_nothing_on_another(
    desk: Desk, trail: Trail
) -> None:
    first = desk.add()["id"]
    second = desk.add(ELSEWHERE, phone=None, side="applicant", role="applicant")["id"]
    desk.add(SECOND, name="李四", identity_number=OTHER_ID)
    desk.add(SECOND, identity_number=None)
    answer = desk.post(f"/v1/parties/{first}/export", reason=REASON)
    assert [(item["party_id"], item["case_number"]) for item in answer["items"]] == [
        (second, ELSEWHERE),
        (first, FIRST),
    ]
    assert answer["items"][1]["fields"] == {
        "name": CANARY,
        "phone": PHONE,
        "identity_number": ID_NUMBER,
        "address": "沈阳市大东区金丝雀街7号",
    }
    assert answer["unsure"] == 1
    for party in (first, second):
        deed, _, _, reason = trail.of(f"party:{party}")[-1]
        assert (deed, reason) == ("data_exported", REASON)


def test_an_export_holds_only_what_the_asker_may_see(desk: Desk) -> None:
    party = desk.add()["id"]
    desk.add(ELSEWHERE)
    answer = desk.as_(STREET_ASSESSOR).post(f"/v1/parties/{party}/export", reason=REASON)
    assert [item["case_number"] for item in answer["items"]] == [FIRST]
    assert STREET_ASSESSOR.area_prefix != DISTRICT


def test_an_export_needs_a_reason_and_a_role_that_answers_for_it(desk: Desk) -> None:
    party = desk.add()["id"]
    desk.post(f"/v1/parties/{party}/export", 422, reason="查")
    desk.as_(CLERK).post(f"/v1/parties/{party}/export", 403, reason=REASON)
