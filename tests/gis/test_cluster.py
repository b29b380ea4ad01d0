"""The embedded PostGIS, for real: created, adopted, crashed, stopped."""

import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from gis.cluster import (
    EXTENSIONS,
    LONGEST_SOCKET_FOLDER,
    Cluster,
    FolderClosed,
    State,
    throwaway_cluster,
)
from gis.installation import Account, ServerMissing, server_for, servers
from gis.postmaster import Postmaster

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def running() -> Iterator[Cluster]:
    with throwaway_cluster() as cluster:
        cluster.ensure()
        yield cluster


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the account running the server may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="fengqiao-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def ask(url: str, question: str) -> object:
    parts = make_url(url)
    with psycopg.connect(
        host=str(parts.query["host"]), user=parts.username, dbname=parts.database, port=5432
    ) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def pid_of(cluster: Cluster) -> int:
    pid = cluster.status().pid
    assert pid is not None
    return pid


def await_end(pid: int) -> None:
    until = time.monotonic() + 10
    while Path(f"/proc/{pid}/cwd").exists() and time.monotonic() < until:
        time.sleep(0.02)


def ensure_and_name_pid(home: Path, answers: "multiprocessing.Queue[int]") -> None:
    cluster = Cluster(home, durable=False)
    cluster.ensure()
    answers.put(pid_of(cluster))


def test_a_new_cluster_has_the_database_the_extensions_and_a_locale_that_knows_chinese(
    running: Cluster,
) -> None:
    url = running.ensure()
    assert ask(url, "SELECT current_database()") == "fengqiao"
    assert ask(url, "SHOW server_encoding") == "UTF8"
    assert ask(url, "SELECT datctype FROM pg_database WHERE datname = 'fengqiao'") == "C.UTF-8"
    assert ask(url, "SHOW data_checksums") == "on"
    names = ask(url, "SELECT array_agg(extname::text) FROM pg_extension")
    assert set(EXTENSIONS) <= set(names)  # type: ignore[call-overload]
    assert ask(url, "SELECT show_trgm('东塔街道') <> '{}'") is True


def test_the_server_listens_on_no_network_and_its_socket_is_private(running: Cluster) -> None:
    url = running.ensure()
    assert ask(url, "SHOW listen_addresses") == ""
    assert (running.folder / "socket").stat().st_mode & 0o077 == 0


def test_the_server_never_runs_as_root(running: Cluster) -> None:
    assert Path(f"/proc/{pid_of(running)}").stat().st_uid != 0


def test_settings_of_the_environment_do_not_reach_the_server(
    running: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6000")
    monkeypatch.setenv("PGHOST", "nowhere.invalid")
    running.stop()
    assert ask(running.ensure(), "SHOW port") == "5432"


def test_a_running_server_is_adopted_by_another_starter(running: Cluster) -> None:
    url = running.ensure()
    other = Cluster(running.home, durable=False)
    before = pid_of(running)
    assert other.ensure() == url
    assert pid_of(other) == before


def test_stop_ends_a_server_that_another_process_started_and_is_no_fault_twice(
    running: Cluster,
) -> None:
    running.ensure()
    other = Cluster(running.home, durable=False)
    assert other.stop() is True
    assert other.stop() is False
    assert running.status().state is State.STOPPED
    assert running.status().url is None


def test_an_absent_cluster_says_so_and_nothing_is_made(home: Path) -> None:
    cluster = Cluster(home / "none")
    assert cluster.status().state is State.ABSENT
    assert cluster.stop() is False
    assert not (home / "none").exists()


def test_after_kill_9_with_a_session_open_the_next_start_serves_what_was_committed(
    running: Cluster,
) -> None:
    host = str(make_url(running.ensure()).query["host"])
    with psycopg.connect(host=host, user="fengqiao", dbname="fengqiao", port=5432) as session:
        session.execute("CREATE TABLE kept AS SELECT now() AS at")
        session.commit()
        os.kill(pid_of(running), signal.SIGKILL)
        assert ask(running.ensure(), "SELECT count(*) FROM kept") == 1


def test_a_server_that_died_is_started_again_and_one_that_was_stopped_stays_so(
    running: Cluster,
) -> None:
    running.ensure()
    os.kill(pid_of(running), signal.SIGKILL)
    running.keep()
    assert running.status().state is State.RUNNING
    running.stop(at_once=True)
    running.keep()
    assert running.status().state is State.STOPPED


def test_a_server_that_hears_nothing_is_stopped_at_once_all_the_same(
    running: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gis.cluster.STOP_AT_ONCE_WITHIN_S", 1.0)
    running.ensure()
    os.kill(pid_of(running), signal.SIGSTOP)
    assert running.stop(at_once=True)
    assert running.status().state is State.STOPPED
    assert ask(running.ensure(), "SELECT 1") == 1, "and it can be started again"


def test_a_stale_pid_file_whose_number_another_process_bears_is_overcome(running: Cluster) -> None:
    running.ensure()
    killed = pid_of(running)
    os.kill(killed, signal.SIGKILL)
    await_end(killed)
    pid_file = running.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert running.status().state is State.STOPPED
    running.ensure()
    assert pid_of(running) not in (killed, os.getpid())


def test_two_starters_at_once_end_with_one_server(home: Path) -> None:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[int] = context.Queue()
    starters = [context.Process(target=ensure_and_name_pid, args=(home, answers)) for _ in range(2)]
    for starter in starters:
        starter.start()
    pids = {answers.get(timeout=60) for _ in starters}
    for starter in starters:
        starter.join(timeout=60)
    assert len(pids) == 1
    assert Cluster(home).stop(at_once=True)


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder_that_stop_removes(
    home: Path,
) -> None:
    far = home / ("长" * 30) / "with space, and comma"
    cluster = Cluster(far, durable=False)
    folder = Path(str(make_url(cluster.ensure()).query["host"]))
    assert len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER
    assert folder.stat().st_mode & 0o077 == 0
    assert cluster.stop(at_once=True)
    assert not folder.exists()


def test_a_killed_initdb_leaves_nothing_that_hinders_the_next(home: Path) -> None:
    (home / "postgres").mkdir(mode=0o711)
    half = home / "postgres" / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("15\n")
    if os.geteuid() == 0:
        owner = Path("/var/lib/postgresql").stat()
        os.chown(home / "postgres", owner.st_uid, owner.st_gid)
    cluster = Cluster(home, durable=False)
    cluster.ensure()
    assert not half.exists()
    cluster.stop(at_once=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root borrows an account")
def test_a_closed_folder_on_the_way_is_named_with_the_mend(home: Path) -> None:
    home.chmod(0o700)
    with pytest.raises(FolderClosed, match="chmod o\\+x"):
        Cluster(home / "inside").ensure()


def test_permission_bits_decide_whether_an_account_may_enter(home: Path) -> None:
    stranger = Account("stranger", 54321, 54321)
    assert stranger.may_enter(home)
    home.chmod(0o700)
    assert not stranger.may_enter(home)


def test_a_data_directory_of_an_absent_version_names_that_version() -> None:
    assert servers()
    assert server_for(None).major == max(server.major for server in servers())
    with pytest.raises(ServerMissing, match="postgresql-8-postgis-3"):
        server_for(8)


def test_a_pid_file_cut_short_counts_as_no_server(home: Path) -> None:
    (home / "postmaster.pid").write_text("not a number\n")
    postmaster = Postmaster(home)
    assert postmaster.pid() is None
    assert postmaster.socket_folder() is None
