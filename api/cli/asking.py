"""The public API of a server of our own, as somebody who has signed in uses it."""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPResponse
from typing import Any

PATIENCE_S = 30


@dataclass
class SignedIn:
    """One session. Raises urllib's HTTPError for what is refused."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] = {}
    ) -> dict[str, Any]:
        """The answer of GET, or of POST where there is a body."""
        with self._send(path, body, headers) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def sign_in(self, name: str, password: str) -> None:
        """Open the session; its cookie goes with every question from now on."""
        with self._send("v1/sessions", {"name": name, "password": password}, {}) as answer:
            self.headers["Cookie"] = answer.headers["Set-Cookie"].split(";")[0]

    def sign_out(self) -> None:
        """End the session."""
        self._send("v1/sign-out", {}, {}).close()

    def _send(
        self, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> HTTPResponse:
        content = None if body is None else json.dumps(body).encode()
        words = {"Content-Type": "application/json", "Origin": self.url.rstrip("/")}
        words |= self.headers | dict(headers)
        request = urllib.request.Request(self.url + path, content, words)  # noqa: S310 - our own server
        answer: HTTPResponse = urllib.request.urlopen(request, timeout=PATIENCE_S)  # noqa: S310
        return answer


@contextmanager
def signed_in(url: str, name: str, password: str) -> Iterator[SignedIn]:
    """A session at ``url`` (it ends with a slash), signed out in the end."""
    session = SignedIn(url)
    session.sign_in(name, password)
    try:
        yield session
    finally:
        session.sign_out()
