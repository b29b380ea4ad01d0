"""Cases that may tell of the same matter as a report that is being typed.

Everything is looked for as the asker, so row security decides what is found. PostgreSQL uses no
index under row security for an operator that might leak (``&&`` of PostGIS, ``%`` of pg_trgm), so
neighbours are found by their hexagons, by equality; the metres are then PostGIS's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import ColumnElement, Float, Row, Select, cast, func, null, select
from sqlalchemy.orm import Session

from api.cases.domain import State
from api.cases.models import Case
from api.duplicates.domain import (
    MOST_SHOWN,
    REACH_M,
    SHOWN,
    WINDOW,
    Likeness,
    Sketch,
    compare,
    rarity,
)
from api.parties import service as parties
from api.parties.domain import Identity
from api.reports.domain import Place
from api.reports.models import Report
from api.sealing import Keyring
from grids.hexes import disk

NEIGHBOURS, RINGS = 10, 3
"""Hexagons of resolution 10: whatever lies within 200 m is in the cell or in three rings about it
(at 42° N they reach 239 m from a corner of the middle one)."""

MOST_COMPARED = 300

Found = Row[Report, Case, float | None]


class Near(NamedTuple):
    """A case that may be the same matter."""

    report: Report
    case: Case
    away_m: float | None
    likeness: Likeness


def near_duplicates(
    session: Session, asked: Sketch, place: Place, same: Counter[UUID]
) -> list[Near]:
    """The likeliest cases within reach, best first, at most ten. ``same``: parties by case."""
    found = {row[1].id: row for row in _candidates(session, asked, place, same)}
    rare = rarity(row[0].text for row in found.values())
    near = [
        Near(report, case, away_m, compare(asked, _sketch(report), away_m, same[case.id], rare))
        for report, case, away_m in found.values()
    ]
    likely = [each for each in near if each.likeness.score >= SHOWN]
    return sorted(likely, key=lambda each: (-each.likeness.score, each.case.number))[:MOST_SHOWN]


def same_parties(session: Session, keyring: Keyring, known: Iterable[Identity]) -> Counter[UUID]:
    """In how many of the people named each case within reach has a party, by the keyed index."""
    named = [parties.search(session, keyring, identity) for identity in known]
    return Counter(case_id for found in named for case_id in {each.case.id for each in found})


def _sketch(report: Report) -> Sketch:
    words = f"{report.title or ''} {report.text}"
    vague_m = report.radius_m or 0.0
    return Sketch(report.category, words, report.occurred_at, report.people_involved, vague_m)


def _candidates(
    session: Session, asked: Sketch, place: Place, same: Mapping[UUID, int]
) -> Iterable[Found]:
    queries = [*_by_place(asked, place)]
    if same:
        queries.append(_cases(place).where(Case.id.in_(list(same))))
    for query in queries:
        yield from session.execute(query.limit(MOST_COMPARED))


def _by_place(asked: Sketch, place: Place) -> Sequence[Select[Any, Any, Any]]:
    """Neighbours, nearest first, and what has no place yet; without a place, the same category."""
    at = asked.occurred_at
    lately = _cases(place).where(Report.occurred_at.between(at - WINDOW, at + WINDOW))
    latest = lately.order_by(Report.received_at.desc())
    unplaced = latest.where(Report.geom.is_(None))
    if not place.hexes:
        return [unplaced, latest.where(Report.category == asked.category)]
    hexes = disk(place.hexes[2], RINGS)
    away = _away(place)
    near = lately.where(Report.h3_10.in_(hexes), away <= REACH_M)
    return [near.order_by(away), unplaced]


def _cases(place: Place) -> Select[Any, Any, Any]:
    """Reports, their cases and how far away they are. One that was merged goes on in another."""
    query = select(Report, Case, _away(place).label("away_m"))
    kept = Case.anonymised_at.is_(None), Case.state != State.MERGED
    return query.join(Case, Case.report_id == Report.id).where(*kept)


def _away(place: Place) -> ColumnElement[float | None]:
    """Metres to a place (EPSG:4326), on the spheroid; null where one of the two is unknown."""
    if place.lon is None:
        return cast(null(), Float)
    point = func.ST_SetSRID(func.ST_MakePoint(place.lon, place.lat), 4326)
    away: ColumnElement[float | None] = func.ST_Distance(
        cast(Report.geom, Geography), cast(point, Geography)
    )
    return away
