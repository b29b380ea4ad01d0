"""Tables for spreadsheets: nothing runs, numbers stay numbers, all or nothing."""

import csv
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gis.files import read_table, write_csv
from gis.files.writing import escaped


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1-1",
        "-1+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\0=1",
        "＝1+1",
        "＋1",
        "－1+1",
        "＠A1",
        "-",
        "+86 138 0000 0000",
        "--5",
        "-1e",
        "-12.5.1",
    ],
)
def test_what_a_spreadsheet_might_run_is_quoted(text: str) -> None:
    assert escaped(text) == "'" + text


@pytest.mark.parametrize(
    "cell", ["-12.5", "+3", "-1e-9", "-0", -12.5, 3, None, "", "东塔", "a=b", "'=1", " x"]
)
def test_numbers_and_plain_text_stay_as_they_are(cell: object) -> None:
    assert escaped(cell) == cell


def test_a_table_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    rows = [("东,塔", 'say "hi"', "two\nlines"), (-12.5, None, 3)]
    write_csv(path, ["名", "b", "c"], rows)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    table = read_table(path)
    assert table.header == ("名", "b", "c")
    assert table.rows == [("东,塔", 'say "hi"', "two\nlines"), ("-12.5", "", "3")]


def test_cells_and_header_are_both_escaped(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ["=a", "b"], [("=1", "-2"), ["@x", 1]])
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["'=a", "b"], ["'=1", "-2"], ["'@x", "1"]]


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")

    def rows() -> Iterator[tuple[str]]:
        yield ("new",)
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        write_csv(path, ["a"], rows())
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


def test_the_file_can_be_read_by_others(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ["a"], [])
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o644


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(path.read_bytes)
        write_csv(path, ["a"], [("1",)])
        assert found.result(timeout=10) == b"\xef\xbb\xbfa\r\n1\r\n"
    assert path.is_fifo()


def test_a_link_stays_a_link_to_the_new_table(tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "a.csv").symlink_to(tmp_path / "to" / "b.csv")
    write_csv(tmp_path / "a.csv", ["a"], [])
    assert (tmp_path / "a.csv").is_symlink()
    assert [each.name for each in (tmp_path / "to").iterdir()] == ["b.csv"]
