"""`fengqiao accounts`: the first people of a new house, and the way back for those locked out."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.accounts.service import Newcomer, add, by_name, disable, grant
from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.cli.console import AsJson, BadWord, opened_transaction, plain_errors, say
from api.hashing import Hashing
from api.rights.roles import Role
from api.sessions.service import end_all, first_password, forget_secret, set_password

app = typer.Typer(
    name="accounts",
    help="账号:新建、停用、重置 / accounts: create, disable, reset",
    no_args_is_help=True,
)

SYSTEM = "system"

Name = Annotated[str, typer.Argument(help="登录名 / sign-in name", metavar="NAME")]


@app.command()
def create(
    name: Name,
    *,
    full_name: Annotated[str, typer.Option(help="姓名 / full name")],
    role: Annotated[list[Role], typer.Option(help="角色,可多次 / role, may be repeated")],
    unit: Annotated[str | None, typer.Option(help="单位代码 / code of the unit")] = None,
    area: Annotated[str | None, typer.Option(help="区划代码 / code of the area")] = None,
    as_json: AsJson = False,
) -> None:
    """新建账号,显示一次性初始密码 / create an account, show its first password once."""
    with plain_errors(as_json=as_json):
        first, now = first_password(), datetime.now(UTC)
        kept = Hashing().of(first)
        with opened_transaction() as session:
            person = add(session, Newcomer(name, full_name, unit, area), now)
            grant(session, person.id, role, None, now)
            set_password(session, person.id, kept, now, must_change=True)
            content = {"roles": sorted(each.value for each in role)}
            _note(session, Deed.PERSON_CREATED, person, content, now)
        _tell(name, first, as_json=as_json)


@app.command()
def reset(
    name: Name,
    *,
    second_factor: Annotated[
        bool,
        typer.Option("--second-factor", help="也取消双因素验证 / and the second factor"),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """重置密码并解锁,结束其全部会话 / give a new first password, unlock, end all sessions."""
    with plain_errors(as_json=as_json):
        first, now = first_password(), datetime.now(UTC)
        kept = Hashing().of(first)
        with opened_transaction() as session:
            person = _person(session, name)
            set_password(session, person.id, kept, now, must_change=True)
            _note(session, Deed.PASSWORD_CHANGED, person, {"reset": True}, now)
            if second_factor:
                forget_secret(session, person.id)
                _note(session, Deed.SECOND_FACTOR_RESET, person, {}, now)
        _tell(name, first, as_json=as_json)


@app.command(name="disable")
def disable_account(name: Name, *, as_json: AsJson = False) -> None:
    """停用账号,结束其全部会话 / let a person in no more, end all sessions."""
    with plain_errors(as_json=as_json):
        now = datetime.now(UTC)
        with opened_transaction() as session:
            person = _person(session, name)
            disable(session, person.id, now)
            end_all(session, person.id)
            _note(session, Deed.PERSON_DISABLED, person, {}, now)
        say({"name": name, "disabled": True}, [f"已停用 / disabled: {name}"], as_json=as_json)


def _person(session: Session, name: str) -> Person:
    person = by_name(session, name)
    if person is None:
        raise BadWord(f"没有账号 {name} / there is no account {name}")
    return person


def _note(
    session: Session, deed: Deed, person: Person, content: dict[str, Any], now: datetime
) -> None:
    record(session, [Entry(deed, SYSTEM, SYSTEM, f"person:{person.id}", content)], now)


def _tell(name: str, first: str, *, as_json: bool) -> None:
    words = [
        f"账号 / account: {name}",
        f"初始密码,首次登录须修改 / first password, to be changed at once: {first}",
    ]
    say({"name": name, "first_password": first}, words, as_json=as_json)
