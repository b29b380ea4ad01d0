"""Routing rules: what holds, checking a list, keeping it as a draft, putting it in force."""

from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy.orm import Session

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.cases.domain import Acting
from api.rights.gate import Asker, Asking
from api.rules import schemas, service
from api.rules.domain import DEFAULT
from api.rules.door import HeldBench
from api.schemas import PROBLEMS

router = APIRouter(tags=["rules"], responses=PROBLEMS)

Version = Annotated[int, Path(ge=1, le=2**62)]


@router.get("/v1/rules", response_model=schemas.RulesAnswer)
def show_rules(asker: Asker) -> schemas.RulesAnswer:
    """The rules that hold, and every version with who made it and who put it in force."""
    with asker.system() as session:
        return _answer(session, asker)


@router.post("/v1/rules/check", status_code=204)
def check_rules(body: schemas.RulesRequest, asker: Asker) -> None:
    """Say what is wrong with a list: 422 with every fault; nothing is kept."""
    with asker.system() as session:
        service.check(session, body.listed())


@router.post("/v1/rules", status_code=201, response_model=schemas.RulesAnswer)
def save_rules(body: schemas.DraftRequest, asker: Asker) -> schemas.RulesAnswer:
    """Keep a list as a draft. It is checked first, and never changed afterwards."""
    acting = Acting.of(asker.who, asker.now, body.reason)
    with asker.system() as session:
        row = service.save(session, body.listed(), acting)
        answer = _answer(session, asker)
        _note(session, Deed.RULES_SAVED, row.id, acting)
    return answer


@router.post("/v1/rules/{version}/activation", response_model=schemas.RulesAnswer)
def activate_rules(
    version: Version, body: schemas.ActivationRequest, asker: Asker, bench: HeldBench
) -> schemas.RulesAnswer:
    """Put a draft in force, as somebody else than its author. It holds for reports from now on."""
    acting = Acting.of(asker.who, asker.now, body.reason)
    with asker.system() as session:
        service.activate(session, version, acting)
        answer = _answer(session, asker)
        _note(session, Deed.RULES_ACTIVATED, version, acting)
    bench.forget()
    return answer


def _answer(session: Session, asker: Asking) -> schemas.RulesAnswer:
    rows, holds = service.versions(session), service.in_force(session)
    held = (holds.id, service.rules_of(holds)) if holds else (0, DEFAULT)
    named = [*held[1], *(rule for row in rows for rule in service.rules_of(row))]
    names = service.names_of(session, named)
    return schemas.RulesAnswer.of(held, names, rows, asker.who.id)


def _note(session: Session, deed: Deed, version: int, acting: Acting) -> None:
    entry = Entry(deed, str(acting.person_id), acting.name, f"rules:{version}", {}, acting.reason)
    record(session, [entry], acting.at)
