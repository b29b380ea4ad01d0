"""No card is missed or given twice, whatever happens to workers, clocks and the database."""

import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import sleep
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from api.beside import beside
from api.cases.domain import ClockKind
from api.cases.models import Case
from api.cli import app
from api.clocks import service
from api.clocks.door import fire, silence
from api.clocks.models import Clock
from api.clocks.service import Start
from api.migrations import migrate
from api.settings import Settings
from api.worker import LONGEST_WAIT_S, MANY, Worker, working
from gis.cluster import Cluster, throwaway_cluster
from gis.database import Database
from tests.api.clocks import chaos
from tests.api.clocks.chaos import Verdict, fill, torment, verdict
from tests.conftest import opened

pytestmark = pytest.mark.database

DAYS = (-3, 0, 3)
SOUND = Verdict(0, 0, 0)


def count(database: Database, query: str) -> int:
    with database.transaction() as session:
        found: int = session.execute(text(query)).scalar_one()
        return found


def age(database: Database, seconds: int) -> None:
    """Let every clock have begun that much earlier."""
    moments = ("started_at", "remind_at", "due_at", "red_at", "next_at")
    moved = ", ".join(f"{name} = {name} - interval '{seconds} seconds'" for name in moments)
    with database.transaction() as session:
        session.execute(text(f"UPDATE clock SET {moved}"))


def fire_all(database: Database) -> None:
    again = True
    while again:
        with database.transaction() as session:
            again = fire(session) > 0


def test_workers_killed_with_clocks_three_days_off_miss_no_card_and_give_none_twice(
    database: Database,
) -> None:
    fill(database, 600, span_s=4)
    killed = torment(database, DAYS, kills=6, within_s=60)
    assert (killed, chaos.waiting(database)) == (6, 0)
    assert verdict(database, 600) == SOUND


def test_reading_first_and_writing_later_gives_cards_twice_and_this_check_sees_it(
    database: Database,
) -> None:
    with database.transaction() as session:
        session.execute(text("ALTER TABLE card DROP CONSTRAINT uq_card_clock_id_card_due_at"))
    fill(database, 600, span_s=4)
    torment(database, DAYS, kills=3, within_s=60, how="wrong")
    assert verdict(database, 600).doubled > 0


def test_a_worker_that_was_off_gives_every_card_afterwards_in_its_order(
    database: Database,
) -> None:
    fill(database, 10, span_s=1)
    age(database, 3600)
    fire_all(database)
    assert verdict(database, 10) == SOUND
    order = "SELECT count(*) FROM card AS a JOIN card AS b USING (clock_id)"
    assert count(database, f"{order} WHERE a.id < b.id AND a.card = 'reminder'") == 20
    assert count(database, f"{order} WHERE a.id < b.id AND b.card = 'red'") == 20


def test_a_clock_that_cannot_be_served_does_not_stop_the_others(database: Database) -> None:
    fill(database, 250, span_s=1)
    age(database, 60)
    poisoned = count(database, "SELECT min(id) FROM clock")
    body = f"BEGIN IF NEW.clock_id = {poisoned} THEN RAISE 'poison'; END IF; RETURN NEW; END"
    refuse = (
        f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON card FOR EACH ROW EXECUTE FUNCTION refuse()",
    )
    with database.transaction() as session:
        for statement in refuse:
            session.execute(text(statement))
    fire_all(database)
    assert verdict(database, 250) == (3, 0, 0), "only its own cards are missing"
    tries = "SELECT attempts FROM clock WHERE attempts > 0"
    assert count(database, tries) == 1, "it waits before the next attempt"
    with database.transaction() as session:
        session.execute(text("DROP TRIGGER refuse ON card"))
    age(database, 3600)
    fire_all(database)
    assert verdict(database, 250) == SOUND, "it is served once it can be"


def test_two_workers_at_once_take_different_clocks(database: Database) -> None:
    fill(database, 150, span_s=1)
    age(database, 60)
    with database.transaction() as one:
        assert fire(one, 100) == 100
        with database.transaction() as other:
            assert fire(other, 100) == 50
    assert verdict(database, 150) == SOUND


def test_a_round_goes_on_at_once_while_a_full_batch_was_due(database: Database) -> None:
    fill(database, MANY + 1, span_s=1)
    age(database, 60)
    worker = Worker(database)
    waits = worker.waits()
    next(waits)
    worker.round()
    assert next(waits) == 0
    worker.round()
    assert next(waits) > 0
    assert verdict(database, MANY + 1) == SOUND


def test_a_worker_beats_and_its_silence_is_told_by_the_time_of_the_database(
    database: Database,
) -> None:
    with database.transaction() as session:
        assert silence(session) is None, "no worker was ever heard"
    Worker(database).round()
    with database.transaction() as session:
        session.execute(text("UPDATE worker_beat SET at = at - interval '5 minutes'"))
        found = silence(session)
    assert found is not None
    assert timedelta(minutes=5) <= found < timedelta(minutes=6)


