"""Points of a source placed in the areas of one edition, and the tables counted from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import shapely
from scipy.sparse import csr_array
from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from api.analytics.domain import (
    HEXES,
    Against,
    By,
    Heat,
    Question,
    before,
    heat_of,
    require_few,
)
from api.assignments.models import AssignmentStep
from api.cases.models import CaseEvent
from grids.editions import EditionIndex
from grids.hexes import cells_of, hexes_over
from grids.hierarchy import AreaKind
from grids.store import areas_of
from layers.aggregate import Period, Table, tabulated
from layers.columns import NONE, Coded, Points
from layers.hotspots.getis import exact_p, gi_star
from layers.hotspots.significance import adjusted
from layers.hotspots.weights import contiguity, hexagons
from layers.safe import quarter_of, safe
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
    told: dict[np.datetime64, Points] = field(default_factory=dict)

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
    """What everybody may be told of the points: of quarters that are over. Kept for the next."""
    begun = np.datetime64(quarter_of(np.asarray(now)).item(), "us")
    if begun not in ground.told:
        ground.told[begun] = safe(ground.points, np.asarray(begun))
    return Ground(ground.edition, ground.told[begun], ground.stamp)


def within(ground: Ground, prefix: str) -> Ground:
    """Only the points of an area, by the beginning of its codes."""
    grid, street = ground.points.codes["grid"], ground.points.codes["street"]
    inside = _begins(grid, prefix) | ((grid.numbers == NONE) & _begins(street, prefix))
    return Ground(ground.edition, ground.points.taken(inside), ground.stamp)


def _begins(column: Coded, prefix: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return column.among([name for name in column.names if name.startswith(prefix)])


class Neighbourhood(NamedTuple):
    """The cells of a ground in one edition, and who is whose neighbour."""

    cells: tuple[str, ...]
    neighbours: csr_array


def neighbourhood(session: Session, edition: EditionIndex, by: By) -> Neighbourhood:
    """All cells of a ground, also those without any point: nothing is a finding too.

    Areas are neighbours where they touch; hexagons are those whose middle lies in the district.
    """
    kind = AreaKind.DISTRICT if by in HEXES else AreaKind(by.value)
    areas = areas_of(session, edition.edition_id, [kind])
    if by in HEXES:
        ground = shapely.union_all([area.geometry for area in areas])
        cells = hexes_over(ground, HEXES[by], contain="center") if areas else []
        return Neighbourhood(tuple(cells), hexagons(cells))
    shapes = np.array([area.geometry for area in areas], dtype=object)
    return Neighbourhood(tuple(area.code for area in areas), contiguity(shapes))


class Spot(NamedTuple):
    """A cell: how many points it has, by how many standard deviations it and its neighbours exceed
    what chance gives, the two-sided p, that p adjusted for all cells, and what the cell is called.
    """

    code: str
    many: int
    z: float
    p: float
    adjusted: float
    heat: Heat


class Tested(NamedTuple):
    """The cells of a ground, tested; ``exact``: p by the exact law, else by the normal one."""

    spots: list[Spot]
    many: int
    elsewhere: int
    exact: bool


def hotspots(ground: Ground, question: Question, around: Neighbourhood) -> Tested:
    """Test each cell against the counts dealt at random (Getis-Ord Gi*)."""
    points = ground.with_hexes(question.by) if question.by in HEXES else ground.points
    meant = points.taken(question.selection.of(points))
    table = tabulated(meant, around.cells, question.by.value, Period.ALL)
    counts = table.totals
    found = gi_star(counts, around.neighbours)
    exact = exact_p(counts, around.neighbours)
    p = found.p if exact is None else exact
    rows = zip(around.cells, counts, found.z, p, adjusted(p), strict=True)
    spots = [Spot(c, int(n), float(z), float(q), float(a), heat_of(z, a)) for c, n, z, q, a in rows]
    return Tested(spots, len(meant), table.elsewhere, exact is not None)


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
