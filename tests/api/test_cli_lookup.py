"""`fengqiao geocode` and `fengqiao route-point`: one question, answered in words or JSON."""

import json

import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from gis.database import Database
from tests.api.district import CENTRE, NEAR_STREET_LINE, OUTSIDE

LON, LAT = map(str, CENTRE)


@pytest.fixture(autouse=True)
def _url(district: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    url = district.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", url)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_an_address_is_answered_with_candidates() -> None:
    found = json.loads(run("geocode", "东塔街12号", "--json").stdout)
    assert found["candidates"][0]["text"] == "东塔街12号"
    assert found["decided"]
    assert "东塔街12号" in run("geocode", "东塔街12号").stdout


def test_an_unknown_address_is_answered_with_nothing() -> None:
    result = run("geocode", "不存在路")
    assert result.exit_code == 0
    assert "地名库中没有相近的名称" in result.stdout


def test_a_point_is_answered_with_its_three_units() -> None:
    found = json.loads(run("route-point", LON, LAT, "--datum", "wgs84", "--json").stdout)
    units = [found["layers"][kind]["unit_name"] for kind in ("street", "police", "justice")]
    assert units == ["东塔街道", "新东派出所", "东塔司法所"]
    assert not found["needs_person"]


def test_a_point_near_a_line_or_outside_says_that_a_person_decides() -> None:
    for lon, lat in (NEAR_STREET_LINE, OUTSIDE):
        words = ("route-point", str(lon), str(lat), "--datum", "wgs84", "--json")
        assert json.loads(run(*words).stdout)["needs_person"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((LAT, LON, "--datum", "wgs84"), "对调"),
        ((LON, LAT, "--datum", "mars"), "mars"),
        (("nan", LAT, "--datum", "wgs84"), "有限"),
        ((LON, LAT, "--datum", "wgs84", "--on", "2001-01-01"), "2025-01-01"),
    ],
)
def test_a_question_that_cannot_be_right_is_refused_in_words(
    words: tuple[str, ...], said: str
) -> None:
    result = run("route-point", *words)
    assert result.exit_code in {1, 2}
    assert said in result.stderr
    as_json = run("route-point", *words, "--json")
    assert said in json.loads(as_json.stdout)["error"]


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("demo", "--help"),
        ("serve", "--help"),
        ("route", "--help"),
        ("route-point", "--help"),
        ("geocode", "--help"),
        ("areas", "import", "--help"),
        ("areas", "check", "--help"),
        ("areas", "list", "--help"),
        ("reports", "import", "--help"),
        ("overrides", "add", "--help"),
        ("overrides", "list", "--help"),
        ("overrides", "end", "--help"),
        ("db", "start", "--help"),
        ("db", "stop", "--help"),
        ("db", "status", "--help"),
        ("db", "upgrade", "--help"),
    ],
)
def test_every_command_explains_itself_in_both_languages(words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 0
    assert " / " in result.stdout


def test_a_database_that_is_away_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    result = run("geocode", "东塔街12号")
    assert result.exit_code == 1
    assert "cannot reach the database" in result.stderr


def test_a_database_that_would_lose_reports_is_not_served() -> None:
    result = run("serve", "--port", "0")
    assert result.exit_code == 1
    assert "fsync" in result.stderr


def test_a_bad_setting_is_named_and_not_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGQIAO_PORT", "abc")
    result = run("serve")
    assert result.exit_code == 2
    assert "FENGQIAO_PORT" in result.stderr


def test_the_distance_that_counts_as_near_is_the_operators_here_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FENGQIAO_NEAR_LINE_M", "450")
    words = ("route-point", LON, LAT, "--datum", "wgs84", "--json")
    assert json.loads(run(*words).stdout)["layers"]["justice"]["confidence"] == "near_line"


def test_a_schema_of_another_version_is_told_and_left_alone(district: Database) -> None:
    with district.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'ffffffffffff'"))
    result = run("db", "upgrade")
    assert result.exit_code == 1
    assert "ffffffffffff" in result.stderr
    assert "Mend" in result.stderr
