"""A few small areas to draw: squares of 0.01° around 123.5 E, 41.8 N."""

from shapely import Polygon, box

from grids.areas import AreaRecord, as_multipolygon
from grids.hierarchy import AreaKind


def area(code: str, ground: Polygon, name: str = "东塔街道") -> AreaRecord:
    return AreaRecord(
        kind=AreaKind.STREET,
        code=code,
        name=name,
        parent_code="210104",
        unit_code=f"street:{code}",
        unit_name=name,
        phone=None,
        geometry=as_multipolygon(ground),
    )


def square(column: int, row: int) -> Polygon:
    west, south = 123.5 + column / 100, 41.8 + row / 100
    return box(west, south, west + 0.01, south + 0.01)
