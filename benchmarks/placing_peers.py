"""The usual ways to find the areas of points, each with its best known plan, for comparison.

A peer is prepared untimed (points and areas loaded, indexed, analysed) and then timed for the join
alone: for every layer all pairs of a point and an area that covers it.
"""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Protocol, TypeVar

import geopandas as gpd
import numpy as np
import psycopg
import pyarrow as pa
import sedonadb
import shapely
from numpy.typing import NDArray

from grids.locate import Layer

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
Floats = NDArray[np.float64]
Result = TypeVar("Result")


class Peer(Protocol[Result]):
    """`family` has several peers, one for each plan; the fastest one stands for it."""

    family: str
    plan: str
    version: str

    def join(self) -> list[Result]:
        """What is timed: one result for each layer, however this peer keeps it."""

    def pairs(self, result: Result) -> Pairs:
        """The numbers of the points and of the areas that cover them."""


class Geopandas:
    """sjoin with the points left (within) or the areas left (covers)."""

    family = "geopandas"
    version = version("geopandas")

    def __init__(self, layers: Sequence[Layer], lon: Floats, lat: Floats, plan: str) -> None:
        self.plan = plan
        self.points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)
        self.areas = [gpd.GeoDataFrame(geometry=list(x.geometries), crs=4326) for x in layers]

    def join(self) -> list[gpd.GeoDataFrame]:
        if self.plan == "within":
            return [self.points.sjoin(areas, predicate="within") for areas in self.areas]
        return [areas.sjoin(self.points, predicate="covers") for areas in self.areas]

    def pairs(self, result: gpd.GeoDataFrame) -> Pairs:
        left, right = result.index.to_numpy(), result["index_right"].to_numpy()
        return (left, right) if self.plan == "within" else (right, left)


class Shapely:
    """STRtree of the points, asked by area, or of the areas, asked by point."""

    family = "shapely"
    version = f"{version('shapely')} (GEOS {shapely.geos_version_string})"

    def __init__(self, layers: Sequence[Layer], lon: Floats, lat: Floats, plan: str) -> None:
        self.plan = plan
        self.points = shapely.points(lon, lat)
        self.areas = [np.array(layer.geometries, dtype=object) for layer in layers]
        for areas in self.areas:
            shapely.prepare(areas)

    def join(self) -> list[NDArray[np.int64]]:
        if self.plan == "tree of points":
            tree = shapely.STRtree(self.points)
            return [tree.query(areas, predicate="covers") for areas in self.areas]
        trees = [shapely.STRtree(areas) for areas in self.areas]
        return [tree.query(self.points, predicate="intersects") for tree in trees]

    def pairs(self, result: NDArray[np.int64]) -> Pairs:
        one, other = result
        return (other, one) if self.plan == "tree of points" else (one, other)


class Sedona:
    """SedonaDB on all cores, its tables in memory."""

    family = "sedonadb"
    plan = "ST_Covers"
    version = version("sedonadb")

    def __init__(self, layers: Sequence[Layer], lon: Floats, lat: Floats) -> None:
        self.connection = sedonadb.connect()
        self._put("points", list(shapely.points(lon, lat)))
        self.count = len(layers)
        for number, layer in enumerate(layers):
            self._put(f"areas_{number}", layer.geometries)

    def _put(self, name: str, geometries: Sequence[object]) -> None:
        words = {"id": np.arange(len(geometries))}
        frame = gpd.GeoDataFrame(words, geometry=list(geometries), crs=4326)
        self.connection.create_data_frame(frame).to_memtable().to_view(name)

    def join(self) -> list[pa.Table]:
        return [self._joined(f"areas_{number}") for number in range(self.count)]

    def _joined(self, areas: str) -> pa.Table:
        found = self.connection.sql(
            f"SELECT p.id AS point, a.id AS area FROM points p JOIN {areas} a"
            " ON ST_Covers(a.geometry, p.geometry)"
        )
        return pa.RecordBatchReader.from_stream(found).read_all()

    def pairs(self, result: pa.Table) -> Pairs:
        return result["point"].to_numpy(), result["area"].to_numpy()


class PostGIS:
    """ST_Covers with the GiST index of one side; the pairs stay on the server."""

    family = "postgis"

    def __init__(self, connection: psycopg.Connection, count: int, plan: str) -> None:
        self.plan = plan
        self.connection = connection
        self.count = count
        found = connection.execute("SELECT postgis_lib_version()").fetchone()
        self.version = str(found[0]) if found else "?"

    def join(self) -> list[int]:
        return [self._joined(number) for number in range(self.count)]

    def _joined(self, number: int) -> int:
        points, areas = "points", f"areas_{number}"
        if self.plan == "index on points":
            points = "points_indexed"
        else:
            areas = f"{areas}_indexed"
        self.connection.execute(f"DROP TABLE IF EXISTS answer_{number}")
        self.connection.execute(
            f"CREATE UNLOGGED TABLE answer_{number} AS SELECT p.id AS point, a.id AS area"
            f" FROM {points} p JOIN {areas} a ON ST_Covers(a.geom, p.geom)"
        )
        return number

    def pairs(self, result: int) -> Pairs:
        rows = self.connection.execute(f"SELECT point, area FROM answer_{result}").fetchall()
        points, areas = np.array(rows, dtype=np.int64).reshape(-1, 2).T
        return points, areas


def load(connection: psycopg.Connection, layers: Sequence[Layer], lon: Floats, lat: Floats) -> None:
    """The tables of `PostGIS`, each with and without an index."""
    connection.execute("CREATE UNLOGGED TABLE raw (id int, lon float8, lat float8)")
    with connection.cursor().copy("COPY raw FROM STDIN") as copy:
        for row in zip(range(len(lon)), lon.tolist(), lat.tolist(), strict=True):
            copy.write_row(row)
    point = "ST_SetSRID(ST_MakePoint(lon, lat), 4326)"
    connection.execute(f"CREATE UNLOGGED TABLE points AS SELECT id, {point} AS geom FROM raw")
    _with_index(connection, "points")
    for number, layer in enumerate(layers):
        name = f"areas_{number}"
        connection.execute(f"CREATE UNLOGGED TABLE {name} (id int, geom geometry(Geometry, 4326))")
        connection.cursor().executemany(
            f"INSERT INTO {name} VALUES (%s, ST_GeomFromWKB(%s, 4326))",
            list(enumerate(shapely.to_wkb(list(layer.geometries)))),
        )
        _with_index(connection, name)


def _with_index(connection: psycopg.Connection, name: str) -> None:
    connection.execute(f"CREATE UNLOGGED TABLE {name}_indexed AS SELECT * FROM {name}")
    connection.execute(f"CREATE INDEX ON {name}_indexed USING gist (geom)")
    connection.execute(f"ANALYZE {name}")
    connection.execute(f"ANALYZE {name}_indexed")
