"""The routes of parties as different people reach them, on a database with two streets' cases."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI, Request
from sqlalchemy import text
from starlette.testclient import TestClient

from api import errors
from api.accounts.models import Person
from api.app import create_app
from api.cases.models import Case
from api.parties.routes import router
from api.reports.models import Report
from api.rights.roles import Role, Who
from api.sealing import Keyring
from api.settings import Settings
from api.throttle import Throttle
from gis.database import Database
from tests.api.conftest import NOW, SetClock

DISTRICT, STREET, OTHER_STREET = "210104", "210104001", "210104002"
FIRST, SECOND, ELSEWHERE = "DD-2026-000001", "DD-2026-000002", "DD-2026-000003"

CANARY = "金丝雀阿芳"
PHONE = "13800005678"
ID_NUMBER = "21010419900101123X"
OTHER_ID = "11010519491231002X"  # the example of GB 11643-1999


def somebody(number: int, role: Role, area: str | None = DISTRICT) -> Who:
    return Who(UUID(int=number), f"{role.value}-{number}", frozenset({role}), area_prefix=area)


ASSESSOR = somebody(1, Role.ASSESSOR)
LEADER = somebody(2, Role.LEADER)
CLERK = somebody(3, Role.CLERK)
STREET_ASSESSOR = somebody(4, Role.ASSESSOR, STREET)
MEDIATOR = somebody(5, Role.MEDIATOR, None)
PEOPLE = (ASSESSOR, LEADER, CLERK, STREET_ASSESSOR, MEDIATOR)


@dataclass
class Door:
    """Whoever is put here stands at the door."""

    who: Who = ASSESSOR
    denied: int = 0

    def recognise(self, _request: Request, _now: object) -> Who:
        return self.who

    def turned_away(self, *_: object) -> None:
        self.denied += 1


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring.create(tmp_path / "keys.json")


@pytest.fixture
def house(database: Database) -> Database:
    """Five people and three cases, the third in another street."""
    with database.transaction() as session:
        for who in PEOPLE:
            session.add(Person(id=who.id, sign_in_name=f"p{who.id.int}", full_name=who.name))
        session.flush()
        for number, street in ((FIRST, STREET), (SECOND, STREET), (ELSEWHERE, OTHER_STREET)):
            report = a_stored_report(street)
            session.add(report)
            session.flush()
            opened_at = NOW + timedelta(minutes=int(number[-1]))
            words = {"report_id": report.id, "state": "registered", "opened_at": opened_at}
            session.add(Case(id=uuid4(), number=number, **words))
    return database


def a_stored_report(street: str) -> Report:
    told = {"kind": "dispute", "category": "labour", "text": "拖欠工资", "source": "window"}
    when = {"occurred_at": NOW, "received_at": NOW, "routed_on": NOW.date()}
    where = {"raw_place": {}, "method": "none", "street_code": street}
    rest = {"people_involved": 2, "synthetic": True, "filed_by": CLERK.id}
    return Report(id=uuid4(), **told, **when, **where, **rest)


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def client(house: Database, door: Door, keyring: Keyring, tmp_path: Path) -> Iterator[TestClient]:
    """The routes of parties behind the real gate and row security."""
    app = FastAPI()
    settings = Settings(home=tmp_path, keys=keyring.path, database_url=None)
    app.state.patience = Throttle(1000, timedelta(minutes=1))
    app.state.handles = create_app(settings, house, SetClock()).state.handles
    app.state.doorkeeper = door
    errors.register(app)
    app.include_router(router)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@dataclass
class Desk:
    """Somebody who uses the routes; answers are checked for their status."""

    client: TestClient
    door: Door
    seen: list[str] = field(default_factory=list)

    def as_(self, who: Who) -> "Desk":
        self.door.who = who
        return self

    def post(self, path: str, status: int = 200, **body: Any) -> Any:
        return self._checked("POST", path, status, body)

    def patch(self, path: str, status: int = 200, **body: Any) -> Any:
        return self._checked("PATCH", path, status, body)

    def get(self, path: str, status: int = 200) -> Any:
        return self._checked("GET", path, status, None)

    def add(self, number: str = FIRST, status: int = 201, **changes: Any) -> Any:
        return self.post(f"/v1/cases/{number}/parties", status, **a_party(**changes))

    def _checked(self, method: str, path: str, status: int, body: Any) -> Any:
        answer = self.client.request(method, path, json=body)
        self.seen.append(answer.text)
        assert answer.status_code == status, answer.text
        assert status >= 400 or answer.headers["Cache-Control"] == "no-store"
        return answer.json()


@pytest.fixture
def desk(client: TestClient, door: Door) -> Desk:
    return Desk(client, door)


def a_party(**changes: Any) -> dict[str, Any]:
    """A respondent of whom all is known, with changes; None leaves a field out."""
    party = {
        "side": "respondent",
        "role": "respondent",
        "name": CANARY,
        "phone": PHONE,
        "identity_number": ID_NUMBER,
        "address": "沈阳市大东区金丝雀街7号",
    }
    return {name: value for name, value in (party | changes).items() if value is not None}


@dataclass
class Trail:
    """What the audit holds."""

    database: Database

    def of(self, subject: str) -> list[tuple[str, str, dict[str, Any], str]]:
        """Deed, actor, content and reason of each entry on a subject, oldest first."""
        query = "SELECT deed, actor, content, reason FROM audit_entry WHERE subject = :subject"
        with self.database.transaction() as session:
            found = session.execute(text(f"{query} ORDER BY id"), {"subject": subject})
            return [tuple(row) for row in found]


@pytest.fixture
def trail(house: Database) -> Trail:
    return Trail(house)
