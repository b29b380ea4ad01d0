"""The audit over HTTP: searched by its administrator, and every search is written down."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from api import errors
from api.app import create_app
from api.audit.domain import Deed
from api.audit.routes import router
from api.audit.service import record
from api.rights.policy import POLICY
from api.rights.roles import Role, Who
from api.settings import Settings
from api.throttle import Throttle
from gis.database import Database
from tests.api.audit.chain import AT, entry, rows, tamper, write
from tests.api.conftest import NOW, SetClock

ADMIN = Who(UUID(int=1), "审计管理员", frozenset({Role.AUDIT_ADMIN}))
PARTY = "party:0f0e0d0c-0000-4000-8000-000000000001"


class AlwaysTheAdmin:
    """A door at which the audit administrator stands."""

    def recognise(self, _request: Request, _now: object) -> Who:
        return ADMIN

    def turned_away(self, *_: object) -> None:
        raise AssertionError


@pytest.fixture
def client(database: Database, tmp_path: Path) -> Iterator[TestClient]:
    app = FastAPI()
    settings = Settings(home=tmp_path, database_url=None)
    app.state.patience = Throttle(1000, timedelta(minutes=1))
    app.state.handles = create_app(settings, database, SetClock()).state.handles
    app.state.doorkeeper = AlwaysTheAdmin()
    errors.register(app)
    app.include_router(router)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def ids(client: TestClient, query: str) -> list[int]:
    answer = client.get(f"/v1/audit?{query}")
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


def test_only_the_audit_administrator_may_use_any_of_the_routes() -> None:
    rules = [rule for (_, path), rule in POLICY.items() if path.startswith("/v1/audit")]
    assert len(rules) == 3
    for rule in rules:
        assert set(rule.rights) == {Role.AUDIT_ADMIN}
        assert not rule.public


def test_an_entry_is_shown_whole_with_the_title_of_its_deed(
    client: TestClient, database: Database
) -> None:
    write(database, 1)
    (item,) = client.get("/v1/audit?limit=1").json()["items"]
    with database.transaction() as session:
        row = rows(session)[0]
    assert item["title"] == {"zh": "查看案件", "en": "Read a case"}
    assert (item["hash"], item["previous"]) == (row[9].hex(), "00" * 32)
    assert item["content"] == {"n": 0}
    assert item["subject"] == "case:DD-2026-000000"


def test_an_entry_whose_deed_was_tampered_with_is_still_shown(
    client: TestClient, database: Database
) -> None:
    write(database, 1)
    with database.transaction() as session:
        tamper(session, "UPDATE audit_entry SET deed = 'no such deed'")
    (item,) = client.get("/v1/audit?limit=1").json()["items"]
    assert item["title"] == {"zh": "no such deed", "en": "no such deed"}


def test_pages_go_from_the_newest_back_without_overlap_although_searches_are_added(
    client: TestClient, database: Database
) -> None:
    write(database, 5)
    seen, after = list[int](), ""
    for _ in range(3):
        page = client.get(f"/v1/audit?limit=2&deed=case_read{after}").json()
        seen += [each["id"] for each in page["items"]]
        after = f"&after={page['next']}"
    assert seen == [5, 4, 3, 2, 1]
    assert page["next"] is None


def test_filters_narrow_the_search(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        record(session, [entry(1), entry(2, actor="p2", reason="百分之 50% 核实")], AT)
        later = AT + timedelta(hours=2)
        record(session, [entry(3, deed=Deed.DENIED, reason="Check_UP")], later)
    assert ids(client, "actor=p2") == [2]
    assert ids(client, "deed=denied") == [3]
    assert ids(client, "subject=case:DD-2026-000001") == [1]
    assert ids(client, "reason=50%25") == [2]
    assert ids(client, "reason=check_up") == [3]
    assert ids(client, "reason=chec__up") == [], "no wildcards"
    assert ids(client, "deed=case_read&until=2026-11-23T14:00:00%2B08:00") == [2, 1]
    assert ids(client, "deed=denied&from=2026-11-23T06:00:00Z") == [3]
    assert ids(client, "deed=denied&from=2026-11-23T06:00:01Z") == []


def test_every_search_is_written_down_without_its_words(
    client: TestClient, database: Database
) -> None:
    client.get("/v1/audit?deed=denied&reason=金丝雀")
    with database.transaction() as session:
        (row,) = rows(session)
    assert row[1:6] == (NOW, "audit_searched", str(ADMIN.id), ADMIN.name, "audit")
    assert row[6] == '{"deed": "denied", "by_reason": true}'


def test_who_looked_at_me_names_reads_reveals_and_exports_and_no_changes(
    client: TestClient, database: Database
) -> None:
    deeds = (Deed.PARTY_ADDED, Deed.PARTY_REVEALED, Deed.PARTY_CHANGED, Deed.DATA_EXPORTED)
    with database.transaction() as session:
        record(session, [entry(deed=deed, subject=PARTY) for deed in deeds], AT)
        record(session, [entry(deed=Deed.PARTY_REVEALED, subject="party:another")], AT)
    answer = client.get(f"/v1/audit/subjects/{PARTY}").json()
    assert [each["deed"] for each in answer["items"]] == ["data_exported", "party_revealed"]
    with database.transaction() as session:
        asked = rows(session)[-1]
    assert asked[2] == "audit_searched"
    assert PARTY in asked[6]


def test_a_verification_names_what_is_wrong_and_is_written_into_a_sound_chain_only(
    client: TestClient, database: Database
) -> None:
    write(database, 4)
    sound = client.get("/v1/audit/verification").json()
    assert (sound["sound"], sound["entries"], sound["flaws"]) == (True, 4, [])
    with database.transaction() as session:
        tamper(session, "UPDATE audit_entry SET actor = 'x' WHERE id = 3")
    broken = client.get("/v1/audit/verification").json()
    assert (broken["sound"], broken["entries"], broken["found"]) == (False, 5, 1)
    what = {"zh": "第 3 条被改动", "en": "entry 3 was edited"}
    assert broken["flaws"] == [{"damage": "edited", "first": 3, "last": 3, "what": what}]
    with database.transaction() as session:
        deeds = [row[2] for row in rows(session)]
    assert (deeds.count("audit_verified"), deeds[-1]) == (1, "audit_verified")


BAD = (
    "limit=0",
    "limit=501",
    "after=0",
    "after=9223372036854775808",
    "deed=nothing",
    "from=yesterday",
    "from=2026-11-23T06:00:00",
    "reason=%00",
    "actor=%20",
    "subject=" + "x" * 201,
    "unknown=1",
)


@pytest.mark.parametrize("query", BAD)
def test_a_search_that_cannot_be_is_refused_in_words(client: TestClient, query: str) -> None:
    answer = client.get(f"/v1/audit?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["what"]["zh"]


def test_a_subject_that_cannot_be_is_refused(client: TestClient) -> None:
    assert client.get("/v1/audit/subjects/%00").status_code == 422
