"""The public side of receipts: tokens, and how often somebody may show one."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from fastapi import Request

from api.receipts import service
from api.receipts.domain import Standing
from api.refusals import TooMany
from api.throttle import Throttle
from gis.database import Database
from gis.wording import Wording

TOKEN_BYTES = 16
"""128 bits: nobody finds one by trying."""

EACH_ADDRESS, WINDOW = 60, timedelta(minutes=1)


def new_token() -> str:
    """A token that nobody can guess, short enough for a small QR code."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> bytes:
    """What is kept of a token. It is random enough not to need a slow hash."""
    return sha256(token.encode()).digest()


class ReceiptDoor:
    """Shows how a case stands to whoever holds its receipt."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_address = Throttle(EACH_ADDRESS, WINDOW)

    def show(self, token: str, address: str, now: datetime) -> Standing | None:
        """How the case stands; None for a token that is none. Raises TooMany."""
        wait = self._by_address.wait(address, now)
        if wait:
            words = Wording("查询过于频繁，请稍后再试", "too many requests, try again later")
            raise TooMany(words, wait.total_seconds())
        with self._database.transaction() as session:
            return service.follow(session, hashed(token))


def receipt_door(request: Request) -> ReceiptDoor:
    """The application's one door for receipts."""
    door = request.app.state.receipts
    assert isinstance(door, ReceiptDoor)  # noqa: S101 - set by create_app, nowhere else
    return door
