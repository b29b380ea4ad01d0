"""Signing in, one's own account and the audit, as people use them in a browser."""

import re
from datetime import UTC, datetime

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from api.accounts.service import find
from api.hashing import Hashing
from api.rights.roles import Role
from api.sessions.service import set_password
from tests.api.people import enter
from tests.browser.conftest import Site, Visits
from tests.browser.test_access import SMALL, TOUCH_PX

pytestmark = [pytest.mark.browser, pytest.mark.database]

FIRST, NEXT = "lotus kettle marble ferry", "seven quiet herons on ice"


@pytest.fixture(scope="module")
def hashed() -> str:
    return Hashing().of(FIRST)


def newcomer(site: Site, kept: str, *, must_change: bool = False) -> str:
    """The sign-in name of a clerk who can sign in with FIRST."""
    now = datetime.now(UTC)
    person_id = enter(site.database, Role.CLERK, now=now, name="新来的").person_id
    with site.database.transaction() as session:
        set_password(session, person_id, kept, now, must_change=must_change)
        return find(session, person_id).sign_in_name


def sign_in(page: Page, name: str, password: str = FIRST) -> None:
    page.locator("#name").fill(name)
    page.locator("#password input[name=password]").fill(password)
    page.locator("#password [type=submit]").click()


def ready(page: Page, path: str) -> None:
    page.wait_for_url(re.compile(rf":\d+{re.escape(path)}$"))
    page.wait_for_selector("html[data-ready]")


def test_after_a_wrong_password_the_right_one_leads_where_one_wanted_to_go(
    visit: Visits, site: Site, hashed: str
) -> None:
    visit.expect("401")
    page = visit("?lang=zh#case=DD-2026-000001", token="").page
    assert "/sign-in?next=" in page.url
    name = newcomer(site, hashed)
    sign_in(page, name, "not the right one")
    expect(page.locator("#password .summary")).to_contain_text("登录名或密码不正确")
    sign_in(page, name)
    ready(page, "/?lang=zh")
    expect(page.locator("a.me")).to_have_text("新来的")


def test_nobody_is_led_to_another_site_after_signing_in(
    visit: Visits, site: Site, hashed: str
) -> None:
    for hostile in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:0"):
        page = visit(f"sign-in?next={hostile}", token="").page
        sign_in(page, newcomer(site, hashed))
        ready(page, "/")
        page.close()


def test_a_first_password_is_changed_before_anything_else(
    visit: Visits, site: Site, hashed: str
) -> None:
    visit.expect("422")
    page = visit("sign-in", token="").page
    sign_in(page, newcomer(site, hashed, must_change=True))
    ready(page, "/account")
    expect(page.locator("#duty")).to_contain_text("请先修改")
    page.goto(site.address)
    ready(page, "/account")
    page.locator("#old").fill(FIRST)
    page.locator("#change [name=password]").fill("short")
    page.locator("#change [type=submit]").click()
    expect(page.locator("#change .fault:visible")).to_contain_text("长度不合要求")
    page.locator("#change [name=password]").fill(NEXT)
    page.locator("#change [type=submit]").click()
    expect(page.locator("#change .notice")).to_be_visible()
    expect(page.locator("#duty")).to_be_hidden()
    page.goto(site.address)
    ready(page, "/")


def test_a_second_factor_is_set_up_and_then_asked_for(
    visit: Visits, site: Site, hashed: str
) -> None:
    visit.expect("401")
    name = newcomer(site, hashed)
    page = visit("sign-in?next=/account", token="").page
    sign_in(page, name)
    ready(page, "/account")
    page.locator("#factor-password").fill(FIRST)
    page.locator("#factor-begin [type=submit]").click()
    expect(page.locator("#factor-qr")).to_be_visible()
    assert page.locator("#factor-qr").evaluate("it => it.decode().then(() => it.naturalWidth)") > 90
    totp = pyotp.TOTP(page.locator("#factor-secret").inner_text().replace(" ", ""))
    page.locator("#factor-confirm [name=code]").fill(totp.now())
    page.locator("#factor-confirm [type=submit]").click()
    expect(page.locator("#factor-state")).to_contain_text("已启用")
    page.locator("#leave").click()
    ready(page, "/sign-in")
    sign_in(page, name)
    page.locator("#code input").fill("000000")
    page.locator("#code [type=submit]").click()
    expect(page.locator("#code .summary")).to_contain_text("验证码不正确")
    forget_the_step(site)
    page.locator("#code input").fill(totp.now())
    page.locator("#code [type=submit]").click()
    ready(page, "/")


def forget_the_step(site: Site) -> None:
    """As if half a minute had gone by since the last code."""
    with site.database.transaction() as session:
        session.execute(text("UPDATE credential SET totp_last_step = NULL"))


def test_a_lost_device_is_signed_out_from_another(visit: Visits, site: Site, hashed: str) -> None:
    name = newcomer(site, hashed)
    lost = visit("sign-in?next=/account", token="", device="phone").page
    sign_in(lost, name)
    ready(lost, "/account")
    page = visit("sign-in?next=/account", token="").page
    sign_in(page, name)
    ready(page, "/account")
    expect(page.locator("#sessions tr")).to_have_count(2)
    page.get_by_role("button", name="退出该设备").click()
    expect(page.locator("#sessions tr")).to_have_count(1)
    lost.reload()
    assert "/sign-in?next=" in lost.url


def test_a_console_whose_session_has_ended_leads_to_the_sign_in(
    visit: Visits, site: Site, hashed: str
) -> None:
    visit.expect("401")
    page = visit("sign-in", token="").page
    sign_in(page, newcomer(site, hashed))
    ready(page, "/")
    with site.database.transaction() as session:
        session.execute(
            text(
                "DELETE FROM account_session WHERE person_id IN"
                " (SELECT id FROM person WHERE full_name = '新来的')"
            )
        )
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_url(re.compile(r"/sign-in\?next="))


def test_the_audit_is_searched_and_checked_by_its_administrator(visit: Visits, site: Site) -> None:
    admin = enter(site.database, Role.AUDIT_ADMIN, now=datetime.now(UTC), name="审计员")
    page = visit("", token=admin.token).page
    ready(page, "/audit")
    page.get_by_role("button", name="校验全部记录").click()
    expect(page.locator("#verified")).to_contain_text("完好")
    page.locator("#deed").select_option("audit_verified")
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.locator("#entries tr").first).to_contain_text("校验审计")
    expect(page.locator("#entries tr").first).to_contain_text("审计员")


@pytest.mark.parametrize("path", ["sign-in", "account"])
def test_a_thumb_hits_everything_on_a_phone_in_both_languages(visit: Visits, path: str) -> None:
    page = visit(f"{path}?lang=en", device="phone", token="" if path == "sign-in" else None).page
    assert page.evaluate(SMALL, TOUCH_PX) == []
    assert not re.search(
        r"[\u4e00-\u9fff]", page.locator("main").inner_text().replace("测试员", "")
    )
