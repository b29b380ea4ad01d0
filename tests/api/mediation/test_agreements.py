"""Measures, agreements with their ledger, and tasks, over HTTP."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from api.mediation.domain import Due, Standing, standing
from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import SetClock
from tests.api.life.conftest import LEAD, People, number, people
from tests.api.people import enter

pytestmark = pytest.mark.database

__all__ = ["number", "people"]

IN_TWO = [
    {"due_on": "2026-12-24", "amount": "150000.00"},
    {"due_on": "2027-01-24", "amount": "150000.50"},
]
TERMS = {
    "form": "written",
    "words": "企业分两期付清拖欠的运费",
    "agreed_on": "2026-11-23",
    "amount": "300000.50",
    "instalments": IN_TWO,
}


@pytest.fixture
def handled(number: str, district: Database) -> str:
    """A case that its lead unit has signed for."""
    with district.transaction() as session:
        words = {"number": number}
        session.execute(
            text("UPDATE case_file SET state = 'handling' WHERE number = :number"), words
        )
    return number


def agree(people: People, number: str, **changes: Any) -> Any:
    leader = people(Role.LEADER, unit=LEAD)
    return leader.post(f"/v1/cases/{number}/agreement", json=TERMS | changes)


def test_an_agreement_moves_the_case_and_keeps_its_instalments(
    people: People, handled: str
) -> None:
    made = agree(people, handled).json()
    assert [each["standing"] for each in made["instalments"]] == ["due", "due"]
    shown = people(Role.DISPATCHER).get(f"/v1/cases/{handled}/mediation").json()
    assert shown["agreement"] == made
    steps = people(Role.DISPATCHER).get(f"/v1/cases/{handled}/steps").json()
    assert steps["state_code"] == "agreed"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "300000.00"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"instalments": IN_TWO[::-1]}, "instalments.1.due_on"),
        ({"agreed_on": "2027-01-01"}, "instalments.0.due_on"),
        ({"form": "email"}, "form"),
        ({"words": " "}, "words"),
    ],
)
def test_what_does_not_add_up_is_refused_by_field_and_nothing_is_kept(
    people: People, handled: str, changes: dict[str, Any], field: str
) -> None:
    refused = agree(people, handled, **changes)
    assert refused.status_code == 422
    assert field in [fault["where"] for fault in refused.json()["errors"]]
    assert people(Role.DISPATCHER).get(f"/v1/cases/{handled}/mediation").json()["agreement"] is None


def test_there_is_no_agreement_on_a_case_that_nobody_handles(people: People, number: str) -> None:
    assert agree(people, number).status_code == 409


def test_payments_fill_an_instalment_and_no_more(
    people: People, handled: str, clock: SetClock
) -> None:
    agree(people, handled)
    worker = people(Role.GRID_WORKER)

    def pay(amount: str, position: int = 1) -> Any:
        body = {"position": position, "amount": amount, "paid_on": "2026-12-01"}
        return worker.post(f"/v1/cases/{handled}/payments", json=body)

    assert pay("50000").json()["instalments"][0]["standing"] == "partial"
    too_much = pay("100000.01")
    assert too_much.json()["errors"][0]["where"] == "amount"
    assert "100000.00" in too_much.json()["detail"]
    assert pay("100000.00").json()["instalments"][0]["standing"] == "paid"
    assert pay("1", position=3).status_code == 404
    clock.now += timedelta(days=70)
    shown = worker.get(f"/v1/cases/{handled}/mediation").json()["agreement"]["instalments"]
    assert [each["standing"] for each in shown] == ["paid", "overdue"]


@pytest.mark.parametrize(
    ("paid", "today", "expected"),
    [
        ("0", date(2026, 12, 24), Standing.DUE),
        ("0", date(2026, 12, 25), Standing.OVERDUE),
        ("1", date(2026, 12, 24), Standing.PARTIAL),
        ("99.99", date(2026, 12, 25), Standing.OVERDUE),
        ("100", date(2027, 12, 25), Standing.PAID),
    ],
)
def test_an_instalment_is_overdue_from_the_day_after_its_day(
    paid: str, today: date, expected: Standing
) -> None:
    assert standing(Due(date(2026, 12, 24), Decimal(100)), Decimal(paid), today) is expected


def test_a_measure_is_told_in_the_history_and_stays_out_of_events_and_audit(
    people: People, handled: str, district: Database
) -> None:
    body = {"kind": "statute_explained", "words": "释明《保障中小企业款项支付条例》"}
    mediator = people(Role.LEADER, unit=LEAD)
    assert mediator.post(f"/v1/cases/{handled}/measures", json=body).status_code == 201
    line = mediator.get(f"/v1/cases/{handled}/timeline").json()["items"][-1]
    assert line["said"]["zh"] == "法律释明：释明《保障中小企业款项支付条例》"
    with district.transaction() as session:
        kept = "SELECT string_agg(content::text, '') FROM {}"
        for table in ("outbox_event", "audit_entry"):
            assert "释明" not in (session.scalar(text(kept.format(table))) or "")


def task(people: People, number: str, **for_whom: Any) -> int:
    body = {"kind": "ledger", "words": "到期前核对支付", "due_on": "2026-12-23"} | for_whom
    made = people(Role.LEADER, unit=LEAD).post(f"/v1/cases/{number}/tasks", json=body)
    found: int = made.json()["id"]
    return found


def test_a_task_is_done_by_whom_it_is_for_and_once(people: People, handled: str) -> None:
    people(Role.GRID_WORKER)
    task_id = task(people, handled, for_person=str(people.ids[Role.GRID_WORKER]))
    done = f"/v1/tasks/{task_id}/done"
    clerk = people(Role.CLERK)
    assert clerk.get("/v1/tasks").json()["items"] == []
    assert clerk.post(done, json={"result": "好"}).status_code == 404
    worker = people(Role.GRID_WORKER)
    (mine,) = worker.get("/v1/tasks").json()["items"]
    assert (mine["case_number"], mine["title"]["zh"]) == (handled, "跟踪台账")
    assert worker.post(done, json={"result": "首期已到账"}).status_code == 204
    assert worker.post(done, json={"result": "再来"}).status_code == 409
    assert worker.get("/v1/tasks").json()["items"] == []
    (told,) = worker.get(f"/v1/cases/{handled}/mediation").json()["tasks"]
    assert told["result"] == "首期已到账"


def test_a_task_can_be_given_to_the_grid_workers_of_the_place_and_to_no_others(
    people: People, handled: str, district: Database, clock: SetClock
) -> None:
    here = enter(district, Role.GRID_WORKER, now=clock(), area="210104001", name="本街网格员")
    enter(district, Role.GRID_WORKER, now=clock(), area="210104002")
    enter(district, Role.CLERK, now=clock(), area="210104001")
    leader = people(Role.LEADER, unit=LEAD)
    found = leader.get(f"/v1/cases/{handled}/grid-workers").json()["items"]
    assert found == [{"id": str(here.person_id), "name": "本街网格员"}]


def test_a_task_of_a_unit_is_anybodys_of_that_unit_even_without_reach_to_the_case(
    people: People, handled: str
) -> None:
    task_id = task(people, handled, for_unit="police:P-2")
    other = people(Role.HANDLER, unit="police:P-2")
    assert other.get(f"/v1/cases/{handled}").status_code == 404
    (mine,) = other.get("/v1/tasks").json()["items"]
    assert mine["id"] == task_id
    assert other.post(f"/v1/tasks/{task_id}/done", json={"result": "已核"}).status_code == 204


def test_a_task_is_for_one_person_or_one_unit(people: People, handled: str) -> None:
    body = {"kind": "visit", "words": "走访", "due_on": "2026-12-01"}
    refused = people(Role.LEADER, unit=LEAD).post(f"/v1/cases/{handled}/tasks", json=body)
    assert refused.status_code == 422
