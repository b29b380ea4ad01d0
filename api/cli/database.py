"""`fengqiao db`: the embedded PostGIS by hand, and the schema of whichever database is used."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.migrations import migrate
from gis.cluster import Cluster
from gis.installation import ClusterError

app = typer.Typer(
    name="db",
    help="内置数据库:启动、停止、状态、升级 / the embedded database: start, stop, status, upgrade",
    no_args_is_help=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出 / print JSON")]


def home() -> Path:
    """The data directory that ./fengqiao chose, or its default without ./fengqiao."""
    if chosen := os.environ.get("FENGQIAO_HOME"):
        return Path(chosen)
    if os.geteuid() == 0:
        return Path("/var/lib/fengqiao")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "fengqiao"


def own_database() -> str | None:
    """The database that the operator named instead of the embedded one."""
    return os.environ.get("FENGQIAO_DATABASE_URL") or None


@app.command()
def start(*, as_json: AsJson = False) -> None:
    """启动(没有则创建)内置数据库 / start the embedded database, create it when there is none."""
    _refuse_for_own_database(as_json=as_json)
    with _plain_errors(as_json=as_json):
        Cluster(home()).ensure()
        _show_status(as_json=as_json)


@app.command()
def stop(*, as_json: AsJson = False) -> None:
    """停止内置数据库 / stop the embedded database."""
    with _plain_errors(as_json=as_json):
        stopped = Cluster(home()).stop()
    words = "已停止 / stopped" if stopped else "本未运行 / it was not running"
    typer.echo(json.dumps({"stopped": stopped}) if as_json else words)


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """内置数据库的状态 / how the embedded database is."""
    with _plain_errors(as_json=as_json):
        _show_status(as_json=as_json)


@app.command()
def upgrade(*, as_json: AsJson = False) -> None:
    """把数据库结构升级到本版本 / bring the schema of the database in use to this version."""
    with _plain_errors(as_json=as_json):
        revision = migrate(own_database() or Cluster(home()).ensure())
    words = f"数据库结构版本 / schema revision: {revision}"
    typer.echo(json.dumps({"revision": revision}) if as_json else words)


def _show_status(*, as_json: bool) -> None:
    found = {
        name: str(value) if isinstance(value, Path) else value
        for name, value in asdict(Cluster(home()).status()).items()
    }
    found["in_use"] = own_database() is None
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        typer.echo(f"{name:8} {'—' if value is None else value}")


def _refuse_for_own_database(*, as_json: bool) -> None:
    if own_database() is not None:
        _fail(
            ClusterError(
                "已用 FENGQIAO_DATABASE_URL 指定数据库,不启动内置数据库",
                "FENGQIAO_DATABASE_URL names the database; the embedded one is not started",
                "unset FENGQIAO_DATABASE_URL",
            ),
            as_json=as_json,
        )


@contextmanager
def _plain_errors(*, as_json: bool) -> Iterator[None]:
    try:
        yield
    except ClusterError as error:
        _fail(error, as_json=as_json)


def _fail(error: ClusterError, *, as_json: bool) -> None:
    if as_json:
        words = {"zh": error.zh, "en": error.en, "mend": error.mend}
        typer.echo(json.dumps({"error": words}, ensure_ascii=False))
    else:
        typer.echo(str(error), err=True)
    raise typer.Exit(1)
