"""Rules over HTTP: checked, kept as drafts, put in force by somebody else, and what they do."""

from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.rights.roles import Role
from api.rules.domain import BY_PLACE
from gis.database import Database
from tests.api.conftest import Filer, SetClock, a_report
from tests.api.district import NEAR_STREET_LINE
from tests.api.life.conftest import LEAD, People
from tests.api.people import enter, show_session

pytestmark = pytest.mark.database

HELPER = "street:210104002000"
"""A unit of another place, called in by a rule."""
FALLBACK = {"code": "default", "title": "属地办理", "when": {}, "then": {}}
LABOUR = {
    "code": "arrears",
    "title": "欠薪",
    "when": {"categories": ["labour"]},
    "then": {
        "lead": HELPER,
        "tier": "district",
        "limits": {"feedback": {"amount": 90, "unit": "minutes"}},
    },
}


@pytest.fixture
def people(client: TestClient, district: Database, clock: SetClock) -> People:
    return People(client, district, clock)


@pytest.fixture
def second(client: TestClient, district: Database, clock: SetClock) -> Any:
    """The client as another dispatcher."""

    def ask() -> TestClient:
        entered = enter(district, Role.DISPATCHER, now=clock(), name="另一调度员")
        show_session(client, entered.token)
        return client

    return ask


def save(people: People, *rules: dict[str, Any]) -> Any:
    body = {"rules": rules, "reason": "试行"}
    return people(Role.DISPATCHER).post("/v1/rules", json=body)


def put_in_force(people: People, second: Any, *rules: dict[str, Any]) -> int:
    """Save as one dispatcher, activate as another; the version."""
    answer = save(people, *rules)
    assert answer.status_code == 201, answer.text
    version: int = answer.json()["versions"][0]["id"]
    done = second().post(f"/v1/rules/{version}/activation", json={"reason": "同意"})
    assert done.status_code == 200, done.text
    assert done.json()["version"] == version
    return version


def units(people: People, number: str) -> dict[str, str]:
    items = people(Role.DISPATCHER).get(f"/v1/cases/{number}/assignments").json()["items"]
    return {each["unit_code"]: each["role"] for each in items}


def feedback(people: People, number: str) -> set[str]:
    """The limits within which units have to deliver."""
    clocks = people(Role.ASSESSOR).get(f"/v1/cases/{number}/clocks").json()["items"]
    return {each["limit"]["zh"] for each in clocks if each["kind"] == "feedback"}


def filed(people: People, file: Filer, **changes: Any) -> str:
    people(Role.CLERK)
    found: str = file(a_report(**changes)).json()["case_number"]
    return found


def test_without_rules_the_street_office_leads(people: People, file: Filer) -> None:
    shown = people(Role.CLERK).get("/v1/rules").json()
    assert (shown["version"], [each["code"] for each in shown["rules"]]) == (0, ["default"])
    number = filed(people, file)
    assert units(people, number)[LEAD] == "lead"
    ruling = people(Role.CLERK).get(f"/v1/cases/{number}").json()["ruling"]
    assert ruling == BY_PLACE.content()


def test_a_rule_in_force_calls_its_units_sets_lead_level_and_limits(
    people: People, second: Any, file: Filer
) -> None:
    version = put_in_force(people, second, LABOUR, FALLBACK)
    number = filed(people, file)
    sent = units(people, number)
    assert sent[HELPER] == "lead"
    assert (sent[LEAD], len(sent)) == ("assist", 4), "the three of the place are sent as well"
    case = people(Role.DISPATCHER).get(f"/v1/cases/{number}").json()
    assert (case["ruling"]["rule"], case["ruling"]["version"]) == ("arrears", version)
    assert people(Role.ASSESSOR).get(f"/v1/cases/{number}/grading").json()["tier"] == "district"
    assert feedback(people, number) == {"90 分钟"}
    other = filed(people, file, category="neighbour")
    assert HELPER not in units(people, other)


