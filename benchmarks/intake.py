"""Intake: POST /v1/reports beside pgbench writing the same rows, in one run, on one server.

    ./fengqiao bench intake [--seconds 8] [--rounds 3] [--connections 32]

One server, with its worker, on a durable cluster (fsync and synchronous_commit on) with the areas
of the demonstration. The peer is the bare database transaction (`benchmarks/bare.py`).
"""

import argparse
import asyncio
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep
from typing import Any, NamedTuple

import numpy as np

from api.accounts.service import Newcomer, add, grant
from api.demo.district import areas
from api.demo.loader import drafts
from api.migrations import migrate
from api.rights.roles import Role
from api.sessions.domain import PHONE_LIFE, Device
from api.sessions.door import COOKIE
from api.sessions.service import Opening, Origin, begin
from benchmarks.bare import counted, replayed, require_same_rows, written_script
from benchmarks.requests import Answer, Client
from gis.cluster import Cluster
from gis.database import Database
from grids.hierarchy import AreaKind
from grids.importer import apply, plan

KEYS = count()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    asked = parser.parse_args()
    with prepared() as (cluster, database), served(database) as api:
        ours, theirs, late = raced(cluster, database, api, asked)
    show(ours, theirs, late, asked)


@contextmanager
def prepared() -> Iterator[tuple[Cluster, Database]]:
    """A durable cluster of its own with the demonstration's areas."""
    with tempfile.TemporaryDirectory(prefix="fengqiao-") as name:
        Path(name).chmod(0o711)
        cluster = Cluster(Path(name))
        database = Database(cluster.ensure())
        try:
            migrate(database.url)
            with database.transaction() as session:
                change = plan(session, drafts(), valid_from=date(2025, 1, 1), author="bench")
                apply(session, change)
            yield cluster, database
        finally:
            database.dispose()
            cluster.stop(at_once=True)


class Api(NamedTuple):
    """A worker of the API: its port, and the headers of a clerk who has signed in."""

    port: int
    headers: dict[str, str]


@contextmanager
def served(database: Database) -> Iterator[Api]:
    """One worker of the API in a process of its own."""
    port = 18_733
    with (
        tempfile.TemporaryDirectory(prefix="fengqiao-") as home,
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.served", database.url, str(port), home]
        ) as process,
    ):
        try:
            await_answer(port)
            cookie = f"{COOKIE}={clerks_session(database)}"
            yield Api(port, {"Cookie": cookie, "Origin": "http://localhost"})
        finally:
            process.terminate()


def clerks_session(database: Database) -> str:
    now = datetime.now(UTC)
    with database.transaction() as session:
        clerk = add(session, Newcomer("bench", "测速员", area_prefix="210104"), now)
        grant(session, clerk.id, [Role.CLERK], None, now)
        opening = Opening(clerk.id, Device.PHONE, Origin("127.0.0.1", "benchmark"))
        return begin(session, opening, lambda _: PHONE_LIFE, now)


def await_answer(port: int) -> None:
    for _ in range(300):
        try:
            asyncio.run(one(port))
        except OSError:
            sleep(0.1)
        else:
            return
    raise TimeoutError("the API does not answer")


async def one(port: int) -> None:
    client = await Client.open(port)
    await client.ask("GET", "/livez")
    client.close()


def reports() -> Iterator[dict[str, Any]]:
    """Reports at points well inside of cells all over the district, so that each is dispatched."""
    cells = [area.geometry.representative_point() for area in areas() if area.kind is AreaKind.GRID]
    order = np.random.default_rng(1).permutation(len(cells)).tolist()
    while True:
        for place in order:
            yield {
                "kind": "dispute",
                "category": "property",
                "title": "电梯长期停用",
                "text": "业主反映电梯停用两个月，物业迟迟不修。",
                "occurred_at": "2026-02-20T09:30:00+08:00",
                "source": "window",
                "people_involved": 3,
                "place": {"lon": cells[place].x, "lat": cells[place].y, "datum": "wgs84"},
                "synthetic": True,
            }


async def file_for(api: Api, connections: int, seconds: float) -> tuple[int, list[float]]:
    """Reports filed within some seconds by so many connections, and how long each took."""
    source, taken = reports(), list[float]()
    end = perf_counter() + seconds

    async def client() -> None:
        link = await Client.open(api.port)
        while perf_counter() < end:
            begun = perf_counter()
            answer = await file_one(link, next(source), api.headers)
            taken.append(perf_counter() - begun)
            if answer.status != 201:
                raise RuntimeError(answer.body.decode())
        link.close()

    await asyncio.gather(*(client() for _ in range(connections)))
    return len(taken), taken


async def file_one(link: Client, body: dict[str, Any], headers: dict[str, str]) -> Answer:
    key = f"bench-key-{next(KEYS):09d}"
    return await link.ask("POST", "/v1/reports", body, headers | {"Idempotency-Key": key})


def raced(
    cluster: Cluster, database: Database, api: Api, asked: argparse.Namespace
) -> tuple[list[float], list[float], list[float]]:
    """Transactions per second of both sides, turn by turn, and the API's times per request."""
    asyncio.run(file_for(api, 4, 2.0))
    script = written_script(database)
    compare_rows(cluster, database, api, script)
    ours, theirs, late = list[float](), list[float](), list[float]()
    for _ in range(asked.rounds):
        begun = perf_counter()
        filed, taken = asyncio.run(file_for(api, asked.connections, asked.seconds))
        ours.append(filed / (perf_counter() - begun))
        late += taken
        theirs.append(replayed(cluster, database, script, asked.connections, asked.seconds))
    return ours, theirs, late


def compare_rows(cluster: Cluster, database: Database, api: Api, script: Path) -> None:
    """Both sides must leave the same number of rows in each table for each transaction."""
    with database.engine.connect() as connection:
        before = counted(connection)
        asyncio.run(file_for(api, 1, 1.0))
        between = counted(connection)
        connection.commit()
        replayed(cluster, database, script, 1, 1.0)
        require_same_rows(before, between, counted(connection))


def show(
    ours: list[float], theirs: list[float], late: list[float], asked: argparse.Namespace
) -> None:
    p50, p99 = median(late) * 1000, quantiles(late, n=100)[98] * 1000
    print(f"{'':12}{'per second':>12}")
    print(f"{'Fengqiao':12}{median(ours):12,.0f}   p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    print(f"{'pgbench':12}{median(theirs):12,.0f}   same rows, one transaction")
    found = {
        "benchmark": "intake",
        "requests_per_s": round(median(ours)),
        "pgbench_per_s": round(median(theirs)),
        "ratio_vs_pgbench": round(median(o / t for o, t in zip(ours, theirs, strict=True)), 2),
        "p50_ms": round(p50, 2),
        "p99_ms": round(p99, 2),
        "connections": asked.connections,
        "rounds": asked.rounds,
        "workers": 1,
        "python": platform.python_version(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
