"""Point(s) → the area that answers in every layer: exact, with distance to the line and runner-up."""

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
