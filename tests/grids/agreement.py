"""Memory against SQL: the same points asked of the locator and of PostGIS."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from grids.hierarchy import AreaKind
from grids.locate import LINE_TOLERANCE_DEG, Layer, Locator
from grids.store import areas_at_sql

Floats = NDArray[np.float64]


def probes(layers: Sequence[Layer], random_points: int, seed: int = 1) -> tuple[Floats, Floats]:
    """Random points over the layers and a little around; every vertex and every edge's midpoint,
    and each of these again half a tolerance and one and a half tolerances away.

    Longitudes and latitudes, EPSG:4326.
    """
    shapes = np.array([shape for layer in layers for shape in layer.geometries], dtype=object)
    west, south, east, north = shapely.total_bounds(shapes)
    around_x, around_y = 0.05 * (east - west), 0.05 * (north - south)
    random = np.random.default_rng(seed)
    low, high = [west - around_x, south - around_y], [east + around_x, north + around_y]
    scattered = random.uniform(low, high, (random_points, 2))
    drawn = np.unique(corners_and_middles(shapes), axis=0)
    turn = random.uniform(0, 2 * np.pi, len(drawn))
    aside = LINE_TOLERANCE_DEG * np.column_stack([np.cos(turn), np.sin(turn)])
    found = np.vstack([scattered, drawn, drawn + 0.5 * aside, drawn + 1.5 * aside])
    return found[:, 0], found[:, 1]


def corners_and_middles(shapes: NDArray[np.object_]) -> Floats:
    """Every vertex and every edge's midpoint, float64[n, 2]."""
    points, ring = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(shapes)), return_index=True
    )
    same = ring[:-1] == ring[1:]
    middles = ((points[:-1] + points[1:]) / 2)[same]
    return np.vstack([points, middles])


def disagreements(
    session: Session, edition_id: int, locator: Locator, lon: Floats, lat: Floats
) -> list[tuple[str, float, float, str | None, str | None]]:
    """Each point on which the two differ: kind, longitude, latitude, memory's and SQL's code."""
    in_memory = locator.areas(lon, lat)
    kinds = [AreaKind(layer.kind) for layer in locator.layers]
    in_sql = areas_at_sql(session, kinds, edition_id, lon.tolist(), lat.tolist())
    found = []
    for layer, kind in zip(locator.layers, kinds, strict=True):
        codes = np.array([*layer.codes, None], dtype=object)[in_memory[layer.kind]]
        told = np.array(in_sql[kind], dtype=object)
        found += [
            (layer.kind, float(lon[k]), float(lat[k]), codes[k], told[k])
            for k in np.flatnonzero(codes != told)
        ]
    return found
