"""Adding, seeing, opening and correcting parties over HTTP, with the trail that each leaves."""

import pytest

from api.sealing import Keyring
from tests.api.parties.conftest import (
    ASSESSOR,
    CANARY,
    CLERK,
    ELSEWHERE,
    FIRST,
    ID_NUMBER,
    OTHER_ID,
    PHONE,
    SECOND,
    STREET_ASSESSOR,
    Desk,
    Trail,
    a_party,
)

NOBODY = "/v1/parties/00000000-0000-4000-8000-00000000ffff"
REASON = "核对当事人身份"


def test_a_party_is_shown_masked_to_whoever_added_it_and_to_whoever_sees_the_case(
    desk: Desk,
) -> None:
    added = desk.as_(CLERK).add()
    assert added["shown"] == "金*"
    assert added["fields"] == {
        "name": "金*",
        "phone": "138****5678",
        "identity_number": "210104********123X",
        "address": "沈阳市大东区****",
    }
    assert added["role_title"] == {"zh": "被申请人", "en": "Respondent"}
    listed = desk.as_(ASSESSOR).get(f"/v1/cases/{FIRST}/parties")
    assert listed["items"] == [added]
    assert not any(word in text for word in (CANARY, PHONE, ID_NUMBER) for text in desk.seen)


def test_an_organisation_keeps_its_place_and_kind(desk: Desk) -> None:
    added = desk.add(
        kind="organisation",
        name="沈阳金丝雀物业服务有限公司",
        identity_number="91350100M000100Y43",
        phone=None,
    )
    assert added["shown"] == "沈阳某某物业服务有限公司"
    assert added["fields"]["identity_number"] == "913501********0Y43"


def test_parties_are_listed_in_the_order_in_which_they_were_added(desk: Desk) -> None:
    for name in ("张三", "李四"):
        desk.add(name=name, identity_number=None)
    items = desk.get(f"/v1/cases/{FIRST}/parties")["items"]
    assert sorted(each["shown"] for each in items) == ["张*", "李*"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", CANARY),
        ("phone", PHONE),
        ("identity_number", ID_NUMBER),
        ("address", "沈阳市大东区金丝雀街7号"),
    ],
)
def test_one_field_is_opened_with_a_reason_and_the_trail_says_which_and_why(
    desk: Desk, trail: Trail, field: str, value: str
) -> None:
    party = desk.add()["id"]
    opened = desk.post(f"/v1/parties/{party}/reveal", field=field, reason=REASON)
    assert opened == {"field": field, "value": value}
    deed, actor, content, reason = trail.of(f"party:{party}")[-1]
    assert (deed, actor, reason) == ("party_revealed", str(ASSESSOR.id), REASON)
    assert content == {"case": FIRST, "field": field}


@pytest.mark.parametrize("reason", ["", "核对", "一 二 三 四", None])
def test_nothing_is_opened_without_a_reason_that_says_something(
    desk: Desk, trail: Trail, reason: str | None
) -> None:
    party = desk.add()["id"]
    body = {"field": "name"} | ({} if reason is None else {"reason": reason})
    answer = desk.post(f"/v1/parties/{party}/reveal", 422, **body)
    assert answer["errors"][0]["where"] == "reason"
    assert [each[0] for each in trail.of(f"party:{party}")] == ["party_added"]


def test_a_field_that_is_not_known_is_not_opened(desk: Desk) -> None:
    party = desk.add(phone=None)["id"]
    desk.post(f"/v1/parties/{party}/reveal", 404, field="phone", reason=REASON)


def test_each_look_at_a_case_is_on_the_trail_of_each_of_its_parties(
    desk: Desk, trail: Trail
) -> None:
    ids = [desk.add(name=name, identity_number=None)["id"] for name in ("张三", "李四")]
    desk.as_(CLERK).get(f"/v1/cases/{FIRST}/parties")
    for party in ids:
        assert [each[:2] for each in trail.of(f"party:{party}")] == [
            ("party_added", str(ASSESSOR.id)),
            ("party_read", str(CLERK.id)),
        ]


def test_the_trail_names_nobody(desk: Desk, trail: Trail) -> None:
    party = desk.add()["id"]
    desk.patch(f"/v1/parties/{party}", name="金丝雀阿明", reason=REASON)
    desk.post("/v1/parties/search", name="金丝雀阿明")
    desk.get(f"/v1/parties/{party}/repeats")
    told = str(trail.of(f"party:{party}"))
    assert "party_searched" in told
    assert "金丝雀" not in told
    assert PHONE not in told


