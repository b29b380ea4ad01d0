"""Who was put on a case: mediators and counsellors see only the cases they were put on."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from sqlalchemy.orm import Session

from api.accounts.service import find, roles_of
from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.cases import schemas
from api.cases.domain import require_member_role
from api.cases.service import add_member, find_case, members_of, remove_member
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS

router = APIRouter(tags=["cases"], responses=PROBLEMS)

Number = Annotated[str, Path(max_length=32)]


@router.get("/v1/cases/{number}/members", response_model=schemas.MemberList)
def members(number: Number, asker: Asker) -> schemas.MemberList:
    """Who was put on a case, first come first."""
    with asker.transaction() as session:
        found = members_of(session, find_case(session, number).id)
        return schemas.MemberList(items=[schemas.MemberAnswer.of(each) for each in found])


@router.post("/v1/cases/{number}/members", status_code=201, response_model=schemas.MemberAnswer)
def put_on(number: Number, body: schemas.MemberRequest, asker: Asker) -> schemas.MemberAnswer:
    """Put a mediator or a counsellor on a case; from then on they see it."""
    with asker.system() as house:
        find(house, body.person_id)
        require_member_role(roles_of(house, body.person_id))
    with asker.transaction() as session:
        case = find_case(session, number)
        member = add_member(session, case, body.person_id, asker.who.id, asker.now)
        answer = schemas.MemberAnswer.of(member)
        _note(session, asker, Deed.MEMBER_ADDED, number, body.person_id)
    return answer


@router.delete("/v1/cases/{number}/members/{person_id}", status_code=204)
def take_off(number: Number, person_id: UUID, asker: Asker) -> None:
    """Take somebody off a case."""
    with asker.transaction() as session:
        remove_member(session, find_case(session, number), person_id)
        _note(session, asker, Deed.MEMBER_REMOVED, number, person_id)


def _note(session: Session, asker: Asking, deed: Deed, number: str, person_id: UUID) -> None:
    who, content = asker.who, {"person": str(person_id)}
    record(session, [Entry(deed, str(who.id), who.name, f"case:{number}", content)], asker.now)
