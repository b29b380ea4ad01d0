"""`fengqiao areas`: check layers, import them as a dated edition, list and trace areas.

Exit codes: 0 done, 1 could not be done, 2 the layers or the words are at fault.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from api.cli.database import home, own_database
from gis.cluster import Cluster
from gis.database import Database
from gis.installation import ClusterError
from grids.areas import AreaRecord
from grids.hierarchy import TITLES, AreaKind
from grids.importer import (
    MEND_WITHIN_M,
    Change,
    Draft,
    FaultKind,
    ImportRefused,
    LayerTwice,
    Report,
    Tolerance,
    UnknownColumn,
    Wishes,
    apply,
    check,
    plan,
    read_file,
)
from grids.models import Edition
from grids.store import areas_of, edition_at, lineage_of
from maps.faults import fault_map

app = typer.Typer(
    name="areas",
    help="区域:检查、导入、列出、沿革 / areas: check, import, list, lineage",
    no_args_is_help=True,
)

BEIJING = ZoneInfo("Asia/Shanghai")
FAULTY = 2

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
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出 / print JSON")]


class BadWord(ValueError):
    """A command-line word that cannot be understood."""


@app.command("check")
def check_(
    layer: Layers,
    *,
    crs: Crs = None,
    datum: Datum = None,
    encoding: Encoding = None,
    column: Column = None,
    mend: Mend = False,
    mend_within: MendWithin = MEND_WITHIN_M,
    tolerance: ToleranceM2 = 1.0,
    accept: Accept = None,
    map_file: MapFile = None,
    report_file: ReportFile = None,
    as_json: AsJson = False,
) -> None:
    """检查图层本身,不需要数据库 / check layers by themselves, without a database."""
    with _plain_errors(as_json=as_json):
        drafts = read_layers(layer, crs, datum, encoding, column)
        wishes = _wishes(tolerance, accept, mend_within if mend else None)
        report = check(drafts, wishes)
        _write(report, drafts, map_file, report_file)
    _say(report.as_json(), _told(report), as_json=as_json)
    if not report.ok:
        raise typer.Exit(FAULTY)


@app.command("import")
def import_(
    layer: Layers,
    *,
    valid_from: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="生效日,默认今天 / first day, default today"),
    ] = None,
    author: Annotated[str, typer.Option(help="经办人 / who imports")] = "",
    note: Annotated[str, typer.Option(help="说明 / note")] = "",
    crs: Crs = None,
    datum: Datum = None,
    encoding: Encoding = None,
    column: Column = None,
    mend: Mend = False,
    mend_within: MendWithin = MEND_WITHIN_M,
    tolerance: ToleranceM2 = 1.0,
    accept: Accept = None,
    map_file: MapFile = None,
    report_file: ReportFile = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只检查与比对 / store nothing")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """检查、比对并导入为一个新版本;全部成功或全不导入 / all layers become one edition, or none."""
    with _plain_errors(as_json=as_json):
        drafts = read_layers(layer, crs, datum, encoding, column)
        wishes = _wishes(tolerance, accept, mend_within if mend else None)
        with _transaction() as session:
            change = plan(
                session,
                drafts,
                valid_from=valid_from.date() if valid_from else _today(),
                author=author.strip() or _account(),
                note=note,
                wishes=wishes,
            )
            _write(change.report, drafts, map_file, report_file)
            edition = apply(session, change) if change.report.ok and not dry_run else None
            # Put into words before the commit, while the edition is at hand; said only after it.
            outcome = _outcome(change, edition, dry_run=dry_run)
            words = [*_told(change.report), *_concluded(change, edition, dry_run=dry_run)]
    _say(outcome, words, as_json=as_json)
    if not change.report.ok:
        raise typer.Exit(FAULTY)


@app.command("list")
def list_(
    *,
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="哪一天,默认今天 / which day, default today"),
    ] = None,
    kind: Annotated[AreaKind | None, typer.Option(help="只列一种 / only this kind")] = None,
    as_json: AsJson = False,
) -> None:
    """列出某日有效的区域 / list the areas in force on a day."""
    on = at.date() if at else _today()
    with _plain_errors(as_json=as_json), _transaction() as session:
        edition = edition_at(session, on)
        areas = areas_of(session, edition.id, [kind] if kind else None) if edition else []
        found = {
            "on": on.isoformat(),
            "edition": _edition(edition) if edition else None,
            "areas": [_area(area) for area in areas],
        }
        named = f"版本 / edition {edition.id}" if edition else "尚无版本 / no edition yet"
    rows = [f"{a.kind:9} {a.code:16} {a.name}  {a.unit_name}  ({a.unit_code})" for a in areas]
    _say(found, [f"{on} {named}", *rows], as_json=as_json)


@app.command()
def lineage(
    kind: Annotated[AreaKind, typer.Argument(help="种类 / kind")],
    code: Annotated[str, typer.Argument(help="编码 / code")],
    *,
    as_json: AsJson = False,
) -> None:
    """某区域由何而来、分往何处 / where an area's ground came from and went to."""
    with _plain_errors(as_json=as_json), _transaction() as session:
        steps = _steps(session, kind, code)
    words = [
        f"{step['valid_from']}  {step['predecessor']} → {step['successor']}  {step['share']:.1%}"
        for step in steps
    ]
    none = [f"{code} 没有拆分或合并 / was never split or merged"]
    _say({"kind": kind.value, "code": code, "lineage": steps}, words or none, as_json=as_json)


