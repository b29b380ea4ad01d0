"""Real receivers on this machine: a web server that can fail, and a small mail server with TLS."""

import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A web server that answers with the next of ``statuses``, then with 204."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    held: Event | None = None


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(Got(self.path, dict(self.headers), body))
            if receiver.held:
                receiver.held.wait(10)
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
            self.send_header("Location", f"{receiver.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, served(server):
        receiver.url = f"http://127.0.0.1:{server.server_port}"
        yield receiver


@contextmanager
def served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@dataclass
class Mailbox:
    """A mail server: what it took, whether by TLS, and with which code it refuses recipients."""

    port: int = 0
    ca_file: Path = Path()
    taken: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    by_tls: list[bool] = field(default_factory=list)
    refusing: int | None = None
    tls: bool = True


class MailTalk(socketserver.StreamRequestHandler):
    """One sender's visit."""

    box: Mailbox
    context: ssl.SSLContext
    secure = False

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            self.box.commands.append(line)
            self.answer(line.upper().split()[0])
        self.connection.close()

    def answer(self, word: str) -> None:
        if word == "STARTTLS":
            self.say("220 go on")
            self.connection = self.context.wrap_socket(self.connection, server_side=True)
            self.rfile = self.connection.makefile("rb", -1)
            self.secure = True
        elif word == "EHLO":
            offered = "STARTTLS" if self.box.tls and not self.secure else "AUTH PLAIN"
            self.say(f"250-here\r\n250 {offered}")
        elif word == "DATA":
            self.say("354 go on")
            self.box.taken.append(self.message())
            self.box.by_tls.append(self.secure)
            self.say("250 taken")
        else:
            refused = word == "RCPT" and self.box.refusing
            self.say(f"{refused or {'AUTH': 235, 'QUIT': 221}.get(word, 250)} so be it")

    def message(self) -> str:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.decode())
        return "".join(lines)

    def say(self, words: str) -> None:
        self.connection.sendall(words.encode() + b"\r\n")


@contextmanager
def mailing(folder: Path) -> Iterator[Mailbox]:
    """A mail server with STARTTLS (RFC 5321, RFC 3207), as much of it as a sender needs."""
    box = Mailbox()
    certificate, box.ca_file = certified(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    class Handler(MailTalk):
        pass

    Handler.box, Handler.context = box, context
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server, served(server):
        box.port = server.server_address[1]
        yield box


def certified(folder: Path) -> tuple[Path, Path]:
    """A certificate of this machine with its key, and the certificate alone, as its own CA."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    own = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    both, alone = folder / "server.pem", folder / "ca.pem"
    both.write_bytes(own + public)
    alone.write_bytes(public)
    return both, alone
