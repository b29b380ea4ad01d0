"""The dispatcher's queue beside the map: what is due first stands first, and a claim is seen."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from api.app import now
from api.rights.roles import Role
from tests.api.people import enter
from tests.browser.conftest import Site, Visits, forget_positions, stop_all_clocks
from tests.browser.desk import Desk
from tests.browser.test_access import SMALL, TOUCH_PX

pytestmark = [pytest.mark.browser, pytest.mark.database]

DUE = """UPDATE clock SET due_at = now() + make_interval(mins => :minutes)
WHERE case_id = (SELECT id FROM case_file WHERE number = :number)"""


@pytest.fixture
def token(site: Site) -> str:
    return enter(site.database, Role.DISPATCHER, now=now(), name="调度员甲").token


def due_in(site: Site, number: str, minutes: int) -> None:
    with site.database.transaction() as session:
        session.execute(text(DUE), {"number": number, "minutes": minutes})


def queued(visit: Visits, token: str, device: str = "plain") -> Desk:
    desk = visit(device=device, token=token)
    desk.turn_to("due")
    return desk


def rows(page: Page) -> list[str]:
    return page.locator("#due .list > li").evaluate_all("each => each.map((li) => li.dataset.key)")


def test_what_is_due_first_stands_first_and_what_is_late_says_so(
    visit: Visits, site: Site, token: str
) -> None:
    stop_all_clocks(site)
    desk = visit()
    soon, late = desk.file(title="快到期"), desk.file(title="已超时")
    due_in(site, soon, -100)
    due_in(site, late, -200)
    page = queued(visit, token).page
    page.locator("#due .list > li").first.wait_for()
    assert rows(page)[:2] == [late, soon]
    first = page.locator("#due .list > li").first
    expect(first).to_contain_text("已到期")
    expect(first).to_contain_text("东塔街道")
    expect(page.locator(".tabs [data-count=due]")).to_be_visible()


def test_a_case_opens_beside_the_map_with_who_is_near(
    visit: Visits, site: Site, token: str
) -> None:
    forget_positions(site)
    number = visit().file(title="就近")
    desk = queued(visit, token)
    desk.page.locator(f'#due li[data-key="{number}"] .item').click()
    sheet = desk.see("#answer .sheet")
    expect(sheet).to_contain_text(number)
    expect(sheet.locator(".near")).to_contain_text("没有人")


def test_a_claim_is_seen_and_the_second_dispatcher_is_told_who_has_it(
    visit: Visits, site: Site, token: str
) -> None:
    number = visit().file(title="谁来处理")
    page = queued(visit, token).page
    mine = page.locator(f'#due li[data-key="{number}"]')
    mine.get_by_role("button", name=f"认领 {number}").click()
    expect(mine).to_contain_text("在我手中")
    page.locator("[data-part=mine]").click()
    expect(page.locator("#due .list > li")).to_have_count(1)
    page.goto("about:blank")
    other = enter(site.database, Role.DISPATCHER, now=now(), name="调度员乙").token
    page = queued(visit, other).page
    theirs = page.locator(f'#due li[data-key="{number}"]')
    expect(theirs).to_contain_text("调度员甲 自")
    expect(theirs.get_by_role("button", name="认领")).to_have_count(0)


def test_a_claim_that_came_too_late_says_who_was_quicker(
    visit: Visits, site: Site, token: str
) -> None:
    visit.expect("409")
    number = visit().file(title="争抢")
    page = queued(visit, token).page
    button = page.locator(f'#due li[data-key="{number}"]').get_by_role("button", name="认领")
    button.wait_for()
    quicker = enter(site.database, Role.DISPATCHER, now=now(), name="手快").person_id
    with site.database.transaction() as session:
        session.execute(
            text("UPDATE case_file SET claimed_by = :who, claimed_at = now() WHERE number = :n"),
            {"who": quicker, "n": number},
        )
    button.click()
    expect(page.locator("#due .notice")).to_contain_text("手快")


def test_who_dispatches_nothing_has_no_queue(visit: Visits, site: Site) -> None:
    clerk = enter(site.database, Role.CLERK, now=now(), name="接待").token
    page = visit(token=clerk).page
    assert page.locator("[data-view=due]:visible").count() == 0


def test_on_a_phone_the_queue_can_be_touched(visit: Visits, token: str) -> None:
    visit().file(title="手机")
    page = queued(visit, token, "phone").page
    page.locator("#due .list > li").first.wait_for()
    small = page.evaluate(SMALL, TOUCH_PX)
    assert small == []
