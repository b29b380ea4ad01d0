"""Credentials, sessions and tokens. Of every secret only a hash is kept, or it is sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, false, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from api.sessions.domain import Device
from gis.database import Base

DEVICES = ", ".join(f"'{device}'" for device in Device)


class Credential(Base):
    """How a person proves who they are. The TOTP secret is sealed (`api.sealing`)."""

    __tablename__ = "credential"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures_counted"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str | None]
    changed_at: Mapped[datetime]
    must_change: Mapped[bool]
    totp_secret: Mapped[bytes | None]
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class AccountSession(Base):
    """One signed-in device. ``pending``: the second factor has not been shown yet.

    ``vouched``: an identity provider says that it was shown there.
    """

    __tablename__ = "account_session"
    __table_args__ = (CheckConstraint(f"device IN ({DEVICES})", name="known_device"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    device: Mapped[str]
    pending: Mapped[bool]
    vouched: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    idle_until: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    address: Mapped[str]
    agent: Mapped[str]
    token_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_token.id"), index=True)


class ServiceToken(Base):
    """A connected system's key, or the ticket of a video wall (scope ``wall``), used once."""

    __tablename__ = "service_token"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ends_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
