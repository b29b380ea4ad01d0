"""What somebody sees who has the database and not the keys: nothing, and nothing can be moved."""

import subprocess
from typing import Any

import pytest
from sqlalchemy import make_url, select, text

from api.parties.models import SEALED, PartyIdentity
from api.sealing import Keyring
from api.sealing.errors import Tampered
from gis.database import Database
from tests.api.parties.conftest import CANARY, ID_NUMBER, PHONE, SECOND, Desk

REASON = "核对当事人身份"
CANARIES = (CANARY, "金丝雀", "阿芳", PHONE, ID_NUMBER, "13900005678")
RAW = "SELECT encode(sealed, 'hex') || coalesce(encode(blind, 'hex'), '') FROM party_identity"


@pytest.fixture
def busy(desk: Desk) -> Any:
    """Parties who were added, searched, opened, corrected and exported."""
    party = desk.add()
    path = f"/v1/parties/{party['id']}"
    desk.add(SECOND, protected=True, side="other", role="reporter")
    desk.post(f"{path}/reveal", field="name", reason=REASON)
    desk.post("/v1/parties/search", name=CANARY)
    desk.patch(path, phone="13900005678", reason=REASON)
    desk.post(f"{path}/export", reason=REASON)
    return party


@pytest.mark.usefixtures("busy")
def test_no_byte_of_the_sealed_table_is_plain(house: Database) -> None:
    with house.transaction() as session:
        raw = "\n".join(session.scalars(text(RAW)))
    assert raw
    for word in CANARIES:
        for coding in ("utf-8", "gb18030", "utf-16-le"):
            assert word.encode(coding).hex() not in raw


@pytest.mark.usefixtures("busy")
def test_a_dump_of_the_whole_database_names_nobody(house: Database) -> None:
    url = make_url(house.url)
    where = ["--host", str(url.query["host"]), "--username", str(url.username), str(url.database)]
    if "port" in url.query:
        where = ["--port", str(url.query["port"]), *where]
    dump = subprocess.run(["pg_dump", *where], capture_output=True, check=True).stdout
    assert b"party_identity" in dump
    assert "受保护的举报人".encode() in dump
    for word in CANARIES:
        assert word.encode() not in dump
        assert word.encode().hex().encode() not in dump


def test_the_context_in_sql_is_the_one_that_was_sealed_for(
    busy: Any, house: Database, keyring: Keyring
) -> None:
    with house.transaction() as session:
        rows = session.execute(select(PartyIdentity.sealed, SEALED.context)).all()
    opened = [keyring.open(bytes(sealed), place) for sealed, place in rows]
    assert opened.count(CANARY) == 2
    assert {place.split("/")[0] for _, place in rows} == {"party_identity", "protected"}
    assert any(busy["id"] in place for _, place in rows)


def test_a_sealed_name_that_is_moved_to_another_party_does_not_open(
    desk: Desk, house: Database
) -> None:
    first = desk.add()["id"]
    second = desk.add(SECOND, name="张三", identity_number=None, phone=None)["id"]
    move = (
        "UPDATE party_identity SET sealed = (SELECT sealed FROM party_identity"
        " WHERE party_id = :first AND field = 'name') WHERE party_id = :second AND field = 'name'"
    )
    with house.transaction() as session:
        session.execute(text(move), {"first": first, "second": second})
    desk.post(f"/v1/parties/{second}/reveal", 500, field="name", reason=REASON)
    assert CANARY not in str(desk.seen)


def test_a_sealed_number_that_is_moved_to_another_field_does_not_open(
    desk: Desk, house: Database, keyring: Keyring
) -> None:
    party = desk.add()["id"]
    with house.transaction() as session:
        query = "SELECT sealed FROM party_identity WHERE field = 'phone'"
        sealed = bytes(session.scalars(text(query)).one())
    assert keyring.open(sealed, f"party_identity/phone/{party}") == PHONE
    with pytest.raises(Tampered):
        keyring.open(sealed, f"party_identity/name/{party}")


@pytest.mark.usefixtures("busy")
def test_equal_texts_have_equal_hashes_and_different_sealed_values(
    desk: Desk, house: Database
) -> None:
    desk.add(SECOND)
    query = (
        "SELECT count(DISTINCT blind), count(DISTINCT sealed) FROM party_identity"
        " WHERE field = 'name' AND blind IS NOT NULL"
    )
    with house.transaction() as session:
        assert tuple(session.execute(text(query)).one()) == (1, 2)
