"""A limit on request bodies that holds while they stream in."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Kind, problem
from gis.wording import Wording

TOO_LARGE = Kind(413, "too-large", Wording("内容太大", "The body is too large"))


class TooLarge(Exception):
    """More bytes came than are allowed."""


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
            return
        if _announced(scope) > self.limit:
            await self._refusal()(scope, receive, send)
            return
        answering = False
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.limit:
                raise TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal answering
            answering = True
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except TooLarge:
            if not answering:
                await self._refusal()(scope, receive, send)

    def _refusal(self) -> ASGIApp:
        detail = Wording(
            f"请求内容超过 {self.limit} 字节，未保存任何内容",
            f"the body is larger than {self.limit} bytes; nothing of it is kept",
        )
        return problem(TOO_LARGE, detail, headers={"Connection": "close"})


def _announced(scope: Scope) -> int:
    """The length that the request's header gives; 0 where it gives none or nonsense."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
