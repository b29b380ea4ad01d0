"""The planners' page in a browser: a question, its answer on the map and in figures, a file."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from geoalchemy2.shape import from_shape
from playwright.sync_api import Page, expect
from shapely import Point
from sqlalchemy import text

from api.app import now
from api.cases.models import Case
from api.rights.roles import Role
from tests.api.district import CENTRE
from tests.api.people import enter
from tests.api.rights.world import STREET, a_report
from tests.browser.conftest import Site, Visits
from tests.browser.test_access import SMALL, TOUCH_PX

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.usefixtures("cases")]

LONG_AGO = datetime(2025, 2, 10, 4, tzinfo=UTC)
SPAN = "since=2025-01-01&until=2025-12-31"
MANY = 7


@pytest.fixture(scope="module")
def cases(site: Site) -> Iterator[int]:
    """Some cases of one place, received long ago."""
    filer = enter(site.database, now=now(), name="经办").person_id
    numbers = []
    with site.database.transaction() as session:
        for place in range(MANY):
            report = a_report(STREET, filer)
            report.received_at = LONG_AGO + timedelta(days=place)
            report.geom = from_shape(Point(*CENTRE), srid=4326)
            report.method = "coordinate"
            session.add(report)
            session.flush()
            words = {"state": "closed", "opened_at": LONG_AGO, "closed_at": LONG_AGO}
            number = f"PL-2025-{place + 1:06d}"
            session.add(Case(id=uuid4(), number=number, report_id=report.id, **words))
            numbers.append(number)
    yield MANY
    with site.database.transaction() as session:
        session.execute(text("DELETE FROM case_file WHERE number LIKE 'PL-%'"))


def plan(visit: Visits, site: Site, role: Role, words: str = "", device: str = "plain") -> Page:
    token = enter(site.database, role, now=now(), name="规划员").token
    return visit(f"planner#{SPAN}{words}", device=device, token=token).page


def test_counts_stand_in_the_table_with_their_trend(visit: Visits, site: Site, cases: int) -> None:
    page = plan(visit, site, Role.DISPATCHER, "&by=street")
    expect(page.locator("#many")).to_have_text(f"共 {cases} 件")
    first = page.locator("#table tbody tr").first
    expect(first).to_contain_text("东塔街道")
    expect(first).to_contain_text("100%")
    expect(page.locator("#safety")).to_contain_text("逐件统计")


def test_a_planner_is_told_of_groups_and_why(visit: Visits, site: Site, cases: int) -> None:
    page = plan(visit, site, Role.PLANNER, "&by=grid")
    expect(page.locator("#many")).to_have_text(f"共 {cases} 件")
    expect(page.locator("#safety")).to_contain_text("不足 5 件")
    expect(page.locator("#legend")).to_contain_text("0 或不足 5")


def test_what_a_planner_may_not_ask_is_said_on_the_page(visit: Visits, site: Site) -> None:
    visit.expect("403")
    page = plan(visit, site, Role.PLANNER, "&by=grid")
    page.locator("#plan-by").select_option("police")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("#question .summary")).to_contain_text("整季度")


def test_a_hotspot_test_says_what_it_means(visit: Visits, site: Site) -> None:
    page = plan(visit, site, Role.DISPATCHER, "&by=grid&what=hotspots")
    expect(page.locator("#explained")).to_contain_text("零假设")
    expect(page.locator("#table thead")).to_contain_text("校正后 p")
    expect(page.locator("#legend li")).to_have_count(5)
    page.locator("#plan-by").select_option("street")
    visit.expect("422")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("[data-field=by] .fault")).to_contain_text("不能检验热点")


def test_the_table_is_saved_as_a_file_that_excel_reads(
    visit: Visits, site: Site, cases: int, tmp_path: Path
) -> None:
    page = plan(visit, site, Role.DISPATCHER, "&by=street")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载表格").click()
    saved = tmp_path / "table.csv"
    download.value.save_as(saved)
    lines = saved.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith('"code","区域","件数"')
    assert lines[1].startswith(f'"210104001000","东塔街道","{cases}"')


def test_the_question_stands_in_the_address_and_is_asked_again_from_it(
    visit: Visits, site: Site
) -> None:
    page = plan(visit, site, Role.DISPATCHER, "&by=grid")
    page.locator("#plan-category").select_option("family")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("#none")).to_be_visible()
    assert "category=family" in page.url
    page.reload()
    expect(page.locator("#plan-category")).to_have_value("family")
    expect(page.locator("#none")).to_be_visible()


def test_areas_are_coloured_on_the_map(visit: Visits, site: Site) -> None:
    page = plan(visit, site, Role.DISPATCHER, "&by=street", device="desk")
    expect(page.locator("#legend li")).to_have_count(2)
    page.locator("#table tbody .link").first.click()
    expect(page.locator("#map canvas")).to_be_visible()


def test_on_a_phone_nothing_is_cut_off(visit: Visits, site: Site) -> None:
    page = plan(visit, site, Role.PLANNER, "&by=street", device="phone")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    small = page.evaluate(SMALL, TOUCH_PX)
    assert small == []
