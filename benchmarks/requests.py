"""A small HTTP/1.1 client: one connection kept open, as little work as possible for this side."""

import asyncio
import json
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """Status and body of a response."""

    status: int
    body: bytes


class Client:
    """One connection to this machine."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Client":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send one request and read its answer, which must give its length."""
        content = b"" if body is None else json.dumps(body).encode()
        words = {"Host": "localhost", "Content-Length": str(len(content))} | (headers or {})
        if body is not None:
            words["Content-Type"] = "application/json"
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {word}" for name, word in words.items())]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + content)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        return Answer(int(head.split(" ", 2)[1]), await self._reader.readexactly(length))

    def close(self) -> None:
        self._writer.close()
