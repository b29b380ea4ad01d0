"""Grading over HTTP: by one person, against the form, by two people, and what is told of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.cases.domain import Grade
from api.cases.models import Case
from api.cases.service import find_case
from api.clocks.domain import Card
from api.rights.roles import Role
from api.risk import service
from api.risk.domain import DEFAULT, content_of
from gis.database import Database
from tests.api.conftest import NOW, Filer, SetClock, a_report
from tests.api.life.conftest import People

pytestmark = pytest.mark.database

SUICIDE = {"signs": ["suicide"]}
NOTHING: dict[str, Any] = {"signs": []}


@pytest.fixture
def people(client: TestClient, district: Database, clock: SetClock) -> People:
    return People(client, district, clock)


@pytest.fixture
def number(file: Filer) -> str:
    found: str = file().json()["case_number"]
    return found


def ask(client: TestClient, number: str, deed: str = "", **body: Any) -> Any:
    return client.post(f"/v1/cases/{number}/grading{deed}", json=body)


def grade_of(database: Database, number: str) -> tuple[str | None, str | None]:
    with database.transaction() as session:
        case = find_case(session, number)
        return case.grade, case.tier


def told(database: Database, number: str, topic: str = "case.graded") -> list[Any]:
    query = """SELECT content FROM outbox_event JOIN case_file ON case_file.id::text = subject
    WHERE topic = :topic AND number = :number ORDER BY outbox_event.id"""
    with database.transaction() as session:
        return list(session.scalars(text(query), {"topic": topic, "number": number}))


def lines(people: People, number: str) -> list[str]:
    items = people(Role.ASSESSOR).get(f"/v1/cases/{number}/timeline").json()["items"]
    return [each["said"]["zh"] for each in items if each["happening"].startswith("grade")]


def test_a_persons_answers_give_grade_level_reasons_history_and_an_event(
    people: People, number: str, district: Database
) -> None:
    body = {"measures": {"amount_yuan": 600_000}, "signs": ["collective", "unpaid_workers"]}
    answer = ask(people(Role.ASSESSOR), number, **body, reason="已电话核实")
    assert answer.status_code == 200, answer.text
    grading, by_house = answer.json()["items"]
    assert by_house["system"]
    assert (grading["points"], grading["given"], grading["standing"]) == (55, "orange", "valid")
    points = {each["factor"]: each["points"] for each in grading["reasons"]}
    assert points == {
        "collective": 15,
        "unpaid_workers": 15,
        "people": 10,
        "amount_yuan": 10,
        "category": 5,
    }
    assert "“拖欠工资”" in grading["reasons"][1]["said"]["zh"]
    assert grade_of(district, number) == ("orange", "street")
    assert told(district, number) == [
        {
            "number": number,
            "before": "yellow",
            "after": "orange",
            "grade": "orange",
            "tier": "street",
            "watched": True,
        }
    ]
    assert lines(people, number)[1:] == ["风险等级 黄色 → 橙色（55 分）已电话核实"]


def test_a_preview_keeps_nothing(people: People, number: str, district: Database) -> None:
    answer = ask(people(Role.ASSESSOR), number, "/preview", **SUICIDE)
    assert (answer.json()["grade"], answer.json()["points"]) == ("red", 55)
    assert grade_of(district, number) == ("yellow", "street")


def test_the_words_that_were_found_are_marked_in_the_text(people: People, file: Filer) -> None:
    report = a_report(title="😀讨薪", text="没有堵路，扬言跳楼")
    number = file(report).json()["case_number"]
    answer = people(Role.ASSESSOR).get(f"/v1/cases/{number}/grading").json()
    found = [(answer["text"][e["start"] : e["end"]], e["denied"]) for e in answer["found"]]
    assert found == [("讨薪", False), ("堵路", True), ("跳楼", False)]
    assert set(answer["suggested"]["signs"]) == {"unpaid_workers", "suicide"}


def test_nobody_alone_takes_a_case_out_of_red(
    people: People, number: str, district: Database
) -> None:
    assert ask(people(Role.ASSESSOR), number, **SUICIDE).status_code == 200
    assert grade_of(district, number) == ("red", "district")
    answer = ask(people(Role.ASSESSOR), number, **NOTHING)
    assert answer.json()["items"][0]["standing"] == "pending"
    assert grade_of(district, number) == ("red", "district")
    own = ask(people(Role.ASSESSOR), number, "/confirm", agreed=True)
    assert own.status_code == 409
    done = ask(people(Role.DISPATCHER), number, "/confirm", agreed=True)
    assert done.json()["items"][0]["standing"] == "valid"
    assert grade_of(district, number) == ("blue", "community")
    assert ask(people(Role.DISPATCHER), number, "/confirm", agreed=True).status_code == 409


def test_an_override_to_red_waits_and_one_that_is_declined_changes_nothing(
    people: People, number: str, district: Database
) -> None:
    ask(people(Role.ASSESSOR), number, **NOTHING)
    answer = ask(people(Role.ASSESSOR), number, "/override", grade="red", reason="情绪非常激动")
    assert answer.json()["items"][0]["standing"] == "pending"
    without = ask(people(Role.LEADER, unit="street:210104001000"), number, "/confirm", agreed=False)
    assert without.status_code == 422
    body = {"agreed": False, "reason": "已见面，情绪平稳"}
    answer = ask(people(Role.DISPATCHER), number, "/confirm", **body)
    assert answer.json()["items"][0]["standing"] == "declined"
    assert grade_of(district, number)[0] == "blue"
    assert len(told(district, number)) == 1
    assert lines(people, number)[2:] == [
        "提议风险等级 蓝色 → 红色，待第二人复核 情绪非常激动",
        "复核不同意风险等级 蓝色 → 红色 已见面，情绪平稳",
    ]


def test_an_override_between_other_grades_counts_at_once_and_needs_a_reason(
    people: People, number: str, district: Database
) -> None:
    ask(people(Role.ASSESSOR), number, **NOTHING)
    assert ask(people(Role.ASSESSOR), number, "/override", grade="orange").status_code == 422
    blank = ask(people(Role.ASSESSOR), number, "/override", grade="orange", reason="  ")
    assert blank.status_code == 422
    answer = ask(people(Role.ASSESSOR), number, "/override", grade="orange", reason="重点时期")
    latest = answer.json()["items"][0]
    assert (latest["grade"], latest["given"], latest["overridden"]) == ("blue", "orange", True)
    assert grade_of(district, number) == ("orange", "street")
    again = ask(people(Role.ASSESSOR), number, "/override", grade="orange", reason="重点时期")
    assert again.status_code == 409


def test_a_newer_grading_takes_the_place_of_one_that_waits(people: People, number: str) -> None:
    ask(people(Role.ASSESSOR), number, **SUICIDE)
    ask(people(Role.ASSESSOR), number, **NOTHING)
    answer = ask(people(Role.ASSESSOR), number, **SUICIDE)
    standing = [each["standing"] for each in answer.json()["items"]]
    assert standing == ["valid", "replaced", "valid", "valid"]


def test_the_audit_says_who_graded_what_and_how(people: People, number: str) -> None:
    ask(people(Role.ASSESSOR), number, **NOTHING)
    items = people(Role.AUDIT_ADMIN).get("/v1/audit", params={"deed": "case_graded"}).json()
    (entry,) = items["items"]
    after = {"before": "yellow", "after": "blue", "standing": "valid", "points": 15}
    assert (entry["subject"], entry["content"]) == (f"case:{number}", after)


def test_the_queue_shows_the_most_dangerous_first_and_then_the_oldest(
    people: People, file: Filer, district: Database
) -> None:
    numbers = [file().json()["case_number"] for _ in range(4)]
    with district.transaction() as session:
        session.execute(
            text("UPDATE case_file SET grade = 'red', tier = 'district' WHERE number = :number"),
            {"number": numbers[2]},
        )
    ask(people(Role.ASSESSOR), numbers[1], **NOTHING)
    ask(people(Role.ASSESSOR), numbers[3], "/override", grade="red", reason="扬言报复邻居")
    queue = people(Role.ASSESSOR).get("/v1/risk/queue").json()
    assert queue["total"] == 2
    assert [each["number"] for each in queue["to_assess"]] == [numbers[2], numbers[0]]
    (waiting,) = queue["to_confirm"]
    assert (waiting["number"], waiting["grading"]["given"]) == (numbers[3], "red")
    assert waiting["grading"]["mine"]


# The form.


def a_form(**changes: Any) -> dict[str, Any]:
    return content_of(DEFAULT) | {"version": 0, "reason": "春节前欠薪从严"} | changes


def test_a_changed_form_holds_from_now_on_and_cases_keep_theirs(
    people: People, number: str, file: Filer
) -> None:
    ask(people(Role.ASSESSOR), number, **NOTHING)
    client = people(Role.DISPATCHER)
    assert client.get("/v1/risk/form").json()["default"]
    thresholds = {"red": 30, "orange": 20, "yellow": 10}
    answer = client.put("/v1/risk/form", json=a_form(thresholds=thresholds))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["version"], answer.json()["default"]) == (1, False)
    assert answer.json()["versions"][0]["reason"] == "春节前欠薪从严"
    assert client.put("/v1/risk/form", json=a_form()).status_code == 409
    other = file().json()["case_number"]
    new = ask(people(Role.ASSESSOR), other, **NOTHING).json()["items"][0]
    assert (new["given"], new["form_version"]) == ("yellow", 1)
    old = people(Role.ASSESSOR).get(f"/v1/cases/{number}/grading").json()["items"]
    assert [(each["given"], each["form_version"]) for each in old] == [("blue", 0), ("yellow", 0)]


def test_a_form_that_grades_nothing_sensibly_says_where(people: People) -> None:
    body = a_form(thresholds={"red": 10, "orange": 20, "yellow": 30})
    answer = people(Role.DISPATCHER).put("/v1/risk/form", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "thresholds"


# By the house.


def test_the_house_grades_at_intake_and_a_persons_assessment_takes_its_place(
    people: People, file: Filer, district: Database
) -> None:
    number = file(a_report(text="讨薪，集体堵路", people_involved=1)).json()["case_number"]
    queue = people(Role.ASSESSOR).get("/v1/risk/queue").json()
    assert queue["to_assess"][0]["grading"]["system"]
    assert grade_of(district, number) == ("orange", "street")
    ask(people(Role.ASSESSOR), number, **NOTHING)
    assert grade_of(district, number) == ("blue", "community")
    assert lines(people, number)[0] == "风险等级 — → 橙色（50 分）"
    assert people(Role.ASSESSOR).get("/v1/risk/queue").json()["total"] == 0


# Calibration.


def cases_of(database: Database, grade: Grade, many: int, *, begin: int) -> list[UUID]:
    """Cases that the house gave a grade."""
    ids = []
    for place in range(many):
        with database.transaction() as session:
            words = {"n": f"CA-2026-{begin + place:06d}", "grade": grade.value, "at": NOW}
            report = session.scalar(text(REPORT), words)
            words |= {"report": report}
            ids.append(session.scalar(text(CASE), words))
            session.execute(text(GRADING), words | {"case": ids[-1]})
    return ids


REPORT = """INSERT INTO report (id, kind, category, text, occurred_at, received_at, source,
people_involved, synthetic, raw_place, method, routed_on, street_code)
VALUES (gen_random_uuid(), 'dispute', 'labour', '', :at, :at, 'window', 1, true, '{}', 'none',
'2026-11-23', '210104001000') RETURNING id"""
CASE = """INSERT INTO case_file (id, number, report_id, state, grade, opened_at)
VALUES (gen_random_uuid(), :n, :report, 'handling', :grade, :at) RETURNING id"""
GRADING = """INSERT INTO grading (case_id, actor, form_version, factors, points, grade, reasons)
VALUES (:case, 'system', 0, '{"signs": {}}', 0, :grade, '[]')"""
LATER = """INSERT INTO grading (case_id, by, actor, form_version, factors, points, grade, reasons)
VALUES (:case, :by, '某', 0, CAST(:factors AS jsonb), 0, :grade, '[]')"""
CARD = """WITH ticking AS (
    INSERT INTO clock (case_id, kind, amount, unit, started_at, remind_at, due_at, red_at)
    VALUES (:case, 'feedback', 1, 'minutes', :at, :at, :at, :at) RETURNING id)
