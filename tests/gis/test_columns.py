"""No hostile point enters a column by SQL, whoever writes the row (bad geometry never enters)."""

import json
import math
import struct

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

# Every table with a point, and how a hostile writer would put one in.
INSERTS = {
    "report": """
        INSERT INTO report (id, kind, category, text, occurred_at, received_at, source,
            people_involved, synthetic, raw_place, method, datum, radius_m, routed_on, geom)
        SELECT gen_random_uuid(), 'dispute', 'labour', 'x', now(), now(), 'window',
            1, true, '{}', 'coordinate', 'wgs84', 5, current_date, geom
    """,
    "gazetteer_entry": """
        INSERT INTO gazetteer_entry (level, name, aliases, lon, lat, geom, radius_m, source)
        SELECT 'poi', 'x', '{}', ST_X(geom), ST_Y(geom), geom, 5, 'test'
    """,
}

TABLES = pytest.mark.parametrize("table", INSERTS)

NUMBERS = {
    "NaN in both": ("NaN", "NaN"),
    "NaN as longitude": ("NaN", "41.8"),
    "NaN as latitude": ("123.4", "NaN"),
    "infinite in both": ("Infinity", "Infinity"),
    "infinite longitude": ("Infinity", "41.8"),
    "infinite latitude": ("123.4", "Infinity"),
    "minus infinity in both": ("-Infinity", "-Infinity"),
    "longitude of minus infinity": ("-Infinity", "41.8"),
    "latitude of minus infinity": ("123.4", "-Infinity"),
    "infinity and NaN": ("Infinity", "NaN"),
    "NaN and minus infinity": ("NaN", "-Infinity"),
    "null island": ("0", "0"),
    "null island from the west": ("-0.0", "-0.0"),
    "no longitude fix": ("0", "41.8"),
    "no latitude fix": ("123.4", "0"),
    "Shenyang swapped": ("41.8", "123.4"),
    "Beijing swapped": ("39.9", "116.4"),
    "Kashgar swapped": ("39.5", "76.0"),
    "Sanya swapped": ("18.3", "109.5"),
    "Shenyang with the sign lost": ("-123.4", "41.8"),
    "Shenyang on the southern half": ("123.4", "-41.8"),
    "Shenyang on the other side": ("-123.4", "-41.8"),
    "longitude twice": ("123.4", "123.4"),
    "latitude twice": ("41.8", "41.8"),
    "just west": (repr(math.nextafter(73, 0)), "41.8"),
    "just east": (repr(math.nextafter(136, 180)), "41.8"),
    "just south": ("123.4", repr(math.nextafter(3, 0))),
    "just north": ("123.4", repr(math.nextafter(54, 90))),
    "antimeridian": ("180", "41.8"),
    "north pole": ("123.4", "90"),
    "south pole": ("123.4", "-90"),
    "past the pole": ("123.4", "90.0001"),
    "a turn too many": ("483.4", "41.8"),
    "a turn too few": ("-236.6", "41.8"),
    "Berlin": ("13.4", "52.5"),
    "New York": ("-74.0", "40.7"),
    "Singapore": ("103.8", "1.35"),
    "Tokyo": ("139.7", "35.7"),
    "Web Mercator metres": ("13736825.0", "5131231.0"),
    "Gauss-Krueger metres": ("533216.0", "4628345.0"),
    "Gauss-Krueger metres with the zone": ("41533216.0", "4628345.0"),
    "Baidu Mercator metres": ("13736825.2", "5104012.8"),
    "millionths of degrees": ("123400000", "41800000"),
    "seconds of arc": ("444240", "150480"),
    "degrees and minutes as NMEA writes": ("12324.0", "4148.0"),
    "radians": ("2.1537", "0.7296"),
    "a decimal point too far left": ("12.34", "41.8"),
    "a lost decimal point": ("1234", "418"),
    "the largest number": ("1.7976931348623157e308", "41.8"),
    "the least number": ("123.4", "-1.7976931348623157e308"),
    "the smallest number": ("5e-324", "5e-324"),
    "no value as -9999": ("-9999", "-9999"),
    "no value as -1": ("-1", "-1"),
    "no value as 999": ("999.0", "999.0"),
}


def made(lon: str, lat: str) -> str:
    return f"ST_SetSRID(ST_MakePoint('{lon}'::float8, '{lat}'::float8), 4326)"


def well_known_binary(lon: float, lat: float) -> str:
    return f"'{struct.pack('<BIIdd', 1, 0x20000001, 4326, lon, lat).hex()}'::geometry"


def geojson(lon: float, lat: float, system: str | None = None) -> str:
    point: dict[str, object] = {"type": "Point", "coordinates": [lon, lat]}
    if system:
        point["crs"] = {"type": "name", "properties": {"name": system}}
    return f"ST_GeomFromGeoJSON('{json.dumps(point)}')"


