"""A report as kept: the words, the raw place, and every piece of evidence of how it was placed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.reports.domain import Category, Method, ReportKind, Source
from gis.columns import optional_point_column, point_check
from gis.database import Base
from gis.datum import Datum


def one_of(column: str, codes: type[ReportKind | Category | Source | Method | Datum]) -> str:
    """A CHECK that a column holds one of an enumeration's codes."""
    return f"{column} IN ({', '.join(repr(code.value) for code in codes)})"


class Report(Base):
    """One dispute or patrol report. ``received_at`` is the database's word unless imported."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(one_of("kind", ReportKind), name="known_kind"),
        CheckConstraint(one_of("category", Category), name="known_category"),
        CheckConstraint("starts_with(subcategory, category || '.')", name="branch_of_category"),
        CheckConstraint(one_of("source", Source), name="known_source"),
        CheckConstraint(one_of("method", Method), name="known_method"),
        CheckConstraint(one_of("datum", Datum), name="known_datum"),
        CheckConstraint("people_involved BETWEEN 1 AND 100000", name="people_plausible"),
        CheckConstraint("radius_m >= 0 AND radius_m < 'Infinity'", name="radius_finite"),
        CheckConstraint("(method = 'none') = (geom IS NULL)", name="placed_by_a_method"),
        point_check(),
        Index("ix_report_latest", text("received_at DESC"), text("id DESC")),
        Index("ix_report_unplaced", "occurred_at", postgresql_where=text("geom IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    category: Mapped[str]
    subcategory: Mapped[str | None]
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    title: Mapped[str | None]
    text: Mapped[str]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    source: Mapped[str]
    people_involved: Mapped[int]
    synthetic: Mapped[bool]
    filed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    raw_place: Mapped[dict[str, Any]] = mapped_column(JSONB)
    method: Mapped[str]
    datum: Mapped[str | None]
    radius_m: Mapped[float | None]
    geom: Mapped[WKBElement | None] = optional_point_column()
    grid_code: Mapped[str | None] = mapped_column(index=True)
    street_code: Mapped[str | None] = mapped_column(index=True)
    h3_8: Mapped[str | None]
    h3_9: Mapped[str | None]
    h3_10: Mapped[str | None] = mapped_column(index=True)
    h3_11: Mapped[str | None]
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    routed_on: Mapped[date]
    route: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    ruling: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
