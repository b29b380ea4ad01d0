"""What signing in takes and answers. No answer ever holds a password or a token."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from api.rights.roles import ROLE_TITLES, Who
from api.schemas import Said, Strict, example
from api.sessions.models import AccountSession

# Passwords are taken as typed: no space is cut off (ASVS 5.0, 6.2.8).
Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
SignInName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class SignInRequest(Strict):
    """A sign-in name and a password. ``phone``: this is the own phone of a grid worker."""

    model_config = example({"name": "zhou.min", "password": "…"})

    name: SignInName
    password: Password
    phone: bool = False


class PasswordRequest(Strict):
    """The password in use and the one to come."""

    model_config = example({"old": "…", "new": "…"})

    old: Password
    new: Password


class CodeRequest(Strict):
    """A one-time code of six digits."""

    model_config = example({"code": "123456"})

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class ProofRequest(Strict):
    """The password in use, shown once more before something is changed."""

    model_config = example({"password": "…"})

    password: Password


class RemovalRequest(ProofRequest, CodeRequest):
    """Password and code, to take the second factor away."""

    model_config = example({"code": "123456", "password": "…"})


class SecretAnswer(BaseModel):
    """A new second factor, shown once: for an app by ``qr`` (a ``data:`` image) or by hand."""

    secret: str
    uri: str
    qr: str


class PendingAnswer(BaseModel):
    """The password was right; the second factor is still to be shown, within five minutes."""

    pending: Literal[True] = True


class RoleAnswer(BaseModel):
    """A role and what it is called."""

    role: str
    title: Said


class MeAnswer(BaseModel):
    """Who is signed in, and what has to be done first."""

    id: str
    name: str
    roles: list[RoleAnswer]
    unit_code: str | None
    area_prefix: str | None
    owes: list[str]
    pending: Literal[False] = False

    @classmethod
    def of(cls, who: Who) -> "MeAnswer":
        """The asker as an answer."""
        roles = [
            RoleAnswer(role=role.value, title=Said(**ROLE_TITLES[role]._asdict()))
            for role in sorted(who.roles)
        ]
        words = {"unit_code": who.unit_code, "area_prefix": who.area_prefix}
        return cls(id=str(who.id), name=who.name, roles=roles, owes=sorted(who.owes), **words)


class FactorAnswer(BaseModel):
    """Whether the asker has a second factor, and has to have one."""

    confirmed: bool
    required: bool


class SessionAnswer(BaseModel):
    """One signed-in device of the asker."""

    id: str
    device: str
    address: str
    agent: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    pending: bool = Field(description="the second factor has not been shown yet")
    this: bool = Field(description="the session that asks")

    @classmethod
    def of(cls, held: AccountSession, who: Who) -> "SessionAnswer":
        """A session as its owner sees it."""
        words = {
            name: getattr(held, name)
            for name in (
                "device",
                "address",
                "agent",
                "pending",
                "created_at",
                "seen_at",
                "ends_at",
            )
        }
        return cls(id=str(held.id), this=held.id == who.session_id, **words)


class SessionList(BaseModel):
    """The signed-in devices of the asker, the last used first."""

    items: list[SessionAnswer]
