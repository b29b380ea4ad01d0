"""`fengqiao audit`: check the chain of the audit, and anchor its head outside of the database."""

from datetime import UTC, datetime

import typer

from api.audit import service
from api.audit.chain import Flaw, Verification
from api.audit.domain import Deed, Entry
from api.cli.console import AsJson, opened_transaction, plain_errors, say, settings

app = typer.Typer(
    name="audit",
    help="审计:校验、锚定 / the audit: verify and anchor its chain",
    no_args_is_help=True,
)

SYSTEM = "system"

NO_ANCHORS = (
    "没有库外锚点:连同链头一起截去的末尾查不出来 / "
    "no anchors: a tail that was cut together with the head does not show"
)
UNMOVED = "链头没有变化 / the head has not moved"


@app.command()
def verify(*, as_json: AsJson = False) -> None:
    """校验全部审计记录;有问题则退出码为 1 / check every entry; exit code 1 where one is wrong."""
    with plain_errors(as_json=as_json):
        anchors = service.anchored(settings().anchors_file)
        with opened_transaction() as session:
            found = service.verify(session, anchors)
    say(_content(found), _words(found), as_json=as_json)
    if not found.sound:
        # Nothing is added to a broken chain: an entry at its end would cover what was cut off.
        raise typer.Exit(1)
    with plain_errors(as_json=as_json), opened_transaction() as session:
        content = {"entries": found.entries, "found": found.found}
        entry = Entry(Deed.AUDIT_VERIFIED, SYSTEM, SYSTEM, "audit", content)
        service.record(session, [entry], datetime.now(UTC))


@app.command()
def anchor(*, as_json: AsJson = False) -> None:
    """把链头写入库外的锚点文件 / write the head into the file of anchors."""
    with plain_errors(as_json=as_json):
        path = settings().anchors_file
        with opened_transaction() as session:
            added = service.anchor(session, path, datetime.now(UTC))
    moved = added is not None
    words = f"已锚定第 {added.id} 条 / anchored entry {added.id}" if added else UNMOVED
    content = {"anchored": moved, "id": added.id if added else None, "file": str(path)}
    say(content, [f"{words} ({path})"], as_json=as_json)


def _words(found: Verification) -> list[str]:
    many = f"{found.entries} 条,锚点 {found.anchors} 个 / {found.entries} entries, "
    many += f"{found.anchors} anchors"
    words = [str(flaw.told()) for flaw in found.flaws]
    if found.found > len(found.flaws):
        rest = found.found - len(found.flaws)
        words.append(f"另有 {rest} 处 / and {rest} more")
    if not found.anchors:
        words.append(NO_ANCHORS)
    verdict = "审计链完好 / the chain is sound" if found.sound else "审计链有误 / it is broken"
    return [f"{verdict}: {many}", *words]


def _content(found: Verification) -> dict[str, object]:
    return {
        "sound": found.sound,
        "entries": found.entries,
        "anchors": found.anchors,
        "found": found.found,
        "flaws": [_flaw(flaw) for flaw in found.flaws],
    }


def _flaw(flaw: Flaw) -> dict[str, object]:
    return {
        "damage": flaw.damage.value,
        "first": flaw.first,
        "last": flaw.last,
        "what": flaw.told()._asdict(),
    }
