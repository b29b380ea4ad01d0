"""What must be true after a storm, asked of the database. The same questions for every variant."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import text

from gis.database import Database

UNITS = 3

# The reports of one storm bear its name and their key as title.
CASES = """
    SELECT case_file.id, case_file.number, report.title AS key
    FROM case_file JOIN report ON report.id = case_file.report_id
    WHERE starts_with(report.title, :storm)
"""
DUPLICATES = f"SELECT count(*) - count(DISTINCT key) FROM ({CASES}) AS cases"
NUMBERS = f"SELECT number, key FROM ({CASES}) AS cases"
SENT = f"""
    SELECT count(*) FROM ({CASES}) AS cases WHERE {UNITS} <> (
        SELECT count(DISTINCT unit_code) FROM assignment WHERE assignment.case_id = cases.id
    )
"""
SENT_TWICE = f"""
    SELECT coalesce(sum(many - 1), 0) FROM (
        SELECT count(*) AS many FROM ({CASES}) AS cases
        JOIN assignment ON assignment.case_id = cases.id
        GROUP BY cases.id, assignment.unit_code
    ) AS each
"""
TOLD = f"""
    SELECT coalesce(sum(greatest(0, 1 - many)), 0), coalesce(sum(greatest(0, many - 1)), 0) FROM (
        SELECT count(notice.id) AS many FROM ({CASES}) AS cases
        JOIN assignment ON assignment.case_id = cases.id
        LEFT JOIN notice ON notice.case_id = cases.id AND notice.unit_code = assignment.unit_code
        GROUP BY cases.id, assignment.unit_code
    ) AS each
"""
WAITING = "SELECT count(*) FROM outbox_event WHERE delivered_at IS NULL"
GAPS = "SELECT coalesce(max(right(number, 6)::int), 0) - count(*) FROM case_file"


@dataclass(frozen=True)
class Findings:
    """How many reports were acknowledged, and how often a promise was broken."""

    acknowledged: int
    lost: int
    duplicates: int
    not_sent: int
    sent_twice: int
    not_told: int
    told_twice: int

    @property
    def broken(self) -> dict[str, int]:
        """The promises that were broken, with how often."""
        found = asdict(self)
        del found["acknowledged"]
        return {name: many for name, many in found.items() if many}


def check(database: Database, storm: str, acknowledged: Mapping[str, str]) -> Findings:
    """Look at all reports of a storm; ``acknowledged`` is the case number answered to each key."""
    words: dict[str, Any] = {"storm": storm}
    with database.transaction() as session:
        found = {(row.number, row.key) for row in session.execute(text(NUMBERS), words)}
        not_told, told_twice = session.execute(text(TOLD), words).one()
        counted = {
            name: int(session.execute(text(query), words).scalar_one())
            for name, query in (
                ("duplicates", DUPLICATES),
                ("not_sent", SENT),
                ("sent_twice", SENT_TWICE),
            )
        }
    return Findings(
        acknowledged=len(acknowledged),
        lost=sum((number, key) not in found for key, number in acknowledged.items()),
        not_told=int(not_told),
        told_twice=int(told_twice),
        **counted,
    )


def count(database: Database, query: str) -> int:
    """One number."""
    with database.transaction() as session:
        return int(session.execute(text(query)).scalar_one())
