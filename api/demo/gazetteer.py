"""Some 20,000 synthetic addresses inside the demonstration district. EPSG:4326, deterministic."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from api.demo.district import areas
from api.demo.plane import Points, degrees, metres
from api.demo.roads import (
    ABOLISHED,
    ESTATE_FIRST,
    ESTATE_LAST,
    OLD_ESTATES,
    ROADS,
    STATIONS,
    Road,
)
from gis.geocoding.entry import GazetteerEntry, Level
from grids.areas import AreaRecord
from grids.hierarchy import AreaKind

Shapes = NDArray[np.object_]

SEED = 19491001
SOURCE = "synthetic"

HOUSE_EVERY_M = 23.0
SET_BACK_M = 14.0
DOOR_RADIUS_M = 15.0
BUILDING_RADIUS_M = 20.0
ESTATE_RADIUS_M = 140.0
STATION_RADIUS_M = 60.0
OFFICE_RADIUS_M = 25.0
CROSSING_RADIUS_M = 30.0
NEW_ESTATES = 300

OFFICES = (AreaKind.POLICE, AreaKind.JUSTICE)


class Estate(NamedTuple):
    """A housing estate: its middle and its buildings, metres from the district's origin."""

    name: str
    middle: tuple[float, float]
    buildings: Points


@cache
def entries() -> tuple[GazetteerEntry, ...]:
    """The whole gazetteer: areas, roads, houses, estates, crossings, stations, offices."""
    home = _Homes()
    made = (
        _areas(),
        _roads(home),
        _estates(home),
        _crossings(home),
        _stations(home),
        _offices(home),
    )
    return tuple(entry for group in made for entry in group)


@cache
def estates() -> tuple[Estate, ...]:
    """The old estates first, then new ones, each within one block."""
    random = np.random.default_rng(SEED)
    grounds = _flat(_shapes(AreaKind.GRID))
    named = [first + last for last, first in product(ESTATE_LAST, ESTATE_FIRST)][:NEW_ESTATES]
    chosen = random.choice(len(grounds), NEW_ESTATES, replace=False)
    old = [_around(name, _metre(lon, lat), random) for name, lon, lat in OLD_ESTATES]
    new = [_within(n, grounds[g], random) for n, g in zip(named, chosen, strict=True)]
    return (*old, *new)


def _around(name: str, middle: tuple[float, float], random: np.random.Generator) -> Estate:
    return Estate(name, middle, np.array(middle) + random.uniform(-90, 90, (24, 2)))


def _within(name: str, ground: Polygon, random: np.random.Generator) -> Estate:
    middle = ground.point_on_surface()
    around = random.uniform(-110, 110, (40, 2)) + shapely.get_coordinates(middle)
    inside = around[shapely.contains_xy(ground.buffer(-8), around)]
    return Estate(name, (middle.x, middle.y), inside[: int(random.integers(8, 26))])


class _Homes:
    """Which community and street a point lies in."""

    def __init__(self) -> None:
        self._codes = [area.code for area in _areas_of(AreaKind.COMMUNITY)]
        self._tree = shapely.STRtree(_shapes(AreaKind.COMMUNITY))

    def of(self, degrees: Points) -> list[str | None]:
        """The community of each point, None outside of the district."""
        found: list[str | None] = [None] * len(degrees)
        point, area = self._tree.query(shapely.points(degrees), predicate="intersects")
        for each, home in zip(point.tolist(), area.tolist(), strict=True):
            found[each] = self._codes[home]
        return found


def _roads(home: _Homes) -> Iterator[GazetteerEntry]:
    for road in ROADS:
        line = _cut(road)
        half = line.length / 2
        middle = shapely.get_coordinates(line.interpolate(half))
        yield _entry(Level.ROAD, road.name, middle[0], half, home.of(_degrees(middle))[0])
        yield from _houses(road.name, line, home)


def _cut(road: Road) -> LineString:
    line = LineString([_metre(*road.begin), _metre(*road.end)])
    district = _flat(_shapes(AreaKind.DISTRICT))[0]
    parts = shapely.get_parts(line.intersection(district.buffer(-40)))
    longest: LineString = max(parts, key=lambda part: part.length)
    return longest


def _houses(road: str, line: LineString, home: _Homes) -> Iterator[GazetteerEntry]:
    along = np.arange(HOUSE_EVERY_M, line.length, HOUSE_EVERY_M)
    on_line = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    (x0, y0), (x1, y1) = line.coords[0], line.coords[-1]
    left = np.array([y0 - y1, x1 - x0]) / line.length
    for side, first in ((left, 1), (-left, 2)):
        points = on_line + side * SET_BACK_M
        for place, (point, code) in enumerate(zip(points, home.of(_degrees(points)), strict=True)):
            number = str(first + 2 * place)
            yield _entry(
                Level.DOOR,
                f"{road}{number}号",
                point,
                DOOR_RADIUS_M,
                code,
                road=road,
                number=number,
            )