INSERT INTO card (clock_id, case_id, card, tier, due_at, at)
SELECT id, :case, :card, 'street', :at, :at FROM ticking"""
STEP = """INSERT INTO case_event (case_id, happening, actor, content)
VALUES (:case, 'stepped', '某', jsonb_build_object('code', CAST(:code AS text)))"""


def test_calibration_counts_what_became_of_the_first_grade(
    people: People, district: Database
) -> None:
    people(Role.ASSESSOR)
    by = people.ids[Role.ASSESSOR]
    red = cases_of(district, Grade.RED, 10, begin=100)
    yellow = cases_of(district, Grade.YELLOW, 8, begin=200)
    cases_of(district, Grade.BLUE, 3, begin=300)
    with district.transaction() as session:
        alone, group = '{"signs": {}}', '{"signs": {"collective": []}}'
        for case, statement, words in (
            (red[0], CARD, {"card": Card.YELLOW}),
            (red[1], CARD, {"card": Card.RED}),
            (red[2], STEP, {"code": "move"}),
            (red[3], STEP, {"code": "reopen"}),
            (red[4], LATER, {"factors": alone, "grade": "red"}),
            (red[4], LATER, {"factors": group, "grade": "red"}),
            (red[5], CARD, {"card": Card.REMINDER}),
            (red[6], STEP, {"code": "settle"}),
            *((case, LATER, {"factors": alone, "grade": "yellow"}) for case in yellow[:5]),
            (yellow[0], LATER, {"factors": alone, "grade": "orange"}),
            (yellow[1], LATER, {"factors": alone, "grade": "blue"}),
        ):
            session.execute(text(statement), words | {"case": case, "at": NOW, "by": by})
    found = calibrated(people)
    rows = {each.pop("grade"): each for each in found["by_grade"]}
    assert rows["red"]["cases"] == 10
    assert rows["red"]["escalated"] == 5
    share = {name: round(value, 4) for name, value in rows["red"]["share"].items()}
    assert share == {"value": 0.5, "low": 0.2366, "high": 0.7634}  # Newcombe's method 3
    assert rows["yellow"] == {"cases": 8, "escalated": None, "share": None, "overridden": 0}
    assert rows["blue"] == dict.fromkeys(("cases", "escalated", "share", "overridden"))
    assert rows["orange"]["cases"] == 0
    pairs = {(each["system"], each["person"]): each["cases"] for each in found["confusion"]}
    assert pairs == {("yellow", "yellow"): 5, ("red", "red"): None}


def calibrated(people: People, **changes: str) -> Any:
    asked = {"from": "2026-11-23", "to": "2026-11-23"} | changes
    answer = people(Role.ASSESSOR).get("/v1/risk/calibration", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_calibration_takes_whole_days_of_beijing_and_refuses_none(
    people: People, district: Database
) -> None:
    cases_of(district, Grade.RED, 5, begin=400)
    with district.transaction() as session:
        late = NOW.replace(hour=15, minute=59) - timedelta(days=0)
        session.execute(text("UPDATE case_file SET opened_at = :at"), {"at": late})
    assert calibrated(people)["by_grade"][0]["cases"] == 5
    with district.transaction() as session:
        session.execute(text("UPDATE case_file SET opened_at = :at"), {"at": late.replace(hour=16)})
    assert calibrated(people)["by_grade"][0]["cases"] == 0
    assert calibrated(people, to="2026-11-24")["by_grade"][0]["cases"] == 5
    asked = {"from": "2026-11-24", "to": "2026-11-22"}
    answer = people(Role.ASSESSOR).get("/v1/risk/calibration", params=asked)
    assert answer.status_code == 422


def test_the_database_keeps_no_second_person_who_is_the_first(
    people: People, number: str, district: Database
) -> None:
    ask(people(Role.ASSESSOR), number, **NOTHING)
    with pytest.raises(Exception, match="two_people"), district.transaction() as session:
        session.execute(
            text("UPDATE grading SET second_by = by, second_at = now() WHERE by IS NOT NULL")
        )


def test_a_case_has_the_grade_of_its_latest_valid_grading(
    people: People, number: str, district: Database
) -> None:
    for body in (NOTHING, SUICIDE, NOTHING, SUICIDE):
        ask(people(Role.ASSESSOR), number, **body)
        with district.transaction() as session:
            case = session.get_one(Case, find_case(session, number).id)
            latest = service.current(session, case.id)
            assert latest is not None
            assert case.grade == latest.given
