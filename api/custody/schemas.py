"""What the routes of custody take and answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from api.custody.domain import How
from api.custody.models import CustodyLink
from api.schemas import Line, Strict, example

HowCode = Annotated[How, Field(strict=False)]


class HandOverRequest(Strict):
    """To whom a case is handed over: a person or a unit, how, and why."""

    model_config = example(
        {"unit_code": "street:210104001000", "how": "in_person", "reason": "属地受理"}
    )

    person_id: Annotated[UUID | None, Field(strict=False)] = None
    unit_code: Line | None = None
    how: HowCode = How.SYSTEM
    reason: Line

    @model_validator(mode="after")
    def _one_receiver(self) -> "HandOverRequest":
        if (self.person_id is None) == (self.unit_code is None):
            raise PydanticCustomError("one_receiver", "either a person or a unit")
        return self


class SignRequest(Strict):
    """A signature. Whoever signs for somebody else says how they were told, and by whom."""

    model_config = example({"how": "phone", "reason": "东塔街道王主任电话确认"})

    how: HowCode = How.SYSTEM
    reason: Line | None = None


class OfferAnswer(BaseModel):
    """A hand-over that waits to be signed for."""

    to_name: str
    to_id: UUID | None
    to_unit: str | None
    how: str
    reason: str | None
    offered_at: datetime


class LinkAnswer(BaseModel):
    """One holder. ``given_at`` is null for whoever is answerable now."""

    seq: int
    holder_name: str
    holder_id: UUID | None
    unit_code: str | None
    taken_at: datetime
    given_at: datetime | None
    signed_how: str | None
    offer: OfferAnswer | None

    @classmethod
    def of(cls, link: CustodyLink) -> "LinkAnswer":
        """The answer for a stored link."""
        names = set(cls.model_fields) - {"offer"}
        return cls(**{name: getattr(link, name) for name in names}, offer=_offer(link))


def _offer(link: CustodyLink) -> OfferAnswer | None:
    if link.given_at is not None or link.to_name is None or link.offered_at is None:
        return None
    return OfferAnswer(
        to_name=link.to_name,
        to_id=link.to_id,
        to_unit=link.to_unit,
        how=link.offered_how or How.SYSTEM,
        reason=link.reason,
        offered_at=link.offered_at,
    )


class ChainAnswer(BaseModel):
    """Who was and who is answerable, the first person asked first."""

    items: list[LinkAnswer]

    @classmethod
    def of(cls, chain: Sequence[CustodyLink]) -> "ChainAnswer":
        """The answer for a chain."""
        return cls(items=[LinkAnswer.of(each) for each in chain])
