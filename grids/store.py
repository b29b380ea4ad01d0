"""What the database knows of areas, editions and units. All geometry in EPSG:4326."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, text
from sqlalchemy.orm import Session

from grids.areas import AreaRecord, UnitRecord, as_multipolygon
from grids.hierarchy import AreaKind
from grids.locate import LINE_TOLERANCE_DEG, Layer
from grids.models import Area, AreaLineage, Edition, JurisdictionOverride, Unit
from grids.overrides import Override

# The edge rule: of all areas within the line tolerance the one with the lowest code answers.
# COLLATE "C" orders UTF-8 by code points, as Python orders text.
AREAS_AT = """
SELECT point.place, area.kind, min(area.code COLLATE "C")
FROM unnest(CAST(:lons AS float8[]), CAST(:lats AS float8[]))
     WITH ORDINALITY AS point (lon, lat, place)
JOIN area ON ST_DWithin(area.geom, ST_SetSRID(ST_MakePoint(point.lon, point.lat), 4326), :line)
WHERE area.opened_by <= :edition
  AND (area.closed_by IS NULL OR area.closed_by > :edition)
  AND area.kind = ANY(CAST(:kinds AS text[]))
GROUP BY point.place, area.kind
"""

# xmin is the transaction that wrote the row: any INSERT, UPDATE or DELETE changes the text.
STAMP = """
SELECT (SELECT max(id) FROM edition),
       (SELECT coalesce(md5(string_agg(id || ':' || xmin::text, ',' ORDER BY id)), '')
        FROM jurisdiction_override)
       || (SELECT coalesce(md5(string_agg(code || ':' || xmin::text, ',' ORDER BY code)), '')
           FROM unit)
"""

UNIT = (Unit.code, Unit.name, Unit.kind, Unit.phone)


def newest_edition(session: Session) -> Edition | None:
    """The edition of the last import, whether its day has come or not."""
    return session.scalars(select(Edition).order_by(Edition.id.desc()).limit(1)).first()


def edition_at(session: Session, on: date) -> Edition | None:
    """The edition in force on a day; None before the first one."""
    query = select(Edition).where(Edition.valid_from <= on).order_by(Edition.id.desc()).limit(1)
    return session.scalars(query).first()


def editions(session: Session) -> list[Edition]:
    """All editions, oldest first."""
    return list(session.scalars(select(Edition).order_by(Edition.id)))


def in_edition(edition_id: int) -> ColumnElement[bool]:
    """The condition that an area row belongs to the state of an edition."""
    still_open = or_(Area.closed_by.is_(None), Area.closed_by > edition_id)
    return and_(Area.opened_by <= edition_id, still_open)


def areas_of(
    session: Session, edition_id: int, kinds: Iterable[AreaKind] | None = None
) -> list[AreaRecord]:
    """The areas of an edition, by kind and code; all kinds unless some are named."""
    query = _records().where(in_edition(edition_id))
    if kinds is not None:
        query = query.where(Area.kind.in_([kind.value for kind in kinds]))
    return _read(session, query.order_by(Area.kind, Area.code.collate("C")))


def latest_of(session: Session, kind: AreaKind, codes: Iterable[str]) -> dict[str, AreaRecord]:
    """For each code that was ever used for the kind, its latest area, closed or not."""
    query = _records().where(Area.kind == kind.value, Area.code.in_(list(codes)))
    return {area.code: area for area in _read(session, query.order_by(Area.id))}


def load_layers(session: Session, edition_id: int) -> list[Layer]:
    """The edition's areas as input for the locator, one layer per kind that has any."""
    by_kind: dict[AreaKind, list[AreaRecord]] = {}
    for area in areas_of(session, edition_id):
        by_kind.setdefault(area.kind, []).append(area)
    return [_layer(kind, by_kind[kind]) for kind in AreaKind if kind in by_kind]


def _layer(kind: AreaKind, areas: Sequence[AreaRecord]) -> Layer:
    return Layer(
        kind.value,
        [area.code for area in areas],
        [area.name for area in areas],
        [area.geometry for area in areas],
    )


def units_of(session: Session, edition_id: int) -> dict[tuple[AreaKind, str], UnitRecord]:
    """The unit that answers for each area of an edition, by (kind, area code)."""
    query = (
        select(Area.kind.label("area_kind"), Area.code.label("area_code"), *UNIT)
        .join(Unit, Area.unit_code == Unit.code)
        .where(in_edition(edition_id))
    )
    return {(AreaKind(row.area_kind), row.area_code): _unit(row) for row in session.execute(query)}


