"""Huge bodies, twins at once, and a database that goes away: served or refused, never half-done."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.clocks.service import read_timetable
from api.intake.preparation import Ground
from api.intake.schemas import ReportRequest
from api.intake.service import KeyTaken, Office, receive_keyed
from api.migrations import migrate
from api.rights.roles import Role
from gis.cluster import Cluster, throwaway_cluster
from gis.database import Database
from gis.geocoding.geocoder import Geocoder
from grids.editions import Editions
from tests.api.conftest import NOW, Filer, SetClock, a_report, site
from tests.api.people import enter, show_session
from tests.api.test_intake import rows
from tests.conftest import opened


def pieces(count: int, size: int = 1_000_000) -> Iterator[bytes]:
    """A body that is only as large as what was read of it."""
    for _ in range(count):
        pieces.sent += 1  # type: ignore[attr-defined]
        yield b" " * size


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_of_300_mb_is_refused_after_its_first_megabytes(
    client: TestClient, announced: bool
) -> None:
    pieces.sent = 0  # type: ignore[attr-defined]
    headers = {"Idempotency-Key": "huge-key-01", "Content-Type": "application/json"}
    if announced:
        headers["Content-Length"] = str(300_000_000)
        answer = client.post("/v1/reports", content=b" ", headers=headers)
    else:
        answer = client.post("/v1/reports", content=pieces(300), headers=headers)
    assert answer.status_code == 413
    assert "1000000" in answer.json()["detail"]


def test_twenty_twins_at_once_open_one_case(client: TestClient, district: Database) -> None:
    start = threading.Barrier(20)
    filer = Filer(client)

    def file(_: int) -> Any:
        start.wait()
        return filer(key="twin-key-01")

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(file, range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["case_number"] for answer in answers}) == 1
    assert rows(district)["case_file"] == 1
    assert rows(district)["assignment"] == 3


def test_forty_reports_at_once_get_forty_numbers_without_a_gap(client: TestClient) -> None:
    filer = Filer(client)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: filer(key=f"many-key-{n:02d}"), range(40)))
    numbers = sorted(answer.json()["case_number"] for answer in answers)
    assert numbers == [f"DD-2026-{n:06d}" for n in range(1, 41)]


def test_a_failure_in_mid_transaction_leaves_nothing(
    client: TestClient, district: Database
) -> None:
    with district.transaction() as session:
        session.execute(text("ALTER TABLE outbox_event ADD CONSTRAINT broken CHECK (false)"))
    answer = Filer(client)()
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(rows(district).values()) == {0}


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with throwaway_cluster() as cluster:
        yield cluster


def test_a_database_that_is_away_is_said_and_comes_back_by_itself(
    cluster: Cluster, tmp_path: Path
) -> None:
    url = cluster.ensure()
    migrate(url)
    with opened(url) as database:
        _, token = enter(database, Role.CLERK, now=NOW)
        cluster.stop(at_once=True)
        with site(database, SetClock(), tmp_path) as client:
            show_session(client, token)
            filer = Filer(client)
            assert client.get("/livez").status_code == 200
            assert client.get("/readyz").status_code == 503
            away = filer(key="away-key-01")
            assert away.status_code == 503
            assert away.headers["retry-after"] == "5"
            assert "Idempotency-Key" in away.json()["detail"]
            cluster.start()
            assert client.get("/readyz").status_code == 200
            assert filer(key="away-key-01").status_code == 201


def test_a_connection_cut_in_mid_request_is_a_503_and_the_next_request_works(
    client: TestClient, district: Database
) -> None:
    cut = text(
        "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$"
    )
    with district.transaction() as session:
        session.execute(cut)
        session.execute(
            text("CREATE TRIGGER cut BEFORE INSERT ON outbox_event EXECUTE FUNCTION cut()")
        )
    filer = Filer(client)
    assert filer(a_report(), key="cut-key-001").status_code == 503
    with district.transaction() as session:
        session.execute(text("DROP TRIGGER cut ON outbox_event"))
    assert set(rows(district).values()) == {0}
    assert filer(a_report(), key="cut-key-001").status_code == 201


def test_two_imports_of_the_same_rows_at_once_open_each_case_once(district: Database) -> None:
    filing = ReportRequest.model_validate(a_report(), strict=False).filing()
    keyed = [(f"import-{n}", filing) for n in range(5)]
    ground = Ground(Editions(district).at(NOW.date()), Geocoder(()))

    with district.transaction() as session:
        office = Office("DD", read_timetable(session))

    def second() -> list[str]:
        with district.transaction() as session:
            return receive_keyed(session, keyed, ground, NOW, office)

    with ThreadPoolExecutor(1) as pool:
        with district.transaction() as session:
            first = receive_keyed(session, keyed, ground, NOW, office)
            waiting = pool.submit(second)
            await_a_waiting_lock(district)
        with pytest.raises(KeyTaken):
            waiting.result()
    assert len(first) == rows(district)["case_file"] == 5
    assert second() == [], "all rows are known now"


def await_a_waiting_lock(database: Database) -> None:
    """Wait until some session waits for another one."""
    waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    for _ in range(500):
        with database.transaction() as session:
            if session.execute(waits).scalar_one():
                return
        sleep(0.01)
    raise AssertionError("nobody waits")


def test_one_faulty_report_among_many_at_once_does_not_hurt_the_others(
    client: TestClient, district: Database
) -> None:
    refuse = text(
        "ALTER TABLE report ADD CONSTRAINT not_this_one CHECK (title IS DISTINCT FROM '坏')"
    )
    with district.transaction() as session:
        session.execute(refuse)
    filer = Filer(client)

    def file(number: int) -> Any:
        body = a_report(title="坏") if number == 7 else a_report()
        return filer(body, key=f"mixed-key-{number:02d}")

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(file, range(20)))
    good = [answer for answer in answers if answer.status_code == 201]
    assert [answer.status_code for answer in answers if answer not in good] == [500]
    numbers = sorted(answer.json()["case_number"] for answer in good)
    assert numbers == [f"DD-2026-{n:06d}" for n in range(1, 20)]
