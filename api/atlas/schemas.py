"""What the layers' routes answer."""

from datetime import date

from pydantic import BaseModel

from api.schemas import Said


class EditionAnswer(BaseModel):
    """The edition that is in force; ``synthetic`` says that its areas are made up."""

    id: int
    valid_from: date
    synthetic: bool


class LayerAnswer(BaseModel):
    """A layer of areas: how many there are, whether it is shown at first, and from which zooms.

    Zooms are those of web maps with 512-pixel tiles: lines show from ``min_zoom`` on, names from
    ``label_zoom`` on.
    """

    kind: str
    title: Said
    legend: Said
    areas: int
    shown: bool
    min_zoom: float
    label_zoom: float


class LayersAnswer(BaseModel):
    """The layers of a day; ``bounds`` is west, south, east, north in EPSG:4326."""

    edition: EditionAnswer | None
    bounds: tuple[float, float, float, float] | None
    layers: list[LayerAnswer]
