"""The dispatcher's queue with 50,000 open cases: pages and counts, beside what a naive query takes.

    ./fengqiao bench dispatch_queue [--cases 50000] [--rounds 200]

Each case has nine running clocks or fewer and stands where the one puts it that is due next. The
pages are asked for as the dispatcher, with row security; the peer reads the same first page by
grouping all clocks by case, which is what an outer join of a list would do.
"""

import argparse
import json
import platform
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parents[1]))

from api.migrations import migrate
from api.queue import service
from api.queue.domain import Part
from api.queue.routes import COUNTED
from api.queue.service import Asked
from api.rights.policy import POLICY
from api.rights.roles import Role, Who
from api.rights.rows import assume
from gis.cluster import throwaway_cluster
from gis.database import Database
from tests.api.people import enter

FILL = text(
    """
    WITH reported AS (
        INSERT INTO report (id, kind, category, text, source, occurred_at, received_at, routed_on,
            raw_place, method, people_involved, synthetic, street_code)
        SELECT gen_random_uuid(), 'dispute', 'labour', '试', 'window', now(), now(), now()::date,
            '{}', 'none', 1, true, '210104' || lpad((n % 14)::text, 3, '0') || '000'
        FROM generate_series(1, :cases) AS n RETURNING id
    ), opened AS (
        INSERT INTO case_file (id, number, report_id, state, grade, tier, opened_at)
        SELECT gen_random_uuid(), 'BE-2026-' || lpad((row_number() OVER ())::text, 6, '0'), id,
            (ARRAY['registered', 'dispatched', 'handling', 'handling', 'mediating', 'performing',
                'settled', 'handling'])[1 + (random() * 7)::int],
            (ARRAY['blue', 'blue', 'yellow', 'orange', 'red'])[1 + (random() * 4)::int],
            'street', now() - random() * interval '60 days'
        FROM reported RETURNING id
    )
    INSERT INTO clock (case_id, kind, amount, unit, started_at, remind_at, due_at, red_at, next_at)
    SELECT opened.id, (ARRAY['sign', 'contact', 'feedback'])[1 + n % 3], 60, 'minutes', begun,
        begun, begun + interval '1 hour', begun + interval '2 hours', begun
    FROM opened, generate_series(1, 9) AS n,
        LATERAL (SELECT now() + (random() - 0.3) * interval '30 days' + n * interval '1 second'
            + 0 * length(opened.id::text) * interval '1 second' AS begun) AS times
    WHERE random() < 0.7
    """
)
NAIVE = text(
    """
    SELECT case_file.id, min(clock.due_at) AS due FROM case_file
    JOIN clock ON clock.case_id = case_file.id
    WHERE stopped_at IS NULL AND paused_at IS NULL AND state NOT IN ('closed', 'refused', 'moved',
        'merged', 'archived')
    GROUP BY case_file.id ORDER BY due LIMIT 50
    """
)
PAGE = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=200)
    asked = parser.parse_args()
    with throwaway_cluster() as cluster:
        url = cluster.ensure()
        migrate(url)
        database = Database(url)
        found = measured(database, asked)
        database.dispose()
    print(json.dumps({"machine": platform.machine(), **found}, indent=2))


def measured(database: Database, asked: argparse.Namespace) -> dict[str, object]:
    """Percentiles in milliseconds of each question, and the ratio to the naive one."""
    entered = enter(database, Role.DISPATCHER, now=datetime.now(UTC))
    who = Who(entered.person_id, "调度", frozenset({Role.DISPATCHER}), None, "210104")
    with database.transaction() as session:
        session.execute(FILL, {"cases": asked.cases})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    questions: dict[str, Callable[[Session], object]] = {
        f"page of {part}": lambda session, part=part: service.page(
            session, Asked(part, who.id), PAGE
        )
        for part in Part
    }
    with database.transaction() as session:
        tenth = service.page(session, Asked(Part.ALL, who.id), 9 * PAGE)[-1].position
    later = Asked(Part.ALL, who.id, after=tenth)
    questions["tenth page"] = lambda session: service.page(session, later, PAGE)
    questions["counts"] = lambda session: [
        service.count(session, Asked(part, who.id)) for part in COUNTED
    ]
    questions["naive first page"] = lambda session: session.execute(NAIVE).all()
    times = {name: timed(database, who, ask, asked.rounds) for name, ask in questions.items()}
    naive = times["naive first page"]["p95_ms"]
    return {
        "cases": asked.cases,
        **times,
        "ratio": round(naive / times["page of all"]["p95_ms"], 1),
    }


def timed(
    database: Database, who: Who, ask: Callable[[Session], object], rounds: int
) -> dict[str, float]:
    """p50 and p95 of a question, asked as somebody, in milliseconds."""
    reach = POLICY["GET", "/v1/queue"].reach(who)
    took = []
    for _ in range(rounds):
        began = perf_counter()
        with database.transaction() as session:
            assume(session, who, reach)
            ask(session)
        took.append((perf_counter() - began) * 1000)
    cuts = statistics.quantiles(took, n=20)
    return {"p50_ms": round(cuts[9], 1), "p95_ms": round(cuts[18], 1)}


if __name__ == "__main__":
    main()
