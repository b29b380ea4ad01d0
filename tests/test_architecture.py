"""Rules of the house that import-linter cannot see. docs/architecture.md gives the reasons."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Table

from api.notices.domain import Channel
from api.tables import METADATA
from gis.database import Base

ROOT = Path(__file__).parents[1]
FLOORS = ("gis", "grids", "layers", "maps", "api")
CODE = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in CODE]
FEATURES = (
    "accounts",
    "analytics",
    "assignments",
    "atlas",
    "audit",
    "cases",
    "clocks",
    "custody",
    "dispatch",
    "duplicates",
    "intake",
    "life",
    "mediation",
    "notices",
    "pages",
    "parties",
    "people",
    "provider",
    "receipts",
    "reports",
    "retention",
    "risk",
    "rules",
    "sessions",
    "supervision",
    "tokens",
    "whistles",
)
FEATURE_FILES = {"__init__", "routes", "schemas", "service", "models", "domain", "door", "sheet"}
FEATURE_FILES |= {"catalogue", "chain", "checking", "preparation", "worklist"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 50

CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
PURE = re.compile(
    r"api/\w+/(domain|chain|checking)\.py|api/demo/(?!loader|settling|handling|enrolment)\w+\.py|grids/locate/\w+\.py"
)

# Rooms from below; a foreign key may only point to its own room or to one further down.
ROOMS = (
    {"gazetteer_entry"},
    {"edition", "unit", "area", "area_lineage", "jurisdiction_override"},
    {"outbox_event"},
    {"audit_entry", "audit_head"},
    {"person", "role_grant"},
    {"credential", "account_session", "service_token"},
    {"report"},
    {"case_file", "case_counter", "case_event", "case_member", "case_link", "legal_hold"},
    {"calendar_day", "time_limit", "clock", "card", "clock_extension", "worker_beat"},
    {"risk_form", "grading", "custody_link"},
    {"routing_rules"},
    {"assignment", "assignment_step"},
    {"placement"},
    {"receipt"},
    {"whistle", "whistle_call", "whistle_expert"},
    {"agreement", "instalment", "measure", "task"},
    {"submission", "draft"},
    {"party", "party_identity", "party_merge"},
    {"notice", "delivery", "channel_setting", "unit_address"},
    {"retention_period", "retention_run"},
)


def trees() -> Iterator[tuple[str, ast.Module]]:
    for name, path in zip(NAMES, CODE, strict=True):
        yield name, ast.parse(path.read_text("utf-8"))


@pytest.mark.parametrize(("name", "path"), list(zip(NAMES, CODE, strict=True)), ids=NAMES)
def test_a_file_is_short(name: str, path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE, f"{name}: what does it hide?"


def test_a_function_is_short() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_no_import_of_our_own_hides_inside_a_function() -> None:
    hidden = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and (getattr(node, "module", None) or node.names[0].name).split(".")[0] in FLOORS
    ]
    assert hidden == []


def test_pure_modules_read_no_clock() -> None:
    read = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        if PURE.fullmatch(name)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date", "time"}
    ]
    assert read == []


def test_pure_modules_draw_no_unseeded_chance() -> None:
    unseeded = re.compile(r"default_rng\(\s*\)|import random|np\.random\.(?!default_rng|Generator)")
    drawn = [
        name
        for name, path in zip(NAMES, CODE, strict=True)
        if PURE.fullmatch(name) and unseeded.search(path.read_text("utf-8"))
    ]
    assert drawn == []


def test_services_do_not_commit() -> None:
    for path in (ROOT / "api").rglob("service.py"):
        assert not re.search(r"\.(commit|rollback|begin)\(", path.read_text("utf-8")), path
    for path in [*(ROOT / "grids").rglob("*.py"), *(ROOT / "gis" / "geocoding").rglob("*.py")]:
        assert ".commit(" not in path.read_text("utf-8"), path


def test_routes_open_no_transaction_but_the_askers() -> None:
    opened = [
        path
        for path in (ROOT / "api").rglob("routes.py")
        if re.search(r"database\.transaction\(", path.read_text("utf-8"))
    ]
    assert opened == []


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_has_the_same_file_names(feature: str) -> None:
    found = {path.stem for path in (ROOT / "api" / feature).glob("*.py")}
    assert found <= FEATURE_FILES


def test_every_channel_has_a_sender_and_its_words_in_both_languages() -> None:
    """Channels are the one folder within a feature: one more is a folder more, and no new code."""
    folders = [path for path in (ROOT / "api/notices/channels").iterdir() if path.is_dir()]
    assert {path.name for path in folders} == set(Channel)
    for folder in folders:
        files = {path.name for path in folder.iterdir() if path.is_file()}
        assert files >= {"__init__.py", "sender.py", "zh.txt", "en.txt"}, folder
        assert {name for name in files if name.endswith(".py")} == {"__init__.py", "sender.py"}


def test_every_room_of_the_api_is_named_in_the_contracts() -> None:
    contracts = (ROOT / "pyproject.toml").read_text("utf-8")
    for path in (ROOT / "api").iterdir():
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists():
            assert re.search(rf"\b{path.stem}\b", contracts), path


def test_every_table_is_known_to_the_migrations() -> None:
    mapped = {mapper.local_table for mapper in Base.registry.mappers}
    assert mapped == set(METADATA.tables.values())
    for path in CODE:
        if path.name == "models.py":
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            known = {mapper.class_.__module__ for mapper in Base.registry.mappers}
            assert module in known, f"{module} is not in api.tables"


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_foreign_keys_point_down(table: Table) -> None:
    level = {name: place for place, room in enumerate(ROOMS) for name in room}
    for key in table.foreign_keys:
        assert level[key.column.table.name] <= level[table.name]


def test_alembic_shadows_no_library() -> None:
    assert not list((ROOT / "alembic").rglob("__init__.py"))
    assert not (ROOT / "alembic.ini").exists()


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_no_other_code_package_stands_at_the_top() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == {*FLOORS, "tests"}


def test_no_address_of_a_package_index_and_no_path_of_a_machine_is_kept() -> None:
    wanted = re.compile(rb"files\.pythonhosted\.org|pypi\.org/simple|registry\.npmjs\.org|/root/")
    vendored = ROOT / "maps" / "static" / "vendor"
    folders = (*FLOORS, "alembic", "benchmarks", "docs", "requirements", "scripts", ".ci")
    kept = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    kept += [path for path in ROOT.iterdir() if path.is_file()]
    kept = [path for path in kept if not path.is_relative_to(vendored)]
    assert [path for path in kept if wanted.search(path.read_bytes())] == []
