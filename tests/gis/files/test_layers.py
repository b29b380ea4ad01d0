"""Map files give one layer in EPSG:4326, saying what was assumed, or say why not."""

from contextlib import suppress
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from gis.crs import MissingCrs, gauss_kruger
from gis.datum import Datum, UnknownDatum, from_wgs84
from gis.files import LayerFile, UnreadableFile, read_layer
from tests.gis.files.maps import GROUND, feature, frame, geojson, shapefile, triangle

FORMATS = ["区.gpkg", "区.geojson", "区.json", "区.fgb", "区.shp"]


def said(layer: LayerFile) -> str:
    return "\n".join(layer.assumptions)


def ground(layer: LayerFile) -> BaseGeometry:
    shape: BaseGeometry = layer.geodataframe.geometry.iloc[0]
    return shape


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_layer(tmp_path: Path, name: str) -> None:
    driver = "GeoJSON" if name.endswith("json") else None
    frame(编码=["210104001"], 名称=["东塔"]).to_file(tmp_path / name, driver=driver)
    layer = read_layer(tmp_path / name)
    assert layer.geodataframe.crs.to_epsg() == 4326
    assert list(layer.geodataframe["编码"]) == ["210104001"]
    assert list(layer.geodataframe["名称"]) == ["东塔"]
    assert ground(layer).normalize().equals_exact(GROUND.normalize(), tolerance=1e-9)


@pytest.mark.parametrize("codes", [[210104001, 210104002], [210104001.0, np.nan]])
def test_codes_that_met_a_spreadsheet_are_text_again(
    tmp_path: Path, codes: list[float | int]
) -> None:
    frame(code=codes, share=[0.5, 1.0]).to_file(tmp_path / "a.gpkg")
    found = read_layer(tmp_path / "a.gpkg").geodataframe
    assert found["code"].iloc[0] == "210104001"
    assert found["code"].iloc[1] == "210104002" or found["code"].isna().iloc[1]
    assert list(found["share"]) == [0.5, 1.0]


def test_codes_with_leading_zeros_and_mixed_kinds_stay_as_they_are(tmp_path: Path) -> None:
    shapes = [feature(*triangle(), a="007", b=each) for each in (1, "x", 2.5)]
    found = read_layer(geojson(tmp_path / "a.geojson", *shapes)).geodataframe
    assert list(found["a"]) == ["007"] * 3
    assert list(found["b"]) == ["1", "x", "2.5"]


def test_a_projected_layer_comes_to_degrees(tmp_path: Path) -> None:
    zone = gauss_kruger(123.47)
    frame().to_crs(zone).to_file(tmp_path / "a.gpkg")
    layer = read_layer(tmp_path / "a.gpkg")
    assert layer.source_crs == f"EPSG:{zone}"
    assert ground(layer).normalize().equals_exact(GROUND.normalize(), tolerance=1e-8)
    assert layer.assumptions == ()


def test_a_layer_without_reference_system_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(MissingCrs, match="EPSG:4490"):
        read_layer(path)


def test_a_declared_reference_system_speaks_where_the_file_is_silent(tmp_path: Path) -> None:
    zone = f"EPSG:{gauss_kruger(123.47)}"
    path = shapefile(tmp_path, shapes=frame().to_crs(zone))
    path.with_suffix(".prj").unlink()
    layer = read_layer(path, crs=zone)
    assert ground(layer).normalize().equals_exact(GROUND.normalize(), tolerance=1e-8)
    assert f"坐标系按声明取 {zone}" in said(layer)


def test_what_the_file_declares_holds_and_the_contradiction_is_said(tmp_path: Path) -> None:
    frame().to_crs(4490).to_file(tmp_path / "a.gpkg")
    layer = read_layer(tmp_path / "a.gpkg", crs="EPSG:3857")
    assert layer.source_crs == "EPSG:4490"
    assert "it declares EPSG:4490; EPSG:3857 was not used" in said(layer)


def test_an_unknown_reference_system_is_refused_with_one_that_is_known(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(UnreadableFile, match=r"不认识坐标系 bogus.*EPSG:4490"):
        read_layer(path, crs="bogus")


def test_a_site_grid_without_place_on_earth_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".prj").write_text('LOCAL_CS["site",UNIT["metre",1]]')
    with pytest.raises(UnreadableFile, match="has no longitude and latitude"):
        read_layer(path)


