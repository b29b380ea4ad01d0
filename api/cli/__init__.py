"""`fengqiao`: the command line. One module for each group of commands."""

import typer

from api.cli import areas, database, demonstration, lookup, reports, route, serving

app = typer.Typer(
    name="fengqiao",
    help="枫桥:综治中心的网格管理与分派 / grid management and dispatch for a governance centre",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(areas.app)
app.add_typer(database.app)
app.add_typer(reports.app)
app.command("demo")(demonstration.demo)
app.command("serve")(serving.serve)
app.command("route")(route.route)
app.command("route-point")(lookup.route_point)
app.command("geocode")(lookup.geocode)


def main() -> None:
    """The console command."""
    app()
