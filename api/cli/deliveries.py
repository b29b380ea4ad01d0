"""`fengqiao deliveries`: what could not be delivered, and trying it again."""

from typing import Annotated

import typer

from api.audit.domain import Deed
from api.cli.console import AsJson, opened_transaction, plain_errors, say, trace
from api.notices import service
from api.notices.domain import CHANNEL_TITLES, FAILING_TITLES, Channel, Failing, Progress
from api.notices.models import Delivery

app = typer.Typer(
    name="deliveries",
    help="投递:死信、重新投递 / deliveries: the dead list, trying again",
    no_args_is_help=True,
)

State = Annotated[Progress, typer.Option(help="状态 / state")]
Limit = Annotated[int, typer.Option(min=1, max=500, help="最多条数 / how many at most")]
Ids = Annotated[list[int], typer.Argument(help="投递编号 / ids of deliveries", metavar="ID…")]
Why = Annotated[str, typer.Option(help="理由 / why")]


@app.command("list")
def show(*, state: State = Progress.DEAD, limit: Limit = 100, as_json: AsJson = False) -> None:
    """显示投递,默认显示死信 / deliveries, by default the dead list."""
    with plain_errors(as_json=as_json):
        with opened_transaction() as session:
            found = service.deliveries(session, state, limit)
        words = [_words(each) for each in found] or ["没有 / none"]
        say({"items": [_content(each) for each in found]}, words, as_json=as_json)


@app.command()
def replay(ids: Ids, *, reason: Why, as_json: AsJson = False) -> None:
    """重新投递死信 / try dead deliveries again; all of them or none."""
    with plain_errors(as_json=as_json):
        with opened_transaction() as session:
            for delivery_id in ids:
                found = service.replay(session, delivery_id)
                content = {"channel": found.channel, "event": found.event_id}
                subject = f"delivery:{delivery_id}"
                trace(session, Deed.DELIVERY_REPLAYED, subject, content, reason)
        again = f"重新投递 {len(ids)} 条 / {len(ids)} will be tried again"
        say({"replayed": ids}, [again], as_json=as_json)


def _content(found: Delivery) -> dict[str, object]:
    names = ("id", "event_id", "channel", "recipient", "state", "attempts", "failing")
    return {name: getattr(found, name) for name in names}


def _words(found: Delivery) -> str:
    why = FAILING_TITLES[Failing(found.failing)] if found.failing else ""
    title = CHANNEL_TITLES[Channel(found.channel)]
    to = found.recipient or "–"
    return f"{found.id}\t{title}\t{to}\t{found.attempts}×\t{why}"
