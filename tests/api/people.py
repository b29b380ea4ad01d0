"""People who are signed in, without the time that hashing a password takes."""

from datetime import datetime
from itertools import count
from typing import NamedTuple
from uuid import UUID

from starlette.testclient import TestClient

from api.accounts.service import Newcomer, add, grant
from api.rights.roles import Role
from api.sessions.domain import WALL_LIFE, Device
from api.sessions.door import COOKIE
from api.sessions.service import Opening, Origin, begin
from gis.database import Database

SITE = "https://testserver"
DISTRICT = "210104"
TESTER = "测试员"

_numbers = count(1)


class Entered(NamedTuple):
    """Somebody who is signed in."""

    person_id: UUID
    token: str


def enter(
    database: Database,
    *roles: Role,
    now: datetime,
    area: str | None = DISTRICT,
    unit: str | None = None,
    name: str = TESTER,
) -> Entered:
    """A new person with these roles: the id, and the token of a session that outlives the test."""
    with database.transaction() as session:
        newcomer = Newcomer(f"tester{next(_numbers)}", name, unit, area)
        person_id = add(session, newcomer, now).id
        grant(session, person_id, roles, None, now)
        # Of all devices a wall is signed in longest, and some tests set their clock far ahead.
        opening = Opening(person_id, Device.WALL, Origin("127.0.0.1", "test"))
        return Entered(person_id, begin(session, opening, lambda _: WALL_LIFE, now))


def show_session(client: TestClient, token: str) -> None:
    """Let a client be that of a session."""
    client.cookies.set(COOKIE, token)
