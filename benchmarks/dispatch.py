"""Dispatch: from POST /v1/reports to the notice on the unit's screen, beside the bare transaction.

    ./fengqiao bench dispatch [--seconds 8] [--rounds 3] [--connections 32]

One server, with its worker, on a durable cluster. Counted are the cases that were placed, routed,
opened and told to each of their units, from the first request to the last notice. pgbench writes
the same rows, notices included, in one transaction a case (`benchmarks/bare.py`).
"""

import argparse
import asyncio
import json
import platform
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from sqlalchemy import text

from benchmarks.bare import TABLES, counted, replayed, require_same_rows, written_script
from benchmarks.intake import Api, file_for, prepared, served
from gis.cluster import Cluster
from gis.database import Database

WAITING = text("SELECT count(*) FROM outbox_event WHERE delivered_at IS NULL")
LOOK_EVERY_S = 0.01
ALL = (*TABLES, "notice")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    asked = parser.parse_args()
    with prepared() as (cluster, database), served(database) as api:
        ours, theirs, behind = raced(cluster, database, api, asked)
    print(f"{'':12}{'cases/s':>12}")
    print(f"{'Fengqiao':12}{median(ours):12,.0f}   the last notice {max(behind):.2f} s after 201")
    print(f"{'pgbench':12}{median(theirs):12,.0f}   same rows, one transaction")
    found = {
        "benchmark": "dispatch",
        "cases_per_s": round(median(ours)),
        "pgbench_per_s": round(median(theirs)),
        "ratio_vs_pgbench": round(median(o / t for o, t in zip(ours, theirs, strict=True)), 2),
        "last_notice_behind_s": round(max(behind), 2),
        "connections": asked.connections,
        "rounds": asked.rounds,
        "python": platform.python_version(),
    }
    print(json.dumps(found))


def raced(
    cluster: Cluster, database: Database, api: Api, asked: argparse.Namespace
) -> tuple[list[float], list[float], list[float]]:
    """Cases per second of both sides, turn by turn, and by how much the notices came later."""
    told_for(database, api, 4, 2.0)
    script = written_script(database, told=True)
    compare_rows(cluster, database, api, script)
    ours, theirs, behind = list[float](), list[float](), list[float]()
    for _ in range(asked.rounds):
        filed, filing_s, told_s = told_for(database, api, asked.connections, asked.seconds)
        ours.append(filed / told_s)
        behind.append(told_s - filing_s)
        theirs.append(replayed(cluster, database, script, asked.connections, asked.seconds))
    return ours, theirs, behind


def told_for(
    database: Database, api: Api, connections: int, seconds: float
) -> tuple[int, float, float]:
    """How many cases were filed, and the seconds until the last answer and the last notice."""
    begun = perf_counter()
    filed, _ = asyncio.run(file_for(api, connections, seconds))
    filing_s = perf_counter() - begun
    with database.engine.connect() as connection:
        while connection.execute(WAITING).scalar_one():
            connection.commit()
            sleep(LOOK_EVERY_S)
    return filed, filing_s, perf_counter() - begun


def compare_rows(cluster: Cluster, database: Database, api: Api, script: Path) -> None:
    """Both sides must leave the same number of rows in each table for each case."""
    with database.engine.connect() as connection:
        before = counted(connection, ALL)
        told_for(database, api, 1, 1.0)
        between = counted(connection, ALL)
        connection.commit()
        replayed(cluster, database, script, 1, 1.0)
        require_same_rows(before, between, counted(connection, ALL))


if __name__ == "__main__":
    main()
