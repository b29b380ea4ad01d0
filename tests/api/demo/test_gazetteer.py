"""The made-up addresses: inside the district, in the area they name, and found when written."""

import numpy as np
import pytest
import shapely

from api.demo.district import areas
from api.demo.gazetteer import entries
from gis.geocoding.entry import GazetteerEntry, Level
from gis.geocoding.geocoder import Geocoder
from grids.areas import AreaRecord
from grids.hierarchy import AreaKind

ABOLISHED = ("新东街道", "洮昌街道", "小北街道", "小东街道", "辽沈街道", "珠林街道")


@pytest.fixture(scope="module")
def geocoder() -> Geocoder:
    return Geocoder(entries())


def of(kind: AreaKind) -> dict[str, AreaRecord]:
    return {area.code: area for area in areas() if area.kind is kind}


def at(level: Level) -> list[GazetteerEntry]:
    return [entry for entry in entries() if entry.level is level]


def test_there_are_some_twenty_thousand_entries_each_with_a_code_of_its_own() -> None:
    assert 18_000 <= len(entries()) <= 25_000
    assert len({entry.code for entry in entries()}) == len(entries())


def test_every_entry_says_that_it_is_synthetic() -> None:
    assert {entry.source for entry in entries()} == {"synthetic"}


def test_every_entry_lies_in_the_community_and_the_street_it_names() -> None:
    communities, streets = of(AreaKind.COMMUNITY), of(AreaKind.STREET)
    for entry in entries():
        place = shapely.Point(entry.lon, entry.lat)
        assert streets[entry.street_code or ""].geometry.covers(place)
        if entry.level is not Level.STREET:
            assert communities[entry.community_code or ""].geometry.covers(place)


def test_every_street_and_community_is_known_by_its_name() -> None:
    assert {e.name for e in at(Level.STREET)} == {a.name for a in of(AreaKind.STREET).values()}
    known = {e.name for e in at(Level.COMMUNITY)}
    assert known == {a.name for a in of(AreaKind.COMMUNITY).values()}


def test_abolished_streets_live_on_as_former_names() -> None:
    former = {alias for entry in at(Level.STREET) for alias in entry.aliases}
    assert {name for name in ABOLISHED if f"{name}(撤销)" in former} == set(ABOLISHED)


def test_a_door_of_the_golden_cases_street_is_found_first_and_needs_no_person(
    geocoder: Geocoder,
) -> None:
    for text in ("东塔街12号", "沈阳市大东区东塔街１２号"):
        best = geocoder.best(text)
        assert best is not None
        assert (best.text, best.level) == ("东塔街12号", Level.DOOR)


def test_doors_stand_odd_on_one_side_of_the_road_and_even_on_the_other() -> None:
    doors = [entry for entry in at(Level.DOOR) if entry.road == "东塔街"]
    place = np.array([(door.lon, door.lat) for door in doors])
    odd = np.array([int(door.number or "0") % 2 == 1 for door in doors])
    along = place[odd][-1] - place[odd][0]
    across = place @ np.array([-along[1], along[0]])
    assert across[odd].min() > across[~odd].max()


def test_written_names_are_found_first(geocoder: Geocoder) -> None:
    chosen = np.random.default_rng(12).choice(len(entries()), 400, replace=False)
    asked = [entries()[position] for position in chosen]
    found = [geocoder.geocode(entry.name)[0].entry_code for entry in asked]
    assert found == [entry.code for entry in asked]
