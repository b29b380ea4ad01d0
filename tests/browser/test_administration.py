"""People, roles and tokens, as their two administrators look after them in a browser."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from api.rights.roles import Role
from tests.api.people import enter
from tests.browser.conftest import Site, Visits
from tests.browser.test_access import SMALL, TOUCH_PX
from tests.browser.test_account import ready, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.database]


def administrator(visit: Visits, site: Site, role: Role, device: str = "plain") -> Page:
    """The page of people as an administrator sees it."""
    token = enter(site.database, role, now=datetime.now(UTC), name="管理员").token
    page = visit("", token=token, device=device).page
    ready(page, "/people")
    return page


def find(page: Page, name: str) -> None:
    page.locator("#q").fill(name)
    page.get_by_role("button", name="查找").click()
    page.locator("#people .link", has_text=name).click()
    expect(page.locator("#person h2")).to_contain_text(name)


def secret(page: Page) -> str:
    """What is shown once, read and put away."""
    expect(page.locator("#secret")).to_be_visible()
    words = page.locator("#secret .secret").inner_text()
    page.get_by_role("button", name="已记下").click()
    expect(page.locator("#secret .secret")).to_have_text("")
    return words


def test_one_administrator_creates_and_the_other_grants_before_a_person_can_work(
    visit: Visits, site: Site
) -> None:
    page = administrator(visit, site, Role.SYSTEM_ADMIN)
    page.locator("#new").click()
    page.locator("#new-sign_in_name").fill("wen.tao")
    page.locator("#new-full_name").fill("温涛")
    page.locator("#new-area_prefix").fill("210104")
    page.locator("#create [type=submit]").click()
    password = secret(page)
    expect(page.locator("#person")).to_contain_text("尚未授予角色")
    assert page.locator("#person input[type=checkbox]").count() == 0, "grants nothing"
    page.close()
    page = administrator(visit, site, Role.SECURITY_ADMIN)
    expect(page.locator("#new")).to_have_count(0)
    find(page, "温涛")
    page.get_by_role("checkbox", name="接待员").check()
    page.get_by_role("button", name="授予角色").click()
    expect(page.locator("#person .facts-table")).to_contain_text("接待员")
    page.close()
    page = visit("sign-in", token="").page
    sign_in(page, "wen.tao", password)
    ready(page, "/account")
    expect(page.locator("#duty")).to_contain_text("请先修改")


def test_what_shuts_somebody_out_needs_a_second_press(visit: Visits, site: Site) -> None:
    enter(site.database, Role.CLERK, now=datetime.now(UTC), name="贺勇")
    page = administrator(visit, site, Role.SYSTEM_ADMIN)
    find(page, "贺勇")
    button = page.get_by_role("button", name="停用")
    button.click()
    expect(button).to_contain_text("再按一次确认")
    expect(page.locator("#person h2")).to_contain_text("正常")
    button.click()
    expect(page.locator("#person h2")).to_contain_text("已停用")


def test_a_token_is_made_once_and_revoked(visit: Visits, site: Site) -> None:
    enter(site.database, Role.SERVICE, now=datetime.now(UTC), name="热线平台")
    page = administrator(visit, site, Role.SECURITY_ADMIN)
    find(page, "热线平台")
    page.get_by_role("button", name="签发令牌").dblclick()
    assert secret(page).startswith("fq_")
    row = page.locator("#tokens tbody tr", has_text="热线平台")
    expect(row).to_contain_text("有效")
    row.get_by_role("button", name="吊销").click()
    expect(row).to_contain_text("已吊销")


def test_what_is_wrong_with_a_new_person_stands_beside_the_field(visit: Visits, site: Site) -> None:
    visit.expect("422")
    page = administrator(visit, site, Role.SYSTEM_ADMIN)
    page.locator("#new").click()
    page.locator("#new-sign_in_name").fill("Wen Tao")
    page.locator("#new-full_name").fill("温涛")
    page.locator("#create [type=submit]").click()
    fault = page.locator("#create [data-field=sign_in_name] .fault")
    expect(fault).to_contain_text("不是登录名")


def test_a_thumb_hits_everything_on_the_page_of_people(visit: Visits, site: Site) -> None:
    page = administrator(visit, site, Role.SECURITY_ADMIN, device="phone")
    page.locator("#people .link").first.click()
    page.locator("#person h3").first.wait_for()
    assert page.evaluate(SMALL, TOUCH_PX) == []
