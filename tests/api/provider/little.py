"""A little OpenID provider on this machine, with real keys, which can be told to misbehave."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from tests.api.conftest import NOW

CLIENT, SECRET = "fengqiao", "kept in a file"


@dataclass
class Provider:
    """What it says of somebody, and how it signs; each code is good for one redemption."""

    issuer: str = ""
    key: RSAKey | ECKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"}))
    algorithm: str = "RS256"
    signing: RSAKey | ECKey | OctKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    describes: dict[str, Any] = field(default_factory=dict)
    waiting: dict[str, dict[str, str]] = field(default_factory=dict)
    secret: str | None = SECRET

    def agree(self, url: str) -> str:
        """What the browser brings back after somebody has signed in there."""
        asked = {name: words[0] for name, words in parse_qs(urlsplit(url).query).items()}
        code = f"code-{len(self.waiting)}"
        self.waiting[code] = asked
        return urlencode({"state": asked["state"], "code": code})

    def description(self) -> dict[str, Any]:
        places = {"authorization_endpoint": "/authorize", "token_endpoint": "/token"}
        said = {name: self.issuer + path for name, path in places.items()}
        rest = {"issuer": self.issuer, "jwks_uri": self.issuer + "/keys"}
        return said | rest | self.describes

    def keys(self) -> dict[str, Any]:
        return dict(KeySet([self.key]).as_dict(private=False))

    def redeem(self, body: dict[str, str], authorization: str | None) -> dict[str, Any] | None:
        """The answer to a code, once; None where anything is not as it was asked."""
        asked = self.waiting.get(body.get("code", ""), {})
        digest = hashlib.sha256(body.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        same = asked.get("redirect_uri") == body.get("redirect_uri")
        words = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        known = authorization == f"Basic {words}" if self.secret else authorization is None
        if not (same and known) or asked.get("code_challenge") != challenge:
            return None
        if asked.get("code_challenge_method") != "S256":
            return None
        del self.waiting[body["code"]]
        token = self._signed(asked["nonce"])
        return {"access_token": "nothing", "token_type": "Bearer", "id_token": token}

    def _signed(self, nonce: str) -> str:
        at = int(NOW.timestamp())
        who = {"iss": self.issuer, "sub": "7001", "aud": CLIENT, "nonce": nonce}
        claims = who | {"iat": at, "exp": at + 300} | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "first"}
        if self.algorithm == "none":
            parts = [json.dumps(part).encode() for part in (header, claims)]
            return ".".join(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts) + "."
        key = self.signing or self.key
        return jwt.encode(header, claims, key, algorithms=[self.algorithm])


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """The provider, answering on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths = {"/.well-known/openid-configuration": provider.description}
            self._tell({**paths, "/keys": provider.keys}[self.path]())

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            body = {name: words[0] for name, words in parse_qs(text).items()}
            answer = provider.redeem(body, self.headers.get("Authorization"))
            self._tell(answer or {"error": "invalid_grant"}, 200 if answer else 400)

        def _tell(self, said: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
