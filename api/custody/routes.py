"""Who is answerable for a case, handing it over, and signing for it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlalchemy.orm import Session

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.cases.domain import Acting
from api.cases.service import find_case
from api.custody import schemas, service
from api.custody.domain import Holder
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS

router = APIRouter(tags=["custody"], responses=PROBLEMS)

Number = Annotated[str, Path(max_length=32)]


@router.get("/v1/cases/{number}/custody", response_model=schemas.ChainAnswer)
def show_chain(number: Number, asker: Asker) -> schemas.ChainAnswer:
    """The chain of custody, from the first person asked to whoever is answerable now."""
    with asker.transaction() as session:
        return schemas.ChainAnswer.of(service.chain(session, find_case(session, number).id))


@router.post("/v1/cases/{number}/custody/hand-over", response_model=schemas.ChainAnswer)
def hand_over(number: Number, body: schemas.HandOverRequest, asker: Asker) -> schemas.ChainAnswer:
    """Offer a case to a person or a unit; until they sign, the giver stays answerable."""
    acting = Acting.of(asker.who, asker.now, body.reason)
    to = _receiver(body, asker)
    with asker.transaction() as session:
        case = find_case(session, number)
        service.hand_over(session, case, to, acting, body.how)
        answer = schemas.ChainAnswer.of(service.chain(session, case.id))
        who = str(to.person_id) if to.person_id else to.unit_code
        _note(session, Deed.CUSTODY_OFFERED, number, acting, {"to": who, "how": body.how})
    return answer


def _receiver(body: schemas.HandOverRequest, asker: Asking) -> Holder:
    with asker.system() as house:
        if body.person_id is not None:
            return service.person(house, body.person_id)
        return service.unit(house, body.unit_code or "")


@router.post("/v1/cases/{number}/custody/sign", response_model=schemas.ChainAnswer)
def sign(number: Number, body: schemas.SignRequest, asker: Asker) -> schemas.ChainAnswer:
    """Sign for what was offered to oneself or one's unit; the centre may sign for somebody."""
    acting = Acting.of(asker.who, asker.now, body.reason or "")
    with asker.transaction() as session:
        case = find_case(session, number)
        service.sign(session, case, acting, body.how)
        answer = schemas.ChainAnswer.of(service.chain(session, case.id))
        _note(session, Deed.CUSTODY_SIGNED, number, acting, {"how": body.how})
    return answer


def _note(
    session: Session, deed: Deed, number: str, acting: Acting, content: dict[str, Any]
) -> None:
    who, subject = str(acting.person_id), f"case:{number}"
    entry = Entry(deed, who, acting.name, subject, content, acting.reason)
    record(session, [entry], acting.at)
