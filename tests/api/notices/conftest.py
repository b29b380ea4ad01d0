"""Deliveries on the small district, and events by hand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from api.notices.domain import Channel
from api.notices.door import Deliveries
from api.notices.service import Change, set_address, set_up
from api.outbox import Event, record
from api.settings import Settings
from gis.database import Database
from tests.api.conftest import NOW, Filer
from tests.api.notices.receivers import Mailbox, Receiver, mailing, receiving
from tests.api.people import enter

POLICE = "police:P-1"
KEY = b"what only both sides know"


@dataclass
class Post:
    """The outbox of a district with one case, and who carries from it."""

    database: Database
    deliveries: Deliveries
    case_id: UUID
    number: str
    person_id: UUID

    def happens(self, topic: str, subject: str | None = None, **content: Any) -> int:
        """Record an event of the case; its id."""
        with self.database.transaction() as session:
            record(session, [Event(topic, subject or str(self.case_id), content)])
            return int(session.execute(text("SELECT max(id) FROM outbox_event")).scalar_one())

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.database.transaction() as session:
            return [tuple(row) for row in session.execute(text(query))]

    def run(self, query: str) -> None:
        with self.database.transaction() as session:
            session.execute(text(query))

    def work(self) -> None:
        """Carry until there is nothing to be done now."""
        while self.deliveries.work():
            self.deliveries.settle()

    def later(self) -> None:
        """Let the time come at which what failed is due again."""
        self.run("UPDATE delivery SET next_at = now() - interval '1 second'")

    def reach(self, channel: Channel, content: Mapping[str, Any], address: str) -> None:
        """Set a channel up and give the police station an address on it."""
        change = Change(self.person_id, NOW, "测试")
        with self.database.transaction() as session:
            set_up(session, channel, content, change, enabled=True)
            set_address(session, POLICE, channel, address, change)

    def states(self) -> Sequence[tuple[Any, ...]]:
        return self.rows("SELECT channel, recipient, state, attempts, failing FROM delivery")


@pytest.fixture
def outside(tmp_path: Path) -> Settings:
    """This machine may be told things; the secret lies in its folder."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "key").write_bytes(KEY + b"\n")
    hosts = "127.0.0.1, mail.internal"
    return Settings(home=tmp_path, database_url=None, channel_hosts=hosts, worker=False)


@pytest.fixture
def post(district: Database, file: Filer, outside: Settings) -> Iterator[Post]:
    number = file().json()["case_number"]
    with district.transaction() as session:
        case_id = session.execute(text("SELECT id FROM case_file")).scalar_one()
        session.execute(text("DELETE FROM outbox_event"))
    person_id, _ = enter(district, now=NOW)
    deliveries = Deliveries(district, outside, chance=lambda: 0.5)
    yield Post(district, deliveries, case_id, number, person_id)
    deliveries.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    with mailing(tmp_path) as box:
        yield box


@pytest.fixture
def another(district: Database, outside: Settings) -> Iterator[Callable[[], Deliveries]]:
    """More workers on the same database."""
    made: list[Deliveries] = []

    def make() -> Deliveries:
        made.append(Deliveries(district, outside))
        return made[-1]

    yield make
    for each in made:
        each.close()


def nobody() -> str:
    """A subject that is no case."""
    return str(uuid4())
