"""Outside channels against real receivers: sent, tried again, given up; no word too many."""

import email
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable
from email.policy import default
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs

import pytest

from api.notices import service
from api.notices.channels.outside import Outside
from api.notices.domain import LEASE, MOST_ATTEMPTS, Channel
from api.notices.door import SENDERS, Deliveries
from api.settings import Settings
from tests.api.conftest import Filer, a_report
from tests.api.notices.conftest import KEY, POLICE, Post
from tests.api.notices.receivers import Mailbox, Receiver

BIRD = "金丝雀"
SIGNED = {"secret": "key"}
DUE = "2026-11-25T02:00:00+00:00"


def sms(receiver: Receiver, **changes: Any) -> dict[str, Any]:
    names = {"phone_field": "mobile", "text_field": "content", "id_field": "requestId"}
    return {"url": f"{receiver.url}/send", "language": "zh", **names, **changes}


def mail(mailbox: Mailbox, **changes: Any) -> dict[str, Any]:
    words = {"host": "127.0.0.1", "port": mailbox.port, "sender": "no-reply@fq.internal"}
    return words | {"language": "zh", **changes}


def test_a_webhook_is_signed_over_its_time_and_body_and_names_its_event(
    post: Post, receiver: Receiver
) -> None:
    post.reach(Channel.WEBHOOK, SIGNED, f"{receiver.url}/hook")
    event = post.happens("clock.reminded", units=[POLICE], clock="sign", due_at=DUE)
    post.work()
    (got,) = receiver.got
    signed = f"{got.headers['X-Fengqiao-Timestamp']}.".encode() + got.body
    expected = "v1=" + hmac.new(KEY, signed, hashlib.sha256).hexdigest()
    assert got.headers["X-Fengqiao-Signature"] == expected
    assert got.headers["X-Fengqiao-Event"] == str(event)
    said = json.loads(got.body)
    assert said.pop("at")
    assert said == {
        "event": event,
        "topic": "clock.reminded",
        "case": post.number,
        "unit": {"code": POLICE, "name": "新东派出所"},
        "text": {
            "zh": f"{post.number} 时限将到：签收",
            "en": f"{post.number} A time limit is near: Sign",
        },
        "due_at": DUE,
    }
    assert post.states() == [("webhook", POLICE, "sent", 1, None)]


def test_the_check_that_the_document_shows_takes_what_is_genuine_and_nothing_else(
    post: Post, receiver: Receiver
) -> None:
    page = (Path(__file__).parents[3] / "docs" / "notices.md").read_text("utf-8")
    shown = re.findall(r"```python\n(.+?)```", page, re.DOTALL)
    known: dict[str, Any] = {}
    exec(shown[0], known)  # noqa: S102 - our own document
    post.reach(Channel.WEBHOOK, SIGNED, receiver.url)
    post.happens("whistle.blown", units=[POLICE])
    post.work()
    (got,) = receiver.got
    genuine = known["is_genuine"]
    old = got.headers | {"X-Fengqiao-Timestamp": str(int(time.time()) - 600)}
    assert genuine(KEY, got.headers, got.body)
    assert not genuine(b"another key", got.headers, got.body)
    assert not genuine(KEY, got.headers, got.body + b" ")
    assert not genuine(KEY, old, got.body)


@pytest.mark.parametrize("form", [False, True])
def test_a_text_message_goes_to_the_gateway_under_the_names_that_it_knows(
    post: Post, receiver: Receiver, *, form: bool
) -> None:
    content = sms(receiver, form=form, fixed={"sign": "枫桥"}) | SIGNED
    post.reach(Channel.SMS, content, "024-88880000")
    event = post.happens("clock.reminded", units=[POLICE], due_at=DUE)
    post.work()
    (got,) = receiver.got
    text = got.body.decode()
    said = {k: v[0] for k, v in parse_qs(text).items()} if form else json.loads(text)
    assert said.pop("requestId").startswith(f"fengqiao-{event}-")
    assert said == {
        "sign": "枫桥",
        "mobile": "024-88880000",
        "content": f"【枫桥】{post.number} 时限将到，单位：新东派出所，"
        "时限：2026-11-25 10:00。请登录系统查看。",
    }
    assert got.headers["Authorization"] == KEY.decode()


