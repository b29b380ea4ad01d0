"""Shapefiles that do not say their encoding, and the zips they come in."""

import io
import zipfile
from pathlib import Path

import pytest

from gis.files import UnreadableFile, read_layer
from gis.files.dbf import undeclared_encoding
from tests.gis.files.maps import CODES, NAMES, feature, frame, geojson, packed, shapefile, triangle

ANSI, CHINESE_GBK = 0x57, 0x4D


def words(path: Path, **options: str) -> dict[str, list[str]]:
    found = read_layer(path, **options).geodataframe
    return {name: list(found[name]) for name in found.columns.drop("geometry")}


TOLD = {"编码": CODES, "名称": NAMES}


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("language", [0, ANSI])
def test_an_undeclared_encoding_is_found_and_said(
    tmp_path: Path, encoding: str, language: int
) -> None:
    path = shapefile(tmp_path, encoding=encoding, language=language)
    assert words(path) == TOLD
    layer = read_layer(path)
    assert layer.encoding == {"GBK": "GB18030", "UTF-8": "UTF-8"}[encoding]
    assert layer.assumptions[0].startswith(f"未声明编码，按 {layer.encoding} 读取")


def test_a_table_that_names_its_language_is_believed(tmp_path: Path) -> None:
    path = shapefile(tmp_path, language=CHINESE_GBK)
    assert words(path) == TOLD
    assert read_layer(path).encoding is None


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_a_cpg_file_is_believed(tmp_path: Path, encoding: str) -> None:
    path = shapefile(tmp_path, encoding=encoding)
    path.with_suffix(".cpg").write_text(encoding)
    assert words(path) == TOLD
    assert read_layer(path).assumptions == ()


def test_an_encoding_that_is_told_goes_before_all(tmp_path: Path) -> None:
    assert words(shapefile(tmp_path), encoding="GBK") == TOLD


def test_a_wrong_encoding_is_refused_and_not_garbled(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="编码"):
        words(shapefile(tmp_path), encoding="UTF-8")


def test_names_of_columns_count_where_all_cells_are_plain(tmp_path: Path) -> None:
    path = shapefile(tmp_path, shapes=frame(编码=["1"], 名称=["a"]))
    assert words(path) == {"编码": ["1"], "名称": ["a"]}


def test_a_character_cut_by_the_width_of_its_cell_does_not_mislead() -> None:
    header = bytearray(32 + 32 + 1)
    header[8:12] = len(header).to_bytes(2, "little") + (6).to_bytes(2, "little")
    header[32:43], header[43], header[48], header[64] = b"NAME".ljust(11, b"\0"), ord("C"), 5, 13
    for text, found in (("东塔".encode()[:5], "UTF-8"), ("东塔街".encode("gbk")[:5], "GB18030")):
        table = io.BytesIO(bytes(header) + b" " + text)
        assert undeclared_encoding(table) == found


@pytest.mark.parametrize("content", [b"", b"\x03", bytes(32), bytes(33), bytes(100), b"\xff" * 99])
def test_a_broken_table_is_no_reason_to_fail(content: bytes) -> None:
    assert undeclared_encoding(io.BytesIO(content)) in {None, "UTF-8", "GB18030"}


