"""Overrides written and ended: a person's word on who answers. The caller commits."""

from datetime import date

from geoalchemy2.shape import from_shape
from shapely import MultiPolygon
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from gis.wording import Wording
from grids.hierarchy import AreaKind
from grids.models import JurisdictionOverride, Unit


class BadOverride(ValueError):
    """An override that cannot be: why, and how to mend it."""

    def __init__(self, what: Wording, mend: Wording) -> None:
        super().__init__(f"{what}. 处理 / Mend: {mend}")
        self.what = what
        self.mend = mend


def decide(
    session: Session,
    kind: AreaKind,
    ground: MultiPolygon,
    unit_code: str,
    *,
    reason: str,
    author: str,
    first: date,
    end: date | None = None,
) -> int:
    """Let a unit answer for the ground (EPSG:4326) from ``first`` until before ``end``.

    Answers the override's id. Raises BadOverride for a unit that is not of the kind, an empty
    reason or author, and days the wrong way round.
    """
    unit = session.get(Unit, unit_code)
    if unit is None or unit.kind != kind.value:
        what = Wording(f"没有 {kind} 类单位 {unit_code}", f"there is no {kind} unit {unit_code}")
        raise BadOverride(what, Wording("查看 areas list", "see areas list"))
    if not (reason.strip() and author.strip()):
        what = Wording("缺少理由或决定人", "reason or author is missing")
        raise BadOverride(what, Wording("写明理由和决定人", "give both"))
    if end is not None and end <= first:
        what = Wording("结束日不晚于开始日", "it would end before it begins")
        raise BadOverride(what, Wording("检查日期", "check the days"))
    override = JurisdictionOverride(
        kind=kind.value,
        geom=from_shape(ground, srid=4326),
        unit_code=unit_code,
        reason=reason.strip(),
        author=author.strip(),
        valid=Range(first, end),
    )
    session.add(override)
    session.flush()
    return override.id


def end_override(session: Session, override_id: int, on: date) -> None:
    """Let an override end: ``on`` is the first day without it. Raises BadOverride."""
    row = JurisdictionOverride
    until = func.daterange(func.lower(row.valid), on)
    running = select(row.id).where(row.id == override_id, func.lower(row.valid) < on)
    running = running.where(func.upper_inf(row.valid) | (func.upper(row.valid) > on))
    if session.scalar(running) is None:
        what = Wording(
            f"改派 {override_id} 不存在，或在 {on} 未生效",
            f"override {override_id} does not exist or is not in force on {on}",
        )
        raise BadOverride(what, Wording("查看 overrides list", "see overrides list"))
    session.execute(update(row).where(row.id == override_id).values(valid=until))
