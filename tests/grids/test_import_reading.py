"""A file's features become areas, or faults that name their row."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from grids.hierarchy import AreaKind
from grids.importer import (
    FaultKind,
    UnknownColumn,
    check,
    read_file,
    read_frame,
)
from tests.grids.districts import (
    EASTERN,
    STREET,
    WESTERN,
    WHOLE,
    draft,
    frame,
)
from tests.grids.imports import MEND, kinds
from tests.grids.shapes import SCALE, box, laid_out


def test_a_gbk_shapefile_with_integer_codes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "社区.shp"
    halves = [box(0, 0, 500, 1000), box(500, 0, 1000, 1000)]
    words = {"编码": [int(WESTERN), int(EASTERN)], "名称": ["西社区", "东社区"]}
    gpd.GeoDataFrame(words, geometry=halves, crs=4326).to_file(path, encoding="GBK")
    found = read_file(AreaKind.COMMUNITY, path, encoding="GBK")
    assert found.faults == ()
    assert [(area.code, area.name) for area in found.areas] == [
        (WESTERN, "西社区"),
        (EASTERN, "东社区"),
    ]
    assert [area.parent_code for area in found.areas] == [STREET, STREET]


def test_a_layer_without_crs_is_refused_with_the_way_to_mend_it(tmp_path: Path) -> None:
    path = tmp_path / "areas.shp"
    frame([("1", "甲", WHOLE)]).to_file(path)
    path.with_suffix(".prj").unlink()
    report = check([read_file(AreaKind.CUSTOM, path)])
    (fault,) = report.faults
    assert fault.kind is FaultKind.NO_CRS
    assert "--crs" in fault.mend.zh
    assert not report.ok


@pytest.mark.parametrize("name", ["所.gpkg", "所.geojson", "所.fgb", "所.shp"])
def test_every_format_gives_the_same_areas(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    rows = [("甲", "新东所", box(0, 0, 500, 1000)), ("乙", "东塔所", box(500, 0, 1000, 1000))]
    frame(rows, unit_name=["新东派出所", "东塔派出所"]).to_file(path)
    found = read_file(AreaKind.POLICE, path)
    assert found.faults == ()
    said = {area.code: (area.name, area.unit_name) for area in found.areas}
    assert said == {"甲": ("新东所", "新东派出所"), "乙": ("东塔所", "东塔派出所")}
    shapes = {area.code: area.geometry for area in found.areas}
    assert shapely.equals_exact(shapes["甲"].envelope, rows[0][2].envelope, tolerance=1e-9)


def test_a_layer_drawn_in_gcj02_is_moved_to_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "areas.gpkg"
    frame([("1", "甲", WHOLE)]).to_file(path)
    as_drawn = read_file(AreaKind.CUSTOM, path).areas[0].geometry.centroid
    moved = read_file(AreaKind.CUSTOM, path, datum="gcj02").areas[0].geometry.centroid
    away = np.hypot(*((moved.x - as_drawn.x, moved.y - as_drawn.y) * SCALE))
    assert 500 < away < 600  # GCJ-02 lies 542-568 m from WGS-84 in Dadong


def test_an_unknown_datum_is_a_fault_of_the_layer(tmp_path: Path) -> None:
    path = tmp_path / "areas.gpkg"
    frame([("1", "甲", WHOLE)]).to_file(path)
    assert kinds(check([read_file(AreaKind.CUSTOM, path, datum="unknown")])) == [
        FaultKind.UNREADABLE
    ]


def test_an_unreadable_file_is_a_fault_and_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "areas.geojson"
    path.write_text("{")
    assert kinds(check([read_file(AreaKind.CUSTOM, path)])) == [FaultKind.UNREADABLE]


def test_columns_can_be_named_when_they_bear_other_names() -> None:
    rows = frame([("x", "y", WHOLE)]).rename(columns={"code": "所编号", "name": "所名"})
    assert kinds(check([read_frame(AreaKind.CUSTOM, rows)])) == [FaultKind.NO_COLUMN]
    found = read_frame(AreaKind.CUSTOM, rows, columns={"code": "所编号", "name": "所名"})
    assert [(area.code, area.name) for area in found.areas] == [("x", "y")]
    with pytest.raises(UnknownColumn, match="所编"):
        read_frame(AreaKind.CUSTOM, rows, columns={"code": "编号"})
    with pytest.raises(UnknownColumn, match="colour"):
        read_frame(AreaKind.CUSTOM, rows, columns={"colour": "所名"})


def test_other_columns_are_kept_as_properties() -> None:
    extra = {"户数": [np.int64(412)], "比例": [0.5], "空": [None]}
    (area,) = draft(AreaKind.CUSTOM, [("x", "y", WHOLE)], **extra).areas
    assert area.properties == {"户数": 412, "比例": 0.5}


def test_bad_codes_name_their_row() -> None:
    rows = [("21010400200", "短", box(0, 0, 500, 1000)), (EASTERN, "东", box(500, 0, 1000, 1000))]
    faults = draft(AreaKind.COMMUNITY, rows).faults
    assert [(fault.kind, fault.row) for fault in faults] == [(FaultKind.CODE, 1)]
    assert "12" in faults[0].what.zh


@pytest.mark.parametrize(
    "shape",
    [
        None,
        shapely.Polygon(),
        shapely.Point(123, 41),
        shapely.box(41, 123, 42, 124),
        shapely.box(500_000, 4_600_000, 500_100, 4_600_100),
        shapely.Polygon([(123, 41), (124, 41), (123, 41)]),
    ],
)
def test_a_geometry_that_cannot_be_an_area_is_a_fault(shape: Any) -> None:
    found = draft(AreaKind.CUSTOM, [("x", "y", shape)])
    assert found.areas == ()
    assert [(fault.kind, fault.row) for fault in found.faults] == [(FaultKind.GEOMETRY, 1)]


def test_wild_coordinates_are_a_fault() -> None:
    with np.errstate(invalid="ignore"):
        shape = shapely.from_wkt("POLYGON ((123 41, 124 41, 124 NaN, 123 41))")
    assert [fault.kind for fault in draft(AreaKind.CUSTOM, [("x", "y", shape)]).faults] == [
        FaultKind.GEOMETRY
    ]


def test_a_bow_tie_is_refused_or_mended() -> None:
    bow = laid_out(shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]))
    layer = draft(AreaKind.CUSTOM, [("x", "y", bow)])
    report = check([layer])
    assert kinds(report) == [FaultKind.GEOMETRY]
    assert report.faults[0].where is not None
    mended = check([layer], MEND)
    assert mended.ok
    assert [repair.code for repair in mended.repairs] == ["x"]


def test_a_list_among_the_properties_is_kept_as_text() -> None:
    frame = gpd.GeoDataFrame(
        {"code": ["甲"], "name": ["甲"], "label": [[123.4, 41.8]]},
        geometry=[box(0, 0, 100, 100)],
        crs=4326,
    )
    (area,) = read_frame(AreaKind.CUSTOM, frame).areas
    assert area.properties["label"] == "[123.4, 41.8]"