def units(session: Session) -> dict[str, UnitRecord]:
    """Every unit by its code."""
    return {row.code: _unit(row) for row in session.execute(select(*UNIT))}


def _unit(row: Row[*tuple[Any, ...]]) -> UnitRecord:
    return UnitRecord(row.code, row.name, row.kind, row.phone)


def lineage_of(session: Session, kind: AreaKind, code: str) -> list[AreaLineage]:
    """Where an area's ground came from and went to, oldest edition first."""
    query = select(AreaLineage).where(
        AreaLineage.kind == kind.value,
        or_(AreaLineage.predecessor_code == code, AreaLineage.successor_code == code),
    )
    order = (AreaLineage.edition_id, AreaLineage.predecessor_code, AreaLineage.successor_code)
    return list(session.scalars(query.order_by(*order)))


def overrides(session: Session) -> list[Override]:
    """Every override of any day, oldest first."""
    query = select(
        JurisdictionOverride.id,
        JurisdictionOverride.kind,
        func.ST_AsBinary(JurisdictionOverride.geom).label("wkb"),
        JurisdictionOverride.reason,
        JurisdictionOverride.author,
        JurisdictionOverride.valid,
        JurisdictionOverride.unit_code,
    ).order_by(JurisdictionOverride.id)
    known = units(session)
    return [_override(row, known[row.unit_code]) for row in session.execute(query)]


def _override(row: Row[Any], unit: UnitRecord) -> Override:
    return Override(
        id=row.id,
        kind=AreaKind(row.kind),
        geometry=as_multipolygon(shapely.from_wkb(bytes(row.wkb))),
        unit=unit,
        reason=row.reason,
        author=row.author,
        first=row.valid.lower,
        end=row.valid.upper,
    )


@dataclass(frozen=True)
class Stamp:
    """What tells whether anything that routing reads has changed since the last look."""

    newest: int | None
    written: str


def stamp(session: Session) -> Stamp:
    """The newest edition's id, and a text that changes with every override and unit."""
    newest, written = session.execute(text(STAMP)).one()
    return Stamp(newest, written)


def area_at_sql(
    session: Session, kind: AreaKind, edition_id: int, lon: float, lat: float
) -> str | None:
    """The code answering for one point by the edge rule, as the database sees it."""
    return areas_at_sql(session, [kind], edition_id, [lon], [lat])[kind][0]


def areas_at_sql(
    session: Session,
    kinds: Sequence[AreaKind],
    edition_id: int,
    lons: Sequence[float],
    lats: Sequence[float],
) -> dict[AreaKind, list[str | None]]:
    """The same for many points and kinds in one statement; None where no area is."""
    words: Mapping[str, Any] = {
        "kinds": [kind.value for kind in kinds],
        "edition": edition_id,
        "line": LINE_TOLERANCE_DEG,
        "lons": list(map(float, lons)),
        "lats": list(map(float, lats)),
    }
    found: dict[AreaKind, list[str | None]] = {kind: [None] * len(lons) for kind in kinds}
    for place, kind, code in session.execute(text(AREAS_AT), words):
        found[AreaKind(kind)][place - 1] = code
    return found


def _records() -> Select[Any]:
    return select(
        Area.kind,
        Area.code,
        Area.name,
        Area.parent_code,
        Area.unit_code,
        Unit.name.label("unit_name"),
        Unit.phone,
        func.ST_AsBinary(Area.geom).label("wkb"),
        Area.properties,
    ).join(Unit, Area.unit_code == Unit.code)


def _read(session: Session, query: Select[Any]) -> list[AreaRecord]:
    rows = session.execute(query).all()
    shapes = shapely.from_wkb([bytes(row.wkb) for row in rows])
    return [_record(row, shape) for row, shape in zip(rows, shapes, strict=True)]


def _record(row: Row[Any], shape: BaseGeometry) -> AreaRecord:
    return AreaRecord(
        kind=AreaKind(row.kind),
        code=row.code,
        name=row.name,
        parent_code=row.parent_code,
        unit_code=row.unit_code,
        unit_name=row.unit_name,
        phone=row.phone,
        geometry=as_multipolygon(shape),
        properties=row.properties,
    )
