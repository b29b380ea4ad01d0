"""`fengqiao keys` as an operator types it: rotation keeps all readable, and loses nothing."""

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import Result
from sqlalchemy import LargeBinary, select, text
from typer.testing import CliRunner

from api.cli import app
from api.cli.keys import SEALED
from api.parties.models import SEALED as IDENTITY
from api.parties.models import PartyIdentity
from api.sealing import Keyring, context
from api.sealing.columns import reseal
from api.sealing.errors import SealingError
from api.sessions.models import Credential
from api.tables import METADATA
from gis.database import Database
from tests.api.conftest import NOW

# `api.cli` names the command line's group so, and hides the module behind it.
keys = import_module("api.cli.keys")

CANARY = "金丝雀阿芳"
PEOPLE = 12
# Columns of bytes that are hashes or drawn in the clear, and so need no key.
UNSEALED = {
    "account_session.token_hash",
    "audit_entry.hash",
    "audit_entry.previous",
    "audit_head.hash",
    "party_identity.blind",
    "receipt.token_hash",
    "service_token.token_hash",
}


@pytest.fixture
def path(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", url)
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path))
    return tmp_path / "keys.json"


@pytest.fixture
def keyring(path: Path, database: Database) -> Keyring:
    """A key file, twelve names (every third protected) and one second factor under its key."""
    keyring = Keyring.create(path)
    with database.transaction() as session:
        case = session.scalars(text(A_CASE), {"report": uuid4(), "case": uuid4()}).one()
        for number in range(PEOPLE):
            protected = number % 3 == 0
            role = "reporter" if protected else "applicant"
            words = {"id": UUID(int=number + 1), "case": case, "role": role, "hidden": protected}
            session.execute(text(A_PARTY), words)
            place = context("protected" if protected else "party_identity", "name", words["id"])
            sealed = keyring.seal(f"{CANARY}{number}", place)
            session.add(PartyIdentity(party_id=words["id"], field="name", sealed=sealed))
        secret = keyring.seal("TOTPSECRET", context("credential", "totp_secret", PERSON))
        rest = {"changed_at": NOW, "must_change": False, "failures": 0}
        session.add(Credential(person_id=PERSON, totp_secret=secret, **rest))
    return keyring


PERSON = UUID(int=99)
A_CASE = f"""
WITH somebody AS (
    INSERT INTO person (id, sign_in_name, full_name) VALUES ('{PERSON}', 'somebody', '某人')
), reported AS (
    INSERT INTO report (id, kind, category, text, occurred_at, received_at, source,
        people_involved, synthetic, raw_place, method, routed_on)
    VALUES (:report, 'dispute', 'labour', '欠薪', now(), now(), 'window', 1, true, '{{}}', 'none',
        '2026-11-23')
)
INSERT INTO case_file (id, number, report_id, state, opened_at)
VALUES (:case, 'DD-2026-000001', :report, 'registered', now()) RETURNING id
"""
A_PARTY = f"""
INSERT INTO party (id, case_id, side, role, kind, protected, anonymous, shown, added_by, added_at)
VALUES (:id, :case, 'other', :role, 'person', :hidden, false, '金*', '{PERSON}', now())
"""


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["keys", *words])


