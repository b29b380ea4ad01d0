"""A storm of wrong passwords beside people who work: what does it cost them?

    ./fengqiao bench sign_ins [--seconds 15] [--rate 200] [--work-rate 20]

One worker of the API. Wrong passwords come at a fixed rate whether or not they are answered, each
from another address and for another name, which no throttle can hold: what is left is the short
queue before the hash. Beside them somebody signed in lists reports, asks who answers for a place
and looks at the queue, at a fixed rate too. The same work without a storm, in the same run, is the
peer.
"""

import argparse
import asyncio
import json
import platform
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import count, cycle
from statistics import quantiles
from time import perf_counter

from benchmarks.intake import Api, file_one, prepared, reports, served
from benchmarks.requests import Answer, Client

PLACES = "lon=123.50156&lat=41.79363&datum=wgs84"
WORK = ("/v1/reports?limit=60", f"/v1/route?{PLACES}", "/v1/placements", "/v1/me")
FILED = 200
TARGET_MS = 200.0

Ask = Callable[[Client], Awaitable[Answer]]


class Links:
    """Connections that are kept open; one more is opened where all are busy."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[Client] = []

    async def ask(self, question: Ask) -> tuple[int, float]:
        """Status and seconds of one question."""
        begun = perf_counter()
        link = self._idle.pop() if self._idle else await Client.open(self._port)
        answer = await question(link)
        self._idle.append(link)
        return answer.status, perf_counter() - begun

    def close(self) -> None:
        for link in self._idle:
            link.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--work-rate", type=float, default=20.0)
    asked = parser.parse_args()
    with prepared() as (_, database), served(database) as api:
        quiet, storm, statuses = asyncio.run(measured(api, asked))
    show(quiet, storm, statuses, asked)


async def measured(
    api: Api, asked: argparse.Namespace
) -> tuple[list[float], list[float], Counter[int]]:
    """Seconds of each question without and with a storm, and how the storm was answered."""
    await fill(api)
    await worked(api, asked.work_rate, 2.0)
    quiet = await worked(api, asked.work_rate, asked.seconds)
    storming = asyncio.create_task(stormed(api.port, asked.rate, asked.seconds + 2.0))
    await asyncio.sleep(2.0)
    storm = await worked(api, asked.work_rate, asked.seconds)
    return quiet, storm, await storming


async def fill(api: Api) -> None:
    link, source = await Client.open(api.port), reports()
    for _ in range(FILED):
        await file_one(link, next(source), api.headers)
    link.close()


async def worked(api: Api, rate: float, seconds: float) -> list[float]:
    """Seconds of each question of somebody who is signed in."""
    paths, links = cycle(WORK), Links(api.port)

    async def question(link: Client) -> Answer:
        return await link.ask("GET", next(paths), None, api.headers)

    answers = await at_rate(links, question, rate, seconds)
    if any(status != 200 for status, _ in answers):
        raise RuntimeError(f"refused: {Counter(status for status, _ in answers)}")
    return [taken for _, taken in answers]


async def stormed(port: int, rate: float, seconds: float) -> Counter[int]:
    """How wrong passwords from everywhere were answered, by status."""
    numbers = count()

    async def question(link: Client) -> Answer:
        number = next(numbers)
        origin = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        body = {"name": f"nobody{number}", "password": "wrong horse battery"}
        return await link.ask("POST", "/v1/sessions", body, origin)

    answers = await at_rate(Links(port), question, rate, seconds)
    return Counter(status for status, _ in answers)


async def at_rate(
    links: Links, question: Ask, rate: float, seconds: float
) -> list[tuple[int, float]]:
    """Ask at a fixed rate, whether or not what was asked before is answered."""
    begun, tasks = perf_counter(), list[asyncio.Task[tuple[int, float]]]()
    for number in range(round(rate * seconds)):
        await asyncio.sleep(max(0.0, begun + number / rate - perf_counter()))
        tasks.append(asyncio.create_task(links.ask(question)))
    answers = await asyncio.gather(*tasks)
    links.close()
    return answers


def p95(taken: list[float]) -> float:
    """In milliseconds."""
    return quantiles(taken, n=20)[18] * 1000


def show(
    quiet: list[float], storm: list[float], statuses: Counter[int], asked: argparse.Namespace
) -> None:
    print(f"{'':24}{'p95, ms':>10}")
    print(f"{'no storm':24}{p95(quiet):10.1f}")
    print(f"{asked.rate:.0f} wrong passwords/s {p95(storm):14.1f}   answered {dict(statuses)}")
    found = {
        "benchmark": "sign_ins",
        "p95_quiet_ms": round(p95(quiet), 1),
        "p95_storm_ms": round(p95(storm), 1),
        "ratio_storm_vs_quiet": round(p95(storm) / p95(quiet), 2),
        "within_target": p95(storm) <= TARGET_MS,
        "wrong_per_s": asked.rate,
        "answered": {str(status): many for status, many in sorted(statuses.items())},
        "workers": 1,
        "python": platform.python_version(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
