"""Carries events out of the outbox: into notices at once, and by outside channels from threads.

Each process may run one; they share the work through the database. A process that dies loses
nothing: events that were not told and deliveries whose lease has run out are taken by the next.
"""

import logging
import random
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from typing import Any, Protocol

from api.notices import service
from api.notices.channels.email.sender import Email
from api.notices.channels.outside import Outside
from api.notices.channels.sms.sender import Sms
from api.notices.channels.webhook.sender import Webhook
from api.notices.domain import (
    MOST_ATTEMPTS,
    TO_UNITS,
    Channel,
    Failing,
    Parcel,
    Party,
    Unsent,
    is_over,
    wait_before_next,
    what,
)
from api.notices.models import Delivery
from api.settings import Settings
from gis.database import Database

log = logging.getLogger(__name__)

MOST_AT_ONCE = 100
SENDERS = 4
MOMENT_S = 0.25
"""So long a round waits for busy senders; then comes the next round, without the worker's pause."""


class Sender(Protocol):
    """An outside channel, set up."""

    def send(self, address: str, parcel: Parcel, outside: Outside) -> None:
        """Send a parcel. Raises Unsent."""


SENDER_OF: Mapping[Channel, Callable[..., Sender]] = {
    Channel.EMAIL: Email,
    Channel.WEBHOOK: Webhook,
    Channel.SMS: Sms,
}


class Deliveries:
    """A duty of the worker: `work` says whether it did something."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._outside = Outside.of(settings)
        self._chance = chance
        self._senders = ThreadPoolExecutor(SENDERS, "deliveries")
        self._sending: set[Future[None]] = set()

    def work(self) -> bool:
        """Tell what happened, and begin to send what is due. Slow channels hold nothing up."""
        with self._database.transaction() as session:
            told = service.tell(session, MOST_AT_ONCE)
        return self._send_due() or told > 0

    def settle(self) -> None:
        """Wait for what is being sent."""
        wait(self._sending)

    def close(self) -> None:
        """Send no more; what is being sent is finished."""
        self._senders.shutdown()

    def _send_due(self) -> bool:
        if len(self._sending) == SENDERS:
            wait(self._sending, MOMENT_S, FIRST_COMPLETED)
        self._sending = {each for each in self._sending if not each.done()}
        free = SENDERS - len(self._sending)
        if not free:
            return True
        with self._database.transaction() as session:
            taken = service.take(session, free)
        self._sending |= {self._senders.submit(self._deliver, each) for each in taken}
        return bool(taken)

    def _deliver(self, taken: Delivery) -> None:
        """Send one. What nobody foresaw is tried again when the lease has run out."""
        try:
            self._send(taken)
        except Unsent as failure:
            self._note(taken, failure)
        except Exception as error:  # noqa: BLE001 - a thread has nobody to raise it to
            log.warning("delivery %s: %s", taken.id, type(error).__name__)
        else:
            with self._database.transaction() as session:
                service.finish(session, taken)

    def _send(self, taken: Delivery) -> None:
        if taken.attempts > MOST_ATTEMPTS:  # whoever took it died each time
            raise Unsent(Failing.UNREACHED, final=True)
        with self._database.transaction() as session:
            setting = service.settings(session).get(taken.channel)
            address = service.address_of(session, taken.recipient, taken.channel)
        if setting is None or not setting.enabled:
            raise Unsent(Failing.CHANNEL_OFF, final=True)
        if address is None:
            raise Unsent(Failing.NO_ADDRESS, final=True)
        sender = SENDER_OF[Channel(taken.channel)](**setting.content)
        sender.send(address, parcel_of(taken), self._outside)

    def _note(self, taken: Delivery, failure: Unsent) -> None:
        with self._database.transaction() as session:
            if is_over(taken.attempts, failure):
                service.give_up(session, taken, failure.failing)
            else:
                pause = wait_before_next(taken.attempts, self._chance())
                service.postpone(session, taken, failure.failing, pause)


def parcel_of(taken: Delivery) -> Parcel:
    """What the channel is given of a delivery."""
    content: dict[str, Any] = taken.content
    due = content["due_at"]
    return Parcel(
        event_id=taken.event_id,
        delivery_id=taken.id,
        topic=content["topic"],
        number=content["number"],
        unit=Party(taken.recipient, content["unit_name"]),
        what=what(content["topic"], TO_UNITS, content["detail"]),
        at=datetime.fromisoformat(content["at"]),
        due_at=datetime.fromisoformat(due) if due else None,
    )
