"""Recognises whoever presents a session or a token, and writes down whom the gate turned away."""

from datetime import datetime

from fastapi import Request

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.rights.roles import Who
from api.sessions.domain import LifeOf
from api.sessions.service import TOKEN_MARK, of_session, of_token
from gis.database import Database

COOKIE = "__Host-session"
BEARER = "Bearer "


class SessionDoor:
    """The doorkeeper of `api.rights.gate`, on sessions and tokens kept in PostgreSQL."""

    def __init__(self, database: Database, life_of: LifeOf) -> None:
        self._database = database
        self._life_of = life_of

    def recognise(self, request: Request, now: datetime) -> Who | None:
        """The asker; None where nothing valid is presented."""
        words = request.headers.get("authorization", "")
        if words.startswith(BEARER + TOKEN_MARK):
            with self._database.transaction() as session:
                return of_token(session, words.removeprefix(BEARER), now)
        token = request.cookies.get(COOKIE)
        if not token:
            return None
        with self._database.transaction() as session:
            return of_session(session, token, now, self._life_of)

    def turned_away(self, who: Who, request: Request, now: datetime) -> None:
        """Write the denied attempt down: the route's pattern, never the address that was asked."""
        pattern = request.scope["route"].path
        subject = f"route:{request.method} {pattern}"
        with self._database.transaction() as session:
            record(session, [Entry(Deed.DENIED, str(who.id), who.name, subject)], now)
