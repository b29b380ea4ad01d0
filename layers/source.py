"""What can be counted and drawn: points with a time and some codes, wherever they come from.

The layers know no cases. A room of the API hands down the shape of a question, a `PointSource`;
what it answers are columns in memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Select
from sqlalchemy.orm import Session

from gis.wording import Wording
from layers.columns import Coded, Floats, Points


@dataclass(frozen=True)
class PointSource:
    """A named question whose answer has the columns ``lon lat at``, and those named here.

    ``query`` answers only rows with a place; ``at`` with zone.
    """

    name: str
    title: Wording
    query: Select[*tuple[Any, ...]]
    codes: tuple[str, ...]
    numbers: tuple[str, ...] = ()

    def read(self, session: Session) -> Points:
        """Ask the question."""
        rows = session.execute(self.query).mappings().all()
        instants = [row["at"].timestamp() for row in rows]
        return Points(
            np.array([row["lon"] for row in rows], np.float64),
            np.array([row["lat"] for row in rows], np.float64),
            (np.array(instants, np.float64) * 1e6).astype("datetime64[us]"),
            {name: Coded.of([row[name] for row in rows]) for name in self.codes},
            {name: _numbers([row[name] for row in rows]) for name in self.numbers},
        )


def _numbers(values: Sequence[Any]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], np.float64)