def told(*words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def names(database: Database, keyring: Keyring) -> list[str]:
    with database.transaction() as session:
        query = select(PartyIdentity.sealed, IDENTITY.context).order_by(PartyIdentity.party_id)
        return [keyring.open(bytes(sealed), place) for sealed, place in session.execute(query)]


def held(shown: Any) -> dict[str, int]:
    return {key["id"]: key["values"] for key in shown["keys"]}


EVERYBODY = [f"{CANARY}{number}" for number in range(PEOPLE)]


def test_every_column_of_bytes_is_sealed_or_known_to_need_no_key() -> None:
    bytes_columns = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    sealed = {f"{each.table_name}.{each.column_name}" for each in SEALED}
    assert bytes_columns == sealed | UNSEALED


@pytest.mark.parametrize(("algorithm", "length"), [("aes-256-gcm", 32), ("sm4-gcm", 16)])
def test_a_key_file_is_made_with_the_algorithm_that_was_set(
    path: Path, monkeypatch: pytest.MonkeyPatch, algorithm: str, length: int
) -> None:
    monkeypatch.setenv("FENGQIAO_SEAL_ALGORITHM", algorithm)
    made = told("create")
    assert (made["algorithm"], made["file"]) == (algorithm, str(path))
    assert len(Keyring.load(path).current.secret) == length
    again = run("create")
    assert again.exit_code == 1
    assert "fengqiao keys rotate" in again.stderr


def test_the_key_file_lies_where_it_was_set(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "safe" / "keys.json"
    monkeypatch.setenv("FENGQIAO_KEYS", str(elsewhere))
    told("create")
    assert elsewhere.exists()
    assert not path.exists()


def test_an_unknown_algorithm_is_refused_by_the_name_of_its_setting(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGQIAO_SEAL_ALGORITHM", "rot13")
    result = run("create")
    assert result.exit_code != 0
    assert "FENGQIAO_SEAL_ALGORITHM" in result.stderr
    assert not path.exists()


def test_the_list_shows_what_each_key_holds_and_no_secret(keyring: Keyring) -> None:
    assert held(told("list")) == {keyring.current.id: PEOPLE + 1}
    shown = run("list").stdout
    assert f"* {keyring.current.id}" in shown
    assert keyring.current.secret.hex() not in shown


def test_a_missing_key_is_told(keyring: Keyring) -> None:
    keyring.path.unlink()
    Keyring.create(keyring.path)
    result = run("list")
    assert result.exit_code == 1
    assert "缺失 / missing: 13" in result.stdout


@pytest.mark.usefixtures("path")
def test_without_a_key_file_every_command_says_how_to_make_one() -> None:
    for command in ("list", "rotate", "prune"):
        result = run(command)
        assert result.exit_code == 1
        assert "fengqiao keys create" in result.stderr


@pytest.mark.parametrize("algorithm", ["aes-256-gcm", "sm4-gcm"])
def test_a_rotation_keeps_everything_readable_and_the_old_key_can_go(
    keyring: Keyring, database: Database, monkeypatch: pytest.MonkeyPatch, algorithm: str
) -> None:
    monkeypatch.setenv("FENGQIAO_SEAL_ALGORITHM", algorithm)
    old = keyring.current.id
    turned = told("rotate")
    assert (turned["values"], turned["resumed"]) == (PEOPLE + 1, False)
    assert keyring.current.algorithm.value == algorithm
    assert held(told("list")) == {old: 0, keyring.current.id: PEOPLE + 1}
    assert names(database, keyring) == EVERYBODY
    assert told("prune") == {"removed": [old]}
    assert held(told("list")) == {keyring.current.id: PEOPLE + 1}
    assert names(database, Keyring.load(keyring.path)) == EVERYBODY
    with database.transaction() as session:
        secret = bytes(session.scalars(select(Credential.totp_secret)).one() or b"")
    assert keyring.open(secret, context("credential", "totp_secret", PERSON)) == "TOTPSECRET"


class Cut(SealingError):
    """A rotation that is broken off in its middle."""

    def __init__(self) -> None:
        Exception.__init__(self, "cut")


def breaking_off(after: int) -> Callable[..., Any]:
    """The same as `reseal`, and an end after some batches."""
    batches = iter(range(after))

    def cut(*given: Any) -> Any:
        if next(batches, None) is None:
            raise Cut
        return reseal(*given)

    return cut


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_an_interrupted_rotation_is_readable_and_goes_on_where_it_stopped(
    keyring: Keyring, database: Database, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(keys, "BATCH", 5)
    with monkeypatch.context() as broken:
        broken.setattr(keys, "reseal", breaking_off(after))
        assert run("rotate").exit_code == 1
    first, second = (key.id for key in keyring.keys)
    done = min(after * 5, PEOPLE)
    assert held(told("list")) == {first: PEOPLE + 1 - done, second: done}
    assert names(database, keyring) == EVERYBODY
    refused = run("prune")
    assert refused.exit_code == 1
    assert first in refused.stderr
    turned = told("rotate")
    assert (turned["key"], turned["resumed"]) == (second, True)
    assert turned["values"] == PEOPLE + 1 - done
    assert [key.id for key in keyring.keys] == [first, second], "no third key"
    assert names(database, keyring) == EVERYBODY


def test_a_value_that_was_tampered_with_stops_the_rotation_and_its_row_is_named(
    keyring: Keyring, database: Database
) -> None:
    with database.transaction() as session:
        swap = (
            "UPDATE party_identity SET sealed = other.sealed FROM party_identity other"
            f" WHERE party_identity.party_id = '{UUID(int=2)}'"
            f" AND other.party_id = '{UUID(int=3)}'"
        )
        session.execute(text(swap))
    result = run("rotate")
    assert result.exit_code == 1
    assert f"party_identity/name/{UUID(int=2)}" in result.stderr
    assert CANARY not in result.output
    assert held(told("list"))[keyring.keys[0].id] == PEOPLE + 1, "nothing of the batch is kept"


def test_the_current_key_is_never_removed(keyring: Keyring) -> None:
    assert told("prune") == {"removed": []}
    assert held(told("list")) == {keyring.current.id: PEOPLE + 1}


def test_rotations_and_removals_are_on_the_trail_without_a_secret(
    keyring: Keyring, database: Database
) -> None:
    old = keyring.current.id
    run("rotate")
    run("prune")
    with database.transaction() as session:
        query = "SELECT deed, actor, content FROM audit_entry ORDER BY id"
        entries = [tuple(row) for row in session.execute(text(query))]
    assert [each[:2] for each in entries] == [("keys_rotated", "system")] * 2
    assert entries[0][2] == {
        "key": keyring.current.id,
        "values": PEOPLE + 1,
        "resumed": False,
    }
    assert entries[1][2] == {"removed": [old]}
