"""Security headers on every answer, whoever made it.

OWASP ASVS 5.0, 3.4: no sniffing of types, no framing, no address told to others, HTTPS remembered.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}
HTTPS_REMEMBERED = "max-age=31536000; includeSubDomains"

# Of what is no page, such as JSON opened in a tab, nothing may run. The map's worker is a file of
# ours and loads others.
NOWHERE = "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
NO_PAGE = f"default-src 'none'; {NOWHERE}"
OWN_FILE = f"default-src 'self'; {NOWHERE}"


class SecurityHeaders:
    """Adds what an answer does not say itself; answers that say no age are kept nowhere."""

    def __init__(self, app: ASGIApp, static_url: str) -> None:
        self._app = app
        self._static_url = static_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message), scope)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _complete(self, headers: MutableHeaders, scope: Scope) -> None:
        own_file = scope["path"].startswith(f"{self._static_url}/")
        words = ALWAYS | {
            "Content-Security-Policy": OWN_FILE if own_file else NO_PAGE,
            "Cache-Control": "no-store",
        }
        if scope["scheme"] == "https":
            words["Strict-Transport-Security"] = HTTPS_REMEMBERED
        for name, value in words.items():
            headers.setdefault(name, value)
