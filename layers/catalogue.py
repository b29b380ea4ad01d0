"""What layers of areas there are: title, legend, zooms and colour class of each. Pure values.

A colour class is a role, not a colour; `maps.palette` says how it looks by day and by night.
"""

from dataclasses import dataclass
from enum import StrEnum

from gis.wording import Wording
from grids.hierarchy import AreaKind


class ColourClass(StrEnum):
    """The role that a layer plays on the map."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    POLICE = "police"
    JUSTICE = "justice"


class Drawing(StrEnum):
    """How areas are drawn: tinted ground, or only an outline that lets other layers show."""

    GROUND = "ground"
    OUTLINE = "outline"


@dataclass(frozen=True)
class LayerEntry:
    """A layer's identity. Zooms are MapLibre's; labels show from `label_zoom` on."""

    kind: AreaKind
    title: Wording
    legend: Wording
    colour: ColourClass
    drawing: Drawing
    min_zoom: float
    label_zoom: float
    shown: bool


def _entry(
    kind: AreaKind,
    drawing: Drawing,
    *,
    title: Wording,
    legend: Wording,
    label_zoom: float,
    min_zoom: float = 0,
    shown: bool = True,
) -> LayerEntry:
    colour = ColourClass(kind.value)
    return LayerEntry(kind, title, legend, colour, drawing, min_zoom, label_zoom, shown)


# Drawn in this order: ground first, then the outlines that cross it.
CATALOGUE = (
    _entry(
        AreaKind.DISTRICT,
        Drawing.GROUND,
        title=Wording("全区", "District"),
        legend=Wording("区界", "The district's limits"),
        label_zoom=24,
    ),
    _entry(
        AreaKind.STREET,
        Drawing.GROUND,
        title=Wording("街道", "Streets"),
        legend=Wording("街道办事处管辖范围", "Ground of a street office"),
        label_zoom=9,
    ),
    _entry(
        AreaKind.COMMUNITY,
        Drawing.OUTLINE,
        title=Wording("社区（村）", "Communities"),
        legend=Wording("社区居委会、村委会范围", "Ground of a residents' or villagers' committee"),
        label_zoom=13,
        min_zoom=10,
        shown=False,
    ),
    _entry(
        AreaKind.GRID,
        Drawing.OUTLINE,
        title=Wording("网格", "Grid cells"),
        legend=Wording("网格员责任网格", "One grid worker's cell"),
        label_zoom=15,
        min_zoom=11,
        shown=False,
    ),
    _entry(
        AreaKind.POLICE,
        Drawing.OUTLINE,
        title=Wording("派出所辖区", "Police stations"),
        legend=Wording(
            "派出所辖区，与街道界线不重合", "Police areas; they do not follow the streets"
        ),
        label_zoom=12.4,
    ),
    _entry(
        AreaKind.JUSTICE,
        Drawing.OUTLINE,
        title=Wording("司法所辖区", "Justice offices"),
        legend=Wording(
            "司法所辖区，与街道界线不重合", "Justice areas; they do not follow the streets"
        ),
        label_zoom=12.8,
        shown=False,
    ),
)


class UnknownLayer(LookupError):
    """No layer of this name is in the catalogue."""

    def __init__(self, name: str) -> None:
        known = "、".join(entry.kind.value for entry in CATALOGUE)
        super().__init__(f"没有这个图层，可选 / no such layer, choose from: {known}")
        self.name = name


def entry_of(name: str) -> LayerEntry:
    """The catalogue's entry for a kind. Raises UnknownLayer."""
    for entry in CATALOGUE:
        if entry.kind.value == name:
            return entry
    raise UnknownLayer(name)
