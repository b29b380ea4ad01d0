"""`fengqiao audit` as an operator types it: exit codes, words in both languages, JSON."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from gis.database import Database
from tests.api.audit.chain import chain_anew, tamper, write


@pytest.fixture
def anchors(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", url)
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path))
    write(database, 6)
    return tmp_path / "anchors" / "audit.jsonl"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["audit", *words])


def test_a_sound_chain_is_told_with_how_much_was_checked(anchors: Path) -> None:
    run("anchor")
    assert anchors.exists()
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert "审计链完好 / the chain is sound" in result.stdout
    assert "6 entries, 1 anchors" in result.stdout
    assert "no anchors:" not in result.stdout


@pytest.mark.usefixtures("anchors")
def test_a_check_is_itself_written_down_but_not_into_a_broken_chain(database: Database) -> None:
    last = text("SELECT deed, actor, subject, content FROM audit_entry ORDER BY id DESC LIMIT 1")
    for many in (6, 7):
        assert json.loads(run("verify", "--json").stdout)["entries"] == many
        with database.transaction() as session:
            found = session.execute(last).one()
        assert found == ("audit_verified", "system", "audit", {"entries": many, "found": 0})
    with database.transaction() as session:
        tamper(session, "DELETE FROM audit_entry WHERE id = 3")
    for _ in range(2):
        assert json.loads(run("verify", "--json").stdout)["entries"] == 7


@pytest.mark.usefixtures("anchors")
def test_a_check_without_anchors_says_what_it_cannot_find() -> None:
    result = run("verify")
    assert result.exit_code == 0
    assert "没有库外锚点" in result.stdout


@pytest.mark.usefixtures("anchors")
def test_each_flaw_is_named_with_its_entry_in_both_languages_and_the_exit_code_is_1(
    database: Database,
) -> None:
    with database.transaction() as session:
        edit = "UPDATE audit_entry SET reason = '改过' WHERE id = 2"
        tamper(session, edit, "DELETE FROM audit_entry WHERE id IN (4, 6)")
    result = run("verify")
    assert result.exit_code == 1
    for words in (
        "第 2 条被改动 / entry 2 was edited",
        "第 4 条被删除 / entry 4 is missing",
        "末尾第 6 条被截去 / the tail was cut: entry 6 is missing",
    ):
        assert words in result.stdout
    told = json.loads(run("verify", "--json").stdout)
    assert [flaw["damage"] for flaw in told["flaws"]] == ["edited", "missing", "cut"]
    assert told["sound"] is False


@pytest.mark.usefixtures("anchors")
def test_a_tail_cut_together_with_the_head_is_found_by_the_anchor(database: Database) -> None:
    run("anchor")
    with database.transaction() as session:
        tamper(session, "DELETE FROM audit_entry WHERE id > 3")
        chain_anew(session, 3)
    result = run("verify", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["flaws"][0]["what"]["en"] == (
        "the tail was cut: entry 4–6 is missing"
    )


def test_a_damaged_line_of_the_anchors_is_told(anchors: Path) -> None:
    run("anchor")
    anchors.write_text(anchors.read_text().replace('"id": 6', '"id":6'))
    result = run("verify")
    assert result.exit_code == 1
    assert "第 1 行" in result.stdout


@pytest.mark.usefixtures("anchors")
def test_anchoring_says_what_it_did() -> None:
    first, second = json.loads(run("anchor", "--json").stdout), run("anchor")
    assert (first["anchored"], first["id"]) == (True, 6)
    assert second.exit_code == 0
    assert "the head has not moved" in second.stdout


@pytest.mark.usefixtures("anchors")
def test_anchoring_refuses_a_head_that_went_back(database: Database) -> None:
    run("anchor")
    with database.transaction() as session:
        session.execute(text("UPDATE audit_head SET id = 5"))
    result = run("anchor")
    assert result.exit_code == 1
    assert "fengqiao audit verify" in result.stderr


def test_the_file_of_anchors_can_lie_elsewhere(
    anchors: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "safe" / "anchors.jsonl"
    monkeypatch.setenv("FENGQIAO_AUDIT_ANCHORS", str(elsewhere))
    run("anchor")
    assert elsewhere.exists()
    assert not anchors.exists()
