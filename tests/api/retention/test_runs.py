"""What a run takes, what it leaves for statistics, and what it never touches."""

import threading
from datetime import timedelta
from uuid import uuid4

import h3
import pytest
from sqlalchemy import text

from api.cases.models import LegalHold
from api.cases.service import find_case
from api.parties.domain import STRUCK_SHOWN
from api.refusals import Conflict
from api.retention import door, service
from api.retention.domain import Kind
from api.retention.models import RetentionPeriod, RetentionRun
from gis.database import Database
from tests.api.conftest import NOW, SetClock
from tests.api.district import CENTRE
from tests.api.retention.conftest import CANARY, STAFF, Archive

YEAR, FIVE_YEARS = 366, 1826
STATISTICS = (
    "SELECT row(kind, category, source, occurred_at, received_at, people_involved, grid_code,"
    " street_code, h3_8, h3_9, edition_id, routed_on, method, case_file.state, number, opened_at,"
    " (SELECT array_agg(row(unit_code, role, kind, assigned_at) ORDER BY id) FROM assignment"
    "  WHERE case_id = case_file.id),"
    " (SELECT array_agg(row(happening, at) ORDER BY id) FROM case_event"
    "  WHERE case_id = case_file.id))::text"
    " FROM report JOIN case_file ON case_file.report_id = report.id WHERE number = :number"
)


def run(database: Database) -> RetentionRun:
    return door.run(database, SetClock())


def hold(database: Database, number: str) -> None:
    with database.transaction() as session:
        case = find_case(session, number)
        session.add(LegalHold(case_id=case.id, reason="诉讼", set_by=STAFF, set_at=NOW))


def test_nothing_that_tells_of_people_is_left_five_years_after_closing(
    archive: Archive, district: Database
) -> None:
    archive.close(FIVE_YEARS)
    archive.close(FIVE_YEARS, {"address": f"东塔街12号{CANARY}家"})
    archive.merge("DD-2026-000001", "DD-2026-000002")
    before = archive.told_in(CANARY)
    assert before == {
        "report",
        "case_event",
        "assignment",
        "placement",
        "outbox_event",
        "submission",
        "party_merge",
        "grading",
        "custody_link",
    }
    assert run(district).counts == {"identity": 2, "case": 2}
    assert archive.told_in(CANARY) == set()
    assert archive.told_in(CANARY[0]) == set()  # not by the masked name either
    for table in ("party", "party_identity", "party_merge", "submission", "case_member"):
        assert archive.value(f"SELECT count(*) FROM {table}") == 0


def test_statistics_say_the_same_afterwards(archive: Archive, district: Database) -> None:
    number = archive.close(FIVE_YEARS)
    before = archive.value(STATISTICS, number=number)
    run(district)
    assert archive.value(STATISTICS, number=number) == before
    assert "labour" in before


def test_the_point_becomes_the_middle_of_a_hexagon_that_many_live_in(
    archive: Archive, district: Database
) -> None:
    archive.close(FIVE_YEARS)
    run(district)
    lon, lat = CENTRE
    middle = h3.cell_to_latlng(h3.latlng_to_cell(lat, lon, 9))
    found = archive.value("SELECT array[ST_Y(geom), ST_X(geom)] FROM report")
    assert found == pytest.approx(list(middle))
    assert archive.value("SELECT num_nonnulls(h3_10, h3_11, radius_m, route) FROM report") == 0


def test_an_anonymised_case_is_still_shown_listed_and_on_the_map(
    archive: Archive, district: Database
) -> None:
    number = archive.close(FIVE_YEARS)
    run(district)
    client = archive.file.client
    shown = client.get(f"/v1/cases/{number}").json()
    assert (shown["text"], shown["title"], shown["placement"]["address"]) == ("", None, None)
    assert {each["unit_name"] for each in shown["assignments"]}
    (item,) = client.get("/v1/reports").json()["items"]
    assert item["category"] == "labour"
    assert item["lon"]


def test_identity_goes_after_a_year_and_the_case_stays_readable(
    archive: Archive, district: Database
) -> None:
    archive.close(YEAR)
    assert run(district).counts == {"identity": 1}
    assert archive.value("SELECT count(*) FROM party_identity") == 0
    assert archive.value("SELECT shown FROM party") == STRUCK_SHOWN
    assert archive.value("SELECT text FROM report") == f"{CANARY}被拖欠工资"
    assert run(district).counts == {}


@pytest.mark.parametrize("days_ago", [None, 0, 364.9])
def test_a_case_that_is_open_or_closed_lately_keeps_everything(
    archive: Archive, district: Database, days_ago: float | None
) -> None:
    archive.close(days_ago)
    before = archive.told_in(CANARY)
    assert run(district).counts == {}
    assert archive.told_in(CANARY) == before
    assert archive.value("SELECT count(*) FROM party_identity") == 2


def test_a_held_case_is_never_touched(archive: Archive, district: Database) -> None:
    hold(district, archive.close(FIVE_YEARS))
    before = archive.told_in(CANARY)
    assert run(district).counts == {}
    assert archive.told_in(CANARY) == before


