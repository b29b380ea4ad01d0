"""The retention runs at three o'clock in Beijing, and a database that is away stops nothing."""

import logging
import threading
from datetime import UTC, datetime
from itertools import repeat

import pytest

from api.beside import beside
from api.nightly import nights, purge
from gis.database import Database
from tests.api.conftest import SetClock
from tests.api.retention.conftest import Archive

HOUR = 3600.0


@pytest.mark.parametrize(
    ("utc_hour", "hours"), [(18, 1), (19, 24), (20, 23), (0, 19), (4, 15)], ids=str
)
def test_the_next_run_is_at_three_in_beijing(utc_hour: int, hours: int) -> None:
    clock = SetClock(datetime(2026, 11, 23, utc_hour, tzinfo=UTC))
    waits = nights(clock)
    assert [next(waits), next(waits)] == [hours * HOUR] * 2


def test_a_night_takes_what_expired(archive: Archive) -> None:
    archive.close(2000)
    purge(archive.database, SetClock())
    assert archive.value("SELECT count(*) FROM party") == 0


def test_a_database_that_is_away_is_told_and_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        purge(Database("postgresql://nobody@/nothing?host=/nowhere"), SetClock())
    assert "the retention did not run: OperationalError" in caplog.text


def test_work_beside_the_block_goes_on_until_its_end() -> None:
    done = threading.Semaphore(0)
    with beside("test", repeat(0.0), done.release):
        assert all(done.acquire(timeout=5) for _ in range(3))
    assert "test" not in {thread.name for thread in threading.enumerate()}
