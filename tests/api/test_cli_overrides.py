"""`fengqiao overrides`: a person's word on who answers, with reason, author and days."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from gis.database import Database
from tests.api.district import CENTRE
from tests.grids.shapes import box

LON, LAT = map(str, CENTRE)
WORDS = ("--reason", "施工期间改由万泉负责", "--author", "综治中心 王某")


@pytest.fixture(autouse=True)
def _url(district: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    url = district.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", url)


@pytest.fixture
def ground(tmp_path: Path) -> str:
    """A file with the ground around the middle of the western half."""
    path = tmp_path / "ground.geojson"
    gpd.GeoDataFrame({"n": [1]}, geometry=[box(300, 300, 700, 700)], crs=4326).to_file(path)
    return str(path)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def police(*words: str) -> Any:
    asked = run("route-point", LON, LAT, "--datum", "wgs84", *words, "--json")
    return json.loads(asked.stdout)["layers"]["police"]


def test_an_override_changes_the_unit_keeps_the_area_and_names_author_and_reason(
    ground: str,
) -> None:
    result = run("overrides", "add", "police", "police:P-2", "--ground", ground, *WORDS)
    assert result.exit_code == 0, result.output
    found = police()
    assert (found["unit_name"], found["confidence"]) == ("万泉派出所", "override")
    assert found["area_name"] == "新东派出所"
    assert found["override_author"] == "综治中心 王某"
    assert "施工期间改由万泉负责" in found["reason"]["zh"]


def test_an_override_holds_from_its_first_day_until_before_its_end(ground: str) -> None:
    days = ("--from", "2026-03-01", "--until", "2026-04-01")
    run("overrides", "add", "police", "police:P-2", "--ground", ground, *WORDS, *days)
    for day, unit in (
        ("2026-02-28", "新东派出所"),
        ("2026-03-01", "万泉派出所"),
        ("2026-03-31", "万泉派出所"),
        ("2026-04-01", "新东派出所"),
    ):
        assert police("--on", day)["unit_name"] == unit


def test_an_override_is_listed_while_it_holds_and_can_be_ended(ground: str) -> None:
    days = ("--from", "2026-03-01")
    words = ("overrides", "add", "police", "police:P-2", "--ground", ground, *WORDS, *days)
    number = json.loads(run(*words, "--json").stdout)["id"]
    assert run("overrides", "end", str(number), "--on", "2026-05-01").exit_code == 0

    def listed(day: str) -> list[int]:
        answer = json.loads(run("overrides", "list", "--at", day, "--json").stdout)
        return [each["id"] for each in answer["overrides"]]

    assert (listed("2026-04-30"), listed("2026-05-01")) == ([number], [])
    again = run("overrides", "end", str(number), "--on", "2026-05-02")
    assert again.exit_code == 2


@pytest.mark.parametrize(
    ("unit", "changes"),
    [
        ("police:P-9", {}),
        ("street:210104001000", {}),
        ("police:P-2", {"--reason": " "}),
        ("police:P-2", {"--author": ""}),
        ("police:P-2", {"--from": "2026-05-01", "--until": "2026-05-01"}),
    ],
)
def test_an_override_that_cannot_be_is_refused_and_not_kept(
    ground: str, unit: str, changes: dict[str, str]
) -> None:
    words = dict(zip(WORDS[::2], WORDS[1::2], strict=True)) | changes
    told = [part for pair in words.items() for part in pair]
    result = run("overrides", "add", "police", unit, "--ground", ground, *told)
    assert result.exit_code == 2
    assert "Mend" in result.stderr
    assert json.loads(run("overrides", "list", "--json").stdout)["overrides"] == []


def test_who_made_and_ended_an_override_and_why_stands_in_the_audit(
    ground: str, district: Database
) -> None:
    run("overrides", "add", "police", "police:P-2", "--ground", ground, *WORDS)
    assert run("overrides", "end", "1", "--on", "2099-01-01").exit_code == 0
    with district.transaction() as session:
        found = session.execute(text("SELECT deed, subject, reason FROM audit_entry ORDER BY id"))
        assert [tuple(row) for row in found] == [
            ("override_made", "override:1", "施工期间改由万泉负责"),
            ("override_ended", "override:1", ""),
        ]
