"""docs/security: every requirement is answered, and every proof that is named exists."""

import ast
import csv
import re
from functools import cache
from pathlib import Path

import pytest

from api.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "security").glob("*.md"))
ASVS = (ROOT / "docs" / "security" / "asvs.md").read_text("utf-8")

# Numbers and levels of OWASP ASVS 5.0.0, levels 1 and 2, from its published list in CSV.
LIST = Path(__file__).with_name("asvs_5_0_0.csv")

ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| .* \| (.+) \|$", re.MULTILINE)
TOTAL = re.compile(r"^\| \*\*all\*\* \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([^`]+)`")
PROOF = re.compile(r"^(FENGQIAO_[A-Z_]+|[\w./-]+\.(?:py|md|js|html|lock|toml)(?:::test_\w+)?)$")


def listed() -> list[tuple[str, str]]:
    with LIST.open(encoding="utf-8") as lines:
        return [(row["id"], row["level"]) for row in csv.DictReader(lines)]


@cache
def functions_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def exists(proof: str) -> bool:
    if proof.startswith("FENGQIAO_"):
        return proof.removeprefix("FENGQIAO_").lower() in Settings.model_fields
    path, _, test = proof.partition("::")
    return (ROOT / path).is_file() and (not test or test in functions_in(ROOT / path))


def test_every_requirement_of_level_1_and_2_is_answered_once() -> None:
    assert len(listed()) == 253, "70 of level 1 and 183 of level 2"
    assert [(number, level) for number, level, _ in ROW.findall(ASVS)] == listed()


def test_what_is_met_names_a_proof_and_what_is_not_says_why() -> None:
    for number, _, proof in ROW.findall(ASVS):
        told = re.fullmatch(r"(n/a|open): .+", proof)
        assert told or all(exists(each) for each in NAMED.findall(proof)), (number, proof)
        assert told or NAMED.findall(proof), number


def test_the_counts_are_those_of_the_tables() -> None:
    proofs = [proof for *_, proof in ROW.findall(ASVS)]
    na, missing = (sum(proof.startswith(kind) for proof in proofs) for kind in ("n/a:", "open:"))
    counts = (len(proofs) - na - missing, na, missing)
    assert TOTAL.findall(ASVS) == [tuple(map(str, counts))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_setting_and_file_that_is_named_exists(page: Path) -> None:
    words = NAMED.findall(page.read_text("utf-8"))
    named = [word for word in words if PROOF.match(word) and ("/" in word or word.isupper())]
    assert [word for word in named if not exists(word)] == []
