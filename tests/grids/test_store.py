"""Rows of areas on a real PostGIS: what the database itself refuses, and what it answers."""

import struct
from datetime import date

import numpy as np
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from grids.hierarchy import AreaKind
from grids.importer import apply, plan
from grids.models import Edition
from grids.store import (
    area_at_sql,
    areas_at_sql,
    areas_of,
    edition_at,
    editions,
    lineage_of,
    load_layers,
    newest_edition,
    overrides,
    stamp,
    units,
    units_of,
)
from tests.grids.districts import draft, small_district
from tests.grids.shapes import SCALE, SOUTH, WEST, box

FIRST, SECOND = date(2025, 1, 1), date(2025, 7, 1)

ROW = """
INSERT INTO area (kind, code, name, unit_code, geom, area_m2, valid, opened_by, closed_by)
VALUES ('custom', :code, '甲', 'custom:1', ST_GeomFromEWKT(:geom), :area_m2,
        CAST(:valid AS daterange), :opened_by, :closed_by)
"""
SQUARE = "SRID=4326;MULTIPOLYGON(((123 41,123.1 41,123.1 41.1,123 41.1,123 41)))"


def imported(session: Session, on: date = FIRST) -> Edition:
    edition = apply(session, plan(session, small_district(), valid_from=on, author="测试"))
    assert edition is not None
    return edition


def opened(session: Session) -> int:
    """An edition and a unit for rows written by hand."""
    edition = Edition(valid_from=FIRST, author="测试", source="imported", fingerprint="")
    session.add(edition)
    session.flush()
    session.execute(text("INSERT INTO unit VALUES ('custom:1', '甲', 'custom', NULL)"))
    return edition.id


def put(session: Session, edition: int, **words: object) -> None:
    row = {
        "code": "1",
        "geom": SQUARE,
        "area_m2": 1.0,
        "valid": "[2025-01-01,)",
        "opened_by": edition,
        "closed_by": None,
    }
    session.execute(text(ROW), {**row, **words})


@pytest.mark.parametrize(
    "geom",
    [
        "SRID=4326;MULTIPOLYGON EMPTY",
        "SRID=4326;MULTIPOLYGON(((123 41,123.1 41.1,123.1 41,123 41.1,123 41)))",
        "SRID=4326;MULTIPOLYGON(((41 123,41 123.1,41.1 123.1,41 123)))",
        "SRID=4326;MULTIPOLYGON(((500000 4600000,500100 4600000,500100 4600100,500000 4600000)))",
        "SRID=4326;MULTIPOLYGON(((123 41,NaN 41,123.1 41.1,123 41)))",
        "SRID=4326;MULTIPOLYGON(((123 41,Infinity 41,123.1 41.1,123 41)))",
        "SRID=3857;MULTIPOLYGON(((123 41,123.1 41,123.1 41.1,123 41)))",
        "SRID=4326;POINT(123 41)",
    ],
)
def test_hostile_geometry_is_refused_by_the_database_itself(session: Session, geom: str) -> None:
    edition = opened(session)
    with pytest.raises(DBAPIError):
        put(session, edition, geom=geom)


@pytest.mark.parametrize("wild", [float("nan"), float("inf"), float("-inf"), 1e300])
def test_wild_coordinates_do_not_slip_in_as_binary(session: Session, wild: float) -> None:
    tame = shapely.set_srid(shapely.MultiPolygon([shapely.box(123, 41, 123.5, 41.5)]), 4326)
    geom = shapely.to_wkb(tame, include_srid=True, byte_order=1)
    geom = geom.replace(struct.pack("<d", 123.5), struct.pack("<d", wild))
    edition = opened(session)
    with pytest.raises(IntegrityError, match="sound_geometry"):
        put(session, edition, geom=geom.hex())


@pytest.mark.parametrize("area_m2", ["NaN", "Infinity", "0", "-1"])
def test_an_area_without_real_size_is_refused(session: Session, area_m2: str) -> None:
    edition = opened(session)
    with pytest.raises(IntegrityError, match="real_area"):
        put(session, edition, area_m2=float(area_m2))


@pytest.mark.parametrize("code", ["", " 1", "1 "])
def test_a_blank_or_padded_code_is_refused(session: Session, code: str) -> None:
    edition = opened(session)
    with pytest.raises(IntegrityError, match="code_given"):
        put(session, edition, code=code)


def test_one_code_stands_for_one_area_at_a_time(session: Session) -> None:
    edition = opened(session)
    put(session, edition)
    with pytest.raises(IntegrityError, match="ex_area_one_at_a_time"):
        put(session, edition, valid="[2025-06-01,)")


def test_a_row_corrected_on_its_first_day_does_not_stand_in_the_way(session: Session) -> None:
    first, second = (
        opened(session),
        Edition(valid_from=FIRST, author="测试", source="imported", fingerprint=""),
    )
    session.add(second)
    session.flush()
    put(session, first, valid="empty", closed_by=second.id)
    put(session, second.id)


def test_a_closed_row_must_say_so_in_days_and_in_editions(session: Session) -> None:
    edition = opened(session)
    with pytest.raises(IntegrityError, match="open_while_valid"):
        put(session, edition, valid="[2025-01-01,2025-02-01)")


