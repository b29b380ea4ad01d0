"""What is late, the latest cards, and whether the clocks run at all."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.beijing import beijing_day
from api.clocks.door import silence
from api.clocks.service import instant, read_timetable
from api.rights.gate import Asker
from api.schemas import PROBLEMS
from api.supervision import schemas, service
from api.supervision.domain import missing_years

router = APIRouter(tags=["supervision"], responses=PROBLEMS)


@router.get("/v1/supervision", response_model=schemas.BoardAnswer)
def board(asker: Asker, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> schemas.BoardAnswer:
    """Clocks that run and are late, and the latest cards, of the cases within reach."""
    with asker.system() as house:
        now, years = instant(house), read_timetable(house).calendar.years
        worker = schemas.WorkerAnswer.of(silence(house), now, service.stuck(house))
    with asker.transaction() as session:
        return schemas.BoardAnswer(
            now=now,
            worker=worker,
            missing_years=missing_years(years, beijing_day(now)),
            counts=[schemas.TallyAnswer.of(each) for each in service.tallies(session)],
            late=[schemas.LateAnswer.of(each, now) for each in service.late_clocks(session, limit)],
            cards=[schemas.CardAnswer.of(each) for each in service.latest_cards(session, limit)],
        )
