"""`fengqiao db`, on a real cluster of its own."""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli.database import app, home
from gis.cluster import Cluster

pytestmark = pytest.mark.database


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fengqiao-") as name:
        Path(name).chmod(0o711)  # the account that runs the server has to pass
        monkeypatch.setenv("FENGQIAO_HOME", name)
        monkeypatch.delenv("FENGQIAO_DATABASE_URL", raising=False)
        yield Path(name)
        Cluster(Path(name)).stop(at_once=True)


def ask(*words: str, code: int = 0) -> dict[str, Any]:
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == code, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_start_status_and_stop_tell_the_state_as_json(folder: Path) -> None:
    assert ask("status")["state"] == "absent"
    started = ask("start")
    assert started["state"] == "running"
    assert started["data"] == str(folder / "postgres" / "data")
    assert ask("status") == started
    assert ask("stop") == {"stopped": True}
    assert ask("stop") == {"stopped": False}
    assert ask("status")["url"] is None


@pytest.mark.usefixtures("folder")
def test_without_json_the_same_is_said_in_words() -> None:
    result = CliRunner().invoke(app, ["status"])
    assert result.exit_code == 0
    assert "absent" in result.stdout


@pytest.mark.usefixtures("folder")
def test_a_named_database_is_not_shadowed_by_an_embedded_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", "postgresql+psycopg://db.example/fengqiao")
    assert "FENGQIAO_DATABASE_URL" in ask("start", code=1)["error"]
    assert ask("status")["in_use"] is False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root borrows an account")
def test_what_hinders_the_server_is_said_with_the_mend(folder: Path) -> None:
    folder.chmod(0o700)
    error = ask("start", code=1)["error"]
    assert str(folder) in error
    assert "chmod o+x" in error
    result = CliRunner().invoke(app, ["start"])
    assert "chmod o+x" in result.stderr


def test_the_data_directory_is_the_one_the_start_script_chose(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert home() == folder
    monkeypatch.delenv("FENGQIAO_HOME")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert home() == Path("/var/lib/fengqiao")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert home() == tmp_path / "fengqiao"
