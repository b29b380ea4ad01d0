"""A made-up name in every field of every route, and a look for it wherever none may be.

The requests are made from the application's own description, so a route that comes later is tried
as well. They go through the real server, so that its own log is read too.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.accounts.models import Person
from api.app import create_app
from api.cli.serving import bound, running
from api.reports.domain import Filing
from api.rights.roles import Role, Who
from api.sealing import Keyring
from api.sessions.door import SessionDoor
from api.settings import Settings
from gis.database import Database
from tests.api.conftest import NOW, SetClock, a_report
from tests.api.district import CENTRE, DISTRICT, NEAR_STREET_LINE, OUTSIDE

BIRD = "金丝雀"
EVERYBODY = Who(UUID(int=1), "值班员", frozenset(Role), area_prefix=DISTRICT[:6])

# What must be right so that a request gets as far as it can; all other texts are canaries.
FITTING: Mapping[str, Any] = {
    "lon": CENTRE[0],
    "lat": CENTRE[1],
    "datum": "wgs84",
    "role": "respondent",
    "phone": "13800005678",
    "identity_number": "11010519491231002X",
    "anonymous": False,
    "protected": False,
    "days": 365,
    "occurred_at": NOW.isoformat(),
}
REFUSED, REFUSED_INPUT, DONE = 400, 422, 204
HOLDS_WORDS = {"report", "case_event", "placement", "assignment", "submission"} | {
    "party_merge",
    "legal_hold",
    "retention_period",
    "unit",
    "channel_setting",
    "unit_address",
    "case_link",
    "clock_extension",
    "measure",
    "risk_form",
    "grading",
    "custody_link",
}


@dataclass
class Cage:
    """Sends canaries, and keeps what came back."""

    client: httpx.Client
    app: FastAPI
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    homes: dict[str, str] = field(default_factory=dict)
    answers: list[httpx.Response] = field(default_factory=list)

    def canary(self, home: str) -> str:
        """A name that is nobody's and that stands in one place only."""
        name = f"{BIRD}{next(self.numbers)}号"
        self.homes[name] = home
        return name

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> httpx.Response:
        headers = {"Idempotency-Key": f"canary-{next(self.numbers)}"}
        answer = self.client.request(method, path, json=body, params=query, headers=headers)
        self.answers.append(answer)
        return answer

    def found_in(self, words: str) -> dict[str, str]:
        """The canaries in a text, with their homes."""
        plain = words if words.isascii() is False else unquote(words)
        return {name: home for name, home in self.homes.items() if name in plain}


@pytest.fixture
def cage(district: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cage]:
    """The whole application on a real server, with somebody of every role signed in."""
    keys = Keyring.create(tmp_path / "keys.json").path
    with district.transaction() as session:
        who = EVERYBODY
        session.add(Person(id=who.id, sign_in_name="everybody", full_name=who.name))
    words = {"home": tmp_path, "keys": keys, "requests_per_minute": 1_000_000}
    app = create_app(Settings(**words, database_url=None), district, SetClock())
    monkeypatch.setattr(SessionDoor, "recognise", lambda *_: EVERYBODY)
    with running(app, bound("127.0.0.1", 0)) as url, httpx.Client(base_url=url) as client:
        yield Cage(client, app)


def filled(cage: Cage, home: str, schema: Mapping[str, Any], name: str = "") -> Any:
    """A value that fits a schema of the description, with a canary for every free text."""
    shape = resolved(cage, schema)
    if name in FITTING:
        return FITTING[name]
    if "enum" in shape:
        return shape["enum"][0]
    if shape.get("type") == "object":
        told = shape.get("properties", {}).items()
        parts = {key: filled(cage, f"{home}.{key}", part, key) for key, part in told}
        return {key: part for key, part in parts.items() if key != "address" or "lon" not in parts}
    if shape.get("type") == "array":
        return [filled(cage, home, shape.get("items", {}), name)]
    if shape.get("format") == "uuid":
        return str(UUID(int=9))
    plain = {"integer": 1, "number": 1.0, "boolean": False}
    return plain.get(shape.get("type", "")) or cage.canary(home)


