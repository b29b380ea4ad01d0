"""What every command shares: the database in use, answers as words or JSON, errors in plain words.

Exit codes: 0 done, 1 could not be done, 2 what was given is at fault.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from api.audit.domain import Deed, Entry
from api.audit.service import SetBack, record
from api.beijing import beijing_day
from api.migrations import UnknownSchema
from api.refusals import Refusal
from api.sealing import SealingError
from api.settings import Settings
from gis.cluster import Cluster
from gis.crs import MissingCrs
from gis.database import Database, UnsuitableDatabase
from gis.datum import UnknownDatum
from gis.files import UnreadableFile
from gis.geometry import BadCoordinate
from gis.installation import ClusterError
from grids.deciding import BadOverride
from grids.editions import NoEdition
from grids.importer import ImportRefused, LayerTwice, UnknownColumn
from grids.locate import BadLayer

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出 / print JSON")]

FAULTY = 2


class BadWord(ValueError):
    """An option of the command line that cannot be understood."""


MENDABLE: Mapping[type[Exception], int] = {
    BadCoordinate: FAULTY,
    BadLayer: FAULTY,
    BadOverride: FAULTY,
    BadWord: FAULTY,
    ClusterError: 1,
    ImportRefused: 1,
    LayerTwice: FAULTY,
    MissingCrs: FAULTY,
    NoEdition: 1,
    Refusal: FAULTY,
    SealingError: 1,
    SetBack: 1,
    UnknownColumn: FAULTY,
    UnknownSchema: 1,
    UnsuitableDatabase: 1,
    UnknownDatum: FAULTY,
    UnreadableFile: FAULTY,
}


def settings() -> Settings:
    """What the operator has set. Raises BadWord, naming the variable."""
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(f"FENGQIAO_{str(each['loc'][0]).upper()}" for each in error.errors())
        raise BadWord(f"设置有误,见 docs/settings.md / bad setting: {names}") from None


def home() -> Path:
    """The data directory that ./fengqiao chose, or its default without ./fengqiao."""
    return settings().folder


def own_database() -> str | None:
    """The database that the operator named instead of the embedded one."""
    return settings().database_url or None


def database_url() -> str:
    """The database in use: the operator's, or the embedded one, started if need be."""
    return own_database() or Cluster(home()).ensure()


@contextmanager
def opened_database() -> Iterator[Database]:
    """The database in use, whose connections are closed afterwards."""
    database = Database(database_url())
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def opened_transaction() -> Iterator[Session]:
    """One transaction on the database in use."""
    with opened_database() as database, database.transaction() as session:
        yield session


def trace(
    session: Session, deed: Deed, subject: str, content: Mapping[str, Any], reason: str = ""
) -> None:
    """Write a deed of the command line down, under the account of the machine; call it last."""
    entry = Entry(deed, "system", account(), subject, content, reason)
    record(session, [entry], datetime.now(UTC))


def account() -> str:
    """Who runs the command, as the machine knows them."""
    return os.environ.get("USER") or f"uid {os.getuid()}"


def today() -> date:
    """Today in Beijing."""
    return beijing_day(datetime.now(UTC))


def say(found: Mapping[str, Any], words: Sequence[str], *, as_json: bool) -> None:
    """Answer with JSON or with words."""
    typer.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(words))


def fail(error: Exception | str, code: int, *, as_json: bool) -> None:
    """End the command with what is wrong."""
    text = json.dumps({"error": str(error)}, ensure_ascii=False) if as_json else str(error)
    typer.echo(text, err=not as_json)
    raise typer.Exit(code)


@contextmanager
def plain_errors(*, as_json: bool) -> Iterator[None]:
    """Errors that a person can mend, without a traceback."""
    try:
        yield
    except tuple(MENDABLE) as error:
        fail(error, _code(error), as_json=as_json)
    except ProgrammingError as error:
        mend = "数据库结构过旧或为空 / the schema is missing or old: fengqiao db upgrade"
        fail(f"{mend} ({error.orig})", 1, as_json=as_json)
    except OperationalError as error:
        fail(f"数据库连接失败 / cannot reach the database: {error.orig}", 1, as_json=as_json)
    except OSError as error:
        fail(f"无法读写文件 / cannot read or write: {error}", 1, as_json=as_json)


def _code(error: Exception) -> int:
    return next(MENDABLE[each] for each in type(error).__mro__ if each in MENDABLE)
