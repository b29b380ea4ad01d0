"""Point → the area that answers in every layer: exact, with distance to the line and runner-up.

How it works, from the areas to an answer:

1. `checking` refuses what is no layer of valid polygons, `lines` takes the boundaries apart into
   straight lines, each once, with the areas that own it.
2. `survey` lays a grid of equal pixels (`frame`) over the lines. A pixel without a line lies wholly
   inside one area, or in none. Any other one gets a record: a reference point whose areas are
   known, and the lines near the pixel. A point there is inside an area iff the way to it from the
   reference point crosses the area's lines so often. `pixels` divides dense pixels further.
3. `joined` puts the pixels of all layers on one frame, so that a point is looked up once.
4. `verdict` answers from that: which areas hold the point, which have it on their line.
5. `trees` makes what `nearest` searches for the nearest line: for every cell of a coarse grid the
   few lines that can be nearest to a point in it, and a tree of boxes for the places beyond.
6. `judging` asks for the verdict at the point, for the nearest line, and for the verdict a hair
   beyond that: so it finds position, distance and runner-up. `outlines` says what encloses the
   gaps of a layer. `locator` is the front.

The loops are compiled (`compiled`); all state is plain arrays.
"""

from grids.locate.answers import (
    POSITIONS,
    BadLayer,
    Layer,
    LayerAnswer,
    LayerIndex,
    PointAnswer,
    Position,
)
from grids.locate.frame import LINE_TOLERANCE_DEG
from grids.locate.locator import Locator

__all__ = [
    "LINE_TOLERANCE_DEG",
    "POSITIONS",
    "BadLayer",
    "Layer",
    "LayerAnswer",
    "LayerIndex",
    "Locator",
    "PointAnswer",
    "Position",
]