def _steps(session: Session, kind: AreaKind, code: str) -> list[dict[str, Any]]:
    return [
        {
            "edition": each.edition_id,
            "valid_from": session.get_one(Edition, each.edition_id).valid_from.isoformat(),
            "predecessor": each.predecessor_code,
            "successor": each.successor_code,
            "share": round(each.share, 4),
        }
        for each in lineage_of(session, kind, code)
    ]


# Words in


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
            crs=_for(kind, crs),
            datum=_for(kind, datum),
            encoding=_for(kind, encoding),
            columns=_columns(kind, columns),
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


def _for(kind: AreaKind, words: Sequence[str] | None) -> str | None:
    """What was said for this kind, else what was said for all."""
    said = dict(_keyed(word) for word in words or ())
    return said.get(kind.value, said.get(""))


def _keyed(word: str) -> tuple[str, str]:
    name, equals, rest = word.partition("=")
    return (name, rest) if equals and name in list(AreaKind) else ("", word)


def _columns(kind: AreaKind, words: Sequence[str] | None) -> dict[str, str]:
    found = {}
    for word in words or ():
        field, equals, column = word.partition("=")
        owner, dot, inner = field.rpartition(".")
        if not equals or (dot and owner not in list(AreaKind)):
            raise BadWord(f"--column {word}:应为 [KIND.]FIELD=COLUMN / must be [KIND.]FIELD=COLUMN")
        if owner in ("", kind.value):
            found[inner] = column
    return found


def _wishes(
    tolerance: float, accept: Sequence[FaultKind] | None, mend_within: float | None
) -> Wishes:
    return Wishes(Tolerance(area_m2=tolerance), mend_within, frozenset(accept or ()))


def _today() -> date:
    return datetime.now(BEIJING).date()


def _account() -> str:
    return os.environ.get("USER") or f"uid {os.getuid()}"


@contextmanager
def _transaction() -> Iterator[Session]:
    """One transaction on the database in use, whose connections are closed afterwards."""
    database = Database(own_database() or Cluster(home()).ensure())
    try:
        with database.transaction() as session:
            yield session
    finally:
        database.engine.dispose()


# Words out


def _told(report: Report) -> list[str]:
    lines = [f"{TITLES[kind][0]} {kind}: {count}" for kind, count in report.counts]
    lines += report.assumptions
    lines += [f"修补 / mended: {repair.what.zh} / {repair.what.en}" for repair in report.repairs]
    for number, fault in enumerate(report.faults, start=1):
        mark = "(已接受 accepted) " if fault.accepted else ""
        lines.append(f"错误 / fault {number}: {mark}{fault.what.zh} / {fault.what.en}")
        lines.append(f"    处理 / mend: {fault.mend.zh} / {fault.mend.en}")
    return lines


def _concluded(change: Change, edition: Edition | None, *, dry_run: bool) -> list[str]:
    lines = [
        f"{TITLES[each.kind][0]} {each.kind}: +{len(each.added)} −{len(each.removed)} "
        f"~{len(each.changed)} ={each.unchanged}"
        for each in change.report.differences
    ]
    if not change.report.ok:
        return [*lines, "有错误,未导入 / faults found, nothing imported"]
    if not change.report.changes:
        return [*lines, "没有变化 / nothing changed"]
    if edition is None or dry_run:
        return [*lines, "试运行,未导入 / dry run, nothing imported"]
    return [*lines, f"已导入为版本 {edition.id} / imported as edition {edition.id}"]


def _outcome(change: Change, edition: Edition | None, *, dry_run: bool) -> dict[str, Any]:
    return {
        **change.report.as_json(),
        "valid_from": change.valid_from.isoformat(),
        "base_edition": change.base,
        "dry_run": dry_run,
        "edition": _edition(edition) if edition else None,
    }


def _edition(edition: Edition) -> dict[str, Any]:
    return {
        "id": edition.id,
        "valid_from": edition.valid_from.isoformat(),
        "author": edition.author,
        "note": edition.note,
        "source": edition.source,
        "fingerprint": edition.fingerprint,
    }


def _area(area: AreaRecord) -> dict[str, Any]:
    return {
        "kind": area.kind.value,
        "code": area.code,
        "name": area.name,
        "parent_code": area.parent_code,
        "unit_code": area.unit_code,
        "unit_name": area.unit_name,
        "phone": area.phone,
    }


def _write(
    report: Report, drafts: Sequence[Draft], map_file: Path | None, report_file: Path | None
) -> None:
    if report_file:
        report_file.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    if map_file:
        areas = [area for draft in drafts for area in draft.areas]
        map_file.write_text(fault_map(report, areas, title="区域检查 Area check"))


def _say(found: dict[str, Any], words: Sequence[str], *, as_json: bool) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(words))


@contextmanager
def _plain_errors(*, as_json: bool) -> Iterator[None]:
    """Errors a person can mend, without a traceback."""
    try:
        yield
    except (BadWord, UnknownColumn, LayerTwice) as error:
        _fail(str(error), FAULTY, as_json=as_json)
    except (ImportRefused, ClusterError) as error:
        _fail(str(error), 1, as_json=as_json)
    except ProgrammingError as error:
        mend = "数据库结构过旧或为空 / the schema is missing or old: fengqiao db upgrade"
        _fail(f"{mend} ({error.orig})", 1, as_json=as_json)
    except OperationalError as error:
        _fail(f"数据库连接失败 / cannot reach the database: {error.orig}", 1, as_json=as_json)
    except OSError as error:
        _fail(f"无法读写文件 / cannot read or write: {error}", 1, as_json=as_json)


def _fail(message: str, code: int, *, as_json: bool) -> None:
    text = json.dumps({"error": message}, ensure_ascii=False) if as_json else message
    typer.echo(text, err=not as_json)
    raise typer.Exit(code)
