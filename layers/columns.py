"""Points as columns in memory, on which everything in the layers is worked out. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Instants = NDArray[np.datetime64]
NONE = -1


@dataclass(frozen=True)
class Coded:
    """A column of n codes: each number is the place of its code in ``names``, NONE for no code."""

    names: tuple[str, ...]
    numbers: Ints

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> "Coded":
        """The column of texts; names are sorted."""
        names = tuple(sorted({text for text in texts if text is not None}))
        places: dict[str | None, int] = {name: place for place, name in enumerate(names)}
        return cls(names, np.array([places.get(text, NONE) for text in texts], np.int32))

    def among(self, wanted: Collection[str]) -> Bools:
        """Which of the n rows have one of these codes."""
        chosen = np.array([*(name in wanted for name in self.names), False])
        found: Bools = chosen[self.numbers]
        return found

    def taken(self, rows: NDArray[Any]) -> "Coded":
        """The same names for some rows."""
        return replace(self, numbers=self.numbers[rows])


@dataclass(frozen=True)
class Points:
    """n points: ``lon``, ``lat`` in degrees (EPSG:4326), ``at`` in UTC, codes and numbers by name.

    A number that is not known is NaN.
    """

    lon: Floats
    lat: Floats
    at: Instants
    codes: Mapping[str, Coded]
    numbers: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.lon)

    def taken(self, rows: NDArray[Any]) -> "Points":
        """Some of the points: by a mask of n, or by their places."""
        return Points(
            self.lon[rows],
            self.lat[rows],
            self.at[rows],
            {name: column.taken(rows) for name, column in self.codes.items()},
            {name: column[rows] for name, column in self.numbers.items()},
        )

    def with_codes(self, **columns: Coded) -> "Points":
        """The same points with more columns of codes."""
        return replace(self, codes={**self.codes, **columns})
