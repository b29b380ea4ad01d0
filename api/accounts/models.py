"""People and connected systems, and the roles that each was granted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from api.rights.roles import Role
from gis.database import Base

ROLES = ", ".join(f"'{role}'" for role in Role)


class Person(Base):
    """Somebody (or a connected system, or a wall) who signs in.

    People are never deleted, since the audit names them; they are disabled.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("sign_in_name ~ '^[a-z0-9][a-z0-9._-]{1,63}$'", name="sign_in_name_plain"),
        CheckConstraint("btrim(full_name) <> ''", name="full_name_given"),
        CheckConstraint("area_prefix ~ '^[0-9]{6,15}$'", name="area_prefix_digits"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sign_in_name: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    unit_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"), index=True)
    area_prefix: Mapped[str | None]
    provider_subject: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    disabled_at: Mapped[datetime | None]


class RoleGrant(Base):
    """A role of a person; ``granted_by`` is None for what the command line granted."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint(f"role IN ({ROLES})", name="known_role"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(server_default=func.now())
