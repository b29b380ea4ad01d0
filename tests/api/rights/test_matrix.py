"""Every cell of docs/rights.md, tried over HTTP. The page is written for people, and it decides."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Response
from sqlalchemy import text
from starlette.testclient import TestClient

from api.app import create_app
from api.rights.gate import UndeclaredRoute, declared
from api.rights.policy import POLICY
from api.rights.roles import ROLE_TITLES, Role
from api.risk.domain import DEFAULT, content_of
from api.rules.schemas import FALLBACK
from api.sealing import Keyring
from api.settings import Settings
from gis.database import Database
from tests.api.conftest import SetClock, a_report
from tests.api.people import SITE, show_session
from tests.api.rights.world import WAYS, Things, World
from tests.conftest import copied, opened

PAGE = (Path(__file__).parents[3] / "docs" / "rights.md").read_text("utf-8")
ROW = re.compile(r"^\| `(GET|POST|PUT|PATCH|DELETE) (\S+)` \|(.+)\|$", re.MULTILINE)

Route = tuple[str, str]

# What names something of a case; a route with one of them is tried on every kind of case.
OF_A_CASE = ("{number}", "{party_id}", "{placement_id}", "{merge_id}", "POST /v1/party-merges")
OF_A_CASE += ("{notice_id}", "{whistle_id}")
PLAIN = {"kind": "street", "session_id": str(uuid4()), "subject": "case:DD-2026-000001"}
PLAIN |= {"code": "police:P-2", "token_id": str(uuid4()), "task_id": "1", "year": "2027"}
PLAIN |= {"unit_code": "police:P-9", "move": "sign"}
PLAIN |= {"version": "1"}
PLAIN |= {"draft_id": str(uuid4())}
PLAIN |= {"channel": "sms", "delivery_id": "1"}
WHY = {"reason": "核对权限表"}
AGREEMENT = {"form": "oral", "words": "当面道歉", "agreed_on": "2026-11-23"}
A_HOLIDAY = {"day": "2027-01-01", "working": False, "name": "元旦"}
ON_BEHALF = {"on_behalf": {"channel": "phone", "said_by": "值班员"}}
A_WHISTLE = {"type": "work", "ground": "one_unit_cannot", "words": "请到场"}
A_WHISTLE |= {"units": [{"unit_code": "police:P-2", "role": "lead"}]}
A_SCORE = {"score": 4, "words": "及时"}
TASK = {"kind": "visit", "words": "走访", "due_on": "2026-12-01"}


def page_table() -> dict[Route, dict[Role, str]]:
    heads = next(line for line in PAGE.splitlines() if line.startswith("| | 接待员"))
    roles = {title.zh: role for role, title in ROLE_TITLES.items()}
    columns = [roles[name.strip()] for name in heads.split("|")[2:-1]]
    return {
        (method, path): dict(zip(columns, map(str.strip, cells.split("|")), strict=True))
        for method, path, cells in ROW.findall(PAGE)
    }


TABLE = page_table()
GUARDED = [route for route, cells in TABLE.items() if set(cells.values()) != {"○"}]
# Signing out ends what the next trial needs; tests/api/sessions tries it.
REPEATABLE = sorted(
    (route for route in GUARDED if route != ("POST", "/v1/sign-out")),
    # What calls further units in comes late, since these then reach the case; then what takes away.
    key=lambda route: (route[0] == "DELETE", route[0] == "POST" and "whistles" in route[1]),
)
WHOLE_LISTS = [("GET", "/v1/reports"), ("GET", "/v1/supervision")]
LISTS = [*WHOLE_LISTS, ("GET", "/v1/placements"), ("GET", "/v1/whistles")]
MOST = 500


def is_page(route: Route) -> bool:
    return POLICY[route].page


def body_of(route: Route, things: Things) -> dict[str, Any] | None:
    """Something that the route takes, so that it looks for the case at all."""
    method, path = route
    if method == "GET":
        return None
    party = {"side": "respondent", "role": "respondent", "name": f"某{uuid4().hex[:6]}"}
    place = {"lon": 123.45, "lat": 41.8, "datum": "wgs84"}
    choice = {"kind": "street", "unit_code": "street:210104001000"}
    bodies: Mapping[str, dict[str, Any]] = {
        "/v1/reports": a_report(),
        "/v1/cases/{number}/steps": {"action": "visit", "satisfaction": 5},
        "/v1/cases/{number}/links": WHY | {"other": things.number, "kind": "related"},
        "/v1/cases/{number}/merge": WHY | {"into": things.number},
        "/v1/cases/{number}/parts": WHY | {"parts": [{"category": "other", "text": "另一事"}]},
        "/v1/cases/{number}/clocks/{clock_id}/extension": WHY | {"amount": 1},
        "/v1/cases/{number}/clocks/{clock_id}/extension/decision": WHY | {"granted": True},
        "/v1/drafts/{draft_id}": {"content": {"text": "拖欠工资"}},
        "/v1/rules": WHY | {"rules": [FALLBACK]},
        "/v1/cases/{number}/reroute": WHY | {"category": "property", "preview": True},
        "/v1/rules/check": {"rules": [FALLBACK]},
        "/v1/rules/preview": {"case_number": things.number},
        "/v1/rules/replay": {"since": "2026-11-01", "until": "2026-11-30"},
        "/v1/risk/form": WHY | content_of(DEFAULT) | {"version": 0},
        "/v1/cases/{number}/grading": {"signs": ["media"]},
        "/v1/cases/{number}/grading/preview": {"signs": ["media"]},
        "/v1/cases/{number}/grading/override": WHY | {"grade": "yellow"},
        "/v1/cases/{number}/grading/confirm": {"agreed": True},
        "/v1/cases/{number}/custody/hand-over": WHY | {"person_id": str(things.person_id)},
        "/v1/cases/{number}/custody/sign": {},
        "/v1/limits": WHY | {"kind": "visit", "amount": 5, "unit": "working_days"},
        "/v1/calendar/{year}": WHY | {"days": [A_HOLIDAY]},
        "/v1/cases/{number}/dispatch": WHY
        | {"units": [{"unit_code": "street:210104001000", "role": "lead"}]},
        "/v1/cases/{number}/assignments/{unit_code}/{move}": ON_BEHALF,
        "/v1/cases/{number}/whistles": A_WHISTLE,
        "/v1/whistles/{whistle_id}/escalate": WHY,
        "/v1/whistles/{whistle_id}/done": WHY,
        "/v1/whistles/{whistle_id}/stand-down": WHY,
        "/v1/whistles/{whistle_id}/calls/{code}/score": A_SCORE,
        "/v1/whistles/{whistle_id}/justification": A_SCORE,
        "/v1/whistles/{whistle_id}/experts": {"name": "律师", "profession": "lawyer"},
        "/v1/whistles/{whistle_id}/experts/{expert_id}/opinion": WHY,
        "/v1/cases/{number}/measures": {"kind": "shuttle", "words": "分别沟通"},
        "/v1/cases/{number}/agreement": AGREEMENT,
        "/v1/cases/{number}/payments": {"position": 1, "amount": 1, "paid_on": "2026-11-23"},
        "/v1/cases/{number}/tasks": TASK | {"for_person": str(things.person_id)},
        "/v1/cases/{number}/members": {"person_id": str(things.person_id)},
        "/v1/cases/{number}/parties": party,
        "/v1/parties/{party_id}": WHY | ({} if method == "DELETE" else {"name": "更正后"}),
        "/v1/parties/{party_id}/reveal": WHY | {"field": "phone"},
        "/v1/parties/{party_id}/export": WHY,
        "/v1/parties/{party_id}/protect": WHY | {"protected": True},
        "/v1/cases/{number}/hold": WHY,
        "/v1/people/{person_id}/provider": {"subject": None},
        "/v1/placements/{placement_id}/confirm": WHY | {"choices": [choice]},
        "/v1/placements/{placement_id}/place": WHY | place,
        "/v1/party-merges": WHY
        | {"first": str(things.party_id), "second": str(things.other_party_id)},
        "/v1/party-merges/{merge_id}/review": WHY | {"outcome": "rejected"},
        "/v1/people": {"sign_in_name": f"p{uuid4().hex[:8]}", "full_name": "新人"},
        "/v1/people/{person_id}/roles": {"roles": ["clerk"]},
        "/v1/units/{code}": {"name": "万泉派出所"},
        "/v1/service-tokens": {"person_id": str(things.person_id), "scopes": ["places:read"]},
        "/v1/channels/{channel}": WHY | {"enabled": False, "webhook": {"secret": "key"}},
        "/v1/unit-addresses/{code}/{channel}": WHY | {"address": "024-88880000"},
        "/v1/deliveries/{delivery_id}/replay": WHY,
        "/v1/kiosk-tickets": {"person_id": str(things.person_id)},
    }
    return bodies.get(path, {})


@dataclass
class Trial:
    """The application, its people, and what the audit says of the last request."""

    client: TestClient
    world: World
    database: Database
    tried: int = 0

    def ask(self, route: Route, role: Role, way: str) -> tuple[int, list[str]]:
        """The status, and what the audit says was denied."""
        before = self._last()
        status = self.answer(route, role, way).status_code
        return status, self._denied_since(before)

    def answer(self, route: Route, role: Role, way: str) -> Response:
        """What somebody is answered about a case of theirs."""
        somebody = self.world.people[role]
        things = somebody.cases[way]
        names = {name: str(value) for name, value in vars(things).items()}
        if route[1].startswith("/v1/people"):
            names["person_id"] = str(self.world.newcomer)
        self.tried += 1
        headers = {"Idempotency-Key": f"matrix-{self.tried:06d}"}
        self.client.cookies.clear()
        if role is Role.SERVICE:
            headers["Authorization"] = f"Bearer {somebody.token}"
        else:
            show_session(self.client, somebody.token)
        path, body = route[1].format(**PLAIN | names), body_of(route, things)
        words = {"limit": MOST} if route in LISTS else None
        return self.client.request(
            route[0], path, json=body, headers=headers, params=words, follow_redirects=False
        )

    def _last(self) -> int:
        with self.database.transaction() as session:
            return session.scalar(text("SELECT coalesce(max(id), 0) FROM audit_entry")) or 0

    def _denied_since(self, last: int) -> list[str]:
        query = text("SELECT subject FROM audit_entry WHERE deed = 'denied' AND id > :last")
        with self.database.transaction() as session:
            return list(session.scalars(query, {"last": last}))


@pytest.fixture(scope="module")
def trial(district_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    home = tmp_path_factory.mktemp("home")
    keyring = Keyring.create(home / "keys.json")
    settings = Settings(home=home, keys=keyring.path, database_url=None)
    with copied(district_url) as url, opened(url) as database:
        app = create_app(settings, database, SetClock())
        words = {"Origin": SITE}
        with TestClient(app, SITE, raise_server_exceptions=False, headers=words) as client:
            yield Trial(client, World(database, keyring), database)


def test_the_page_names_every_route_of_the_application_and_no_other() -> None:
    app = create_app(Settings(), Database("postgresql://nobody@/nothing"))
    assert declared(app.routes) == set(TABLE) == set(POLICY)


def test_an_undeclared_route_does_not_start() -> None:
    app = create_app(Settings(), Database("postgresql://nobody@/nothing"))
    app.add_api_route("/v1/secret", lambda: "open")
    with pytest.raises(UndeclaredRoute, match="/v1/secret"):
        declared(app.routes)


@pytest.mark.parametrize("route", TABLE, ids=" ".join)
def test_the_table_in_code_is_the_one_on_the_page(route: Route) -> None:
    rule = POLICY[route]
    letters = {"area": "A", "unit": "U", "case": "C", "own": "O", "none": "✓"}
    for role, cell in TABLE[route].items():
        reach = rule.rights.get(role, frozenset())
        said = "".join(sorted((letters[each] for each in reach), key="AUCO✓".index))
        if rule.own:
            said = "" if role in {Role.WALL, Role.SERVICE} else "✓"
        assert ("○" if rule.public else said or "·") == cell, role


@pytest.mark.parametrize("route", GUARDED, ids=" ".join)
def test_nobody_gets_through_without_signing_in(trial: Trial, route: Route) -> None:
    trial.client.cookies.clear()
    path = re.sub(r"\{\w+\}", "1", route[1])
    answer = trial.client.request(route[0], path, follow_redirects=False)
    assert answer.status_code == (303 if is_page(route) else 401)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("route", REPEATABLE, ids=" ".join)
def test_every_role_reaches_what_the_page_says_and_nothing_else(
    trial: Trial, route: Route, role: Role
) -> None:
    # A page is an empty frame: what stands in it is asked for by routes of their own.
    named = any(name in " ".join(route) for name in OF_A_CASE)
    cell, of_a_case = TABLE[route][role], named and not is_page(route)
    for way in WAYS if of_a_case else WAYS[0]:
        status, denied = trial.ask(route, role, way)
        assert status < 500, way
        if cell == "·":
            assert status == (303 if is_page(route) else 403), way
            assert denied == ([] if route[1] == "/" else [f"route:{route[0]} {route[1]}"])
        elif not of_a_case or way in cell:
            assert status not in {401, 403}, way
            assert denied == [], way
        else:
            assert status == 404, way
            assert len(denied) == 1, way


@pytest.mark.parametrize("role", Role)
def test_no_list_shows_what_is_out_of_reach(trial: Trial, role: Role) -> None:
    cases = trial.world.people[role].cases
    for route in LISTS:
        answer = trial.answer(route, role, "A")
        for way in WAYS:
            shown = cases[way].number in answer.text
            assert not shown or way in TABLE[route][role], (route, way)
        if route in WHOLE_LISTS:
            seen = {way for way in WAYS if cases[way].number in answer.text}
            assert seen == set(TABLE[route][role]) - {"·"}
