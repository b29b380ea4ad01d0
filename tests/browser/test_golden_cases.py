"""The golden cases from the window to the archive, on the pages alone, by those who would do it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from api.app import now
from api.rights.roles import Role
from grids.models import Unit
from tests.api.people import enter
from tests.browser.conftest import Site, Visits
from tests.browser.test_case_file import STREET, fill, unit

pytestmark = [pytest.mark.browser, pytest.mark.database]

POLICE, JUSTICE = "police:P-1", "justice:J-1"
HOME = ("东塔街道", "新东派出所", "东塔司法所")
ON_CALL = {
    "dept:court": "区人民法院",
    "dept:civil-affairs": "区民政局",
    "dept:volunteers": "区志愿者联合会",
}
MOVES = ("签收", "联系当事人", "报到")


@dataclass
class Journey:
    """A case on the pages, and who sits before them."""

    visit: Visits
    site: Site
    number: str = ""

    def enter(self, *roles: Role, unit: str | None = None, name: str) -> str:
        return enter(self.site.database, *roles, now=now(), unit=unit, name=name).token

    def file(self, title: str, text: str, category: str, people: int) -> None:
        """A clerk files at the first screen, for a place that is certain."""
        desk = self.visit(token=self.enter(Role.CLERK, Role.DISPATCHER, name="接待员"))
        told = {"title": title, "category": category, "people_involved": people}
        self.number = desk.file(text=text, **told)
        leave(desk.page)

    def open(self, token: str) -> Page:
        return self.visit(f"cases/{self.number}", token=token).page


def leave(page: Page) -> None:
    """A page that stays open would go on asking as whoever signs in next."""
    page.goto("about:blank")


def press(page: Page, part: str, button: str, **words: str) -> None:
    """A button of a part of the file, and its dialog."""
    page.locator(part).get_by_role("button", name=button, exact=True).click()
    fill(page, **words)


def come(page: Page, units: Sequence[str]) -> None:
    """The centre writes down what units say by radio: signed, contacted, reported in."""
    for name in units:
        for move in MOVES:
            unit(page, name).get_by_role("button", name=move, exact=True).click()
            fill(page, channel="radio", said_by="带队干部")
        expect(unit(page, name).locator(".chip.stage")).to_have_text("已报到")


def finish(journey: Journey, page: Page) -> None:
    """Settled by the unit; visited, closed and archived by the centre."""
    press(page, "#steps", "办结", resolution="peoples_mediation", reason="履行完毕")
    leave(page)
    page = journey.open(journey.enter(Role.CLERK, Role.DISPATCHER, name="回访员"))
    press(page, "#steps", "回访", satisfaction="5", reason="当事人满意")
    press(page, "#steps", "结案", reason="履行完毕，当事人满意")
    press(page, "#steps", "归档", reason="材料齐全")
    expect(page.locator("#head .chip.state")).to_have_text("已归档")
    expect(page.locator("#clocks > ul.clocks li")).to_have_count(0)
    for part in ("#units", "#whistles", "#custody", "#mediation"):
        expect(page.locator(f"{part} button:not(.link)")).to_have_count(0)
    leave(page)


@pytest.fixture
def journey(visit: Visits, site: Site) -> Journey:
    with site.database.transaction() as session:
        for code, name in ON_CALL.items():
            session.merge(Unit(code=code, name=name, kind="on_call"))
    return Journey(visit, site)


def test_golden_case_a_twenty_drivers_demand_their_wages(journey: Journey) -> None:
    worker = enter(journey.site.database, Role.GRID_WORKER, now=now(), name="王芳")
    journey.file("司机集体讨薪", "二十余名司机集体讨要运费，情绪激动", "labour", 23)
    page = journey.open(journey.enter(Role.DISPATCHER, name="调度员"))
    page.locator("#whistles").get_by_role("button", name="应急哨").click()
    expect(page.locator("#whistles .roll li")).to_have_count(3)
    come(page, HOME)
    expect(page.locator("#whistles li.whistle")).to_contain_text("全部报到")
    _consult(page)
    press(page, "#whistles li.whistle:has-text('应急哨')", "办结", reason="秩序恢复，同意调解")
    leave(page)
    page = journey.open(journey.enter(Role.HANDLER, Role.LEADER, unit=STREET, name="街道主任"))
    press(page, "#steps", "开始调解")
    measure = {"kind": "statute_explained", "words": "《保障中小企业款项支付条例》第八条"}
    press(page, "#mediation", "记录措施", kind="order_kept", words="民警到场维持秩序")
    press(page, "#mediation", "记录措施", **measure)
    _agree_in_two(page)
    whom = f"for_person {worker.person_id}"
    press(page, "#mediation", "交办", kind="ledger", whom=whom, words="每期到期前一天核对")
    press(page, "#steps", "开始履行")
    press(page, "#mediation", "登记付款", position="1", amount="150000")
    press(page, "#mediation", "登记付款", position="2", amount="150000")
    expect(page.locator("#mediation tbody")).to_contain_text("已付清")
    finish(journey, page)


def _consult(page: Page) -> None:
    words = {"profession": "lawyer", "name": "首席律师", "words": "条例如何适用"}
    press(page, "#whistles", "专家会诊", **words)
    press(page, "#whistles", "记录意见", reason="运费事实清楚，可分期支付")
    expect(page.locator("#whistles")).to_contain_text("可分期支付")
    press(page, "#whistles li.whistle:has-text('首席律师')", "办结", reason="意见已采纳")


def _agree_in_two(page: Page) -> None:
    page.locator("#mediation").get_by_role("button", name="登记协议").click()
    dialog = page.locator("#dialog")
    for day in ("2099-01-24", "2099-02-24"):
        dialog.get_by_role("button", name="加一期").click()
        row = dialog.locator("ol.instalments li").last
        row.get_by_label("到期日").fill(day)
        row.get_by_label("金额（元）").fill("150000")
    fill(page, form="written", words="企业分两期付清拖欠的运费", amount="300000")
    expect(page.locator("#head .chip.state")).to_have_text("已达成协议")


def test_golden_case_b_a_gravely_ill_elder_whose_children_refuse(journey: Journey) -> None:
    journey.file("患病老人赡养", "老人患尿毒症，子女拒绝赡养，判决未履行", "family", 4)
    page = journey.open(journey.enter(Role.DISPATCHER, name="调度员"))
    come(page, ("东塔街道",))
    page.locator("#whistles").get_by_role("button", name="吹哨", exact=True).click()
    page.locator("#ask-units").select_option(list(ON_CALL))
    why = {"type": "work", "ground": "joint_enforcement", "words": "请法院、民政、志愿者到场"}
    fill(page, lead=JUSTICE, **why)
    expect(page.locator("#whistles .roll li")).to_have_count(4)
    come(page, (HOME[2], *ON_CALL.values()))
    expect(page.locator("#whistles li.whistle")).to_contain_text("全部报到")
    press(page, "#whistles", "办结", reason="各单位均已到场，分工明确")
    leave(page)
    page = journey.open(journey.enter(Role.HANDLER, Role.LEADER, unit=JUSTICE, name="司法所长"))
    press(page, "#steps", "开始调解")
    for kind, words in (
        ("enforcement", "执行局当面告知拒不履行的后果"),
        ("family_meeting", "三名子女到场，商定轮流照料"),
        ("pledge", "三名子女签署赡养承诺书"),
        ("aid", "区民政局办理医疗救助和临时救助"),
        ("home_visit", "志愿者每周两次上门探望"),
    ):
        press(page, "#mediation", "记录措施", kind=kind, words=words)
    press(page, "#mediation", "登记协议", form="written", words="每人每月支付赡养费并轮流照料")
    press(page, "#steps", "申请司法确认")
    press(page, "#steps", "司法确认通过")
    expect(page.locator("#head .chip.state")).to_have_text("履行中")
    finish(journey, page)
