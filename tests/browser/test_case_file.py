"""The file of a case in a browser: who has it, what is next, and what was agreed."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from api.app import now
from api.rights.roles import Role
from tests.api.people import enter
from tests.browser.conftest import Site, Visits
from tests.browser.test_access import TOUCH_PX

pytestmark = [pytest.mark.browser, pytest.mark.database]

STREET = "street:210104001000"


@pytest.fixture
def number(visit: Visits) -> str:
    """A case that was sent to its three units."""
    desk = visit()
    number = desk.file(text="二十余名司机讨要运费", people_involved=23)
    desk.page.goto("about:blank")  # it would go on asking as whoever signs in next
    return number


def opened(visit: Visits, number: str, token: str | None = None, device: str = "plain") -> Page:
    return visit(f"cases/{number}", device=device, token=token).page


def unit(page: Page, name: str) -> Locator:
    return page.locator("#units li.part", has_text=name)


def fill(page: Page, **words: str) -> None:
    """Fill in the dialog, and send it."""
    dialog = page.locator("#dialog")
    for name, word in words.items():
        control = dialog.locator(f"#ask-{name}")
        if control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(word)
        else:
            control.fill(word)
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_be_hidden()


def test_the_file_says_what_was_reported_who_has_it_and_until_when(
    visit: Visits, number: str
) -> None:
    page = opened(visit, number)
    expect(page.locator("#head")).to_contain_text("二十余名司机讨要运费")
    expect(page.locator("#head .chip.grade")).to_be_visible()
    expect(page.locator("#units li.part")).to_have_count(3)
    expect(page.locator("#clocks li.clock").first).to_contain_text("到期")
    expect(page.locator("#timeline li").first).to_be_visible()
    assert number in page.title()


def test_a_unit_works_on_its_case_from_signing_to_the_paid_instalment(
    visit: Visits, site: Site, number: str
) -> None:
    visit.expect("422")  # of the instalments that do not add up
    roles = (Role.HANDLER, Role.LEADER)
    token = enter(site.database, *roles, now=now(), unit=STREET, name="街道经办").token
    page = opened(visit, number, token)
    street = page.locator("#units li.part.lead")
    street.get_by_role("button", name="签收").click()
    fill(page)
    expect(page.locator("#head .chip.state")).to_have_text("办理中")
    page.get_by_role("button", name="开始调解").click()
    fill(page)
    page.get_by_role("button", name="记录措施").click()
    fill(page, kind="statute_explained", words="《保障中小企业款项支付条例》第八条")
    expect(page.locator("#mediation")).to_contain_text("法律释明")
    _agree(page)
    expect(page.locator("#head .chip.state")).to_have_text("已达成协议")
    page.get_by_role("button", name="登记付款").click()
    fill(page, amount="150000")
    expect(page.locator("#mediation tbody tr").first).to_contain_text("已付清")
    expect(page.locator("#timeline")).to_contain_text("街道经办")


def _agree(page: Page) -> None:
    """Two instalments; the sum is wrong at first, and the fault stands beside its field."""
    page.get_by_role("button", name="登记协议").click()
    dialog = page.locator("#dialog")
    dialog.locator("#ask-words").fill("企业分两期付清拖欠的运费")
    dialog.locator("#ask-amount").fill("400000")
    for day in ("2099-01-24", "2099-02-24"):
        dialog.get_by_role("button", name="加一期").click()
        row = dialog.locator("ol.instalments li").last
        row.get_by_label("到期日").fill(day)
        row.get_by_label("金额（元）").fill("150000")
    dialog.get_by_role("button", name="确定").click()
    expect(dialog.locator("[data-field=amount] .fault")).to_contain_text("300000")
    fill(page, amount="300000")


def test_the_centre_enters_what_a_unit_said_by_phone(visit: Visits, number: str) -> None:
    page = opened(visit, number)
    police = page.locator("#units li.part.assist").first
    police.get_by_role("button", name="签收").click()
    expect(page.locator("#dialog-title")).to_contain_text("代")
    fill(page, channel="phone", said_by="值班民警")
    expect(page.locator("#units")).to_contain_text("值班民警")


def test_a_case_that_is_not_there_is_said_to_be_missing(visit: Visits) -> None:
    visit.expect("404")
    page = opened(visit, "DD-2026-999999")
    expect(page.locator("#trouble")).to_contain_text("没有这个案件")
    expect(page.locator("#head")).to_be_hidden()


def test_on_a_phone_nothing_is_cut_off_and_all_can_be_touched(visit: Visits, number: str) -> None:
    page = opened(visit, number, device="phone")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    for button in page.locator("main button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= TOUCH_PX, re.sub(r"\s+", " ", button.inner_text())
