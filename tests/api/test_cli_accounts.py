"""`fengqiao accounts`: there is no default account, and every deed is written down."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import text
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.settings import Settings
from gis.database import Database

SITE = "https://testserver"
CREATE = ("create", "zhang.wei", "--full-name", "张伟", "--area", "210104")


@pytest.fixture(autouse=True)
def _url(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", url)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ("accounts", *words))


def told(*words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def all_of(database: Database, query: str) -> list[Any]:
    with database.transaction() as session:
        return list(session.scalars(text(query)))


def test_a_new_house_has_no_account(database: Database) -> None:
    assert all_of(database, "SELECT sign_in_name FROM person") == []


def test_the_first_password_signs_in_and_has_to_be_changed(
    database: Database, tmp_path: Path
) -> None:
    first = told(*CREATE, "--role", "clerk")["first_password"]
    house = create_app(Settings(home=tmp_path, database_url=None), database)
    with TestClient(house, SITE, headers={"Origin": SITE}) as browser:
        answer = browser.post("/v1/sessions", json={"name": "zhang.wei", "password": first})
        assert answer.json()["owes"] == ["password"]
    assert first not in str(all_of(database, "SELECT audit_entry::text FROM audit_entry"))


def test_creating_resetting_and_disabling_are_written_down(database: Database) -> None:
    told(*CREATE, "--role", "clerk", "--role", "assessor")
    told("reset", "zhang.wei")
    told("disable", "zhang.wei")
    deeds = all_of(database, "SELECT deed FROM audit_entry ORDER BY id")
    assert deeds == ["person_created", "password_changed", "person_disabled"]
    assert all_of(database, "SELECT sign_in_name FROM person WHERE disabled_at IS NOT NULL")


@pytest.mark.parametrize(
    "words",
    [
        (*CREATE, "--role", "system_admin", "--role", "audit_admin"),
        (*CREATE, "--role", "clerk", "--unit", "NONE"),
        ("create", "Zhang Wei", "--full-name", "张伟", "--role", "clerk"),
        ("reset", "nobody"),
        ("disable", "nobody"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    database: Database, words: tuple[str, ...]
) -> None:
    result = run(*words)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert all_of(database, "SELECT sign_in_name FROM person") == []
