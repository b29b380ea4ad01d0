"""The working calendar against an independent one, and the import of another year."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.clocks.domain import WorkingCalendar
from api.clocks.service import announced, read_timetable
from api.clocks.sheet import read_sheet
from gis.database import Database
from gis.files import read_table

CALENDAR = WorkingCalendar({day: known.working for day, known in announced().items()})
# Working days of each month as an implementation by others counts them (chinesecalendar 1.11.0,
# which agrees on each of the 730 days).
WORKING_DAYS = {
    2025: [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23],
    2026: [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23],
}
NEW_YEAR = "2027-01-01,holiday,元旦"


@pytest.mark.parametrize("year", WORKING_DAYS)
def test_every_month_has_the_working_days_of_an_independent_calendar(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    worked = [sum(CALENDAR.is_working(d) for d in days if d.month == m) for m in range(1, 13)]
    assert worked == WORKING_DAYS[year]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "calendar.csv"


def write(path: Path, *rows: str, head: str = "date,kind,name") -> Path:
    path.write_text("\n".join((head, *rows)), "utf-8")
    return path


def test_a_calendar_is_read_in_chinese_as_well(sheet: Path) -> None:
    rows = ("2027/01/01,放假,元旦", "2027-01-09,调休上班,元旦调休")
    found = read_sheet(read_table(write(sheet, *rows, head="日期,类型,名称")), 2027)
    assert found.faults == []
    assert [(day.day, day.working) for day in found.days] == [
        (date(2027, 1, 1), False),
        (date(2027, 1, 9), True),
    ]


@pytest.mark.parametrize(
    ("row", "where", "what"),
    [
        ("2027-02-30,holiday,春节", "date", "is no date"),
        ("2026-10-01,holiday,国庆节", "date", "is not in 2027"),
        ("2027-10-01,day,国庆节", "kind", "is neither a day off nor a make-up workday"),
        ("2027-10-01,holiday,", "name", "is missing"),
        ("2027-10-04,workday,调休", "date", "is a working day anyway"),
        (NEW_YEAR, "date", "names a day twice"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_with_its_number(
    sheet: Path, row: str, where: str, what: str
) -> None:
    found = read_sheet(read_table(write(sheet, NEW_YEAR, row)), 2027)
    told = [(bad.number, bad.fault.where, bad.fault.what.en) for bad in found.faults]
    assert told == [(3, where, what)]


# `fengqiao calendar import` as an operator types it.


@pytest.fixture
def house(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", url)
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path))
    return database


def run(path: Path, *words: str) -> Result:
    words = ("calendar", "import", str(path), "--year", "2027", "--json", *words)
    return CliRunner().invoke(app, list(words))


def is_off(database: Database, day: date) -> bool:
    with database.transaction() as session:
        return not read_timetable(session).calendar.is_working(day)


def test_an_imported_year_counts_from_then_on_and_is_audited(house: Database, sheet: Path) -> None:
    assert not is_off(house, date(2027, 1, 1)), "a Friday; nothing was announced yet"
    result = run(write(sheet, NEW_YEAR), "--reason", "国办发明电")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {"days": 1, "stored": True, "faults": []}
    assert is_off(house, date(2027, 1, 1))
    with house.transaction() as session:
        deed = text("SELECT subject, reason FROM audit_entry WHERE deed = 'calendar_changed'")
        assert session.execute(deed).one() == ("calendar:2027", "国办发明电")


def test_a_second_import_takes_the_place_of_the_first(house: Database, sheet: Path) -> None:
    run(write(sheet, NEW_YEAR))
    run(write(sheet, "2027-01-04,holiday,元旦"))
    assert not is_off(house, date(2027, 1, 1))
    assert is_off(house, date(2027, 1, 4))


def test_a_dry_run_says_the_same_and_keeps_nothing(house: Database, sheet: Path) -> None:
    result = run(write(sheet, NEW_YEAR), "--dry-run")
    assert json.loads(result.stdout) == {"days": 1, "stored": False, "faults": []}
    assert not is_off(house, date(2027, 1, 1))


def test_a_sheet_with_a_fault_is_not_imported_at_all(house: Database, sheet: Path) -> None:
    result = run(write(sheet, NEW_YEAR, "2027-10-04,workday,调休"))
    assert result.exit_code == 2
    assert [bad["row"] for bad in json.loads(result.stdout)["faults"]] == [3]
    assert not is_off(house, date(2027, 1, 1))


def test_a_year_nearly_all_off_is_refused(sheet: Path) -> None:
    days = (date(2027, 1, 1) + timedelta(days=n) for n in range(90))
    result = run(write(sheet, *(f"{day},holiday,假" for day in days)))
    assert result.exit_code == 2
    assert "working days only" in result.output


def test_a_table_without_the_columns_is_refused(sheet: Path) -> None:
    result = run(write(sheet, "2027-01-01,x", head="day,what"))
    assert result.exit_code == 2
    assert "add a column" in result.output
