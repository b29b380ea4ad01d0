"""`fengqiao worker`: the clocks and deliveries in a process of their own."""

import signal

import typer

from api.cli.console import plain_errors, settings
from api.cli.serving import ready_database
from api.settings import Settings
from api.worker import working
from gis.database import Database

ENDING = {signal.SIGINT, signal.SIGTERM}


def worker() -> None:
    """运行时限与投递(服务已自带,可多开) / run the clocks and deliveries (the server does too)."""
    with plain_errors(as_json=False):
        chosen = settings().model_copy(update={"worker": True})
        with ready_database(chosen) as database:
            # Before the thread begins, so that it does not take the signal instead.
            signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
            _run(database, chosen)


def _run(database: Database, chosen: Settings) -> None:
    with working(database, chosen):
        typer.echo("枫桥时限与投递运行中 / the worker runs")
        signal.sigwait(ENDING)
