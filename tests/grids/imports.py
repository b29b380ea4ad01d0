"""Small imports for tests: drafts put together, stored, and what their reports say."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from grids.hierarchy import AreaKind
from grids.importer import Draft, FaultKind, Report, Wishes, apply, plan
from grids.models import Edition
from tests.grids.districts import draft, small_district

DAY, LATER = date(2025, 1, 1), date(2025, 7, 1)
MEND = Wishes(mend_within_m=2.0)


def kinds(report: Report) -> list[FaultKind]:
    return [fault.kind for fault in report.faults]


def district_with(*drafts: Draft) -> list[Draft]:
    """The small district, some of its layers replaced."""
    replaced = {each.kind for each in drafts}
    return [each for each in small_district() if each.kind not in replaced] + list(drafts)


def communities(*shapes: Any) -> Draft:
    codes = [f"210104002{number:03d}" for number in range(1, len(shapes) + 1)]
    rows = [(code, f"社区{code[-1]}", shape) for code, shape in zip(codes, shapes, strict=True)]
    return draft(AreaKind.COMMUNITY, rows)


def store(session: Session, drafts: Sequence[Draft], on: date = DAY, **words: Any) -> Edition:
    edition = apply(session, plan(session, drafts, valid_from=on, author="测试", **words))
    assert edition is not None
    return edition
