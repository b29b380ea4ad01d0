"""Reports from a table: which column means what, and what is wrong with which row.

Columns may be named in English or Chinese; categories and sources by code or by title. A time
without zone is Beijing time, a coordinate without datum is refused unless the sheet is told one.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from api import validation
from api.beijing import BEIJING
from api.intake.schemas import ReportRequest
from api.refusals import BadInput, Fault
from api.reports.catalogue import SUBCATEGORIES, require_branch
from api.reports.domain import (
    CATEGORY_TITLES,
    SOURCE_TITLES,
    ReportKind,
    require_plausible_time,
)
from gis.files import Table
from gis.geometry import BadCoordinate, checked_point
from gis.wording import Wording

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "类型"),
    "category": ("category", "类别", "纠纷类型"),
    "subcategory": ("subcategory", "子类"),
    "title": ("title", "标题"),
    "text": ("text", "内容", "事由"),
    "occurred_at": ("occurred_at", "发生时间", "时间"),
    "source": ("source", "来源"),
    "people_involved": ("people_involved", "涉及人数", "人数"),
    "lon": ("lon", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "datum": ("datum", "坐标系"),
    "accuracy_m": ("accuracy_m", "精度", "定位误差"),
    "address": ("address", "地址"),
}
NEEDED = ("category", "text", "occurred_at", "source")
PLACE = ("lon", "lat", "datum", "accuracy_m", "address")
COORDINATE = ("lon", "lat", "accuracy_m")

KINDS = {"纠纷": ReportKind.DISPUTE, "巡查": ReportKind.PATROL, "": ReportKind.DISPUTE}
CATEGORIES = {title.zh: code for code, title in CATEGORY_TITLES.items()} | {
    title.zh.partition("（")[0]: code for code, title in CATEGORY_TITLES.items()
}
BRANCHES = {
    (said, branch.title.zh): branch.code
    for branch in SUBCATEGORIES.values()
    for said, category in (CATEGORIES | {code.value: code for code in CATEGORY_TITLES}).items()
    if category is branch.category
}
"""A sub-category by its title and whatever the category beside it was called."""
SOURCES = {title.zh: code for code, title in SOURCE_TITLES.items()}


@dataclass(frozen=True)
class SheetRow:
    """A row that can be received; `key` is the same whenever the same row is given again."""

    number: int
    key: str
    request: ReportRequest


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a row; ``fault.where`` is the field."""

    number: int
    fault: Fault


@dataclass(frozen=True)
class Sheet:
    """A table read as reports."""

    rows: list[SheetRow]
    faults: list[RowFault]


def read_sheet(table: Table, now: datetime, datum: str | None, *, synthetic: bool) -> Sheet:
    """Every row as a report or as faults. Raises BadInput where columns are missing."""
    names = _columns(table.header)
    faults = [RowFault(bad.number, Fault("row", bad.what, MEND_ROW)) for bad in table.bad_rows]
    rows: list[SheetRow] = []
    keys = _Keys()
    for number, cells in table.records():
        given = {field: cells[column].strip() for field, column in names.items()}
        found = _request(given, now, datum, synthetic=synthetic)
        if isinstance(found, ReportRequest):
            rows.append(SheetRow(number, keys.of(given), found))
        else:
            faults += [RowFault(number, fault) for fault in found]
    return Sheet(rows, sorted(faults, key=lambda each: each.number))


MEND_ROW = Wording("改正这一行的分隔符和引号", "mend the delimiters and quotes of this row")


def _columns(header: Iterable[str]) -> dict[str, str]:
    present = {name.casefold(): name for name in header}
    found = {
        field: present[name]
        for field, names in COLUMNS.items()
        for name in names
        if name in present
    }
    missing = [field for field in NEEDED if field not in found]
    if missing:
        raise BadInput(*(_no_column(field) for field in missing))
    return found


def _no_column(field: str) -> Fault:
    names = " / ".join(COLUMNS[field])
    what = Wording("表中没有这一列", "the table has no such column")
    return Fault(field, what, Wording(f"加上一列：{names}", f"add a column: {names}"))


class _Keys:
    """A key for each row from its content; equal rows of one table are counted apart."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def of(self, given: Mapping[str, str]) -> str:
        content = json.dumps(given, sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(content.encode()).hexdigest()
        self._seen[digest] = self._seen.get(digest, 0) + 1
        return f"import-{digest}-{self._seen[digest]}"


def _request(
    given: Mapping[str, str], now: datetime, datum: str | None, *, synthetic: bool
) -> ReportRequest | list[Fault]:
    faults: list[Fault] = []
    content = _report_content(given) | {"place": _place_content(given, datum)}
    try:
        request = ReportRequest.model_validate(content | {"synthetic": synthetic}, strict=False)
        require_plausible_time(request.occurred_at, now)
        require_branch(request.category, request.subcategory)
        if position := request.place.position():
            checked_point(position.lon, position.lat)
    except ValidationError as error:
        faults += validation.faults(error.errors(include_input=False))
    except BadInput as error:
        faults += error.faults
    except BadCoordinate as error:
        faults.append(Fault(error.field, error.reason, error.mend))
    return faults or request


def _report_content(given: Mapping[str, str]) -> dict[str, Any]:
    kind, category, source = (given.get(each, "") for each in ("kind", "category", "source"))
    subcategory = given.get("subcategory", "")
    content = {
        "kind": KINDS.get(kind, kind),
        "category": CATEGORIES.get(category, category),
        "subcategory": BRANCHES.get((category, subcategory), subcategory) or None,
        "source": SOURCES.get(source, source),
        "text": given["text"],
        "occurred_at": _with_zone(given["occurred_at"]),
        "title": given.get("title") or None,
        "people_involved": given.get("people_involved") or None,
    }
    return {field: value for field, value in content.items() if value is not None}


def _with_zone(text: str) -> str | datetime:
    """A time as people write it in a spreadsheet, in Beijing time unless it names a zone."""
    try:
        time = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return text
    return time if time.tzinfo else time.replace(tzinfo=BEIJING)


def _place_content(given: Mapping[str, str], datum: str | None) -> dict[str, Any]:
    place = {field: given[field] for field in PLACE if given.get(field)}
    if any(field in place for field in COORDINATE):
        place.setdefault("datum", datum or "")
        return {field: value for field, value in place.items() if value}
    return {"address": place["address"]} if "address" in place else {}


def chunks(rows: list[SheetRow], size: int) -> Iterator[list[SheetRow]]:
    """The rows in pieces of at most ``size``."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
