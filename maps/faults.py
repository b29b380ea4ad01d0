"""An offline map of what is wrong with an import: one HTML file, no outside request, no library.

Drawn as SVG in metres around the middle of the areas; a few lines of script zoom and pan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.crs import metres_per_degree
from grids.areas import AreaRecord
from grids.hierarchy import TITLES, AreaKind, from_the_top
from grids.importer.report import Fault, Report

TEMPLATES = Path(__file__).parent / "templates"
SMALLEST_SIDE_M = 100.0  # an import without any ground still gets a picture
MARGIN = 0.03


@dataclass(frozen=True)
class Mark:
    """One numbered fault on the map; `x`, `y` in metres, None when it has no place."""

    number: int
    fault: Fault
    title: tuple[str, str]
    x: float | None
    y: float | None
    reach: float
    path: str


@dataclass(frozen=True)
class Sheet:
    """The paper: degrees (EPSG:4326) to metres east and south of its north-west corner."""

    west: float
    north: float
    metres: tuple[float, float]
    width: float
    height: float

    @classmethod
    def around(cls, geometries: Sequence[BaseGeometry]) -> "Sheet":
        west, south, east, north = shapely.total_bounds(list(geometries) or [shapely.Point(0, 0)])
        middle = (south + north) / 2
        along, up = (float(scale) for scale in metres_per_degree(middle))
        width = max((east - west) * along, SMALLEST_SIDE_M)
        height = max((north - south) * up, SMALLEST_SIDE_M)
        return cls(float(west), float(north), (along, up), width, height)

    @property
    def view(self) -> str:
        margin = MARGIN * max(self.width, self.height)
        sides = (-margin, -margin, self.width + 2 * margin, self.height + 2 * margin)
        return " ".join(f"{side:.1f}" for side in sides)

    def flat(self, geometry: BaseGeometry) -> BaseGeometry:
        def place(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
            return (lonlat - [self.west, self.north]) * [self.metres[0], -self.metres[1]]

        return shapely.transform(geometry, place)


def fault_map(report: Report, areas: Sequence[AreaRecord], *, title: str) -> str:
    """The HTML text. Each fault is numbered and told in both languages; `areas` lie beneath.

    Numbers follow the order of `report.faults`, from 1, as in the JSON report.
    """
    places = [fault.where for fault in report.faults if fault.where is not None]
    sheet = Sheet.around([area.geometry for area in areas] + places)
    marks = [_mark(number, fault, sheet) for number, fault in enumerate(report.faults, start=1)]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True
    )
    return environment.get_template("faults.html").render(
        title=title,
        report=report,
        marks=marks,
        layers=list(_outlines(areas, sheet)),
        view=sheet.view,
    )


def _outlines(areas: Iterable[AreaRecord], sheet: Sheet) -> Iterable[dict[str, object]]:
    by_kind: dict[AreaKind, list[AreaRecord]] = {}
    for area in areas:
        by_kind.setdefault(area.kind, []).append(area)
    for kind in from_the_top(by_kind):
        shapes = [(area, path(sheet.flat(area.geometry))) for area in by_kind[kind]]
        yield {"kind": kind.value, "title": TITLES[kind], "shapes": shapes}


def _mark(number: int, fault: Fault, sheet: Sheet) -> Mark:
    title = TITLES[fault.layer]
    if fault.where is None or fault.where.is_empty:
        return Mark(number, fault, title, None, None, 0.0, "")
    ground = sheet.flat(fault.where)
    middle = shapely.point_on_surface(ground)
    west, north, east, south = ground.bounds
    reach = max(east - west, south - north, SMALLEST_SIDE_M / 4)
    return Mark(number, fault, title, middle.x, middle.y, reach, path(ground))


def path(geometry: BaseGeometry) -> str:
    """The SVG path of a geometry's lines, to the centimetre; "" for points."""
    return "".join(_ring(shapely.get_coordinates(line)) for line in _lines(geometry))


def _lines(geometry: BaseGeometry) -> list[BaseGeometry]:
    parts = [shapely.boundary(p) if p.geom_type == "Polygon" else p for p in _parts(geometry)]
    return [line for part in parts for line in _parts(part) if line.geom_type != "Point"]


def _parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    return list(shapely.get_parts(shapely.get_parts([geometry])))


def _ring(points: NDArray[np.float64]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"
