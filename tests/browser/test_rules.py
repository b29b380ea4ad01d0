"""The editor of the routing rules: changed, tried on past cases, put in force by two people."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from api.app import now
from api.rights.roles import Role
from tests.api.people import enter
from tests.browser.conftest import Site, Visits
from tests.browser.test_access import SMALL, TOUCH_PX
from tests.browser.test_case_file import fill

pytestmark = [pytest.mark.browser, pytest.mark.database]

HELPER = "street:210104002000"


@pytest.fixture(autouse=True)
def by_default(site: Site) -> None:
    """Every test begins with the default rules."""
    with site.database.transaction() as session:
        session.execute(text("TRUNCATE routing_rules"))


def editor(visit: Visits, site: Site, name: str, *roles: Role, device: str = "plain") -> Page:
    token = enter(site.database, *(roles or (Role.DISPATCHER,)), now=now(), name=name).token
    return visit("rules", token=token, device=device).page


def add(page: Page, code: str, **words: str) -> None:
    page.locator("#add").click()
    fill(page, code=code, title=f"规则{code}", **words)


def titles(page: Page) -> list[str]:
    return page.locator("#rules strong").all_inner_texts()


def test_a_rule_is_written_tried_on_past_cases_and_kept_as_a_draft(
    visit: Visits, site: Site
) -> None:
    desk = visit()
    desk.file(text="拖欠工资", people_involved=23)
    desk.page.goto("about:blank")
    page = editor(visit, site, "甲")
    expect(page.locator("#standing")).to_have_text("现行：默认规则")
    add(page, "arrears", categories="labour", people_from="10", lead=HELPER, tier="district")
    first = page.locator("#rules li").first
    expect(first).to_contain_text("劳动争议（含欠薪） · 10 人以上")
    expect(first).to_contain_text("主办 · 区级")
    page.locator("#replay button").click()
    expect(page.locator("#tried h3").first).to_contain_text("会去别处")
    expect(page.locator("#tried .outcomes li").first).to_contain_text("改后")
    page.locator("#save").click()
    fill(page, reason="群体欠薪由区级协调")
    expect(page.locator("#said")).to_contain_text("由另一位调度员启用后生效")
    expect(page.locator("#versions li").first).to_contain_text("须由另一位调度员启用")


def test_another_dispatcher_puts_it_in_force(visit: Visits, site: Site) -> None:
    page = editor(visit, site, "甲")
    add(page, "night", hours="night", lead="police")
    page.locator("#save").click()
    fill(page, reason="夜间由派出所主办")
    expect(page.locator("#versions li")).to_have_count(1)
    page.goto("about:blank")
    page = editor(visit, site, "乙")
    page.locator("#versions").get_by_role("button", name="启用").click()
    fill(page, reason="同意")
    expect(page.locator("#standing")).to_contain_text("现行：第")
    expect(page.locator("#versions li.holds")).to_contain_text("乙 启用")
    assert titles(page) == ["规则night", "属地办理 / By the place"]


def test_a_rule_that_is_never_reached_is_told_at_its_place(visit: Visits, site: Site) -> None:
    visit.expect("422")
    page = editor(visit, site, "甲")
    add(page, "narrow", categories="labour", people_from="10", lead="police")
    add(page, "wide", categories="labour", lead="justice")
    assert titles(page)[:2] == ["规则wide", "规则narrow"]
    page.locator("#check").click()
    expect(page.locator("#rules li").nth(1).locator(".fault")).to_contain_text("永远轮不到")
    page.get_by_role("button", name="上移 规则narrow").click()
    page.locator("#check").click()
    expect(page.locator("#said")).to_have_text("没有发现问题")
    assert titles(page)[:2] == ["规则narrow", "规则wide"]


def test_changes_can_be_thrown_away_and_a_rule_changed_again(visit: Visits, site: Site) -> None:
    page = editor(visit, site, "甲")
    add(page, "some", people_from="5", lead="police")
    page.get_by_role("button", name="修改 规则some").click()
    expect(page.locator("#ask-people_from")).to_have_value("5")
    fill(page, people_from="50")
    expect(page.locator("#rules li").first).to_contain_text("50 人以上")
    page.locator("#undo").click()
    assert titles(page) == ["属地办理 / By the place"]


def test_a_preview_shows_one_case_now_and_then(visit: Visits, site: Site) -> None:
    desk = visit()
    number = desk.file(text="邻里噪声", category="neighbour")
    desk.page.goto("about:blank")
    page = editor(visit, site, "甲")
    add(page, "noise", categories="neighbour", lead="police")
    page.locator("#case_number").fill(number)
    page.locator("#preview button").click()
    expect(page.locator("#tried .outcomes")).to_contain_text(number)
    expect(page.locator("#tried .arrow")).to_contain_text("新东派出所（主责）")


def test_who_may_not_change_rules_reads_them(visit: Visits, site: Site) -> None:
    page = editor(visit, site, "研判", Role.ASSESSOR)
    expect(page.locator("#rules li")).to_have_count(1)
    expect(page.locator("#deeds")).to_be_hidden()
    expect(page.locator("#trial")).to_be_hidden()
    expect(page.locator("#rules button")).to_have_count(0)


def test_on_a_phone_all_can_be_touched(visit: Visits, site: Site) -> None:
    page = editor(visit, site, "甲", device="phone")
    add(page, "some", people_from="5", lead="police")
    assert page.evaluate(SMALL, TOUCH_PX) == []
