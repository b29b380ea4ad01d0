"""Tables give text with the row numbers their readers see, or say why not."""

import datetime as dt
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from gis.files import Table, UnreadableFile, read_table

SHEET = "xl/worksheets/sheet1.xml"


def csv_of(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "表.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def workbook(folder: Path, *rows: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    book.save(folder / "表.xlsx")
    return folder / "表.xlsx"


def altered(path: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of its members changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[member] = change(parts[member])
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def refusal(path: Path, encoding: str | None = None) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        read_table(path, encoding)
    return refused.value


@pytest.mark.parametrize(
    ("encoding", "found"), [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("gbk", "gb18030")]
)
def test_the_encoding_of_a_csv_is_found(tmp_path: Path, encoding: str, found: str) -> None:
    table = read_table(csv_of(tmp_path, "名称,经度\r\n东塔街道,123.47\r\n", encoding))
    assert table == Table(("名称", "经度"), [("东塔街道", "123.47")], [2], [], found)


def test_characters_beyond_gbk_are_read(tmp_path: Path) -> None:
    assert read_table(csv_of(tmp_path, "名\n㐂𠀀\n", "gb18030")).rows == [("㐂𠀀",)]


def test_an_encoding_that_is_told_goes_before_all(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "名\n東\n", "big5")
    assert read_table(path, "big5").rows == [("東",)]
    assert "utf-8" in refusal(path, "utf-8").reason.en


@pytest.mark.parametrize("encoding", ["klingon", "hex"])
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, encoding: str) -> None:
    assert encoding in refusal(csv_of(tmp_path, "a\n1\n"), encoding).reason.en


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_the_one_in_the_header(tmp_path: Path, delimiter: str) -> None:
    table = read_table(csv_of(tmp_path, f'a{delimiter}b\n1{delimiter}"2,;\t3"\n'))
    assert table.rows == [("1", "2,;\t3")]


@pytest.mark.parametrize("header", ["\n\na;b", ' \t\n"a,b,c";b', '"two\nlines,,";b'])
def test_the_delimiter_is_neither_in_quotes_nor_in_blank_lines(tmp_path: Path, header: str) -> None:
    assert read_table(csv_of(tmp_path, f"{header}\n1;2\n")).rows == [("1", "2")]


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "a,b\n1,2\n", "utf-8-sig")
    assert read_table(path, "utf-8").header == ("a", "b")
    path.write_bytes("\ufeffa,b\n1,2\n".encode("gb18030"))
    assert read_table(path).header == ("a", "b")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(tmp_path: Path, end: str) -> None:
    table = read_table(csv_of(tmp_path, end.join(["a,b", "1,2", "3,4"])))
    assert (table.rows, table.numbers) == ([("1", "2"), ("3", "4")], [2, 3])


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    text = '\na,b\n\n1,"two\nlines"\n , \n3,4\n'
    table = read_table(csv_of(tmp_path, text))
    assert table.header == ("a", "b")
    assert dict(zip(table.numbers, table.rows, strict=True)) == {
        4: ("1", "two\nlines"),
        6: ("3", "4"),
    }


def test_rows_too_short_or_too_long_are_kept_apart_with_their_number(tmp_path: Path) -> None:
    table = read_table(csv_of(tmp_path, "a,b\n1,2\n3\n4,5,6\n7,8,,\n"))
    assert table.rows == [("1", "2"), ("7", "8")]
    assert [(bad.number, bad.cells) for bad in table.bad_rows] == [
        (3, ("3",)),
        (4, ("4", "5", "6")),
    ]
    assert table.bad_rows[0].what.zh == "有 1 列，表头有 2 列"
    assert table.bad_rows[1].what.en == "3 cells under 2 columns"


def test_codes_keep_their_zeros_and_blanks_their_place(tmp_path: Path) -> None:
    table = read_table(csv_of(tmp_path, "code,name\n007, 东 \n"))
    assert table.rows == [("007", " 东 ")]


def test_records_name_their_cells_by_the_header(tmp_path: Path) -> None:
    table = read_table(csv_of(tmp_path, " a ,b,,\n1,2\n3,4\n"))
    assert table.header == ("a", "b")
    assert list(table.records()) == [(2, {"a": "1", "b": "2"}), (3, {"a": "3", "b": "4"})]


def test_a_table_may_have_no_rows(tmp_path: Path) -> None:
    assert read_table(csv_of(tmp_path, "a,b\n")).rows == []


@pytest.mark.parametrize("header", ["a,a", "a,,b", " a,a "])
def test_a_header_with_a_name_twice_or_none_is_refused(tmp_path: Path, header: str) -> None:
    error = refusal(csv_of(tmp_path, f"{header}\n1,2,3\n"))
    assert error.reason.zh.startswith("列名重复或为空")


