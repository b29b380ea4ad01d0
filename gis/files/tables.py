"""Tables from CSV and XLSX: every cell as text, every row with the number its reader sees."""

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl

from gis.files.refusing import BROKEN_ZIP, UnreadableFile, require_file
from gis.files.text import read_text
from gis.wording import Wording

DELIMITERS = ",\t;"
QUOTED = re.compile(r'(?<![^,\t;\r\n])"(?:[^"]|"")*"?')
SAMPLE = 100_000  # characters that tell the delimiter
WIDEST_CELL = 1_000_000
WORKBOOKS = (".xlsx", ".xlsm")
OLD_WORKBOOK = ".xls"

# What openpyxl raises for a file that is no sound workbook, at opening or at any row.
UNSOUND = (*BROKEN_ZIP, ParseError, AttributeError, LookupError, TypeError)


@dataclass(frozen=True)
class BadRow:
    """A row that does not fit under the header; `number` as in the file, the header being 1."""

    number: int
    what: Wording
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A header and rows of text; `numbers[i]` is the file's number of `rows[i]`.

    Empty rows are left out. `bad_rows` are not among `rows`.
    """

    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    numbers: list[int]
    bad_rows: list[BadRow]
    encoding: str | None

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row by column name, with its number."""
        for number, row in zip(self.numbers, self.rows, strict=True):
            yield number, dict(zip(self.header, row, strict=True))


def read_table(path: Path, encoding: str | None = None) -> Table:
    """Read a CSV (comma, tab or semicolon) or an XLSX (first sheet). Raises UnreadableFile.

    Without `encoding` a CSV is UTF-8 if it is valid UTF-8, else GB18030 (which holds GBK).
    """
    require_file(path)
    if path.suffix.lower() == OLD_WORKBOOK:
        reason = Wording("是旧版 Excel 工作簿", "is a workbook of old Excel")
        raise UnreadableFile(path, reason, Wording("另存为 .xlsx", "save it as .xlsx"))
    if path.suffix.lower() in WORKBOOKS:
        return _table(path, _filled_up(_sheet(path)), None)
    text, found = read_text(path, encoding)
    return _table(path, _lines(path, text), found)


def _lines(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(WIDEST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    for number in count(1):
        start = lines.line_num + 1
        try:
            cells = next(lines, None)
        except csv.Error as error:
            reason = Wording(
                f"第 {start} 行的引号不成对，或单元格过长",
                f"unpaired quote or huge cell in line {start}",
            )
            raise UnreadableFile(path, reason, Wording("改正引号", "mend the quotes")) from error
        if cells is None:
            return
        yield number, cells


def _delimiter(text: str) -> str:
    """The one used most in the first line that is not blank, outside of quotes."""
    bare = QUOTED.sub("x", text[:SAMPLE])
    first = next((line for line in bare.splitlines() if line.strip(f"{DELIMITERS} ")), "")
    return max(DELIMITERS, key=first.count)


def _sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with closing(_workbook(path)) as book:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # exporters write wrong ones, and cells beyond would be lost
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield number, [_cell(value) for value in row]
    except UNSOUND as error:
        reason = Wording("不是完好的 Excel 工作簿", "is no sound Excel workbook")
        raise UnreadableFile(path, reason, Wording("另存为 .xlsx", "save it as .xlsx")) from error


def _workbook(path: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # on styles, which nobody reads here
        return openpyxl.load_workbook(path, read_only=True, data_only=True)


def _filled_up(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The rows as wide as the header: a sheet does not store a row's last empty cells."""
    width = 0
    for number, cells in lines:
        width = width or (len(cells) if any(cells) else 0)
        yield number, cells + [""] * (width - len(cells))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _table(path: Path, lines: Iterable[tuple[int, list[str]]], encoding: str | None) -> Table:
    filled = ((number, cells) for number, cells in lines if any(cell.strip() for cell in cells))
    _, first = next(filled, (0, None))
    if first is None:
        reason = Wording("没有表头", "it has no header")
        raise UnreadableFile(path, reason, Wording("第一行写列名", "put column names in row 1"))
    header = _header(path, first)
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    bad: list[BadRow] = []
    for number, cells in filled:
        trimmed = _trimmed(cells, len(header))
        if len(trimmed) == len(header):
            rows.append(tuple(trimmed))
            numbers.append(number)
        else:
            bad.append(BadRow(number, _width(len(trimmed), len(header)), tuple(trimmed)))
    return Table(header, rows, numbers, bad, encoding)


def _header(path: Path, cells: Sequence[str]) -> tuple[str, ...]:
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    twice = {name for name in names if names.count(name) > 1 or not name}
    if twice:
        every = ", ".join(sorted(name or "∅" for name in twice))
        reason = Wording(f"列名重复或为空：{every}", f"column names twice or empty: {every}")
        raise UnreadableFile(path, reason, Wording("改正表头", "mend the header"))
    return tuple(names)


def _trimmed(cells: Sequence[str], width: int) -> list[str]:
    """The cells without empty ones beyond the header, which spreadsheets like to add."""
    kept = list(cells)
    while len(kept) > width and not kept[-1].strip():
        kept.pop()
    return kept


def _width(found: int, wanted: int) -> Wording:
    return Wording(f"有 {found} 列，表头有 {wanted} 列", f"{found} cells under {wanted} columns")
