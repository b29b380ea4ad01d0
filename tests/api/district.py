"""A square district whose police and justice areas do not follow its streets.

street 甲 | street 乙      the street line at 1000 m east
police 东 | police 西      the police line at 1300 m east
justice 南 / justice 北    the justice line at 900 m north
"""

from collections.abc import Sequence

from shapely.geometry.base import BaseGeometry

from grids.hierarchy import AreaKind
from grids.importer import Draft
from tests.grids.districts import Rows, draft
from tests.grids.shapes import SCALE, SOUTH, WEST, box

DISTRICT = "210104000000"
STREETS = ("210104001000", "210104002000")
COMMUNITIES = ("210104001001", "210104002001")
CELLS = ("210104001001001", "210104002001001")


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """Longitude and latitude of a place given in metres from the south-western corner."""
    return float(WEST + east_m / SCALE[0]), float(SOUTH + north_m / SCALE[1])


CENTRE = at(500, 500)
NEAR_STREET_LINE = at(990, 500)
ON_STREET_LINE = at(1000, 500)
OUTSIDE = at(5000, 5000)


def drafts() -> list[Draft]:
    west, east = box(0, 0, 1000, 2000), box(1000, 0, 2000, 2000)
    halves = [west, east]
    return [
        draft(AreaKind.DISTRICT, [(DISTRICT, "大东区", box(0, 0, 2000, 2000))]),
        draft(AreaKind.STREET, _named(STREETS, ("东塔街道", "万泉街道"), halves)),
        draft(AreaKind.COMMUNITY, _named(COMMUNITIES, ("甲社区", "乙社区"), halves)),
        draft(AreaKind.GRID, _named(CELLS, ("甲一网格", "乙一网格"), halves)),
        draft(
            AreaKind.POLICE,
            [
                ("P-1", "新东派出所", box(0, 0, 1300, 2000)),
                ("P-2", "万泉派出所", box(1300, 0, 2000, 2000)),
            ],
        ),
        draft(
            AreaKind.JUSTICE,
            [
                ("J-1", "东塔司法所", box(0, 0, 2000, 900)),
                ("J-2", "万泉司法所", box(0, 900, 2000, 2000)),
            ],
        ),
    ]


def _named(codes: Sequence[str], names: Sequence[str], shapes: Sequence[BaseGeometry]) -> Rows:
    return list(zip(codes, names, shapes, strict=True))
