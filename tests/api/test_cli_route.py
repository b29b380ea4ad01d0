"""`fengqiao route` as a person types it, on real files."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pytest
import shapely
import typer
from click.testing import Result
from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from typer.testing import CliRunner

from api.cli.route import route
from gis.datum import Datum, from_wgs84
from tests.grids.shapes import box, laid_out

app = typer.Typer()
app.command()(route)

WEST, EAST = box(0, 0, 500, 1000), box(500, 0, 1000, 1000)
STATIONS = {"P1": WEST, "P2": EAST}
BOW_TIE = Polygon([(123.45, 41.70), (123.46, 41.71), (123.46, 41.70), (123.45, 41.71)])

Answers = list[dict[str, str]]


def layer_file(path: Path, areas: Mapping[str, BaseGeometry | None], **columns: Any) -> Path:
    words = columns or {"code": list(areas), "name": [f"所 {code}" for code in areas]}
    gpd.GeoDataFrame(words, geometry=list(areas.values()), crs=4326).to_file(path)
    return path


def table(path: Path, rows: Sequence[Sequence[object]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([["编号", "lon", "lat"], *rows])
    return path


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """Longitude and latitude of a place in the little district."""
    lon, lat = shapely.get_coordinates(laid_out(shapely.Point(east_m, north_m)))[0].tolist()
    return lon, lat


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def answers(path: Path) -> Answers:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def routed(folder: Path, rows: Sequence[Sequence[object]], *words: object) -> Answers:
    """Route rows over the two stations and give what was written."""
    police = layer_file(folder / "police.gpkg", STATIONS)
    result = run(table(folder / "in.csv", rows), *order(folder, police), *words)
    assert result.exit_code == 0, result.output
    return answers(folder / "out.csv")


def order(folder: Path, police: Path) -> list[object]:
    return ["--out", folder / "out.csv", "--datum", "wgs84", "--layer", f"police={police}"]


def test_every_row_comes_out_with_five_columns_for_each_layer(tmp_path: Path) -> None:
    street = layer_file(tmp_path / "street.geojson", {"S": box(0, 0, 1000, 1000)})
    rows = routed(tmp_path, [["甲", *at(400, 500)]], "--layer", f"street={street}")
    lon, lat = at(400, 500)
    assert rows == [
        {
            "编号": "甲",
            "lon": str(lon),
            "lat": str(lat),
            "police_code": "P1",
            "police_name": "所 P1",
            "police_distance_m": rows[0]["police_distance_m"],
            "police_class": "inside",
            "police_runner_up": "P2",
            "street_code": "S",
            "street_name": "所 S",
            "street_distance_m": rows[0]["street_distance_m"],
            "street_class": "inside",
            "street_runner_up": "",
            "error": "",
        }
    ]
    assert float(rows[0]["police_distance_m"]) == pytest.approx(100, rel=1e-3)
    assert float(rows[0]["street_distance_m"]) == pytest.approx(400, rel=1e-3)


@pytest.mark.parametrize(
    ("place", "words", "found"),
    [
        ((400, 500), (), ("P1", "inside", "P2")),
        ((480, 500), (), ("P1", "near_line", "P2")),
        ((480, 500), ("--near-m", "10"), ("P1", "inside", "P2")),
        ((500, 500), (), ("P1", "on_line", "P2")),
        ((1500, 500), (), ("", "outside", "P2")),
    ],
)
def test_the_class_says_how_sure_the_answer_is(
    tmp_path: Path, place: tuple[float, float], words: tuple[str, ...], found: tuple[str, ...]
) -> None:
    (row,) = routed(tmp_path, [["甲", *at(*place)]], *words)
    assert (row["police_code"], row["police_class"], row["police_runner_up"]) == found


def test_overlaps_and_gaps_are_told_from_inside_and_outside(tmp_path: Path) -> None:
    ring = box(0, 0, 1000, 1000).difference(box(400, 400, 600, 600))
    layer_file(tmp_path / "grid.gpkg", {"G1": ring, "G2": box(900, 0, 1100, 1000)})
    places = [["gap", *at(500, 500)], ["overlap", *at(950, 500)]]
    rows = routed(tmp_path, places, "--layer", f"grid={tmp_path / 'grid.gpkg'}")
    assert [(row["grid_code"], row["grid_class"]) for row in rows] == [
        ("", "gap"),
        ("G1", "overlap"),
    ]


@pytest.mark.parametrize(
    ("lon", "lat", "what"),
    [
        ("", "41.8", "lon: 没有填写 / is missing"),
        ("123.4", "", "lat: 没有填写 / is missing"),
        ("甲", "41.8", "lon: 不是有限的数"),
        ("nan", "41.8", "lon: 不是有限的数"),
        ("123.4", "inf", "lat: 不是有限的数"),
        ("41.803", "123.455", "经度和纬度似乎对调了"),
        ("0", "0", "0, 0 不是地点"),
        ("200", "41.8", "lon: 200.0 不在"),
    ],
)
def test_a_bad_row_is_written_with_its_reason_and_the_others_are_routed(
    tmp_path: Path, lon: str, lat: str, what: str
) -> None:
    bad, good = routed(tmp_path, [["坏", lon, lat], ["好", *at(400, 500)]])
    assert what in bad["error"]
    assert (bad["编号"], bad["lon"], bad["lat"], bad["police_class"]) == ("坏", lon, lat, "bad_row")
    assert {bad[f"police_{column}"] for column in ("code", "name", "distance_m", "runner_up")} == {
        ""
    }
    assert (good["police_class"], good["error"]) == ("inside", "")


def test_swapped_axes_are_noticed_where_both_ways_are_on_earth(tmp_path: Path) -> None:
    berlin = layer_file(tmp_path / "b.geojson", {"B": shapely.box(13.3, 52.4, 13.5, 52.6)})
    rows = [["swapped", 52.5, 13.4], ["right", 13.4, 52.5], ["elsewhere", 2.3, 48.8]]
    words = ["--out", tmp_path / "out.csv", "--datum", "gps", "--layer", f"b={berlin}"]
    assert run(table(tmp_path / "in.csv", rows), *words).exit_code == 0
    swapped, right, elsewhere = answers(tmp_path / "out.csv")
    assert "lon=13.4, lat=52.5" in swapped["error"]
    assert (right["b_class"], elsewhere["b_class"]) == ("inside", "outside")


def test_bad_rows_are_reported_with_their_row_number(tmp_path: Path) -> None:
    police = layer_file(tmp_path / "police.gpkg", STATIONS)
    rows = table(tmp_path / "in.csv", [["a", *at(1, 1)], ["b", "", 41.8], ["c", "x", 41.8]])
    told = run(rows, *order(tmp_path, police))
    assert "第 3 行 / row 3, lon: 没有填写 / is missing" in told.stderr
    found = json.loads(run(rows, *order(tmp_path, police), "--json").stdout)
    assert (found["rows"], found["routed"], found["bad_rows"]) == (3, 1, 2)
    assert [(each["row"], each["field"]) for each in found["faults"]] == [(3, "lon"), (4, "lon")]
    assert found["layers"] == {"police": {"areas": 2, "classes": {"near_line": 1, "bad_row": 2}}}


def test_a_row_of_another_width_keeps_its_place_and_is_no_point(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    lon, lat = at(400, 500)
    path.write_text(f"编号,lon,lat\n一,{lon},{lat}\n二,{lon}\n三,{lon},{lat},x\n四,{lon},{lat}\n")
    police = layer_file(tmp_path / "police.gpkg", STATIONS)
    assert run(path, *order(tmp_path, police)).exit_code == 0
    rows = answers(tmp_path / "out.csv")
    assert [row["编号"] for row in rows] == ["一", "二", "三", "四"]
    assert [row["police_class"] for row in rows] == ["inside", "bad_row", "bad_row", "inside"]
    assert "有 2 列,表头有 3 列".replace(",", "，") in rows[1]["error"]


def test_strict_refuses_a_table_with_a_bad_row_and_leaves_the_old_result(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old")
    police = layer_file(tmp_path / "police.gpkg", STATIONS)
    rows = table(tmp_path / "in.csv", [["a", *at(1, 1)], ["b", "", 41.8]])
    result = run(rows, *order(tmp_path, police), "--strict", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["routed"] == 0
    assert (tmp_path / "out.csv").read_text() == "old"


def test_tables_in_gbk_and_from_spreadsheets_are_read(tmp_path: Path) -> None:
    police = layer_file(tmp_path / "police.gpkg", STATIONS)
    table(tmp_path / "gbk.csv", [["东塔街", *at(400, 500)]], encoding="gb18030")
    book = openpyxl.Workbook()
    for row in (["编号", "lon", "lat"], ["东塔街", *at(400, 500)]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "points.xlsx")
    for name in ("gbk.csv", "points.xlsx"):
        assert run(tmp_path / name, *order(tmp_path, police)).exit_code == 0
        (row,) = answers(tmp_path / "out.csv")
        assert (row["编号"], row["police_code"]) == ("东塔街", "P1")


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_the_datum_of_the_points_is_taken_into_account(tmp_path: Path, datum: Datum) -> None:
    shifted = from_wgs84(*at(400, 500), datum)
    (row,) = routed(tmp_path, [["甲", *shifted]], "--datum", datum)
    assert row["police_code"] == "P1"
    assert float(row["police_distance_m"]) == pytest.approx(100, rel=1e-3)


def test_the_columns_of_code_and_name_are_found_or_told(tmp_path: Path) -> None:
    usual = {"adcode": ["210104", "210105"], "名称": ["大东区", "皇姑区"]}
    layer_file(tmp_path / "usual.gpkg", STATIONS, **usual)
    layer_file(tmp_path / "odd.gpkg", STATIONS, nr=["N1", "N2"], who=["甲所", "乙所"])
    words = [
        "--layer",
        f"usual={tmp_path / 'usual.gpkg'}",
        "--layer",
        f"odd={tmp_path / 'odd.gpkg'}",
    ]
    told = ["--column", "odd.code=nr", "--column", "odd.name=who"]
    (row,) = routed(tmp_path, [["甲", *at(400, 500)]], *words, *told)
    assert (row["usual_code"], row["usual_name"]) == ("210104", "大东区")
    assert (row["odd_code"], row["odd_name"]) == ("N1", "甲所")


def test_areas_without_a_code_go_by_their_number(tmp_path: Path) -> None:
    layer_file(tmp_path / "odd.gpkg", STATIONS, who=["甲所", "乙所"])
    (row,) = routed(tmp_path, [["甲", *at(600, 500)]], "--layer", f"odd={tmp_path / 'odd.gpkg'}")
    assert (row["odd_code"], row["odd_runner_up"]) == ("#2", "#1")


def test_invalid_polygons_are_mended_and_equal_codes_united_and_both_is_said(
    tmp_path: Path,
) -> None:
    areas = {"a": BOW_TIE, "b": WEST, "c": EAST, "d": shapely.Point(123.4, 41.8)}
    words = {"code": ["T", "P", "P", "X"], "name": ["T", "P", "P", "X"]}
    layer_file(tmp_path / "odd.geojson", areas, **words)
    rows = table(tmp_path / "in.csv", [["甲", 123.4599, 41.705], ["乙", *at(500, 1)]])
    result = run(rows, *order(tmp_path, tmp_path / "odd.geojson"), "--json")
    assert result.exit_code == 0, result.output
    notes = "\n".join(json.loads(result.stdout)["notes"])
    assert "number 1 (T) made valid" in notes
    assert "2 of P united" in notes
    assert "number 4 (X) left out" in notes
    assert [row["police_code"] for row in answers(tmp_path / "out.csv")] == ["T", "P"]


def test_data_anywhere_on_earth_is_routed(tmp_path: Path) -> None:
    for lon, lat in [(-58.4, -34.6), (25.7, 66.5), (179.5, -16.5)]:
        cell = layer_file(
            tmp_path / "cell.geojson", {"C": shapely.box(lon, lat, lon + 0.4, lat + 0.4)}
        )
        rows = table(tmp_path / "in.csv", [["in", lon + 0.2, lat + 0.2], ["out", lon - 1, lat]])
        assert run(rows, *order(tmp_path, cell)).exit_code == 0
        found = [row["police_class"] for row in answers(tmp_path / "out.csv")]
        assert found == ["inside", "outside"]


def test_more_rows_than_one_piece_keep_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(route.__globals__, "PIECE", 7)
    places = [[number, *at(50 * number % 1000, 500)] for number in range(20)]
    rows = routed(tmp_path, places)
    assert [row["编号"] for row in rows] == [str(number) for number in range(20)]
    assert [row["police_code"] for row in rows] == [
        "P1" if 50 * number % 1000 <= 500 else "P2" for number in range(20)
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--layer", "police"], "must be NAME=FILE"),
        (["--layer", "police=nowhere.gpkg"], "没有这个文件"),
        (["--layer", "police=police.gpkg", "--layer", "police=police.gpkg"], "given twice"),
        (
            ["--layer", "police=police.gpkg", "--lon", "x"],
            "no column x; 现有 / there are: 编号, lon, lat",
        ),
        (["--layer", "police=police.gpkg", "--datum", "unknown"], "未知坐标系"),
        (["--layer", "police=police.gpkg", "--column", "police.code=x"], "“x”"),
        (["--layer", "p=in.csv"], "in.csv"),
        (["--layer", "police=police.gpkg", "--out", "no/out.csv"], "its folder does not exist"),
    ],
)
def test_what_cannot_be_understood_is_said_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    layer_file(tmp_path / "police.gpkg", STATIONS)
    table(tmp_path / "in.csv", [["甲", *at(1, 1)]])
    result = run("in.csv", "--out", "out.csv", "--datum", "wgs84", *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (tmp_path / "out.csv").exists()
    as_json = run("in.csv", "--out", "out.csv", "--datum", "wgs84", *words, "--json")
    assert message in json.loads(as_json.stdout)["error"]


def test_a_result_given_as_input_again_is_refused_for_its_columns(tmp_path: Path) -> None:
    routed(tmp_path, [["甲", *at(1, 1)]])
    result = run(tmp_path / "out.csv", *order(tmp_path, tmp_path / "police.gpkg"))
    assert result.exit_code == 2
    assert "the table has police_code" in result.stderr


def test_a_layer_without_reference_system_is_refused_until_it_is_told(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"code": list(STATIONS)}, geometry=list(STATIONS.values()))
    with pytest.warns(UserWarning, match="crs"):
        frame.to_file(tmp_path / "bare.shp")
    rows = table(tmp_path / "in.csv", [["甲", *at(1, 1)]])
    words = order(tmp_path, tmp_path / "bare.shp")
    assert run(rows, *words).exit_code == 2
    assert run(rows, *words, "--layer-crs", "police=EPSG:4490").exit_code == 0