def test_any_day_can_be_asked(session: Session) -> None:
    first = imported(session)
    changed = small_district(east_name="改名社区")
    second = apply(session, plan(session, changed, valid_from=SECOND, author="测试"))
    assert second is not None
    asked = [date(2024, 12, 31), FIRST, date(2025, 6, 30), SECOND, date(2026, 1, 1)]
    found = [edition_at(session, day) for day in asked]
    assert [edition and edition.id for edition in found] == [
        None,
        first.id,
        first.id,
        second.id,
        second.id,
    ]
    names = [
        {area.code: area.name for area in areas_of(session, each.id, [AreaKind.COMMUNITY])}
        for each in editions(session)
    ]
    assert names[0]["210104002002"] == "东社区"
    assert names[1]["210104002002"] == "改名社区"
    assert names[0]["210104002001"] == names[1]["210104002001"]
    assert newest_edition(session) is second


def test_layers_for_the_locator_are_sorted_by_code(session: Session) -> None:
    edition = imported(session)
    layers = {layer.kind: layer for layer in load_layers(session, edition.id)}
    assert list(layers) == ["district", "street", "community", "police"]
    assert list(layers["community"].codes) == ["210104002001", "210104002002"]
    assert list(layers["community"].names) == ["西社区", "东社区"]
    assert shapely.equals(layers["community"].geometries[0], box(0, 0, 500, 1000))


def test_every_area_has_its_unit(session: Session) -> None:
    edition = imported(session)
    answering = units_of(session, edition.id)
    street = answering[AreaKind.STREET, "210104002000"]
    assert (street.code, street.name) == ("street:210104002000", "大北街道")
    station = answering[AreaKind.POLICE, "甲"]
    assert (station.code, station.name, station.phone) == ("P-1", "新东派出所", "024-1")
    assert units(session)["P-1"] == station


def test_the_database_answers_by_the_edge_rule(session: Session) -> None:
    edition = imported(session)
    middle, far = WEST + 500 / SCALE[0], WEST + 2000 / SCALE[0]
    up = SOUTH + 500 / SCALE[1]

    def at(lon: float) -> str | None:
        return area_at_sql(session, AreaKind.COMMUNITY, edition.id, lon, up)

    assert at(middle) == "210104002001"
    assert at(middle + 2e-9) == "210104002002"
    assert at(far) is None


def test_many_points_are_answered_in_one_statement_and_in_order(session: Session) -> None:
    edition = imported(session)
    random = np.random.default_rng(1)
    east = random.uniform(-100, 1100, 20_000)
    north = random.uniform(0, 1000, 20_000)
    found = areas_at_sql(
        session,
        [AreaKind.COMMUNITY, AreaKind.COURT],
        edition.id,
        list(WEST + east / SCALE[0]),
        list(SOUTH + north / SCALE[1]),
    )
    bands = np.digitize(east, [0, 500, 1000])
    names = [None, "210104002001", "210104002002", None]
    assert found[AreaKind.COMMUNITY] == [names[band] for band in bands]
    assert set(found[AreaKind.COURT]) == {None}


def test_lineage_is_found_from_either_side(session: Session) -> None:
    imported(session)
    split = [
        draft(
            AreaKind.POLICE,
            [("甲", "新东所", box(0, 0, 600, 1000)), ("乙", "珠林所", box(600, 0, 1000, 1000))],
        )
    ]
    apply(session, plan(session, split, valid_from=SECOND, author="测试"))
    for code in ("甲", "乙"):
        descents = lineage_of(session, AreaKind.POLICE, code)
        found = {(each.predecessor_code, each.successor_code): each.share for each in descents}
        assert found["甲", "乙"] == pytest.approx(0.4, abs=1e-3)


OVERRIDE = """
INSERT INTO jurisdiction_override (kind, geom, unit_code, reason, author, valid)
VALUES ('police', ST_GeomFromEWKT(:geom), 'custom:1', '协议', '王', CAST(:valid AS daterange))
"""


def decree(session: Session, valid: str) -> None:
    session.execute(text(OVERRIDE), {"geom": SQUARE, "valid": valid})


def test_overrides_come_with_their_unit_and_their_days(session: Session) -> None:
    opened(session)
    decree(session, "[2025-02-01,2025-03-01)")
    decree(session, "(,)")
    first, second = overrides(session)
    days = [date(2025, 1, 31), date(2025, 2, 1), date(2025, 2, 28), date(2025, 3, 1)]
    assert [first.holds_on(day) for day in days] == [False, True, True, False]
    assert (first.kind, first.unit.name, first.reason) == (AreaKind.POLICE, "甲", "协议")
    assert first.author == "王"
    assert first.geometry.equals(shapely.box(123, 41, 123.1, 41.1))
    assert all(second.holds_on(day) for day in days)


def test_the_stamp_changes_with_everything_that_routing_reads(session: Session) -> None:
    stamps = [stamp(session)]
    opened(session)
    stamps.append(stamp(session))
    decree(session, "[2025-02-01,)")
    stamps.append(stamp(session))
    session.execute(text("DELETE FROM jurisdiction_override"))
    stamps.append(stamp(session))
    assert stamps[0].newest is None
    assert len(set(stamps[:3])) == 3
    assert stamps[3] == stamps[1]
