"""Who never meets a party, and a form that is sent twice at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from api.parties.routes import router
from api.rights.policy import POLICY, Reach
from api.rights.roles import ADMINISTRATORS, Role
from tests.api.parties.conftest import CANARY, FIRST, Desk, a_party, somebody

NEVER = sorted({Role.PLANNER, Role.WALL, Role.SERVICE, *ADMINISTRATORS})
RULES = [rule for (_, path), rule in POLICY.items() if "parties" in path or "party" in path]


def test_every_route_of_parties_is_declared() -> None:
    assert len(RULES) == len(router.routes) == 13


@pytest.mark.parametrize("role", NEVER)
def test_a_planner_a_wall_a_system_or_an_administrator_never_meets_a_party(
    desk: Desk, role: Role
) -> None:
    assert not any(role in rule.rights for rule in RULES)
    desk.add()
    desk.as_(somebody(1, role)).get(f"/v1/cases/{FIRST}/parties", 403)
    desk.post("/v1/parties/search", 403, name=CANARY)


def test_no_role_reaches_the_parties_of_every_case() -> None:
    for rule in RULES:
        assert not rule.public
        for reach in rule.rights.values():
            assert not reach & {Reach.ALL, Reach.NONE}


def test_a_form_sent_twice_at_once_adds_one_party(desk: Desk, client: TestClient) -> None:
    def send(_: int) -> int:
        return client.post(f"/v1/cases/{FIRST}/parties", json=a_party()).status_code

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(send, range(4)))
    assert answers == [201, 409, 409, 409]
    assert len(desk.get(f"/v1/cases/{FIRST}/parties")["items"]) == 1
