"""The embedded PostGIS: a private cluster in one folder, reached through a socket only.

Find, create, adopt, start, stop. The server never runs as root and never listens on a network.
Starters exclude each other by a file lock, so any number of processes may call `ensure()`.
"""

import fcntl
import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from gis.installation import Account, ClusterError, Server, account, server_for
from gis.postmaster import Postmaster

DATABASE = "fengqiao"
ROLE = "fengqiao"
PORT = 5432
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")
ENCODING = "UTF8"
LOCALE = "C.UTF-8"  # with plain C, trigram search drops every Chinese character

# A Unix socket's address holds 107 bytes; the file's own name `/.s.PGSQL.5432` takes 14 more,
# and the server writes `.lock` beside it.
LONGEST_SOCKET_FOLDER = 87
START_WITHIN_S = 60.0
START_TRIES = 5
STOP_AT_ONCE_WITHIN_S = 20.0
LARGEST_LOG = 8 * 2**20

CAREFUL = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
# Loses data with the machine, not with the server: what was committed outlives a kill -9.
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "on"}


class FolderClosed(ClusterError):
    """The account that runs the server cannot reach the data directory."""


class ForeignCluster(ClusterError):
    """The data directory belongs to another user."""


class StartFailed(ClusterError):
    """PostgreSQL did not start or does not answer; the message carries its last log lines."""


class State(StrEnum):
    ABSENT = "absent"
    STOPPED = "stopped"
    RUNNING = "running"


@dataclass(frozen=True)
class Status:
    """What `fengqiao db status` says. `url` and `pid` are None unless the server runs."""

    state: State
    data: Path
    log: Path
    version: int | None
    pid: int | None
    url: str | None