def test_an_e_mail_goes_by_tls_to_a_server_whose_certificate_is_trusted(
    post: Post, mailbox: Mailbox, outside: Settings
) -> None:
    trusting = Deliveries(post.database, outside.model_copy(update={"channel_ca": mailbox.ca_file}))
    post.reach(Channel.EMAIL, mail(mailbox, user="fengqiao") | SIGNED, "duty@police.internal")
    event = post.happens("whistle.blown", units=[POLICE])
    trusting.work()
    trusting.close()
    (taken,) = mailbox.taken
    message = email.message_from_string(taken, policy=default)
    assert mailbox.by_tls == [True]
    assert mailbox.commands.index("STARTTLS") < next(
        place for place, said in enumerate(mailbox.commands) if said.startswith("AUTH")
    )
    assert str(message["Message-ID"]).startswith(f"<event-{event}.")
    assert message["Subject"] == f"[枫桥] {post.number} 中心吹哨，请报到"
    assert message["To"] == "duty@police.internal"
    assert "单位：新东派出所" in message.get_content()
    assert post.states() == [("email", POLICE, "sent", 1, None)]


def test_a_mail_server_with_a_certificate_that_nobody_vouches_for_gets_nothing(
    post: Post, mailbox: Mailbox
) -> None:
    post.reach(Channel.EMAIL, mail(mailbox), "duty@police.internal")
    post.happens("whistle.blown", units=[POLICE])
    post.work()
    assert mailbox.taken == []
    assert post.states() == [("email", POLICE, "waiting", 1, "unreached")]


@pytest.mark.parametrize(("code", "state"), [(450, "waiting"), (550, "dead")])
def test_a_mailbox_that_is_full_is_tried_again_and_one_that_is_unknown_is_not(
    post: Post, mailbox: Mailbox, code: int, state: str
) -> None:
    mailbox.tls, mailbox.refusing = False, code
    post.reach(Channel.EMAIL, mail(mailbox), "duty@police.internal")
    post.happens("whistle.blown", units=[POLICE])
    post.work()
    assert post.states() == [("email", POLICE, state, 1, "refused")]


def test_what_fails_is_tried_again_under_the_same_id_until_it_arrives(
    post: Post, receiver: Receiver
) -> None:
    receiver.statuses = [500, 429]
    post.reach(Channel.WEBHOOK, SIGNED, receiver.url)
    post.happens("whistle.blown", units=[POLICE])
    for attempts in (1, 2):
        post.work()
        assert post.states() == [("webhook", POLICE, "waiting", attempts, "refused")]
        post.later()
    post.work()
    assert post.states() == [("webhook", POLICE, "sent", 3, None)]
    for name in ("X-Fengqiao-Event", "X-Fengqiao-Delivery"):
        assert len({got.headers[name] for got in receiver.got}) == 1


def test_what_fails_waits_longer_each_time(post: Post, receiver: Receiver) -> None:
    receiver.statuses = [500] * 3
    post.reach(Channel.WEBHOOK, SIGNED, receiver.url)
    post.happens("whistle.blown", units=[POLICE])
    waits = []
    for _ in range(3):
        post.work()
        waits += post.rows("SELECT extract(epoch FROM next_at - now())::float FROM delivery")
        post.later()
    assert [round(wait[0] / 7.5) for wait in waits] == [1, 2, 4]


def test_after_the_last_attempt_it_is_in_the_dead_list_and_a_replay_begins_anew(
    post: Post, receiver: Receiver
) -> None:
    receiver.statuses = [503]
    post.reach(Channel.WEBHOOK, SIGNED, receiver.url)
    post.happens("whistle.blown", units=[POLICE])
    post.deliveries.work()
    post.deliveries.settle()
    post.run(f"UPDATE delivery SET attempts = {MOST_ATTEMPTS}, next_at = now()")
    post.work()
    assert post.states() == [("webhook", POLICE, "dead", MOST_ATTEMPTS + 1, "unreached")]
    with post.database.transaction() as session:
        service.replay(session, post.rows("SELECT id FROM delivery")[0][0])
    post.work()
    assert post.states() == [("webhook", POLICE, "sent", 1, None)]


def test_a_redirect_is_not_followed(post: Post, receiver: Receiver) -> None:
    receiver.statuses = [302]
    post.reach(Channel.WEBHOOK, SIGNED, f"{receiver.url}/hook")
    post.happens("whistle.blown", units=[POLICE])
    post.work()
    assert [got.path for got in receiver.got] == ["/hook"]
    assert post.states() == [("webhook", POLICE, "dead", 1, "refused")]


def test_nothing_is_sent_to_a_host_that_the_operator_did_not_name(
    post: Post, receiver: Receiver
) -> None:
    url = receiver.url.replace("127.0.0.1", "localhost")
    post.reach(Channel.WEBHOOK, SIGNED, url)
    post.happens("whistle.blown", units=[POLICE])
    post.work()
    assert receiver.got == []
    assert post.states() == [("webhook", POLICE, "dead", 1, "host_not_allowed")]


