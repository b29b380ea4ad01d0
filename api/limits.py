"""A limit on request bodies that holds while they stream in."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import TooLarge, too_large


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
