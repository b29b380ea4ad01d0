"""Geometry columns, their SRID and their guards fixed once.

``geometry(Point, 4326)`` alone stores NaN, infinite, empty and swapped points; the checks here stop
all of them, whoever writes the row.
"""

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint

SRID = 4326

# The widest frame a coordinate of record may lie in: all of China, degrees east and north.
FRAME_LON = (73, 136)
FRAME_LAT = (3, 54)


def point_column() -> Geometry:
    """A point in EPSG:4326, longitude first, with a GiST index."""
    return Geometry("POINT", srid=SRID, spatial_index=True)


def area_column() -> Geometry:
    """A multi-polygon in EPSG:4326, longitude first, with a GiST index."""
    return Geometry("MULTIPOLYGON", srid=SRID, spatial_index=True)


def point_check(column: str = "geom") -> CheckConstraint:
    """A CHECK that refuses an empty, NaN, infinite, swapped or far-away point in ``column``."""
    return CheckConstraint(
        f"NOT ST_IsEmpty({column})"
        f" AND ST_X({column}) BETWEEN {FRAME_LON[0]} AND {FRAME_LON[1]}"
        f" AND ST_Y({column}) BETWEEN {FRAME_LAT[0]} AND {FRAME_LAT[1]}",
        name=f"{column}_in_frame",
    )


def area_check(column: str = "geom") -> CheckConstraint:
    """A CHECK that refuses an empty, invalid, swapped or far-away area in ``column``."""
    return CheckConstraint(
        f"NOT ST_IsEmpty({column}) AND ST_IsValid({column})"
        f" AND ST_XMin({column}) >= {FRAME_LON[0]} AND ST_XMax({column}) <= {FRAME_LON[1]}"
        f" AND ST_YMin({column}) >= {FRAME_LAT[0]} AND ST_YMax({column}) <= {FRAME_LAT[1]}",
        name=f"{column}_in_frame",
    )
