"""The head is kept in a file outside of the database, by hand and on a schedule."""

import logging
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from api.anchoring import anchoring
from api.audit import service
from api.audit.chain import Anchor, Anchors, anchors_of
from gis.database import Database
from tests.api.audit.chain import AT, tamper, write
from tests.api.conftest import SetClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "anchors" / "audit.jsonl"


def anchor(database: Database, path: Path) -> Anchor | None:
    with database.transaction() as session:
        return service.anchor(session, path, AT)


def test_an_anchor_is_the_head_with_its_time_readable_to_the_owner_only(
    database: Database, path: Path
) -> None:
    write(database, 3)
    added = anchor(database, path)
    with database.transaction() as session:
        assert added == (AT, *(service.head(session) or ()))
    assert service.anchored(path) == Anchors((added,))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_anchors_are_added_only_when_the_head_moved(database: Database, path: Path) -> None:
    assert anchor(database, path) is None, "nothing was written yet"
    write(database, 3)
    anchor(database, path)
    assert anchor(database, path) is None
    write(database, 1)
    anchor(database, path)
    assert [each.id for each in service.anchored(path).kept] == [3, 4]


def test_many_who_anchor_at_once_add_one_line(database: Database, path: Path) -> None:
    write(database, 3)
    with ThreadPoolExecutor(6) as pool:
        added = list(pool.map(lambda _: anchor(database, path), range(6)))
    assert len([each for each in added if each]) == 1
    assert len(path.read_text().splitlines()) == 1


def test_a_head_that_went_back_is_refused_and_nothing_is_added(
    database: Database, path: Path
) -> None:
    write(database, 3)
    anchor(database, path)
    with database.transaction() as session:
        tamper(session, "DELETE FROM audit_entry WHERE id = 3")
        session.execute(text("UPDATE audit_head SET id = 2"))
    before = path.read_bytes()
    with pytest.raises(service.SetBack, match="3"):
        anchor(database, path)
    assert path.read_bytes() == before


def test_a_line_that_a_crash_cut_short_is_told_and_the_next_one_is_whole(
    database: Database, path: Path
) -> None:
    write(database, 1)
    first = anchor(database, path)
    with path.open("a") as file:
        file.write('{"at": "2026-11-2')
    write(database, 1)
    second = anchor(database, path)
    assert service.anchored(path) == Anchors((first, second), (2,))


LINE = Anchor(AT, 7, bytes(range(32))).line()
DAMAGED = {
    "cut": LINE[:-5],
    "no JSON": "anchor",
    "a list": "[1]",
    "no hash": '{"at": "2026-11-23T04:00:00+00:00", "id": 7}',
    "another zone spelling": LINE.replace("+00:00", "Z"),
    "id as text": LINE.replace(": 7", ': "7"'),
    "a space": LINE + " ",
    "deep": "[" * 100_000,
    "undecodable": LINE.replace("2026", "2026\ufffd"),
}


@pytest.mark.parametrize("line", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_line_that_is_not_as_it_was_written_is_damaged(line: str) -> None:
    found = anchors_of(f"{LINE}\n{line}\n{LINE}\n")
    assert (len(found.kept), found.damaged) == (2, (2,))


def test_no_file_is_no_anchor(path: Path) -> None:
    assert service.anchored(path) == Anchors()


def awaited(path: Path, many: int) -> list[int]:
    for _ in range(500):
        ids = [each.id for each in service.anchored(path).kept]
        if len(ids) >= many:
            return ids
        time.sleep(0.01)
    raise TimeoutError(f"{many} anchors did not come")


def test_the_schedule_anchors_at_once_and_again_when_the_head_moved(
    database: Database, path: Path
) -> None:
    write(database, 2)
    with anchoring(database, path, timedelta(milliseconds=20), SetClock()):
        assert awaited(path, 1) == [2]
        write(database, 1)
        assert awaited(path, 2) == [2, 3]
    write(database, 1)
    time.sleep(0.1)
    assert awaited(path, 2) == [2, 3], "it has ended"


def test_the_schedule_outlives_a_database_that_is_away(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = Database("postgresql://nobody@/nothing?host=/nowhere")
    with caplog.at_level(logging.WARNING), anchoring(away, path, timedelta(hours=1), SetClock()):
        for _ in range(500):
            if caplog.records:
                break
            time.sleep(0.01)
    assert "was not anchored" in caplog.text


def test_the_schedule_tells_of_a_head_that_went_back(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(database, 3)
    anchor(database, path)
    with database.transaction() as session:
        session.execute(text("UPDATE audit_head SET id = 2"))
    with caplog.at_level(logging.ERROR), anchoring(database, path, timedelta(hours=1), SetClock()):
        for _ in range(500):
            if caplog.records:
                break
            time.sleep(0.01)
    assert "fengqiao audit verify" in caplog.text
