"""The clerk's desk in a browser: from the first key to the receipt, and nothing typed is lost."""

import re

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import text

from api.app import now
from api.rights.roles import Role
from tests.api.people import enter
from tests.browser.conftest import Site, Visits
from tests.browser.desk import Desk
from tests.browser.test_access import SMALL, TOUCH_PX, places_by_tab

pytestmark = [pytest.mark.browser, pytest.mark.database]

NUMBER = re.compile(r"^[A-Z]{2}-\d{4}-\d{6}$")
UNLABELLED = """
() => [...document.querySelectorAll("main *")]
  .filter((each) => each.matches("input, select, textarea, button, a, img, [role=listbox]"))
  .filter((each) => each.checkVisibility())
  .filter((each) => !(each.labels?.length || each.ariaLabel || each.textContent.trim() || each.alt))
  .map((each) => each.outerHTML.slice(0, 90))
"""


@pytest.fixture
def clerk(visit: Visits, site: Site) -> Desk:
    """The desk of a clerk who has no drafts yet."""
    return opened(visit, a_clerk(site))


def a_clerk(site: Site) -> str:
    return enter(site.database, Role.CLERK, now=now(), name="窗口小王").token


def opened(visit: Visits, token: str, device: str = "plain") -> Desk:
    """The page with nothing of an earlier visit in its tab."""
    return visit("reception", device=device, token=token)


def tell(page: Page, words: str, address: str = "东塔街12号") -> None:
    """Fill in what has to be filled in."""
    page.fill("#text", words)
    choose(page, "6")
    page.fill("#address", address)


def choose(page: Page, typed: str) -> None:
    """Choose a category by what is typed."""
    page.locator("#category-words").focus()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")


def again(page: Page) -> None:
    """Load the page once more, in the same tab."""
    page.reload()
    page.wait_for_selector("html[data-ready]")


def kept(page: Page) -> None:
    expect(page.locator("#saved")).to_contain_text("草稿已保存")


def test_a_case_is_filed_from_the_first_key_to_the_receipt_without_a_mouse(clerk: Desk) -> None:
    page, keys = clerk.page, clerk.page.keyboard
    expect(page.locator("#name")).to_be_focused()
    keys.type("王秀兰")
    keys.press("Enter")
    expect(page.locator("#phone")).to_be_focused()
    keys.type("139 1234 5678")
    keys.press("F3")
    keys.type("二十多名司机三个月没有拿到运费")
    keys.press("Tab")
    keys.type("ldzy")
    keys.press("Tab")
    expect(page.locator("#category-words")).to_have_value("劳动争议（含欠薪）")
    expect(page.locator("#subcategory")).to_be_focused()
    keys.type("欠薪")
    keys.press("F4")
    keys.type("东塔街12号")
    expect(page.locator("#address-list li").first).to_contain_text("误差 15 米以内")
    keys.press("Enter")
    expect(page.locator("#answering")).to_contain_text("新东派出所")
    keys.press("F8")
    keys.press("Control+A")
    keys.type("23")
    keys.press("Control+Enter")
    expect(page.locator("#done-title")).to_have_text(NUMBER)
    expect(page.locator(".sent li")).to_have_count(3)
    expect(page.locator(".paper img")).to_be_visible()
    expect(page.locator(".paper")).to_contain_text("窗口小王")
    expect(page.locator(".paper")).not_to_contain_text("王秀兰")
    keys.press("F2")
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#shelf-said")).to_have_text("没有别的草稿")


def test_what_was_filed_is_what_was_typed_and_who_came_is_a_party(clerk: Desk) -> None:
    page = clerk.page
    page.fill("#name", "李国强")
    page.fill("#respondent", "沈阳顺达物流有限公司")
    page.select_option("#respondent_kind", "organisation")
    tell(page, "公司拖欠运费不付")
    page.select_option("#subcategory", "labour.arrears")
    page.get_by_label("拖欠几个月").fill("3")
    page.fill("#people_involved", "23")
    page.keyboard.press("Control+Enter")
    number = page.locator("#done-title").inner_text()
    case = clerk.asked(f"v1/cases/{number}")
    assert (case["text"], case["people_involved"]) == ("公司拖欠运费不付", 23)
    parties = clerk.asked(f"v1/cases/{number}/parties")["items"]
    assert [(each["role"], each["shown"]) for each in parties] == [
        ("applicant", "李*"),
        ("respondent", "沈阳某某有限公司"),
    ]


