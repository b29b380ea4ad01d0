"""Whistles, custody and risk in the file of a case, as the people of a case use them."""

import pytest
from playwright.sync_api import Page, expect

from api.app import now
from api.rights.roles import Role
from grids.models import Unit
from tests.api.district import CENTRE
from tests.api.people import enter
from tests.browser.conftest import Site, Visits
from tests.browser.test_case_file import STREET, fill, opened, unit

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def number(visit: Visits) -> str:
    """A case that was sent to its three units."""
    desk = visit()
    number = desk.file(text="二十余名司机讨要运费", people_involved=23)
    desk.page.goto("about:blank")  # it would go on asking as whoever signs in next
    return number


def token(site: Site, *roles: Role, unit: str | None = None, name: str = "某人") -> str:
    return enter(site.database, *roles, now=now(), unit=unit, name=name).token


def leave(page: Page) -> None:
    page.goto("about:blank")


def test_an_emergency_whistle_needs_one_click_and_calls_the_three_units(
    visit: Visits, site: Site, number: str
) -> None:
    page = opened(visit, number, token(site, Role.DISPATCHER))
    page.locator("#whistles").get_by_role("button", name="应急哨").click()
    expect(page.locator("#whistles .roll li")).to_have_count(3)
    expect(page.locator("#whistles li.whistle")).to_contain_text("已吹哨，等待报到")
    expect(page.locator("#timeline")).to_contain_text("应急哨")


def test_a_whistle_is_followed_from_the_call_to_the_scores(
    visit: Visits, site: Site, number: str
) -> None:
    page = opened(visit, number, token(site, Role.DISPATCHER, name="调度员"))
    whistles = page.locator("#whistles")
    whistles.get_by_role("button", name="吹哨", exact=True).click()
    fill(page, type="work", ground="one_unit_cannot", lead=STREET, words="请到现场")
    expect(whistles.locator(".roll li")).to_contain_text(["东塔街道"])
    for move in ("签收", "联系当事人", "报到"):
        unit(page, "东塔街道").get_by_role("button", name=move, exact=True).click()
        fill(page, channel="phone", said_by="值班员", words="电话告知")
    expect(whistles.locator(".roll li")).to_contain_text(["报到"])
    whistles.get_by_role("button", name="办结").click()
    fill(page, reason="现场已平稳")
    expect(whistles.locator("li.whistle")).to_contain_text("现场已平稳")
    whistles.get_by_role("button", name="评报到").click()
    fill(page, score="4", words="及时")
    expect(whistles.locator(".roll li")).to_contain_text(["报到评分 4"])


def test_a_joint_consultation_asks_experts_and_keeps_what_they_think(
    visit: Visits, site: Site, number: str
) -> None:
    page = opened(visit, number, token(site, Role.DISPATCHER))
    whistles = page.locator("#whistles")
    whistles.get_by_role("button", name="专家会诊").click()
    fill(page, profession="lawyer", name="王律师", words="中小企业款项支付条例如何适用")
    expect(whistles).to_contain_text("尚未发表意见")
    whistles.get_by_role("button", name="记录意见").click()
    fill(page, reason="适用条例第八条")
    expect(whistles.locator(".roll .why")).to_have_text("适用条例第八条")


def test_a_hand_over_waits_until_the_receiver_has_signed(
    visit: Visits, site: Site, number: str
) -> None:
    page = opened(visit, number, token(site, Role.DISPATCHER, name="中心"))
    custody = page.locator("#custody")
    custody.get_by_role("button", name="交接").click()
    fill(page, unit_code=STREET, how="phone", reason="属地受理")
    expect(custody.locator(".clear")).to_contain_text("待签收")
    leave(page)
    theirs = token(site, Role.HANDLER, Role.LEADER, unit=STREET, name="街道经办")
    page = opened(visit, number, theirs)
    page.locator("#custody").get_by_role("button", name="签收").click()
    fill(page)
    expect(page.locator("#custody li.now")).to_contain_text("东塔街道")
    expect(page.locator("#custody .clear")).to_have_count(0)


def test_the_grade_stands_there_with_the_reason_of_each_point(
    visit: Visits, site: Site, number: str
) -> None:
    page = opened(visit, number, token(site, Role.ASSESSOR))
    risk = page.locator("#risk")
    expect(risk).to_contain_text("系统初评")
    expect(risk.locator(".reasons li").first).to_contain_text("+")
    expect(risk.get_by_role("link", name="研判定级")).to_have_attribute(
        "href", f"/assessment#{number}"
    )


def test_a_wrong_place_is_corrected_after_a_look_at_the_units_before_and_after(
    visit: Visits, site: Site, number: str
) -> None:
    page = opened(visit, number, token(site, Role.DISPATCHER))
    page.locator("#units").get_by_role("button", name="更正并重新分派").click()
    dialog = page.locator("#dialog")
    dialog.locator("#ask-place").fill(f"{CENTRE[0] + 0.0121:.6f}, {CENTRE[1]:.6f}")
    dialog.locator("#ask-reason").fill("门牌记错，实在路东")
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_contain_text("核对单位后确定")
    expect(dialog.locator("li", has_text="东塔街道")).to_contain_text("撤回")
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_be_hidden()
    expect(unit(page, "东塔街道")).to_contain_text("已撤回")
    expect(page.locator("#timeline")).to_contain_text("重新分派")


def test_whom_to_call_is_chosen_with_the_load_and_the_capacity_of_each_unit(
    visit: Visits, site: Site, number: str
) -> None:
    with site.database.transaction() as session:
        session.get_one(Unit, STREET).capacity = 1
    page = opened(visit, number, token(site, Role.DISPATCHER))
    page.locator("#whistles").get_by_role("button", name="吹哨", exact=True).click()
    choice = page.locator("#ask-lead option", has_text="东塔街道")
    expect(choice).to_contain_text("/1，已满")
    expect(page.locator("#ask-lead option", has_text="新东派出所")).to_contain_text("在办")
