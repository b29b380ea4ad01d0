"""Signing in and out, one's own sessions and password."""

from dataclasses import replace
from uuid import UUID

import segno
from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api.accounts.service import find
from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.deps import Given
from api.refusals import Conflict, Forbidden, Missing, NotSignedIn
from api.rights.gate import Asker, Asking
from api.rights.roles import Duty
from api.schemas import PROBLEMS
from api.sessions import schemas, service
from api.sessions.domain import (
    Device,
    new_secret,
    provisioning_uri,
    require_another,
    require_strong,
)
from api.sessions.door import COOKIE, TOO_LATE, OpenDoor, keep, origin_of
from api.sessions.service import Opening
from gis.wording import Wording

router = APIRouter(tags=["sessions"], responses=PROBLEMS)


@router.post("/v1/sessions", status_code=201)
def sign_in(
    body: schemas.SignInRequest, given: Given, door: OpenDoor, request: Request, response: Response
) -> schemas.MeAnswer | schemas.PendingAnswer:
    """Sign in with name and password; the session is kept in a cookie that no script can read."""
    device = Device.PHONE if body.phone else Device.DESK
    origin = origin_of(request)
    opened = door.sign_in(body.name, body.password, device, origin, now=given.clock())
    keep(response, opened.token)
    return schemas.MeAnswer.of(opened.who) if opened.who else schemas.PendingAnswer()


@router.post("/v1/sessions/second-factor", status_code=201)
def show_code(
    body: schemas.CodeRequest, given: Given, door: OpenDoor, request: Request, response: Response
) -> schemas.MeAnswer:
    """Show the second factor of a sign-in that waits for it."""
    token = request.cookies.get(COOKIE, "")
    opened = door.show_code(token, body.code, origin_of(request), now=given.clock())
    keep(response, opened.token)
    if opened.who is None:
        raise NotSignedIn(TOO_LATE)
    return schemas.MeAnswer.of(opened.who)


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
    response.headers["Clear-Site-Data"] = '"cache", "storage"'  # a draft, what was read


def _end(asker: Asking, session_id: UUID, deed: Deed) -> None:
    with asker.system() as session:
        if not service.end(session, asker.who.id, session_id):
            raise Missing(Wording("没有这个会话", "there is no such session"))
        _note(asker, session, deed)


@router.put("/v1/me/password", response_model=schemas.MeAnswer)
def change_password(
    body: schemas.PasswordRequest,
    asker: Asker,
    door: OpenDoor,
    request: Request,
    response: Response,
) -> schemas.MeAnswer:
    """Change one's password: every session ends, and this device gets a new one."""
    require_strong(body.new, asker.who.name)
    require_another(body.old, body.new)
    door.require_password(asker.who.id, body.old, asker.now, where="old")
    kept = door.hashing.of(body.new)
    with asker.system() as session:
        device = service.device_of(session, asker.who.session_id)
        service.set_password(session, asker.who.id, kept, asker.now, must_change=False)
        opening = Opening(asker.who.id, device, origin_of(request))
        token = door.begin(session, opening, asker.now)
        who = door.holder(session, token, asker.now) or asker.who
        _note(asker, session, Deed.PASSWORD_CHANGED)
    keep(response, token)
    return schemas.MeAnswer.of(who)


@router.get("/v1/me/second-factor")
def second_factor(asker: Asker, door: OpenDoor) -> schemas.FactorAnswer:
    """Whether one has a second factor, and has to have one."""
    with asker.system() as session:
        confirmed = service.has_second_factor(session, asker.who.id)
    required = door.requires_second_factor(asker.who)
    return schemas.FactorAnswer(confirmed=confirmed, required=required)


@router.post("/v1/me/second-factor", status_code=201)
def begin_second_factor(
    body: schemas.ProofRequest, asker: Asker, door: OpenDoor
) -> schemas.SecretAnswer:
    """A new secret for an authenticator app; it counts once a code has confirmed it."""
    who, secret = asker.who, new_secret()
    door.require_password(who.id, body.password, asker.now)
    with asker.system() as session:
        if service.has_second_factor(session, who.id):
            raise Conflict(Wording("已有双因素验证，请先取消", "there is one: take it away first"))
        service.keep_secret(session, who.id, door.sealed(who.id, secret))
        uri = provisioning_uri(secret, find(session, who.id).sign_in_name)
    picture = segno.make(uri, micro=False).svg_data_uri(scale=4, border=2)
    return schemas.SecretAnswer(secret=secret, uri=uri, qr=picture)


@router.post("/v1/me/second-factor/confirm")
def confirm_second_factor(
    body: schemas.CodeRequest, asker: Asker, door: OpenDoor, response: Response
) -> schemas.MeAnswer:
    """The first code of a new second factor: from now on it is asked for; other devices end."""
    who = asker.who
    with asker.system() as session:
        door.require_code(session, who.id, body.code, asker.now)
        service.confirm_secret(session, who.id, asker.now)
        if who.session_id is not None:
            service.end_others(session, who.id, who.session_id)
            keep(response, door.renew(session, who.session_id, asker.now))
        _note(asker, session, Deed.SECOND_FACTOR_SET)
    return schemas.MeAnswer.of(replace(who, owes=who.owes - {Duty.SECOND_FACTOR}))


@router.post("/v1/me/second-factor/remove", status_code=204)
def remove_second_factor(body: schemas.RemovalRequest, asker: Asker, door: OpenDoor) -> None:
    """Take one's second factor away, unless the role requires one."""
    if door.requires_second_factor(asker.who):
        raise Forbidden(Wording("您的角色必须使用双因素验证", "your role has to have one"))
    door.require_password(asker.who.id, body.password, asker.now)
    with asker.system() as session:
        door.require_code(session, asker.who.id, body.code, asker.now)
        service.forget_secret(session, asker.who.id)
        if asker.who.session_id is not None:
            service.end_others(session, asker.who.id, asker.who.session_id)
        _note(asker, session, Deed.SECOND_FACTOR_RESET)


def _note(asker: Asking, session: Session, deed: Deed) -> None:
    who = asker.who
    record(session, [Entry(deed, str(who.id), who.name, f"person:{who.id}")], asker.now)
