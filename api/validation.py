"""What pydantic finds wrong with a request, in words that a person can act on."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.refusals import Fault
from gis.wording import Wording

CHECK = Wording("按接口文档改正", "correct it as the documentation of the interface says")

NUMBER = (
    Wording("不是数字", "is not a number"),
    Wording("写成数字，不加引号", "write a number without quotes"),
)
TEXT = (Wording("不是文字", "is not text"), Wording("写成带引号的文字", "write text in quotes"))
TIME = (
    Wording("不是带时区的时间", "is not a time with a zone"),
    Wording("写成 2026-02-19T09:30:00+08:00", "write it as 2026-02-19T09:30:00+08:00"),
)
UNREADABLE = (
    Wording("含有无法保存的字符", "contains characters that cannot be kept"),
    Wording("删除控制字符和不成对的代理字符", "remove control characters and lone surrogates"),
)

WORDS: Mapping[str, tuple[Wording, Wording]] = {
    "missing": (Wording("缺少", "is missing"), Wording("补上这一项", "add it")),
    "extra_forbidden": (
        Wording("没有这个字段", "is no known field"),
        Wording("检查拼写或删除", "check its spelling or remove it"),
    ),
    "finite_number": (
        Wording("不是有限的数", "is not a finite number"),
        Wording("不要使用 NaN 或 Infinity", "use neither NaN nor Infinity"),
    ),
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "int_type": NUMBER,
    "int_parsing": NUMBER,
    "int_from_float": NUMBER,
    "string_type": TEXT,
    "string_unicode": UNREADABLE,
    "control_character": UNREADABLE,
    "datetime_type": TIME,
    "datetime_parsing": TIME,
    "datetime_from_date_parsing": TIME,
    "datetime_object_invalid": TIME,
    "timezone_aware": TIME,
    "date_from_datetime_parsing": (
        Wording("不是日期", "is not a date"),
        Wording("写成 2026-02-19", "write it as 2026-02-19"),
    ),
    "json_invalid": (
        Wording("不是正确的 JSON", "is not valid JSON"),
        Wording("检查括号、引号和编码（UTF-8）", "check brackets, quotes and encoding (UTF-8)"),
    ),
    "string_too_short": (Wording("是空的", "is empty"), Wording("填写内容", "fill it in")),
    "two_places": (
        Wording("同时给了地址和坐标", "has both an address and a coordinate"),
        Wording("只给其中一个", "give only one of them"),
    ),
    "no_place": (
        Wording("没有地址，也没有完整的坐标", "has neither an address nor a whole coordinate"),
        Wording("给 address，或给 lon、lat、datum", "give address, or lon, lat and datum"),
    ),
    "no_datum": (
        Wording("坐标没有说明坐标系", "is a coordinate without datum"),
        Wording(
            "加上 datum：wgs84、cgcs2000、gcj02（高德、腾讯）或 bd09（百度）",
            "add datum: wgs84, cgcs2000, gcj02 (Amap, Tencent) or bd09 (Baidu)",
        ),
    ),
    "bool_type": (
        Wording("不是 true 或 false", "is neither true nor false"),
        Wording("写成 true 或 false", "write true or false"),
    ),
}

LIMITS: Mapping[str, tuple[Wording, str]] = {
    "greater_than": (Wording("应大于 {}", "must be greater than {}"), "gt"),
    "greater_than_equal": (Wording("不能小于 {}", "must not be less than {}"), "ge"),
    "less_than": (Wording("应小于 {}", "must be less than {}"), "lt"),
    "less_than_equal": (Wording("不能大于 {}", "must not be greater than {}"), "le"),
    "string_too_long": (Wording("超过 {} 个字", "is longer than {} characters"), "max_length"),
    "too_long": (Wording("超过 {} 项", "has more than {} items"), "max_length"),
    "too_short": (Wording("少于 {} 项", "has fewer than {} items"), "min_length"),
    "enum": (Wording("不在 {} 之中", "is none of {}"), "expected"),
    "string_pattern_mismatch": (Wording("不符合格式 {}", "does not match {}"), "pattern"),
}

MOST = 20


def faults(errors: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """One fault for each error, at most twenty; the input itself is never repeated."""
    return [_fault(error) for error in list(errors)[:MOST]]


def _fault(error: Mapping[str, Any]) -> Fault:
    what, mend = _words(error)
    return Fault(_where(error["loc"]), what, mend)


def _where(location: Iterable[str | int]) -> str:
    """``("body", "place", "lon")`` → ``place.lon``: as the asker wrote it."""
    parts = [str(part) for part in location if part not in {"body", "query", "path", "header"}]
    return ".".join(parts) or "body"


def _words(error: Mapping[str, Any]) -> tuple[Wording, Wording]:
    kind = error["type"]
    if kind in WORDS:
        return WORDS[kind]
    if kind in LIMITS:
        wording, name = LIMITS[kind]
        limit = error.get("ctx", {}).get(name, "")
        return Wording(wording.zh.format(limit), wording.en.format(limit)), CHECK
    return Wording("格式不对", "has the wrong form"), CHECK
