"""Events become notices: each recipient once, whatever comes in between."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.notices import service
from api.notices.domain import (
    FIRST_WAIT,
    LONGEST_WAIT,
    QUIET,
    TOPICS,
    CaseFacts,
    Party,
    To,
    addressed,
    wait_before_next,
)
from api.notices.door import Deliveries
from api.outbox import Event, forget, record
from gis.database import Database
from tests.api.conftest import Filer
from tests.api.notices.conftest import POLICE, Post, nobody

UNITS = ["justice:J-1", POLICE, "street:210104001000"]
TOLD = "SELECT recipient FROM notice ORDER BY recipient"
WAITING = "SELECT count(*) FROM outbox_event WHERE delivered_at IS NULL"


def test_a_filed_report_tells_each_unit_that_was_sent_once(
    district: Database, file: Filer, another: Callable[[], Deliveries]
) -> None:
    file()
    deliveries = another()
    assert deliveries.work()
    assert not deliveries.work()
    with district.transaction() as session:
        told = list(session.scalars(text(TOLD)))
    assert told == [f"unit:{code}" for code in UNITS]


def test_a_held_case_tells_the_dispatchers_of_its_area_as_well(post: Post) -> None:
    post.happens("case.held", assignments=[{"unit_code": POLICE}], open=["street"])
    post.work()
    cell = post.rows("SELECT grid_code FROM report")[0][0]
    assert [row[0] for row in post.rows(TOLD)] == [f"dispatcher@{cell}", f"unit:{POLICE}"]


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_tells_somebody(post: Post, topic: str) -> None:
    post.happens(topic, units=[POLICE], person_id=str(post.person_id))
    post.work()
    assert post.rows(TOLD) != []
    assert post.rows("SELECT * FROM delivery") == []


def test_what_names_no_unit_tells_all_units_of_the_case(post: Post) -> None:
    post.happens("case.stepped", action="mediate", before="handling", after="mediating")
    post.work()
    assert [row[0] for row in post.rows(TOLD)] == [f"unit:{code}" for code in UNITS]
    assert post.rows("SELECT DISTINCT content FROM notice") == [({"after": "mediating"},)]


def test_every_topic_that_the_house_records_is_told_or_is_known_to_be_quiet() -> None:
    written = re.compile(r'"((?:case|clock|whistle|assignment|custody)\.[a-z_]+)"')
    files = (Path(__file__).parents[3] / "api").rglob("*.py")
    found = {topic for path in files for topic in written.findall(path.read_text("utf-8"))}
    columns = {topic for topic in found if topic.endswith(("_id", ".id"))}
    assert found - columns == {*TOPICS, *QUIET} & found


def test_a_unit_that_was_sent_is_told_until_when_it_has_to_sign(
    district: Database, file: Filer, another: Callable[[], Deliveries]
) -> None:
    file()
    another().work()
    asked = "SELECT notice.due_at = clock.due_at FROM notice JOIN clock USING (case_id, unit_code)"
    with district.transaction() as session:
        signing = list(session.scalars(text(f"{asked} WHERE clock.kind = 'sign'")))
    assert signing
    assert all(signing)


def test_a_topic_that_is_in_no_table_tells_nobody_and_is_done(post: Post) -> None:
    post.happens("case.whispered")
    post.work()
    assert post.rows(TOLD) == []
    assert post.rows(WAITING) == [(0,)]
    assert post.states() == []


POISON: list[tuple[str, dict[str, Any]]] = [
    ("case.dispatched", {"units": 7}),
    ("case.dispatched", {"units": [7]}),
    ("case.dispatched", {"assignments": [{"kind": "police"}]}),
    ("clock.reminded", {"due_at": "tomorrow"}),
    ("clock.reminded", {"due_at": "2026-11-24T08:00:00"}),
    ("custody.gap", {"person_id": "nobody"}),
]


@pytest.mark.parametrize(("topic", "content"), POISON)
def test_an_event_that_cannot_be_read_holds_up_no_other_and_stands_in_the_dead_list(
    post: Post, topic: str, content: dict[str, Any]
) -> None:
    post.happens(topic, **content)
    post.happens("case.dispatched", subject="no case at all", units=[POLICE])
    post.happens("case.dispatched", subject=nobody(), units=[POLICE])
    post.happens("case.dispatched", units=[POLICE])
    post.work()
    assert post.rows(TOLD) == [(f"unit:{POLICE}",)]
    assert post.rows(WAITING) == [(0,)]
    assert post.states() == [("in_app", "", "dead", 0, "unreadable_event")] * 3


def test_a_recipient_that_does_not_exist_keeps_nobody_else_from_being_told(post: Post) -> None:
    post.happens("whistle.blown", units=["police:P-99", POLICE])
    post.happens("custody.gap", person_id=nobody())
    post.work()
    told = [row[0] for row in post.rows(TOLD)]
    assert told[1:] == [f"unit:{POLICE}"]
    assert told[0].startswith("dispatcher@")
    states = post.states()
    assert {(row[2], row[4]) for row in states} == {("dead", "unknown_recipient")}
    assert [row[1].split(":")[0] for row in states] == ["unit", "person"]


def test_an_event_that_is_replayed_tells_only_whom_it_had_not_told(post: Post) -> None:
    post.happens("whistle.blown", units=["police:P-99", POLICE])
    post.work()
    before = post.rows("SELECT id, recipient FROM notice")
    post.run("INSERT INTO unit (code, name, kind) VALUES ('police:P-99', '新所', 'police')")
    with post.database.transaction() as session:
        service.replay(session, post.rows("SELECT id FROM delivery")[0][0])
    post.work()
    assert post.rows("SELECT id, recipient FROM notice ORDER BY id")[:1] == before
    assert sorted(row[0] for row in post.rows(TOLD)) == [f"unit:{POLICE}", "unit:police:P-99"]
    assert post.states() == []


def test_an_event_that_commits_late_is_told_although_later_ids_were_told_before(
    post: Post,
) -> None:
    with post.database.transaction() as slow:
        record(slow, [Event("case.dispatched", str(post.case_id), {"units": [POLICE]})])
        slow.flush()
        post.happens("whistle.blown", units=[POLICE])
        post.work()
        assert post.rows("SELECT topic FROM notice") == [("whistle.blown",)]
    post.work()
    topics = "SELECT topic FROM notice ORDER BY event_id"
    assert post.rows(topics) == [("case.dispatched",), ("whistle.blown",)]


def test_many_workers_at_once_tell_each_event_once(
    post: Post, another: Callable[[], Deliveries]
) -> None:
    for _ in range(300):
        post.happens("clock.reminded", units=[POLICE])
    workers = [another() for _ in range(4)]
    start = threading.Barrier(len(workers))

    def carry(worker: Deliveries) -> None:
        start.wait()
        while post.rows(WAITING) != [(0,)]:
            worker.work()

    with ThreadPoolExecutor(len(workers)) as pool:
        list(pool.map(carry, workers))
    assert post.rows("SELECT count(*), count(DISTINCT event_id) FROM notice") == [(300, 300)]


def test_what_is_told_goes_with_the_events_of_a_case_that_expires(post: Post) -> None:
    post.happens("whistle.blown", units=["police:P-99", POLICE])
    post.work()
    with post.database.transaction() as session:
        forget(session, [str(post.case_id)])
    assert post.rows("SELECT count(*) FROM notice") == [(0,)]
    assert post.rows("SELECT count(*) FROM delivery") == [(0,)]


def test_each_recipient_is_told_once_although_an_event_names_them_twice() -> None:
    facts = CaseFacts("DD-2026-000001", "", (Party(POLICE, "新东派出所"),))
    found = addressed("clock.yellow", {"unit_code": POLICE, "units": [POLICE]}, facts)
    assert [each.recipient.key for each in found] == [f"unit:{POLICE}", "dispatcher@"]


def test_no_role_is_told_by_an_outside_channel() -> None:
    told = [telling for tellings in TOPICS.values() for telling in tellings if telling.outside]
    assert {telling.to for telling in told} <= {To.UNITS, To.NAMED}


def test_waits_double_up_to_an_hour_and_are_spread_over_half_of_their_length() -> None:
    waits = [wait_before_next(attempts, 1.0) for attempts in range(1, 14)]
    assert waits[:4] == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4, FIRST_WAIT * 8]
    assert set(waits[9:]) == {LONGEST_WAIT}
    assert wait_before_next(3, 0.0) == FIRST_WAIT * 2
    assert sum((wait_before_next(n, 0.5) for n in range(1, 12)), timedelta()) > timedelta(hours=2)
