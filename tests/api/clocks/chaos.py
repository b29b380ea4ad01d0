"""Workers as processes whose own clocks are wrong, killed again and again; what came of it."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import text

from gis.database import Database

ROOT = Path(__file__).parents[3]
CARDS = 3
CASES = 50

# Every card of a clock has been due for a while, or becomes due while the workers run.
FILL = text(
    """
    WITH reported AS (
        INSERT INTO report (id, kind, category, text, source, occurred_at, received_at, routed_on,
            raw_place, method, people_involved, synthetic)
        SELECT gen_random_uuid(), 'dispute', 'labour', '试', 'window', now(), now(), now()::date,
            '{}', 'none', 1, true
        FROM generate_series(1, :cases) RETURNING id
    ), opened AS (
        INSERT INTO case_file (id, number, report_id, state, opened_at)
        SELECT gen_random_uuid(), 'CH-2026-' || lpad((row_number() OVER ())::text, 6, '0'), id,
            'handling', now()
        FROM reported RETURNING id
    ), placed AS (
        SELECT id, row_number() OVER () - 1 AS place FROM opened
    )
    INSERT INTO clock (case_id, kind, amount, unit, started_at, remind_at, due_at, red_at, next_at)
    SELECT placed.id, 'sign', 60, 'minutes', begun, begun + interval '1 second',
        begun + interval '2 seconds', begun + interval '3 seconds', begun + interval '1 second'
    FROM (
        SELECT n, now() + make_interval(secs => n * :span / :clocks + :delay - 3) AS begun
        FROM generate_series(1, :clocks) AS n
    ) AS wanted JOIN placed ON placed.place = wanted.n % :cases
    """
)
TOLD = text(
    """
    SELECT
        (SELECT count(*) FROM card) AS cards,
        (SELECT count(DISTINCT (clock_id, card)) FROM card) AS different,
        (SELECT count(*) FROM outbox_event WHERE topic LIKE 'clock.%') AS events,
        (SELECT count(*) FROM case_event
            WHERE happening IN ('reminded', 'yellow_card', 'red_card')) AS lines,
        (SELECT count(*) FROM clock WHERE next_at IS NOT NULL) AS waiting
    """
)


class Verdict(NamedTuple):
    """Cards that nobody gave, cards given twice, and cards without their event or line."""

    missed: int
    doubled: int
    untold: int


def fill(database: Database, clocks: int, span_s: float, delay_s: float = 0) -> None:
    """Clocks whose cards become due within ``span_s`` after ``delay_s``, the first ones sooner."""
    with database.transaction() as session:
        session.execute(FILL, {"cases": CASES, "clocks": clocks, "span": span_s, "delay": delay_s})


def verdict(database: Database, clocks: int) -> Verdict:
    """What came of the clocks that :func:`fill` made."""
    with database.transaction() as session:
        cards, different, events, lines, _ = session.execute(TOLD).one()
    doubled, untold = cards - different, abs(cards - events) + abs(cards - lines)
    return Verdict(clocks * CARDS - different, doubled, untold)


def waiting(database: Database) -> int:
    """How many clocks have a card to give."""
    with database.transaction() as session:
        return int(session.execute(TOLD).one().waiting)


def torment(
    database: Database, days: Sequence[int], *, kills: int, within_s: float, how: str = "right"
) -> int:
    """Run a worker for each of ``days`` of error, kill them ``kills`` times, wait for the end.

    Answers how many kills there were.
    """
    chance, done = random.Random(7), 0  # noqa: S311 - which worker dies when is no secret
    url = database.url
    running = [(day, _start(url, day, how)) for day in days]
    ends = time.monotonic() + within_s
    try:
        while (done < kills or waiting(database)) and time.monotonic() < ends:
            place = chance.randrange(len(running))
            day, process = running[place]
            if done < kills and process.stdout and process.stdout.readline():
                time.sleep(chance.uniform(0, 0.3))  # it is in the middle of something now
                _kill(process)
                running[place] = (day, _start(url, day, how))
                done += 1
            else:
                time.sleep(0.1)
    finally:
        for _, process in running:
            _kill(process)
    return done


def _start(url: str, days: int, how: str) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "tests.api.clocks.skewed", url, str(days), how]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGKILL)
    process.communicate()
