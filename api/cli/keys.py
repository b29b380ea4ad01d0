"""`fengqiao keys`: the keys that seal identity fields: make, show, rotate, and remove old ones."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import typer
from sqlalchemy import func
from sqlalchemy.orm import Session

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.cli.console import AsJson, opened_database, plain_errors, say, settings
from api.intake import models as intake
from api.parties import models as parties
from api.sealing import Algorithm, Keyring
from api.sealing.columns import Row, SealedColumn, hold, in_use, reseal
from api.sealing.errors import KeyNeeded
from api.sealing.keyfile import Key
from api.sessions.models import Credential
from gis.database import Database

app = typer.Typer(
    name="keys",
    help="密封身份信息的密钥:创建、查看、轮换、清除 / the keys that seal identity fields",
    no_args_is_help=True,
)

SECOND_FACTOR = SealedColumn(
    "credential",
    "totp_secret",
    func.concat_ws("/", "credential", "totp_secret", Credential.person_id),
)
SEALED: Sequence[SealedColumn] = (parties.SEALED, intake.SEALED, SECOND_FACTOR)
"""Every sealed column of `api.tables`; a test looks for columns of bytes that nobody named."""

BATCH = 500


@app.command()
def create(*, as_json: AsJson = False) -> None:
    """创建密钥文件;已有则拒绝 / make the key file; refused where there is one."""
    with plain_errors(as_json=as_json):
        asked = settings()
        made = Keyring.create(asked.keys_file, Algorithm(asked.seal_algorithm))
    key, path = made.current, str(made.path)
    words = f"已创建密钥 {key.id}({key.algorithm.value}),请与数据库分开备份 {path} / "
    words += f"made key {key.id}; back up {path} apart from the database"
    say({"key": key.id, "algorithm": key.algorithm.value, "file": path}, [words], as_json=as_json)


@app.command(name="list")
def list_keys(*, as_json: AsJson = False) -> None:
    """列出密钥及其密封的数据量;缺密钥则退出码为 1 / the keys, and how much each holds."""
    with plain_errors(as_json=as_json):
        keyring = Keyring.load(settings().keys_file)
        with opened_database() as database, database.transaction() as session:
            held = _held(session)
    current, keys = keyring.current, keyring.keys
    lost = sorted(set(held) - {key.id for key in keys})
    shown = [_shown(key, held[key.id], current=key == current) for key in keys]
    words = [_told(each) for each in shown]
    words += [f"{each}  缺失 / missing: {held[each]}" for each in lost]
    say({"keys": shown, "missing": lost}, words, as_json=as_json)
    if lost:
        raise typer.Exit(1)


@app.command()
def rotate(*, as_json: AsJson = False) -> None:
    """换新密钥并重新密封全部数据;中断后再运行即可 / a new key; run again after a break."""
    with plain_errors(as_json=as_json):
        asked = settings()
        keyring = Keyring.load(asked.keys_file)
        with opened_database() as database:
            resumed = _unfinished(database, keyring)
            if not resumed:
                keyring.rotate(Algorithm(asked.seal_algorithm))
            many = sum(_reseal(database, keyring, sealed) for sealed in SEALED)
            content = {"key": keyring.current.id, "values": many, "resumed": resumed}
            with database.transaction() as session:
                record(session, [_entry(content)], datetime.now(UTC))
    begun = "继续上次轮换 / resumed" if resumed else "已换新密钥 / a new key"
    words = f"{begun}: {keyring.current.id}, 重新密封 {many} 项 / {many} values sealed anew"
    say(content, [words], as_json=as_json)


@app.command()
def prune(*, as_json: AsJson = False) -> None:
    """清除不再使用的旧密钥;仍有使用则拒绝 / remove old keys; refused while one is in use.

    清除后,旧的数据库备份只能用当时的密钥文件打开 / older backups of the database then need the
    key file of their day.
    """
    with plain_errors(as_json=as_json):
        keyring = Keyring.load(settings().keys_file)
        with opened_database() as database, database.transaction() as session:
            removed = _prune(session, keyring)
    words = f"已清除 {len(removed)} 个旧密钥 / removed {len(removed)} old keys"
    say({"removed": removed}, [" ".join([words, *removed])], as_json=as_json)


def _unfinished(database: Database, keyring: Keyring) -> bool:
    """Whether a rotation was broken off: its key is current, and older ones still hold values."""
    with database.transaction() as session:
        return bool(set(_held(session)) - {keyring.current.id})


def _reseal(database: Database, keyring: Keyring, sealed: SealedColumn) -> int:
    """Seal a column anew, batch by batch, each in its own transaction."""
    total, more = 0, True
    after: Row | None = None
    while more:
        with database.transaction() as session:
            many, after = reseal(session, keyring, sealed, after, BATCH)
        total, more = total + many, after is not None
    return total


def _prune(session: Session, keyring: Keyring) -> list[str]:
    """Remove what nothing uses, while nobody can write with an old key. Raises KeyNeeded."""
    for sealed in SEALED:
        hold(session, sealed)
    held = _held(session)
    old = [key.id for key in keyring.keys if key != keyring.current]
    for key_id in old:
        if held[key_id]:
            raise KeyNeeded(key_id)
    if old:
        record(session, [_entry({"removed": old})], datetime.now(UTC))
    for key_id in old:
        keyring.remove(key_id)
    return old


def _held(session: Session) -> Counter[str]:
    """How many values each key holds in all columns."""
    held: Counter[str] = Counter()
    for sealed in SEALED:
        held.update(in_use(session, sealed))
    return held


def _entry(content: dict[str, object]) -> Entry:
    return Entry(Deed.KEYS_ROTATED, "system", "fengqiao keys", "keys", content)


def _shown(key: Key, values: int, *, current: bool) -> dict[str, object]:
    return {
        "id": key.id,
        "algorithm": key.algorithm.value,
        "made_at": key.made_at.isoformat(timespec="seconds"),
        "current": current,
        "values": values,
    }


def _told(shown: dict[str, object]) -> str:
    mark = "* " if shown["current"] else "  "
    return f"{mark}{shown['id']}  {shown['algorithm']}  {shown['made_at']}  {shown['values']}"
