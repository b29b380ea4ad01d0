"""The locator: which area of each layer answers for a point, how near the line is, who is beyond.

Rule of the line: a point is on an area's line when it is within LINE_TOLERANCE_DEG of it in the
plane of longitude and latitude; of all areas that hold the point or have it on their line, the one
with the lowest code answers. PostGIS says the same with ST_DWithin(geom, point, 1e-9) ordered by
code COLLATE "C".

Distances are measured on the WGS-84 ellipsoid's scale at the latitude halfway to the line: good to
0.1 % up to some 100 km. Areas that cross the 180th meridian must be cut there.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from grids.locate.answers import POSITIONS, Layer, LayerAnswer, LayerIndex, PointAnswer, Position
from grids.locate.checking import checked, refuse_twins
from grids.locate.frame import EAST, NORTH
from grids.locate.joined import index_of
from grids.locate.judging import Court, Judgement
from grids.locate.lines import lines_of
from grids.locate.outlines import outlines_of
from grids.locate.trees import search_of
from grids.locate.verdict import areas_into, holders

NOWHERE = "must be finite degrees within ±180 and ±90"
CHUNK = 2**15  # points a thread takes at once: their answers stay in its cache

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Locator:
    """An exact index over some layers. Plain arrays: it can be pickled and shared after a fork."""

    layers: tuple[LayerIndex, ...]
    court: Court

    @classmethod
    def build(cls, layers: Sequence[Layer]) -> "Locator":
        """Index the layers. Raises BadLayer for what cannot be indexed, see `checking`."""
        refuse_twins(layers)
        layers = [checked(layer) for layer in layers]
        grounds = [lines_of(layer.geometries) for layer in layers]
        outlines, holes = outlines_of(layers)
        index = index_of(
            [*grounds, *map(lines_of, holes)],
            [*(len(layer.codes) for layer in layers), *map(len, holes)],
        )
        named = tuple(LayerIndex(x.kind, tuple(x.codes), tuple(x.names)) for x in layers)
        return cls(named, Court(index, search_of(grounds), outlines))

    @property
    def nbytes(self) -> int:
        """The memory the index holds, in bytes."""
        arrays = [*self.court.pixels, *self.court.search]
        return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))

    def areas(self, lon: ArrayLike, lat: ArrayLike) -> dict[str, Ints]:
        """The answering area of n points (degrees, EPSG:4326) in each layer: int32[n], -1 none.

        Raises ValueError for unequal shapes and for a point that is nowhere on earth.
        """
        x, y = _points(lon, lat)
        found = np.empty((len(self.layers), len(x)), np.int32)
        _in_threads(
            len(x),
            lambda part: areas_into(self.court.pixels, x, y, (part.start, part.stop), found),
        )
        return {layer.kind: found[k] for k, layer in enumerate(self.layers)}

    def locate(self, lon: ArrayLike, lat: ArrayLike) -> dict[str, LayerAnswer]:
        """The full answer for n points (degrees, EPSG:4326) in each layer. Raises as `areas`."""
        x, y = _points(lon, lat)
        answers = [_blank(layer.kind, len(x)) for layer in self.layers]

        def fill(part: slice) -> None:
            for number, answer in enumerate(answers):
                layers = np.full(len(x[part]), number, np.int32)
                judgement = self.court.judge(layers, x[part], y[part])
                for name, values in judgement._asdict().items():
                    getattr(answer, name)[part] = values

        _in_threads(len(x), fill)
        return {answer.layer: answer for answer in answers}

    def at(self, lon: float, lat: float) -> dict[str, PointAnswer]:
        """The full answer for one point (degrees, EPSG:4326) in each layer.

        Raises ValueError for a point that is nowhere on earth: beyond ±180°, ±90°, NaN.
        """
        _refuse_nowhere(lon, lat)
        count = len(self.layers)
        judgement = self.court.judge(
            np.arange(count, dtype=np.int32), np.full(count, lon), np.full(count, lat)
        )
        return {
            layer.kind: self._worded(number, judgement, lon, lat)
            for number, layer in enumerate(self.layers)
        }

    def codes_at(self, lon: float, lat: float) -> dict[str, str | None]:
        """The code of the answering area of one point in each layer, None where there is none.

        The quick form of `at`, without distances. Raises as `at`.
        """
        _refuse_nowhere(lon, lat)
        found = np.empty((len(self.layers), 1), np.int32)
        areas_into(self.court.pixels, np.array([lon]), np.array([lat]), (0, 1), found)
        return {
            layer.kind: layer.codes[area] if area >= 0 else None
            for layer, (area,) in zip(self.layers, found.tolist(), strict=True)
        }

    def _worded(self, number: int, judged: Judgement, lon: float, lat: float) -> PointAnswer:
        layer = self.layers[number]
        position = POSITIONS[judged.position[number]]
        overlapping: tuple[str, ...] = ()
        if position is Position.OVERLAP:
            held = holders(self.court.pixels, number, lon, lat)
            overlapping = tuple(layer.codes[area] for area in held)
        return PointAnswer(
            layer.kind,
            _named(layer.codes, judged.area[number]),
            _named(layer.names, judged.area[number]),
            position,
            float(judged.distance_m[number]),
            _named(layer.codes, judged.runner_up[number]),
            overlapping,
            _named(layer.codes, judged.nearest[number]),
        )


def _named(texts: tuple[str, ...], area: int) -> str | None:
    return texts[area] if area >= 0 else None


def _blank(kind: str, count: int) -> LayerAnswer:
    return LayerAnswer(
        kind,
        area=np.empty(count, np.int32),
        position=np.empty(count, np.int8),
        distance_m=np.empty(count, np.float64),
        runner_up=np.empty(count, np.int32),
        nearest=np.empty(count, np.int32),
        deep=np.empty(count, np.int32),
        touching=np.empty(count, np.int32),
    )


def _refuse_nowhere(lon: float, lat: float) -> None:
    if not (abs(lon) <= EAST and abs(lat) <= NORTH):  # not so for NaN either
        raise ValueError(f"lon {lon}, lat {lat}: {NOWHERE}")


def _points(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    x = np.ascontiguousarray(lon, dtype=np.float64)
    y = np.ascontiguousarray(lat, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"lon and lat must be two lists of one length, not {x.shape}, {y.shape}")
    somewhere = (np.abs(x) <= EAST) & (np.abs(y) <= NORTH)
    if not somewhere.all():
        first = int(np.argmin(somewhere))
        raise ValueError(f"point {first}: lon {x[first]}, lat {y[first]}: {NOWHERE}")
    return x, y


def _in_threads(count: int, work: Callable[[slice], None]) -> None:
    """Do the work for all points, chunk by chunk, on as many threads as there are cores.

    The threads live for one call: a pool kept longer would not survive a fork.
    """
    parts = [slice(begin, min(begin + CHUNK, count)) for begin in range(0, count, CHUNK)]
    if len(parts) == 1:
        work(parts[0])
        return
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for done in [pool.submit(work, part) for part in parts]:
            done.result()
