"""`fengqiao areas` as a person types it, on real files and a real database."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.beijing import BEIJING
from api.cli.areas import app
from api.clocks.service import read_timetable
from api.intake.preparation import Ground, prepare
from api.intake.service import Office, receive
from api.reports.domain import Category, Filing, Position, ReportKind, Source
from gis.database import Database
from gis.datum import Datum
from gis.geocoding.geocoder import Geocoder
from grids.editions import Editions
from grids.hierarchy import AreaKind
from grids.store import areas_of, editions
from tests.grids.districts import EASTERN, WESTERN, small_district
from tests.grids.shapes import SCALE, SOUTH, WEST, box

COMMUNITY = AreaKind.COMMUNITY


@pytest.fixture
def url(database: Database, monkeypatch: pytest.MonkeyPatch) -> str:
    text = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", text)
    return text


def run(*words: str) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def written(folder: Path, **changes: Any) -> list[str]:
    """The small district as files, and the words that name them."""
    words = []
    for draft in small_district(**changes):
        rows = {
            "code": [area.code for area in draft.areas],
            "name": [area.name for area in draft.areas],
        }
        path = folder / f"{draft.kind}.gpkg"
        shapes = [area.geometry for area in draft.areas]
        gpd.GeoDataFrame(rows, geometry=shapes, crs=4326).to_file(path)
        words += ["--layer", f"{draft.kind}={path}"]
    return words


def overlapping(folder: Path, metres: float = 10) -> list[str]:
    """The district with communities that overlap by a strip of 1,000 m length."""
    words = written(folder)
    rows = {"code": [WESTERN, EASTERN], "name": ["西", "东"]}
    shapes = [box(0, 0, 500 + metres, 1000), box(500, 0, 1000, 1000)]
    gpd.GeoDataFrame(rows, geometry=shapes, crs=4326).to_file(folder / "community.gpkg")
    return words


def test_sound_layers_pass_without_a_database(tmp_path: Path) -> None:
    result = run("check", *written(tmp_path), "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["ok"]
    assert found["areas"] == {"district": 1, "street": 1, "community": 2, "police": 1}


def test_faults_end_with_code_2_and_are_told_in_words_json_and_on_a_map(tmp_path: Path) -> None:
    report, page = tmp_path / "report.json", tmp_path / "faults.html"
    words = [*overlapping(tmp_path), "--report", str(report), "--map", str(page)]
    result = run("check", *words)
    assert result.exit_code == 2
    assert "重叠 9,99" in result.stdout
    (fault,) = json.loads(report.read_text())["faults"]
    assert fault["kind"] == "overlap"
    assert fault["codes"] == [WESTERN, EASTERN]
    assert fault["area_m2"] == pytest.approx(10_000, rel=1e-3)
    assert 'id="fault-1"' in page.read_text()


def test_narrow_faults_are_mended_on_request(tmp_path: Path) -> None:
    words = overlapping(tmp_path, metres=1)
    assert run("check", *words).exit_code == 2
    result = run("check", *words, "--mend", "--json")
    assert result.exit_code == 0
    assert [each["code"] for each in json.loads(result.stdout)["mended"]] == [EASTERN]
    assert run("check", *words, "--mend", "--mend-within", "0.5").exit_code == 2


def test_a_fault_can_be_accepted_by_name(tmp_path: Path) -> None:
    assert run("check", *overlapping(tmp_path), "--accept", "overlap").exit_code == 0


def test_an_import_makes_an_edition_and_a_second_one_changes_nothing(
    tmp_path: Path, url: str, database: Database
) -> None:
    assert url
    words = [*written(tmp_path), "--valid-from", "2025-01-01", "--author", "王", "--json"]
    first = json.loads(run("import", *words).stdout)
    assert first["edition"]["valid_from"] == "2025-01-01"
    assert first["edition"]["author"] == "王"
    again = run("import", *words)
    assert again.exit_code == 0
    assert json.loads(again.stdout)["edition"] is None
    with database.transaction() as session:
        assert len(editions(session)) == 1


def test_a_dry_run_tells_the_difference_and_stores_nothing(
    tmp_path: Path, url: str, database: Database
) -> None:
    assert url
    result = run("import", *written(tmp_path), "--dry-run")
    assert result.exit_code == 0
    assert "community: +2 −0 ~0 =0" in result.stdout
    with database.transaction() as session:
        assert editions(session) == []


def reported(database: Database, east_m: float) -> str:
    """The number of a case so far from the west of the district, reported in June 2025."""
    now = datetime(2025, 6, 1, 9, tzinfo=BEIJING)
    lon, lat = WEST + east_m / SCALE[0], SOUTH + 500 / SCALE[1]
    filing = Filing(
        ReportKind.DISPUTE,
        Category.NEIGHBOUR,
        "楼上漏水",
        now,
        Source.WINDOW,
        position=Position(lon, lat, Datum.WGS84),
    )
    ground = Ground(Editions(database).at(now.date()), Geocoder([]))
    with database.transaction() as session:
        office = Office("DD", read_timetable(session))
        (number,) = receive(session, [prepare(filing, ground, now)], office)
    return number


def test_open_cases_that_would_change_hands_are_told(
    tmp_path: Path, url: str, database: Database
) -> None:
    assert url
    run("import", *written(tmp_path), "--valid-from", "2025-01-01")
    reported(database, 100)
    moving = reported(database, 450)
    words = [*written(tmp_path, line=400), "--valid-from", "2025-07-01", "--dry-run"]
    told = json.loads(run("import", *words, "--json").stdout)["difference"]["community"]
    (moved,) = told["moved_cases"]
    assert (moved["from"], moved["to"], moved["cases"]) == (WESTERN, EASTERN, [moving])
    assert f"{WESTERN} (community:{WESTERN}) → {EASTERN}" in run("import", *words).stdout


def test_a_faulty_import_stores_nothing(tmp_path: Path, url: str, database: Database) -> None:
    assert url
    result = run("import", *overlapping(tmp_path))
    assert result.exit_code == 2
    assert "未导入" in result.stdout
    with database.transaction() as session:
        assert editions(session) == []


def test_any_day_can_be_listed(tmp_path: Path, url: str) -> None:
    assert url
    run("import", *written(tmp_path), "--valid-from", "2025-01-01")
    run("import", *written(tmp_path, east_name="改名社区"), "--valid-from", "2025-07-01")

    def names(day: str) -> list[str]:
        result = run("list", "--at", day, "--kind", "community", "--json")
        return [area["name"] for area in json.loads(result.stdout)["areas"]]

    assert names("2024-12-31") == []
    assert names("2025-06-30") == ["西社区", "东社区"]
    assert names("2025-07-01") == ["西社区", "改名社区"]
    assert "东社区" in run("list", "--at", "2025-06-30").stdout
    assert "尚无版本" in run("list", "--at", "2024-12-31").stdout


def test_lineage_tells_who_got_the_ground(tmp_path: Path, url: str) -> None:
    assert url
    run("import", *written(tmp_path), "--valid-from", "2025-01-01")
    run("import", *written(tmp_path, line=400), "--valid-from", "2025-07-01")
    found = json.loads(run("lineage", "community", WESTERN, "--json").stdout)["lineage"]
    shares = {(step["predecessor"], step["successor"]): step["share"] for step in found}
    assert shares[WESTERN, EASTERN] == pytest.approx(0.2, abs=1e-3)
    assert "20.0%" in run("lineage", "community", WESTERN).stdout
    assert "没有拆分" in run("lineage", "police", "甲").stdout


def test_an_import_before_the_newest_edition_is_refused(tmp_path: Path, url: str) -> None:
    assert url
    run("import", *written(tmp_path), "--valid-from", "2025-07-01")
    result = run("import", *written(tmp_path), "--valid-from", "2025-01-01")
    assert result.exit_code == 1
    assert "2025-07-01" in result.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--layer", "planet=x.gpkg"], "KIND=FILE"),
        (["--layer", "police"], "KIND=FILE"),
        (["--layer", "police=/nowhere.gpkg"], "文件不存在"),
    ],
)
def test_words_that_make_no_sense_are_refused_with_code_2(words: list[str], says: str) -> None:
    result = run("check", *words)
    assert result.exit_code == 2
    assert says in result.stderr
    assert says in json.loads(run("check", *words, "--json").stdout)["error"]


def test_columns_crs_and_encoding_can_be_given_for_one_layer(tmp_path: Path) -> None:
    path = tmp_path / "所.shp"
    shapes = [box(0, 0, 100, 100)]
    gpd.GeoDataFrame({"所号": [7], "所名": ["新东"]}, geometry=shapes, crs=4326).to_file(
        path, encoding="GBK"
    )
    path.with_suffix(".prj").unlink()
    layer = ["--layer", f"custom={path}"]
    assert run("check", *layer).exit_code == 2
    told = ["--crs", "custom=EPSG:4326", "--datum", "wgs84", "--encoding", "custom=GBK"]
    columns = ["--column", "custom.code=所号", "--column", "name=所名"]
    result = run("check", *layer, *told, *columns, "--json")
    assert result.exit_code == 0, result.output
    assert run("check", *layer, *told, "--column", "code=号").exit_code == 2
    assert run("check", *layer, *told, "--column", "code").exit_code == 2
    assert run("check", *layer, *told, "--column", "planet.code=号").exit_code == 2


def test_a_database_that_does_not_answer_is_told_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", f"postgresql+psycopg:///x?host={tmp_path}")
    result = run("list", "--at", date(2025, 1, 1).isoformat(), "--json")
    assert result.exit_code == 1
    assert "数据库" in json.loads(result.stdout)["error"]


def test_every_command_explains_itself() -> None:
    for command in ("check", "import", "list", "lineage"):
        assert run(command, "--help").exit_code == 0


def test_stored_areas_are_those_of_the_file(tmp_path: Path, url: str, database: Database) -> None:
    assert url
    run("import", *written(tmp_path), "--valid-from", "2025-01-01")
    with database.transaction() as session:
        stored = areas_of(session, editions(session)[0].id, [COMMUNITY])
    assert [(area.code, area.name, area.unit_name) for area in stored] == [
        (WESTERN, "西社区", "西社区"),
        (EASTERN, "东社区", "东社区"),
    ]