def test_a_draft_survives_a_reload_and_is_gone_on_with_from_the_shelf(
    visit: Visits, site: Site
) -> None:
    token = a_clerk(site)
    page = opened(visit, token).page
    tell(page, "楼上卫生间漏水，天花板发霉")
    page.get_by_label("拖欠几个月").fill("2")
    again(page)
    expect(page.locator("#text")).to_have_value("楼上卫生间漏水，天花板发霉")
    expect(page.locator("#category-words")).to_have_value("劳动争议（含欠薪）")
    expect(page.get_by_label("拖欠几个月")).to_have_value("2")
    kept(page)
    page.close()
    page = opened(visit, token).page
    expect(page.locator("#text")).to_have_value("")
    page.keyboard.press("F9")
    expect(page.locator("#shelf li")).to_contain_text("楼上卫生间漏水")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value("楼上卫生间漏水，天花板发霉")
    expect(page.locator("#address")).to_have_value("东塔街12号")
    page.get_by_role("button", name="放到草稿架").click()
    page.get_by_role("button", name="丢弃：楼上").click()
    page.keyboard.press("Escape")
    expect(page.locator("#shelf li")).to_have_count(1)
    page.get_by_role("button", name="丢弃：楼上").click()
    page.locator("#dialog").get_by_role("button", name="丢弃").click()
    expect(page.locator("#shelf li")).to_have_count(0)


def test_a_draft_is_nobody_elses_even_in_the_same_browser(visit: Visits, site: Site) -> None:
    desk = opened(visit, a_clerk(site))
    tell(desk.page, "只给本人看的草稿")
    kept(desk.page)
    visit.become(a_clerk(site))
    again(desk.page)
    expect(desk.page.locator("#text")).to_have_value("")
    expect(desk.page.locator("#shelf li")).to_have_count(0)


def test_signing_out_brings_the_draft_to_the_server_and_leaves_nothing_in_the_browser(
    visit: Visits, clerk: Desk, site: Site
) -> None:
    visit.expect("401")
    page = clerk.page
    with site.database.transaction() as session:
        before = session.scalar(text("SELECT count(*) FROM draft"))
    page.fill("#text", "刚打完字就退出")
    page.click("#leave")
    page.wait_for_url("**/sign-in")
    assert page.evaluate("sessionStorage.getItem('fengqiao.reception')") is None
    with site.database.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM draft")) == (before or 0) + 1


def test_the_same_matter_is_shown_while_it_is_typed(clerk: Desk) -> None:
    page = clerk.page
    tell(page, "东塔街工地拖欠二十名木工工资已有两个月")
    page.keyboard.press("Control+Enter")
    number = page.locator("#done-title").inner_text()
    page.keyboard.press("F2")
    tell(page, "木工工资被东塔街工地拖欠两个月")
    twin = page.locator("#twins li", has_text=number)
    expect(twin).to_contain_text("相距 0 m")
    expect(twin).to_contain_text("登记")
    expect(twin).to_contain_text("类别相同")
    kept(page)
    page.keyboard.press("F10")
    expect(page.locator("#twins a.number").first).to_be_focused()
    twin.get_by_role("link", name="就是同一件").click()
    expect(page).to_have_url(re.compile(f"/cases/{number}$"))


def test_an_older_answer_never_takes_the_place_of_a_newer_one(clerk: Desk) -> None:
    page = clerk.page
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/v1/geocode?text=%E4%B8%9C%E5%A1%94%E8%A1%97", hold)
    page.locator("#address").focus()
    page.keyboard.type("东塔街")
    page.wait_for_timeout(400)
    page.keyboard.type("12号")
    expect(page.locator("#address-list li").first).to_contain_text("门牌")
    assert waiting
    waiting[0].continue_()
    page.wait_for_timeout(400)
    expect(page.locator("#address-list li").first).to_contain_text("门牌")


