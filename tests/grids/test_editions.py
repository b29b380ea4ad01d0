"""Editions in memory: which one serves a day, and how a new one takes over."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from gis.database import Database
from grids import editions as module
from grids.editions import EditionIndex, Editions, NoEdition
from grids.hierarchy import AreaKind
from grids.importer import Draft, apply, plan
from grids.jurisdictions import Confidence, route
from tests.grids.districts import EASTERN, WESTERN, small_district
from tests.grids.shapes import SCALE, SOUTH, WEST, box

FIRST, SECOND = date(2025, 1, 1), date(2025, 7, 1)
MIDDLE, UP = WEST + 450 / SCALE[0], SOUTH + 500 / SCALE[1]

OVERRIDE = """
INSERT INTO jurisdiction_override (kind, geom, unit_code, reason, author, valid)
VALUES ('police', ST_Multi(ST_GeomFromText(:wkt, 4326)), 'street:210104002000', '试点', '王',
        '[2025-01-01,)')
"""


def imported(database: Database, on: date = FIRST, drafts: list[Draft] | None = None) -> int:
    with database.transaction() as session:
        change = plan(session, drafts or small_district(), valid_from=on, author="测试")
        edition = apply(session, change)
        assert edition is not None
        return edition.id


def moved(line: float = 400) -> list[Draft]:
    return small_district(line=line)


def community(index: EditionIndex) -> str | None:
    return index.locator.codes_at(MIDDLE, UP)["community"]


def watching(database: Database) -> Editions:
    """Editions that look at every call."""
    return Editions(database, look_every_s=0)


def test_a_day_is_served_by_the_edition_in_force(database: Database) -> None:
    first = imported(database)
    second = imported(database, SECOND, moved())
    editions = watching(database)
    assert editions.at(FIRST).edition_id == first
    assert editions.at(date(2025, 6, 30)).edition_id == first
    assert editions.at(SECOND).edition_id == second
    assert editions.at(date(2030, 1, 1)).valid_from == SECOND
    assert community(editions.at(FIRST)) == WESTERN
    assert community(editions.at(SECOND)) == EASTERN
    assert editions.current().edition_id == second


def test_an_index_holds_the_units_and_names_that_routing_needs(database: Database) -> None:
    imported(database)
    index = watching(database).at(FIRST)
    assert index.names[AreaKind.COMMUNITY, WESTERN] == "西社区"
    assert index.units[AreaKind.POLICE, "甲"].name == "新东派出所"
    found = route(index, MIDDLE, UP, FIRST)
    assert (found.street.unit_name, found.police.unit_name) == ("大北街道", "新东派出所")
    assert found.justice.confidence is Confidence.OUTSIDE
    assert found.needs_person


def test_before_the_first_edition_there_is_a_clear_error(database: Database) -> None:
    editions = watching(database)
    with pytest.raises(NoEdition, match="fengqiao areas import"):
        editions.at(FIRST)
    assert editions.newest_known is None
    imported(database)
    with pytest.raises(NoEdition, match="2025-01-01") as caught:
        editions.at(date(2024, 12, 31))
    assert caught.value.mend.en == "Ask for 2025-01-01 or later"


def test_the_first_import_is_seen_at_once(database: Database) -> None:
    editions = Editions(database, look_every_s=3600)
    with pytest.raises(NoEdition):
        editions.at(FIRST)
    edition = imported(database)
    assert editions.at(FIRST).edition_id == edition
    assert editions.newest_known == edition


def test_an_index_is_built_once_and_shared(database: Database) -> None:
    imported(database)
    editions = watching(database)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: editions.at(FIRST), range(100)))
    assert len({id(index) for index in found}) == 1


def test_a_new_edition_is_seen_after_the_time_between_looks(database: Database) -> None:
    first = imported(database)
    patient = Editions(database, look_every_s=3600)
    assert patient.at(SECOND).edition_id == first
    second = imported(database, SECOND, moved())
    assert patient.at(SECOND).edition_id == first
    patient.refresh()
    assert patient.newest_known == second
    assert patient.at(SECOND).edition_id == second


def test_an_override_is_seen_without_a_new_edition(database: Database) -> None:
    imported(database)
    editions = watching(database)
    before = editions.at(FIRST)
    with database.transaction() as session:
        session.execute(text(OVERRIDE), {"wkt": box(300, 300, 700, 700).wkt})
    during = editions.at(FIRST)
    assert during.locator is before.locator
    police = route(during, MIDDLE, UP, FIRST).police
    assert (police.confidence, police.unit_name) == (Confidence.OVERRIDE, "大北街道")
    with database.transaction() as session:
        session.execute(text("UPDATE jurisdiction_override SET valid = '[2025-01-01,2025-02-01)'"))
    assert route(editions.at(SECOND), MIDDLE, UP, SECOND).police.unit_name == "新东派出所"
    with database.transaction() as session:
        session.execute(text("DELETE FROM jurisdiction_override"))
    assert route(editions.at(FIRST), MIDDLE, UP, FIRST).police.confidence is Confidence.INSIDE


def test_only_the_last_few_editions_stay_in_memory(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in range(1, 5):
        imported(database, date(2025, month, 1), moved(400 + month))
    built = counted(monkeypatch)
    editions = Editions(database, look_every_s=3600, keep=2)
    for month in (4, 1, 1, 4, 2, 4, 1):
        editions.at(date(2025, month, 1))
    assert [date.month for date in built] == [4, 1, 2, 1]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The first days of the editions whose index is built from now on."""
    built: list[date] = []
    real = module.index_of

    def index_of(session: object, edition_id: int, valid_from: date, decreed: object) -> object:
        built.append(valid_from)
        return real(session, edition_id, valid_from, decreed)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(module, "index_of", index_of)
    return built


