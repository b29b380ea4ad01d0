"""One tile, written: layers of features with ids and properties (Mapbox Vector Tile 2.1).

https://github.com/mapbox/vector-tile-spec/tree/master/2.1. The same content gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gis.wording import Wording
from layers.tiles.commands import AREAS, LINES, POINTS, Ints, commands
from layers.tiles.cutting import BUFFER, EXTENT, Shapes, cut
from layers.tiles.protobuf import (
    bytes_field,
    double_field,
    number_field,
    packed_field,
    zigzag,
)
from layers.tiles.scheme import Tile

VERSION = 2
MOST_ID = 2**53 - 1
"""Browsers count no further without error."""
GEOMETRY_TYPE = {POINTS: number_field(3, 1), LINES: number_field(3, 2), AREAS: number_field(3, 3)}
MOST_INT, LEAST_INT = 2**64 - 1, -(2**63)

Value = str | int | float | bool | None
Tags = tuple[tuple[str, bytes], ...]
"""Properties ready to be put into any tile."""


class BadLayer(ValueError):
    """A layer that cannot be written: what is wrong and how to mend it."""

    def __init__(self, what: Wording, mend: Wording) -> None:
        super().__init__(f"{what}. 处理 / Mend: {mend}")
        self.what = what
        self.mend = mend


@dataclass(frozen=True, eq=False)
class Layer:
    """Features of one layer: valid geometries in EPSG:3857, ids and properties, n of each.

    Ids are whole numbers from 0 to 2^53 - 1. Raises BadLayer where the lengths or the ids do not
    fit.
    """

    name: str
    shapes: Shapes
    ids: Ints
    tags: Sequence[Tags]

    def __post_init__(self) -> None:
        if not len(self.shapes) == len(self.ids) == len(self.tags):
            what = Wording(f"图层 {self.name} 长度不一", f"layer {self.name} has unequal columns")
            raise BadLayer(what, Wording("一一对应", "give one id and one row to each geometry"))
        if len(self.ids) and not 0 <= self.ids.min() <= self.ids.max() <= MOST_ID:
            what = Wording(f"图层 {self.name} 编号越界", f"layer {self.name} has ids out of range")
            raise BadLayer(what, Wording("用 0 到 2^53-1", "give ids from 0 to 2^53 - 1"))


def tags(properties: Mapping[str, Value]) -> Tags:
    """Properties, written once for all tiles. None and NaN say that nothing is known: left out.

    Raises BadLayer for a value that a tile cannot hold.
    """
    known = {name: value for name, value in properties.items() if value is not None}
    return tuple((name, _value(name, value)) for name, value in known.items() if value == value)  # noqa: PLR0124


def _value(name: str, value: str | float) -> bytes:
    if isinstance(value, bool):
        return number_field(7, value)
    if isinstance(value, int) and LEAST_INT <= value <= MOST_INT:
        return number_field(5, value) if value >= 0 else number_field(6, zigzag(value))
    if isinstance(value, float):
        return double_field(3, value)
    if isinstance(value, str):
        return bytes_field(1, value.encode())
    what = Wording(f"属性 {name} 写不进瓦片", f"property {name} cannot be written: {value!r}")
    raise BadLayer(what, Wording("用文字或 64 位数", "give text or a number of 64 bits"))


def encoded(tile: Tile, layers: Sequence[Layer], buffer: int = BUFFER) -> bytes:
    """The bytes of a tile; b"" where no layer has anything in it.

    `buffer`: how far lines and areas go on beyond the tile, in 4096ths of its side. Features keep
    their order; one that lies outside or has no extent on the grid is left out, and so is a layer
    without features. Raises BadLayer for two layers of one name.
    """
    names = [layer.name for layer in layers]
    if len(set(names)) < len(names):
        what = Wording(f"图层重名：{names}", f"two layers have the same name: {names}")
        raise BadLayer(what, Wording("改名", "rename one"))
    return b"".join(_layer(tile, layer, buffer) for layer in layers)


def _layer(tile: Tile, layer: Layer, buffer: int) -> bytes:
    paths = cut(layer.shapes, tile, buffer)
    drawn = commands(paths)
    starts = np.concatenate([[0], drawn.ends[:-1]])
    shown = np.flatnonzero(drawn.ends > starts).tolist()
    if not shown:
        return b""
    words = _Words()
    features = [
        _feature(
            int(layer.ids[place]),
            words.numbers(layer.tags[place]),
            GEOMETRY_TYPE[int(paths.kinds[place])],
            drawn.written[starts[place] : drawn.ends[place]],
        )
        for place in shown
    ]
    head = bytes_field(1, layer.name.encode())
    tail = number_field(5, EXTENT) + number_field(15, VERSION)
    return bytes_field(3, b"".join([head, *features, words.written(), tail]))


def _feature(identity: int, numbers: list[int], kind: bytes, geometry: bytes) -> bytes:
    tagged = packed_field(2, numbers) if numbers else b""
    return bytes_field(2, number_field(1, identity) + tagged + kind + bytes_field(4, geometry))


class _Words:
    """The names and values of a layer, each once, numbered as they come."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        self._values: dict[bytes, int] = {}

    def numbers(self, row: Tags) -> list[int]:
        """Name, value, name, value … as numbers."""
        numbers = []
        for name, value in row:
            numbers.append(self._names.setdefault(name, len(self._names)))
            numbers.append(self._values.setdefault(value, len(self._values)))
        return numbers

    def written(self) -> bytes:
        """Both lists as fields of the layer."""
        names = (bytes_field(3, name.encode()) for name in self._names)
        values = (bytes_field(4, value) for value in self._values)
        return b"".join([*names, *values])