def test_a_party_of_a_case_out_of_reach_does_not_exist(desk: Desk, trail: Trail) -> None:
    party = desk.add(ELSEWHERE)["id"]
    desk.as_(STREET_ASSESSOR)
    desk.get(f"/v1/cases/{ELSEWHERE}/parties", 404)
    desk.add(ELSEWHERE, 404)
    desk.post(f"/v1/parties/{party}/reveal", 404, field="name", reason=REASON)
    desk.patch(f"/v1/parties/{party}", 404, name="张三", reason=REASON)
    desk.post(f"/v1/parties/{party}/export", 404, reason=REASON)
    desk.get(f"/v1/parties/{party}/repeats", 404)
    assert [each[0] for each in trail.of(f"party:{party}")] == ["party_added"]


def test_nobody_and_no_case_are_not_found(desk: Desk) -> None:
    desk.post(f"{NOBODY}/reveal", 404, field="name", reason=REASON)
    desk.get(f"{NOBODY}/repeats", 404)
    desk.get("/v1/cases/DD-2026-999999/parties", 404)


def test_a_correction_replaces_what_was_wrong_and_keeps_nothing_of_it(
    desk: Desk, trail: Trail
) -> None:
    party = desk.add()["id"]
    path = f"/v1/parties/{party}"
    corrected = desk.patch(
        path, name="欧阳修", phone=None, address=None, role="third_party", reason=REASON
    )
    assert corrected["shown"] == "欧阳*"
    assert corrected["role"] == "third_party"
    assert set(corrected["fields"]) == {"name", "identity_number"}
    assert desk.post(f"{path}/reveal", field="name", reason=REASON)["value"] == "欧阳修"
    assert desk.post("/v1/parties/search", name=CANARY)["items"] == []
    changed = trail.of(f"party:{party}")[1]
    assert changed[0] == "party_changed"
    assert changed[2] == {"case": FIRST, "changed": ["address", "name", "phone", "role"]}


def test_what_a_correction_leaves_out_stays(desk: Desk) -> None:
    party = desk.add()["id"]
    corrected = desk.patch(f"/v1/parties/{party}", identity_number=OTHER_ID, reason=REASON)
    assert corrected["fields"]["identity_number"] == "110105********002X"
    assert corrected["fields"]["phone"] == "138****5678"
    assert corrected["shown"] == "金*"


def test_a_name_is_never_taken_away(desk: Desk) -> None:
    party = desk.add()["id"]
    answer = desk.patch(f"/v1/parties/{party}", 422, name=None, reason=REASON)
    assert answer["errors"][0]["where"] == "name"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"identity_number": "210104199001011231"}, "identity_number"),
        ({"identity_number": ID_NUMBER, "kind": "organisation"}, "identity_number"),
        ({"phone": "12"}, "phone"),
        ({"name": None}, "name"),
        ({"role": "judge"}, "role"),
        ({"side": None}, "side"),
        ({"nickname": "阿芳"}, "nickname"),
        ({"protected": 1}, "protected"),
        ({"name": "阿\x00芳"}, "name"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_not_repeated(
    desk: Desk, changes: dict[str, object], where: str
) -> None:
    answer = desk.add(status=422, **changes)
    assert answer["errors"][0]["where"] == where
    assert answer["errors"][0]["mend"]["zh"]
    assert not any(word in desk.seen[-1] for word in (CANARY, PHONE, ID_NUMBER, "阿芳"))


def test_the_same_person_is_added_to_a_case_once_in_a_role(desk: Desk) -> None:
    desk.add()
    assert "已是本案当事人" in desk.add(status=409, name="别名")["detail"]
    desk.add(side="other", role="witness")
    desk.add(SECOND)
    desk.add(name="张三", identity_number=None)
    desk.add(status=409, name="张 三", phone="+86 138 0000 5678", identity_number=None)


def test_an_answer_is_the_same_in_every_spelling_of_the_same_party(
    desk: Desk, keyring: Keyring
) -> None:
    first = desk.add()
    second = desk.add(
        SECOND, name=" 金丝雀 阿芳", phone="+86 138-0000-5678", identity_number=ID_NUMBER.lower()
    )
    assert second["fields"] == first["fields"]
    assert len(keyring.keys) == 1


def test_a_body_is_never_needed_in_the_url(desk: Desk) -> None:
    desk.add()
    desk.get("/v1/parties/search?name=x", 405)
    assert a_party()["name"] == CANARY
