"""Filing on the first screen: what is wrong, lost, retried, and what a person decides."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Route, expect

from tests.api.district import NEAR_STREET_LINE
from tests.browser.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.database]

HOSTILE = "<img src=x onerror=document.title='broken'>${1+1}"


def test_a_report_filed_by_a_click_on_the_map_is_dispatched_and_appears_in_the_list(
    visit: Visits,
) -> None:
    desk = visit(device="desk")
    desk.write("工地拖欠二十人工资")
    desk.click_map(500, 500)
    expect(desk.see("#file-picked")).to_contain_text("已选 123.")
    desk.submit()
    number = desk.receipt()
    for unit in ("东塔街道", "新东派出所", "东塔司法所"):
        expect(desk.see("#filed .unit .who", has_text=unit)).to_be_visible()
    expect(desk.see("#reports .item").first).to_contain_text(number)
    desk.see("#filed .primary").click()
    expect(desk.see("#answer h2")).to_have_text(number)
    expect(desk.see("#answer")).to_contain_text("工地拖欠二十人工资")
    expect(desk.see("#answer .unit[data-layer=street]")).to_contain_text("主责")


def test_what_is_missing_is_said_at_its_field_before_anything_is_sent(visit: Visits) -> None:
    desk = visit()
    desk.turn_to("filing")
    desk.submit()
    expect(desk.see("#fault-category")).to_have_text("必填")
    expect(desk.see("#fault-text")).to_have_text("必填")
    expect(desk.see("#fault-place")).to_have_text("请选定发生地点")
    expect(desk.page.locator("#file-category")).to_be_focused()


def test_what_the_server_refuses_is_said_at_its_field_in_the_pages_language(
    visit: Visits,
) -> None:
    visit.expect("422")
    desk = visit("?lang=en")
    desk.write("unpaid wages", occurred_at=f"{datetime.now(UTC).year + 1}-06-01T09:00")
    desk.write_address("东塔街12号")
    desk.submit()
    fault = desk.see("#fault-occurred_at")
    expect(fault).to_be_visible()
    assert not re.search(r"[\u4e00-\u9fff]", fault.inner_text())


def test_after_a_lost_answer_submitting_again_opens_no_second_case(visit: Visits) -> None:
    visit.expect("ERR_FAILED", "ERR_CONNECTION")
    desk = visit()

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    desk.write("断网重试的一件")
    desk.write_address("东塔街12号")
    desk.page.route("**/v1/reports", lose)
    desk.submit()
    expect(desk.see("#file .summary")).to_contain_text("不会重复立案")
    desk.page.unroute("**/v1/reports")
    desk.page.reload()
    desk.turn_to("filing")
    expect(desk.page.locator("#file-text")).to_have_value("断网重试的一件")
    desk.submit()
    desk.receipt()
    assert desk.reports_saying("断网重试的一件") == 1


def test_a_report_changed_after_it_was_received_is_filed_anew_only_when_the_person_says_so(
    visit: Visits,
) -> None:
    visit.expect("ERR_FAILED", "422")
    desk = visit()
    desk.write("改动之前")
    desk.write_address("东塔街12号")
    desk.page.route("**/v1/reports", lambda route: (route.fetch(), route.abort())[-1], times=1)
    desk.submit()
    expect(desk.see("#file .summary")).to_be_visible()
    desk.page.fill("#file-text", "改动之后")
    desk.submit()
    expect(desk.see("#file .summary")).to_contain_text("先前可能已被受理")
    desk.page.click("#file-as-new")
    desk.receipt()
    assert desk.reports_saying("改动之前") == desk.reports_saying("改动之后") == 1


def test_what_people_typed_stays_text(visit: Visits) -> None:
    desk = visit()
    number = desk.file(title=HOSTILE, text=HOSTILE)
    row = desk.page.locator("#reports .item", has_text=number)
    expect(row.locator(".what")).to_have_text(HOSTILE)
    row.click()
    expect(desk.see("#answer .told")).to_have_text(HOSTILE)
    assert "broken" not in desk.page.title()


def test_a_person_confirms_the_unit_of_a_report_near_a_line_and_the_reason_is_kept(
    visit: Visits,
) -> None:
    desk = visit()
    lon, lat = NEAR_STREET_LINE
    number = desk.file(place={"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": 5})
    desk.search(number)
    expect(desk.see("#answer .unit[data-layer=street]")).to_contain_text("待确认")
    desk.page.get_by_role("button", name="去确认归属").click()
    row = desk.page.locator("#placements .list > li", has_text=number)
    row.locator(".item").wait_for()
    expect(row.locator(".reasons")).to_contain_text("街道须人工确认")
    row.get_by_role("button", name="确认", exact=True).click()
    expect(row.locator(".fault")).to_contain_text("由哪个街道负责")
    row.get_by_role("radio", name="万泉街道").check()
    row.get_by_label("确认理由").fill("现场核实在路东侧")
    row.get_by_role("button", name="确认", exact=True).click()
    expect(desk.see("#placements .notice")).to_have_text(f"已确认：{number}")
    expect(desk.page.locator("#placements .item", has_text=number)).to_have_count(0)
    desk.search(number.lower())
    street = desk.see("#answer .unit[data-layer=street]")
    expect(street).to_contain_text("万泉街道")
    expect(street).to_contain_text("由 测试员 确认")
    expect(street).to_contain_text("现场核实在路东侧")
    expect(desk.see("#answer .history")).to_contain_text("确认归属并派单")


def test_a_report_without_a_place_is_dispatched_once_a_person_shows_the_place(
    visit: Visits,
) -> None:
    desk = visit(device="desk")
    number = desk.file(place={"address": "火星路9号"})
    desk.turn_to("placements")
    row = desk.page.locator("#placements .list > li", has_text=number)
    row.locator(".item").click()
    row.get_by_label("确认理由").fill("电话核实")
    desk.click_map(500, 500)
    expect(row.locator(".picked")).to_contain_text("已选")
    row.get_by_role("button", name="确认", exact=True).click()
    expect(desk.see("#placements .notice")).to_have_text(f"地点已更正：{number}")
    desk.search(number)
    expect(desk.see("#answer .unit[data-layer=police] .who")).to_have_text("新东派出所")
    expect(desk.see("#answer .history")).to_contain_text("电话核实")


def test_a_silent_server_is_said_loudly_and_forgotten_when_it_answers_again(
    visit: Visits,
) -> None:
    visit.expect("ERR_FAILED")
    desk = visit()
    desk.page.route("**/v1/**", lambda route: route.abort())
    desk.refresh()
    expect(desk.see("#reports .notice")).to_be_visible()
    desk.refresh()
    expect(desk.see("#stale")).to_contain_text("与服务器失去联系")
    desk.page.unroute("**/v1/**")
    desk.page.click("#stale button")
    expect(desk.page.locator("#stale")).to_be_hidden()
    expect(desk.page.locator("#reports .notice")).to_be_hidden()