ALLOWED = Outside(frozenset({"sms.internal", "127.0.0.1"}), Path("/nowhere"), None)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://sms.internal/send", True),
        ("https://sms.internal:8443/send", True),
        ("http://127.0.0.1:9/send", True),
        ("http://sms.internal/send", False),
        ("https://elsewhere.internal/send", False),
        ("https://sms.internal@elsewhere.internal/", False),
        ("https://user:word@sms.internal/", False),
        ("https://sms.internal.elsewhere/", False),
        ("ftp://sms.internal/", False),
        ("file:///etc/passwd", False),
        ("https://[broken/", False),
    ],
)
def test_only_https_to_a_named_host_is_allowed(url: str, *, allowed: bool) -> None:
    assert ALLOWED.allows(url) is allowed


def test_without_its_secret_nothing_is_sent_and_it_is_tried_again(
    post: Post, receiver: Receiver
) -> None:
    post.reach(Channel.WEBHOOK, {"secret": "another"}, receiver.url)
    post.happens("whistle.blown", units=[POLICE])
    post.work()
    assert receiver.got == []
    assert post.states() == [("webhook", POLICE, "waiting", 1, "no_secret")]


def test_a_delivery_whose_sender_died_is_taken_again_when_its_lease_has_run_out(
    post: Post, receiver: Receiver, another: Callable[[], Deliveries]
) -> None:
    post.reach(Channel.WEBHOOK, SIGNED, receiver.url)
    post.happens("whistle.blown", units=[POLICE])
    with post.database.transaction() as session:
        service.tell(session, 10)
    with post.database.transaction() as session:
        (taken,) = service.take(session, 10)  # and whoever took it is killed now
    post.work()
    assert receiver.got == [], "it is somebody's"
    lease = post.rows("SELECT extract(epoch FROM next_at - now())::float FROM delivery")[0][0]
    assert 0 < lease <= LEASE.total_seconds()
    post.later()
    successor = another()
    successor.work()
    successor.settle()
    post.work()
    assert len(receiver.got) == 1
    with post.database.transaction() as session:
        service.give_up(session, taken, service.Failing.UNREACHED)
    assert post.states()[0][2:] != ("dead", 2, "unreached"), "whose lease ran out decides no more"


def test_a_receiver_that_hangs_holds_up_no_notice(post: Post, receiver: Receiver) -> None:
    receiver.held = Event()
    post.reach(Channel.WEBHOOK, SIGNED, receiver.url)
    for _ in range(6):
        post.happens("whistle.blown", units=[POLICE])
    try:
        for _ in range(3):
            post.deliveries.work()
        assert post.rows("SELECT count(*) FROM notice") == [(6,)]
    finally:
        receiver.held.set()
    post.deliveries.settle()
    post.work()
    assert {row[2] for row in post.states()} == {"sent"}


def test_while_something_is_due_the_worker_goes_on_without_its_pause(
    post: Post, receiver: Receiver
) -> None:
    receiver.held = Event()
    post.reach(Channel.WEBHOOK, SIGNED, receiver.url)
    for _ in range(2 * SENDERS):
        post.happens("whistle.blown", units=[POLICE])
    try:
        assert [post.deliveries.work() for _ in range(3)] == [True, True, True]
        taken = post.rows("SELECT count(*) FROM delivery WHERE attempts > 0")
        assert taken == [(SENDERS,)], "what waits for a sender must not use up its lease"
    finally:
        receiver.held.set()
    while post.deliveries.work():
        pass
    post.deliveries.settle()
    assert len(receiver.got) == 2 * SENDERS


def test_no_name_and_no_word_of_the_report_leaves_by_any_channel(
    post: Post, receiver: Receiver, mailbox: Mailbox, file: Filer
) -> None:
    """Everything that people wrote is a canary, and so is all else that an event might say."""
    mailbox.tls = False
    post.reach(Channel.WEBHOOK, SIGNED, receiver.url)
    post.reach(Channel.SMS, sms(receiver), "024-88880000")
    post.reach(Channel.EMAIL, mail(mailbox), "duty@police.internal")
    assert file(a_report(title=f"{BIRD}标题", text=f"{BIRD}正文")).status_code == 201
    words = {"reason": BIRD, "text": BIRD, "name": BIRD, "after": BIRD, "detail": {"who": BIRD}}
    for topic in ("clock.red", "whistle.blown", "assignment.offered"):
        post.happens(topic, units=[POLICE], **words)
    post.work()
    assert len(receiver.got) == 8
    assert len(mailbox.taken) == 4
    read = [email.message_from_string(each, policy=default) for each in mailbox.taken]
    told = [str(each.items()) + each.get_content() for each in read]
    told += [f"{got.headers}{got.body.decode()}" for got in receiver.got]
    told += [str(row) for row in post.rows("SELECT content FROM delivery")]
    told += [str(row) for row in post.rows("SELECT content FROM notice")]
    assert [each for each in told if BIRD in each or "\\u91d1" in each] == []
