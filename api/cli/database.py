"""`fengqiao db`: the embedded PostGIS by hand, and the schema of whichever database is used."""

import json
from dataclasses import asdict
from pathlib import Path

import typer

from api.cli.console import (
    AsJson,
    database_url,
    fail,
    home,
    own_database,
    plain_errors,
)
from api.migrations import migrate
from gis.cluster import Cluster
from gis.installation import ClusterError

app = typer.Typer(
    name="db",
    help="内置数据库:启动、停止、状态、升级 / the embedded database: start, stop, status, upgrade",
    no_args_is_help=True,
)


@app.command()
def start(*, as_json: AsJson = False) -> None:
    """启动(没有则创建)内置数据库 / start the embedded database, create it when there is none."""
    _refuse_for_own_database(as_json=as_json)
    with plain_errors(as_json=as_json):
        Cluster(home()).ensure()
        _show_status(as_json=as_json)


@app.command()
def stop(*, as_json: AsJson = False) -> None:
    """停止内置数据库 / stop the embedded database."""
    with plain_errors(as_json=as_json):
        stopped = Cluster(home()).stop()
    words = "已停止 / stopped" if stopped else "本未运行 / it was not running"
    typer.echo(json.dumps({"stopped": stopped}) if as_json else words)


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """内置数据库的状态 / how the embedded database is."""
    with plain_errors(as_json=as_json):
        _show_status(as_json=as_json)


@app.command()
def upgrade(*, as_json: AsJson = False) -> None:
    """把数据库结构升级到本版本 / bring the schema of the database in use to this version."""
    with plain_errors(as_json=as_json):
        revision = migrate(database_url())
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
        fail(
            ClusterError(
                "已用 FENGQIAO_DATABASE_URL 指定数据库,不启动内置数据库",
                "FENGQIAO_DATABASE_URL names the database; the embedded one is not started",
                "unset FENGQIAO_DATABASE_URL",
            ),
            1,
            as_json=as_json,
        )
