"""Tables for spreadsheets: UTF-8 with mark, and no cell that a spreadsheet would run."""

import csv
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

# A cell that begins so is a formula to a spreadsheet (OWASP: CSV injection; ASVS 5, 1.2.10), or
# becomes one when a Chinese one takes wide characters for narrow.
FORMULA = frozenset("=+-@\t\r\n\0＝＋－＠")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write the whole table or nothing: a file of the same name is only replaced at the end.

    What is no file but a pipe or a device is written to as it is.
    """
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            _write(file, header, rows)
        return
    target = path.resolve()  # a link stays one
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            _write(file, header, rows)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _write(file: TextIO, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    writer = csv.writer(file)
    writer.writerow(map(escaped, header))
    writer.writerows(map(_escaped_row, rows))


def _escaped_row(row: Sequence[object]) -> list[object]:
    # A million rows have tens of millions of cells: only the suspects are worth a call.
    return [
        escaped(cell) if isinstance(cell, str) and cell[:1] in FORMULA else cell for cell in row
    ]


def escaped(cell: object) -> object:
    """The cell, with a quote before what a spreadsheet would take for a formula."""
    if isinstance(cell, str) and cell[:1] in FORMULA and not NUMBER.fullmatch(cell):
        return "'" + cell
    return cell
