"""The gazetteer in the database: read whole, replaced whole. The caller commits."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gis.database import insert_all
from gis.geocoding.entry import GazetteerEntry, Level
from gis.geocoding.models import GazetteerEntryRow as Row

_COLUMNS = (
    *(Row.level, Row.name, Row.lon, Row.lat, Row.radius_m, Row.source, Row.aliases),
    *(Row.road, Row.number, Row.estate, Row.building, Row.community_code, Row.street_code),
)


def load(session: Session) -> list[GazetteerEntry]:
    """All entries in the order they were put in; degrees WGS-84, metres."""
    rows = session.execute(select(*_COLUMNS).order_by(Row.id)).mappings()
    return [_entry(dict(row)) for row in rows]


def replace(session: Session, entries: Iterable[GazetteerEntry]) -> int:
    """Put these entries in the place of all present ones; answers how many there are now."""
    session.execute(delete(Row))
    rows = [_row(entry) for entry in entries]
    insert_all(session, Row, rows)
    return len(rows)


def _entry(row: dict[str, Any]) -> GazetteerEntry:
    row |= {"level": Level(row["level"]), "aliases": tuple(row["aliases"])}
    return GazetteerEntry(**row)


def _row(entry: GazetteerEntry) -> dict[str, object]:
    row: dict[str, object] = {column.key: getattr(entry, column.key) for column in _COLUMNS}
    point = f"SRID=4326;POINT({entry.lon!r} {entry.lat!r})"
    return row | {"level": entry.level.value, "aliases": list(entry.aliases), "geom": point}
