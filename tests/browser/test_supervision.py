"""The board of supervision in a browser: what is late, whose it is, and a worker that is silent."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from api.app import now
from api.cases.domain import ClockKind
from api.cases.models import Case
from api.clocks.service import Start, instant, read_timetable, start
from api.rights.roles import Role
from tests.api.people import enter
from tests.api.rights.world import STREET, a_report
from tests.browser.conftest import Site, Visits, stop_all_clocks
from tests.browser.test_access import SMALL, TOUCH_PX

pytestmark = [pytest.mark.browser, pytest.mark.database]

POLICE, STREET_OFFICE = "police:P-1", "street:210104001000"
LATE = (
    # unit, kind, hours ago
    (POLICE, ClockKind.CONTACT, 30),
    (POLICE, ClockKind.CONTACT, 60),
    (STREET_OFFICE, ClockKind.CONTACT, 22),
    (STREET_OFFICE, ClockKind.CONTACT, 1),
    (None, ClockKind.ACCEPT, 3),
    (None, ClockKind.MEDIATION, 24 * 200),
)


@pytest.fixture(scope="module")
def late(site: Site) -> Iterator[list[str]]:
    """Cases with a clock each; answers their numbers. The site's worker gives their cards."""
    stop_all_clocks(site)  # other tests leave theirs
    numbers = []
    filer = enter(site.database, now=now(), name="经办").person_id
    with site.database.transaction() as session:
        timetable = read_timetable(session)
        for place, (unit, kind, hours) in enumerate(LATE, start=1):
            report = a_report(STREET, filer)
            session.add(report)
            session.flush()
            words = {"report_id": report.id, "state": "handling", "opened_at": now()}
            case = Case(id=uuid4(), number=f"SV-2026-{place:06d}", **words)
            session.add(case)
            session.flush()
            began = instant(session) - timedelta(hours=hours)
            start(session, timetable, [Start(case.id, kind, unit_code=unit)], began)
            numbers.append(case.number)
    yield numbers
    stop_all_clocks(site)


def board(visit: Visits, device: str = "plain", token: str | None = None) -> Page:
    return visit("supervision", device=device, token=token).page


def test_what_is_late_stands_on_the_board_with_its_card_and_unit(
    visit: Visits, late: list[str]
) -> None:
    page = board(visit)
    rows = page.locator("#late tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.first).to_contain_text(late[5])
    expect(rows.first).to_contain_text("红牌")
    expect(rows.first).to_contain_text("24:00")
    expect(rows.nth(1)).to_contain_text(late[1])
    expect(rows.nth(1)).to_contain_text("新东派出所")
    expect(rows.nth(1)).to_contain_text("1 天 12 小时")
    expect(page.locator("[data-state=red]")).to_have_text("2")
    expect(page.locator("[data-state=yellow]")).to_have_text("2")


def test_the_cards_that_were_given_stand_there_with_their_level(
    visit: Visits, late: list[str]
) -> None:
    page = board(visit)
    given = page.locator("#given tbody tr", has_text=late[1])
    expect(given).to_have_count(3)
    expect(given.first).to_contain_text("红牌")
    expect(given.first).to_contain_text("区级")


def test_a_unit_is_looked_at_alone_by_the_keyboard(visit: Visits, late: list[str]) -> None:
    page = board(visit)
    unit = page.get_by_role("button", name="新东派出所")
    unit.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#late-title")).to_have_text("超时未办 · 新东派出所")
    expect(page.locator("#late tbody tr")).to_have_count(2)
    expect(page.locator("#late tbody")).not_to_contain_text(late[5])
    page.get_by_role("button", name="显示全部单位").click()
    expect(page.locator("#late tbody tr")).to_have_count(4)


def test_nobody_sees_what_is_late_elsewhere(visit: Visits, site: Site, late: list[str]) -> None:
    assert late
    token = enter(site.database, Role.DISPATCHER, now=now(), area="210104002").token
    page = board(visit, token=token)
    expect(page.locator("#none-late")).to_be_visible()
    expect(page.locator("#none-running")).to_be_visible()


def test_a_silent_worker_is_an_alarm_that_cannot_be_missed(visit: Visits, site: Site) -> None:
    with site.database.transaction() as blocking:
        # The site's worker waits for this lock, and so does not beat.
        blocking.execute(text("LOCK TABLE clock IN EXCLUSIVE MODE"))
        with site.database.transaction() as session:
            session.execute(text("UPDATE worker_beat SET at = at - interval '5 minutes'"))
        page = board(visit)
        alarm = page.locator("#silent")
        expect(alarm).to_be_visible()
        expect(alarm).to_contain_text("时限无人值守")
        expect(alarm).to_contain_text("最后一次心跳")
        box = alarm.bounding_box()
        assert box
        assert box["width"] == page.viewport_size["width"]  # type: ignore[index]
        assert box["y"] < 200, "above all else"
    expect(page.locator("#silent")).to_be_hidden(timeout=25_000)


def test_the_limits_and_the_calendar_can_be_read(visit: Visits) -> None:
    page = board(visit)
    expect(page.locator("#limits tbody")).to_contain_text("司法确认")
    expect(page.locator("#limits tbody tr", has_text="红色").first).to_contain_text("30 分钟")
    year = int(page.locator("#calendar .year").inner_text())
    while year > 2026:
        page.get_by_role("button", name="上一年").click()
        year -= 1
    expect(page.locator("#calendar .months .off")).to_have_count(33)
    expect(page.locator("#calendar .months .worked")).to_have_count(6)
    expect(page.locator("#calendar-said")).to_have_text("全年 248 个工作日")
    page.get_by_role("button", name="下一年").click()
    expect(page.locator("#calendar-said")).to_contain_text("尚未导入")


def test_a_server_that_does_not_answer_is_told_and_the_board_stays(
    visit: Visits, late: list[str]
) -> None:
    page = board(visit)
    expect(page.locator("#late tbody tr")).to_have_count(4)
    visit.expect("Failed to load resource", "net::ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    try:
        expect(page.locator("#stale")).to_be_visible(timeout=30_000)
        expect(page.locator("#late tbody")).to_contain_text(late[5])
    finally:
        page.context.set_offline(False)
    page.get_by_role("button", name="立即重试").click()
    expect(page.locator("#stale")).to_be_hidden()


@pytest.mark.parametrize("query", ["?lang=zh", "?lang=en"])
def test_on_a_phone_nothing_sticks_out_and_targets_fit_a_finger(
    visit: Visits, late: list[str], query: str
) -> None:
    page = visit(f"supervision{query}", device="phone").page
    expect(page.locator("#late tbody")).to_contain_text(late[5])
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    assert page.evaluate(SMALL, TOUCH_PX) == []
