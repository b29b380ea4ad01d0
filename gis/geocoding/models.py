"""The gazetteer of record; the geocoder's index is derived from it."""

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, Identity, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis.columns import point_check, point_column
from gis.database import Base
from gis.geocoding.entry import Level

_LEVELS = ", ".join(f"'{level}'" for level in Level)


class GazetteerEntryRow(Base):
    """One known place; columns as in `GazetteerEntry`, the point also as geometry (EPSG:4326)."""

    __tablename__ = "gazetteer_entry"
    __table_args__ = (
        CheckConstraint(f"level IN ({_LEVELS})", name="known_level"),
        CheckConstraint("ST_X(geom) = lon AND ST_Y(geom) = lat", name="one_point"),
        point_check(),
        CheckConstraint("radius_m >= 0 AND radius_m < 'Infinity'", name="radius_finite"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    level: Mapped[str]
    name: Mapped[str]
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text))
    road: Mapped[str | None]
    number: Mapped[str | None]
    estate: Mapped[str | None]
    building: Mapped[str | None]
    community_code: Mapped[str | None]
    street_code: Mapped[str | None]
    lon: Mapped[float]
    lat: Mapped[float]
    geom: Mapped[WKBElement] = point_column()
    radius_m: Mapped[float]
    source: Mapped[str]