def held_up(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Make the next build wait: (it has begun, it may go on)."""
    begun, free = threading.Event(), threading.Event()
    real: Callable[..., EditionIndex] = module.index_of

    def index_of(*given: object) -> EditionIndex:
        begun.set()
        assert free.wait(10)
        return real(*given)

    monkeypatch.setattr(module, "index_of", index_of)
    return begun, free


def test_while_a_new_edition_is_built_the_others_go_on_with_the_old_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = imported(database)
    editions = watching(database)
    editions.at(SECOND)
    second = imported(database, SECOND, moved())
    begun, free = held_up(monkeypatch)
    with ThreadPoolExecutor(1) as pool:
        building = pool.submit(editions.at, SECOND)
        assert begun.wait(10)
        assert {editions.at(SECOND).edition_id for _ in range(1000)} == {first}
        free.set()
        assert building.result(10).edition_id == second
    assert editions.at(SECOND).edition_id == second


def test_readers_see_whole_editions_only_while_many_are_imported(database: Database) -> None:
    """Each edition moves the line between the communities: no answer may mix two of them."""
    lines = {imported(database): 500}
    editions = watching(database)
    done = threading.Event()

    def read() -> int:
        count = 0
        while not done.is_set() or count == 0:
            index = editions.at(SECOND)
            expected = EASTERN if lines[index.edition_id] < 450 else WESTERN
            assert community(index) == expected
            count += 1
        return count

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        try:
            for turn in range(6):
                line = 400 if turn % 2 == 0 else 500
                lines[max(lines) + 1] = line
                assert imported(database, SECOND, moved(line)) == max(lines)
        finally:
            done.set()
        assert all(reader.result() > 0 for reader in readers)
    assert editions.at(SECOND).edition_id == max(lines)


def gone(database: Database) -> Database:
    """A database that is not there."""
    url = make_url(database.url).set(database="gone")
    return Database(url.render_as_string(hide_password=False))


def test_without_the_database_the_known_edition_serves_on(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    edition = imported(database)
    editions = watching(database)
    editions.at(FIRST)
    with pytest.MonkeyPatch.context() as patch, caplog.at_level(logging.WARNING):
        away = gone(database)
        patch.setattr(editions, "_database", away)
        assert editions.at(FIRST).edition_id == edition
        away.dispose()
    assert "cannot look for new areas" in caplog.text


def test_without_the_database_at_the_start_the_error_is_raised(database: Database) -> None:
    away = gone(database)
    with pytest.raises(OperationalError, match="does not exist"):
        Editions(away).at(FIRST)
    away.dispose()