def test_each_fault_stands_at_its_field_and_the_first_one_has_the_keyboard(
    visit: Visits, clerk: Desk
) -> None:
    visit.expect("422")
    page = clerk.page
    page.fill("#phone", "12")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#fault-phone")).to_contain_text("7 至 15 位")
    expect(page.locator("#fault-place")).to_have_text("必填")
    page.fill("#phone", "")
    tell(page, "将来才发生的事")
    page.fill("#occurred_at", "2099-01-01T08:00")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#occurred_at")).to_be_focused()
    expect(page.locator("#fault-occurred_at")).to_contain_text("发生时间在将来")
    expect(page.locator("#occurred_at")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#fault-place")).to_be_hidden()


def test_filing_again_after_a_cut_network_doubles_neither_case_nor_party(
    visit: Visits, clerk: Desk
) -> None:
    visit.expect("ERR_FAILED", "ERR_CONNECTION")
    page = clerk.page

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.fill("#name", "赵断网")
    tell(page, "断网之前登记的一件")
    page.route("**/v1/reports", lose)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#summary")).to_contain_text("不会重复立案")
    page.unroute("**/v1/reports")
    again(page)
    page.route("**/parties", lose)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#summary")).to_contain_text("只差当事人信息")
    page.unroute("**/parties")
    page.keyboard.press("Control+Enter")
    number = page.locator("#done-title").inner_text()
    assert clerk.reports_saying("断网之前登记的一件") == 1
    parties = clerk.asked(f"v1/cases/{number}/parties")["items"]
    assert [each["shown"] for each in parties] == ["赵*"]


def test_a_report_changed_after_it_was_received_is_filed_anew_only_when_the_clerk_says_so(
    visit: Visits, clerk: Desk
) -> None:
    visit.expect("ERR_FAILED", "422")
    page = clerk.page
    tell(page, "窗口改动之前")
    page.route("**/v1/reports", lambda route: (route.fetch(), route.abort())[-1], times=1)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#summary")).to_contain_text("不会重复立案")
    page.fill("#text", "窗口改动之后")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#summary")).to_contain_text("先前可能已被受理")
    page.click("#as-new")
    expect(page.locator("#done-title")).to_have_text(NUMBER)
    assert clerk.reports_saying("窗口改动之前") == clerk.reports_saying("窗口改动之后") == 1


def test_without_the_server_what_is_typed_is_kept_and_said_to_be(
    visit: Visits, clerk: Desk
) -> None:
    visit.expect("ERR_FAILED", "ERR_CONNECTION")
    page = clerk.page
    page.route("**/v1/drafts/*", lambda route: route.abort())
    page.fill("#text", "网络断了也不能丢")
    expect(page.locator("#saved")).to_contain_text("本机已保留")
    again(page)
    expect(page.locator("#text")).to_have_value("网络断了也不能丢")
    page.unroute("**/v1/drafts/*")
    kept(page)


def test_the_keyboard_reaches_every_field_shows_where_it_is_and_everything_has_a_name(
    clerk: Desk,
) -> None:
    page = clerk.page
    choose(page, "1")
    again(page)
    expect(page.locator("#name")).to_be_focused()
    reached = places_by_tab(page)
    assert not [each for each in reached if each.startswith("unseen")]
    order = ["phone", "respondent", "text", "category-words", "address", "occurred_at"]
    places = [reached.index(name) for name in [*order, "people_involved", "file"]]
    assert places == sorted(places)
    assert page.evaluate(UNLABELLED) == []


def test_on_a_phone_nothing_is_cut_off_and_all_can_be_touched(visit: Visits, site: Site) -> None:
    page = opened(visit, a_clerk(site), "phone").page
    tell(page, "手机上登记的一件")
    kept(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(SMALL, TOUCH_PX) == []
    page.locator("#file").tap()
    expect(page.locator("#done-title")).to_have_text(NUMBER)
    expect(page.locator(".paper img")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_paper_there_is_the_receipt_and_nothing_else(clerk: Desk) -> None:
    page = clerk.page
    tell(page, "打印回执的一件")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".paper img")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".paper .number")).to_be_visible()
    for part in (".bar", ".result", "#desk"):
        expect(page.locator(part)).to_be_hidden()
    page.emulate_media(media="screen")


def test_a_filed_case_whose_receipt_fails_is_said_to_be_filed_and_gets_one_again(
    visit: Visits, clerk: Desk
) -> None:
    visit.expect("ERR_FAILED")
    page = clerk.page
    tell(page, "回执打不出来的一件")
    page.route("**/receipt", lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    expect(page.locator("#done-title")).to_have_text(NUMBER)
    expect(page.locator(".paper .fault")).to_contain_text("案件已经登记")
    page.unroute("**/receipt")
    page.get_by_role("button", name="再次生成回执").click()
    expect(page.locator(".paper img")).to_be_visible()


def test_a_place_that_is_only_near_is_filed_as_chosen_and_its_words_are_kept(clerk: Desk) -> None:
    page = clerk.page
    tell(page, "路上的一件纠纷", "")
    page.locator("#address").focus()
    page.keyboard.type("东塔街加油站旁")
    road = page.locator("#address-list li", has_text="道路")
    expect(road.first).to_contain_text("误差 950 米以内")
    road.first.click()
    expect(page.locator("#place-said")).to_contain_text("东塔街（道路）")
    page.keyboard.press("Control+Enter")
    case = clerk.asked(f"v1/cases/{page.locator('#done-title').inner_text()}")
    assert case["text"].endswith("地点：东塔街加油站旁")
    assert case["placement"]["radius_m"] == 950


def test_only_who_files_at_the_window_has_the_desk(visit: Visits, site: Site) -> None:
    visit.expect("403")
    token = enter(site.database, Role.ASSESSOR, now=now()).token
    page = visit("", token=token).page
    expect(page.locator(".pages")).not_to_contain_text("登记窗口")
    answer = page.goto(f"{site.address}reception")
    assert answer is not None
    assert not answer.url.endswith("/reception") or answer.status == 403
