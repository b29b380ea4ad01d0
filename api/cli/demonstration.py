"""`fengqiao demo`: the demonstration district, loaded once and served."""

import secrets
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from api.app import create_app
from api.cli.asking import SignedIn, signed_in
from api.cli.console import AsJson, plain_errors, say, settings
from api.cli.serving import Host, Port, bound, ready_database, running
from api.demo.enrolment import Secrets, enrol
from api.demo.golden import GOLDEN, GoldenCase
from api.demo.loader import golden_number, is_loaded, load
from api.demo.people import FILER, PEOPLE
from api.hashing import Hashing
from api.rights.roles import ROLE_TITLES
from gis.database import Database
from maps import assets

UNITS = ("street", "police", "justice")
PASSWORD_BYTES = 12


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
        # Whoever only looks around needs no authenticator; what the server asks is a setting.
        chosen = settings().model_copy(update={"second_factor": "optional"})
        assets.check()
        wanted = 0 if no_serve else chosen.port if port is None else port
        with (
            bound(host or chosen.host, wanted) as listening,
            ready_database(chosen, durable=False) as database,
        ):
            _load(database, chosen.case_prefix)
            password, made = _let_in(database)
            with running(create_app(chosen, database), listening) as url:
                found = {"url": url, "password": password, "secrets": made}
                found |= _goldens(database, url, password)
                say(_as_json(found), _told(found, serving=not no_serve), as_json=as_json)
                if not no_serve:
                    _stay()


def _load(database: Database, prefix: str) -> None:
    with database.transaction() as session:
        if is_loaded(session):
            return
    typer.echo("装载示意数据,约一分钟 / loading the demonstration, about a minute …", err=True)
    load(database, datetime.now(UTC), prefix)


def _let_in(database: Database) -> tuple[str, Secrets]:
    """Secrets of this start alone: who reads what the command prints may enter."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    kept = Hashing().of(password)
    with database.transaction() as session:
        return password, enrol(session, kept, datetime.now(UTC))


def _goldens(database: Database, url: str, password: str) -> dict[str, Any]:
    with signed_in(url, FILER, password) as clerk:
        return {golden.name: _golden(database, clerk, golden) for golden in GOLDEN}


def _golden(database: Database, clerk: SignedIn, golden: GoldenCase) -> dict[str, Any]:
    """The golden case as the public API tells it, filed through the public API on first need."""
    with database.transaction() as session:
        number = golden_number(session, golden)
    if number is None:
        key = f"golden-{golden.name}-{time.time_ns()}"
        number = clerk.ask("v1/reports", golden.body, {"Idempotency-Key": key})["case_number"]
    case = clerk.ask(f"v1/cases/{number}")
    units = {each["kind"]: each["unit_name"] for each in case["assignments"]}
    return {"case_number": number, "title": golden.title, "units": units}


def _as_json(found: dict[str, Any]) -> dict[str, Any]:
    golden = found[GOLDEN[0].name]
    return {
        "url": found["url"],
        "synthetic": True,
        "case_number": golden["case_number"],
        "units": [golden["units"].get(kind) for kind in UNITS],
        "sign_ins": _sign_ins(found["password"]),
        "system_token": found["secrets"].token,
        "wall_ticket": found["secrets"].ticket,
        "golden": {name: found[name] for name in (each.name for each in GOLDEN)},
    }


def _sign_ins(password: str) -> list[dict[str, str]]:
    """Who may sign in, and as what."""
    return [
        {"role": each.role.value, "name": each.newcomer.sign_in_name, "password": password}
        for each in PEOPLE
    ]


def _told(found: dict[str, Any], *, serving: bool) -> list[str]:
    lines = ["合成数据,仅供示意 / synthetic data, for demonstration only"]
    for golden in GOLDEN:
        case = found[golden.name]
        units = "、".join(case["units"].get(kind, "—") for kind in UNITS)
        lines.append(f"{golden.title}  {case['case_number']} → {units}")
    if serving:
        lines.append(f"登录(密码均为 / all with password {found['password']}):")
        lines += [f"  {each.newcomer.sign_in_name:<22}{ROLE_TITLES[each.role]}" for each in PEOPLE]
        lines.append(f"接入系统 / connected system: Authorization: Bearer {found['secrets'].token}")
        lines.append(f"大屏票据,一小时内有效 / wall ticket, for an hour: {found['secrets'].ticket}")
        lines.append(f"打开 / open {found['url']}  (Ctrl+C 停止 / stops)")
    return lines


def _stay() -> None:
    """Serve until the terminal says stop."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(3600)