def _estates(home: _Homes) -> Iterator[GazetteerEntry]:
    for estate in estates():
        points = np.vstack([estate.middle, estate.buildings])
        codes = home.of(_degrees(points))
        name = estate.name
        yield _entry(Level.ESTATE, name, points[0], ESTATE_RADIUS_M, codes[0], estate=name)
        for number, (point, code) in enumerate(zip(points[1:], codes[1:], strict=True), start=1):
            yield _entry(
                Level.BUILDING,
                f"{name}{number}号楼",
                point,
                BUILDING_RADIUS_M,
                code,
                estate=name,
                building=str(number),
            )


def _stations(home: _Homes) -> Iterator[GazetteerEntry]:
    points = np.array([_metre(lon, lat) for _, lon, lat in STATIONS])
    for (name, _, _), point, code in zip(STATIONS, points, home.of(_degrees(points)), strict=True):
        aliases = (f"地铁{name}", name.removesuffix("站") + "地铁站")
        yield _entry(Level.POI, name, point, STATION_RADIUS_M, code, aliases=aliases)


def _offices(home: _Homes) -> Iterator[GazetteerEntry]:
    """A house for each police station and justice office in its own area.

    Street offices have none: who writes 东塔街道 means the ground, not the house.
    """
    for kind in OFFICES:
        points = shapely.get_coordinates(shapely.point_on_surface(_flat(_shapes(kind))))
        names = [area.unit_name for area in _areas_of(kind)]
        for name, point, code in zip(names, points, home.of(_degrees(points)), strict=True):
            yield _entry(Level.POI, name, point, OFFICE_RADIUS_M, code)


def _crossings(home: _Homes) -> Iterator[GazetteerEntry]:
    """Where two roads meet."""
    lines = [(road.name, _cut(road)) for road in ROADS]
    for (one, line), (other, across) in combinations(lines, 2):
        meeting = line.intersection(across)
        if not meeting.is_empty:
            point = shapely.get_coordinates(meeting)[0]
            code = home.of(_degrees(point[None, :]))[0]
            name = f"{one}与{other}交汇处"
            yield _entry(Level.INTERSECTION, name, point, CROSSING_RADIUS_M, code)


def _areas() -> Iterator[GazetteerEntry]:
    """Streets with their former names, and communities; the radius reaches the furthest corner."""
    former: dict[str, list[str]] = {}
    for name, successor in ABOLISHED.items():
        former.setdefault(successor, []).append(f"{name}(撤销)")
    for kind, level in ((AreaKind.STREET, Level.STREET), (AreaKind.COMMUNITY, Level.COMMUNITY)):
        for area, shape in zip(_areas_of(kind), _flat(_shapes(kind)), strict=True):
            point = shapely.get_coordinates(shape.point_on_surface())[0]
            names = tuple(former.get(area.code, ()))
            yield _entry(level, area.name, point, _reach(shape, point), area.code, aliases=names)


def _reach(shape: BaseGeometry, point: Points) -> float:
    corners = shapely.get_coordinates(shape)
    return float(np.ceil(np.linalg.norm(corners - point, axis=1).max()))


def _entry(
    level: Level,
    name: str,
    point: Points,
    radius_m: float,
    area_code: str | None,
    *,
    aliases: tuple[str, ...] = (),
    road: str | None = None,
    number: str | None = None,
    estate: str | None = None,
    building: str | None = None,
) -> GazetteerEntry:
    lon, lat = _degrees(np.asarray(point)[None, :])[0]
    return GazetteerEntry(
        level,
        name,
        float(lon),
        float(lat),
        float(radius_m),
        SOURCE,
        aliases,
        road=name if level is Level.ROAD else road,
        number=number,
        estate=estate,
        building=building,
        community_code=None if level is Level.STREET else area_code,
        street_code=None if area_code is None else area_code[:9] + "000",
    )


def _areas_of(kind: AreaKind) -> list[AreaRecord]:
    return [area for area in areas() if area.kind is kind]


def _shapes(kind: AreaKind) -> Shapes:
    return np.array([area.geometry for area in _areas_of(kind)], dtype=object)


def _flat(shapes: Shapes) -> Shapes:
    """Metres from EPSG:4326."""
    return np.asarray(shapely.transform(shapes, metres), dtype=object)


def _metre(lon: float, lat: float) -> tuple[float, float]:
    x, y = metres(np.array((lon, lat)))
    return float(x), float(y)


def _degrees(points: Points) -> Points:
    return np.asarray(np.round(degrees(points), 7))
