"""Intake: POST /v1/reports beside pgbench writing the same rows, in one run, on one server.

    ./fengqiao bench intake [--seconds 8] [--rounds 3] [--connections 32]

One worker of the API on a durable cluster (fsync and synchronous_commit on) with the areas of the
demonstration. pgbench replays what one report left in every table, as prepared statements in one
transaction, with the same locked counter row for the case number; only keys differ.
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
from sqlalchemy import Connection, make_url, text

from api.accounts.service import Newcomer, add, grant
from api.demo.district import areas
from api.demo.loader import drafts
from api.migrations import migrate
from api.rights.roles import Role
from api.sessions.domain import PHONE_LIFE, Device
from api.sessions.door import COOKIE
from api.sessions.service import Opening, Origin, begin
from benchmarks.requests import Answer, Client
from gis.cluster import Cluster
from gis.database import Database
from gis.installation import server_for
from grids.hierarchy import AreaKind
from grids.importer import apply, plan

TABLES = (
    "report",
    "case_file",
    "assignment",
    "case_event",
    "outbox_event",
    "submission",
    "audit_entry",
)
# In the script, where a colon stands pgbench puts a parameter.
REPORT, CASE = "CAST(:report AS uuid)", "CAST(:case AS uuid)"
KEY = "'pgbench-' || CAST(:case AS text)"
NUMBER = "'PB-1999-' || CAST(:last AS text)"
COUNTER = (
    "INSERT INTO case_counter (year, last) VALUES (1999, 1) ON CONFLICT (year)"
    " DO UPDATE SET last = case_counter.last + 1 RETURNING last \\gset"
)
MADE = {"id", "previous", "hash"}  # by the database
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


def counted(connection: Connection) -> dict[str, int]:
    return {
        table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        for table in TABLES
    }


def raced(
    cluster: Cluster, database: Database, api: Api, asked: argparse.Namespace
) -> tuple[list[float], list[float], list[float]]:
    """Transactions per second of both sides, turn by turn, and the API's times per request."""
    asyncio.run(file_for(api, 4, 2.0))
    script = written_script(database)
    require_same_rows(cluster, database, api, script)
    ours, theirs, late = list[float](), list[float](), list[float]()
    for _ in range(asked.rounds):
        begun = perf_counter()
        filed, taken = asyncio.run(file_for(api, asked.connections, asked.seconds))
        ours.append(filed / (perf_counter() - begun))
        late += taken
        theirs.append(replayed(cluster, database, script, asked.connections, asked.seconds))
    return ours, theirs, late


def written_script(database: Database) -> Path:
    """A pgbench script that writes again what one dispatched report left in the tables.

    The statements come in the order of the API's, the locked counter as late as there.
    """
    with database.engine.connect() as connection:
        query = text("SELECT * FROM case_file WHERE state = 'dispatched' LIMIT 1")
        case = connection.execute(query).mappings().one()
        lines = [
            "BEGIN;",
            "SELECT gen_random_uuid() AS report, gen_random_uuid() AS case \\gset",
            copy_of(connection, "report", "id", case["report_id"], {"id": REPORT}),
            *(
                copy_of(connection, table, column, case["id"], {column: key})
                for table, column, key in (
                    ("assignment", "case_id", CASE),
                    ("case_event", "case_id", CASE),
                    ("outbox_event", "subject", ":case"),
                )
            ),
            copy_of(connection, "submission", "case_id", case["id"], {"key": KEY, "case_id": CASE}),
            COUNTER,
            copy_of(
                connection,
                "case_file",
                "id",
                case["id"],
                {"id": CASE, "number": NUMBER, "report_id": REPORT},
            ),
            copy_of(
                connection,
                "audit_entry",
                "subject",
                f"case:{case['number']}",
                {"subject": f"U&'case\\003A' || {NUMBER}"},
            ),
            "COMMIT;",
        ]
    path = Path(tempfile.mkstemp(suffix=".sql")[1])
    path.write_text("\n".join(lines), encoding="utf-8")
    path.chmod(0o644)
    return path


def copy_of(
    connection: Connection, table: str, key: str, value: object, changed: dict[str, str]
) -> str:
    """An INSERT of the rows of one report, with other keys; MADE is left to the database."""
    query = text(f"SELECT * FROM {table} WHERE {key}::text = :value")
    rows = connection.execute(query, {"value": str(value)})
    names = [name for name in rows.keys() if name not in MADE or name in changed]  # noqa: SIM118
    values = [
        "(" + ", ".join(changed.get(name) or literal(row[name]) for name in names) + ")"
        for row in rows.mappings()
    ]
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join(values)};"


def literal(value: object) -> str:
    """A value as SQL; pgbench must not take a colon in it for a variable."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value)
    words = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return "U&'" + words.replace("\\", "\\\\").replace("'", "''").replace(":", "\\003A") + "'"


def replayed(
    cluster: Cluster, database: Database, script: Path, clients: int, seconds: float
) -> float:
    """Transactions per second of pgbench with the script."""
    url = make_url(database.url)
    words = [
        server_for(cluster.status().version).program("pgbench"),
        *("--no-vacuum", "--protocol=prepared", f"--file={script}"),
        *(f"--client={clients}", "--jobs=1", f"--time={max(1, round(seconds))}"),
        *(f"--host={url.query['host']}", f"--username={url.username}", str(url.database)),
    ]
    said = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
    line = next(line for line in said.splitlines() if line.startswith("tps ="))
    return float(line.split()[2])


def require_same_rows(cluster: Cluster, database: Database, api: Api, script: Path) -> None:
    """Both sides must leave the same number of rows in each table for each transaction."""
    with database.engine.connect() as connection:
        before = counted(connection)
        filed, _ = asyncio.run(file_for(api, 1, 1.0))
        between = counted(connection)
        connection.commit()
        replayed(cluster, database, script, 1, 1.0)
        after = counted(connection)
    ours = {table: (between[table] - before[table]) / filed for table in TABLES}
    cases = after["case_file"] - between["case_file"]
    theirs = {table: (after[table] - between[table]) / cases for table in TABLES}
    if ours != theirs:
        raise RuntimeError(f"not the same rows: {ours} and {theirs}")


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
