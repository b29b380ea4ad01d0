"""Keeping and listing reports. The caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, null, select, tuple_, update
from sqlalchemy.orm import Session

from api.reports.catalogue import fits, questions_of
from api.reports.domain import Category, Filing, Place
from api.reports.models import Report
from gis.database import insert_all
from gis.geometry import Frame
from grids.hexes import cells, middle

Cursor = tuple[datetime, UUID]

COARSE = 9
"""The finest hexagon kept of an anonymised report: an edge of about 200 m, some 10 ha."""

STRUCK: dict[str, Any] = {
    "title": None,
    "text": "",
    "raw_place": {},
    "route": null(),
    "ruling": null(),
    "answers": {},
    "radius_m": None,
    "filed_by": None,
    "h3_10": None,
    "h3_11": None,
}

HEXES = ("h3_8", "h3_9", "h3_10", "h3_11")


@dataclass(frozen=True)
class Evidence:
    """Where a report lies and how it was routed: by which edition, on which day, with what result.

    ``route`` is the whole answer of the routing, None where nothing could be routed; ``ruling`` is
    the rule that decided whom to call, with its reasons.
    """

    place: Place
    routed_on: date
    edition_id: int | None = None
    grid_code: str | None = None
    street_code: str | None = None
    route: dict[str, Any] | None = None
    ruling: dict[str, Any] | None = None


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


def replace_category(
    session: Session, report_id: UUID, category: Category, subcategory: str | None
) -> None:
    """Store a person's correction of the category; answers to other questions go with it."""
    report = session.get_one(Report, report_id)
    asked = questions_of(category)
    report.category, report.subcategory = category.value, subcategory
    report.answers = {
        code: given
        for code, given in report.answers.items()
        if code in asked and fits(asked[code], given)
    }
    session.flush()


def anonymise(session: Session, report_ids: Sequence[UUID]) -> None:
    """Strike out the words, the raw place and who filed; the point becomes its hexagon's middle.

    Category, source, times, how many people, areas and edition stay, so that counts stay.
    """
    mine = Report.id.in_(report_ids)
    session.execute(update(Report).where(mine).values(STRUCK))
    places = session.execute(select(Report.id, LON, LAT).where(mine, Report.geom.is_not(None)))
    coarse = [{"id": each.id, "geom": _coarse(each.lon, each.lat)} for each in places]
    if coarse:
        session.execute(update(Report), coarse)


def _coarse(lon: float, lat: float) -> str:
    return _point(*middle(cells(lon, lat)[COARSE]))


def _point(lon: float, lat: float) -> str:
    return f"SRID=4326;POINT({lon!r} {lat!r})"


def _row(report: NewReport) -> dict[str, Any]:
    filing = report.filing
    return _evidence_columns(report.evidence) | {
        "id": report.id,
        "kind": filing.kind.value,
        "category": filing.category.value,
        "subcategory": filing.subcategory,
        "answers": dict(filing.answers),
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
        "geom": None if place.lon is None or place.lat is None else _point(place.lon, place.lat),
        "grid_code": evidence.grid_code,
        "street_code": evidence.street_code,
        **dict(zip(HEXES, place.hexes or (None,) * len(HEXES), strict=True)),
        "edition_id": evidence.edition_id,
        "routed_on": evidence.routed_on,
        "route": evidence.route,
        "ruling": evidence.ruling,
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
