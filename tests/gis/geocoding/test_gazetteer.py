"""The gazetteer in PostGIS."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gis.geocoding import gazetteer
from gis.geocoding.entry import Level
from tests.gis.geocoding.town import entry, town

pytestmark = pytest.mark.database


def test_what_was_put_in_comes_out_the_same_and_in_order(session: Session) -> None:
    entries = town()[:2000] + town()[-40:]
    assert gazetteer.replace(session, entries) == len(entries)
    assert gazetteer.load(session) == entries


def test_replacing_leaves_nothing_of_the_old_entries(session: Session) -> None:
    gazetteer.replace(session, town()[:10])
    gazetteer.replace(session, town()[5:8])
    assert gazetteer.load(session) == town()[5:8]
    assert gazetteer.replace(session, []) == 0
    assert gazetteer.load(session) == []


def test_the_geometry_is_the_point_in_wgs84(session: Session) -> None:
    gazetteer.replace(session, town()[:1])
    row = session.execute(
        text("SELECT ST_SRID(geom), ST_X(geom) = lon, ST_Y(geom) = lat FROM gazetteer_entry")
    ).one()
    assert tuple(row) == (4326, True, True)


def test_a_radius_that_is_no_number_is_refused(session: Session) -> None:
    with pytest.raises(IntegrityError, match="radius_finite"):
        gazetteer.replace(session, [entry(Level.POI, "某处", 123.48, 41.8, float("nan"))])
