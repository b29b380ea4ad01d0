"""The application on a real database with a small district, and a clock that tests can set."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.deps import Clock
from api.rights.roles import Role
from api.settings import Settings
from gis.database import Database
from gis.geocoding import gazetteer
from gis.geocoding.entry import GazetteerEntry, Level
from grids.importer import apply, plan
from tests.api.district import CENTRE, drafts
from tests.api.people import SITE, enter, show_session
from tests.conftest import copied, opened

BEGIN = date(2025, 1, 1)
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@dataclass
class SetClock:
    """A clock that stands where a test puts it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def district_url(migrated_url: str) -> Iterator[str]:
    """A database with the small district and two addresses. Only to be copied."""
    with copied(migrated_url) as url:
        with opened(url) as database, database.transaction() as session:
            apply(session, plan(session, drafts(), valid_from=BEGIN, author="测试"))
            gazetteer.replace(session, entries())
        yield url


def entries() -> list[GazetteerEntry]:
    lon, lat = CENTRE
    return [
        GazetteerEntry(
            Level.DOOR, "东塔街12号", lon, lat, 15.0, "test", road="东塔街", number="12"
        ),
        GazetteerEntry(Level.ROAD, "东塔街", lon, lat, 900.0, "test", road="东塔街"),
    ]


@pytest.fixture
def district(district_url: str) -> Iterator[Database]:
    """A database of the test's own with the small district."""
    with copied(district_url) as url, opened(url) as database:
        yield database


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def client(district: Database, clock: SetClock, tmp_path: Path) -> Iterator[TestClient]:
    """The application as a clerk and dispatcher of the whole district reaches it.

    Errors come as answers, not as exceptions.
    """
    with site(district, clock, tmp_path) as client:
        _, token = enter(district, Role.CLERK, Role.DISPATCHER, now=clock())
        show_session(client, token)
        yield client


@contextmanager
def site(database: Database, clock: Clock, home: Path) -> Iterator[TestClient]:
    """The application as a browser reaches it that has not signed in."""
    settings = Settings(home=home, database_url=None, worker=False)
    app = create_app(settings, database, clock)
    words = {"Origin": SITE}
    with TestClient(app, SITE, raise_server_exceptions=False, headers=words) as client:
        yield client


@dataclass
class Filer:
    """Files reports with a new key each time unless told otherwise."""

    client: TestClient
    count: int = field(default=0)

    def __call__(self, body: dict[str, Any] | None = None, *, key: str | None = None) -> Any:
        self.count += 1
        headers = {"Idempotency-Key": key or f"test-key-{self.count:04d}"}
        return self.client.post("/v1/reports", json=body or a_report(), headers=headers)


@pytest.fixture
def file(client: TestClient) -> Filer:
    return Filer(client)


def a_report(**changes: Any) -> dict[str, Any]:
    """A report in the middle of the western cell, with changes."""
    lon, lat = CENTRE
    report = {
        "kind": "dispute",
        "category": "labour",
        "text": "工地拖欠工资",
        "occurred_at": "2026-11-20T09:30:00+08:00",
        "source": "window",
        "people_involved": 20,
        "place": {"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": 10},
    }
    return report | changes
