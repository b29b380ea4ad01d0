"""`fengqiao`: the command line. One module for each group of commands."""

import typer

from api.cli.accounts import app as accounts
from api.cli.areas import app as areas
from api.cli.audit import app as audit
from api.cli.calendar import app as calendar
from api.cli.database import app as database
from api.cli.deliveries import app as deliveries
from api.cli.demonstration import demo
from api.cli.keys import app as keys
from api.cli.lookup import geocode, route_point
from api.cli.overrides import app as overrides
from api.cli.reports import app as reports
from api.cli.retention import app as retention
from api.cli.route import route
from api.cli.serving import serve
from api.cli.working import worker

app = typer.Typer(
    name="fengqiao",
    help="枫桥:综治中心的网格管理与分派 / grid management and dispatch for a governance centre",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
GROUPS = (
    accounts,
    areas,
    audit,
    calendar,
    database,
    deliveries,
    keys,
    overrides,
    reports,
    retention,
)
for group in GROUPS:
    app.add_typer(group)
for command in (demo, serve, worker, route, route_point, geocode):
    app.command()(command)


def main() -> None:
    """The console command."""
    app()
