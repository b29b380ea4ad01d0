"""What a sign-in elsewhere asks and what its answer vouches for. Pure: no clock, no network."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

ALGORITHMS = ("RS256", "ES256")
"""Signatures that are taken: never none, and never one that our own client secret could make."""

MANY_FACTORS = frozenset(
    {
        "mfa",
        "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
        "https://refeds.org/profile/mfa",
    }
)
"""What says of a sign-in that more than one factor was shown (RFC 8176; PAPE; REFEDS MFA)."""

OWN_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Attempt:
    """One try of one browser: all that must fit is drawn from a secret that only it keeps.

    So nothing is stored here, and what an address shows (``state``, ``nonce``) tells neither the
    secret nor the ``verifier`` (RFC 7636, 4.1).
    """

    secret: str

    @property
    def state(self) -> str:
        """What comes back with the answer (RFC 6749, 10.12)."""
        return self._drawn("state")

    @property
    def nonce(self) -> str:
        """What stands in the signed token (OpenID Connect Core 1.0, 3.1.2.1)."""
        return self._drawn("nonce")

    @property
    def verifier(self) -> str:
        """What proves to the provider that who asked is who redeems the code."""
        return self._drawn("verifier")

    def _drawn(self, purpose: str) -> str:
        drawn = hmac.digest(self.secret.encode(), purpose.encode(), hashlib.sha256)
        return urlsafe_b64encode(drawn).rstrip(b"=").decode()

    def fits(self, state: str) -> bool:
        """Whether an answer belongs to this attempt; a browser without a secret has begun none.

        Of no secret anybody could draw the state, and lead others in under a name of their choice.
        """
        return bool(self.secret) and hmac.compare_digest(self.state.encode(), state.encode())


@dataclass(frozen=True)
class Vouched:
    """Whom a provider vouches for, and whether a second factor was shown there."""

    subject: str
    second_factor: bool

    @classmethod
    def of(cls, issuer: str, claims: Mapping[str, Any]) -> "Vouched":
        """What the claims of a checked token say."""
        methods = claims.get("amr")
        said = {*(methods if isinstance(methods, list) else ()), claims.get("acr")}
        return cls(full_subject(issuer, str(claims["sub"])), bool(MANY_FACTORS & said))


def full_subject(issuer: str, subject: str) -> str:
    """A subject is only one person's together with its issuer (OpenID Connect Core 1.0, 5.7)."""
    return f"{issuer}|{subject}"


def is_safe(address: str) -> bool:
    """Whether nobody on the way reads what is sent there."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in OWN_MACHINE)
