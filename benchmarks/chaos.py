"""Chaos: reports filed without pause while everything is killed again and again.

    ./fengqiao bench chaos [--kills 20] [--clerks 6] [--reports 5000]

`fengqiao serve`, `fengqiao worker` and the embedded PostgreSQL (fsync on), each a process.
Each kind of kill comes `--kills` times: kill -9 of server, worker and the database's first process,
and an immediate stop of the database. A fifth of the keys is filed twice at once, a fifth again
later. Afterwards the database is asked what is lost, doubled or untold, and a receiver of webhooks
what it got. Then the same check has to find out three deliberately wrong variants.
"""

import argparse
import json
import platform
import random
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from statistics import median
from time import sleep
from typing import Any

from tests.api.notices.receivers import Receiver, receiving
from tests.chaos.check import Findings
from tests.chaos.storm import HOOKED, Storm, await_that, house, storm

KINDS = ("server", "worker", "database", "postmaster")
WRONG = ("no_key", "outbox_apart", "no_waiting")
WRONG_KILLS = 6
UNSENT = "SELECT count(*) FROM delivery WHERE state <> 'sent'"
SENT = f"SELECT count(DISTINCT event_id) FROM delivery WHERE recipient = '{HOOKED}'"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="of each kind")
    parser.add_argument("--clerks", type=int, default=6)
    parser.add_argument("--reports", type=int, default=5_000, help="at least")
    asked = parser.parse_args()
    found: dict[str, Any] = {"benchmark": "chaos", "kills_of_each_kind": asked.kills}
    with house() as home:
        found |= product(home, asked)
        found["wrong"] = {variant: wrong(home, variant).broken for variant in WRONG}
    for variant, broken in found["wrong"].items():
        print(f"{variant:14} found out: {broken or 'NOT'}")
    print(json.dumps(found | {"python": platform.python_version()}))
    sound = not found["broken"] and not found["unreceived"] and all(found["wrong"].values())
    sys.exit(not sound)


def product(home: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Kill everything in turn; what was broken, and how long it took to come back."""
    kinds = [kind for kind in KINDS for _ in range(asked.kills)]
    chance = random.Random(1)  # noqa: S311 - no secret
    chance.shuffle(kinds)
    served: dict[str, list[float]] = {kind: [] for kind in KINDS}
    told: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with receiving() as receiver, storm(home, clerks=asked.clerks, hook=receiver.url) as ours:
        for kind in kinds:
            sleep(chance.uniform(0.2, 1.0))
            ours.kill(kind)
            number, served_s = ours.serves()
            served[kind].append(served_s)
            told[kind].append(served_s + ours.tells(number))
        await_that(lambda: len(ours.acknowledged) >= asked.reports, 600.0)
        found = ours.calm()
        unreceived, repeated = received(ours, receiver)
    show(found, served, told)
    print(f"{'webhooks':14} {unreceived} not received, {repeated} received more than once")
    return {
        **asdict(found),
        "broken": found.broken | ({"answers": 1} if ours.contradicted else {}),
        "unreceived": unreceived,
        "received_again": repeated,
        "served_again_max_s": {kind: round(max(each), 1) for kind, each in served.items()},
        "told_again_max_s": {kind: round(max(each), 1) for kind, each in told.items()},
    }


def received(ours: Storm, receiver: Receiver) -> tuple[int, int]:
    """Events that the receiver never got, and those that it got more than once."""
    await_that(lambda: ours.asked(UNSENT) == 0, 600.0)
    got = Counter(each.headers["X-Fengqiao-Event"] for each in receiver.got)
    return (ours.asked(SENT) or 0) - len(got), sum(many > 1 for many in got.values())


def wrong(home: Path, variant: str) -> Findings:
    """What the check says of a wrong variant, after some kills."""
    with storm(home, variant, clerks=8, pause_s=0.0) as ours:
        for _ in range(WRONG_KILLS):
            sleep(0.4)
            ours.kill("database")
            ours.serves()
        return ours.calm()


def show(
    found: Findings, served: Mapping[str, list[float]], told: Mapping[str, list[float]]
) -> None:
    print(f"{found.acknowledged} reports acknowledged; broken: {found.broken or 'nothing'}")
    print(f"{'killed':14}{'times':>7}{'served again':>22}{'told again':>22}")
    for kind, each in served.items():
        again, then = spread(each), spread(told[kind])
        print(f"{kind:14}{len(each):>7}{again:>22}{then:>22}")


def spread(times: list[float]) -> str:
    return f"{median(times):.1f} s, at most {max(times):.1f}"


if __name__ == "__main__":
    main()
