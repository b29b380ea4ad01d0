"""Golden case B: a gravely ill elder whose children refuse support, from intake to archive.

The published case (26 February 2025), retold with made-up people: court enforcement, a family
meeting, a pledge; civil affairs and volunteers are called in as on-call units (随驻单位).
"""

import pytest

from api.rights.roles import Role
from tests.api.conftest import Filer
from tests.api.life.conftest import LEAD, People
from tests.journeys.journey import JUSTICE, UNITS, Journey, filed

pytestmark = pytest.mark.database

STORY = "老人患尿毒症，子女拒绝赡养，法院判决未履行"
COURT, CIVIL_AFFAIRS, VOLUNTEERS = "dept:court", "dept:civil-affairs", "dept:volunteers"
ON_CALL = {COURT: "区法院执行局", CIVIL_AFFAIRS: "区民政局", VOLUNTEERS: "志愿者联合会"}


@pytest.fixture
def case(people: People, file: Filer) -> Journey:
    """The case as it was filed, and the on-call units as the system administrator names them."""
    for code, name in ON_CALL.items():
        client = people(Role.SYSTEM_ADMIN)
        answer = client.put(f"/v1/units/{code}", json={"name": name, "kind": "department"})
        assert answer.status_code < 300, answer.text
    return filed(people, file, category="family", text=STORY, people_involved=3)


def test_from_the_first_sentence_to_archive(case: Journey) -> None:
    assert {each["unit_code"] for each in case.ask("/assignments")["items"]} == set(UNITS)
    case.come(LEAD, JUSTICE)
    units = [{"unit_code": JUSTICE, "role": "lead"}, *({"unit_code": code} for code in ON_CALL)]
    why = {"type": "work", "ground": "joint_enforcement", "words": "请法院、民政、志愿者到场"}
    whistle = case.do("whistles", Role.DISPATCHER, None, units=units, **why)["id"]
    case.come(*ON_CALL)
    case.do(f"assignments/{JUSTICE}/report-in", unit=JUSTICE)
    roll = case.people(Role.DISPATCHER).get(f"/v1/whistles/{whistle}").json()
    assert roll["state"] == "gathered"
    supported(case)
    assert case.state == "performing"
    case.post(f"/v1/whistles/{whistle}/done", Role.DISPATCHER, None, reason="各单位均已办结")
    case.finish("peoples_mediation")
    assert case.state == "archived"
    assert case.running_clocks() == []
    told = " ".join(each["said"]["zh"] for each in case.ask("/timeline")["items"])
    for words in (*ON_CALL.values(), "法院执行", "家庭会议", "签署承诺书", "救助帮扶"):
        assert words in told


def supported(case: Journey) -> None:
    """The judgment is enforced, the family meets and pledges, the court confirms, aid is given."""
    case.do("steps", action="mediate")
    case.do("measures", unit=COURT, kind="enforcement", words="执行局当面告知拒不履行的后果")
    case.do("measures", unit=JUSTICE, kind="family_meeting", words="三名子女到场，商定轮流照料")
    case.do("measures", unit=JUSTICE, kind="pledge", words="三名子女签署赡养承诺书")
    case.do("measures", unit=CIVIL_AFFAIRS, kind="aid", words="办理医疗救助和临时救助")
    case.do("measures", unit=VOLUNTEERS, kind="home_visit", words="每周两次上门探望")
    words = {"form": "written", "words": "每人每月支付赡养费并轮流照料"}
    case.do("agreement", agreed_on="2026-11-24", **words)
    case.do("steps", action="apply")
    case.do("steps", action="confirm")
