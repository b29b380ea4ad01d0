"""Small map files for tests, as tools in China write them."""

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely import box
from shapely.geometry.base import BaseGeometry

GROUND = box(123.47, 41.80, 123.48, 41.81)
CODES, NAMES = ["210104001", "210104002"], ["联通社区", "东塔街道"]
LANGUAGE = 29  # where a dBase table says its language


def frame(shape: BaseGeometry = GROUND, **columns: list[Any]) -> gpd.GeoDataFrame:
    """Two areas on the same ground, in EPSG:4326."""
    words = columns or {"编码": CODES, "名称": NAMES}
    return gpd.GeoDataFrame(words, geometry=[shape] * len(next(iter(words.values()))), crs=4326)


def shapefile(
    folder: Path,
    name: str = "社区",
    *,
    encoding: str = "GBK",
    language: int = 0,
    shapes: gpd.GeoDataFrame | None = None,
) -> Path:
    """A Shapefile without .cpg, in an encoding that it does not tell but by a language byte."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.shp"
    (frame() if shapes is None else shapes).to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[LANGUAGE] = language
    path.with_suffix(".dbf").write_bytes(table)
    return path


def packed(target: Path, *folders: Path, under: str = "") -> Path:
    """All files of the folders in a zip, in a folder of its own."""
    with zipfile.ZipFile(target, "w") as archive:
        for folder in folders:
            for path in sorted(folder.iterdir()):
                archive.write(path, under + path.name)
    return target


def geojson(path: Path, *features: dict[str, Any], **members: Any) -> Path:
    collection = {"type": "FeatureCollection", "features": features, **members}
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    return path


def feature(*ring: tuple[float, ...], **properties: Any) -> dict[str, Any]:
    """A feature that is a polygon of one ring, or has no geometry at all."""
    geometry = {"type": "Polygon", "coordinates": [ring]} if ring else None
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def triangle() -> list[tuple[float, ...]]:
    return [(123.0, 41.0), (124.0, 41.0), (124.0, 42.0), (123.0, 41.0)]
