"""Geometry columns, their SRID and their guards fixed once.

``geometry(Point, 4326)`` alone stores NaN, infinite, empty and swapped points; the checks here stop
all of them, whoever writes the row.
"""

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import MappedColumn, mapped_column

from gis.crs import WGS84
from gis.geometry import CHINA

SRID = WGS84


def point_column() -> MappedColumn[WKBElement]:
    """A point in EPSG:4326, longitude first, with a GiST index."""
    return mapped_column(Geometry("POINT", srid=SRID, spatial_index=True))


def optional_point_column() -> MappedColumn[WKBElement | None]:
    """The same for a thing whose place may be unknown."""
    return mapped_column(Geometry("POINT", srid=SRID, spatial_index=True), nullable=True)


def area_column() -> MappedColumn[WKBElement]:
    """A multi-polygon in EPSG:4326, longitude first, with a GiST index."""
    return mapped_column(Geometry("MULTIPOLYGON", srid=SRID, spatial_index=True))


def point_check(column: str = "geom") -> CheckConstraint:
    """A CHECK that refuses an empty, NaN, infinite, swapped or far-away point in ``column``.

    The frame is that of ``gis.geometry.checked_point``. NaN is above every number to PostgreSQL.
    """
    return CheckConstraint(
        f"NOT ST_IsEmpty({column})"
        f" AND ST_X({column}) BETWEEN {CHINA.west} AND {CHINA.east}"
        f" AND ST_Y({column}) BETWEEN {CHINA.south} AND {CHINA.north}",
        name=f"{column}_in_frame",
    )
