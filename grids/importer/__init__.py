"""File → checked, versioned change: read, check, compare, apply, report."""

from collections.abc import Sequence

from grids.importer.applying import (
    Change,
    FaultyImport,
    ImportOvertaken,
    ImportRefused,
    ImportRunning,
    ImportTooOld,
    apply,
    plan,
)
from grids.importer.checking import Tolerance
from grids.importer.comparing import Answering, Difference, MovedCases, OpenCase
from grids.importer.planning import MEND_WITHIN_M, NOTHING_YET, LayerTwice, Wishes, judged
from grids.importer.reading import Draft, UnknownColumn, read_file, read_frame
from grids.importer.report import Fault, FaultKind, Report

__all__ = [
    "MEND_WITHIN_M",
    "Answering",
    "Change",
    "Difference",
    "Draft",
    "Fault",
    "FaultKind",
    "FaultyImport",
    "ImportOvertaken",
    "ImportRefused",
    "ImportRunning",
    "ImportTooOld",
    "LayerTwice",
    "MovedCases",
    "OpenCase",
    "Report",
    "Tolerance",
    "UnknownColumn",
    "Wishes",
    "apply",
    "check",
    "plan",
    "read_file",
    "read_frame",
]


def check(drafts: Sequence[Draft], wishes: Wishes | None = None) -> Report:
    """The report on layers by themselves, without a database. Raises LayerTwice."""
    return judged(drafts, NOTHING_YET, wishes or Wishes())[1]
