"""`fengqiao areas`: check layers, import them as a dated edition, list and trace areas.

Exit codes: 0 done, 1 could not be done, 2 the layers or the words are at fault.
"""

from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from api.audit.domain import Deed
from api.cases.service import open_places
from api.cli.area_reports import area_json, concluded, edition_json, outcome, told, write
from api.cli.console import (
    FAULTY,
    AsJson,
    account,
    opened_transaction,
    plain_errors,
    say,
    today,
    trace,
)
from api.cli.layer_options import (
    Accept,
    Column,
    Crs,
    Datum,
    Encoding,
    Layers,
    MapFile,
    Mend,
    MendWithin,
    ReportFile,
    ToleranceM2,
    read_layers,
    wishes_of,
)
from grids.hierarchy import AreaKind
from grids.importer import (
    MEND_WITHIN_M,
    apply,
    check,
    plan,
)
from grids.models import Edition
from grids.store import areas_of, edition_at, lineage_of

app = typer.Typer(
    name="areas",
    help="区域:检查、导入、列出、沿革 / areas: check, import, list, lineage",
    no_args_is_help=True,
)


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
    with plain_errors(as_json=as_json):
        drafts = read_layers(layer, crs, datum, encoding, column)
        wishes = wishes_of(tolerance, accept, mend_within if mend else None)
        report = check(drafts, wishes)
        write(report, drafts, map_file, report_file)
    say(report.as_json(), told(report), as_json=as_json)
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
    with plain_errors(as_json=as_json):
        drafts = read_layers(layer, crs, datum, encoding, column)
        wishes = wishes_of(tolerance, accept, mend_within if mend else None)
        with opened_transaction() as session:
            change = plan(
                session,
                drafts,
                valid_from=valid_from.date() if valid_from else today(),
                author=author.strip() or account(),
                note=note,
                wishes=wishes,
                open_cases=open_places(session),
            )
            write(change.report, drafts, map_file, report_file)
            edition = apply(session, change) if change.report.ok and not dry_run else None
            # Put into words before the commit, while the edition is at hand; said only after it.
            found = outcome(change, edition, dry_run=dry_run)
            words = [*told(change.report), *concluded(change, edition, dry_run=dry_run)]
            if edition is not None:
                content = {"valid_from": edition.valid_from.isoformat()}
                trace(session, Deed.AREAS_IMPORTED, f"edition:{edition.id}", content)
    say(found, words, as_json=as_json)
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
    on = at.date() if at else today()
    with plain_errors(as_json=as_json), opened_transaction() as session:
        edition = edition_at(session, on)
        areas = areas_of(session, edition.id, [kind] if kind else None) if edition else []
        found = {
            "on": on.isoformat(),
            "edition": edition_json(edition) if edition else None,
            "areas": [area_json(area) for area in areas],
        }
        named = f"版本 / edition {edition.id}" if edition else "尚无版本 / no edition yet"
    rows = [f"{a.kind:9} {a.code:16} {a.name}  {a.unit_name}  ({a.unit_code})" for a in areas]
    say(found, [f"{on} {named}", *rows], as_json=as_json)


@app.command()
def lineage(
    kind: Annotated[AreaKind, typer.Argument(help="种类 / kind")],
    code: Annotated[str, typer.Argument(help="编码 / code")],
    *,
    as_json: AsJson = False,
) -> None:
    """某区域由何而来、分往何处 / where an area's ground came from and went to."""
    with plain_errors(as_json=as_json), opened_transaction() as session:
        steps = _steps(session, kind, code)
    words = [
        f"{step['valid_from']}  {step['predecessor']} → {step['successor']}  {step['share']:.1%}"
        for step in steps
    ]
    none = [f"{code} 没有拆分或合并 / was never split or merged"]
    say({"kind": kind.value, "code": code, "lineage": steps}, words or none, as_json=as_json)


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
