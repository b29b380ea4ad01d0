"""Catalogue and palette → a MapLibre style. Pure: no files, no network.

Where labels would meet, those of the layer that is named first in the catalogue stay: MapLibre
places the labels of the last layer first. The style names no base map and no glyphs, so every
label is drawn from the page's own font.
Sources are empty at first; the page fills them:

    areas-KIND   the polygons of a layer     lines-KIND  its lines, each once
    labels-KIND  one point for each polygon
    reports      the latest reports          reach       the circle within which a place lies
    asked        the point that was asked about
"""

from collections.abc import Iterable, Sequence
from typing import Any

from grids.hierarchy import AreaKind
from layers.catalogue import ColourClass, Drawing, LayerEntry
from maps.assets import FONT_FAMILY
from maps.palette import Palette, Stroke

Style = dict[str, Any]

# MapLibre reads the weight from the first name, and the browser takes the first family it knows.
PLAIN = [FONT_FAMILY]
BOLD = [f"{FONT_FAMILY} Bold", FONT_FAMILY]

ACTIVE = ["boolean", ["feature-state", "answers"], False]
EMPTY: Style = {"type": "FeatureCollection", "features": []}
STRONG = (ColourClass.STREET, ColourClass.POLICE, ColourClass.JUSTICE)
LABEL_SIZE = {ColourClass.STREET: 15, ColourClass.POLICE: 13, ColourClass.JUSTICE: 13}
SMALL_LABEL = 12

# Labels of outlines stand off the middle, where the streets' names are.
LABEL_OFFSET = {ColourClass.POLICE: [0, 1.5], ColourClass.JUSTICE: [0, -1.5]}


def style(entries: Sequence[LayerEntry], palette: Palette) -> Style:
    """The whole style. Layer ids: KIND-fill, KIND-line, KIND-answer, KIND-label, and the points."""
    return {
        "version": 8,
        "name": "fengqiao",
        "sources": dict(_sources(entries)),
        "layers": [
            {
                "id": "background",
                "type": "background",
                "paint": {"background-color": palette.background},
            },
            *(_fill(entry, palette) for entry in entries),
            *(_line(entry, palette) for entry in _district_last(entries)),
            *(_answer(entry, palette) for entry in entries),
            *_reach(palette),
            _reports(palette),
            *(_label(entry, palette) for entry in reversed(entries)),
            _asked(palette),
        ],
    }


def _district_last(entries: Iterable[LayerEntry]) -> list[LayerEntry]:
    """The district's limits are drawn over those that end at them."""
    return sorted(entries, key=lambda entry: entry.kind is AreaKind.DISTRICT)


def _sources(entries: Iterable[LayerEntry]) -> Iterable[tuple[str, Style]]:
    for entry in entries:
        yield f"areas-{entry.kind}", {"type": "geojson", "data": EMPTY, "promoteId": "code"}
        yield f"lines-{entry.kind}", {"type": "geojson", "data": EMPTY}
        yield f"labels-{entry.kind}", {"type": "geojson", "data": EMPTY}
    for name in ("reports", "reach", "asked"):
        yield name, {"type": "geojson", "data": EMPTY}


def _layer(entry: LayerEntry, role: str, kind: str, **words: Style) -> Style:
    source = {"label": "labels", "line": "lines"}.get(role, "areas")
    return {
        "id": f"{entry.kind}-{role}",
        "type": kind,
        "source": f"{source}-{entry.kind}",
        "minzoom": entry.label_zoom if role == "label" else entry.min_zoom,
        **words,
    }


def _visibility(entry: LayerEntry) -> str:
    return "visible" if entry.shown else "none"


def _fill(entry: LayerEntry, palette: Palette) -> Style:
    colour, opacity = _ground(entry, palette)
    paint = {"fill-color": colour, "fill-opacity": opacity, "fill-antialias": False}
    return _layer(entry, "fill", "fill", paint=paint, layout={"visibility": _visibility(entry)})


def _ground(entry: LayerEntry, palette: Palette) -> tuple[Any, float]:
    if entry.drawing is Drawing.OUTLINE:
        return palette.strokes[entry.colour].colour, 0.03
    if entry.kind is AreaKind.DISTRICT:
        return palette.ground, 1.0
    steps = [part for pair in enumerate(palette.tints[1:], start=1) for part in pair]
    return ["match", ["get", "tint"], *steps, palette.tints[0]], 0.9


def _line(entry: LayerEntry, palette: Palette) -> Style:
    layout = {"visibility": _visibility(entry), "line-join": "round"}
    return _layer(
        entry, "line", "line", paint=_stroke(palette.strokes[entry.colour]), layout=layout
    )


def _stroke(stroke: Stroke) -> Style:
    paint: Style = {"line-color": stroke.colour, "line-width": _growing(stroke.width)}
    if stroke.dash:
        paint["line-dasharray"] = list(stroke.dash)
    return paint


def _growing(size: float) -> list[Any]:
    """A size in pixels that is smaller while the whole district is in sight."""
    return ["interpolate", ["linear"], ["zoom"], 10, size * 0.7, 12, size]


def _answer(entry: LayerEntry, palette: Palette) -> Style:
    """The limits of an area that answers for the asked point, shown whatever layers are on."""
    stroke = palette.strokes[entry.colour]
    paint = {
        "line-color": palette.text[entry.colour],
        "line-width": stroke.width + 2.2,
        "line-opacity": ["case", ACTIVE, 0.95, 0],
    }
    return _layer(entry, "answer", "line", paint=paint, layout={"line-join": "round"})


def _reach(palette: Palette) -> list[Style]:
    """How far from a found address the place may really be."""
    return [
        {
            "id": "reach-fill",
            "type": "fill",
            "source": "reach",
            "paint": {"fill-color": palette.accent, "fill-opacity": 0.14},
        },
        {
            "id": "reach-line",
            "type": "line",
            "source": "reach",
            "paint": {"line-color": palette.accent, "line-width": 1.6, "line-dasharray": [3, 2]},
        },
    ]


def _label(entry: LayerEntry, palette: Palette) -> Style:
    strong = entry.colour in STRONG
    layout = {
        "visibility": _visibility(entry),
        "text-field": ["get", "name"],
        "text-font": BOLD if strong else PLAIN,
        "text-size": _growing(LABEL_SIZE.get(entry.colour, SMALL_LABEL)),
        "text-offset": LABEL_OFFSET.get(entry.colour, [0, 0]),
        "text-max-width": 9,
        "text-padding": 4,
    }
    paint = {
        "text-color": palette.text[entry.colour],
        "text-halo-color": palette.halo,
        "text-halo-width": 1.6,
    }
    return _layer(entry, "label", "symbol", layout=layout, paint=paint)


def _reports(palette: Palette) -> Style:
    chosen = ["boolean", ["get", "chosen"], False]
    far, near = (["case", chosen, large, small] for large, small in ((8, 4), (10, 7)))
    size = ["interpolate", ["linear"], ["zoom"], 10, far, 13, near]
    return {
        "id": "reports",
        "type": "circle",
        "source": "reports",
        "paint": {
            "circle-color": ["match", ["get", "kind"], "patrol", palette.patrol, palette.report],
            "circle-radius": size,
            "circle-stroke-color": palette.halo,
            "circle-stroke-width": ["case", chosen, 4, 1.6],
        },
    }


def _asked(palette: Palette) -> Style:
    return {
        "id": "asked",
        "type": "circle",
        "source": "asked",
        "paint": {
            "circle-color": palette.accent,
            "circle-radius": 7,
            "circle-stroke-color": palette.halo,
            "circle-stroke-width": 3,
        },
    }
