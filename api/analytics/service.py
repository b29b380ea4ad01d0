"""Points of a source placed in the areas of one edition, and the tables counted from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from api.analytics.domain import HEXES, Against, By, Question, before, require_few
from api.assignments.models import AssignmentStep
from api.cases.models import CaseEvent
from grids.editions import EditionIndex
from grids.hexes import cells_of
from grids.hierarchy import AreaKind
from layers.aggregate import Table, tabulated
from layers.columns import NONE, Coded, Points
from layers.safe import safe
from layers.source import PointSource

STAMP = union_all(
    select(func.coalesce(func.max(CaseEvent.id), 0)),
    select(func.coalesce(func.max(AssignmentStep.id), 0)),
)
"""Whatever changes a case leaves a line of history; whoever comes leaves a step."""


def stamp(session: Session) -> tuple[int, ...]:
    """Changes when any source could have changed."""
    return tuple(session.execute(STAMP).scalars())


@dataclass(frozen=True)
class Ground:
    """The points of a source, each with its area of every kind in one edition.

    Old points are restated: they are counted where the lines of this edition run.
    """

    edition: EditionIndex
    points: Points
    stamp: tuple[int, ...]
    hexes: dict[int, Coded] = field(default_factory=dict)

    @property
    def names(self) -> Mapping[tuple[AreaKind, str], str]:
        """What areas are called, by kind and code."""
        return self.edition.names

    def with_hexes(self, by: By) -> Points:
        """The points with the hexagon of each; worked out when first asked for."""
        if not self.hexes and len(self.points):
            found = cells_of(self.points.lon, self.points.lat)
            self.hexes.update({size: Coded.of(cells) for size, cells in found.items()})
        column = self.hexes.get(HEXES[by]) or Coded.of([])
        return self.points.with_codes(**{by.value: column})

    def areas(self, by: By) -> tuple[str, ...]:
        """The codes of all areas of a kind; of hexagons only those with a point."""
        if by in HEXES:
            return self.with_hexes(by).codes[by.value].names
        return _layer(self.edition, by.value)


def placed(session: Session, source: PointSource, edition: EditionIndex) -> Ground:
    """Read a source and place its points in an edition."""
    now = stamp(session)
    points = source.read(session)
    found = edition.locator.areas(points.lon, points.lat)
    columns = {kind: Coded(_layer(edition, kind), numbers) for kind, numbers in found.items()}
    return Ground(edition, points.with_codes(**columns), now)


def _layer(edition: EditionIndex, kind: str) -> tuple[str, ...]:
    return next((each.codes for each in edition.locator.layers if each.kind == kind), ())


def made_safe(ground: Ground, now: np.datetime64) -> Ground:
    """What everybody may be told of the points, of the quarters that are over."""
    return Ground(ground.edition, safe(ground.points, np.asarray(now)), ground.stamp)


def within(ground: Ground, prefix: str) -> Ground:
    """Only the points of an area, by the beginning of its codes."""
    grid, street = ground.points.codes["grid"], ground.points.codes["street"]
    inside = _begins(grid, prefix) | ((grid.numbers == NONE) & _begins(street, prefix))
    return Ground(ground.edition, ground.points.taken(inside), ground.stamp)


def _begins(column: Coded, prefix: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return column.among([name for name in column.names if name.startswith(prefix)])


class Answer(NamedTuple):
    """A table, what it is compared with by area, and how many points were meant."""

    table: Table
    earlier: list[int] | None
    many: int


def count(ground: Ground, question: Question) -> Answer:
    """Count what is asked for. Raises BadInput for an answer that would be too long."""
    points = ground.with_hexes(question.by) if question.by in HEXES else ground.points
    areas = ground.areas(question.by)
    meant = points.taken(question.selection.of(points))
    table = tabulated(meant, areas, question.by.value, question.period)
    require_few(len(areas), len(table.periods))
    return Answer(table, _earlier(points, areas, question, question.against), len(meant))


def _earlier(
    points: Points, areas: tuple[str, ...], question: Question, against: Against | None
) -> list[int] | None:
    if against is None:
        return None
    then = points.taken(before(question.selection, against).of(points))
    totals: list[int] = tabulated(then, areas, question.by.value, question.period).totals.tolist()
    return totals
