"""A square district of one kilometre for tests: one street, two communities, one police station."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from grids.hierarchy import AreaKind
from grids.importer import Draft, read_frame
from tests.grids.shapes import box

DISTRICT, STREET = "210104000000", "210104002000"
WESTERN, EASTERN = "210104002001", "210104002002"
WHOLE = box(0, 0, 1000, 1000)

Rows = Sequence[tuple[str, str, BaseGeometry]]


def frame(rows: Rows, **columns: Any) -> gpd.GeoDataFrame:
    words = {"code": [row[0] for row in rows], "name": [row[1] for row in rows], **columns}
    return gpd.GeoDataFrame(words, geometry=[row[2] for row in rows], crs=4326)


def draft(kind: AreaKind, rows: Rows, **columns: Any) -> Draft:
    return read_frame(kind, frame(rows, **columns))


def small_district(*, line: float = 500, east_name: str = "东社区") -> list[Draft]:
    """`line`: where the communities meet, in metres from the west."""
    communities = [
        (WESTERN, "西社区", box(0, 0, line, 1000)),
        (EASTERN, east_name, box(line, 0, 1000, 1000)),
    ]
    station: Mapping[str, Any] = {
        "unit_code": ["P-1"],
        "unit_name": ["新东派出所"],
        "phone": ["024-1"],
    }
    return [
        draft(AreaKind.DISTRICT, [(DISTRICT, "大东区", WHOLE)]),
        draft(AreaKind.STREET, [(STREET, "大北街道", WHOLE)]),
        draft(AreaKind.COMMUNITY, communities),
        draft(AreaKind.POLICE, [("甲", "新东所", WHOLE)], **station),
    ]
