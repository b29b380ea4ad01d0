"""The dispatcher's queue: what is due first stands first."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from api.clocks.service import instant
from api.queue import schemas, service
from api.queue.domain import MOST_COUNTED, Part
from api.queue.service import Asked, Position
from api.refusals import BadInput, Fault
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS
from gis.wording import Wording

router = APIRouter(tags=["dispatch"], responses=PROBLEMS)

COUNTED = (Part.UNDISPATCHED, Part.LATE, Part.MINE)


@router.get("/v1/queue", response_model=schemas.QueueAnswer)
def show_queue(
    asked: Annotated[schemas.QueueRequest, Query()], asker: Asker
) -> schemas.QueueAnswer:
    """Open cases by the clock that is due next, with units and who has each in hand.

    Cases without a running clock (suspended, or only to be performed) are not in it.
    """
    wanted = Asked(asked.part, asker.who.id, asked.grade, asked.street, _position(asked.after))
    with asker.transaction() as session:
        now = instant(session)
        found = service.page(session, wanted, asked.limit)
        leads = service.leads(session, [each.case.id for each in found])
        counts = {part: _count(session, part, asker) for part in COUNTED}
        claims = service.claims(session, found)
    with asker.system() as house:
        names = service.names(house, claims.values())
    items = [
        schemas.QueuedAnswer.of(
            each,
            now,
            leads.get(each.case.id),
            schemas.claim_of(claims.get(each.case.id), names, asker.who.id),
        )
        for each in found
    ]
    full = len(found) == asked.limit
    return schemas.QueueAnswer(
        now=now,
        counts=counts,
        most_counted=MOST_COUNTED,
        items=items,
        next=_next(found[-1].position) if full else None,
    )


def _count(session: Session, part: Part, asker: Asking) -> int:
    return service.count(session, Asked(part, asker.who.id))


def _next(position: Position) -> str:
    return f"{position.due_at.isoformat()}~{position.clock_id}"


def _position(after: str | None) -> Position | None:
    if after is None:
        return None
    due_at, _, clock_id = after.partition("~")
    try:
        return Position(datetime.fromisoformat(due_at), int(clock_id))
    except ValueError:
        what = Wording("不是本接口给出的位置", "is no position that this interface gave")
        mend = Wording("使用上一页的 next", "use the last page's next")
        raise BadInput(Fault("after", what, mend)) from None
