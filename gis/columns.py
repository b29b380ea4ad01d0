"""Geometry columns, their SRID and their guards fixed once.

``geometry(Point, 4326)`` alone stores NaN, infinite, empty and swapped points; the checks here stop
all of them, whoever writes the row.
"""

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import MappedColumn, mapped_column

SRID = 4326

# The widest frame a coordinate of record may lie in: all of China, degrees east and north.
FRAME_LON = (73, 136)
FRAME_LAT = (3, 54)


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
    """A CHECK that refuses an empty, NaN, infinite, swapped or far-away point in ``column``."""
    return CheckConstraint(
        f"NOT ST_IsEmpty({column})"
        f" AND ST_X({column}) BETWEEN {FRAME_LON[0]} AND {FRAME_LON[1]}"
        f" AND ST_Y({column}) BETWEEN {FRAME_LAT[0]} AND {FRAME_LAT[1]}",
        name=f"{column}_in_frame",
    )
