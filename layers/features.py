"""Area layers as GeoJSON: one layer of one edition, bytes ready to be sent.

Coordinates are EPSG:4326, longitude first, rounded to 7 decimals (1 cm). Each feature says where
its label belongs, so that a map draws every name once however its tiles are cut; the collection's
foreign member `lines` holds every line once, so that the dashes of two neighbours do not fill up.
"""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from grids.areas import AreaRecord
from layers.tints import tints

Shapes = TypeVar("Shapes", BaseGeometry, NDArray[np.object_])

DECIMALS = 7
LABEL_TOLERANCE_DEG = 1e-4
FORMAT = 2  # counted up when the same edition is to be written otherwise


def etag(kind: str, edition_id: int, fingerprint: str, source: str) -> str:
    """The strong ETag of a layer: an edition never changes, so its name is its content's."""
    return f'"{kind}-{edition_id}-{fingerprint[:16]}-{source}-{FORMAT}"'


def collection(areas: Sequence[AreaRecord], source: str) -> bytes:
    """A GeoJSON FeatureCollection in UTF-8, in the order given; empty for no areas.

    `source` says in the file itself where its lines come from: `synthetic` or `imported`.
    """
    shapes = np.array([area.geometry for area in areas], dtype=object)
    written = shapely.to_geojson(_rounded(shapes))
    rows = zip(areas, tints(shapes), _label_points(shapes), written, strict=True)
    features = ",".join(
        _feature(area, tint, label, geometry) for area, tint, label, geometry in rows
    )
    lines = shapely.to_geojson(_rounded(shapely.union_all(shapely.boundary(shapes))))
    head = f'{{"type":"FeatureCollection","source":{json.dumps(source)},'
    return f'{head}"features":[{features}],"lines":{lines}}}'.encode()


def _feature(area: AreaRecord, tint: int, label: list[float], geometry: str) -> str:
    properties: dict[str, Any] = {
        "code": area.code,
        "name": area.name,
        "unit_code": area.unit_code,
        "unit_name": area.unit_name,
        "tint": tint,
        "label": label,
    }
    said = json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
    return f'{{"type":"Feature","properties":{said},"geometry":{geometry}}}'


def _rounded(shapes: Shapes) -> Shapes:
    return shapely.transform(shapes, lambda coordinates: np.round(coordinates, DECIMALS))


def _label_points(shapes: NDArray[np.object_]) -> list[list[float]]:
    """The middle of the largest circle that fits into each area: always well inside of it."""
    circles = shapely.maximum_inscribed_circle(shapes, tolerance=LABEL_TOLERANCE_DEG)
    middles = shapely.get_point(circles, 0)
    points = np.column_stack([shapely.get_x(middles), shapely.get_y(middles)])
    return [[float(lon), float(lat)] for lon, lat in np.round(points, DECIMALS)]
