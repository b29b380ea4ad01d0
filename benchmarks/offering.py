"""Offering: from the commit of a report to the screen of the unit that it was sent to.

    ./fengqiao bench offering [--seconds 60] [--clerks 3] [--screens 4] [--kills 5]

`fengqiao serve`, `fengqiao worker` and the embedded PostgreSQL, each a process. Clerks file;
screens of a police station ask `GET /v1/notices` once a second with the ETag of before, as the
pages do. Counted is from the answer 201, which comes after the commit, to the screen's answer that
shows the case. Then the worker is killed, and the same is counted for the first report after it.
"""

import argparse
import http.client
import json
import platform
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import monotonic, sleep

from tests.chaos.storm import Storm, await_that, house, storm

EACH_S = 1.0
PATH = "/v1/notices?unread=true&limit=200"


@dataclass
class Screen:
    """Asks once a second what is new, and notes when it saw each case first."""

    ours: Storm
    headers: dict[str, str]
    seen: dict[str, float] = field(default_factory=dict)
    asked: int = 0
    unchanged: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.ours.port, timeout=5)
        known: dict[str, str] = {}
        while not self.over.wait(EACH_S):
            link.request("GET", PATH, headers=self.headers | known)
            answer = link.getresponse()
            body = answer.read()
            self.asked += 1
            known = {"If-None-Match": answer.headers["ETag"]}
            self.unchanged += answer.status == 304
            if answer.status == 200:
                for item in json.loads(body)["items"]:
                    self.seen.setdefault(item["case_number"], monotonic())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--clerks", type=int, default=3)
    parser.add_argument("--screens", type=int, default=4)
    parser.add_argument("--kills", type=int, default=5)
    asked = parser.parse_args()
    with house() as home, storm(home, clerks=asked.clerks, pause_s=0.3) as ours:
        late, screens = watched(ours, asked)
        killed = [after_a_kill(ours) for _ in range(asked.kills)]
        ours.calm()
    show(late, screens, killed)


def watched(ours: Storm, asked: argparse.Namespace) -> tuple[list[float], list[Screen]]:
    """How late each report of the time was on each screen."""
    screens = [Screen(ours, ours.handler()) for _ in range(asked.screens)]
    with ExitStack() as stack:
        for screen in screens:
            thread = threading.Thread(target=screen.watch)
            thread.start()
            stack.callback(thread.join)
            stack.callback(screen.over.set)
            sleep(EACH_S / asked.screens)  # screens do not ask at the same moment
        sleep(2 * EACH_S)
        begun = monotonic()
        sleep(asked.seconds)
        filed = {number: at for number, at in ours.acknowledged_at.items() if at >= begun}
        await_that(lambda: all(filed.keys() <= screen.seen.keys() for screen in screens))
    return [screen.seen[number] - at for number, at in filed.items() for screen in screens], screens


def after_a_kill(ours: Storm) -> float:
    """Seconds until a report is told that was filed just when the worker was killed."""
    sleep(EACH_S)
    ours.kill("worker")
    number, served_s = ours.serves()
    return served_s + ours.tells(number)


def show(late: list[float], screens: list[Screen], killed: list[float]) -> None:
    p95, p99 = quantiles(late, n=100)[94], quantiles(late, n=100)[98]
    unchanged = sum(each.unchanged for each in screens) / sum(each.asked for each in screens)
    print(f"{len(late)} reports on screens: p50 {median(late):.2f} s, p95 {p95:.2f}, p99 {p99:.2f}")
    print(f"{unchanged:.0%} of the questions were answered 304")
    print(f"worker killed {len(killed)} times: told again after at most {max(killed):.1f} s")
    found = {
        "benchmark": "offering",
        "samples": len(late),
        "p50_s": round(median(late), 2),
        "p95_s": round(p95, 2),
        "p99_s": round(p99, 2),
        "unchanged": round(unchanged, 2),
        "after_a_kill_max_s": round(max(killed), 1),
        "python": platform.python_version(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
