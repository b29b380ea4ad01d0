"""In memory = in SQL, on a drawn district whose jurisdictions do not nest."""

from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from grids.hierarchy import AreaKind
from grids.importer import FaultKind, Wishes, apply, plan
from grids.locate import Locator
from grids.store import load_layers
from tests.grids.agreement import disagreements, probes
from tests.grids.districts import DISTRICT, Rows, draft
from tests.grids.shapes import laid_out

ANY_COVERAGE = Wishes(
    accept=frozenset({FaultKind.GAP, FaultKind.OVERLAP, FaultKind.SLIVER, FaultKind.OUTSIDE_PARENT})
)
OUTLINE = shapely.Polygon([(0, 0), (4000, -300), (5200, 2500), (3000, 5000), (-400, 3500)])


def pieces(count: int, seed: int) -> list[BaseGeometry]:
    """The outline cut into so many areas around random places (Voronoi), in metres."""
    places = np.random.default_rng(seed).uniform([-400, -300], [5200, 5000], (count, 2))
    cells = shapely.voronoi_polygons(shapely.MultiPoint(places), extend_to=OUTLINE)
    cut = [cell.intersection(OUTLINE) for cell in shapely.get_parts(cells)]
    return [piece for piece in cut if piece.area > 1]


def named(prefix: str, areas: list[BaseGeometry]) -> Rows:
    return [(f"{prefix}{n:03d}", f"{prefix}{n}", laid_out(area)) for n, area in enumerate(areas, 1)]


def test_memory_and_sql_give_every_point_to_the_same_area(session: Session) -> None:
    layers = [
        draft(AreaKind.DISTRICT, [(DISTRICT, "大东区", laid_out(OUTLINE))]),
        draft(AreaKind.POLICE, named("P", pieces(15, 1))),
        draft(AreaKind.JUSTICE, named("J", pieces(9, 2))),
        draft(AreaKind.CUSTOM, named("C", [*pieces(60, 3), *pieces(40, 4)])),
    ]
    change = plan(session, layers, valid_from=date(2025, 1, 1), author="测试", wishes=ANY_COVERAGE)
    edition = apply(session, change)
    assert edition is not None
    stored = load_layers(session, edition.id)
    lon, lat = probes(stored, 20_000)
    assert disagreements(session, edition.id, Locator.build(stored), lon, lat) == []
