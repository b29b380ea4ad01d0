"""What is asked and answered of who is near."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.nearby.domain import Near
from api.schemas import Strict


class NearbyRequest(Strict):
    """A place, in EPSG:4326, and of how many people one wants to know."""

    lon: Annotated[float, Field(strict=False)]
    lat: Annotated[float, Field(strict=False)]
    limit: Annotated[int, Field(strict=False, ge=1, le=50)] = 8


class NearAnswer(BaseModel):
    """Somebody who was seen; ``fresh``: at most fifteen minutes ago."""

    person_name: str
    unit_code: str
    unit_name: str
    lon: float
    lat: float
    accuracy_m: float | None
    at: datetime
    age_s: int
    fresh: bool
    distance_m: float

    @classmethod
    def of(cls, near: Near) -> "NearAnswer":
        """The answer for somebody near."""
        return cls(
            **near.seen._asdict(),
            age_s=int(near.age.total_seconds()),
            fresh=near.fresh,
            distance_m=round(near.distance_m, 1),
        )


class NearbyAnswer(BaseModel):
    """Who was seen just now, the nearest first, then who was seen in the last hours."""

    now: datetime
    items: list[NearAnswer]
