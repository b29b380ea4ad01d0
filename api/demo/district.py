"""大东区（示意）: its areas of every kind, as one edition to be imported. EPSG:4326, deterministic.

Each kind is made of the same blocks: it covers the district without gap or overlap, every parent
is the exact sum of its children, and police and justice areas cross the streets' lines.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from api.demo.blocks import Blocks, blocks, nearest
from api.demo.grouping import Labels, clustered, in_one_piece, unions
from api.demo.names import CENTRE, DISTRICT, JUSTICE, POLICE, STREETS, Seat, communities
from api.demo.plane import metres
from grids.areas import AreaRecord, as_multipolygon, default_unit_code
from grids.codes import grid_code
from grids.hierarchy import AreaKind

ROW_M = 150.0
"""Cells are numbered by rows about this high."""

Made = tuple[str, str, str | None, BaseGeometry]


@cache
def areas() -> tuple[AreaRecord, ...]:
    """Every area, kinds from the district down, marked synthetic."""
    ground = blocks()
    streets = in_one_piece(ground.shapes, ground.streets)
    homes = _communities(ground, streets)
    made: dict[AreaKind, list[Made]] = {
        AreaKind.DISTRICT: [(*DISTRICT, None, shapely.coverage_union_all(ground.shapes))],
        AreaKind.STREET: _street_areas(ground, streets),
        AreaKind.COMMUNITY: _community_areas(ground, homes),
        AreaKind.GRID: list(_cells(ground, homes)),
        AreaKind.POLICE: _stations(ground, POLICE),
        AreaKind.JUSTICE: _stations(ground, JUSTICE),
    }
    return tuple(_record(kind, *area) for kind, same in made.items() for area in same)


def _record(
    kind: AreaKind, code: str, name: str, parent: str | None, shape: BaseGeometry
) -> AreaRecord:
    return AreaRecord(
        kind=kind,
        code=code,
        name=name,
        parent_code=parent,
        unit_code=default_unit_code(kind, code),
        unit_name=CENTRE if kind is AreaKind.DISTRICT else name,
        phone=None,
        geometry=as_multipolygon(shape),
        properties={"synthetic": True},
    )


def _street_areas(ground: Blocks, streets: Labels) -> list[Made]:
    shapes = unions(ground.shapes, streets, len(STREETS))
    return [
        (street.code, street.name, DISTRICT[0], shape)
        for street, shape in zip(STREETS, shapes, strict=True)
    ]


def _communities(ground: Blocks, streets: Labels) -> Labels:
    """For each block the position of its community in the list of all, street by street."""
    homes = np.zeros(len(ground.shapes), dtype=np.intp)
    first = 0
    for place, street in enumerate(STREETS):
        here = np.flatnonzero(streets == place)
        count = len(communities()[street.code])
        groups = clustered(ground.middles[here], count)
        homes[here] = first + in_one_piece(ground.shapes[here], groups)
        first += count
    return homes


def _community_names() -> list[tuple[str, str]]:
    return [each for street in STREETS for each in communities()[street.code]]


def _community_areas(ground: Blocks, homes: Labels) -> list[Made]:
    names = _community_names()
    shapes = unions(ground.shapes, homes, len(names))
    return [
        (code, name, code[:9] + "000", shape)
        for (code, name), shape in zip(names, shapes, strict=True)
    ]


def _cells(ground: Blocks, homes: Labels) -> Iterator[Made]:
    """Cells are numbered within their community from west to east, row by row from the north."""
    for place, (community, name) in enumerate(_community_names()):
        here = np.flatnonzero(homes == place)
        row_from_north = -np.round(ground.middles[here, 1] / ROW_M)
        order = here[np.lexsort((ground.middles[here, 0], row_from_north))]
        for sequence, block in enumerate(order.tolist(), start=1):
            code = grid_code(community, sequence)
            yield code, f"{name}第{sequence}网格", community, ground.shapes[block]


def _stations(ground: Blocks, seats: Sequence[Seat]) -> list[Made]:
    seeds = metres(np.array([(seat.lon, seat.lat) for seat in seats]))
    labels = in_one_piece(ground.shapes, nearest(ground.middles, seeds))
    shapes = unions(ground.shapes, labels, len(seats))
    return [
        (seat.code, seat.name, DISTRICT[0], shape)
        for seat, shape in zip(seats, shapes, strict=True)
    ]
