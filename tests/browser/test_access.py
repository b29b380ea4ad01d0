"""The first screen for everybody: both languages, keyboard only, a phone, Beijing time, air gap."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.database]

TOUCH_PX = 44
MANY = 200

SMALL = """
(least) => [...document.querySelectorAll("button, a, input, select, textarea, summary")]
  .filter((each) => each.checkVisibility({ opacityProperty: true }) && !each.closest(".skip"))
  .map((each) => each.closest("label") ?? each)
  .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < least || height < least)
  .map(([html, { width, height }]) => `${html} ${width}x${height}`)
"""


FOCUS = """
() => {
  const it = document.activeElement, twin = it.closest("label")?.querySelector("span");
  const ringed = (each) => each && getComputedStyle(each).outlineStyle !== "none"
    && parseFloat(getComputedStyle(each).outlineWidth) > 0;
  const seen = [it, twin, it.closest(".line")].some(ringed);
  return `${seen ? "" : "unseen "}${it.id || it.className || it.tagName}`;
}
"""


def places_by_tab(page: Page) -> list[str]:
    """What the Tab key reaches, in order, until the page's end; `unseen` where no ring shows."""
    reached: list[str] = []
    while len(reached) < MANY and not (reached and reached[-1].endswith("BODY")):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUS))
    return reached[:-1]


def test_the_language_is_switched_and_the_case_in_sight_stays(visit: Visits) -> None:
    desk = visit()
    number = desk.file()
    desk.page.locator("#reports .item", has_text=number).click()
    expect(desk.see("#answer h2")).to_have_text(number)
    desk.page.get_by_role("link", name="EN").click()
    expect(desk.page.locator("html")).to_have_attribute("data-ready", "en")
    expect(desk.see("#answer h2")).to_have_text(number)
    expect(desk.see("#answer")).to_contain_text("Street office · leads")
    expect(desk.see("#synthetic")).to_have_text("Synthetic data")
    for part in (".bar .purpose", ".tabs", "#file", ".search", "#layers summary"):
        words = desk.page.locator(part).first.inner_text()
        assert not re.search(r"[\u4e00-\u9fff]", words.replace("东塔街12号", "")), part


def test_made_up_data_are_said_to_be_so_and_times_are_beijings(visit: Visits) -> None:
    desk = visit()
    expect(desk.see("#synthetic")).to_have_text("合成数据 · 示意")
    expect(desk.see(".bar #place")).to_have_text("大东区")
    number = desk.file(occurred_at="2026-01-31T17:30:00+00:00", synthetic=True)
    desk.search(number)
    expect(desk.see("#answer .facts-table")).to_contain_text("2026年2月1日 01:30")


def test_the_keyboard_reaches_everything_and_always_shows_where_it_is(visit: Visits) -> None:
    desk = visit(device="desk")
    desk.file()
    reached = places_by_tab(desk.page)
    assert reached[0] == "skip"
    assert not [each for each in reached if each.startswith("unseen")]
    places = [reached.index(name) for name in ("search-text", "home", "item")]
    assert places == sorted(places)


def test_escape_leaves_the_answer_and_gives_the_keyboard_back(visit: Visits) -> None:
    desk = visit()
    number = desk.file()
    row = desk.page.locator("#reports .item", has_text=number)
    row.focus()
    desk.page.keyboard.press("Enter")
    expect(desk.see("#answer h2")).to_have_text(number)
    expect(desk.page.locator("#answer")).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(desk.see("#answer .empty")).to_be_visible()
    expect(row).to_be_focused()
    assert desk.page.evaluate("location.hash") == ""


def test_on_a_phone_all_sections_fit_and_every_target_is_large_enough_for_a_finger(
    visit: Visits,
) -> None:
    desk = visit(device="phone")
    desk.page.touchscreen.tap(*desk.spot(700, 700))
    expect(desk.see("#answer .unit").first).to_be_visible()
    for view in ("reports", "placements", "answer", "filing"):
        desk.turn_to(view)
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert desk.page.evaluate(SMALL, TOUCH_PX) == [], view


@pytest.mark.parametrize("width", [1366, 1920])
def test_on_a_desk_and_on_a_wall_nothing_lies_over_the_search_field(
    visit: Visits, width: int
) -> None:
    desk = visit()
    desk.page.set_viewport_size({"width": width, "height": width * 9 // 16})
    search, layers = (desk.page.locator(name).bounding_box() for name in ("#search", "#layers"))
    assert search is not None
    assert layers is not None
    assert search["x"] + search["width"] <= layers["x"]


def test_the_page_may_not_ask_another_host_even_if_it_wanted(visit: Visits) -> None:
    visit.expect("Content Security Policy", "Refused to connect")
    desk = visit()
    blocked = desk.page.evaluate("fetch('http://192.0.2.1/').then(() => false, () => true)")
    assert blocked
