"""`fengqiao overrides`: let another unit answer for some ground, with reason and author."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import shapely
import typer

from api.audit.domain import Deed
from api.cli.console import AsJson, opened_transaction, plain_errors, say, today, trace
from gis.files import read_layer
from gis.geometry import mended
from grids.areas import as_multipolygon
from grids.deciding import decide, end_override
from grids.hierarchy import AreaKind
from grids.overrides import Override
from grids.store import overrides

app = typer.Typer(
    name="overrides",
    help="改派:某地改由另一单位负责 / another unit answers for some ground",
    no_args_is_help=True,
)

Day = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="哪一天,默认今天 / which day, default today"),
]


@app.command("add")
def add(
    kind: Annotated[AreaKind, typer.Argument(help="street, police, justice …")],
    unit: Annotated[str, typer.Argument(help="单位编码 / code of the unit, see areas list")],
    *,
    ground: Annotated[Path, typer.Option(help="范围图层 / file of polygons")],
    reason: Annotated[str, typer.Option(help="理由 / reason")],
    author: Annotated[str, typer.Option(help="决定人 / who decides")],
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="首日,默认今天 / first day"),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="止于该日之前 / ends before this day"),
    ] = None,
    crs: Annotated[str | None, typer.Option(help="文件未声明时的坐标系 / CRS")] = None,
    datum: Annotated[str | None, typer.Option(help="文件的基准 / datum of the file")] = None,
    as_json: AsJson = False,
) -> None:
    """写下一项改派 / write an override down."""
    with plain_errors(as_json=as_json):
        layer = read_layer(ground, crs=crs, datum=datum)
        shape, _ = mended(shapely.union_all(layer.geodataframe.geometry.array))
        with opened_transaction() as session:
            number = decide(
                session,
                kind,
                as_multipolygon(shape),
                unit,
                reason=reason,
                author=author,
                first=first.date() if first else today(),
                end=until.date() if until else None,
            )
            content = {"kind": kind.value, "unit": unit}
            trace(session, Deed.OVERRIDE_MADE, f"override:{number}", content, reason)
    say({"id": number}, [f"改派 / override {number}"], as_json=as_json)


@app.command("list")
def list_(*, at: Day = None, as_json: AsJson = False) -> None:
    """某日有效的改派 / the overrides in force on a day."""
    on = at.date() if at else today()
    with plain_errors(as_json=as_json), opened_transaction() as session:
        found = [each for each in overrides(session) if each.holds_on(on)]
    words = [f"{o.id}  {o.kind}  {o.unit.name}  {o.reason} ({o.author})" for o in found]
    content = {"on": on.isoformat(), "overrides": [_content(each) for each in found]}
    say(content, words or [f"{on} 没有改派 / no overrides"], as_json=as_json)


@app.command("end")
def end(
    number: Annotated[int, typer.Argument(help="改派编号 / id of the override")],
    *,
    on: Day = None,
    as_json: AsJson = False,
) -> None:
    """自某日起不再改派 / let an override end on a day."""
    day = on.date() if on else today()
    with plain_errors(as_json=as_json), opened_transaction() as session:
        end_override(session, number, day)
        trace(session, Deed.OVERRIDE_ENDED, f"override:{number}", {"on": day.isoformat()})
    say({"id": number, "ended": day.isoformat()}, [f"{number} → {day}"], as_json=as_json)


def _content(override: Override) -> dict[str, Any]:
    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "id": override.id,
        "kind": override.kind.value,
        "unit_code": override.unit.code,
        "unit_name": override.unit.name,
        "reason": override.reason,
        "author": override.author,
        "from": day(override.first),
        "until": day(override.end),
    }
