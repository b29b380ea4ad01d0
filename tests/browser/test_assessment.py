"""The assessor's bench: red first, words marked, the result while it is filled in, two people."""

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


def filed(visit: Visits, **changes: object) -> str:
    desk = visit()
    number = desk.file(**changes)
    desk.page.goto("about:blank")  # it would go on asking as whoever signs in next
    return number


def bench(visit: Visits, site: Site, *roles: Role, number: str = "", device: str = "plain") -> Page:
    token = enter(site.database, *roles, now=now(), name=f"某{roles[0].value}").token
    path = f"assessment#{number}" if number else "assessment"
    return visit(path, token=token, device=device).page


def test_the_words_that_tell_of_risk_are_marked_and_what_is_denied_is_struck_through(
    visit: Visits, site: Site
) -> None:
    number = filed(visit, title="😀讨薪", text="没有堵路，扬言跳楼")
    page = bench(visit, site, Role.ASSESSOR, number=number)
    expect(page.locator("#case mark:not(.denied)")).to_have_text(["讨薪", "跳楼"])
    expect(page.locator("#case mark.denied")).to_have_text(["堵路"])
    expect(page.locator("[name=sign][value=suicide]")).to_be_checked()


def test_the_result_follows_the_answers_before_they_are_given(visit: Visits, site: Site) -> None:
    number = filed(visit, text="欠薪")
    page = bench(visit, site, Role.ASSESSOR, number=number)
    expect(page.locator(".result .chip")).to_have_text("黄色")
    page.locator("[name=sign][value=weapon]").check()
    expect(page.locator(".result .chip")).to_have_text("红色")
    expect(page.locator(".result .reasons")).to_contain_text("凶器")


def test_grading_goes_on_to_the_next_case_and_says_what_was_done(visit: Visits, site: Site) -> None:
    filed(visit, text="下一件")
    number = filed(visit, text="讨薪，集体堵路", people_involved=1)
    page = bench(visit, site, Role.ASSESSOR, number=number)
    page.locator("#remark").fill("已电话核实")
    page.locator("#remark").press("Control+Enter")
    expect(page.locator("#said")).to_have_text(f"{number} 已定为橙色")
    expect(page.locator("#case h2")).not_to_have_text(number)
    expect(page.locator(f'#to-assess [data-key="{number}"]')).to_have_count(0)


def test_out_of_red_a_second_and_different_person_confirms(visit: Visits, site: Site) -> None:
    number = filed(visit, text="扬言跳楼")
    page = bench(visit, site, Role.ASSESSOR, number=number)
    page.get_by_role("button", name="改定为其他等级").click()
    fill(page, grade="yellow", reason="已见面，情绪平稳")
    expect(page.locator("#said")).to_contain_text("等待第二人复核")
    page.locator(f'#to-confirm [data-key="{number}"] button').click()
    expect(page.locator(".proposal")).to_contain_text("须由另一人复核")
    page.goto("about:blank")
    page = bench(visit, site, Role.DISPATCHER, number=number)
    expect(page.locator(".proposal")).to_contain_text("红色 → 黄色")
    page.locator(".proposal").get_by_role("button", name="同意", exact=True).click()
    fill(page)
    expect(page.locator("#said")).to_have_text(f"{number} 已定为黄色")


def test_a_unit_leader_decides_as_second_person_and_grades_nothing(
    visit: Visits, site: Site
) -> None:
    number = filed(visit, text="扬言跳楼")
    token = enter(
        site.database, Role.LEADER, now=now(), unit="street:210104001000", name="负责人"
    ).token
    page = visit(f"assessment#{number}", token=token).page
    expect(page.locator("#case h2")).to_have_text(number)
    expect(page.get_by_role("button", name="定级")).to_have_count(0)


@pytest.mark.parametrize("path", ["assessment", "supervision", "cases/{number}"])
def test_what_is_made_up_says_so_on_every_page_that_shows_it(
    visit: Visits, site: Site, path: str
) -> None:
    number = filed(visit, text="合成")
    made_up = """UPDATE report SET synthetic = true
        WHERE id = (SELECT report_id FROM case_file WHERE number = :number)"""
    late = """UPDATE clock SET due_at = now() - interval '900 days'
        WHERE case_id = (SELECT id FROM case_file WHERE number = :number)"""
    with site.database.transaction() as session:
        session.execute(text(made_up), {"number": number})
        session.execute(text(late), {"number": number})
    token = enter(site.database, Role.ASSESSOR, now=now(), name="研判").token
    page = visit(path.format(number=number), token=token).page
    expect(page.locator("#synthetic")).to_be_visible()


def test_on_a_phone_all_can_be_touched(visit: Visits, site: Site) -> None:
    number = filed(visit, text="欠薪")
    page = bench(visit, site, Role.ASSESSOR, number=number, device="phone")
    expect(page.locator(".result .chip")).to_be_visible()
    assert page.evaluate(SMALL, TOUCH_PX) == []
