"""Files of maps and tables: read with declared CRS and encoding, or refused with the reason."""

from gis.files.layers import LayerFile, read_layer
from gis.files.refusing import UnreadableFile
from gis.files.tables import BadRow, Table, read_table
from gis.files.writing import write_csv

__all__ = [
    "BadRow",
    "LayerFile",
    "Table",
    "UnreadableFile",
    "read_layer",
    "read_table",
    "write_csv",
]
