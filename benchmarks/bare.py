"""The bare database transaction: pgbench writes again what one report left in every table.

Prepared statements in one transaction, with the same locked counter row for the case number, as
late as in the API; only keys differ.
"""

import json
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, make_url, text

from gis.cluster import Cluster
from gis.database import Database
from gis.installation import server_for

# In the script, where a colon stands pgbench puts a parameter.
REPORT, CASE = "CAST(:report AS uuid)", "CAST(:case AS uuid)"
KEY = "'pgbench-' || CAST(:case AS text)"
NUMBER = "'PB-1999-' || CAST(:last AS text)"
BEGIN = "BEGIN;\nSELECT gen_random_uuid() AS report, gen_random_uuid() AS case \\gset"
COUNTER = (
    "INSERT INTO case_counter (year, last) VALUES (1999, 1) ON CONFLICT (year)"
    " DO UPDATE SET last = case_counter.last + 1 RETURNING last \\gset"
)
BY_TRIGGER = {"previous", "hash"}
TABLES = (
    "submission",
    "report",
    "grading",
    "custody_link",
    "assignment",
    "clock",
    "case_event",
    "outbox_event",
    "case_file",
    "audit_entry",
)
"""All that one report leaves when it is acknowledged; later come notices."""
WRITTEN = text(
    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
    " AND table_name = :table AND is_generated = 'NEVER' AND is_identity = 'NO'"
    " ORDER BY ordinal_position"
)


def counted(connection: Connection, tables: tuple[str, ...] = TABLES) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        for table in tables
    }


def require_same_rows(
    before: Mapping[str, int], between: Mapping[str, int], after: Mapping[str, int]
) -> None:
    """What was before ``between`` must have left as many rows a case as what came after."""
    ours, theirs = _each_case(before, between), _each_case(between, after)
    if ours != theirs:
        raise RuntimeError(f"not the same rows: {ours} and {theirs}")


def _each_case(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, float]:
    cases = after["case_file"] - before["case_file"]
    return {table: (after[table] - before[table]) / cases for table in after}


def written_script(database: Database, *, told: bool = False) -> Path:
    """A script that writes again what one dispatched report left; with its notices if ``told``."""
    with database.engine.connect() as connection:
        query = text(
            "SELECT * FROM case_file WHERE state = 'dispatched' ORDER BY opened_at LIMIT 1"
        )
        case = connection.execute(query).mappings().one()
        copied = {table: copy_of(connection, table, case) for table in TABLES}
        lines = [BEGIN, *(copied[table] for table in TABLES[:-2])]
        if told:
            lines[-1] = lines[-1].removesuffix(";") + " RETURNING id AS event \\gset"
            lines.append(copy_of(connection, "notice", case))
        lines += [COUNTER, *(copied[table] for table in TABLES[-2:]), "COMMIT;"]
    path = Path(tempfile.mkstemp(suffix=".sql")[1])
    path.write_text("\n".join(lines), encoding="utf-8")
    path.chmod(0o644)
    return path


def copy_of(connection: Connection, table: str, case: Mapping[str, object]) -> str:
    """An INSERT of a table's rows of one case under other keys."""
    of_case = {"case_id": (case["id"], CASE)}
    keys: Mapping[str, Mapping[str, tuple[object, str]]] = {
        "submission": of_case | {"key": (None, KEY)},
        "report": {"id": (case["report_id"], REPORT)},
        "case_file": {
            "id": (case["id"], CASE),
            "number": (None, NUMBER),
            "report_id": (None, REPORT),
        },
        "outbox_event": {"subject": (case["id"], ":case")},
        "audit_entry": {"subject": (f"case:{case['number']}", f"U&'case\\003A' || {NUMBER}")},
        "notice": of_case | {"event_id": (None, ":event"), "case_number": (None, "''")},
    }
    changed = keys.get(table, of_case)
    (column, (value, _)), *_ = changed.items()
    rows = connection.execute(
        text(f"SELECT * FROM {table} WHERE {column}::text = :value"), {"value": str(value)}
    )
    names = [
        name
        for name in connection.execute(WRITTEN, {"table": table}).scalars()
        if name not in BY_TRIGGER
    ]
    values = [
        "("
        + ", ".join(changed[name][1] if name in changed else literal(row[name]) for name in names)
        + ")"
        for row in rows.mappings()
    ]
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join(values)};"


def literal(value: object) -> str:
    """A value as SQL; pgbench must not take a colon in it for a variable."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value)
    words = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return "U&'" + words.replace("\\", "\\\\").replace("'", "''").replace(":", "\\003A") + "'"


def replayed(
    cluster: Cluster, database: Database, script: Path, clients: int, seconds: float
) -> float:
    """Transactions per second of pgbench with the script."""
    url = make_url(database.url)
    words = [
        server_for(cluster.status().version).program("pgbench"),
        *("--no-vacuum", "--protocol=prepared", f"--file={script}"),
        *(f"--client={clients}", "--jobs=1", f"--time={max(1, round(seconds))}"),
        *(f"--host={url.query['host']}", f"--username={url.username}", str(url.database)),
    ]
    said = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
    line = next(line for line in said.splitlines() if line.startswith("tps ="))
    return float(line.split()[2])
