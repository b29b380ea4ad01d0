"""The shape of a question that a layer asks: a named query with declared columns.

The floors above hand such questions down, so that this floor can draw disputes, patrol reports or
street lamps alike and knows none of them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

COLUMNS = ("id", "geom", "at", "kind", "weight")


class Selection(Protocol):
    """What is asked of a query: to name its columns. SQLAlchemy's Select does."""

    @property
    def selected_columns(self) -> "Named": ...


class Named(Protocol):
    def keys(self) -> Collection[str]: ...


Query = TypeVar("Query", bound=Selection)


class WrongColumns(ValueError):
    """A query does not answer in the declared columns."""


@dataclass(frozen=True)
class PointSource(Generic[Query]):
    """Located things to be drawn or counted.

    `query` selects exactly `COLUMNS`: `id` stable between two asks, `geom` a point in EPSG:4326,
    `at` an instant with zone, `kind` a code, `weight` how much the point counts (1 for a report).
    No order is promised. Raises WrongColumns.
    """

    name: str
    query: Query

    def __post_init__(self) -> None:
        given = tuple(self.query.selected_columns.keys())
        if sorted(given) != sorted(COLUMNS):
            raise WrongColumns(f"{self.name}: columns {given}, wanted {COLUMNS}")
