"""Layers at the door: what the index can be built from."""

from collections import Counter

import numpy as np
import shapely

from grids.locate.answers import BadLayer, Layer

POLYGONAL = ("Polygon", "MultiPolygon")


def checked(layer: Layer) -> Layer:
    """The layer with its areas in the order of their codes. Raises BadLayer."""
    if not len(layer.codes) == len(layer.names) == len(layer.geometries):
        raise BadLayer(f"layer {layer.kind}: codes, names and geometries differ in number")
    twice = [code for code, count in Counter(layer.codes).items() if count > 1]
    if twice:
        raise BadLayer(f"layer {layer.kind}: code {twice[0]} appears twice; unite its areas first")
    _refuse_faulty(layer)
    order = sorted(range(len(layer.codes)), key=lambda k: layer.codes[k])
    return Layer(
        layer.kind,
        [layer.codes[k] for k in order],
        [layer.names[k] for k in order],
        [layer.geometries[k] for k in order],
    )


def _refuse_faulty(layer: Layer) -> None:
    geometries = np.array([*layer.geometries, None], dtype=object)[:-1]
    valid = shapely.is_valid(geometries)
    for code, geometry, is_valid in zip(layer.codes, geometries, valid, strict=True):
        if getattr(geometry, "geom_type", None) not in POLYGONAL:
            what = getattr(geometry, "geom_type", "missing geometry")
            raise BadLayer(f"layer {layer.kind}, area {code}: {what} is no polygon")
        if not is_valid:
            why = shapely.is_valid_reason(geometry)
            raise BadLayer(f"layer {layer.kind}, area {code}: not valid ({why}); mend it first")
