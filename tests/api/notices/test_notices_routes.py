"""Notices over HTTP: each asker their own, cheap to ask for again; channels and replay."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.notices.domain import Channel
from api.rights.roles import Role
from api.settings import Settings
from gis.database import Database
from tests.api.conftest import NOW, SetClock
from tests.api.notices.conftest import POLICE, Post, nobody
from tests.api.people import SITE, enter, show_session

SMS = {
    "url": "https://sms.internal/send",
    "phone_field": "mobile",
    "text_field": "content",
    "id_field": "requestId",
}


@pytest.fixture
def people(district: Database, outside: Settings) -> TestClient:
    """The application with channels allowed, nobody signed in."""
    settings = outside.model_copy(update={"channel_hosts": "sms.internal,127.0.0.1"})
    return TestClient(create_app(settings, district, SetClock()), SITE, headers={"Origin": SITE})


def sign_in(people: TestClient, database: Database, *roles: Role, **words: Any) -> None:
    people.cookies.clear()
    show_session(people, enter(database, *roles, now=NOW, **words).token)


def told(people: TestClient, **words: Any) -> list[str]:
    answer = people.get("/v1/notices", params=words)
    assert answer.status_code == 200, answer.text
    return [item["topic"] for item in answer.json()["items"]]


def test_each_sees_what_was_told_to_them_their_unit_or_their_role_in_their_area(
    post: Post, people: TestClient
) -> None:
    post.happens("whistle.blown", units=[POLICE])
    post.happens("assignment.returned")
    post.happens("custody.gap", person_id=str(post.person_id))
    post.work()
    seen: list[tuple[Role, dict[str, Any], list[str]]] = [
        (Role.HANDLER, {"unit": POLICE}, ["whistle.blown"]),
        (Role.LEADER, {"unit": POLICE, "area": "210104001"}, ["whistle.blown"]),
        (Role.HANDLER, {"unit": "police:P-2"}, []),
        (Role.MEDIATOR, {"unit": POLICE}, []),
        (Role.DISPATCHER, {"area": "210104001"}, ["custody.gap", "assignment.returned"]),
        (Role.DISPATCHER, {"area": "210104002"}, []),
        (Role.DISPATCHER, {"area": None}, []),
        (Role.CLERK, {}, []),
    ]
    for role, words, expected in seen:
        sign_in(people, post.database, role, **words)
        assert told(people) == expected, role


def test_a_notice_is_said_in_both_languages_with_its_case_and_due_time(
    post: Post, people: TestClient
) -> None:
    due = "2026-11-25T02:00:00Z"
    post.happens("clock.reminded", units=[POLICE], clock="sign", due_at=due)
    post.work()
    sign_in(people, post.database, Role.HANDLER, unit=POLICE)
    answer = people.get("/v1/notices").json()
    (item,) = answer["items"]
    assert answer["unread"] == 1
    assert item["case_number"] == post.number
    assert item["due_at"] == due
    assert item["text"] == {
        "zh": f"{post.number} 时限将到：签收，限 2026-11-25 10:00 前",
        "en": f"{post.number} A time limit is near: Sign by 2026-11-25 10:00",
    }


def test_a_notice_is_read_once_for_all_its_recipients_and_written_down(
    post: Post, people: TestClient
) -> None:
    post.happens("whistle.blown", units=[POLICE])
    post.work()
    sign_in(people, post.database, Role.HANDLER, unit=POLICE)
    (notice,) = people.get("/v1/notices").json()["items"]
    for _ in range(2):
        assert people.post(f"/v1/notices/{notice['id']}/read").status_code == 204
    sign_in(people, post.database, Role.LEADER, unit=POLICE)
    answer = people.get("/v1/notices").json()
    assert answer["unread"] == 0
    assert answer["items"][0]["read_at"]
    assert told(people, unread=True) == []
    entries = "SELECT subject FROM audit_entry WHERE deed = 'notice_read'"
    assert post.rows(entries) == [(f"case:{post.number}",)]


def test_somebody_elses_notice_is_as_good_as_none(post: Post, people: TestClient) -> None:
    post.happens("whistle.blown", units=[POLICE])
    post.work()
    notice_id = post.rows("SELECT id FROM notice")[0][0]
    sign_in(people, post.database, Role.HANDLER, unit="police:P-2")
    assert people.post(f"/v1/notices/{notice_id}/read").status_code == 404
    assert post.rows("SELECT read_at FROM notice") == [(None,)]


def test_as_long_as_nothing_is_new_the_answer_is_304_without_a_body(
    post: Post, people: TestClient
) -> None:
    post.happens("whistle.blown", units=[POLICE])
    post.work()
    sign_in(people, post.database, Role.HANDLER, unit=POLICE)
    first = people.get("/v1/notices")
    known = {"If-None-Match": first.headers["etag"]}
    again = people.get("/v1/notices", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    people.post(f"/v1/notices/{first.json()['items'][0]['id']}/read")
    assert people.get("/v1/notices", headers=known).status_code == 200


def test_notices_come_page_by_page(post: Post, people: TestClient) -> None:
    for _ in range(5):
        post.happens("whistle.blown", units=[POLICE])
    post.work()
    sign_in(people, post.database, Role.HANDLER, unit=POLICE)
    seen, before = [], None
    for _ in range(3):
        words = {"limit": 2} | ({"before": before} if before else {})
        page = people.get("/v1/notices", params=words).json()
        seen += [item["id"] for item in page["items"]]
        before = page["next"]
    assert before is None
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 5


def test_a_channel_is_set_up_anew_and_its_former_versions_stay(
    post: Post, people: TestClient
) -> None:
    sign_in(people, post.database, Role.SYSTEM_ADMIN)
    for enabled in (True, False):
        body = {"enabled": enabled, "reason": "试运行", "sms": SMS}
        assert people.put("/v1/channels/sms", json=body).status_code == 200
    found = {each["channel"]: each for each in people.get("/v1/channels").json()["items"]}
    assert [(name, each["enabled"]) for name, each in found.items()] == [
        ("email", False),
        ("webhook", False),
        ("sms", False),
    ]
    assert found["sms"]["content"]["url"] == SMS["url"]
    before = people.get("/v1/channels/sms/versions").json()["items"]
    assert [each["enabled"] for each in before] == [False, True]
    assert all(each["reason"] == "试运行" and each["changed_by"] for each in before)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("sms", {"sms": SMS | {"url": "https://elsewhere.org/"}}, "sms.url"),
    ("sms", {"sms": SMS | {"url": "http://sms.internal/"}}, "sms.url"),
    ("sms", {"sms": SMS | {"secret": "../keys.json"}}, "sms.secret"),
    ("sms", {"webhook": {"secret": "key"}}, "sms"),
    ("sms", {}, "sms"),
    ("email", {"email": {"host": "mail.org", "sender": "a@b.cn"}}, "email.host"),
    ("email", {"email": {"host": "127.0.0.1", "sender": "a@b.cn\nBcc: x"}}, "email.sender"),
    ("webhook", {"webhook": {"secret": "/etc/passwd"}}, "webhook.secret"),
    ("webhook", {"webhook": {"secret": ".."}}, "webhook.secret"),
]


@pytest.mark.parametrize(("channel", "content", "where"), WRONG)
def test_no_channel_is_set_up_to_a_host_or_file_that_the_operator_did_not_allow(
    district: Database, people: TestClient, channel: str, content: dict[str, Any], where: str
) -> None:
    sign_in(people, district, Role.SYSTEM_ADMIN)
    body = {"enabled": True, "reason": "试运行", **content}
    answer = people.put(f"/v1/channels/{channel}", json=body)
    assert answer.status_code == 422
    assert [fault["where"] for fault in answer.json()["errors"]] == [where]


@pytest.mark.parametrize(
    ("channel", "address", "status"),
    [
        (Channel.SMS, "024-88880000", 200),
        (Channel.SMS, "+8613800000000", 200),
        (Channel.SMS, None, 200),
        (Channel.SMS, "duty@police.internal", 422),
        (Channel.EMAIL, "duty@police.internal", 200),
        (Channel.EMAIL, "a@b.cn,c@d.cn", 422),
        (Channel.WEBHOOK, "https://sms.internal/hook", 200),
        (Channel.WEBHOOK, "https://elsewhere.org/hook", 422),
        (Channel.WEBHOOK, "http://169.254.169.254/", 422),
    ],
)
def test_a_unit_is_given_only_an_address_that_its_channel_can_reach(
    district: Database, people: TestClient, channel: str, address: str | None, status: int
) -> None:
    sign_in(people, district, Role.SYSTEM_ADMIN)
    body = {"address": address, "reason": "值班"}
    answer = people.put(f"/v1/unit-addresses/{POLICE}/{channel}", json=body)
    assert answer.status_code == status
    if status == 200:
        (found,) = people.get("/v1/unit-addresses").json()["items"]
        assert (found["channel"], found["address"]) == (channel, address)


def test_a_unit_that_does_not_exist_has_no_address(district: Database, people: TestClient) -> None:
    sign_in(people, district, Role.SYSTEM_ADMIN)
    body = {"address": "024-88880000", "reason": "值班"}
    assert people.put("/v1/unit-addresses/police:P-99/sms", json=body).status_code == 404


def test_the_dead_list_names_no_case_and_each_entry_can_be_replayed_once(
    post: Post, people: TestClient
) -> None:
    post.happens("whistle.blown", units=["police:P-99"])
    post.work()
    sign_in(people, post.database, Role.SYSTEM_ADMIN)
    answer = people.get("/v1/deliveries", params={"state": "dead"})
    (item,) = answer.json()["items"]
    assert item["why"]["zh"] == "没有这个接收者"
    assert post.number not in answer.text
    path, body = f"/v1/deliveries/{item['id']}/replay", {"reason": "单位已登记"}
    assert people.post(path, json=body).status_code == 204
    assert people.post(path, json=body).status_code == 404
    assert post.rows("SELECT count(*) FROM outbox_event WHERE delivered_at IS NULL") == [(1,)]
    entries = "SELECT reason FROM audit_entry WHERE deed = 'delivery_replayed'"
    assert post.rows(entries) == [("单位已登记",)]


def test_what_is_on_its_way_is_not_replayed(post: Post, people: TestClient) -> None:
    words = "event_id, channel, recipient, content"
    event = post.happens("whistle.blown", units=[POLICE])
    values = f"{event}, 'sms', '{POLICE}', '{{}}'"
    post.run(f"INSERT INTO delivery ({words}) VALUES ({values})")
    sign_in(people, post.database, Role.SYSTEM_ADMIN)
    delivery_id = post.rows("SELECT id FROM delivery")[0][0]
    answer = people.post(f"/v1/deliveries/{delivery_id}/replay", json={"reason": "催"})
    assert answer.status_code == 409


def test_the_command_line_shows_the_dead_list_and_replays_it(
    post: Post, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    post.happens("whistle.blown", units=["police:P-99"])
    post.happens("whistle.blown", subject=nobody(), units=[POLICE])
    post.work()
    monkeypatch.setenv("FENGQIAO_DATABASE_URL", post.database.url)
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path))
    run = CliRunner()
    shown = json.loads(run.invoke(app, ["deliveries", "list", "--json"]).stdout)["items"]
    assert [each["failing"] for each in shown] == ["unreadable_event", "unknown_recipient"]
    ids = [str(each["id"]) for each in shown]
    done = run.invoke(app, ["deliveries", "replay", *ids, "--reason", "已修复"])
    assert done.exit_code == 0, done.output
    assert "2" in done.stdout
    assert post.states() == []
    assert run.invoke(app, ["deliveries", "replay", ids[0], "--reason", "再试"]).exit_code == 2
    assert "没有" in run.invoke(app, ["deliveries", "list"]).stdout
    with post.database.transaction() as session:
        deeds = session.scalars(text("SELECT deed FROM audit_entry WHERE actor = 'system'"))
        assert list(deeds) == ["delivery_replayed"] * 2
