"""The encoding of a dBase table (a Shapefile's attributes) that does not say its own."""

import codecs
from collections.abc import Iterator
from itertools import pairwise
from typing import IO

UTF_8 = "UTF-8"
CHINESE = "GB18030"  # holds GBK and GB2312

# Where the format has what (dBase level 3; all numbers little-endian).
HEADER_SIZE, RECORD_SIZE, LANGUAGE = slice(8, 10), slice(10, 12), 29
FIELDS, FIELD_SIZE, NAME_WIDTH, KIND, WIDTH = 32, 32, 10, 11, 16
TEXT = ord("C")

# No language at all, and "ANSI": whatever code page that Windows had.
UNSAID = (0x00, 0x57)

# A quarter of a million names tell enough.
SAMPLE_BYTES = 4_000_000


def undeclared_encoding(file: IO[bytes]) -> str | None:
    """UTF-8 if all text is, else GB18030; None where the table names its language itself."""
    table = file.read(SAMPLE_BYTES)
    if len(table) <= FIELDS or table[LANGUAGE] not in UNSAID:
        return None
    return UTF_8 if all(_is_utf_8(*text) for text in _texts(table)) else CHINESE


def _texts(table: bytes) -> Iterator[tuple[bytes, int]]:
    """Every field's name and every cell of text that is not plain ASCII, with its width."""
    header, size = (int.from_bytes(table[part], "little") for part in (HEADER_SIZE, RECORD_SIZE))
    fields = [table[at : at + FIELD_SIZE] for at in range(FIELDS, header - FIELD_SIZE, FIELD_SIZE)]
    for field in fields:
        yield field[: NAME_WIDTH + 1].partition(b"\0")[0], NAME_WIDTH
    cells = _text_cells(fields)
    for at in range(header, len(table), max(size, 1)):
        record = table[at : at + size]
        if not record.isascii():
            for start, end in cells:
                yield record[start:end].rstrip(b" \0"), end - start


def _text_cells(fields: list[bytes]) -> list[tuple[int, int]]:
    """Where in a record the cells of text begin and end; its first byte marks deleted ones."""
    ends = [1]
    for field in fields:
        ends.append(ends[-1] + field[WIDTH])
    return [cell for field, cell in zip(fields, pairwise(ends), strict=True) if field[KIND] == TEXT]


def _is_utf_8(text: bytes, width: int) -> bool:
    """Whether text decodes; where it fills its width, its last character may have been cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(text, final=len(text) < width)
    except UnicodeDecodeError:
        return False
    return True