@pytest.mark.parametrize("text", [" , \n\n", "\ufeff", "\n"])
def test_a_file_without_header_is_refused(tmp_path: Path, text: str) -> None:
    assert refusal(csv_of(tmp_path, text)).reason.zh == "没有表头"


@pytest.mark.parametrize(
    "text", ['a,b\n1,2\n"x,3\n', 'a,b\n1,2\n"x"y,3\n', 'a,b\n1,2\n"x,3\n' + "5,6\n" * 100]
)
def test_an_unpaired_quote_is_refused_with_the_line_it_opens_on(tmp_path: Path, text: str) -> None:
    assert "第 3 行" in refusal(csv_of(tmp_path, text)).reason.zh


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n1,2\n1,\x00\n", "第 3 行有空字符"),
        (b"a\n\xff\xff\n", "第 2 行不是 UTF-8 或 GBK 文本"),
        ("名称\n东塔\n".encode("gbk") + b"\xff\n", "第 3 行不是 UTF-8 或 GBK 文本"),
        ("名称\n东塔\n".encode() + b"\xff\n", "第 3 行不是 UTF-8 或 GBK 文本"),
        ("a,b\n".encode("utf-16"), "第 1 行"),
        (b"PK\x03\x04\x00", "第 1 行有空字符"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(
    tmp_path: Path, content: bytes, said: str
) -> None:
    error = refusal(csv_of(tmp_path, content))
    assert said in error.reason.zh
    assert "UTF-8" in error.mend.zh


def test_a_huge_cell_is_refused(tmp_path: Path) -> None:
    error = refusal(csv_of(tmp_path, "a\n" + "x" * 1_000_001))
    assert "单元格过长" in error.reason.zh
    assert "第 2 行" in error.reason.zh


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv").reason.zh == "没有这个文件"
    assert refusal(csv_of(tmp_path, b"")).reason.zh == "文件是空的"
    assert refusal(tmp_path).reason.zh == "是文件夹"


def test_cells_of_a_workbook_are_the_text_their_reader_sees(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ["code", "lon", "at", "on", "none"],
        [210104001.0, 123.47, dt.datetime(2024, 5, 1, 8, 30), "007", None],  # noqa: DTZ001 - Excel knows no zone
    )
    assert read_table(path).rows == [("210104001", "123.47", "2024-05-01T08:30:00", "007", "")]


def test_rows_of_a_workbook_bear_their_own_numbers(tmp_path: Path) -> None:
    table = read_table(workbook(tmp_path, ["a", "b"], [], [1, 2], [None, None], [3]))
    assert (table.rows, table.numbers) == ([("1", "2"), ("3", "")], [3, 5])


def test_a_title_or_blank_rows_above_the_header_do_not_narrow_it(tmp_path: Path) -> None:
    table = read_table(workbook(tmp_path, [None, None], ["a", "b", "c"], [1]))
    assert (table.header, table.rows) == (("a", "b", "c"), [("1", "", "")])


def test_cells_beyond_the_header_of_a_workbook_make_a_bad_row(tmp_path: Path) -> None:
    table = read_table(workbook(tmp_path, ["a", "b"], [1, 2, 3]))
    assert [bad.number for bad in table.bad_rows] == [2]


@pytest.mark.parametrize("size", [b"A1", b"A1:A1", b"A1:XFD1048576"])
def test_a_workbook_with_a_wrong_size_loses_no_cell(tmp_path: Path, size: bytes) -> None:
    path = workbook(tmp_path, ["a", "b"], [1, 2])
    altered(path, SHEET, lambda sheet: sheet.replace(b'ref="A1:B2"', b'ref="' + size + b'"'))
    assert read_table(path).rows == [("1", "2")]


def test_a_workbook_without_styles_is_read_in_silence(tmp_path: Path) -> None:
    empty = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    path = altered(workbook(tmp_path, ["a"], [1]), "xl/styles.xml", lambda _: empty)
    assert read_table(path).rows == [("1",)]


def test_a_workbook_with_a_broken_sheet_is_refused(tmp_path: Path) -> None:
    path = altered(workbook(tmp_path, ["a"], [1]), SHEET, lambda sheet: sheet[: len(sheet) // 2])
    assert refusal(path).reason.zh == "不是完好的 Excel 工作簿"


def test_a_workbook_cut_or_scratched_anywhere_is_read_or_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, ["a", "b"], *([n, f"东塔{n}"] for n in range(50)))
    whole, chance = path.read_bytes(), np.random.default_rng(4)
    for turn in range(200):
        scratched = bytearray(whole)
        for at in chance.integers(0, len(whole), 3):
            scratched[at] ^= int(chance.integers(1, 256))
        path.write_bytes(bytes(scratched[: len(whole) - (turn % 2) * int(chance.integers(200))]))
        with suppress(UnreadableFile):
            assert read_table(path).header


def test_a_workbook_of_old_excel_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))
    assert refusal(path).mend.zh == "另存为 .xlsx"
