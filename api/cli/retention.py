"""`fengqiao retention`: take away what is kept no longer, and say what was taken."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from api.cli.console import AsJson, opened_database, opened_transaction, plain_errors, say
from api.retention import door, service
from api.retention.domain import TERMS, Kind
from api.retention.models import RetentionRun
from api.retention.service import Due

app = typer.Typer(
    name="retention",
    help="保存期限:清理、报告 / retention: take away what expired, report",
    no_args_is_help=True,
)

DryRun = Annotated[bool, typer.Option("--dry-run", help="只显示不删除 / say only")]

MOST_RUNS = 20


def _now() -> datetime:
    return datetime.now(UTC)


@app.command()
def run(*, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """清理到期的数据 / take away what expired."""
    with plain_errors(as_json=as_json):
        if dry_run:
            with opened_transaction() as session:
                found = service.due(session, _now())
            content = {"dry_run": True, "due": [_due(each) for each in found]}
            say(content, [_due_words(each) for each in found], as_json=as_json)
            return
        with opened_database() as database:
            done = door.run(database, _now)
    say({"dry_run": False, "run": _run(done)}, _run_words(done), as_json=as_json)


@app.command()
def report(*, as_json: AsJson = False) -> None:
    """显示保存期限和最近的清理 / the periods and the latest runs."""
    with plain_errors(as_json=as_json), opened_transaction() as session:
        kept, done = service.periods(session), service.runs(session, MOST_RUNS)
    days = {kind.value: each.days for kind, each in kept.items()}
    words = [f"{TERMS[kind].title}: {each.days} 天 / days" for kind, each in kept.items()]
    words += [line for each in done for line in _run_words(each)]
    say({"days": days, "runs": [_run(each) for each in done]}, words, as_json=as_json)


def _due(found: Due) -> dict[str, object]:
    span = {"oldest": found.oldest, "newest": found.newest}
    told = {name: at.isoformat() if at else None for name, at in span.items()}
    return {"kind": found.kind.value, "many": found.many, **told}


def _due_words(found: Due) -> str:
    words = f"{TERMS[found.kind].title}: {found.many}"
    if found.oldest is None or found.newest is None:
        return words
    return f"{words} ({found.oldest:%Y-%m-%d} – {found.newest:%Y-%m-%d})"


def _run(done: RetentionRun) -> dict[str, object]:
    finished = done.finished_at.isoformat() if done.finished_at else None
    counts = {"counts": done.counts, "finished_at": finished}
    return {"id": done.id, "started_at": done.started_at.isoformat(), **counts}


def _run_words(done: RetentionRun) -> list[str]:
    taken = [f"{TERMS[Kind(kind)].title}: {many}" for kind, many in done.counts.items()]
    told = "; ".join(taken) or "没有到期的数据 / nothing had expired"
    cut = "" if done.finished_at else " (未完成 / not finished)"
    return [f"{done.started_at:%Y-%m-%d %H:%M} UTC{cut}: {told}"]
