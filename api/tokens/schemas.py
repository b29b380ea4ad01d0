"""What the routes of tokens take and answer. A token is shown once, when it is made."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from api.accounts.models import Person
from api.schemas import Line, Strict, example
from api.sessions.models import ServiceToken
from api.sessions.service import WALL_SCOPE
from api.tokens.service import Wanted

LAX = Field(strict=False)


class TokenRequest(Strict):
    """A token for a connected system; without ``ends_at`` it lasts until it is revoked."""

    model_config = example(
        {"person_id": "0198c0de-0000-7000-8000-000000000001", "scopes": ["places:read"]}
    )

    person_id: Annotated[UUID, LAX]
    scopes: list[Line] = Field(max_length=50)
    ends_at: Annotated[AwareDatetime | None, LAX] = None

    def wanted(self) -> Wanted:
        """The token to be made."""
        return Wanted(self.person_id, self.scopes, self.ends_at)


class TicketRequest(Strict):
    """A ticket for a video wall."""

    model_config = example({"person_id": "0198c0de-0000-7000-8000-000000000001"})

    person_id: Annotated[UUID, LAX]


class KioskRequest(Strict):
    """The ticket that a wall shows."""

    model_config = example({"ticket": "fqw_…"})

    ticket: Line


class TokenAnswer(BaseModel):
    """A token or ticket without its secret."""

    id: UUID
    person_id: UUID
    sign_in_name: str
    full_name: str
    wall: bool = Field(description="the ticket of a video wall")
    scopes: list[str]
    made_by: UUID | None
    made_at: datetime
    ends_at: datetime | None = Field(description="of a ticket: until when it has to be used")
    used_at: datetime | None = Field(description="when the wall came in by it")
    revoked_at: datetime | None

    @classmethod
    def of(cls, row: ServiceToken, person: Person) -> "TokenAnswer":
        """A token or ticket as its administrator sees it."""
        names = ("id", "person_id", "scopes", "made_by", "made_at", "ends_at")
        return cls(
            **{name: getattr(row, name) for name in (*names, "used_at", "revoked_at")},
            sign_in_name=person.sign_in_name,
            full_name=person.full_name,
            wall=WALL_SCOPE in row.scopes,
        )


class TokenList(BaseModel):
    """Tokens and tickets: those in force first."""

    items: list[TokenAnswer]
    scopes: list[str] = Field(description="what a connected system's token can allow")


class MadeAnswer(BaseModel):
    """What was made. ``secret`` is shown this once."""

    made: TokenAnswer
    secret: str
