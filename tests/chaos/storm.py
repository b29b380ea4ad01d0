"""Clerks who file without pause, while servers are killed and a service manager starts them again.

Everything is real: `fengqiao serve` and `fengqiao worker` as processes, an embedded PostgreSQL with
fsync, HTTP over TCP. Nothing is mended by hand between two kills.
"""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.accounts.service import Newcomer, add, grant
from api.migrations import migrate
from api.notices.domain import Channel
from api.notices.service import Change, set_address, set_up
from api.rights.roles import Role
from api.sessions.domain import PHONE_LIFE, Device
from api.sessions.door import COOKIE
from api.sessions.service import Opening, Origin, begin
from gis.cluster import Cluster
from gis.database import Database
from grids.importer import apply, plan
from tests.api.district import CENTRE, drafts
from tests.chaos.check import WAITING, Findings, check

PATIENCE_S = 5.0
LOOK_EVERY_S = 0.05
TWINS, REPLAYS = 0.2, 0.2
"""Shares of keys that are sent twice at once, and again after they were answered."""
END_WITHIN_S = 120.0
HOOKED = "police:P-1"


@contextmanager
def house() -> Iterator[Path]:
    """A data directory with an embedded, durable database and the small district."""
    with tempfile.TemporaryDirectory(prefix="fengqiao-") as name:
        home = Path(name)
        home.chmod(0o711)  # the account that runs the server has to pass
        cluster = Cluster(home)
        try:
            migrate(cluster.ensure())
            yield home
        finally:
            cluster.stop(at_once=True)


@dataclass
class Kept:
    """A process that is started again whenever it ends, as a service manager does."""

    words: Sequence[str]
    env: dict[str, str]
    process: subprocess.Popen[bytes] = field(init=False)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._start()
        self._thread = threading.Thread(target=self._keep)
        self._thread.start()

    def _start(self) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        words = [sys.executable, "-m", "tests.chaos.process", *self.words]
        self.process = subprocess.Popen(words, env=self.env, **quiet)  # type: ignore[call-overload]

    def _keep(self) -> None:
        while not self.ended.wait(LOOK_EVERY_S):
            if self.process.poll() is not None:
                self._start()

    def kill(self) -> None:
        self.process.kill()

    def close(self) -> None:
        self.ended.set()
        self._thread.join()
        self.process.kill()
        self.process.wait()