def test_nor_is_a_case_whose_party_is_merged_with_one_of_a_held_case(
    archive: Archive, district: Database
) -> None:
    held, merged, other = (archive.close(FIVE_YEARS) for _ in range(3))
    archive.merge(held, merged)
    hold(district, held)
    assert run(district).counts == {"identity": 1, "case": 1}
    left = archive.value(
        "SELECT array_agg(number ORDER BY 1) FROM case_file WHERE anonymised_at IS NULL"
    )
    assert left == [held, merged]
    assert other not in left
    assert archive.value("SELECT count(*) FROM party_merge") == 1


def test_a_dry_run_says_what_a_run_then_takes_and_takes_nothing(
    archive: Archive, district: Database
) -> None:
    for days in (FIVE_YEARS, FIVE_YEARS + 10, YEAR):
        archive.close(days)
    with district.transaction() as session:
        due = {each.kind: each for each in service.due(session, NOW)}
    assert archive.value("SELECT count(*) FROM party") == 3
    case = due[Kind.CASE]
    assert case.oldest == NOW - timedelta(days=FIVE_YEARS + 10)
    assert case.newest == NOW - timedelta(days=FIVE_YEARS)
    assert run(district).counts == {
        each.kind.value: each.many for each in due.values() if each.many
    }


def test_old_keys_and_ended_sessions_go_after_thirty_days(
    archive: Archive, district: Database
) -> None:
    archive.file(key="old-key-01")
    archive.file(key="new-key-01")
    ages = {"old-key-01": 31, "new-key-01": 29}
    session_row = text(
        "INSERT INTO account_session (id, token_hash, person_id, device, pending, created_at,"
        " seen_at, idle_until, ends_at, address, agent) VALUES (:id, :hash, :staff, 'desk', false,"
        " :at, :at, :at, :ends, '', '')"
    )
    with district.transaction() as session:
        for key, days in ages.items():
            words = {"key": key, "at": NOW - timedelta(days=days)}
            session.execute(text("UPDATE submission SET created_at = :at WHERE key = :key"), words)
            ends = NOW + timedelta(days=1)  # it ended by being left idle
            rest = {"id": uuid4(), "hash": key.encode(), "staff": STAFF, "ends": ends}
            session.execute(session_row, words | rest)
    assert run(district).counts == {"idempotency_key": 1, "session": 1}
    assert archive.value("SELECT key FROM submission") == "new-key-01"
    mine = "SELECT token_hash FROM account_session WHERE octet_length(token_hash) < 32"
    assert archive.value(mine) == b"new-key-01"


def test_a_changed_period_counts(archive: Archive, district: Database) -> None:
    archive.close(100)
    by = {"changed_by": STAFF, "changed_at": NOW, "reason": "区里规定"}
    with district.transaction() as session:
        service.change(session, RetentionPeriod(kind="identity", days=90, **by))
    assert run(district).counts == {"identity": 1}


def test_what_is_due_goes_in_batches_and_each_is_written_down(
    archive: Archive, district: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    for _ in range(3):
        archive.close(YEAR)
    done = run(district)
    assert done.counts == {"identity": 3}
    entries = archive.value(
        "SELECT array_agg(subject || (content - 'run')::text ORDER BY id) FROM audit_entry"
        " WHERE deed = 'retention_run'"
    )
    batches = ['retention:identity{"taken": 2}', 'retention:identity{"taken": 1}']
    assert entries == [*batches, 'retention{"counts": {"identity": 3}}']


def test_a_run_that_was_cut_short_is_seen_and_the_next_one_goes_on(
    archive: Archive, district: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 1)
    for _ in range(3):
        archive.close(YEAR)
    take, calls = service.take, iter([True, False])

    def cut(*words: object) -> int:
        if not next(calls):
            raise InterruptedError
        return take(*words)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(service, "take", cut)
        with pytest.raises(InterruptedError):
            run(district)
    assert archive.value("SELECT counts FROM retention_run WHERE finished_at IS NULL") == {
        "identity": 1
    }
    assert run(district).counts == {"identity": 2}


@pytest.mark.usefixtures("archive")
def test_two_runs_at_once_are_one(district: Database) -> None:
    inside, leave = threading.Event(), threading.Event()

    def first() -> None:
        with door._alone(district):
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=first)
    thread.start()
    try:
        assert inside.wait(10)
        with pytest.raises(Conflict, match="another run"):
            run(district)
    finally:
        leave.set()
        thread.join()
    assert run(district).finished_at == NOW


def test_a_hold_that_is_set_while_a_run_waits_for_the_case_still_counts(
    archive: Archive, district: Database
) -> None:
    number = archive.close(FIVE_YEARS)
    with district.transaction() as session:
        case = find_case(session, number)
        session.add(LegalHold(case_id=case.id, reason="诉讼", set_by=STAFF, set_at=NOW))
        session.flush()  # the case is locked by the key to it
        assert run(district).counts == {}
    assert run(district).counts == {}
    assert archive.value("SELECT count(*) FROM party_identity") == 2
