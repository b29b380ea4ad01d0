"""`fengqiao reports import` as a clerk types it: all or none, twice is once, faults by row."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from gis.database import Database
from tests.api.district import CENTRE, NEAR_STREET_LINE
from tests.api.test_intake import rows

HEADER = "类别,内容,发生时间,来源,人数,经度,纬度,坐标系,地址"
LON, LAT = CENTRE
GOOD = f"物业,电梯长期停用,2026/11/20 09:30,窗口来访,3,{LON},{LAT},wgs84,"
BY_ADDRESS = "邻里,楼上漏水,2026-11-21 10:00,12345/110 转办,2,,,,东塔街12号"
NEAR = f"neighbour,噪音,2026-11-21T10:00:00+08:00,public,2,{NEAR_STREET_LINE[0]},{LAT},wgs84,"


@pytest.fixture(autouse=True)
def _url(district: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    url = district.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", url)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["reports", "import", *map(str, words)])


def told(result: Result) -> Any:
    return json.loads(result.stdout)


def table(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "reports.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding=encoding)
    return path


def test_rows_with_chinese_headings_and_titles_become_cases(
    tmp_path: Path, district: Database
) -> None:
    result = run(table(tmp_path, GOOD, BY_ADDRESS, NEAR), "--json")
    assert result.exit_code == 0, result.output
    assert told(result)["imported"] == 3
    assert told(result)["case_numbers"][0].endswith("000001")
    assert rows(district)["case_file"] == 3
    assert rows(district)["placement"] == 1, "the one near the street line"


def test_a_sheet_in_gbk_is_read(tmp_path: Path, district: Database) -> None:
    result = run(table(tmp_path, GOOD, encoding="gbk"), "--json")
    assert told(result)["imported"] == 1
    assert rows(district)["report"] == 1


def test_a_workbook_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(","))
    sheet.append(["物业", "停车", "2026-11-20 09:30", "窗口来访", 3, LON, LAT, "wgs84", None])
    book.save(tmp_path / "reports.xlsx")
    assert told(run(tmp_path / "reports.xlsx", "--json"))["imported"] == 1


def test_the_same_file_imported_twice_opens_no_second_case(
    tmp_path: Path, district: Database
) -> None:
    path = table(tmp_path, GOOD, BY_ADDRESS)
    run(path)
    again = told(run(path, "--json"))
    assert (again["rows"], again["imported"]) == (2, 0)
    assert rows(district)["case_file"] == 2


def test_two_equal_rows_of_one_file_are_two_reports(tmp_path: Path, district: Database) -> None:
    run(table(tmp_path, GOOD, GOOD))
    assert rows(district)["case_file"] == 2


def test_a_dry_run_stores_nothing_and_still_finds_the_faults(
    tmp_path: Path, district: Database
) -> None:
    result = run(table(tmp_path, GOOD, GOOD.replace("物业", "吵架")), "--dry-run", "--json")
    assert result.exit_code == 2
    assert (told(result)["rows"], told(result)["imported"]) == (1, 0)
    assert set(rows(district).values()) == {0}


BROKEN = {
    "unknown category": (GOOD.replace("物业", "吵架"), "category"),
    "future": (GOOD.replace("2026/11/20", "2099/11/20"), "occurred_at"),
    "no time": (GOOD.replace("2026/11/20 09:30", "昨天"), "occurred_at"),
    "swapped axes": (GOOD.replace(f"{LON},{LAT}", f"{LAT},{LON}"), "lon"),
    "coordinate as words": (GOOD.replace(str(LON), "东经"), "place.lon"),
    "NaN": (GOOD.replace(str(LON), "nan"), "lon"),
    "no datum": (GOOD.replace("wgs84", ""), "place"),
    "no place": (BY_ADDRESS.replace("东塔街12号", ""), "place"),
    "no text": (GOOD.replace("电梯长期停用", ""), "text"),
    "too few cells": ("物业,电梯", "row"),
}


@pytest.mark.parametrize(("line", "field"), BROKEN.values(), ids=BROKEN.keys())
def test_a_faulty_row_is_told_by_number_and_field_and_nothing_is_stored(
    tmp_path: Path, district: Database, line: str, field: str
) -> None:
    result = run(table(tmp_path, GOOD, line), "--json")
    assert result.exit_code == 2, result.output
    assert (3, field) in [(fault["row"], fault["field"]) for fault in told(result)["faults"]]
    assert set(rows(district).values()) == {0}


def test_the_other_rows_can_be_imported_on_request(tmp_path: Path, district: Database) -> None:
    result = run(table(tmp_path, GOOD, "物业,电梯", BY_ADDRESS), "--skip-bad", "--json")
    assert result.exit_code == 0
    assert (told(result)["imported"], len(told(result)["faults"])) == (2, 1)
    assert rows(district)["case_file"] == 2


def test_a_datum_for_the_whole_sheet_can_be_declared(tmp_path: Path) -> None:
    path = table(tmp_path, GOOD.replace("wgs84", ""))
    assert told(run(path, "--datum", "gcj02", "--json"))["imported"] == 1


def test_a_sheet_without_a_needed_column_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "reports.csv"
    path.write_text("类别,内容\n物业,电梯\n", encoding="utf-8")
    result = run(path)
    assert result.exit_code == 2
    assert "occurred_at" in result.stderr
    assert "发生时间" in result.stderr


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01\x02", b'"'])
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "reports.csv"
    path.write_bytes(content)
    result = run(path)
    assert result.exit_code == 2
    assert "reports.csv" in result.stderr


def test_an_import_stands_in_the_audit_by_its_numbers(tmp_path: Path, district: Database) -> None:
    run(table(tmp_path, GOOD, NEAR))
    with district.transaction() as session:
        found = session.execute(text("SELECT deed, content FROM audit_entry"))
        assert [tuple(row) for row in found] == [("reports_imported", {"rows": 2, "cases": 2})]
