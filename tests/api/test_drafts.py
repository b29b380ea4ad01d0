"""What somebody is writing is kept for them alone, sealed, until it is filed or forgotten."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.intake.domain import MOST_DRAFTS
from api.rights.roles import Role
from api.sealing import Keyring
from api.sessions.domain import WALL_LIFE, Device
from api.sessions.service import Opening, Origin, begin
from gis.database import Database
from tests.api.conftest import NOW, SetClock
from tests.api.people import enter, show_session

CANARY = "金丝雀小草"
CONTENT = {"category": "neighbour", "text": f"{CANARY}家漏水", "spot": "123.45 41.8 0"}


@pytest.fixture(autouse=True)
def keys(tmp_path: Path) -> Keyring:
    return Keyring.create(tmp_path / "keys.json")


def keep(client: TestClient, draft_id: object, **content: str) -> Any:
    body = {"kind": "report", "content": content or CONTENT}
    return client.put(f"/v1/drafts/{draft_id}", json=body)


def test_a_draft_is_read_as_it_was_written_and_the_last_writing_counts(client: TestClient) -> None:
    draft_id = uuid4()
    assert keep(client, draft_id, text="楼上").status_code == 204
    assert keep(client, draft_id).status_code == 204
    answer = client.get(f"/v1/drafts/{draft_id}").json()
    assert answer["content"] == CONTENT
    assert [each["id"] for each in client.get("/v1/drafts").json()["items"]] == [str(draft_id)]


def test_a_draft_survives_signing_out_and_another_desk(
    client: TestClient, district: Database, clock: SetClock
) -> None:
    person_id, token = enter(district, Role.CLERK, now=clock())
    show_session(client, token)
    draft_id = uuid4()
    keep(client, draft_id)
    client.post("/v1/sign-out")
    client.cookies.clear()
    assert client.get(f"/v1/drafts/{draft_id}").status_code == 401
    with district.transaction() as session:
        opening = Opening(person_id, Device.DESK, Origin("127.0.0.2", "another desk"))
        again = begin(session, opening, lambda _: WALL_LIFE, clock())
    show_session(client, again)
    assert client.get(f"/v1/drafts/{draft_id}").json()["content"] == CONTENT


def test_nobody_else_reads_writes_or_deletes_a_draft(
    client: TestClient, district: Database, clock: SetClock
) -> None:
    draft_id = uuid4()
    keep(client, draft_id)
    _, token = enter(district, Role.CLERK, Role.DISPATCHER, Role.LEADER, now=clock())
    show_session(client, token)
    assert client.get("/v1/drafts").json() == {"items": []}
    assert client.get(f"/v1/drafts/{draft_id}").status_code == 404
    assert keep(client, draft_id, text="改").status_code == 404
    assert client.delete(f"/v1/drafts/{draft_id}").status_code == 404
    with district.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM draft")) == 1


def test_what_is_in_a_draft_is_sealed_and_in_no_log(client: TestClient, district: Database) -> None:
    keep(client, uuid4())
    with district.transaction() as session:
        for table in ("draft", "audit_entry", "outbox_event"):
            held = text(f"SELECT count(*) FROM {table} t WHERE strpos(t::text, :canary) > 0")
            assert session.scalar(held, {"canary": CANARY}) == 0
        sealed: bytes = session.scalar(text("SELECT sealed FROM draft"))  # type: ignore[assignment]
    assert CANARY.encode() not in sealed


def test_a_draft_that_was_filed_is_thrown_away(client: TestClient) -> None:
    draft_id = uuid4()
    keep(client, draft_id)
    assert client.delete(f"/v1/drafts/{draft_id}").status_code == 204
    assert client.get(f"/v1/drafts/{draft_id}").status_code == 404


def test_drafts_are_bounded_in_number_and_in_size(client: TestClient) -> None:
    for _ in range(MOST_DRAFTS):
        assert keep(client, uuid4(), text="一").status_code == 204
    assert keep(client, uuid4(), text="一").status_code == 409
    kept = client.get("/v1/drafts").json()["items"][0]["id"]
    assert keep(client, kept, text="二").status_code == 204
    assert keep(client, kept, text="长" * 10_001).status_code == 422
    assert keep(client, kept, **{f"field{n}": "" for n in range(65)}).status_code == 422


def test_the_latest_draft_comes_first(client: TestClient, clock: SetClock) -> None:
    first, second = str(uuid4()), str(uuid4())
    keep(client, first)
    clock.now = NOW + timedelta(minutes=1)
    keep(client, second)
    items = client.get("/v1/drafts").json()["items"]
    assert [each["id"] for each in items] == [second, first]
    clock.now = NOW + timedelta(minutes=2)
    keep(client, first)
    assert client.get("/v1/drafts").json()["items"][0]["id"] == first
