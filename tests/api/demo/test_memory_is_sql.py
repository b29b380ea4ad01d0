"""In memory = in SQL, 100 %, on the layers that the demo shows."""

from datetime import date

from sqlalchemy.orm import Session

from api.demo.loader import drafts
from grids.importer import apply, plan
from grids.locate import Locator
from grids.store import load_layers
from tests.grids.agreement import disagreements, probes

DAY = date(2025, 1, 1)


def test_memory_and_sql_give_every_point_of_the_demo_to_the_same_area(session: Session) -> None:
    edition = apply(session, plan(session, drafts(), valid_from=DAY, author="测试"))
    assert edition is not None
    layers = load_layers(session, edition.id)
    lon, lat = probes(layers, 100_000)
    assert disagreements(session, edition.id, Locator.build(layers), lon, lat) == []