@pytest.mark.parametrize("crs", [4214, 4610, 2365])
def test_older_chinese_datums_are_said_to_be_coarse(tmp_path: Path, crs: int) -> None:
    frame().set_crs(4326).to_crs(crs).to_file(tmp_path / "a.gpkg")
    assert "可能偏差上百米" in said(read_layer(tmp_path / "a.gpkg"))


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_a_layer_drawn_on_a_shifted_map_is_moved_back(tmp_path: Path, datum: Datum) -> None:
    drawn = shapely.transform(
        GROUND, lambda places: np.column_stack(from_wgs84(places[:, 0], places[:, 1], datum))
    )
    frame(drawn).to_file(tmp_path / "a.gpkg")
    layer = read_layer(tmp_path / "a.gpkg", datum=datum)
    assert ground(layer).normalize().equals_exact(GROUND.normalize(), tolerance=1e-9)
    assert f"由 {datum} 转换到 WGS-84" in said(layer)


def test_a_declared_datum_is_enough_for_a_file_without_reference_system(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".prj").unlink()
    layer = read_layer(path, datum="天地图")
    assert ground(layer).normalize().equals_exact(GROUND.normalize(), tolerance=1e-12)
    assert "坐标系按声明取 EPSG:4326" in said(layer)


def test_an_unknown_datum_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownDatum):
        read_layer(shapefile(tmp_path), datum="unknown")