OUT_OF_FRAME = {name: made(*numbers) for name, numbers in NUMBERS.items()} | {
    "infinity as binary": well_known_binary(math.inf, 41.8),
    "swapped as binary": well_known_binary(41.8, 123.4),
    "swapped as text": "'SRID=4326;POINT(41.8 123.4)'::geometry",
    "swapped as GeoJSON": geojson(41.8, 123.4),
    "moved off the frame": f"ST_Translate({made('123.4', '41.8')}, 360, 0)",
    "flipped": f"ST_FlipCoordinates({made('123.4', '41.8')})",
}

OF_ANOTHER_KIND = {
    "empty": "'SRID=4326;POINT EMPTY'::geometry",
    "empty as binary, which writes NaN": well_known_binary(math.nan, math.nan),
    "empty made": "ST_SetSRID(ST_GeomFromText('POINT EMPTY'), 4326)",
    "with height": "'SRID=4326;POINT Z (123.4 41.8 50)'::geometry",
    "with measure": "'SRID=4326;POINT M (123.4 41.8 50)'::geometry",
    "with both": "'SRID=4326;POINT ZM (123.4 41.8 50 1)'::geometry",
    "in CGCS2000": "'SRID=4490;POINT(123.4 41.8)'::geometry",
    "in Web Mercator": "'SRID=3857;POINT(123.4 41.8)'::geometry",
    "in a system that is none": "'SRID=999998;POINT(123.4 41.8)'::geometry",
    "GeoJSON in a system of its own": geojson(123.4, 41.8, "EPSG:4490"),
    "points": "'SRID=4326;MULTIPOINT(123.4 41.8)'::geometry",
    "line": "'SRID=4326;LINESTRING(123.4 41.8, 123.5 41.9)'::geometry",
    "area": "'SRID=4326;POLYGON((123 41, 124 41, 124 42, 123 41))'::geometry",
    "collection": "'SRID=4326;GEOMETRYCOLLECTION(POINT(123.4 41.8))'::geometry",
    "cut text": "'SRID=4326;POINT(123.4 '::geometry",
    "one number": "'SRID=4326;POINT(123.4)'::geometry",
    "words": "'SRID=4326;POINT(east north)'::geometry",
    "cut binary": f"{well_known_binary(123.4, 41.8)[:30]}'::geometry",
    "no text": "''::geometry",
}


def insert(session: Session, table: str, point: str) -> None:
    """Put a point in, in a savepoint of its own."""
    with session.begin_nested():
        session.execute(text(f"{INSERTS[table]} FROM (SELECT {point} AS geom) AS given"))


def stored(session: Session, table: str) -> int:
    return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_there_are_enough_hostile_points() -> None:
    assert len(OUT_OF_FRAME) + len(OF_ANOTHER_KIND) >= 60


@TABLES
@pytest.mark.parametrize("name", OUT_OF_FRAME)
def test_a_point_that_is_nowhere_in_the_frame_is_refused_by_its_check(
    session: Session, table: str, name: str
) -> None:
    with pytest.raises(IntegrityError, match=f"ck_{table}_geom_in_frame"):
        insert(session, table, OUT_OF_FRAME[name])
    assert stored(session, table) == 0


@TABLES
@pytest.mark.parametrize("name", OF_ANOTHER_KIND)
def test_what_is_no_point_of_the_column_is_refused(session: Session, table: str, name: str) -> None:
    with pytest.raises(DBAPIError):
        insert(session, table, OF_ANOTHER_KIND[name])
    assert stored(session, table) == 0


@TABLES
@pytest.mark.parametrize(("lon", "lat"), [(123.47, 41.81), (73, 3), (136, 54), (73, 54), (136, 3)])
def test_a_point_in_the_frame_is_stored_its_edge_included(
    session: Session, table: str, lon: float, lat: float
) -> None:
    insert(session, table, made(str(lon), str(lat)))
    found = session.execute(text(f"SELECT ST_X(geom), ST_Y(geom), ST_SRID(geom) FROM {table}"))
    assert found.one() == (lon, lat, 4326)


@TABLES
def test_a_stored_point_cannot_be_moved_off_the_frame(session: Session, table: str) -> None:
    insert(session, table, made("123.47", "41.81"))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(f"UPDATE {table} SET geom = ST_FlipCoordinates(geom)"))
    assert session.execute(text(f"SELECT ST_X(geom) FROM {table}")).scalar_one() == 123.47


@TABLES
def test_a_point_without_system_is_given_that_of_its_column(session: Session, table: str) -> None:
    insert(session, table, "'POINT(123.47 41.81)'::geometry")
    assert session.execute(text(f"SELECT ST_SRID(geom) FROM {table}")).scalar_one() == 4326
