"""The grammar of administrative codes and grid codes.

Area codes have 12 digits: 2 province + 2 city + 2 district + 3 street + 3 community
(001–199 居委会, 200–399 村委会). A grid code has 15: the community's 12 and a sequence of 3, where
900–999 are 专属网格 (cells of one large site; our own choice). A code, once used, stays with its
ground for ever.
"""

import math
import re
import unicodedata
from dataclasses import dataclass

from grids.hierarchy import ADMINISTRATIVE, TITLES, AreaKind

AREA_DIGITS = 12
GRID_DIGITS = 15
VILLAGES = range(200, 400)
EXCLUSIVE = range(900, 1000)
LARGEST_EXACT = 2.0**53  # beyond it a float no longer tells neighbouring whole numbers apart

# How many leading digits of its own a kind's code has; the rest up to 12 are zeros.
OWN_DIGITS = {AreaKind.DISTRICT: 6, AreaKind.STREET: 9, AreaKind.COMMUNITY: 12, AreaKind.GRID: 15}

WHOLE_AS_FLOAT = re.compile(r"(\d+)\.0+")
EXPONENT = re.compile(r"\d(\.\d+)?[eE]\+?\d+")


class BadCode(ValueError):
    """A code that breaks the grammar: the code as given, why, and how to mend it (zh, en)."""

    def __init__(self, code: str, what: tuple[str, str], mend: tuple[str, str]) -> None:
        super().__init__(f"{what[0]} / {what[1]}. 处理 / Mend: {mend[0]} / {mend[1]}")
        self.code = code
        self.what = what
        self.mend = mend


@dataclass(frozen=True)
class GridCode:
    """A grid code taken apart."""

    community: str
    sequence: int

    @property
    def is_exclusive(self) -> bool:
        """Whether it is a cell of one large site (专属网格)."""
        return self.sequence in EXCLUSIVE


def restored(value: object) -> str:
    """The text of a code that a file may have stored as a number; "" for a missing one.

    210104002000, 210104002000.0 and full-width digits all give "210104002000". Raises BadCode
    where a spreadsheet has rounded the digits away, as in "2.10104E+11".
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = unicodedata.normalize("NFKC", _plain(value)).strip()
    if EXPONENT.fullmatch(text):
        raise BadCode(
            text,
            (f"编码“{text}”已被表格软件四舍五入", f"Code “{text}” was rounded by a spreadsheet"),
            ("将该列设为文本后重新导出", "Make the column text and export the file again"),
        )
    whole = WHOLE_AS_FLOAT.fullmatch(text)
    return whole.group(1) if whole else text


def _plain(value: object) -> str:
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_EXACT
    return str(int(value)) if is_whole and isinstance(value, float) else str(value)


def checked(kind: AreaKind, code: str) -> str:
    """The code in full length, or BadCode.

    Short forms of administrative codes are completed: district 210104 → 210104000000, street
    210104002 → 210104002000. Other kinds may bear any non-empty text.
    """
    if not code or not code.isprintable():
        raise BadCode(
            code,
            ("编码为空或含不可见字符", "The code is empty or holds invisible characters"),
            ("为每个区域填写唯一编码", "Give every area a code of its own"),
        )
    return _administrative(kind, code) if kind in ADMINISTRATIVE else code


def _administrative(kind: AreaKind, code: str) -> str:
    own = OWN_DIGITS[kind]
    full = code.ljust(AREA_DIGITS, "0") if len(code) == own else code
    if not (full.isascii() and full.isdigit() and len(full) == max(own, AREA_DIGITS)):
        raise _bad_length(kind, code, max(own, AREA_DIGITS))
    if set(full[own:]) - {"0"}:
        raise BadCode(
            code,
            (
                f"编码“{code}”不是{TITLES[kind][0]}级",
                f"Code “{code}” is not a {TITLES[kind][1]} code",
            ),
            (f"第 {own + 1} 位起应全为 0", f"All digits from the {own + 1}th on must be 0"),
        )
    if set(full[own - 3 : own]) == {"0"} and kind is not AreaKind.DISTRICT:
        raise BadCode(
            code,
            (f"编码“{code}”的顺序号为 000", f"The sequence in code “{code}” is 000"),
            ("顺序号从 001 起", "Sequences begin with 001"),
        )
    return full


def _bad_length(kind: AreaKind, code: str, digits: int) -> BadCode:
    return BadCode(
        code,
        (
            f"{TITLES[kind][0]}编码“{code}”不是 {digits} 位数字",
            f"The {TITLES[kind][1]} code “{code}” is not {digits} digits",
        ),
        (
            f"使用 {digits} 位统计用区划代码"
            + ("加 3 位网格顺序号" if digits > AREA_DIGITS else ""),
            f"Use the {digits}-digit code of the national statistics list"
            + (" followed by the cell's sequence" if digits > AREA_DIGITS else ""),
        ),
    )


def parent_code(kind: AreaKind, code: str) -> str | None:
    """The code of the area above, as the digits tell it; None where they tell nothing.

    `code` must have passed `checked`.
    """
    if kind not in ADMINISTRATIVE or kind is AreaKind.DISTRICT:
        return None
    return code[: OWN_DIGITS[kind] - 3].ljust(AREA_DIGITS, "0")


def is_village(community: str) -> bool:
    """Whether the 12-digit community code is a village committee's (村委会)."""
    return int(community[9:12]) in VILLAGES


def grid_code(community: str, sequence: int) -> str:
    """The 15-digit code of a community's cell; `sequence` 1–999. Raises BadCode."""
    return checked(AreaKind.GRID, f"{community}{sequence:03d}")


def parsed_grid(code: str) -> GridCode:
    """Take a 15-digit grid code apart. Raises BadCode."""
    full = checked(AreaKind.GRID, code)
    return GridCode(full[:AREA_DIGITS], int(full[AREA_DIGITS:]))
