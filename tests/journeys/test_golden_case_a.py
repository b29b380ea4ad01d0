"""Golden case A: more than twenty drivers claim their wages, from the first sentence to archive.

The published case (19 February 2025), retold with made-up people: the centre whistles, police keep
order, a lawyer explains the rules, an agreement in instalments is made and its ledger kept.
"""

import pytest

from api.rights.roles import Role
from tests.api.conftest import Filer
from tests.api.life.conftest import LEAD, People
from tests.journeys.journey import JUSTICE, POLICE, UNITS, Journey, filed

pytestmark = pytest.mark.database

STORY = "二十余名货车司机到园区讨要被拖欠的运费，情绪激动，扬言堵门"
LEGAL_BASIS = "《保障中小企业款项支付条例》第八条：不得拖欠款项"


def whistled(case: Journey) -> None:
    """Three units are called; each signs, contacts and reports in; a lawyer gives an opinion."""
    units = [{"unit_code": LEAD, "role": "lead"}, {"unit_code": POLICE}, {"unit_code": JUSTICE}]
    why = {"type": "hard", "ground": "one_unit_cannot", "words": "请公安、司法到场"}
    whistle = case.do("whistles", Role.DISPATCHER, None, units=units, **why)["id"]
    case.come(*UNITS)
    roll = case.people(Role.DISPATCHER).get(f"/v1/whistles/{whistle}").json()
    assert roll["state"] == "gathered"
    consult(case)
    path = f"/v1/whistles/{whistle}/done"
    case.post(path, Role.DISPATCHER, None, reason="秩序恢复，双方同意调解")


def consult(case: Journey) -> None:
    """Joint consultation: an expert without an account; the centre writes the opinion down."""
    experts = [{"name": "值班律师", "profession": "lawyer"}]
    why = {"type": "work", "ground": "consultation", "words": "请律师会诊"}
    called = case.do("whistles", Role.DISPATCHER, None, experts=experts, **why)
    expert = called["experts"][0]["id"]
    path = f"/v1/whistles/{called['id']}/experts/{expert}/opinion"
    case.post(path, Role.DISPATCHER, None, reason="运费事实清楚，可分期支付")


def mediated(case: Journey) -> None:
    case.do("steps", action="mediate")
    case.do("measures", unit=POLICE, kind="order_kept", words="民警到场维持秩序")
    case.do("measures", kind="statute_explained", words=LEGAL_BASIS)
    case.do("measures", kind="shuttle", words="背靠背调解两轮")


def agreed(case: Journey) -> None:
    """Two instalments, a task for the grid worker, and the ledger of what was paid."""
    days = ("2026-12-24", "2027-01-24")
    instalments = [{"due_on": day, "amount": "150000.00"} for day in days]
    words = {"form": "written", "words": "企业分两期付清运费", "agreed_on": "2026-11-24"}
    case.do("agreement", amount="300000.00", instalments=instalments, **words)
    case.people(Role.GRID_WORKER)
    worker = str(case.people.ids[Role.GRID_WORKER])
    task = {"kind": "ledger", "words": "每期到期前一天核对", "due_on": "2026-12-23"}
    task_id = case.do("tasks", for_person=worker, **task)["id"]
    case.do("steps", action="perform")
    for position, day in enumerate(("2026-11-24", "2026-11-24"), start=1):
        case.do("payments", position=position, amount="150000.00", paid_on=day)
    case.post(f"/v1/tasks/{task_id}/done", Role.GRID_WORKER, None, result="两期均已到账")


def test_from_the_first_sentence_to_archive(people: People, file: Filer) -> None:
    case = filed(people, file, text=STORY, people_involved=23)
    sent = {each["unit_code"] for each in case.ask("/assignments")["items"]}
    assert (case.state, sent) == ("dispatched", set(UNITS))
    whistled(case)
    assert case.state == "handling"
    mediated(case)
    assert case.state == "mediating"
    agreed(case)
    assert case.state == "performing"
    made = case.ask("/mediation")
    assert [each["standing"] for each in made["agreement"]["instalments"]] == ["paid", "paid"]
    assert LEGAL_BASIS in [each["words"] for each in made["measures"]]
    assert [each["result"] for each in made["tasks"]] == ["两期均已到账"]
    case.finish("peoples_mediation")
    assert case.state == "archived"
    assert case.running_clocks() == []
    told = [each["said"]["zh"] for each in case.ask("/timeline")["items"]]
    assert any("新东派出所" in line and "报到" in line for line in told), told