def resolved(cage: Cage, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema without references and alternatives."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return resolved(cage, cage.app.openapi()["components"]["schemas"][name])
    for one in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        if one.get("type") != "null":
            return resolved(cage, one)
    return schema


def spoiled(cage: Cage, home: str, body: Any) -> Iterator[Any]:
    """The body again and again, each time with one part wrong that holds a canary."""
    yield [cage.canary(home)]
    if not isinstance(body, dict):
        return
    yield body | {"extra": cage.canary(f"{home}.extra")}
    for key, part in body.items():
        wrong = cage.canary(f"{home}.{key} (wrong)")
        for value in (wrong, [wrong], {"wrong": wrong}, wrong * 2_000):
            yield body | {key: value}
        if isinstance(part, dict):
            yield from ({**body, key: each} for each in spoiled(cage, f"{home}.{key}", part))


def operations(cage: Cage) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Every operation of the description; what takes something away comes last."""
    paths = cage.app.openapi()["paths"].items()
    each = [(method.upper(), path, op) for path, ops in paths for method, op in ops.items()]
    return sorted(each, key=lambda one: (one[0] == "DELETE", "hold" in one[1], one[1]))


def body_schema(op: Mapping[str, Any]) -> Mapping[str, Any] | None:
    content = op.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema: Mapping[str, Any] | None = content.get("schema")
    return schema


def let_fly(cage: Cage) -> None:
    """Canaries into every part of every operation, where it exists and where it does not."""
    known = settled(cage)
    for method, path, op in operations(cage):
        home, schema = f"{method} {path}", body_schema(op)
        body = filled(cage, home, schema) if schema else None
        there = path.format_map(defaultdict(lambda: "1", known | {"kind": kind_for(path)}))
        cage.ask(method, there, body)
        for wrong in spoiled(cage, home, body) if schema else ():
            cage.ask(method, there, wrong)
        named = [each["name"] for each in op.get("parameters", ()) if each["in"] == "path"]
        if named:
            birds = {name: quote(cage.canary(f"{home} {name}")) for name in named}
            cage.ask(method, path.format_map(birds), body)
        for each in op.get("parameters", ()):
            if each["in"] == "query":
                cage.ask(method, there, body, **{each["name"]: cage.canary(f"{home} ?{each}")})


def kind_for(path: str) -> str:
    return "identity" if "retention" in path else "street"


def settled(cage: Cage) -> dict[str, Any]:
    """A case that waits for a person, a party, a proposed merge: what the paths name."""
    lon, lat = OUTSIDE
    far = {"lon": lon, "lat": lat, "datum": "wgs84"}
    told = {"title": cage.canary("title"), "text": cage.canary("text")}
    number = cage.ask("POST", "/v1/reports", a_report(**told, place=far)).json()["case_number"]
    parties = []
    for phone in ("13900000001", "13900000002"):
        who = {"name": cage.canary("party"), "phone": phone, "address": cage.canary("party")}
        body = who | {"side": "respondent", "role": "respondent"}
        answer = cage.ask("POST", f"/v1/cases/{number}/parties", body)
        assert answer.status_code == 201, answer.text
        parties.append(answer.json()["id"])
    confirmed(cage)
    ends = {"first": parties[0], "second": parties[1], "reason": cage.canary("reason")}
    merge = cage.ask("POST", "/v1/party-merges", ends).json()["id"]
    waiting = cage.ask("GET", "/v1/placements").json()["items"][0]["id"]
    ids = {"party_id": parties[0], "merge_id": merge, "placement_id": waiting}
    nobody = dict.fromkeys(("session_id", "person_id", "token_id"), UUID(int=9))
    nobody |= {"channel": "sms", "notice_id": 1, "delivery_id": 1}
    unit = {"code": "street:210104001000"}
    return {"number": number, "subject": f"party:{parties[0]}", **ids, **nobody, **unit}


def confirmed(cage: Cage) -> None:
    """A case near a line, for which a person chooses units, at first one that does not exist."""
    lon, lat = NEAR_STREET_LINE
    near = {"lon": lon, "lat": lat, "datum": "wgs84"}
    number = cage.ask("POST", "/v1/reports", a_report(place=near)).json()["case_number"]
    (held,) = cage.ask("GET", "/v1/placements", case=number).json()["items"]
    path = f"/v1/placements/{held['id']}/confirm"
    words = {"reason": cage.canary("reason")}
    kinds = [asked["kind"] for asked in held["open"]]
    wrong = [{"kind": kind, "unit_code": cage.canary("unit_code")} for kind in kinds]
    assert cage.ask("POST", path, {"choices": wrong, **words}).status_code == REFUSED_INPUT
    right = [
        {"kind": asked["kind"], "unit_code": asked["candidates"][0]["unit_code"]}
        for asked in held["open"]
    ]
    assert cage.ask("POST", path, {"choices": right, **words}).status_code == DONE
    cage.ask("POST", path, {"choices": right, **words})


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All that our rooms and the server log, in full."""
    names = ("api", "gis", "grids", "layers", "maps", "uvicorn")
    for name in names:
        logging.getLogger(name).addHandler(caplog.handler)
        caplog.set_level(logging.DEBUG, name)
    yield caplog
    for name in names:
        logging.getLogger(name).removeHandler(caplog.handler)


def test_no_name_leaves_by_any_door_but_the_case_itself(
    cage: Cage, district: Database, logged: pytest.LogCaptureFixture
) -> None:
    let_fly(cage)
    assert len(cage.homes) > 100
    statuses = {answer.status_code for answer in cage.answers}
    assert {200, 201, 404, 422} <= statuses

    told = {
        f"{answer.request.method} {unquote(str(answer.request.url.path))}: {answer.status_code}"
        for answer in cage.answers
        if cage.found_in(answer.text if answer.status_code >= REFUSED else "")
    }
    assert told == set(), "a refusal repeats what was given"
    for answer in cage.answers:
        assert cage.found_in(json.dumps(dict(answer.headers), ensure_ascii=False)) == {}
    assert cage.found_in(logged.text) == {}, "the log names somebody"
    for path in ("/livez", "/readyz", "/v1/layers", "/v1/layers/grid.geojson"):
        assert cage.found_in(cage.client.get(path).text) == {}
    assert rows_with(cage, district, "outbox_event t", "t::text") == {}
    audit = "concat_ws(' ', deed, actor, actor_name, subject, content)"
    assert rows_with(cage, district, "audit_entry", audit) == {}


def rows_with(cage: Cage, database: Database, table: str, words: str) -> dict[str, str]:
    with database.transaction() as session:
        return cage.found_in(" ".join(session.scalars(text(f"SELECT {words} FROM {table}"))))


def test_words_are_kept_only_where_cases_are_and_a_partys_name_nowhere(
    cage: Cage, district: Database
) -> None:
    let_fly(cage)
    tables = "SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'"
    with district.transaction() as session:
        names = set(session.scalars(text(tables))) - {"audit_entry", "person"}
    found = {name: rows_with(cage, district, f"{name} t", "t::text") for name in names}
    assert {name for name, birds in found.items() if birds} <= HOLDS_WORDS
    homes = {home for birds in found.values() for home in birds.values()}
    assert "party" not in homes
    assert not {home for home in homes if "parties" in home and ".reason" not in home}


def test_what_breaks_is_logged_without_the_words_that_broke_it(
    cage: Cage, district: Database, logged: pytest.LogCaptureFixture
) -> None:
    with district.transaction() as session:
        refuse = f"ADD CONSTRAINT no_bird CHECK (strpos(text, '{BIRD}') = 0)"
        session.execute(text(f"ALTER TABLE report {refuse}"))
    told = {"title": cage.canary("title"), "text": cage.canary("text")}
    answer = cage.ask("POST", "/v1/reports", a_report(**told))
    assert answer.status_code == 500
    assert "unexpected error" in logged.text
    assert "CheckViolation" in logged.text
    assert "api/intake/door.py" in logged.text
    assert cage.found_in(logged.text + answer.text) == {}


def test_nor_does_the_server_log_the_message_of_an_error_of_ours(
    cage: Cage, logged: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(filing: Filing, *_: object) -> None:
        raise ValueError(filing.text)

    monkeypatch.setattr("api.intake.routes.prepare", broken)
    answer = cage.ask("POST", "/v1/reports", a_report(text=cage.canary("text")))
    assert answer.status_code == 500
    assert "unexpected error: ValueError" in logged.text
    assert cage.found_in(logged.text + answer.text) == {}
