"""A unit's inbox: one tap signs, what is sent appears at once, and where somebody is goes along."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text

from api.app import now
from api.rights.roles import Role
from tests.api.people import enter
from tests.browser.conftest import Site, Visits
from tests.browser.test_access import SMALL, TOUCH_PX
from tests.browser.test_case_file import STREET, fill

pytestmark = [pytest.mark.browser, pytest.mark.database]

AT_ONCE_MS = 3000
"""Commit to screen is promised within two seconds; the browser test leaves one for itself."""
HERE = {"longitude": 123.5, "latitude": 41.8, "accuracy": 20}


@pytest.fixture(autouse=True)
def alone(site: Site) -> None:
    """Nothing of other tests is left to do."""
    with site.database.transaction() as session:
        session.execute(text("UPDATE assignment SET stage = 'withdrawn'"))


@pytest.fixture
def token(site: Site) -> str:
    roles = (Role.HANDLER, Role.LEADER)
    return enter(site.database, *roles, now=now(), unit=STREET, name="街道经办").token


def filed(visit: Visits, **changes: object) -> str:
    desk = visit()
    number = desk.file(**changes)
    desk.page.goto("about:blank")  # it would go on asking as whoever signs in next
    return number


def inbox(visit: Visits, token: str, device: str = "plain") -> Page:
    return visit("inbox", token=token, device=device).page


def task(page: Page, number: str) -> Locator:
    return page.locator(f'#tasks [data-key="{number}"]')


def steps(site: Site, number: str) -> list[tuple[str, float | None]]:
    query = """SELECT move, lon FROM assignment_step JOIN case_file ON case_file.id = case_id
        WHERE number = :number ORDER BY assignment_step.id"""
    with site.database.transaction() as session:
        return [tuple(row) for row in session.execute(text(query), {"number": number})]


def test_one_tap_signs_and_offers_what_comes_next(visit: Visits, site: Site, token: str) -> None:
    number = filed(visit, title="楼上漏水")
    page = inbox(visit, token)
    expect(page).to_have_title("(1) 枫桥 · 单位收件")
    mine = task(page, number)
    expect(mine).to_contain_text("还有")
    mine.get_by_role("button", name="签收").dblclick()
    expect(mine).to_contain_text("已签收")
    expect(mine.locator(".primary")).to_have_text("联系当事人")
    expect(page).to_have_title("枫桥 · 单位收件")
    assert steps(site, number) == [("sign", None)]


def test_what_is_sent_meanwhile_appears_without_a_reload(
    visit: Visits, site: Site, token: str
) -> None:
    first = filed(visit, title="先来的")
    with site.database.transaction() as session:
        session.execute(text("UPDATE assignment SET stage = 'withdrawn'"))
    page = inbox(visit, token)
    expect(page.locator("#none")).to_be_visible()
    with site.database.transaction() as session:
        session.execute(text("UPDATE assignment SET stage = 'offered'"))
    expect(task(page, first)).to_be_visible(timeout=AT_ONCE_MS)


def test_what_is_late_stands_first_and_says_by_how_much(
    visit: Visits, site: Site, token: str
) -> None:
    calm, late = filed(visit, title="不急"), filed(visit, title="已超时")
    overdue = """UPDATE clock SET due_at = now() - interval '3 hours' WHERE kind = 'sign'
        AND case_id = (SELECT id FROM case_file WHERE number = :number)"""
    with site.database.transaction() as session:
        session.execute(text(overdue), {"number": late})
    page = inbox(visit, token)
    expect(task(page, late).locator(".due.late")).to_contain_text("已超时 3")
    keys = page.locator("#tasks > li").evaluate_all("all => all.map((li) => li.dataset.key)")
    assert keys == [late, calm]
    page.locator("[data-filter=late]").click()
    expect(page.locator("#tasks > li")).to_have_count(1)


@pytest.fixture
def somewhere(visit: Visits) -> Iterator[None]:
    """The phone knows where it is, and its owner lets pages know."""
    phone = visit.devices["phone"]
    phone.grant_permissions(["geolocation"])
    phone.set_geolocation(HERE)  # type: ignore[arg-type]
    yield
    phone.clear_permissions()


def reporting(page: Page, number: str) -> None:
    mine = task(page, number)
    mine.get_by_role("button", name="签收").click()
    mine.get_by_role("button", name="报到", exact=True).click()


@pytest.mark.usefixtures("somewhere")
def test_the_position_goes_along_when_its_owner_ticks_it(
    visit: Visits, site: Site, token: str
) -> None:
    number = filed(visit, title="到现场")
    page = inbox(visit, token, "phone")
    reporting(page, number)
    page.locator("#ask-spot").check()
    expect(page.locator("#dialog [data-field=spot]")).to_contain_text("精度 20 米")
    fill(page, words="已到")
    expect(task(page, number)).to_contain_text("已报到")
    assert steps(site, number)[-1] == ("report-in", HERE["longitude"])


def test_who_gives_no_position_reports_in_without_it(visit: Visits, site: Site, token: str) -> None:
    number = filed(visit, title="到现场")
    page = inbox(visit, token, "phone")
    reporting(page, number)
    page.locator("#ask-spot").check()
    expect(page.locator("#dialog [data-field=spot]")).to_contain_text("没有取得位置")
    fill(page, words="已到")
    expect(task(page, number)).to_contain_text("已报到")
    assert steps(site, number)[-1] == ("report-in", None)


def test_a_tap_without_a_network_says_that_it_was_not_sent(visit: Visits, token: str) -> None:
    visit.expect("ERR_INTERNET_DISCONNECTED")
    number = filed(visit, title="没有网络")
    page = inbox(visit, token)
    page.context.set_offline(True)
    try:
        task(page, number).get_by_role("button", name="签收").click()
        expect(task(page, number).locator(".fault")).to_contain_text("没有送出")
        expect(page.locator("#stale")).to_be_visible()
    finally:
        page.context.set_offline(False)
    expect(task(page, number)).to_contain_text("待签收")


def test_a_whistle_that_calls_the_unit_stands_above(visit: Visits, site: Site, token: str) -> None:
    number = filed(visit, title="紧急")
    centre = enter(site.database, Role.DISPATCHER, now=now(), name="调度").token
    page = visit(f"cases/{number}", token=centre).page
    page.locator("#whistles").get_by_role("button", name="应急哨").click()
    expect(page.locator("#whistles .roll li")).to_have_count(3)
    page.goto("about:blank")
    page = inbox(visit, token)
    first = page.locator("#whistled li").first
    expect(first).to_contain_text("应急哨")
    expect(first).to_contain_text("0/3 已报到")
    expect(first.get_by_role("link", name=number)).to_be_visible()


def test_on_a_phone_all_can_be_touched(visit: Visits, token: str) -> None:
    number = filed(visit, title="手机")
    page = inbox(visit, token, "phone")
    expect(task(page, number)).to_be_visible()
    task(page, number).locator("summary").click()
    assert page.evaluate(SMALL, TOUCH_PX) == []
