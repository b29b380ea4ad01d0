"""The product, and three deliberately wrong variants of it that the same check must find out.

They are patched into a process of the tests (`tests.chaos.process`); the product knows none of it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import URL
from sqlalchemy.orm import Session

from api import outbox
from api.dispatch import service as dispatch
from api.intake import service as intake
from api.intake.door import Door
from api.outbox import Event
from gis import database


def product() -> None:
    """As it is."""


def no_key() -> None:
    """Idempotency-Keys are taken and forgotten."""
    intake._claim = _forgetful  # type: ignore[assignment]


def _forgetful(*_: object) -> None:
    """Keep no key."""


def outbox_apart() -> None:
    """Events are written in a second transaction, after the one that made the case."""
    held: list[Event] = []
    store = Door._store

    def hold(_: Session, events: Sequence[Event]) -> None:
        held.extend(events)

    def in_two_steps(door: Door, batch: list[Any]) -> None:
        held.clear()
        store(door, batch)
        with door._database.transaction() as session:
            outbox.record(session, held)

    dispatch.record = hold  # type: ignore[attr-defined]
    Door._store = in_two_steps  # type: ignore[method-assign]


def no_waiting() -> None:
    """Commits do not wait for the disk: ``synchronous_commit = off``."""
    careful = database._connect_args

    def careless(url: URL) -> dict[str, object]:
        words = careful(url)
        return words | {"options": f"{words['options']} -c synchronous_commit=off"}

    database._connect_args = careless
    database.DURABLE_SETTINGS = ()


VARIANTS: Mapping[str, Callable[[], None]] = {
    each.__name__: each for each in (product, no_key, outbox_apart, no_waiting)
}