class Storm:
    """One variant of the product in a house, and those who file at it."""

    def __init__(
        self, home: Path, variant: str, *, pause_s: float, hook: str | None = None
    ) -> None:
        self.name = f"{variant}-{os.urandom(3).hex()}"
        self.cluster = Cluster(home)
        self.database = Database(self.cluster.ensure(), pool_size=2)
        self.acknowledged: dict[str, str] = {}
        self.acknowledged_at: dict[str, float] = {}
        self.contradicted: list[str] = []
        self.port, self._pause_s, self._hook = free_port(), pause_s, hook
        self._numbers, self._chance = count(1), random.Random(7)  # noqa: S311 - no secret
        self._headers = {
            "Cookie": f"{COOKIE}={self._enter(home)}",
            "Origin": f"http://127.0.0.1:{self.port}",
            "Content-Type": "application/json",
        }
        known = {
            "FENGQIAO_HOME": str(home),
            "FENGQIAO_REQUESTS_PER_MINUTE": "1000000",
            "FENGQIAO_CHANNEL_HOSTS": "127.0.0.1",
            "FENGQIAO_WORKER": "false",  # it has a process of its own, to be killed by itself
        }
        env = {name: word for name, word in os.environ.items() if not name.startswith("FENGQIAO_")}
        env |= known
        self.server = Kept([variant, "serve", "--port", str(self.port)], env)
        self.worker = Kept([variant, "worker"], env)
        self._over = threading.Event()
        self._clerks: list[threading.Thread] = []

    def _enter(self, home: Path) -> str:
        """The session of a clerk, in a district whose police is told by a webhook as well."""
        now = datetime.now(UTC)
        with self.database.transaction() as session:
            if not session.execute(text("SELECT count(*) FROM unit")).scalar_one():
                apply(session, plan(session, drafts(), valid_from=date(2025, 1, 1), author="chaos"))
            clerk_id, token = self._sign_in(session, now, Role.CLERK)
            self._hook_up(session, home, Change(clerk_id, now, "chaos"))
        return token

    def handler(self) -> dict[str, str]:
        """The headers of somebody at the police station, who has just signed in."""
        with self.database.transaction() as session:
            _, token = self._sign_in(session, datetime.now(UTC), Role.HANDLER, HOOKED)
        return self._headers | {"Cookie": f"{COOKIE}={token}"}

    def _sign_in(
        self, session: Session, now: datetime, role: Role, unit: str | None = None
    ) -> tuple[UUID, str]:
        name = f"{self.name.replace('_', '-')}-{next(self._numbers)}"
        person = add(session, Newcomer(name, "值班员", unit, "210104"), now)
        grant(session, person.id, [role], None, now)
        opening = Opening(person.id, Device.PHONE, Origin("127.0.0.1", "chaos"))
        return person.id, begin(session, opening, lambda _: PHONE_LIFE, now)

    def _hook_up(self, session: Session, home: Path, change: Change) -> None:
        if self._hook is not None:
            (home / "secrets").mkdir(exist_ok=True)
            (home / "secrets" / "key").write_text("chaos")
            set_up(session, Channel.WEBHOOK, {"secret": "key"}, change, enabled=True)
            set_address(session, HOOKED, Channel.WEBHOOK, self._hook, change)

    # Filing

    def begin(self, clerks: int) -> None:
        """Let so many clerks file until `calm`."""
        self._clerks = [threading.Thread(target=self._work) for _ in range(clerks)]
        for clerk in self._clerks:
            clerk.start()

    def _work(self) -> None:
        while not self._over.wait(self._pause_s):
            key = self.new_key()
            if self._chance.random() < TWINS:
                twin = threading.Thread(target=self.file, args=(key,))
                twin.start()
                self.file(key)
                twin.join()
            else:
                self.file(key)
            if self._chance.random() < REPLAYS:
                self.file(key)

    def new_key(self) -> str:
        return f"{self.name}-{next(self._numbers):06d}"

    def file(self, key: str) -> None:
        """File under a key until it is acknowledged: with no answer, nobody knows what was done."""
        until = monotonic() + END_WITHIN_S
        while (number := self._ask(key)) is None:
            if monotonic() > until:
                raise TimeoutError(f"{key} is not acknowledged")
            sleep(LOOK_EVERY_S)
        self.acknowledged_at.setdefault(number, monotonic())
        if self.acknowledged.setdefault(key, number) != number:
            self.contradicted.append(key)

    def _ask(self, key: str) -> str | None:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            body, headers = json.dumps(a_report(key)), self._headers | {"Idempotency-Key": key}
            link.request("POST", "/v1/reports", body, headers)
            answer = link.getresponse()
            told = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            link.close()
        if answer.status in {201, 503}:
            return str(told["case_number"]) if answer.status == 201 else None
        if answer.status == 500:
            return None
        raise AssertionError(f"{answer.status}: {told}")

    def calm(self) -> Findings:
        """Let the clerks finish and the outbox run empty; then look."""
        self._over.set()
        for clerk in self._clerks:
            clerk.join()
        await_that(lambda: self.asked(WAITING) == 0)
        return check(self.database, self.name, self.acknowledged)

    # Killing

    def kill(self, kind: str) -> None:
        """Kill without warning: server, worker, database (as `pg_ctl stop -m immediate`) or its
        first process (kill -9)."""
        if kind in {"server", "worker"}:
            getattr(self, kind).kill()
            return
        pid = self.cluster.status().pid
        if pid is not None:
            os.kill(pid, signal.SIGQUIT if kind == "database" else signal.SIGKILL)

    def serves(self) -> tuple[str, float]:
        """A new report that is acknowledged, and after how many seconds."""
        begun, key = monotonic(), self.new_key()
        self.file(key)
        return self.acknowledged[key], monotonic() - begun

    def tells(self, number: str) -> float:
        """Seconds until a unit has its notice of a case."""
        begun = monotonic()
        query = f"SELECT count(*) FROM notice WHERE case_number = '{number}'"
        await_that(lambda: bool(self.asked(query)))
        return monotonic() - begun

    def asked(self, query: str) -> int | None:
        """One number from the database; None while it does not answer."""
        try:
            with self.database.transaction() as session:
                return int(session.execute(text(query)).scalar_one())
        except SQLAlchemyError:  # it is being killed
            return None

    def close(self) -> None:
        self._over.set()
        for clerk in self._clerks:
            clerk.join()
        self.worker.close()
        self.server.close()
        self.database.dispose()


@contextmanager
def storm(
    home: Path,
    variant: str = "product",
    *,
    clerks: int = 6,
    pause_s: float = 0.02,
    hook: str | None = None,
) -> Iterator[Storm]:
    """A storm that has begun: the server answers and clerks file. ``hook``: a webhook's URL."""
    made = Storm(home, variant, pause_s=pause_s, hook=hook)
    try:
        made.file(made.new_key())
        made.begin(clerks)
        yield made
    finally:
        made.close()


def a_report(key: str) -> dict[str, Any]:
    lon, lat = CENTRE
    return {
        "kind": "dispute",
        "category": "labour",
        "title": key,
        "text": "工地拖欠工资",
        "occurred_at": "2026-02-19T09:30:00+08:00",
        "source": "window",
        "place": {"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": 10},
        "synthetic": True,
    }


def await_that(true: Any, within_s: float = END_WITHIN_S) -> None:
    until = monotonic() + within_s
    while not true():
        if monotonic() > until:
            raise TimeoutError("it did not come to be")
        sleep(LOOK_EVERY_S)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
