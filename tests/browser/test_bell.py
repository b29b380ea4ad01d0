"""The bell on every page: what is new appears by itself, leads to its case, and is read once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect
from sqlalchemy import text

from api.app import now
from api.notices.door import Deliveries
from api.outbox import Event, record
from api.rights.roles import Role
from api.settings import Settings
from tests.api.people import enter
from tests.browser.conftest import Site, Visits
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.database]

POLICE = "police:P-1"
TOUCH_PX = 48

Tell = Callable[..., None]


@pytest.fixture
def tell(site: Site, tmp_path: Path) -> Iterator[Tell]:
    """Let something happen to a case, and carry it out of the outbox."""
    deliveries = Deliveries(site.database, Settings(home=tmp_path, database_url=None))

    def happen(number: str, topic: str = "whistle.blown") -> None:
        query = text("SELECT id FROM case_file WHERE number = :number")
        with site.database.transaction() as session:
            case_id = str(session.execute(query, {"number": number}).scalar_one())
            record(session, [Event(topic, case_id, {"units": [POLICE]})])
        while deliveries.work():
            pass

    yield happen
    deliveries.close()


def as_handler(visit: Visits, path: str = "", **words: str) -> Desk:
    """A page as somebody at the police station sees it, who has read all notices of before."""
    database = visit.site.database
    person_id, token = enter(database, Role.HANDLER, now=now(), unit=POLICE)
    with database.transaction() as session:
        read = text("UPDATE notice SET read_at = now(), read_by = :id WHERE read_at IS NULL")
        session.execute(read, {"id": person_id})
    return visit(path, token=token, **words)


def a_case(visit: Visits, tell: Tell) -> str:
    """A case that the police station was told of; the page that filed it is closed again."""
    desk = visit()
    number = desk.file()
    desk.page.close()
    tell(number, "case.whispered")
    return number


def test_what_is_new_appears_by_itself_and_leads_to_its_case_and_is_read(
    visit: Visits, tell: Tell
) -> None:
    number = a_case(visit, tell)
    desk = as_handler(visit)
    page = desk.page
    expect(page.locator("#bell .count")).to_be_hidden()
    tell(number)
    expect(page.locator("#bell .count")).to_have_text("1")
    page.click("#bell")
    first = page.locator("#bell-panel li").first
    expect(first).to_contain_text(f"{number} 中心吹哨，请报到")
    expect(first).to_contain_text("未读")
    first.locator("a").click()
    expect(desk.see("#answer h2")).to_have_text(number)
    expect(page.locator("#bell .count")).to_be_hidden()
    expect(page.locator("#bell-panel")).to_be_hidden()


def test_the_bell_is_worked_by_keyboard(visit: Visits, tell: Tell) -> None:
    number = a_case(visit, tell)
    tell(number)
    page = as_handler(visit, "?lang=en").page
    page.focus("#bell")
    page.keyboard.press("Enter")
    expect(page.locator("#bell-panel")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#bell-panel a").first).to_be_focused()
    expect(page.locator("#bell-panel a").first).to_contain_text("The whistle: report in")
    page.keyboard.press("Escape")
    expect(page.locator("#bell")).to_be_focused()
    expect(page.locator("#bell")).to_have_attribute("aria-expanded", "false")
    page.goto(f"{visit.site.address}?lang=zh")


def test_a_page_that_is_hidden_asks_nothing_and_asks_at_once_when_it_is_seen_again(
    visit: Visits, tell: Tell
) -> None:
    number = a_case(visit, tell)
    page = as_handler(visit, "account").page
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "notices" in request.url else None)
    hide(page, hidden=True)
    page.wait_for_timeout(200)
    asked.clear()
    tell(number)
    page.wait_for_timeout(1_500)
    assert asked == []
    hide(page, hidden=False)
    expect(page.locator("#bell .count")).to_have_text("1")


def hide(page: Page, *, hidden: bool) -> None:
    words = f"{{ value: {str(hidden).lower()}, configurable: true }}"
    page.evaluate(f"Object.defineProperty(document, 'hidden', {words})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_as_long_as_nothing_is_new_the_server_sends_nothing(visit: Visits) -> None:
    page = as_handler(visit, "account").page
    link = page.context.new_cdp_session(page)
    asked: set[str] = set()
    statuses: list[int] = []

    def sent(said: dict[str, Any]) -> None:
        if "/v1/notices" in said["request"]["url"]:
            asked.add(said["requestId"])

    def answered(said: dict[str, Any]) -> None:
        if said["requestId"] in asked:
            statuses.append(said["statusCode"])

    link.on("Network.requestWillBeSent", sent)
    link.on("Network.responseReceivedExtraInfo", answered)
    link.send("Network.enable")
    page.wait_for_timeout(3_500)
    assert len(statuses) >= 2
    assert set(statuses) == {304}


def test_whoever_is_told_nothing_has_no_bell(visit: Visits) -> None:
    _, token = enter(visit.site.database, Role.AUDIT_ADMIN, now=now())
    page = visit("audit", token=token).page
    expect(page.locator(".me").first).to_be_visible()
    assert page.locator("#bell").count() == 0


def test_on_a_phone_the_bell_is_large_enough_and_its_list_fits(visit: Visits, tell: Tell) -> None:
    number = a_case(visit, tell)
    tell(number)
    page = as_handler(visit, device="phone").page
    box = page.locator("#bell").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= TOUCH_PX
    page.click("#bell")
    panel = page.locator("#bell-panel").bounding_box()
    assert panel is not None
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= 390
    for link in page.locator("#bell-panel a").all()[:3]:
        line = link.bounding_box()
        assert line is not None
        assert line["height"] >= TOUCH_PX
