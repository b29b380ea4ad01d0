"""Keeping and listing reports. The caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_, update
from sqlalchemy.orm import Session

from api.reports.domain import Filing, Place
from api.reports.models import Report
from gis.database import insert_all
from gis.geometry import Frame

Cursor = tuple[datetime, UUID]

HEXES = ("h3_8", "h3_9", "h3_10", "h3_11")


@dataclass(frozen=True)
class Evidence:
    """Where a report lies and how it was routed: by which edition, on which day, with what result.

    ``route`` is the whole answer of the routing, None where nothing could be routed.
    """

    place: Place
    routed_on: date
    edition_id: int | None = None
    grid_code: str | None = None
    street_code: str | None = None
    route: dict[str, Any] | None = None


@dataclass(frozen=True)
class NewReport:
    """A report about to be stored; ``filed_by`` is None for what was imported."""

    id: UUID
    filing: Filing
    received_at: datetime
    evidence: Evidence
    filed_by: UUID | None = None


def keep(session: Session, reports: Sequence[NewReport]) -> None:
    """Store reports."""
    insert_all(session, Report, [_row(report) for report in reports])


def replace_place(session: Session, report_id: UUID, evidence: Evidence) -> None:
    """Store a person's correction of a place; the raw place stays as it was given."""
    query = update(Report).where(Report.id == report_id)
    session.execute(query.values(_evidence_columns(evidence)))


def _row(report: NewReport) -> dict[str, Any]:
    filing = report.filing
    return _evidence_columns(report.evidence) | {
        "id": report.id,
        "kind": filing.kind.value,
        "category": filing.category.value,
        "title": filing.title,
        "text": filing.text,
        "occurred_at": filing.occurred_at,
        "received_at": report.received_at,
        "source": filing.source.value,
        "people_involved": filing.people_involved,
        "synthetic": filing.synthetic,
        "filed_by": report.filed_by,
        "raw_place": report.evidence.place.raw,
    }


def _evidence_columns(evidence: Evidence) -> dict[str, Any]:
    place = evidence.place
    return {
        "method": place.method.value,
        "datum": place.datum.value if place.datum else None,
        "radius_m": place.radius_m,
        "geom": None if place.lon is None else f"SRID=4326;POINT({place.lon!r} {place.lat!r})",
        "grid_code": evidence.grid_code,
        "street_code": evidence.street_code,
        **dict(zip(HEXES, place.hexes or (None,) * len(HEXES), strict=True)),
        "edition_id": evidence.edition_id,
        "routed_on": evidence.routed_on,
        "route": evidence.route,
    }


LON, LAT = func.ST_X(Report.geom).label("lon"), func.ST_Y(Report.geom).label("lat")


def find(session: Session, report_id: UUID) -> Row[Report, float | None, float | None]:
    """A report with its coordinates as ``lon``, ``lat`` (EPSG:4326)."""
    return session.execute(select(Report, LON, LAT).where(Report.id == report_id)).one()


def listed(
    limit: int,
    after: Cursor | None = None,
    bbox: Frame | None = None,
) -> Select[Report, float | None, float | None]:
    """Reports, the latest received first; ``after`` is the place of the last one seen.

    ``bbox`` in EPSG:4326.
    """
    query = select(Report, LON, LAT).order_by(Report.received_at.desc(), Report.id.desc())
    if after is not None:
        query = query.where(tuple_(Report.received_at, Report.id) < after)
    if bbox is not None:
        query = query.where(Report.geom.op("&&")(func.ST_MakeEnvelope(*bbox, 4326)))
    return query.limit(limit)
