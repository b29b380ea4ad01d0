"""A whistle over HTTP, as the centre or a unit blows it, and units that come."""

from collections.abc import Callable
from typing import Any

import pytest

from api.rights.roles import Role
from tests.api.life.conftest import People, number, people

__all__ = ["number", "people"]

POLICE, JUSTICE, OTHER = "police:P-1", "justice:J-1", "police:P-2"

Blow = Callable[..., Any]
Move = Callable[..., Any]


@pytest.fixture
def blow(people: People, number: str) -> Blow:
    """Blow a whistle for the case; by default as the centre, for two units."""

    def blown(role: Role = Role.DISPATCHER, unit: str | None = None, **changes: Any) -> Any:
        units = [{"unit_code": POLICE, "role": "lead"}, {"unit_code": OTHER}]
        body = {"type": "hard", "ground": "one_unit_cannot", "words": "请到场", "units": units}
        client = people(role, unit=unit)
        return client.post(f"/v1/cases/{number}/whistles", json=body | changes)

    return blown


@pytest.fixture
def move(people: People, number: str) -> Move:
    """Make a move as a unit's own leader."""

    def made(unit: str, move: str, **body: Any) -> Any:
        client = people(Role.LEADER, unit=unit)
        return client.post(f"/v1/cases/{number}/assignments/{unit}/{move}", json=body)

    return made


@pytest.fixture
def come(move: Move) -> Callable[[str], None]:
    """Let a unit sign, contact and report in."""

    def came(unit: str) -> None:
        for each in ("sign", "contact", "report-in"):
            assert move(unit, each).status_code == 200, each

    return came
