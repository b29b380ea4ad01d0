"""Limits that hold before anything is done: of request bodies, and of sign-ins at a time."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import TooLarge, too_large, too_many
from api.refusals import TooMany


class BodyLimit:
    """Refuses a body above ``limit`` bytes with 413, whatever its header claims.

    A body of any size costs no more memory than the limit: reading stops there.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif _announced(scope) > self.limit:
            await too_large(self.limit)(scope, receive, send)
        else:
            await self.app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.limit:
                raise TooLarge(self.limit)
            return message

        return counted


def _announced(scope: Scope) -> int:
    """The length that the request's header gives; 0 where it gives none or nonsense."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


class FewAtOnce:
    """Lets so many posts to one path in at a time, and refuses others before anything is done.

    A sign-in waits for its hash; a storm of them would take every thread and the database's time
    from whoever is signed in. A refusal here costs a fraction of a millisecond.
    """

    def __init__(self, app: ASGIApp, path: str, most: int, refusal: TooMany) -> None:
        self._app = app
        self._path = path
        self._free = most
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"], scope["path"]) != ("POST", self._path):
            await self._app(scope, receive, send)
        elif self._free == 0:
            await too_many(self._refusal)(scope, receive, send)
        else:
            self._free -= 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._free += 1
