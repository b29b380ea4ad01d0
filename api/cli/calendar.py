"""`fengqiao calendar`: the days off and make-up workdays of a year."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from api.audit.domain import Deed
from api.cli.console import FAULTY, AsJson, opened_transaction, plain_errors, say, trace
from api.clocks.service import set_year
from api.clocks.sheet import Day, RowFault, read_sheet
from gis.files import read_table

app = typer.Typer(
    name="calendar",
    help="工作日历:导入每年的节假日 / the working calendar: import a year's days off",
    no_args_is_help=True,
)


@app.callback()
def calendar() -> None:
    """工作日历 / the working calendar."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV: date,kind,name (holiday | workday)")],
    *,
    year: Annotated[int, typer.Option(min=2000, max=2100, help="年份 / year")],
    reason: Annotated[str, typer.Option(help="依据 / by which notice")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查 / store nothing")] = False,
    as_json: AsJson = False,
) -> None:
    """导入一年的放假与调休,替换该年原有安排 / put a year's days in place of what was known."""
    with plain_errors(as_json=as_json):
        sheet = read_sheet(read_table(file), year)
        if not sheet.faults and not dry_run:
            with opened_transaction() as session:
                set_year(session, year, [(day.day, day.working, day.name) for day in sheet.days])
                content = {"days": len(sheet.days)}
                trace(session, Deed.CALENDAR_CHANGED, f"calendar:{year}", content, reason)
    stored = not sheet.faults and not dry_run
    say(_found(sheet.days, sheet.faults, stored), _told(sheet.days, sheet.faults), as_json=as_json)
    if sheet.faults:
        raise typer.Exit(FAULTY)


def _found(days: list[Day], faults: list[RowFault], stored: bool) -> dict[str, Any]:
    told = [
        {"row": each.number, "where": each.fault.where, "what": each.fault.what._asdict()}
        for each in faults
    ]
    return {"days": len(days), "stored": stored, "faults": told}


def _told(days: list[Day], faults: list[RowFault]) -> list[str]:
    if faults:
        return [
            f"第 {each.number} 行 / row {each.number}, {each.fault.where}:"
            f" {each.fault.what}. {each.fault.mend}"
            for each in faults
        ]
    off, on = (sorted(d.day for d in days if d.working is working) for working in (False, True))
    return [f"放假 / days off: {_listed(off)}", f"调休上班 / make-up workdays: {_listed(on)}"]


def _listed(days: list[date]) -> str:
    return f"{len(days)} ({', '.join(f'{day:%m-%d}' for day in days)})"
