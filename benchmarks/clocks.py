"""Workers with wrong clocks, killed again and again: cards missed, given twice, and how late.

    ./fengqiao bench clocks [--clocks 10000] [--span 60] [--workers 4] [--kills 40]

Every clock gives three cards; they become due evenly over the span. The lateness of a card is how
long after its instant it was given, by the time of the database. Beside it the same database takes
the bare inserts of as many cards, which is what the disk allows. Killed workers are started anew,
and their own clocks are three days slow, right, three days fast.
"""

import argparse
import json
import platform
import sys
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[1]))

from api.migrations import migrate
from gis.cluster import throwaway_cluster
from gis.database import Database
from tests.api.clocks.chaos import CARDS, fill, torment, verdict

STARTING_S = 20.0
"""Until the first clock is due: on a busy machine a process takes long to begin."""
LATENESS = text(
    """
    SELECT percentile_cont(:shares) WITHIN GROUP (ORDER BY extract(epoch FROM card.at -
        CASE card.card WHEN 'reminder' THEN remind_at WHEN 'yellow' THEN clock.due_at
        ELSE red_at END))
    FROM card JOIN clock ON clock.id = card.clock_id
    """
)
BARE = text(
    """
    INSERT INTO card (clock_id, case_id, card, tier, due_at, at)
    SELECT clock_id, case_id, card, tier, due_at + interval '1 year', now() FROM card
    """
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clocks", type=int, default=10_000)
    parser.add_argument("--span", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--kills", type=int, default=40)
    asked = parser.parse_args()
    with throwaway_cluster() as cluster:
        url = cluster.ensure()
        migrate(url)
        database = Database(url)
        found = measured(database, asked)
        database.dispose()
    print(json.dumps({"machine": platform.machine(), **found}, indent=2))


def measured(database: Database, asked: argparse.Namespace) -> dict[str, object]:
    """One run, its verdict, and how late the cards were."""
    fill(database, asked.clocks, asked.span, delay_s=STARTING_S)
    days = list(islice(cycle((-3, 0, 3)), asked.workers))
    began = perf_counter()
    kills = torment(database, days, kills=asked.kills, within_s=asked.span * 5)
    took = perf_counter() - began
    shares = [0.5, 0.95, 0.99, 1.0]
    with database.transaction() as session:
        late = session.execute(LATENESS, {"shares": shares}).scalar_one()
    found = verdict(database, asked.clocks)
    began = perf_counter()
    with database.transaction() as session:
        session.execute(BARE)
    return {
        "clocks": asked.clocks,
        "cards": asked.clocks * CARDS,
        "kills": kills,
        "took_s": round(took, 1),
        **found._asdict(),
        "late_s": {f"p{share * 100:g}": round(s, 2) for share, s in zip(shares, late, strict=True)},
        "bare_inserts_s": round(perf_counter() - began, 2),
    }


if __name__ == "__main__":
    main()