def test_geojson_is_wgs84_by_its_standard_and_that_is_said(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", feature(*triangle(), a="x"))
    assert "RFC 7946" in said(read_layer(path))
    assert "RFC 7946" not in said(read_layer(path, datum="gcj02"))


def test_a_geojson_of_the_older_standard_may_name_its_system(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    layer = read_layer(geojson(tmp_path / "a.geojson", feature(*triangle(), a="x"), crs=crs))
    assert (layer.source_crs, layer.assumptions) == ("EPSG:4490", ())


def test_a_system_declared_for_a_geojson_is_taken_at_its_word(tmp_path: Path) -> None:
    zone = f"EPSG:{gauss_kruger(123.47)}"
    path = tmp_path / "a.geojson"
    frame().to_crs(zone).set_crs(4326, allow_override=True).to_file(path)
    assert ground(read_layer(path, crs=zone)).equals_exact(GROUND, tolerance=1e-6)


def test_heights_are_dropped_and_that_is_said(tmp_path: Path) -> None:
    frame(shapely.force_3d(GROUND, 50)).to_file(tmp_path / "a.gpkg")
    layer = read_layer(tmp_path / "a.gpkg")
    assert not shapely.has_z(ground(layer))
    assert "去掉了高程" in said(layer)


def test_an_open_ring_is_closed_and_that_is_said(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", feature(*triangle()[:3], a="x"))
    layer = read_layer(path)
    assert ground(layer).equals(shapely.Polygon(triangle()))
    assert "Non closed ring" in said(layer)


def test_features_without_geometry_keep_their_place(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", feature(a="x"), feature(*triangle(), a="y"))
    found = read_layer(path, datum="gcj02").geodataframe
    assert list(found["a"]) == ["x", "y"]
    assert [shape is None for shape in np.asarray(found.geometry.array)] == [True, False]


def test_a_layer_of_features_without_any_geometry_is_read(tmp_path: Path) -> None:
    found = read_layer(geojson(tmp_path / "a.geojson", feature(a="x"))).geodataframe
    assert list(np.asarray(found.geometry.array)) == [None]


def test_points_lines_and_areas_may_be_mixed(tmp_path: Path) -> None:
    point = {"type": "Feature", "properties": {}, "geometry": Point(123, 41).__geo_interface__}
    path = geojson(tmp_path / "a.geojson", feature(*triangle()), point)
    kinds = read_layer(path).geodataframe.geometry.geom_type
    assert sorted(kinds) == ["Point", "Polygon"]


def test_of_several_layers_the_first_is_taken_and_the_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "区.gpkg"
    for name in ("街道", "社区"):
        frame(name=[name]).to_file(path, layer=name)
    layer = read_layer(path)
    assert list(layer.geodataframe["name"]) == ["街道"]
    assert "有多个图层（街道, 社区），取 街道" in said(layer)
    chosen = read_layer(path, layer="社区")
    assert (list(chosen.geodataframe["name"]), chosen.assumptions) == (["社区"], ())


def test_a_layer_may_bear_the_name_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "社区.gpkg"
    for name in ("街道", "社区"):
        frame(name=[name]).to_file(path, layer=name)
    assert list(read_layer(path, layer="社区").geodataframe["name"]) == ["社区"]


def test_a_layer_that_is_not_there_is_refused(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "a.gpkg")
    with pytest.raises(UnreadableFile, match="nope"):
        read_layer(tmp_path / "a.gpkg", layer="nope")


def test_a_file_without_features_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="没有图形"):
        read_layer(geojson(tmp_path / "a.geojson"))


def test_a_table_without_shapes_is_refused(tmp_path: Path) -> None:
    pyogrio.write_dataframe(pd.DataFrame({"a": ["x"]}), tmp_path / "a.gpkg")
    with pytest.raises(UnreadableFile, match="没有图形图层"):
        read_layer(tmp_path / "a.gpkg")


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.geojson", "a.fgb", "a.zip"])
@pytest.mark.parametrize("content", [b"", b"{", b"PK\x03\x04", bytes(1000), b"SQLite format 3\0"])
def test_what_is_no_map_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile, match=name):
        read_layer(tmp_path / name)


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_cut_or_scratched_anywhere_is_read_or_refused(tmp_path: Path, name: str) -> None:
    driver = "GeoJSON" if name.endswith("json") else None
    path = tmp_path / name
    frame().to_file(path, driver=driver)
    whole, chance = path.read_bytes(), np.random.default_rng(3)
    for _ in range(30):
        scratched = bytearray(whole[: chance.integers(1, len(whole))])
        scratched[chance.integers(0, len(scratched))] ^= int(chance.integers(1, 256))
        path.write_bytes(bytes(scratched))
        with suppress(UnreadableFile, MissingCrs):
            assert len(read_layer(path).geodataframe)


def test_other_files_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.dwg").write_bytes(b"AC1032")
    with pytest.raises(UnreadableFile, match=r"不认识的格式 \.dwg.*可用 \.gpkg, \.shp"):
        read_layer(tmp_path / "a.dwg")
    with pytest.raises(UnreadableFile, match="没有这个文件"):
        read_layer(tmp_path / "b.gpkg")
    with pytest.raises(UnreadableFile, match="是文件夹"):
        read_layer(tmp_path)


def test_an_error_tells_file_reason_and_mend_in_both_languages(tmp_path: Path) -> None:
    path = tmp_path / "a.dwg"
    path.write_bytes(b"AC1032")
    with pytest.raises(UnreadableFile) as refused:
        read_layer(path)
    error = refused.value
    assert (error.path, error.reason.en) == (path, "unknown format .dwg")
    assert str(error) == f"a.dwg: {error.reason}. 处理 / Mend: {error.mend}"


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp"])
def test_metres_that_are_called_degrees_are_refused_with_their_feature(
    tmp_path: Path, name: str
) -> None:
    metres = [GROUND, shapely.box(41533216, 4628345, 41533300, 4628400)]
    gpd.GeoDataFrame(geometry=metres, crs=4490).to_file(tmp_path / name)
    with pytest.raises(UnreadableFile, match=r"第 2 个图形不是经纬度：41533216.*crs") as refused:
        read_layer(tmp_path / name)
    assert "feature 2" in refused.value.reason.en


def test_a_projection_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    far = shapely.box(5e9, 4e10, 6e9, 5e10)
    gpd.GeoDataFrame(geometry=[far], crs=4550).to_file(tmp_path / "a.gpkg")
    with pytest.raises(UnreadableFile, match="不是经纬度"):
        read_layer(tmp_path / "a.gpkg")


def test_a_layer_with_its_axes_swapped_is_refused_as_such(tmp_path: Path) -> None:
    swapped = shapely.box(41.80, 123.47, 41.81, 123.48)
    frame(swapped).to_file(tmp_path / "a.gpkg")
    with pytest.raises(UnreadableFile, match="对调"):
        read_layer(tmp_path / "a.gpkg")


def test_the_whole_world_is_within_degrees(tmp_path: Path) -> None:
    frame(shapely.box(-180, -90, 180 + 1e-9, 90)).to_file(tmp_path / "a.gpkg")
    assert len(read_layer(tmp_path / "a.gpkg").geodataframe) == 2


def test_a_shapefile_without_its_index_is_refused_with_what_belongs_together(
    tmp_path: Path,
) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".shx").unlink()
    with pytest.raises(UnreadableFile, match=r"缺少同名的 \.shx 文件.*\.dbf"):
        read_layer(path)


def test_a_shapefile_without_its_table_is_read_and_that_is_said(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".dbf").unlink()
    layer = read_layer(path)
    assert list(layer.geodataframe.columns) == ["geometry"]
    assert "缺少同名的 .dbf 文件，没有属性" in said(layer)


def test_a_reason_of_gdal_names_the_file_and_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text("[1, 2]")
    with pytest.raises(UnreadableFile) as refused:
        read_layer(path)
    assert str(tmp_path) not in str(refused.value)
    assert refused.value.reason.zh.startswith("无法读取：")
    assert not refused.value.reason.en.endswith(".")