class Cluster:
    """A PostgreSQL cluster under `home`/postgres.

    `durable=False` trades safety for speed: for throwaway clusters in tests only.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home.absolute()
        self.folder = self.home / "postgres"
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self._postmaster = Postmaster(self.data)
        self._wanted = self.folder / "wanted"
        self._settings = CAREFUL if durable else CARELESS
        self._durable = durable

    def ensure(self) -> str:
        """Create, start or adopt as needed; return the SQLAlchemy URL of the ready database.

        Raises ClusterError: ServerMissing, AccountMissing, FolderClosed, ForeignCluster or
        StartFailed.
        """
        with self._alone():
            self._create()
            self._start()
            self._furnish()
            self._wanted.touch()
        return self._url()

    def start(self) -> str:
        """Another name for `ensure`: starting what runs already is no fault."""
        return self.ensure()

    def stop(self, *, at_once: bool = False) -> bool:
        """Stop the server, also one that another process started. False when none ran.

        `at_once` does not wait for a checkpoint: for clusters that are thrown away.
        """
        if not self.folder.exists():
            return False
        with self._alone():
            self._wanted.unlink(missing_ok=True)
            return self._stop("immediate" if at_once else "fast")

    def keep(self) -> None:
        """Start a server that died; one that `stop` stopped stays stopped. Raises ClusterError."""
        if self._postmaster.pid() is None and self.folder.exists():
            with self._alone():
                if self._wanted.exists():
                    self._start()

    def status(self) -> Status:
        """What is there, without changing anything."""
        version, pid = self._version(), self._postmaster.pid()
        state = State.RUNNING if pid else State.STOPPED if version else State.ABSENT
        return Status(state, self.data, self.log, version, pid, self._url() if pid else None)

    # Creating

    def _create(self) -> None:
        if self._version() is None:
            fresh = self.folder / "data.new"
            shutil.rmtree(fresh, ignore_errors=True)  # a killed initdb left half a cluster
            self._initdb(fresh)
            fresh.rename(self.data)
        elif self.data.stat().st_uid != self._account.uid:
            raise ForeignCluster(
                f"数据目录 {self.data} 属于其他用户",
                f"The data directory {self.data} belongs to another user",
                "以该用户运行,或另设 FENGQIAO_HOME / run as that user, or set FENGQIAO_HOME",
            )

    def _initdb(self, folder: Path) -> None:
        options = [
            "--encoding",
            ENCODING,
            "--locale",
            LOCALE,
            "--auth",
            "trust",
            "--data-checksums",
        ]
        sync = [] if self._durable else ["--no-sync"]
        server = server_for(None)
        words = ["initdb", "--pgdata", str(folder), "--username", ROLE, *options, *sync]
        done = self._run(server, words)
        if done.returncode != 0:
            raise self._start_failed(done.stdout + done.stderr)

    def _furnish(self) -> None:
        with self._connect("postgres") as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        with self._connect(DATABASE) as connection:
            connection.execute("SET client_min_messages = warning")
            for name in EXTENSIONS:
                statement = sql.SQL("CREATE EXTENSION IF NOT EXISTS {}")
                connection.execute(statement.format(sql.Identifier(name)))

    # Starting and stopping

    def _start(self) -> None:
        until = time.monotonic() + START_WITHIN_S
        while not self._answers():
            if time.monotonic() > until:
                raise self._start_failed(self._last_lines())
            if self._postmaster.pid() is None:
                self._postmaster.bury(within_s=START_WITHIN_S)
                self._make_socket_folder()
                self._launch()
            else:  # starting, replaying its log after a crash, or just being killed
                time.sleep(0.1)

    def _answers(self) -> bool:
        if self._postmaster.pid() is None:
            return False
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _launch(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old"))
        words = ["pg_ctl", "start", "--wait", "--timeout", f"{START_WITHIN_S:.0f}"]
        words += ["--pgdata", str(self.data), "--log", str(self.log), "--options", self._options()]
        for attempt in range(START_TRIES):
            time.sleep(attempt)
            done = self._run(server_for(self._version()), words)
            if done.returncode == 0:
                return
        raise self._start_failed(self._last_lines() or done.stderr)

    def _options(self) -> str:
        # Quoted twice: the socket setting is a list of folders, and pg_ctl hands words to a shell.
        folder = '"{}"'.format(str(self._socket_folder).replace('"', '""'))
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": folder,
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **self._settings,
        }
        return " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())

    def _stop(self, mode: str) -> bool:
        if self._postmaster.pid() is None:
            return False
        words = ["pg_ctl", "stop", "--wait", "--pgdata", str(self.data), "--mode", mode]
        socket_folder = self._postmaster.socket_folder()
        if mode == "immediate":
            words += ["--timeout", f"{STOP_AT_ONCE_WITHIN_S:.0f}"]
        done = self._run(server_for(self._version()), words)
        if done.returncode != 0 and mode == "immediate":
            self._postmaster.kill(within_s=STOP_AT_ONCE_WITHIN_S)
        elif done.returncode != 0:
            raise self._start_failed(done.stderr)
        if socket_folder and socket_folder.parent != self.folder:
            shutil.rmtree(socket_folder, ignore_errors=True)
        return True

    # Looking

    def _version(self) -> int | None:
        """Major version that wrote the data directory; None where there is no cluster."""
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None
        except PermissionError as error:
            raise FolderClosed(
                f"无权读取 {self.data}",
                f"No right to read {self.data}",
                "以其所有者运行 / run as its owner, 或 / or: FENGQIAO_HOME=…",
            ) from error

    def _url(self) -> str:
        folder = self._postmaster.socket_folder() or self._socket_folder
        query = {"host": str(folder), "port": str(PORT)}
        url = URL.create("postgresql+psycopg", username=ROLE, database=DATABASE, query=query)
        return url.render_as_string()

    def _connect(self, database: str) -> psycopg.Connection:
        folder = str(self._postmaster.socket_folder() or self._socket_folder)
        return psycopg.connect(
            host=folder, port=PORT, user=ROLE, dbname=database, connect_timeout=5, autocommit=True
        )

    def _last_lines(self) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])

    def _start_failed(self, detail: str) -> StartFailed:
        return StartFailed(
            f"内置 PostgreSQL 未能运行({self.data})",
            f"The embedded PostgreSQL does not run ({self.data})",
            f"见日志 / see its log {self.log}\n{detail.strip()}",
        )

    # Ground under it

    @cached_property
    def _account(self) -> Account:
        return account()

    @cached_property
    def _socket_folder(self) -> Path:
        """Inside the folder; where that path is too long for a socket, a short private one."""
        inside = self.folder / "socket"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path("/tmp") / f"fengqiao-{self._account.uid}-{name}"  # noqa: S108 - 0700, owner checked

    def _make_socket_folder(self) -> None:
        self._own(self._socket_folder)
        if self._socket_folder.lstat().st_uid != self._account.uid:
            raise ForeignCluster(
                f"套接字目录 {self._socket_folder} 属于其他用户",
                f"The socket folder {self._socket_folder} belongs to another user",
                "删除它,或缩短 FENGQIAO_HOME / remove it, or choose a shorter FENGQIAO_HOME",
            )

    def _own(self, folder: Path) -> None:
        """Make a folder that only the server's account may enter."""
        if not folder.is_dir() or folder.is_symlink():
            folder.mkdir(mode=0o700, parents=True)
            if self._account.is_borrowed:
                os.chown(folder, self._account.uid, self._account.gid)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the cluster's lock; the folder is made and checked first."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._check_way()
        self._own_folder_once()
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _own_folder_once(self) -> None:
        try:
            self._own(self.folder)
        except FileExistsError:  # another starter made it between our look and our step
            return

    def _check_way(self) -> None:
        for folder in [self.home, *self.home.parents]:
            if self._account.is_borrowed and not self._account.may_enter(folder):
                raise FolderClosed(
                    f"账户 {self._account.name} 进不了目录 {folder}",
                    f"The account {self._account.name} that runs PostgreSQL may not enter {folder}",
                    f"chmod o+x {shlex.quote(str(folder))},或另设 / or set FENGQIAO_HOME",
                )

    def _run(self, server: Server, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's account, with a bare environment."""
        who = self._account
        return subprocess.run(  # noqa: S603 - our own words, no shell
            [server.program(words[0]), *words[1:]],
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": LOCALE},  # no PGPORT, PGDATA … from outside
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=who.uid if who.is_borrowed else None,
            group=who.gid if who.is_borrowed else None,
            extra_groups=() if who.is_borrowed else None,
        )


@contextmanager
def throwaway_cluster() -> Iterator[Cluster]:
    """A fast cluster for tests, not yet started, gone afterwards with everything in it."""
    home = Path(tempfile.mkdtemp(prefix="fengqiao-"))
    home.chmod(0o711)  # the account that runs the server has to pass
    cluster = Cluster(home, durable=False)
    try:
        yield cluster
    finally:
        cluster.stop(at_once=True)
        shutil.rmtree(home)
