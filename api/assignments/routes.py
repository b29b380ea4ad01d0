"""The units of a case and what they do with it, a unit's inbox, and the load of the units."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.assignments import schemas
from api.assignments.domain import Move, Stage, Turn, possible
from api.assignments.models import Assignment, AssignmentStep
from api.assignments.service import Turning, assignments, steps_of, turn, unit_name
from api.assignments.worklist import inbox, load
from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.cases.domain import ENDED_STATES, Acting
from api.cases.models import Case
from api.cases.service import find_case
from api.clocks.door import TimetableNow
from api.clocks.service import instant
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS

router = APIRouter(tags=["assignments"], responses=PROBLEMS)

Number = Annotated[str, Path(max_length=32)]
UnitCode = Annotated[str, Path(max_length=100)]
MOST_IN_INBOX = 500
NOT_MODIFIED = 304


@router.get("/v1/cases/{number}/assignments", response_model=schemas.PartList)
def show_units(number: Number, asker: Asker) -> schemas.PartList:
    """The units of a case, how far each has come, and what the asker may do now."""
    with asker.transaction() as session:
        case = find_case(session, number)
        steps = steps_of(session, case.id)
        items = [_part(case, each, list(steps), asker) for each in assignments(session, case.id)]
        return schemas.PartList(items=items)


def _part(
    case: Case, row: Assignment, steps: list[AssignmentStep], asker: Asking
) -> schemas.PartAnswer:
    own = [step for step in steps if step.assignment_id == row.id]
    moves = [] if case.state in ENDED_STATES else _moves(row, asker)
    return schemas.PartAnswer.of(row, own, moves)


def _moves(row: Assignment, asker: Asking) -> list[Turn]:
    return possible(Stage(row.stage), row.unit_code, Acting.of(asker.who, asker.now))


@router.post("/v1/cases/{number}/assignments/{unit_code}/{move}", response_model=schemas.PartAnswer)
def make_move(
    *,
    number: Number,
    unit_code: UnitCode,
    move: Move,
    body: schemas.MoveRequest,
    asker: Asker,
    timetable: TimetableNow,
) -> schemas.PartAnswer:
    """What a unit does: sign, contact, report in, deliver, return. The centre enters it on the
    unit's behalf, and accepts or sends back a result, transfers, withdraws, stands down.
    """
    turning = _turning(move, body, asker)
    with asker.transaction() as session:
        case = find_case(session, number)
        row = turn(session, timetable, case, unit_code, turning)
        answer = _part(case, row, list(steps_of(session, case.id)), asker)
        content = {"unit": unit_code, "move": move, "on_behalf": body.on_behalf is not None}
        who, subject = asker.who, f"case:{number}"
        entry = Entry(Deed.UNIT_MOVED, str(who.id), who.name, subject, content)
        record(session, [entry], asker.now)
    return answer


def _turning(move: Move, body: schemas.MoveRequest, asker: Asking) -> Turning:
    return Turning(
        move,
        Acting.of(asker.who, asker.now, body.words or ""),
        body.on_behalf.behalf() if body.on_behalf else None,
        body.spot.spot() if body.spot else None,
        body.to,
    )


@router.get("/v1/inbox", response_model=schemas.Inbox)
def show_inbox(
    asker: Asker,
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=MOST_IN_INBOX)] = 100,
) -> schemas.Inbox | Response:
    """What the asker's unit has to do, the first due first.

    With the ETag of before: 304 as long as nothing has changed, so that it can be asked each
    second.
    """
    unit_code = asker.who.unit_code
    with asker.transaction() as session:
        rows = inbox(session, unit_code, limit) if unit_code else []
        items = [schemas.InboxItem.of(row, _moves(row[0], asker)) for row in rows]
        name = unit_name(session, unit_code) if unit_code else None
        answer = schemas.Inbox(
            now=instant(session), unit_code=unit_code, unit_name=name, items=items
        )
    words = answer.model_dump_json(exclude={"now"})
    tag = f'"{hashlib.sha256(words.encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return answer


@router.get("/v1/units/load", response_model=schemas.Load)
def show_load(asker: Asker) -> schemas.Load:
    """How many open assignments each unit has, of the cases that the asker sees."""
    with asker.transaction() as session:
        items = [
            schemas.LoadItem(
                unit_code=code, unit_name=name, capacity=capacity, stage=stage, many=many
            )
            for code, name, capacity, stage, many in load(session)
        ]
    return schemas.Load(items=items)
