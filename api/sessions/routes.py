"""Signing in and out, one's own sessions and password."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.deps import Given
from api.refusals import Missing
from api.rights.gate import Asker, Asking, require_same_origin
from api.rights.roles import Duty
from api.schemas import PROBLEMS
from api.sessions import schemas, service
from api.sessions.domain import Device, require_strong
from api.sessions.door import COOKIE, SessionDoor
from api.sessions.service import Origin
from gis.wording import Wording

router = APIRouter(tags=["sessions"], responses=PROBLEMS)


@router.post("/v1/sessions", status_code=201, response_model=schemas.MeAnswer)
def sign_in(
    body: schemas.SignInRequest, given: Given, request: Request, response: Response
) -> schemas.MeAnswer:
    """Sign in with name and password; the session is kept in a cookie that no script can read."""
    require_same_origin(request)
    door: SessionDoor = request.app.state.doorkeeper
    device = Device.PHONE if body.phone else Device.DESK
    token, who = door.sign_in(body.name, body.password, device, _origin(request), now=given.clock())
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="strict", path="/")
    response.headers["Cache-Control"] = "no-store"
    return schemas.MeAnswer.of(who)


def _origin(request: Request) -> Origin:
    address = request.client.host if request.client else ""
    return Origin(address, request.headers.get("user-agent", ""))


@router.get("/v1/me", response_model=schemas.MeAnswer)
def who_am_i(asker: Asker) -> schemas.MeAnswer:
    """Who is signed in."""
    return schemas.MeAnswer.of(asker.who)


@router.get("/v1/sessions", response_model=schemas.SessionList)
def own_sessions(asker: Asker) -> schemas.SessionList:
    """The devices on which one is signed in."""
    with asker.system() as session:
        held = service.sessions_of(session, asker.who.id, asker.now)
        items = [schemas.SessionAnswer.of(each, asker.who) for each in held]
    return schemas.SessionList(items=items)


@router.delete("/v1/sessions/{session_id}", status_code=204)
def end_session(session_id: UUID, asker: Asker) -> None:
    """Sign out one of one's own devices, such as a lost phone."""
    _end(asker, session_id, Deed.SESSION_REVOKED)


@router.post("/v1/sign-out", status_code=204)
def sign_out(asker: Asker, response: Response) -> None:
    """End the session that asks."""
    if asker.who.session_id is not None:
        _end(asker, asker.who.session_id, Deed.SIGN_OUT)
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict", path="/")


def _end(asker: Asking, session_id: UUID, deed: Deed) -> None:
    with asker.system() as session:
        if not service.end(session, asker.who.id, session_id):
            raise Missing(Wording("没有这个会话", "there is no such session"))
        _note(asker, session, deed)


@router.put("/v1/me/password", response_model=schemas.MeAnswer)
def change_password(
    body: schemas.PasswordRequest, asker: Asker, request: Request, response: Response
) -> schemas.MeAnswer:
    """Change one's password: every session ends, and this device gets a new one."""
    door: SessionDoor = request.app.state.doorkeeper
    require_strong(body.new, asker.who.name)
    door.require_password(asker.who.id, body.old, asker.now)
    kept = door.hashing.of(body.new)
    with asker.system() as session:
        service.set_password(session, asker.who.id, kept, asker.now, must_change=False)
        token = door.begin(session, asker.who.id, Device.DESK, _origin(request), now=asker.now)
        _note(asker, session, Deed.PASSWORD_CHANGED)
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="strict", path="/")
    return schemas.MeAnswer.of(replace(asker.who, owes=asker.who.owes - {Duty.PASSWORD}))


def _note(asker: Asking, session: Session, deed: Deed) -> None:
    who = asker.who
    record(session, [Entry(deed, str(who.id), who.name, f"person:{who.id}")], asker.now)
