"""The board: what is late, whose it is, which cards were given, and whether anybody gives them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.cases.domain import ClockKind
from api.cases.models import Case
from api.clocks.door import beat, fire
from api.clocks.service import Start, instant, pause, read_timetable, start, stop
from api.rights.roles import Role
from api.supervision.domain import is_silent, missing_years
from gis.database import Database
from tests.api.conftest import Filer, SetClock
from tests.api.people import enter, show_session

pytestmark = pytest.mark.database

UNIT = "police:P-1"
Begin = Callable[..., str]


@pytest.fixture
def begin(file: Filer, district: Database) -> Begin:
    """A case with a clock of one hour that began so many minutes ago; answers its number."""

    def made(minutes: int, unit: str | None = UNIT) -> str:
        number: str = file().json()["case_number"]
        with district.transaction() as session:
            session.execute(text("DELETE FROM card"))
            case = session.query(Case).filter_by(number=number).one()
            stop(session, [case.id], tuple(ClockKind), instant(session))
            limits = "UPDATE clock SET amount = 60, unit = 'minutes', started_at = :at,"
            limits += " remind_at = :at + interval '48 minutes', due_at = :at + interval '1 hour',"
            limits += " red_at = :at + interval '2 hours', next_at = :at + interval '48 minutes'"
            began = instant(session) - timedelta(minutes=minutes)
            wanted = Start(case.id, ClockKind.CONTACT, unit_code=unit)
            start(session, read_timetable(session), [wanted], began)
            running = " WHERE case_id = :case AND stopped_at IS NULL"
            session.execute(text(limits + running), {"at": began, "case": case.id})
        return number

    return made


def board(client: TestClient, **words: int) -> Any:
    return client.get("/v1/supervision", params=words).json()


def test_what_is_late_stands_there_the_longest_first(client: TestClient, begin: Begin) -> None:
    fresh, reminded, yellow, red = (begin(minutes) for minutes in (5, 50, 70, 130))
    found = board(client)["late"]
    assert [(each["case_number"], each["state"]) for each in found] == [
        (red, "red"),
        (yellow, "yellow"),
    ]
    assert found[1]["title"]["zh"] == "联系当事人"
    assert found[1]["unit_name"] == "新东派出所"
    assert 600 <= found[1]["late_s"] < 660
    assert fresh not in str(found)
    assert reminded not in str(found)


def test_every_running_clock_is_counted_in_one_column(client: TestClient, begin: Begin) -> None:
    for minutes in (5, 10, 50, 70, 130, 140):
        begin(minutes)
    begin(200, unit=None)
    counts = [each for each in board(client)["counts"] if each["kind"] == "contact"]
    columns = ("unit_code", "on_time", "reminded", "yellow", "red")
    assert [tuple(each[name] for name in columns) for each in counts] == [
        (UNIT, 2, 1, 1, 2),
        (None, 0, 0, 0, 1),
    ]


def test_a_clock_that_stopped_or_stands_still_is_not_late(
    client: TestClient, begin: Begin, district: Database
) -> None:
    stopped, paused = begin(70), begin(80)
    with district.transaction() as session:
        ids = {row.number: row.id for row in session.query(Case)}
        stop(session, [ids[stopped]], [ClockKind.CONTACT], instant(session))
        pause(session, ids[paused], instant(session))
    found = board(client)
    assert found["late"] == []
    assert [each for each in found["counts"] if each["kind"] == "contact"] == []


def test_the_latest_cards_stand_there_with_the_level_they_went_to(
    client: TestClient, begin: Begin, district: Database
) -> None:
    number = begin(130)
    with district.transaction() as session:
        fire(session)
    cards = [each for each in board(client)["cards"] if each["case_number"] == number]
    assert [(each["card"], each["card_title"]["zh"], each["tier"]) for each in cards] == [
        ("red", "红牌", "district"),
        ("yellow", "黄牌", "district"),
        ("reminder", "催办提醒", "street"),
    ]


def test_the_lists_have_a_limit_and_the_counts_count_all(client: TestClient, begin: Begin) -> None:
    for minutes in (70, 80, 90):
        begin(minutes)
    found = board(client, limit=2)
    assert len(found["late"]) == 2
    assert sum(each["yellow"] for each in found["counts"]) == 3
    assert client.get("/v1/supervision?limit=501").status_code == 422


def test_nobody_sees_what_is_late_elsewhere(
    client: TestClient, begin: Begin, district: Database, clock: SetClock
) -> None:
    number = begin(130)
    with district.transaction() as session:
        fire(session)
    assert number in str(board(client))
    _, token = enter(district, Role.DISPATCHER, now=clock(), area="210104002")
    show_session(client, token)
    found = board(client)
    assert (found["late"], found["cards"], found["counts"]) == ([], [], [])


def test_a_worker_that_was_never_heard_or_went_silent_is_told(
    client: TestClient, district: Database
) -> None:
    assert board(client)["worker"] == {"last_beat": None, "silent": True, "stuck": 0}
    with district.transaction() as session:
        beat(session, "here")
    assert board(client)["worker"]["silent"] is False
    with district.transaction() as session:
        session.execute(text("UPDATE worker_beat SET at = at - interval '2 minutes'"))
    found = board(client)["worker"]
    assert found["silent"] is True
    assert found["last_beat"] is not None


def test_clocks_that_could_not_be_served_are_counted(
    client: TestClient, begin: Begin, district: Database
) -> None:
    begin(70)
    with district.transaction() as session:
        session.execute(text("UPDATE clock SET attempts = 2 WHERE next_at IS NOT NULL"))
    assert board(client)["worker"]["stuck"] == 1


@pytest.mark.parametrize(("seconds", "silent"), [(0, False), (60, False), (61, True), (None, True)])
def test_a_minute_without_a_beat_is_silence(seconds: int | None, silent: bool) -> None:
    silence = None if seconds is None else timedelta(seconds=seconds)
    assert is_silent(silence) is silent


def test_the_next_year_is_missed_from_november_on() -> None:
    known = {2025, 2026}
    assert missing_years(known, date(2026, 10, 31)) == []
    assert missing_years(known, date(2026, 11, 1)) == [2027]
    assert missing_years(known, date(2027, 3, 1)) == [2027]
    assert missing_years(known, date(2027, 12, 1)) == [2027, 2028]
