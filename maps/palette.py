"""Colours of the map by day (a desk) and by night (a command room). Pure values.

Text colours keep a contrast of 4.5 : 1 or more on their halo (WCAG 2 AA).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from layers.catalogue import ColourClass


class Theme(StrEnum):
    """The light in the room."""

    DAY = "day"
    NIGHT = "night"


@dataclass(frozen=True)
class Stroke:
    """A line: its colour, width in pixels and dashes in line widths (none: solid)."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Palette:
    """All colours of one theme. `tints` fill the streets, neighbours differing.

    `ramp` shows little to much, `spots` what a hotspot test says; both are told apart by people who
    see no red or no green, by their lightness.
    """

    background: str
    ground: str
    halo: str
    tints: tuple[str, ...]
    strokes: Mapping[ColourClass, Stroke]
    text: Mapping[ColourClass, str]
    accent: str
    report: str
    patrol: str
    ramp: tuple[str, ...]
    spots: Mapping[str, str]


DAY = Palette(
    background="#e6ebf1",
    ground="#ffffff",
    halo="#ffffff",
    tints=("#dbe9f8", "#e3f1e4", "#fbeedd", "#ece6f7", "#fbe6e8", "#dcf1f1", "#f3f0d6", "#e9ebee"),
    strokes={
        ColourClass.DISTRICT: Stroke("#17324f", 3),
        ColourClass.STREET: Stroke("#5c7189", 1.6),
        ColourClass.COMMUNITY: Stroke("#8a9bae", 1),
        ColourClass.GRID: Stroke("#a9b6c4", 0.8),
        ColourClass.POLICE: Stroke("#1450b8", 2.2, (4, 2)),
        ColourClass.JUSTICE: Stroke("#8a2f9c", 2.2, (1, 1.6)),
    },
    text={
        ColourClass.DISTRICT: "#17324f",
        ColourClass.STREET: "#1d2f43",
        ColourClass.COMMUNITY: "#4a5c70",
        ColourClass.GRID: "#5d6e80",
        ColourClass.POLICE: "#1450b8",
        ColourClass.JUSTICE: "#7d2790",
    },
    accent="#d1410c",
    report="#c8321f",
    patrol="#0b7a53",
    ramp=("#fde7cd", "#fcc08f", "#f58f5a", "#d9502f", "#991b12"),
    spots={
        "hot": "#991b12",
        "warm": "#ef8a62",
        "plain": "#eef1f5",
        "cool": "#7fb5da",
        "cold": "#1f5fa6",
    },
)

NIGHT = Palette(
    background="#0a1420",
    ground="#101f31",
    halo="#0a1420",
    tints=("#15304c", "#173a37", "#3a3222", "#2c2a4a", "#3d2632", "#15393f", "#35361f", "#26303b"),
    strokes={
        ColourClass.DISTRICT: Stroke("#b8d4f2", 3),
        ColourClass.STREET: Stroke("#6f8dad", 1.6),
        ColourClass.COMMUNITY: Stroke("#4d6780", 1),
        ColourClass.GRID: Stroke("#3b5167", 0.8),
        ColourClass.POLICE: Stroke("#5aa2ff", 2.2, (4, 2)),
        ColourClass.JUSTICE: Stroke("#d98cf0", 2.2, (1, 1.6)),
    },
    text={
        ColourClass.DISTRICT: "#dcebfb",
        ColourClass.STREET: "#e4eef8",
        ColourClass.COMMUNITY: "#a9bdd1",
        ColourClass.GRID: "#93a8bd",
        ColourClass.POLICE: "#8cc0ff",
        ColourClass.JUSTICE: "#e6aef6",
    },
    accent="#ff9a5c",
    report="#ff6f5e",
    patrol="#4fd1a1",
    ramp=("#3a2a33", "#6d3440", "#ad4a44", "#ea8148", "#ffd97a"),
    spots={
        "hot": "#ffb35c",
        "warm": "#b4553f",
        "plain": "#16283c",
        "cool": "#3a6f9c",
        "cold": "#8fd0ff",
    },
)

PALETTES: Mapping[Theme, Palette] = {Theme.DAY: DAY, Theme.NIGHT: NIGHT}
