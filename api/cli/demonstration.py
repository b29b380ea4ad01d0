"""`fengqiao demo`: the demonstration district, loaded once and served."""

import json
import signal
import time
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from api.app import create_app
from api.cli.console import AsJson, plain_errors, say, settings
from api.cli.serving import Host, Port, bound, ready_database, running
from api.demo.golden import GOLDEN, GoldenCase
from api.demo.loader import golden_number, is_loaded, load
from gis.database import Database
from maps import assets

UNITS = ("street", "police", "justice")


def demo(
    *,
    host: Host = None,
    port: Port = None,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="只装载,不提供服务 / load only, do not serve")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """示意区:装载合成数据并启动服务 / the demonstration district: load synthetic data, serve."""
    with plain_errors(as_json=as_json):
        chosen = settings()
        assets.check()
        wanted = 0 if no_serve else chosen.port if port is None else port
        with (
            bound(host or chosen.host, wanted) as listening,
            ready_database(chosen, durable=False) as database,
        ):
            _load(database, chosen.case_prefix)
            with running(create_app(chosen, database), listening) as url:
                found = {"url": url} | {g.name: _golden(database, url, g) for g in GOLDEN}
                say(_as_json(found), _told(found, serving=not no_serve), as_json=as_json)
                if not no_serve:
                    _stay()


def _load(database: Database, prefix: str) -> None:
    with database.transaction() as session:
        if is_loaded(session):
            return
    typer.echo("装载示意数据,约一分钟 / loading the demonstration, about a minute …", err=True)
    load(database, datetime.now(UTC), prefix)


def _golden(database: Database, url: str, golden: GoldenCase) -> dict[str, Any]:
    """The golden case as the public API tells it, filed through the public API on first need."""
    with database.transaction() as session:
        number = golden_number(session, golden)
    if number is None:
        number = _file(url, golden)["case_number"]
    case = _ask(f"{url}v1/cases/{number}")
    units = {each["kind"]: each["unit_name"] for each in case["assignments"]}
    return {"case_number": number, "title": golden.title, "units": units}


def _file(url: str, golden: GoldenCase) -> dict[str, Any]:
    headers = {"Idempotency-Key": f"golden-{golden.name}-{time.time_ns()}"}
    return _ask(f"{url}v1/reports", golden.body, headers)


def _ask(
    url: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    content = None if body is None else json.dumps(body).encode()
    words = {"Content-Type": "application/json"} | (headers or {})
    request = urllib.request.Request(url, content, words)  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
    return found


def _as_json(found: dict[str, Any]) -> dict[str, Any]:
    golden = found[GOLDEN[0].name]
    return {
        "url": found["url"],
        "synthetic": True,
        "case_number": golden["case_number"],
        "units": [golden["units"].get(kind) for kind in UNITS],
        "golden": {name: found[name] for name in (each.name for each in GOLDEN)},
    }


def _told(found: dict[str, Any], *, serving: bool) -> list[str]:
    lines = ["合成数据,仅供示意 / synthetic data, for demonstration only"]
    for golden in GOLDEN:
        case = found[golden.name]
        units = "、".join(case["units"].get(kind, "—") for kind in UNITS)
        lines.append(f"{golden.title}  {case['case_number']} → {units}")
    if serving:
        lines.append(f"打开 / open {found['url']}  (Ctrl+C 停止 / stops)")
    return lines


def _stay() -> None:
    """Serve until the terminal says stop."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(3600)
