"""The map of the first screen: drawn by ourselves, switched, clicked, and read without it."""

import re

import pytest
from playwright.sync_api import expect

from layers.catalogue import ColourClass
from maps.palette import DAY, NIGHT
from tests.api.district import CENTRE, NEAR_STREET_LINE, OUTSIDE
from tests.browser.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.database]

POLICE = DAY.strokes[ColourClass.POLICE].colour
JUSTICE = DAY.strokes[ColourClass.JUSTICE].colour


def test_the_map_is_drawn_and_each_layer_is_drawn_only_while_it_is_switched_on(
    visit: Visits,
) -> None:
    desk = visit(device="desk")
    seen = desk.colours()
    assert sum(share > 0.05 for share in seen.values()) >= 3, "background and two tinted streets"
    assert POLICE in seen
    assert JUSTICE not in seen
    assert desk.page.evaluate("document.fonts.check('700 24px \"Noto Sans SC\"', '东塔万泉')")
    desk.page.click("#layers summary")
    desk.page.get_by_role("checkbox", name="派出所辖区").uncheck()
    desk.page.get_by_role("checkbox", name="司法所辖区").check()
    desk.page.click("#layers summary")
    desk.page.wait_for_timeout(500)
    seen = desk.colours()
    assert POLICE not in seen
    assert JUSTICE in seen


def test_a_click_answers_who_is_responsible_with_three_units_and_their_reasons(
    visit: Visits,
) -> None:
    desk = visit(device="desk")
    desk.click_map(900, 700)
    answer = desk.see("#answer")
    for unit in ("东塔街道", "新东派出所", "东塔司法所"):
        expect(answer.locator(".unit .who", has_text=unit)).to_be_visible()
    expect(answer.locator(".unit[data-layer=police]")).to_contain_text(
        "位于新东派出所辖区内，距界线"
    )
    expect(answer.locator(".unit[data-layer=police]")).to_contain_text("界线另一侧：万泉派出所")
    expect(answer.locator(".unit [data-confidence=inside]")).to_have_count(5)
    assert DAY.accent in desk.colours(), "the asked point is marked"


def test_near_a_line_and_outside_the_answer_says_that_a_person_must_confirm(
    visit: Visits,
) -> None:
    desk = visit()
    answer = desk.ask_about(NEAR_STREET_LINE)
    expect(answer.locator(".verdict")).to_contain_text("须由人确认")
    expect(answer.locator(".unit[data-layer=street]")).to_contain_text("临近界线")
    expect(answer.locator(".unit[data-layer=street]")).to_contain_text("万泉街道")
    answer = desk.ask_about(OUTSIDE)
    expect(answer.locator(".unit[data-layer=street]")).to_contain_text("无归属单位")
    expect(answer.locator(".unit[data-layer=street]")).to_contain_text("区外")


def test_without_webgl_the_page_says_so_and_still_answers(visit: Visits) -> None:
    desk = visit()
    expect(desk.see("#no-map")).to_contain_text("WebGL 2")
    assert "东塔街道" in desk.ask_about(CENTRE).inner_text()


def test_an_address_is_found_by_keyboard_alone_and_answered(visit: Visits) -> None:
    desk = visit()
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("东塔街12号")
    desk.page.keyboard.press("Enter")
    option = desk.see("#search-found [role=option]").first
    expect(option).to_contain_text("东塔街12号")
    expect(option).to_contain_text("误差 15 米以内")
    expect(option).to_have_attribute("aria-selected", "true")
    desk.page.keyboard.press("Enter")
    expect(desk.see("#answer .unit[data-layer=street]")).to_contain_text("东塔街道")
    desk.search("火星路9号")
    expect(desk.see("#search .said")).to_contain_text("没有找到")


def test_by_night_the_map_is_dark_and_its_lines_are_bright(visit: Visits) -> None:
    desk = visit("?theme=night", device="desk")
    seen = desk.colours()
    assert seen[NIGHT.background] > 0.1
    assert NIGHT.strokes[ColourClass.POLICE].colour in seen


def test_enter_on_the_map_asks_about_its_middle_and_a_report_on_it_opens_its_case(
    visit: Visits,
) -> None:
    desk = visit(device="desk")
    desk.page.focus("#map canvas")
    desk.page.keyboard.press("Enter")
    expect(desk.see("#answer .unit")).to_have_count(5)
    desk.page.keyboard.press("Escape")
    expect(desk.see("#answer .empty")).to_be_visible()
    number = desk.file()
    desk.page.wait_for_timeout(500)
    desk.click_map(500, 500)
    expect(desk.see("#answer h2")).to_have_text(re.compile(r"DD-\d{4}-\d{6}"))
    assert desk.page.evaluate("location.hash") == f"#{desk.see('#answer h2').inner_text()}"
    assert number
