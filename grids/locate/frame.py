"""A grid of equal pixels over a piece of the plane, and what all pixel code agrees on."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# A point this near a line is on it (degrees; about 0.1 mm, the precision of the datum inverse).
LINE_TOLERANCE_DEG = 1e-9

# A line is known to every pixel it comes this near to: the tolerance, and room for the rounding
# of a point's pixel (1e-13°), so that whoever falls into a pixel finds there all it can touch.
REACH_DEG = 2e-9

# No place on earth lies further from the origin.
EAST, NORTH = 180.0, 90.0


class Frame(NamedTuple):
    """`nx` × `ny` pixels of `dx` × `dy` degrees; (x0, y0) is the south-west corner."""

    x0: float
    y0: float
    dx: float
    dy: float
    nx: int
    ny: int


def _spots() -> NDArray[np.float64]:
    """64 places in a pixel, the middle first, evenly spread (Roberts' R2 sequence)."""
    golden = 1.32471795724474602596
    steps = np.outer(np.arange(64), [1 / golden, 1 / golden**2])
    return np.ascontiguousarray(0.1 + 0.8 * ((0.5 + steps) % 1.0))


# Where in a pixel its reference point may stand, as shares of its width and height.
SPOTS = _spots()


def spot_of(frame: Frame, pixel: int, spot: int) -> tuple[float, float]:
    """Longitude and latitude of a spot of a pixel."""
    row, column = divmod(pixel, frame.nx)
    x = frame.x0 + (column + float(SPOTS[spot, 0])) * frame.dx
    return x, frame.y0 + (row + float(SPOTS[spot, 1])) * frame.dy
