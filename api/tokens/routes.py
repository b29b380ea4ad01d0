"""Tokens of connected systems and tickets of walls, as the security administrator makes them."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api.accounts.service import find
from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.deps import Given
from api.rights.gate import Asker, Asking
from api.rights.policy import SCOPES
from api.schemas import PROBLEMS
from api.sessions.door import OpenDoor, keep, origin_of
from api.tokens import schemas, service
from api.tokens.door import come_in

router = APIRouter(tags=["tokens"], responses=PROBLEMS)


@router.post("/v1/service-tokens", status_code=201)
def make(body: schemas.TokenRequest, asker: Asker) -> schemas.MadeAnswer:
    """A token for a connected system, shown this once."""
    with asker.system() as session:
        made = service.make(session, body.wanted(), asker.who.id, asker.now)
        return _made(session, asker, made)


@router.post("/v1/kiosk-tickets", status_code=201)
def make_ticket(body: schemas.TicketRequest, asker: Asker) -> schemas.MadeAnswer:
    """A ticket for a video wall, shown this once, to be used once within an hour."""
    with asker.system() as session:
        made = service.make_ticket(session, body.person_id, asker.who.id, asker.now)
        return _made(session, asker, made)


def _made(session: Session, asker: Asking, made: service.Made) -> schemas.MadeAnswer:
    shown = schemas.TokenAnswer.of(made.row, find(session, made.row.person_id))
    content = {"token": str(made.row.id), "scopes": made.row.scopes}
    _note(session, asker, Deed.TOKEN_MADE, made.row.person_id, content)
    return schemas.MadeAnswer(made=shown, secret=made.secret)


@router.get("/v1/service-tokens")
def tokens(asker: Asker) -> schemas.TokenList:
    """Tokens and tickets, those in force first; never their secrets."""
    with asker.system() as session:
        items = [schemas.TokenAnswer.of(*each) for each in service.of_everybody(session)]
    return schemas.TokenList(items=items, scopes=sorted(SCOPES))


@router.delete("/v1/service-tokens/{token_id}", status_code=204)
def revoke(token_id: UUID, asker: Asker) -> None:
    """Let a token or ticket open nothing any more; a wall that came in by it goes dark at once."""
    with asker.system() as session:
        person_id = service.revoke(session, token_id, asker.now)
        _note(session, asker, Deed.TOKEN_REVOKED, person_id, {"token": str(token_id)})


@router.post("/v1/sessions/kiosk", status_code=204)
def come_in_as_wall(
    body: schemas.KioskRequest, given: Given, door: OpenDoor, request: Request, response: Response
) -> None:
    """Sign a video wall in by its ticket; the session is kept in a cookie."""
    opened = come_in(given.database, door, body.ticket, origin_of(request), given.clock())
    keep(response, opened.token)


def _note(
    session: Session, asker: Asking, deed: Deed, person_id: UUID, content: dict[str, Any]
) -> None:
    who, subject = asker.who, f"person:{person_id}"
    record(session, [Entry(deed, str(who.id), who.name, subject, content)], asker.now)
