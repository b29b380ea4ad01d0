"""`fengqiao reports import`: many reports from a table, all of them or none."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from api.audit.domain import Deed
from api.beijing import beijing_day
from api.cli.console import (
    FAULTY,
    AsJson,
    fail,
    opened_database,
    plain_errors,
    say,
    settings,
    trace,
)
from api.clocks.service import read_timetable
from api.intake.preparation import Ground
from api.intake.service import KeyTaken, Office, receive_keyed
from api.intake.sheet import RowFault, Sheet, chunks, read_sheet
from api.rules.service import read_bench
from api.settings import Settings
from gis.database import Database
from gis.files import read_table
from gis.geocoding.current import CurrentGeocoder
from grids.editions import Editions, NoEdition

app = typer.Typer(
    name="reports", help="报告:批量导入 / reports: import many at once", no_args_is_help=True
)

PIECE = 500
MOST_SHOWN = 50

TAKEN = (
    "另一个导入正在写入同样的行,本次未保存 / another import is storing the same rows; nothing kept"
)


@app.callback()
def reports() -> None:
    """报告 / reports."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV 或 / or XLSX")],
    *,
    datum: Annotated[
        str | None, typer.Option(help="坐标列的坐标系 / datum of the coordinates")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="编码 / encoding, e.g. GBK")] = None,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="标记为合成数据 / mark as synthetic")
    ] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="导入其余各行 / import the other rows")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查 / store nothing")] = False,
    as_json: AsJson = False,
) -> None:
    """导入报告:全部成功或全不导入,重复导入不重复立案 / all or none; twice is once."""
    now = datetime.now(UTC)
    with plain_errors(as_json=as_json):
        sheet = read_sheet(read_table(file, encoding), now, datum, synthetic=synthetic)
    numbers: list[str] = []
    if not dry_run and (skip_bad or not sheet.faults):
        with plain_errors(as_json=as_json), opened_database() as database:
            try:
                numbers = _stored(database, sheet, now)
            except KeyTaken:
                fail(TAKEN, 1, as_json=as_json)
    say(_found(sheet, numbers, dry_run=dry_run), _told(sheet, numbers), as_json=as_json)
    if sheet.faults and not skip_bad:
        raise typer.Exit(FAULTY)


def _stored(database: Database, sheet: Sheet, now: datetime) -> list[str]:
    """Receive every row in one transaction; the numbers of the new cases."""
    chosen = settings()
    place = _ground(database, now, chosen)
    pieces = list(chunks(sheet.rows, PIECE))
    shown = Console(stderr=True)
    numbers: list[str] = []
    with database.transaction() as session:
        office = Office(chosen.case_prefix, read_timetable(session))
        ground = replace(place, bench=read_bench(session))
        for piece in track(
            pieces, "导入 / importing", console=shown, disable=not sys.stderr.isatty()
        ):
            filings = [(row.key, row.request.filing()) for row in piece]
            numbers += receive_keyed(session, filings, ground, now, office)
        content = {"rows": len(sheet.rows), "cases": len(numbers)}
        trace(session, Deed.REPORTS_IMPORTED, "reports", content)
    return numbers


def _ground(database: Database, now: datetime, chosen: Settings) -> Ground:
    geocoder = CurrentGeocoder(database).current()
    try:
        index = Editions(database).at(beijing_day(now))
    except NoEdition:
        index = None
    return Ground(index, geocoder, chosen.near_line_m)


def _found(sheet: Sheet, numbers: list[str], *, dry_run: bool) -> dict[str, Any]:
    return {
        "rows": len(sheet.rows),
        "imported": len(numbers),
        "case_numbers": numbers,
        "dry_run": dry_run,
        "faults": [_fault(each) for each in sheet.faults],
    }


def _fault(found: RowFault) -> dict[str, Any]:
    fault = found.fault
    return {
        "row": found.number,
        "field": fault.where,
        "what": fault.what._asdict(),
        "mend": fault.mend._asdict(),
    }


def _told(sheet: Sheet, numbers: list[str]) -> list[str]:
    lines = [
        f"第 {each.number} 行 / row {each.number}, {each.fault.where}: "
        f"{each.fault.what}. {each.fault.mend}"
        for each in sheet.faults[:MOST_SHOWN]
    ]
    if len(sheet.faults) > MOST_SHOWN:
        lines.append(f"… 共 {len(sheet.faults)} 处 / {len(sheet.faults)} in all")
    sound, new = len(sheet.rows), len(numbers)
    return [*lines, f"可用 {sound} 行,新立案 {new} 件 / {sound} sound rows, {new} new cases"]
