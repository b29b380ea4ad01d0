"""Right of access: all that is held on one person, but nothing that gives a reporter away."""

from typing import Any

import pytest
from sqlalchemy import text

from gis.database import Database
from tests.api.parties.conftest import CANARY, FIRST, NOW, PHONE, Desk

REASON = "当事人本人申请查阅"
REPORTER = {"side": "other", "role": "reporter"}
NOTHING = dict.fromkeys(("name", "phone", "identity_number", "address"))

WORKED_ON = (
    "INSERT INTO unit (code, name, kind) VALUES ('street:1', '东塔街道办事处', 'street')",
    """INSERT INTO assignment
    (case_id, kind, role, unit_code, unit_name, confidence, reason_zh, reason_en, actor)
    SELECT id, 'street', 'lead', 'street:1', '东塔街道办事处', 'certain', '李主任说', '', '李主任'
    FROM case_file WHERE number = :number""",
    """INSERT INTO case_event (case_id, happening, actor, content, at)
    SELECT id, 'confirmed', '李主任', '{"reason": "李主任说"}', :at
    FROM case_file WHERE number = :number""",
    "UPDATE report SET title = '讨薪', raw_place = '{\"address\": \"东塔街12号\"}'",
)


@pytest.fixture
def worked_on(house: Database) -> None:
    with house.transaction() as session:
        for statement in WORKED_ON:
            session.execute(text(statement), {"number": FIRST, "at": NOW})


def exported(desk: Desk, party: str) -> Any:
    (item,) = desk.post(f"/v1/parties/{party}/export", reason=REASON)["items"]
    return item


@pytest.mark.usefixtures("worked_on")
def test_an_export_tells_the_case_with_units_and_times_but_not_who_worked_on_it(
    desk: Desk,
) -> None:
    item = exported(desk, desk.add()["id"])
    assert item["fields"]["name"] == CANARY
    assert item["fields"]["phone"] == PHONE
    case = item["case"]
    told = {name: case[name] for name in ("title", "text", "address", "category", "withheld")}
    assert told == {
        "title": "讨薪",
        "text": "拖欠工资",
        "address": "东塔街12号",
        "category": "labour",
        "withheld": False,
    }
    assert [each["name"] for each in case["units"]] == ["东塔街道办事处"]
    assert [each["happening"] for each in case["history"]] == ["confirmed"]
    assert "李主任" not in str(item)


@pytest.mark.usefixtures("worked_on")
@pytest.mark.parametrize("hidden", ["protected", "anonymous"])
def test_words_are_withheld_where_somebody_else_reported_in_hiding(desk: Desk, hidden: str) -> None:
    reporter = {"name": "李四", "phone": "13900001111", "identity_number": None}
    desk.add(**{hidden: True}, **REPORTER, **(reporter if hidden == "protected" else NOTHING))
    case = exported(desk, desk.add()["id"])["case"]
    assert case["withheld"]
    assert [case[name] for name in ("title", "text", "address")] == [None] * 3
    assert case["category"] == "labour"


@pytest.mark.usefixtures("worked_on")
def test_a_protected_reporter_gets_the_own_words(desk: Desk) -> None:
    item = exported(desk, desk.add(protected=True, **REPORTER)["id"])
    assert item["case"]["text"] == "拖欠工资"
    assert item["fields"]["name"] == CANARY
