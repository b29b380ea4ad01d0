"""People and units. Who creates a person grants them nothing: that is another administrator."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from api.accounts import service as accounts
from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.people import schemas, service
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS
from api.sessions.door import OpenDoor
from api.sessions.schemas import SessionAnswer, SessionList
from api.sessions.service import end_all, first_password, sessions_of

# A code and nothing else: it stands in the audit, where no name belongs.
UnitCode = Annotated[str, Path(pattern=r"^[!-~]{1,64}$")]

router = APIRouter(tags=["people"], responses=PROBLEMS)


@router.get("/v1/people")
def people(asked: Annotated[schemas.SearchRequest, Query()], asker: Asker) -> schemas.PeopleAnswer:
    """Everybody who has an account, page by page."""
    with asker.system() as session:
        found = service.search(session, asked.q, asked.limit, asked.after)
    return schemas.PeopleAnswer.of(found, asked.limit, asker.now)


@router.get("/v1/people/{person_id}")
def person(person_id: UUID, asker: Asker) -> schemas.PersonAnswer:
    """One person."""
    with asker.system() as session:
        return _shown(session, asker, person_id)


@router.post("/v1/people", status_code=201)
def create(body: schemas.NewcomerRequest, asker: Asker, door: OpenDoor) -> schemas.CreatedAnswer:
    """Add a person without any role; the first password is shown this once."""
    newcomer, first = body.newcomer(), first_password()
    kept = door.hashing.of(first)
    with asker.system() as session:
        person_id = service.create(session, newcomer, kept, asker.now)
        shown = _shown(session, asker, person_id)
        _note(session, asker, Deed.PERSON_CREATED, person_id)
    return schemas.CreatedAnswer(person=shown, first_password=first)


@router.patch("/v1/people/{person_id}")
def change(person_id: UUID, body: schemas.ChangeRequest, asker: Asker) -> schemas.PersonAnswer:
    """Change name, unit or area; it holds from the person's next request on."""
    changes = body.changes()
    with asker.system() as session:
        accounts.edit(session, accounts.find(session, person_id), changes)
        shown = _shown(session, asker, person_id)
        _note(session, asker, Deed.PERSON_CHANGED, person_id, {"changed": sorted(changes)})
    return shown


@router.post("/v1/people/{person_id}/disable")
def disable(person_id: UUID, asker: Asker) -> schemas.PersonAnswer:
    """Let a person in no more. What they did stays under their name."""
    with asker.system() as session:
        service.disable(session, person_id, asker.who.id, asker.now)
        shown = _shown(session, asker, person_id)
        _note(session, asker, Deed.PERSON_DISABLED, person_id)
    return shown


@router.post("/v1/people/{person_id}/enable")
def enable(person_id: UUID, asker: Asker) -> schemas.PersonAnswer:
    """Let a person in again, with the roles and the password of before."""
    with asker.system() as session:
        accounts.enable(session, person_id)
        shown = _shown(session, asker, person_id)
        _note(session, asker, Deed.PERSON_ENABLED, person_id)
    return shown


@router.put("/v1/people/{person_id}/roles")
def grant(person_id: UUID, body: schemas.RolesRequest, asker: Asker) -> schemas.PersonAnswer:
    """Give a person exactly these roles. They have to sign in anew."""
    with asker.system() as session:
        before = accounts.roles_of(session, person_id)
        service.grant(session, person_id, body.roles, asker.who.id, asker.now)
        shown = _shown(session, asker, person_id)
        content = {"before": sorted(before), "roles": sorted(set(body.roles))}
        _note(session, asker, Deed.ROLES_GRANTED, person_id, content)
    return shown


@router.post("/v1/people/{person_id}/reset")
def reset(
    person_id: UUID, body: schemas.ResetRequest, asker: Asker, door: OpenDoor
) -> schemas.ResetAnswer:
    """A new first password, shown this once; perhaps without the second factor of before."""
    first = first_password()
    fresh = service.Fresh(door.hashing.of(first), body.second_factor)
    with asker.system() as session:
        service.reset(session, person_id, fresh, asker.who.id, asker.now)
        deed = Deed.SECOND_FACTOR_RESET if body.second_factor else Deed.PASSWORD_CHANGED
        _note(session, asker, deed, person_id, {"reset": True})
    return schemas.ResetAnswer(first_password=first)


@router.post("/v1/people/{person_id}/unlock")
def unlock(person_id: UUID, asker: Asker) -> schemas.PersonAnswer:
    """Let a person try again at once who failed too often."""
    with asker.system() as session:
        service.unlock(session, person_id)
        shown = _shown(session, asker, person_id)
        _note(session, asker, Deed.PERSON_UNLOCKED, person_id)
    return shown


@router.get("/v1/people/{person_id}/sessions")
def sessions(person_id: UUID, asker: Asker) -> SessionList:
    """The devices on which a person is signed in."""
    with asker.system() as session:
        accounts.find(session, person_id)
        held = sessions_of(session, person_id, asker.now)
        return SessionList(items=[SessionAnswer.of(each, asker.who) for each in held])


@router.delete("/v1/people/{person_id}/sessions", status_code=204)
def end_sessions(person_id: UUID, asker: Asker) -> None:
    """Sign a person out everywhere: a phone is lost."""
    with asker.system() as session:
        accounts.find(session, person_id)
        end_all(session, person_id)
        _note(session, asker, Deed.SESSION_REVOKED, person_id)


@router.get("/v1/units")
def units(asker: Asker) -> schemas.UnitList:
    """Every unit, by code."""
    with asker.system() as session:
        items = [schemas.UnitAnswer.of(unit) for unit in service.units(session)]
    return schemas.UnitList(items=items)


@router.put("/v1/units/{code}")
def keep_unit(code: UnitCode, body: schemas.UnitRequest, asker: Asker) -> schemas.UnitAnswer:
    """Change a unit's name and phone, or register a new one."""
    with asker.system() as session:
        unit = service.keep_unit(session, code, body.words())
        shown = schemas.UnitAnswer.of(unit)
        who = asker.who
        entry = Entry(Deed.UNIT_CHANGED, str(who.id), who.name, f"unit:{code}")
        record(session, [entry], asker.now)
    return shown


def _shown(session: Session, asker: Asking, person_id: UUID) -> schemas.PersonAnswer:
    return schemas.PersonAnswer.of(service.show(session, person_id), asker.now)


def _note(
    session: Session,
    asker: Asking,
    deed: Deed,
    person_id: UUID,
    content: dict[str, Any] | None = None,
) -> None:
    who, subject = asker.who, f"person:{person_id}"
    record(session, [Entry(deed, str(who.id), who.name, subject, content or {})], asker.now)