def test_files_named_in_capitals_belong_together(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    for each in list(tmp_path.iterdir()):
        each.rename(tmp_path / f"AREA{each.suffix.upper()}")
    assert words(path.with_name("AREA.SHP")) == TOLD


@pytest.mark.parametrize("under", ["", "数据/", "a/b/c/"])
def test_a_zip_is_read_whatever_folder_it_holds(tmp_path: Path, under: str) -> None:
    shapefile(tmp_path / "in")
    layer = read_layer(packed(tmp_path / "区.zip", tmp_path / "in", under=under))
    assert list(layer.geodataframe["名称"]) == NAMES
    assert layer.encoding == "GB18030"


def test_a_zip_made_on_windows_in_china_is_read(tmp_path: Path) -> None:
    shapefile(tmp_path / "in", "PLACE")
    path = packed(tmp_path / "a.zip", tmp_path / "in")
    path.write_bytes(path.read_bytes().replace(b"PLACE", "东塔A".encode("gbk")))
    assert words(path) == TOLD
    assert words(path, layer="东塔A") == TOLD


def test_shadows_that_macos_packs_are_no_map_files(tmp_path: Path) -> None:
    shapefile(tmp_path / "in", "a")
    path = packed(tmp_path / "a.zip", tmp_path / "in")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._a.shp", b"Mac OS X")
    assert words(path) == TOLD
    assert not any("多个" in line for line in read_layer(path).assumptions)


def test_of_several_maps_in_a_zip_one_can_be_chosen(tmp_path: Path) -> None:
    for name in ("街道", "社区"):
        (tmp_path / "in").mkdir(exist_ok=True)
        frame(name=[name]).to_file(tmp_path / "in" / f"{name}.gpkg")
    path = packed(tmp_path / "区.zip", tmp_path / "in")
    assert words(path, layer="街道") == {"name": ["街道"]}
    layer = read_layer(path)
    assert list(layer.geodataframe["name"]) == ["社区"]
    assert "有多个图层（社区, 街道），取 社区" in layer.assumptions[0]


def test_a_geojson_in_a_zip_is_one(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    geojson(tmp_path / "in" / "a.geojson", feature(*triangle(), a="x"))
    layer = read_layer(packed(tmp_path / "a.zip", tmp_path / "in"))
    assert "RFC 7946" in layer.assumptions[0]


def test_a_zip_without_maps_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "readme.txt").write_text("?")
    with pytest.raises(UnreadableFile, match="压缩包里没有地图文件"):
        read_layer(packed(tmp_path / "a.zip", tmp_path / "in"))


def test_a_locked_zip_is_refused(tmp_path: Path) -> None:
    shapefile(tmp_path / "in")
    path = packed(tmp_path / "a.zip", tmp_path / "in")
    content = bytearray(path.read_bytes())
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + flag] |= 1
            at = content.find(mark, at + 4)
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="密码"):
        read_layer(path)


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.fgb"])
@pytest.mark.parametrize("told", ["GB18030", "latin1"])
def test_formats_that_are_utf_8_by_their_standard_stay_so(
    tmp_path: Path, name: str, told: str
) -> None:
    frame().to_file(tmp_path / name)
    assert words(tmp_path / name, encoding=told) == TOLD
    layer = read_layer(tmp_path / name, encoding=told)
    assert layer.encoding == "UTF-8"
    assert f"文件是 UTF-8，未用 {told}" in "\n".join(layer.assumptions)


def test_a_geojson_against_its_standard_is_read_in_the_encoding_told(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", feature(*triangle(), 名称="东塔街道"))
    path.write_bytes(path.read_text("utf-8").encode("gbk"))
    with pytest.raises(UnreadableFile, match="编码"):
        words(path)
    assert words(path, encoding="GBK") == {"名称": ["东塔街道"]}


@pytest.mark.parametrize("told", ["klingon", "hex"])
@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.fgb", "a.shp"])
def test_an_encoding_that_is_none_is_refused_by_name(tmp_path: Path, name: str, told: str) -> None:
    frame().to_file(tmp_path / name, encoding="UTF-8")
    with pytest.raises(UnreadableFile, match=f"不认识编码 {told}"):
        words(tmp_path / name, encoding=told)


def test_characters_lost_in_a_wrong_encoding_are_a_reason_to_refuse(tmp_path: Path) -> None:
    frame(名称=["东塔街道"]).to_file(tmp_path / "a.shp", encoding="UTF-8")
    with pytest.raises(UnreadableFile, match="编码不符"):
        words(tmp_path / "a.shp", encoding="GBK")
