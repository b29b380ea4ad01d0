"""What re-routing is asked and answers."""

from typing import Annotated

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from api.reports.catalogue import require_branch
from api.reports.domain import Category, Position
from api.rerouting.domain import Change
from api.rerouting.service import Correction
from api.schemas import Line, Strict, example
from gis.datum import Datum

LAX = Field(strict=False)


class PlaceRequest(Strict):
    """Where it is; the datum is named, as everywhere."""

    lon: Annotated[float, LAX]
    lat: Annotated[float, LAX]
    datum: Annotated[Datum, LAX]
    accuracy_m: float | None = Field(default=None, ge=0, le=100_000)


class RerouteRequest(Strict):
    """What was wrong, and why it is corrected. ``preview``: only say what would become of it."""

    model_config = example({"category": "property", "reason": "实为物业纠纷", "preview": True})

    category: Annotated[Category, LAX] | None = None
    subcategory: Line | None = None
    place: PlaceRequest | None = None
    reason: Line
    preview: bool = False

    @model_validator(mode="after")
    def _something(self) -> "RerouteRequest":
        if self.category is None and self.place is None:
            raise PydanticCustomError("something", "give a category or a place")
        return self

    def correction(self) -> Correction:
        """The correction as the service has it. Raises BadInput."""
        if self.category is not None:
            require_branch(self.category, self.subcategory)
        position = None
        if self.place is not None:
            place = self.place
            position = Position(place.lon, place.lat, place.datum, place.accuracy_m)
        return Correction(self.category, self.subcategory, position)


class UnitAnswer(BaseModel):
    """A unit and its role."""

    unit_code: str
    unit_name: str
    role: str


class RerouteAnswer(BaseModel):
    """The units before and after; ``kept`` were chosen by a person, ``leaving`` are withdrawn."""

    changed: bool
    before: list[UnitAnswer]
    after: list[UnitAnswer]
    kept: list[str]
    leaving: list[str]

    @classmethod
    def of(cls, change: Change) -> "RerouteAnswer":
        """The answer for a change."""
        before, after = (
            [
                UnitAnswer(unit_code=each.unit_code, unit_name=each.unit_name, role=each.role)
                for each in units
            ]
            for units in (change.before, change.after)
        )
        return cls(
            changed=not change.nothing,
            before=before,
            after=after,
            kept=[each.unit_code for each in change.kept],
            leaving=[each.unit_code for each in change.leaving],
        )
