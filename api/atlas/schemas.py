"""What the layers' routes answer."""

from datetime import date

from pydantic import BaseModel

from api.schemas import Said


class EditionAnswer(BaseModel):
    """The edition that is in force; ``source`` is ``synthetic`` for made-up areas."""

    id: int
    valid_from: date
    source: str


class LayerAnswer(BaseModel):
    """A layer of areas: how many there are, and whether it is shown at first."""

    kind: str
    title: Said
    legend: Said
    areas: int
    shown: bool


class LayersAnswer(BaseModel):
    """The layers of a day; ``bounds`` is west, south, east, north in EPSG:4326."""

    edition: EditionAnswer | None
    bounds: tuple[float, float, float, float] | None
    layers: list[LayerAnswer]