def test_a_worker_that_cannot_fire_does_not_beat(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with database.transaction() as session:
        session.execute(text("ALTER TABLE clock RENAME TO clock_away"))
    with caplog.at_level(logging.WARNING):
        Worker(database).round()
    assert count(database, "SELECT count(*) FROM worker_beat") == 0
    assert "ProgrammingError" in caplog.text
    assert "clock" not in caplog.text, "the kind only, no statement and no row"


def test_a_duty_that_fails_stops_neither_the_clocks_nor_the_other_duties(
    database: Database,
) -> None:
    done: list[str] = []

    def failing() -> bool:
        raise KeyError("13800000000")

    def counting() -> bool:
        done.append("told")
        return True

    worker = Worker(database, [failing, counting])
    waits = worker.waits()
    assert next(waits) == 1.0
    worker.round()
    assert done == ["told"]
    assert count(database, "SELECT count(*) FROM worker_beat") == 1
    assert next(waits) == 2.0, "it waits longer after a failure"


def test_a_worker_waits_at_most_eight_seconds_however_long_the_database_is_away() -> None:
    worker = Worker(Database("postgresql://nobody@/nothing?host=/nowhere"))
    waits = worker.waits()
    for _ in range(12):
        worker.round()
    assert next(waits) == LONGEST_WAIT_S


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with throwaway_cluster() as cluster:
        yield cluster


def test_a_worker_comes_back_by_itself_after_the_database_was_away(cluster: Cluster) -> None:
    url = cluster.ensure()
    migrate(url)
    with opened(url) as database:
        fill(database, 50, span_s=1)
        cluster.stop(at_once=True)
        worker = Worker(database)
        with beside("worker", (min(wait, 0.1) for wait in worker.waits()), worker.round):
            cluster.start()
            for _ in range(100):
                if _quiet(database):
                    break
        assert verdict(database, 50) == SOUND


def _quiet(database: Database) -> bool:
    sleep(0.1)
    try:
        return chaos.waiting(database) == 0
    except OperationalError:
        return False


def test_the_server_brings_its_own_worker(database: Database, tmp_path: Path) -> None:
    fill(database, 5, span_s=1)
    age(database, 60)
    with working(database, Settings(home=tmp_path)):
        for _ in range(100):
            if _quiet(database):
                break
    assert verdict(database, 5) == SOUND


def test_a_server_beside_a_process_of_workers_has_none(database: Database, tmp_path: Path) -> None:
    with working(database, Settings(home=tmp_path, worker=False)):
        assert "worker" not in {thread.name for thread in threading.enumerate()}
    with working(database, Settings(home=tmp_path)):
        assert "worker" in {thread.name for thread in threading.enumerate()}


def test_the_command_refuses_a_database_that_would_lose_cards(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", url)
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path))
    result = CliRunner().invoke(app, ["worker"])
    assert result.exit_code == 1
    assert "fsync" in result.output, "the throwaway cluster of tests does without"


# What a case does to its clocks.


@pytest.fixture
def case_id(database: Database) -> UUID:
    fill(database, 0, span_s=1)
    with database.transaction() as session:
        found: UUID = session.query(Case.id).order_by(Case.number).first()[0]  # type: ignore[index]
        return found


def begin(database: Database, case_id: UUID, *kinds: ClockKind) -> None:
    with database.transaction() as session:
        timetable, at = service.read_timetable(session), service.instant(session)
        service.start(session, timetable, [Start(case_id, kind) for kind in kinds], at)


def clocks(database: Database, case_id: UUID) -> list[Clock]:
    with database.transaction() as session:
        return list(service.running(session, case_id))


def test_a_clock_that_was_stopped_gives_no_card(database: Database, case_id: UUID) -> None:
    begin(database, case_id, ClockKind.CONTACT, ClockKind.MEDIATION)
    with database.transaction() as session:
        service.stop(session, [case_id], [ClockKind.CONTACT], service.instant(session))
    age(database, 40 * 86_400)
    fire_all(database)
    assert count(database, "SELECT count(*) FROM card") == 2, "reminder and yellow of the other"
    told = "SELECT count(*) FROM outbox_event WHERE content->>'clock' = 'contact'"
    assert count(database, told) == 0


def test_a_clock_that_stands_still_gives_no_card_until_it_runs_again(
    database: Database, case_id: UUID
) -> None:
    begin(database, case_id, ClockKind.CONTACT)
    with database.transaction() as session:
        service.pause(session, case_id, service.instant(session))
    with database.transaction() as session:
        session.execute(text("UPDATE clock SET paused_at = paused_at - interval '30 days'"))
    fire_all(database)
    before = clocks(database, case_id)[0].due_at
    with database.transaction() as session:
        timetable, at = service.read_timetable(session), service.instant(session)
        service.resume(session, case_id, at, timetable)
    fire_all(database)
    assert count(database, "SELECT count(*) FROM card") == 0
    moved = clocks(database, case_id)[0].due_at - before
    assert abs(moved - timedelta(days=30)) < timedelta(minutes=1)


def test_a_change_of_limits_leaves_running_clocks_alone(database: Database, case_id: UUID) -> None:
    begin(database, case_id, ClockKind.MEDIATION)
    before = [(each.amount, each.due_at) for each in clocks(database, case_id)]
    with database.transaction() as session:
        words = "(kind, amount, unit, set_by, reason) VALUES ('mediation', 5, 'days', "
        someone = "INSERT INTO person (id, sign_in_name, full_name, created_at) VALUES"
        session.execute(text(f"{someone} (gen_random_uuid(), 'setter', '某', now())"))
        setter = "(SELECT id FROM person LIMIT 1), '试')"
        session.execute(text(f"INSERT INTO time_limit {words}{setter}"))
    assert [(each.amount, each.due_at) for each in clocks(database, case_id)] == before
    begin(database, case_id, ClockKind.MEDIATION)
    assert sorted(each.amount for each in clocks(database, case_id)) == [5, 30]
