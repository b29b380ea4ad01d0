"""A storm on one path takes nobody's turn on another."""

import asyncio

from starlette.types import Message, Receive, Scope, Send

from api.hashing import full
from api.limits import FewAtOnce

PATH = "/v1/sessions"


def asked(app: FewAtOnce, method: str, path: str) -> list[Message]:
    """What one request is sent."""
    return asyncio.run(one(app, method, path))


async def one(app: FewAtOnce, method: str, path: str) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": []}
    await app(scope, receive, send)
    return sent


async def storm(most: int, posts: int) -> tuple[list[int], int]:
    """The status of each post that came while all waited, and of another route meanwhile."""
    gate = asyncio.Event()

    async def app(scope: Scope, _: Receive, send: Send) -> None:
        if scope["path"] == PATH:
            await gate.wait()
        await send({"type": "http.response.start", "status": 201, "headers": []})

    limited = FewAtOnce(app, PATH, most, full())
    waiting = [asyncio.create_task(one(limited, "POST", PATH)) for _ in range(posts)]
    await asyncio.sleep(0)
    other = await one(limited, "GET", "/v1/reports")
    gate.set()
    answers = await asyncio.gather(*waiting)
    assert (await one(limited, "POST", PATH))[0]["status"] == 201, "places are free again"
    return [answer[0]["status"] for answer in answers], other[0]["status"]


def test_beyond_so_many_at_once_sign_ins_are_refused_and_other_routes_are_not() -> None:
    statuses, other = asyncio.run(storm(most=2, posts=5))
    assert sorted(statuses) == [201, 201, 429, 429, 429]
    assert other == 201


def test_the_refusal_says_when_to_come_back() -> None:
    async def never(_: Scope, __: Receive, ___: Send) -> None:
        raise AssertionError

    start = asked(FewAtOnce(never, PATH, 0, full()), "POST", PATH)[0]
    assert start["status"] == 429
    assert (b"retry-after", b"5") in start["headers"]
