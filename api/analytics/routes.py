"""Counts by area and period, exact within reach or in groups of k."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.analytics import schemas
from api.analytics.domain import last_quarters, require_testable
from api.analytics.door import HeldColumns, seen, sees_each
from api.analytics.service import count, hotspots
from api.beijing import beijing_day
from api.rights.gate import Asker
from api.schemas import PROBLEMS

router = APIRouter(tags=["analytics"], responses=PROBLEMS)


@router.get("/v1/analytics", response_model=schemas.CatalogueAnswer)
def catalogue(asker: Asker) -> schemas.CatalogueAnswer:
    """What can be asked for."""
    since, until = last_quarters(beijing_day(asker.now), 4)
    return schemas.CatalogueAnswer.of(since, until, exact=sees_each(asker))


@router.get("/v1/analytics/counts", response_model=schemas.CountAnswer)
def counts(
    asked: Annotated[schemas.CountRequest, Query()], asker: Asker, columns: HeldColumns
) -> schemas.CountAnswer:
    """Counts by area and period, with shares, durations and a comparison.

    Who has no right to cases of an area is answered in groups of five or more, whatever is asked.
    """
    question = asked.question()
    shown = seen(columns, asker, question, asked.on)
    return schemas.CountAnswer.of(question, shown, count(shown.ground, question), asker.now)


@router.get("/v1/analytics/hotspots", response_model=schemas.HotspotAnswer)
def find_hotspots(
    asked: Annotated[schemas.CountRequest, Query()], asker: Asker, columns: HeldColumns
) -> schemas.HotspotAnswer:
    """Cells with more, or fewer, than chance would put there: Getis-Ord Gi* with its p-values.

    Takes the filters of the counts; ``period`` and ``against`` play no part.
    """
    question = asked.question()
    require_testable(question.by)
    shown = seen(columns, asker, question, asked.on)
    around = columns.around(shown.ground.edition, question.by)
    tested = hotspots(shown.ground, question, around)
    return schemas.HotspotAnswer.of(question, shown, tested, asker.now)
