"""Cases in the middle of their life, and people of every role who reach them."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import Filer, SetClock
from tests.api.people import enter, show_session

LEAD = "street:210104001000"


class People:
    """Answers as whoever is asked for: ``people(Role.LEADER).post(...)``."""

    def __init__(self, client: TestClient, database: Database, clock: SetClock) -> None:
        self._client, self._database, self._clock = client, database, clock
        self._tokens: dict[tuple[tuple[Role, ...], str | None], str] = {}
        self.ids: dict[Role, Any] = {}

    def __call__(self, *roles: Role, unit: str | None = None) -> TestClient:
        """The client as somebody with these roles, of the whole district, in a unit."""
        key = (roles, unit)
        if key not in self._tokens:
            now, name = self._clock(), f"某{roles[0].value}"
            entered = enter(self._database, *roles, now=now, unit=unit, name=name)
            self._tokens[key] = entered.token
            self.ids[roles[0]] = entered.person_id
        show_session(self._client, self._tokens[key])
        return self._client


@pytest.fixture
def people(client: TestClient, district: Database, clock: SetClock) -> People:
    return People(client, district, clock)


@pytest.fixture
def step(people: People) -> Callable[..., Any]:
    """Take a step of a case as somebody."""

    def take(number: str, action: str, *roles: Role, **needs: Any) -> Any:
        client = people(*(roles or (Role.LEADER,)), unit=LEAD)
        return client.post(f"/v1/cases/{number}/steps", json={"action": action} | needs)

    return take


@pytest.fixture
def number(file: Filer) -> str:
    """A case that is with its units."""
    found: str = file().json()["case_number"]
    return found
