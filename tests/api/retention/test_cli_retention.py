"""`fengqiao retention` as an operator types it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from tests.api.retention.conftest import Archive


@pytest.fixture
def house(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """A case that was closed two years ago by the real clock."""
    url = archive.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", url)
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path))
    archive.close(0)
    closed = datetime.now(UTC) - timedelta(days=730)
    with archive.database.transaction() as session:
        session.execute(text("UPDATE case_file SET closed_at = :at"), {"at": closed})
        session.execute(text("UPDATE submission SET created_at = now()"))
    return archive


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["retention", *words])


def test_a_dry_run_says_how_much_of_what_age_and_takes_nothing(house: Archive) -> None:
    result = run("run", "--dry-run", "--json")
    assert result.exit_code == 0, result.output
    due = {each["kind"]: each for each in json.loads(result.stdout)["due"]}
    assert {kind: each["many"] for kind, each in due.items()} == {
        "identity": 1,
        "case": 0,
        "idempotency_key": 0,
        "session": 0,
        "draft": 0,
    }
    assert due["identity"]["oldest"] == due["identity"]["newest"]
    assert "当事人身份信息 / Identity of parties: 1 (" in run("run", "--dry-run").stdout
    assert house.value("SELECT count(*) FROM party_identity") == 2
    assert house.value("SELECT count(*) FROM retention_run") == 0


def test_a_run_says_what_it_took_and_the_report_repeats_it(house: Archive) -> None:
    result = run("run", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["run"]["counts"] == {"identity": 1}
    assert house.value("SELECT count(*) FROM party_identity") == 0
    told = run("report").stdout
    assert "当事人身份信息 / Identity of parties: 365 天 / days" in told
    assert "UTC: 当事人身份信息 / Identity of parties: 1" in told
    assert json.loads(run("report", "--json").stdout)["days"]["case"] == 1825


def test_a_run_with_nothing_to_take_says_so(house: Archive) -> None:
    with house.database.transaction() as session:
        session.execute(text("UPDATE case_file SET closed_at = NULL"))
    assert "没有到期的数据 / nothing had expired" in run("run").stdout
