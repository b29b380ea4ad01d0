"""Dated rows of areas, none ever deleted: an edition opens some and closes others.

State of edition e: `opened_by <= e AND (closed_by IS NULL OR closed_by > e)`. `valid` says the same
in days, `[first day, day of the successor)`; it is empty for a row corrected on the day it began.
All geometry is EPSG:4326, longitude first.
"""

from datetime import date, datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import area_column
from gis.database import Base
from grids.hierarchy import AreaKind

KINDS = ", ".join(f"'{kind}'" for kind in AreaKind)

# NaN sorts above every number in PostgreSQL and infinity outside every bound: both fail the range.
SOUND_GEOMETRY = (
    "NOT ST_IsEmpty(geom) AND ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 "
    "AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90 AND ST_IsValid(geom)"
)


def _spoken(column: str) -> str:
    return f"{column} = btrim({column}) AND {column} <> ''"


class Edition(Base):
    """One import: all its layers together. Ids grow with time and so does `valid_from`."""

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("source IN ('synthetic', 'imported')", name="known_source"),
        CheckConstraint(_spoken("author"), name="author_named"),
        Index("ix_edition_valid_from", "valid_from", "id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    valid_from: Mapped[date]
    note: Mapped[str] = mapped_column(server_default="")
    author: Mapped[str]
    source: Mapped[str]
    fingerprint: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Unit(Base):
    """Who answers for an area: a street office, a police station, a justice office …

    ``capacity``: how many cases it can work on at a time; None: not said.
    """

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint(_spoken("code"), name="code_given"),
        CheckConstraint(_spoken("name"), name="name_given"),
        CheckConstraint(_spoken("kind"), name="kind_given"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    phone: Mapped[str | None]
    capacity: Mapped[int | None]


class Area(Base):
    """One area while it kept its shape, name, parent and unit."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint(f"kind IN ({KINDS})", name="known_kind"),
        CheckConstraint(_spoken("code"), name="code_given"),
        CheckConstraint(_spoken("name"), name="name_given"),
        CheckConstraint(SOUND_GEOMETRY, name="sound_geometry"),
        CheckConstraint("area_m2 > 0 AND area_m2 < 'Infinity'", name="real_area"),
        CheckConstraint("closed_by > opened_by", name="closed_after_opened"),
        CheckConstraint("(closed_by IS NULL) = upper_inf(valid)", name="open_while_valid"),
        ExcludeConstraint(
            ("kind", "="),
            ("code", "="),
            ("valid", "&&"),
            using="gist",
            name="ex_area_one_at_a_time",
        ),
        Index("ix_area_opened_by_closed_by", "opened_by", "closed_by"),
        Index("ix_area_kind_code", "kind", "code"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    parent_code: Mapped[str | None]
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    geom: Mapped[WKBElement] = area_column()
    area_m2: Mapped[float]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    opened_by: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    properties: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))


class AreaLineage(Base):
    """Where the ground of a split, merged or moved area went: `share` of the predecessor's m²."""

    __tablename__ = "area_lineage"
    __table_args__ = (
        CheckConstraint(f"kind IN ({KINDS})", name="known_kind"),
        CheckConstraint("share > 0 AND share <= 1", name="share_of_one"),
        Index("ix_area_lineage_kind_successor_code", "kind", "successor_code"),
        Index("ix_area_lineage_kind_predecessor_code", "kind", "predecessor_code"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    predecessor_code: Mapped[str] = mapped_column(primary_key=True)
    successor_code: Mapped[str] = mapped_column(primary_key=True)
    share: Mapped[float]


class JurisdictionOverride(Base):
    """A person's word that another unit answers for this ground, with reason and author."""

    __tablename__ = "jurisdiction_override"
    __table_args__ = (
        CheckConstraint(f"kind IN ({KINDS})", name="known_kind"),
        CheckConstraint(SOUND_GEOMETRY, name="sound_geometry"),
        CheckConstraint(_spoken("reason"), name="reason_given"),
        CheckConstraint(_spoken("author"), name="author_named"),
        CheckConstraint("NOT isempty(valid)", name="valid_some_day"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[str]
    geom: Mapped[WKBElement] = area_column()
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    reason: Mapped[str]
    author: Mapped[str]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