def test_another_grade_leaves_the_limit_of_a_rule_alone(
    people: People, second: Any, file: Filer
) -> None:
    put_in_force(people, second, LABOUR, FALLBACK)
    number = filed(people, file)
    people(Role.ASSESSOR).post(f"/v1/cases/{number}/grading", json={"signs": ["suicide"]})
    assert feedback(people, number) == {"90 分钟"}


def test_what_is_in_doubt_is_asked_in_the_role_that_the_rule_gives(
    people: People, second: Any, file: Filer
) -> None:
    police = {**LABOUR, "then": {"lead": "police"}}
    put_in_force(people, second, police, FALLBACK)
    lon, lat = NEAR_STREET_LINE
    number = filed(people, file, place={"lon": lon, "lat": lat, "datum": "wgs84"})
    sent = units(people, number)
    assert [role for code, role in sent.items() if code.startswith("police")] == ["lead"]
    client = people(Role.DISPATCHER)
    (held,) = client.get("/v1/placements").json()["items"]
    unit = held["open"][0]["candidates"][0]["unit_code"]
    body = {"choices": [{"kind": "street", "unit_code": unit}], "reason": "现场核实"}
    assert client.post(f"/v1/placements/{held['id']}/confirm", json=body).status_code == 204
    assert units(people, number)[unit] == "assist"


def test_the_author_does_not_put_their_own_draft_in_force(people: People) -> None:
    version = save(people, LABOUR, FALLBACK).json()["versions"][0]["id"]
    own = people(Role.DISPATCHER).post(
        f"/v1/rules/{version}/activation", json={"reason": "我自己来"}
    )
    assert own.status_code == 409
    assert people(Role.CLERK).get("/v1/rules").json()["version"] == 0


def test_a_version_holds_once_and_is_superseded_by_the_next(people: People, second: Any) -> None:
    first = put_in_force(people, second, LABOUR, FALLBACK)
    latest = put_in_force(people, second, FALLBACK)
    shown = people(Role.CLERK).get("/v1/rules").json()
    by_id = {each["id"]: each for each in shown["versions"]}
    assert shown["version"] == latest
    assert by_id[first]["superseded_at"] is not None
    again = second().post(f"/v1/rules/{first}/activation", json={"reason": "再来"})
    assert again.status_code == 409
    none = second().post("/v1/rules/999/activation", json={"reason": "没有"})
    assert none.status_code == 404


def test_what_is_not_sound_is_refused_with_every_fault_and_nothing_is_kept(people: People) -> None:
    wrong = {**LABOUR, "then": {"lead": "dept:none"}}
    answer = save(people, wrong, {**FALLBACK, "when": {"people_from": 5}})
    assert answer.status_code == 422
    where = [each["where"] for each in answer.json()["errors"]]
    assert where == ["rules.0.then.lead", "rules.1.when"]
    checked = people(Role.DISPATCHER).post("/v1/rules/check", json={"rules": [wrong, FALLBACK]})
    assert checked.status_code == 422
    assert people(Role.CLERK).get("/v1/rules").json()["versions"] == []


def test_a_saved_version_is_never_changed(people: People, second: Any, district: Database) -> None:
    put_in_force(people, second, LABOUR, FALLBACK)
    with pytest.raises(Exception, match="history"), district.transaction() as session:
        session.execute(text("UPDATE routing_rules SET rules = '[{}]'"))


def test_the_audit_says_who_made_rules_and_who_put_them_in_force(
    people: People, second: Any
) -> None:
    version = put_in_force(people, second, LABOUR, FALLBACK)
    client = people(Role.AUDIT_ADMIN)
    for deed, name in (("rules_saved", "某dispatcher"), ("rules_activated", "另一调度员")):
        (entry,) = client.get("/v1/audit", params={"deed": deed}).json()["items"]
        assert (entry["subject"], entry["actor_name"]) == (f"rules:{version}", name)
