"""Who is near a place, with the age of what is known."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.clocks.service import instant
from api.nearby import schemas, service
from api.nearby.domain import nearest
from api.rights.gate import Asker
from api.schemas import PROBLEMS
from gis.geometry import checked_point

router = APIRouter(tags=["dispatch"], responses=PROBLEMS)


@router.get("/v1/nearby", response_model=schemas.NearbyAnswer)
def who_is_near(
    asked: Annotated[schemas.NearbyRequest, Query()], asker: Asker
) -> schemas.NearbyAnswer:
    """People who gave a position in the last twelve hours when reporting in."""
    checked_point(asked.lon, asked.lat)
    with asker.transaction() as session:
        now = instant(session)
        seen = service.sightings(session, now)
    near = nearest(seen, asked.lon, asked.lat, now, asked.limit)
    return schemas.NearbyAnswer(now=now, items=[schemas.NearAnswer.of(each) for each in near])
