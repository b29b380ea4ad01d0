"""The server that runs beside a command or a test, in a thread of the same process."""

import asyncio
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI

from api.cli.serving import bound, running

STARTING_S = 0.3


@asynccontextmanager
async def slowly(_: FastAPI) -> AsyncIterator[None]:
    await asyncio.sleep(STARTING_S)
    yield


@asynccontextmanager
async def never(_: FastAPI) -> AsyncIterator[None]:
    raise ValueError("no start")
    yield


def test_an_application_that_is_slow_to_start_answers_as_soon_as_its_address_is_given() -> None:
    app = FastAPI(lifespan=slowly)
    app.add_api_route("/here", lambda: "yes")
    with running(app, bound("127.0.0.1", 0)) as url:
        answer = urllib.request.urlopen(f"{url}here", timeout=5)  # noqa: S310 - our own server
        with answer:
            assert answer.read() == b'"yes"'


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # it exits
def test_an_application_that_cannot_start_is_an_error_and_not_an_endless_wait() -> None:
    with (
        bound("127.0.0.1", 0) as listening,
        pytest.raises(OSError, match="did not start"),
        running(FastAPI(lifespan=never), listening),
    ):
        pytest.fail("gave an address")
