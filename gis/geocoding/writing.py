"""One way of writing: full-width and half-width, numerals, dashes and punctuation made alike."""

import re
import unicodedata

MAX_CHARACTERS = 200
"""A written address is shorter; what follows is dropped, so that no input costs more than this."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = "零〇一二两三四五六七八九十百千"
_COUNTED = "号楼|号|弄|栋|幢|单元|室|户|门|层|楼|期|副|附|巷|#|-"
# A numeral is rewritten only where it counts something: 三家子社区 and 七二四支行 keep theirs.
_COUNT = re.compile(f"[{_NUMERAL}]+(?=(?:{_COUNTED}))")
_CHAINED = re.compile(f"(?<=[-号栋幢元层])[{_NUMERAL}]+(?=-|$)")
_DASHES = re.compile(
    f"[‐-―−~﹣－_ー]|(?<=[0-9号])[.](?=[0-9])|(?<=[0-9号{_NUMERAL}])之(?=[0-9{_NUMERAL}])"
)
_BETWEEN_ROADS = re.compile(r"(?<=[路街巷道])[/、&+×xX](?=[一-鿿])")
_FOREIGN = re.compile(r"[^0-9A-Z㐀-鿿〇#-]")


def written_alike(text: str) -> str:
    """The text in its one form: ASCII digits and capitals, Han characters, '-' and '#'."""
    alike = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])[:MAX_CHARACTERS].upper()
    alike = _BETWEEN_ROADS.sub("与", alike)
    alike = _FOREIGN.sub("", _DASHES.sub("-", alike))
    return _CHAINED.sub(_in_digits, _COUNT.sub(_in_digits, alike))


def _in_digits(match: re.Match[str]) -> str:
    return str(numeral(match.group()))


def numeral(text: str) -> str:
    """A Chinese numeral as digits: 十二 → 12, 五零一 → 501, 二百零三 → 203."""
    if not any(c in _UNITS for c in text):
        return "".join(str(_DIGITS[c]) for c in text)
    total = digit = 0
    for c in text:
        if c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            digit = _DIGITS[c]
    return str(total + digit)
