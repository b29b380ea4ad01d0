"""`fengqiao route`: the points of a table routed over any polygon files, without a database.

Every row of the table comes out again, in its order, with five columns for each layer: code, name,
distance_m (to the layer's nearest line), class, runner_up (across that line), and with `error`.
Classes: inside, near_line (within --near-m), on_line, gap, overlap, outside; bad_row where the row
holds no point.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import shapely
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from api.cli.console import FAULTY, AsJson, BadWord, plain_errors, say
from api.cli.layer_options import columns_of, said_of
from api.cli.route_layers import Ground, read_ground
from api.cli.route_points import BadPoint, Points, points_of
from gis.datum import parse_datum
from gis.files import Table, read_table, write_csv
from gis.geometry import Frame
from grids.jurisdictions import NEAR_M, Confidence
from grids.locate import POSITIONS, LayerAnswer, LayerIndex, Locator, Position

PIECE = 2**17  # rows located and written at once
MOST_SHOWN = 50
BAD_ROW = "bad_row"
COLUMNS = ("code", "name", "distance_m", "class", "runner_up")

# The class of each of the locator's positions, in their order; "near" is decided here.
CLASSES = np.array([Confidence(position.value).value for position in POSITIONS], dtype=object)
INSIDE = POSITIONS.index(Position.INSIDE)

File = Annotated[Path, typer.Argument(help="点表 CSV 或 XLSX / table of points, CSV or XLSX")]
Out = Annotated[Path, typer.Option(help="结果 CSV / the result, CSV")]
Layers = Annotated[
    list[str], typer.Option("--layer", help="图层 NAME=FILE,可重复 / a layer, may be repeated")
]
PointDatum = Annotated[
    str, typer.Option("--datum", help="点的基准 / datum of the points: wgs84 cgcs2000 gcj02 bd09")
]
Lon = Annotated[str, typer.Option(help="经度列 / column of longitude")]
Lat = Annotated[str, typer.Option(help="纬度列 / column of latitude")]
Encoding = Annotated[str | None, typer.Option(help="点表编码 / encoding of the table, e.g. GBK")]
Near = Annotated[float, typer.Option(min=0, help="近界线的米数 / this near to a line, metres")]
Column = Annotated[
    list[str] | None,
    typer.Option(help="列对应 / columns of the layers: [NAME.]code=COLUMN [NAME.]name=COLUMN"),
]
LayerCrs = Annotated[
    list[str] | None,
    typer.Option(help="图层未声明时的坐标系 / of layers that declare none: [NAME=]CRS"),
]
LayerDatum = Annotated[
    list[str] | None, typer.Option(help="图层的基准 / datum of the layers: [NAME=]gcj02")
]
LayerEncoding = Annotated[
    list[str] | None, typer.Option(help="图层属性编码 / of the attributes: [NAME=]GBK")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="有错误行则不写 / write nothing where a row is bad")
]


def route(
    file: File,
    *,
    out: Out,
    layer: Layers,
    datum: PointDatum,
    lon: Lon = "lon",
    lat: Lat = "lat",
    encoding: Encoding = None,
    near_m: Near = NEAR_M,
    column: Column = None,
    layer_crs: LayerCrs = None,
    layer_datum: LayerDatum = None,
    layer_encoding: LayerEncoding = None,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """点表 × 任意面图层:每行由谁负责,不需要数据库 / who answers for each row, no database."""
    with plain_errors(as_json=as_json):
        _require_folder(out)
        files = _files(layer)
        table = read_table(file, encoding)
        header = _header(table, files)
        grounds = [
            read_ground(
                name,
                path,
                crs=said_of(name, layer_crs, files),
                datum=said_of(name, layer_datum, files),
                encoding=said_of(name, layer_encoding, files),
                columns=columns_of(name, column, files),
            )
            for name, path in files.items()
        ]
        points = points_of(table, (lon, lat), parse_datum(datum), _extent(grounds))
        routing = Routing(points, Locator.build([each.layer for each in grounds]), near_m)
        refused = strict and bool(points.bad)
        if not refused:
            write_csv(out, header, routing.rows())
    notes = [note for ground in grounds for note in ground.notes]
    if not as_json:
        typer.echo("\n".join([*notes, *_faults(points)]), err=True)
    say(_found(routing, notes, refused), _told(routing, refused), as_json=as_json)
    if refused:
        raise typer.Exit(FAULTY)


class Routing:
    """The points on their way over the layers; `classes` counts what came out for each layer."""

    def __init__(self, points: Points, locator: Locator, near_m: float) -> None:
        self.points = points
        self.good = points.good
        self.locator = locator
        self.near_m = near_m
        self.classes: dict[str, Counter[str]] = {each.kind: Counter() for each in locator.layers}

    def rows(self) -> Iterator[Sequence[object]]:
        """Each row of the table with its answers, computed piece by piece."""
        begins = range(0, len(self.points.rows), PIECE)
        hidden = not sys.stderr.isatty()
        for begin in track(begins, "分派 / routing", console=Console(stderr=True), disable=hidden):
            piece = slice(begin, begin + PIECE)
            answers = zip(*self._columns(piece), strict=True)
            for row, answer in zip(self.points.rows[piece], answers, strict=True):
                yield row + answer

    def _columns(self, piece: slice) -> list[list[object]]:
        lon, lat, good = self.points.lon[piece], self.points.lat[piece], self.good[piece]
        found = self.locator.locate(lon, lat)
        columns: list[list[object]] = []
        for layer in self.locator.layers:
            columns += self._layer_columns(layer, found[layer.kind], good)
        errors = [
            self.points.bad.get(place, "") for place in range(piece.start, piece.start + len(lon))
        ]
        return [*columns, [str(error) for error in errors]]

    def _layer_columns(
        self, layer: LayerIndex, found: LayerAnswer, good: NDArray[np.bool_]
    ) -> list[list[object]]:
        codes = np.array([*layer.codes, ""], dtype=object)  # -1, none, is the last one
        names = np.array([*layer.names, ""], dtype=object)
        distance = np.round(found.distance_m, 3).astype(object)
        distance[np.isinf(found.distance_m)] = ""
        classes = CLASSES[found.position]
        near = (found.position == INSIDE) & (found.distance_m <= self.near_m)
        classes[near] = Confidence.NEAR_LINE.value
        classes[~good] = BAD_ROW
        self.classes[layer.kind].update(classes)
        columns = [codes[found.area], names[found.area], distance, codes[found.runner_up]]
        for column in columns:
            column[~good] = ""
        columns.insert(COLUMNS.index("class"), classes)
        return [column.tolist() for column in columns]


# Words in


def _require_folder(out: Path) -> None:
    """Said now and not after minutes of work."""
    if not out.absolute().parent.is_dir():
        raise BadWord(f"--out {out}:文件夹不存在 / its folder does not exist")


def _files(words: Sequence[str]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for word in words:
        name, _, file = word.partition("=")
        if not name or not file:
            raise BadWord(f"--layer {word}:应为 NAME=FILE / must be NAME=FILE")
        if name in files:
            raise BadWord(f"--layer {word}:{name} 给了两次 / {name} is given twice")
        files[name] = Path(file)
    return files


def _header(table: Table, names: Iterable[str]) -> list[str]:
    new = [*(f"{name}_{column}" for name in names for column in COLUMNS), "error"]
    taken = [column for column in new if column in table.header]
    if taken:
        every = ", ".join(taken)
        raise BadWord(f"点表中已有列 {every},请改名 / the table has {every} already, rename them")
    return [*table.header, *new]


def _extent(grounds: Sequence[Ground]) -> Frame:
    """Where the layers lie, all together."""
    shapes = [shape for ground in grounds for shape in ground.layer.geometries]
    return Frame(*shapely.total_bounds(shapes).tolist())


# Words out


def _found(routing: Routing, notes: Sequence[str], refused: bool) -> dict[str, Any]:
    points = routing.points
    return {
        "rows": len(points.rows),
        "routed": 0 if refused else len(points.rows) - len(points.bad),
        "bad_rows": len(points.bad),
        "faults": [_fault(each) for each in list(points.bad.values())[:MOST_SHOWN]],
        "layers": {
            layer.kind: {"areas": len(layer.codes), "classes": routing.classes[layer.kind]}
            for layer in routing.locator.layers
        },
        "notes": notes,
    }


def _fault(bad: BadPoint) -> dict[str, Any]:
    return {
        "row": bad.number,
        "field": bad.field,
        "what": bad.what._asdict(),
        "mend": bad.mend._asdict(),
    }


def _faults(points: Points) -> list[str]:
    lines = [f"第 {bad.number} 行 / row {bad.number}, {bad}" for bad in points.bad.values()]
    left = len(lines) - MOST_SHOWN
    more = [f"… 另有 {left} 行 / and {left} more"] if left > 0 else []
    return lines[:MOST_SHOWN] + more


def _told(routing: Routing, refused: bool) -> list[str]:
    rows, bad = len(routing.points.rows), len(routing.points.bad)
    if refused:
        return [f"有 {bad} 行错误,未写结果 / {bad} bad rows, nothing written"]
    lines = [
        f"{name}: " + ", ".join(f"{each} {count}" for each, count in counts.most_common())
        for name, counts in routing.classes.items()
    ]
    return [*lines, f"共 {rows} 行,其中错误 {bad} 行 / {rows} rows, of them {bad} bad"]
