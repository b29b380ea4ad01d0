"""What the administrators' routes take and answer. A first password is shown only once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.accounts.service import Newcomer
from api.people.service import Listed, UnitWords
from api.rights.roles import ROLE_TITLES, Role
from api.schemas import Line, Said, Strict, example
from api.sessions.schemas import RoleAnswer
from grids.models import Unit

LAX = Field(strict=False)


class SearchRequest(BaseModel):
    """Which people: ``q`` is a part of a name, ``after`` is ``next`` of the page before."""

    model_config = ConfigDict(extra="forbid")

    q: Line | None = None
    after: Line | None = None
    limit: int = Field(default=50, ge=1, le=500)


class NewcomerRequest(Strict):
    """A person to be added; roles are granted by the security administrator."""

    model_config = example(
        {"sign_in_name": "zhou.min", "full_name": "周敏", "area_prefix": "210104"}
    )

    sign_in_name: Line
    full_name: Line
    unit_code: Line | None = None
    area_prefix: Line | None = None

    def newcomer(self) -> Newcomer:
        """The person to be added."""
        return Newcomer(**self.model_dump())


class ChangeRequest(Strict):
    """What is to be changed. What is left out stays; null takes unit or area away."""

    model_config = example({"area_prefix": "210104015"})

    full_name: Line = Field(default="")
    unit_code: Line | None = None
    area_prefix: Line | None = None

    def changes(self) -> dict[str, Any]:
        """The fields that were given."""
        return self.model_dump(exclude_unset=True)


class RolesRequest(Strict):
    """The roles that a person has from now on: all of them."""

    model_config = example({"roles": ["dispatcher"]})

    roles: list[Annotated[Role, LAX]] = Field(max_length=len(Role))


class ResetRequest(Strict):
    """``second_factor``: the authenticator app is lost too."""

    model_config = example({"second_factor": True})

    second_factor: bool = False


class UnitRequest(Strict):
    """What is said of a unit; ``kind`` is needed for a new one only."""

    model_config = example(
        {"name": "区民政局", "kind": "on_call", "phone": "024-88880000", "capacity": 40}
    )

    name: Line
    phone: Line | None = None
    kind: Line | None = None
    capacity: Annotated[int, Field(ge=1, le=9999)] | None = None

    def words(self) -> UnitWords:
        """The name, phone, kind and capacity."""
        return UnitWords(self.name, self.phone, self.kind, self.capacity)


class PersonAnswer(BaseModel):
    """A person as the administrators see them."""

    id: UUID
    sign_in_name: str
    full_name: str
    unit_code: str | None
    area_prefix: str | None
    roles: list[RoleAnswer]
    provider_subject: str | None = Field(description="who this is at the identity provider")
    created_at: datetime
    disabled_at: datetime | None
    locked_until: datetime | None
    second_factor: bool

    @classmethod
    def of(cls, listed: Listed, now: datetime) -> "PersonAnswer":
        """A person as an answer; a lock that has ended is none."""
        person, kept, roles = listed
        until = kept.locked_until if kept else None
        names = ("id", "sign_in_name", "full_name", "unit_code", "area_prefix")
        rest = ("provider_subject", "created_at", "disabled_at")
        return cls(
            **{name: getattr(person, name) for name in (*names, *rest)},
            roles=role_answers(roles),
            locked_until=until if until is not None and until > now else None,
            second_factor=kept is not None and kept.totp_confirmed_at is not None,
        )


def role_answers(roles: Iterable[Role]) -> list[RoleAnswer]:
    """Roles with what they are called."""
    titles = {role: Said(**ROLE_TITLES[role]._asdict()) for role in sorted(roles)}
    return [RoleAnswer(role=role.value, title=title) for role, title in titles.items()]


class PeopleAnswer(BaseModel):
    """A page of people; ``next`` is None on the last one."""

    items: list[PersonAnswer]
    next: str | None

    @classmethod
    def of(cls, found: Sequence[Listed], limit: int, now: datetime) -> "PeopleAnswer":
        """The page for people who were found."""
        last = found[-1].person.sign_in_name if len(found) == limit else None
        return cls(items=[PersonAnswer.of(each, now) for each in found], next=last)


class CreatedAnswer(BaseModel):
    """A new person and the password for the first sign-in."""

    person: PersonAnswer
    first_password: str


class ResetAnswer(BaseModel):
    """The password for the next sign-in, where it has to be changed."""

    first_password: str


class UnitAnswer(BaseModel):
    """Who answers for some ground."""

    code: str
    name: str
    kind: str
    phone: str | None
    capacity: int | None = Field(description="how many cases it can work on at a time")

    @classmethod
    def of(cls, unit: Unit) -> "UnitAnswer":
        """A unit as an answer."""
        words = {"code": unit.code, "name": unit.name, "kind": unit.kind, "phone": unit.phone}
        return cls(**words, capacity=unit.capacity)


class UnitList(BaseModel):
    """Every unit, by code."""

    items: list[UnitAnswer]
