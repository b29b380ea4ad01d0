"""What encloses the gaps of a layer: the district's outline, else the layer's own filled union."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from grids.locate.answers import Layer

OUTLINE = "district"
NONE = -1


def outlines_of(
    layers: Sequence[Layer],
) -> tuple[NDArray[np.int32], list[list[Polygon]]]:
    """For each layer the number of the layer that encloses its gaps, -1 where it has none to
    enclose, and the further layers needed for it: the holes of one layer's union each. Numbers
    from len(layers) on mean these."""
    kinds = [layer.kind for layer in layers]
    district = kinds.index(OUTLINE) if OUTLINE in kinds else NONE
    numbers = np.full(len(layers), district, np.int32)
    further: list[list[Polygon]] = []
    for number, layer in enumerate(layers):
        if district not in (NONE, number):
            continue
        holes = holes_of(layer.geometries)
        numbers[number] = len(layers) + len(further) if holes else NONE
        further += [holes] if holes else []
    return numbers, further


def holes_of(geometries: Sequence[BaseGeometry]) -> list[Polygon]:
    """The holes of the union of valid polygons: ground in no area that areas enclose."""
    parts = shapely.get_parts(_union(list(geometries)))
    return [Polygon(hole) for part in parts for hole in part.interiors]


def _union(geometries: list[BaseGeometry]) -> BaseGeometry:
    # Of 1,512 cells that share their lines: 0.15 s against 0.41 s.
    if shapely.coverage_is_valid(geometries):
        return shapely.coverage_union_all(geometries)
    return shapely.union_all(geometries)
