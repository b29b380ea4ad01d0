"""The audit: checking a million chained entries, beside the same check in SQL, in one run.

    ./fengqiao bench audit [--entries 1000000] [--rounds 3]

Entries are written by the product's own trigger. Ours (`api.audit.service.verify`) streams them out
and hashes them in Python, so that it need not trust the database's functions; the peer has
PostgreSQL hash them where they lie, with window functions for the links. Beside the clock both must
find a sound chain sound, and afterwards one edited entry.
"""

import argparse
import json
import platform
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

from sqlalchemy import text

from api.audit import service
from api.migrations import migrate
from gis.cluster import throwaway_cluster
from gis.database import Database

# More in one transaction fill the head's page with versions that cannot be pruned before its end.
BATCH = 50
AT = datetime(2026, 11, 23, tzinfo=UTC)
FILL = text(
    """
    INSERT INTO audit_entry (at, deed, actor, actor_name, subject, content, reason)
    SELECT CAST(:at AS timestamptz) + n * interval '1 second',
        (ARRAY['case_read', 'party_revealed', 'sign_in', 'report_filed'])[1 + n % 4],
        md5((n % 300)::text)::uuid::text, '接待员' || n % 300,
        'case:DD-2026-' || lpad((n % 60000)::text, 6, '0'),
        jsonb_build_object('fields', jsonb_build_array('phone', 'address'), 'number', n),
        CASE WHEN n % 4 = 1 THEN '电话核实当事人' ELSE '' END
    FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
    """
)
FIELDS = ("deed", "actor", "actor_name", "subject", "content::text", "reason")
PACKED = " || ".join(f"int4send(octet_length({each})) || textsend({each})" for each in FIELDS)
IN_SQL = text(
    f"""
    SELECT count(*), min(id) FROM (
        SELECT id,
            hash = sha256(int4send(8) || int8send(id) || int4send(8) || timestamptz_send(at)
                || {PACKED} || int4send(32) || previous)
            AND previous = lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER by_id
            AND id = row_number() OVER by_id AS sound
        FROM audit_entry WINDOW by_id AS (ORDER BY id)
    ) AS checked WHERE NOT sound
    """
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with throwaway_cluster() as cluster:
        url = cluster.ensure()
        migrate(url)
        database = Database(url)
        try:
            writing = filled(database, asked.entries)
            ours, theirs = raced(database, asked.entries, asked.rounds)
            require_both_find_an_edit(database, asked.entries // 2)
        finally:
            database.dispose()
    show(ours, theirs, writing, asked)


def filled(database: Database, entries: int) -> float:
    """Write the entries, some at a time, and return how many went in a second."""
    begun = perf_counter()
    for first in range(1, entries + 1, BATCH):
        words = {"at": AT, "first": first, "last": min(first + BATCH - 1, entries)}
        with database.transaction() as session:
            session.execute(FILL, words)
    taken = perf_counter() - begun
    with database.transaction() as session:
        session.execute(text("ANALYZE audit_entry"))
    return entries / taken


def raced(database: Database, entries: int, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of both sides, turn by turn."""
    ours, theirs = list[float](), list[float]()
    for _ in range(rounds):
        begun = perf_counter()
        with database.transaction() as session:
            found = service.verify(session)
        ours.append(perf_counter() - begun)
        if not found.sound or found.entries != entries:
            raise RuntimeError(f"the chain is sound: {found}")
        begun = perf_counter()
        many, _ = in_sql(database)
        theirs.append(perf_counter() - begun)
        if many:
            raise RuntimeError(f"the chain is sound: {many} flaws in SQL")
    return ours, theirs


def in_sql(database: Database) -> tuple[int, int | None]:
    """How many entries are wrong and the first of them, as PostgreSQL finds them."""
    with database.transaction() as session:
        many, first = session.execute(IN_SQL).one()
    return many, first


def require_both_find_an_edit(database: Database, number: int) -> None:
    with database.transaction() as session:
        session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        change = text("UPDATE audit_entry SET reason = '改过' WHERE id = :id")
        session.execute(change, {"id": number})
    with database.transaction() as session:
        ours = [flaw.first for flaw in service.verify(session).flaws]
    if ours != [number] or in_sql(database) != (1, number):
        raise RuntimeError(f"entry {number} was edited, found: {ours} and {in_sql(database)}")


def show(ours: list[float], theirs: list[float], writing: float, asked: argparse.Namespace) -> None:
    print(f"{asked.entries:,} entries, written at {writing:,.0f} a second")
    print(f"{'':24}{'seconds':>9}")
    print(f"{'Fengqiao, in Python':24}{median(ours):9.2f}")
    print(f"{'PostgreSQL, in SQL':24}{median(theirs):9.2f}")
    found = {
        "benchmark": "audit",
        "entries": asked.entries,
        "verify_s": round(median(ours), 2),
        "sql_s": round(median(theirs), 2),
        "ratio_vs_sql": round(median(t / o for o, t in zip(ours, theirs, strict=True)), 2),
        "rounds": asked.rounds,
        "python": platform.python_version(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
