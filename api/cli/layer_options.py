"""Layers as words of the command line: `--layer KIND=FILE` and what else can be said of a file."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated

import typer

from api.cli.console import BadWord
from grids.hierarchy import AreaKind
from grids.importer import Draft, FaultKind, Tolerance, Wishes, read_file

Layers = Annotated[
    list[str],
    typer.Option("--layer", help="图层 KIND=FILE,可重复 / a layer, may be repeated: police=FILE"),
]
Crs = Annotated[
    list[str] | None,
    typer.Option("--crs", help="文件未声明时的坐标系 [KIND=]CRS / for files that declare none"),
]
Datum = Annotated[
    list[str] | None,
    typer.Option("--datum", help="基准 [KIND=]wgs84|cgcs2000|gcj02|bd09 / datum of the files"),
]
Encoding = Annotated[
    list[str] | None,
    typer.Option("--encoding", help="属性编码 [KIND=]GBK / encoding of the attributes"),
]
Column = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        help="列对应 [KIND.]FIELD=COLUMN(code name parent unit_code unit_name phone) / columns",
    ),
]
Mend = Annotated[bool, typer.Option("--mend", help="修补窄的缺口与重叠 / mend what is narrow")]
MendWithin = Annotated[
    float, typer.Option("--mend-within", min=0, help="修补宽度上限(米) / widest mended, metres")
]
ToleranceM2 = Annotated[
    float, typer.Option("--tolerance", min=0, help="不计的面积(平方米) / ignored below, m²")
]
Accept = Annotated[
    list[FaultKind] | None,
    typer.Option("--accept", help="知情接受的错误类别 / faults knowingly accepted: gap, overlap …"),
]
MapFile = Annotated[
    Path | None, typer.Option("--map", help="写出错误地图 HTML / write the fault map there")
]
ReportFile = Annotated[
    Path | None, typer.Option("--report", help="写出 JSON 报告 / write the JSON report there")
]


def read_layers(
    layers: Sequence[str],
    crs: Sequence[str] | None = None,
    datum: Sequence[str] | None = None,
    encoding: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
) -> list[Draft]:
    """The layers given as KIND=FILE. Raises BadWord, UnknownColumn."""
    return [
        read_file(
            kind,
            path,
            crs=said_of(kind, crs),
            datum=said_of(kind, datum),
            encoding=said_of(kind, encoding),
            columns=columns_of(kind, columns),
        )
        for kind, path in map(_layer, layers)
    ]


def _layer(word: str) -> tuple[AreaKind, Path]:
    name, _, file = word.partition("=")
    if name not in list(AreaKind) or not file:
        kinds = ", ".join(AreaKind)
        raise BadWord(f"--layer {word}:应为 KIND=FILE / must be KIND=FILE; KIND: {kinds}")
    if not Path(file).exists():
        raise BadWord(f"--layer {word}:文件不存在 / no such file")
    return AreaKind(name), Path(file)


def said_of(
    layer: str, words: Sequence[str] | None, layers: Collection[str] = tuple(AreaKind)
) -> str | None:
    """What was said as [LAYER=]VALUE for this one of the layers, else what was said for all."""
    said = dict(_keyed(word, layers) for word in words or ())
    return said.get(layer, said.get(""))


def _keyed(word: str, layers: Collection[str]) -> tuple[str, str]:
    name, equals, rest = word.partition("=")
    return (name, rest) if equals and name in layers else ("", word)


def columns_of(
    layer: str, words: Sequence[str] | None, layers: Collection[str] = tuple(AreaKind)
) -> dict[str, str]:
    """What was said as [LAYER.]FIELD=COLUMN for this one of the layers. Raises BadWord."""
    found = {}
    for word in words or ():
        field, equals, column = word.partition("=")
        owner, dot, inner = field.rpartition(".")
        if not equals or (dot and owner not in layers):
            raise BadWord(f"--column {word}:应为 [KIND.]FIELD=COLUMN / must be [KIND.]FIELD=COLUMN")
        if owner in ("", layer):
            found[inner] = column
    return found


def wishes_of(
    tolerance: float, accept: Sequence[FaultKind] | None, mend_within: float | None
) -> Wishes:
    """The words about faults as wishes; `mend_within` in metres, None: mend nothing."""
    return Wishes(Tolerance(area_m2=tolerance), mend_within, frozenset(accept or ()))
