"""The queue: each open case once, where its next running clock puts it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.cases.domain import ClockKind
from api.cases.service import find_case
from api.clocks.service import instant, pause, stop
from api.queue.domain import MOST_COUNTED
from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import Filer, SetClock, a_report
from tests.api.district import NEAR_STREET_LINE
from tests.api.life.conftest import LEAD, People

pytestmark = pytest.mark.database


@pytest.fixture
def people(client: TestClient, district: Database, clock: SetClock) -> People:
    return People(client, district, clock)


def queue(people: People, **words: Any) -> Any:
    answer = people(Role.DISPATCHER).get("/v1/queue", params=words)
    assert answer.status_code == 200, answer.text
    return answer.json()


def numbers(found: Any) -> list[str]:
    return [each["case_number"] for each in found["items"]]


def cases(file: Filer, many: int) -> list[str]:
    return [file().json()["case_number"] for _ in range(many)]


def due_in(database: Database, number: str, minutes: float) -> None:
    """Let the earliest clock of a case be due so many minutes from now, and the others later."""
    statement = """UPDATE clock SET due_at = now() + make_interval(secs => 60 * :minutes
        + CASE WHEN id = (SELECT min(id) FROM clock AS own WHERE own.case_id = clock.case_id)
        THEN 0 ELSE 600 END) WHERE case_id = (SELECT id FROM case_file WHERE number = :number)"""
    with database.transaction() as session:
        session.execute(text(statement), {"number": number, "minutes": minutes})


def test_each_case_stands_once_where_its_next_clock_puts_it(
    people: People, file: Filer, district: Database
) -> None:
    later, late, soon = cases(file, 3)
    for number, minutes in ((later, 300), (late, -5), (soon, 20)):
        due_in(district, number, minutes)
    found = queue(people)
    assert numbers(found) == [late, soon, later]
    assert [each["due"]["late"] for each in found["items"]] == [True, False, False]
    assert found["items"][0]["lead"]["unit_code"] == LEAD
    assert found["items"][0]["lead"]["stage"] == "offered"


def test_pages_follow_each_other_without_gap_or_repetition(
    people: People, file: Filer, district: Database
) -> None:
    for place, number in enumerate(filed := cases(file, 5)):
        due_in(district, number, 60 * place)
    seen, after = list[str](), None
    while True:
        found = queue(people, limit=2, **({"after": after} if after else {}))
        seen += numbers(found)
        if (after := found["next"]) is None:
            break
    assert seen == filed


def test_clocks_that_stand_still_or_have_ended_put_no_case_into_the_queue(
    people: People, file: Filer, district: Database
) -> None:
    suspended, done, running = cases(file, 3)
    with district.transaction() as session:
        pause(session, find_case(session, suspended).id, instant(session))
        stop(session, [find_case(session, done).id], tuple(ClockKind), instant(session))
    assert numbers(queue(people)) == [running]


def test_parts_are_what_nobody_has_what_is_late_and_what_is_mine(
    people: People, file: Filer, district: Database
) -> None:
    lon, lat = NEAR_STREET_LINE
    held = file(a_report(place={"lon": lon, "lat": lat, "datum": "wgs84"})).json()["case_number"]
    late, mine = cases(file, 2)
    due_in(district, late, -1)
    assert people(Role.DISPATCHER).post(f"/v1/cases/{mine}/claim").status_code == 204
    assert numbers(queue(people, part="undispatched")) == [held]
    assert numbers(queue(people, part="late")) == [late]
    found = queue(people, part="mine")
    assert numbers(found) == [mine]
    assert found["items"][0]["claim"]["mine"]
    assert found["items"][0]["claim"]["name"] == "某dispatcher"
    assert found["counts"] == {"undispatched": 1, "late": 1, "mine": 1}


def test_a_claim_that_lapsed_is_nobodys(people: People, file: Filer, district: Database) -> None:
    (number,) = cases(file, 1)
    people(Role.DISPATCHER).post(f"/v1/cases/{number}/claim")
    with district.transaction() as session:
        session.execute(
            text("UPDATE case_file SET claimed_at = claimed_at - :ago"),
            {"ago": timedelta(minutes=31)},
        )
    assert queue(people)["items"][0]["claim"] is None
    assert numbers(queue(people, part="mine")) == []


def test_it_is_narrowed_by_grade_and_by_street(people: People, file: Filer) -> None:
    (calm,) = cases(file, 1)
    red = file(a_report(text="扬言跳楼")).json()["case_number"]
    assert numbers(queue(people, grade="red")) == [red]
    street = queue(people, grade="red")["items"][0]["street_code"]
    assert set(numbers(queue(people, street=street))) == {calm, red}
    assert numbers(queue(people, street="nowhere")) == []


def test_a_long_part_is_counted_only_so_far(
    people: People, file: Filer, district: Database
) -> None:
    (number,) = cases(file, 1)
    due_in(district, number, -60)
    more = """WITH reported AS (
        INSERT INTO report (id, kind, category, text, source, occurred_at, received_at, routed_on,
            raw_place, method, people_involved, synthetic, street_code)
        SELECT gen_random_uuid(), 'dispute', 'labour', '', 'window', now(), now(), now()::date,
            '{}', 'none', 1, true, report.street_code
        FROM generate_series(1, :many), report RETURNING id
    ), opened AS (
        INSERT INTO case_file (id, number, report_id, state, opened_at)
        SELECT gen_random_uuid(), 'QU-2026-' || lpad((row_number() OVER ())::text, 6, '0'), id,
            'handling', now() FROM reported RETURNING id
    )
    INSERT INTO clock (case_id, kind, amount, unit, started_at, remind_at, due_at, red_at)
    SELECT id, 'sign', 1, 'minutes', past, past, past, past
    FROM opened, LATERAL (SELECT now() - interval '1 hour' AS past) AS times"""
    with district.transaction() as session:
        session.execute(text(more), {"many": MOST_COUNTED + 5})
    found = queue(people)
    assert found["counts"]["late"] == found["most_counted"] == MOST_COUNTED


def test_a_position_that_this_interface_did_not_give_is_refused(people: People) -> None:
    for after in ("yesterday", "2026-11-24T00:00:00+00:00~x"):
        answer = people(Role.DISPATCHER).get("/v1/queue", params={"after": after})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["where"] == "after"
