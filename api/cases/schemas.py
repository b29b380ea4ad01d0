"""What the routes of a case's people take and answer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from api.cases.models import CaseMember
from api.schemas import Strict, example


class MemberRequest(Strict):
    """Who is to be put on a case."""

    model_config = example({"person_id": "0198c0de-0000-7000-8000-000000000001"})

    person_id: Annotated[UUID, Field(strict=False)]


class MemberAnswer(BaseModel):
    """Somebody who was put on a case."""

    person_id: UUID
    added_at: datetime

    @classmethod
    def of(cls, member: CaseMember) -> "MemberAnswer":
        """The answer for a stored member."""
        return cls(person_id=member.person_id, added_at=member.added_at)


class MemberList(BaseModel):
    """Who was put on a case, first come first."""

    items: list[MemberAnswer]
