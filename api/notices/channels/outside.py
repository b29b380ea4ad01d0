"""What every channel that leaves the house keeps to: named hosts, kept secrets, short time-outs."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from api.notices.domain import Failing, Unsent
from api.provider.domain import OWN_MACHINE, is_safe
from api.settings import Settings

WAIT_AT_MOST_S = 8.0
SUCCESSES = range(200, 300)
PASSING = frozenset({408, 425, 429, *range(500, 600)})
"""Statuses after which trying again may help (RFC 9110, 15; RFC 6585, 4; RFC 8470, 5.2)."""


@dataclass(frozen=True)
class Outside:
    """What the operator allows: hosts that may be asked, the folder of secrets, a CA of their own.

    Whoever sets channels up on a page can send nothing to another host and name no other file.
    """

    hosts: frozenset[str]
    secrets: Path
    ca_file: Path | None

    @classmethod
    def of(cls, settings: Settings) -> "Outside":
        """As the settings say."""
        hosts = frozenset(filter(None, map(str.strip, settings.channel_hosts.split(","))))
        return cls(hosts, settings.secrets_folder, settings.channel_ca)

    def require_host(self, host: str) -> None:
        """Refuse a host that the operator did not name. Raises Unsent."""
        if host not in self.hosts:
            raise Unsent(Failing.HOST_NOT_ALLOWED, final=True)

    def allows(self, url: str) -> bool:
        """Whether a URL may be asked: https, a named host, no name or password in it."""
        try:
            parts = urlsplit(url)
            plain = parts.username is None and parts.password is None and not parts.fragment
            return plain and is_safe(url) and parts.hostname in self.hosts
        except ValueError:
            return False

    def secret(self, name: str) -> bytes:
        """The content of a secret's file, without the end of its line. Raises Unsent."""
        if Path(name).name != name:
            raise Unsent(Failing.NO_SECRET, final=True)
        try:
            kept = (self.secrets / name).read_bytes().strip()
        except OSError as error:
            raise Unsent(Failing.NO_SECRET, final=False) from error
        if not kept:
            raise Unsent(Failing.NO_SECRET, final=False)
        return kept

    def tls(self) -> ssl.SSLContext:
        """Whom to trust: the operator's CA, or those of this machine."""
        return ssl.create_default_context(cafile=self.ca_file)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Post to an allowed URL; follow no redirect, read no answer. Raises Unsent."""
        if not self.allows(url):
            raise Unsent(Failing.HOST_NOT_ALLOWED, final=True)
        try:
            with requests.Session() as session:
                session.trust_env = False  # no proxy of the environment reads what is sent
                answer = session.post(
                    url,
                    data=body,
                    headers=dict(headers),
                    timeout=WAIT_AT_MOST_S,
                    allow_redirects=False,
                    stream=True,
                    verify=str(self.ca_file) if self.ca_file else True,
                )
                status = answer.status_code
                answer.close()
        except (requests.RequestException, ValueError, OSError) as error:
            raise Unsent(Failing.UNREACHED, final=False) from error
        if status not in SUCCESSES:
            raise Unsent(Failing.REFUSED, final=status not in PASSING)


def is_own_machine(host: str) -> bool:
    """Whether what is sent there does not leave this machine."""
    return host in OWN_MACHINE
