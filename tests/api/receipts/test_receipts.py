"""A receipt shows its holder the step, the units and the time left, and nothing else."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import segno
from sqlalchemy import text
from starlette.testclient import TestClient

from api.cases.domain import ClockKind
from api.cases.service import find_case
from api.clocks.domain import DEFAULTS, WorkingCalendar
from api.clocks.service import Start, Timetable, instant, start
from api.receipts.domain import TOLD_CLOCKS, promised, time_left
from api.receipts.door import EACH_ADDRESS, new_token
from api.rights.roles import Role
from api.sealing import Keyring
from gis.database import Database
from tests.api.conftest import Filer, SetClock, a_report
from tests.api.people import enter, show_session

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CANARY, PHONE = "金丝雀阿回", "13800006666"


@pytest.fixture(autouse=True)
def keys(tmp_path: Path) -> Keyring:
    return Keyring.create(tmp_path / "keys.json")


@pytest.fixture
def number(file: Filer, client: TestClient) -> str:
    answer = file(a_report(title=f"{CANARY}讨薪", text=f"{CANARY}被拖欠工资"))
    made: str = answer.json()["case_number"]
    party = {"side": "applicant", "role": "applicant", "name": CANARY, "phone": PHONE}
    assert client.post(f"/v1/cases/{made}/parties", json=party).status_code == 201
    return made


def printed(client: TestClient, number: str, *, replace: bool = False) -> Any:
    answer = client.post(f"/v1/cases/{number}/receipt", json={"replace": replace})
    assert answer.status_code == 201, answer.text
    return answer.json()


def stranger(client: TestClient, address: str) -> Any:
    """What somebody sees who has only the paper."""
    client.cookies.clear()
    return client.get(address.removeprefix("https://testserver"))


def test_the_code_on_the_paper_is_the_address_and_the_address_cannot_be_guessed(
    client: TestClient, number: str
) -> None:
    receipt = printed(client, number)
    assert re.fullmatch(r"https://testserver/r/[\w-]{22}", receipt["address"])
    drawn = segno.make(receipt["address"], micro=False, error="m")
    assert receipt["picture"] == drawn.svg_data_uri(scale=4, border=4)
    assert "<svg" in unquote(receipt["picture"])
    assert receipt["answerable"]
    assert len({new_token() for _ in range(1000)}) == 1000


def test_its_holder_sees_step_units_and_time_left_without_signing_in(
    client: TestClient, number: str, district: Database
) -> None:
    with district.transaction() as session:
        promise = Start(find_case(session, number).id, ClockKind.FEEDBACK)
        start(session, Timetable(DEFAULTS, WorkingCalendar()), [promise], instant(session))
    sent = client.get(f"/v1/cases/{number}").json()
    page = stranger(client, printed(client, number)["address"])
    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "no-store"
    units = [each["unit_name"] for each in sent["assignments"]]
    assert len(units) == 3
    for words in ("已分派", "反馈结果", "还剩", *units):
        assert words in page.text
    assert "<script" not in page.text


def test_it_shows_nothing_else(client: TestClient, number: str) -> None:
    page = stranger(client, printed(client, number)["address"])
    for secret in (CANARY, PHONE, number, "讨薪", "拖欠", "劳动", "123.4", "测试员"):
        assert secret not in page.text, secret


def test_it_speaks_both_languages(client: TestClient, number: str) -> None:
    address = printed(client, number)["address"]
    assert "Dispatched" in stranger(client, f"{address}?lang=en").text
    assert 'lang="zh-CN"' in stranger(client, f"{address}?lang=zh").text


def test_an_unknown_token_tells_nothing(client: TestClient, number: str) -> None:
    printed(client, number)
    for token in (new_token(), number, "x", "%00", "a" * 500):
        page = stranger(client, f"/r/{token}")
        assert page.status_code == 404
        assert "已分派" not in page.text


def test_the_database_holds_no_token(client: TestClient, number: str, district: Database) -> None:
    token = printed(client, number)["address"].rsplit("/", 1)[1]
    with district.transaction() as session:
        for table in ("receipt", "audit_entry", "case_event", "outbox_event"):
            held = text(f"SELECT count(*) FROM {table} t WHERE strpos(t::text, :token) > 0")
            assert session.scalar(held, {"token": token}) == 0


def test_a_second_receipt_leaves_the_first_one_valid_unless_it_replaces_it(
    client: TestClient, number: str, district: Database, clock: SetClock
) -> None:
    first, second = (printed(client, number)["address"] for _ in range(2))
    assert stranger(client, first).status_code == stranger(client, second).status_code == 200
    _, token = enter(district, Role.CLERK, now=clock())
    show_session(client, token)
    third = printed(client, number, replace=True)["address"]
    assert [stranger(client, each).status_code for each in (first, second, third)] == [
        404,
        404,
        200,
    ]


def test_the_receipt_of_a_merged_case_follows_the_case_in_which_it_goes_on(
    client: TestClient, file: Filer, number: str, district: Database
) -> None:
    other = file(a_report()).json()["case_number"]
    address = printed(client, number)["address"]
    merged = client.post(f"/v1/cases/{number}/merge", json={"into": other, "reason": "同一事"})
    assert merged.status_code == 204, merged.text
    with district.transaction() as session:
        session.execute(
            text("UPDATE case_file SET state = 'mediating' WHERE number = :n"), {"n": other}
        )
    assert "调解中" in stranger(client, address).text


def test_who_tries_too_often_has_to_wait(client: TestClient) -> None:
    answers = [stranger(client, "/r/none").status_code for _ in range(EACH_ADDRESS + 1)]
    assert answers[-1] == 429
    assert set(answers[:-1]) == {404}


@pytest.mark.parametrize(
    ("left", "zh", "en"),
    [
        (timedelta(days=3, hours=4, minutes=9), "还剩 3 天 4 小时", "3 d 4 h left"),
        (timedelta(hours=4, minutes=9), "还剩 4 小时 9 分钟", "4 h 9 min left"),
        (timedelta(), "还剩 0 小时 0 分钟", "0 h 0 min left"),
        (-timedelta(days=1, minutes=1), "已超过 1 天 0 小时", "late by 1 d 0 h"),
    ],
)
def test_time_left_is_told_in_its_two_largest_units(left: timedelta, zh: str, en: str) -> None:
    assert time_left(NOW + left, NOW) == (zh, en)


def test_clocks_between_units_are_not_a_party_s_business() -> None:
    between = {ClockKind.SIGN, ClockKind.REPORT_IN, ClockKind.CUSTODY}
    assert promised(dict.fromkeys(between, NOW)) is None
    assert promised(dict.fromkeys(ClockKind, NOW)) is TOLD_CLOCKS[0]
    assert {*TOLD_CLOCKS} | between == {*ClockKind}
