"""Lets video walls in by their tickets."""

from datetime import datetime

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.refusals import NotSignedIn
from api.sessions.domain import Device
from api.sessions.door import ANONYMOUS, Opened, SessionDoor
from api.sessions.service import Opening, Origin, hashed
from api.tokens import service
from gis.database import Database
from gis.wording import Wording

USELESS = Wording(
    "票据无效、已使用或已过期，请安全管理员重新签发",
    "the ticket is wrong, used or too old: have another one made",
)


def come_in(
    database: Database, door: SessionDoor, ticket: str, origin: Origin, now: datetime
) -> Opened:
    """The session of a wall, for a ticket that nobody has used. Raises NotSignedIn, TooMany."""
    door.require_patience(origin.address, hashed(ticket).hex(), now)
    with database.transaction() as session:
        used = service.use_ticket(session, ticket, now)
        if used is not None:
            opening = Opening(used.person_id, Device.WALL, origin, token_id=used.id)
            return door.enter(session, opening, now, {"token": str(used.id)})
        failed = Entry(Deed.SIGN_IN_FAILED, ANONYMOUS, "", "ticket:unknown")
        record(session, [failed], now)
    raise NotSignedIn(USELESS)
