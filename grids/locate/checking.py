"""Layers at the door: what the index can be built from."""

from collections import Counter
from collections.abc import Iterable, Sequence

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from grids.locate.answers import BadLayer, Layer
from grids.locate.frame import EAST, NORTH


def refuse_twins(layers: Sequence[Layer]) -> None:
    """Raise BadLayer for no layer at all, and for two of one kind: answers are found by it."""
    if not layers:
        raise BadLayer("no layer is given")
    twin = _twin(layer.kind for layer in layers)
    if twin is not None:
        raise BadLayer(f"layer {twin} is given twice; unite the two first")


def checked(layer: Layer) -> Layer:
    """The layer with its areas in the order of their codes. Raises BadLayer."""
    if not len(layer.codes) == len(layer.names) == len(layer.geometries):
        raise BadLayer(f"layer {layer.kind}: codes, names and geometries differ in number")
    twin = _twin(layer.codes)
    if twin is not None:
        raise BadLayer(f"layer {layer.kind}: code {twin} appears twice; unite its areas first")
    _refuse_faulty(layer)
    order = sorted(range(len(layer.codes)), key=lambda k: layer.codes[k])
    return Layer(
        layer.kind,
        [layer.codes[k] for k in order],
        [layer.names[k] for k in order],
        [layer.geometries[k] for k in order],
    )


def _twin(words: Iterable[str]) -> str | None:
    return next((word for word, count in Counter(words).items() if count > 1), None)


def _refuse_faulty(layer: Layer) -> None:
    for code, geometry in zip(layer.codes, layer.geometries, strict=True):
        fault = _fault(geometry)
        if fault:
            raise BadLayer(f"layer {layer.kind}, area {code}: {fault}")


def _fault(geometry: BaseGeometry | None) -> str | None:
    if not isinstance(geometry, (Polygon, MultiPolygon)):
        return f"{'nothing' if geometry is None else geometry.geom_type} is no polygon"
    if geometry.is_empty:
        return "the polygon is empty"
    west, south, east, north = geometry.bounds
    if not (west >= -EAST and south >= -NORTH and east <= EAST and north <= NORTH):
        return "it reaches beyond ±180° or ±90°: give EPSG:4326, cut at the 180th meridian"
    if not shapely.is_valid(geometry):
        return f"not valid ({shapely.is_valid_reason(geometry)}); mend it first"
    return None
