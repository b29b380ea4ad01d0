"""Whistles over HTTP: who comes, by when, what is left behind, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from api.rights.roles import Role
from gis.database import Database
from tests.api.conftest import Filer
from tests.api.district import CENTRE
from tests.api.life.conftest import LEAD, People
from tests.api.whistles.conftest import JUSTICE, OTHER, POLICE, Blow, Move

pytestmark = pytest.mark.database


def line_of(whistle: dict[str, Any], unit: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in whistle["roll"] if each["unit_code"] == unit)
    return found


def roll(people: People, whistle: int) -> dict[str, Any]:
    found: dict[str, Any] = people(Role.DISPATCHER).get(f"/v1/whistles/{whistle}").json()
    return found


def stages(people: People, number: str) -> dict[str, str]:
    parts = people(Role.DISPATCHER).get(f"/v1/cases/{number}/assignments").json()["items"]
    return {each["unit_code"]: each["stage"] for each in parts}


def say(database: Database, query: str, **words: Any) -> list[Any]:
    with database.transaction() as session:
        return [tuple(row) for row in session.execute(text(query), words)]


def test_a_whistle_calls_a_unit_of_the_case_and_one_that_was_not_on_it(
    blow: Blow, people: People, number: str
) -> None:
    answer = blow()
    assert answer.status_code == 201
    whistle = answer.json()
    assert (whistle["state"], whistle["tier"]) == ("blown", "district")
    assert line_of(whistle, OTHER)["stage"] == "offered"
    assert stages(people, number).keys() == {LEAD, POLICE, JUSTICE, OTHER}


def test_who_leads_the_whistle_need_not_lead_the_case(
    blow: Blow, people: People, number: str
) -> None:
    assert line_of(blow().json(), POLICE)["role"] == "lead"
    parts = people(Role.DISPATCHER).get(f"/v1/cases/{number}/assignments").json()["items"]
    assert {each["unit_code"] for each in parts if each["role"] == "lead"} == {LEAD}


def test_each_called_unit_has_a_clock_to_report_in_by_the_type_of_whistle(
    blow: Blow, district: Database
) -> None:
    blow()
    blow(type="emergency", ground="emergency", units=[{"unit_code": POLICE, "role": "lead"}])
    query = "SELECT unit_code, amount, unit FROM clock WHERE kind = 'report_in' ORDER BY subject, 1"
    assert say(district, query) == [
        (POLICE, 5, "working_days"),
        (OTHER, 5, "working_days"),
        (POLICE, 30, "minutes"),
    ]


def test_a_unit_that_is_called_twice_keeps_one_assignment_and_comes_twice(
    blow: Blow, come: Callable[[str], None], move: Move, people: People, district: Database
) -> None:
    first = blow().json()["id"]
    come(POLICE)
    second = blow().json()
    assert line_of(second, POLICE)["reported_in_at"] is None, "it came for the first one"
    assert line_of(roll(people, first), POLICE)["reported_in_at"] is not None
    assert move(POLICE, "report-in").status_code == 200
    assert line_of(roll(people, second["id"]), POLICE)["reported_in_at"] is not None
    assert say(district, "SELECT count(*) FROM assignment WHERE unit_code = :u", u=POLICE) == [(1,)]


def test_a_unit_that_had_delivered_is_offered_the_case_again(
    blow: Blow, come: Callable[[str], None], move: Move
) -> None:
    come(POLICE)
    move(POLICE, "deliver", words="已处理")
    line = line_of(blow().json(), POLICE)
    assert (line["stage"], line["signed_at"]) == ("offered", None)


def test_the_roll_says_who_has_come_from_how_far_and_who_is_awaited(
    blow: Blow, move: Move, people: People
) -> None:
    whistle = blow().json()["id"]
    move(POLICE, "sign")
    spot = {"lon": CENTRE[0], "lat": CENTRE[1] + 0.001, "datum": "wgs84", "accuracy_m": 15}
    move(POLICE, "report-in", spot=spot)
    called = roll(people, whistle)
    assert [each["unit_code"] for each in called["roll"]] == [OTHER, POLICE], "awaited ones first"
    came = called["roll"][1]["last_place"]
    assert came["distance_m"] == pytest.approx(111, abs=1)
    assert came["accuracy_m"] == 15
    assert called["state"] == "blown"
    move(OTHER, "sign")
    move(OTHER, "report-in")
    assert roll(people, whistle)["state"] == "gathered"


def test_who_is_late_comes_first_in_the_roll(
    blow: Blow, people: People, district: Database
) -> None:
    whistle = blow().json()["id"]
    past = """
        UPDATE clock SET due_at = now() - interval '1 minute'
        WHERE kind = 'report_in' AND unit_code = :unit RETURNING id
    """
    say(district, past, unit=POLICE)
    called = roll(people, whistle)["roll"]
    assert [(each["unit_code"], each["late"]) for each in called] == [
        (POLICE, True),
        (OTHER, False),
    ]


def test_what_the_centre_enters_on_a_units_word_says_so_in_the_roll(
    blow: Blow, people: People, number: str
) -> None:
    whistle = blow().json()["id"]
    phone = {"on_behalf": {"channel": "phone", "said_by": "值班民警"}}
    centre = people(Role.DISPATCHER)
    for move in ("sign", "report-in"):
        centre.post(f"/v1/cases/{number}/assignments/{POLICE}/{move}", json=phone)
    assert line_of(roll(people, whistle), POLICE)["on_behalf"] is True


def test_an_emergency_is_one_request_without_a_body(people: People, number: str) -> None:
    answer = people(Role.DISPATCHER).post(f"/v1/cases/{number}/whistles/emergency")
    assert answer.status_code == 201
    whistle = answer.json()
    roles = {each["unit_code"]: each["role"] for each in whistle["roll"]}
    assert roles == {LEAD: "lead", POLICE: "assist", JUSTICE: "assist"}
    assert whistle["type"] == "emergency"


@pytest.fixture
def standby(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings name two units, one of which is on the case anyhow."""
    monkeypatch.setenv("FENGQIAO_EMERGENCY_UNITS", f"{OTHER},{POLICE}")


@pytest.mark.usefixtures("standby")
def test_an_emergency_calls_the_units_on_standby_as_well(people: People, number: str) -> None:
    client = people(Role.DISPATCHER)
    whistle = client.post(f"/v1/cases/{number}/whistles/emergency", json={}).json()
    assert len(whistle["roll"]) == 4
    assert line_of(whistle, OTHER)["stage"] == "offered"


@pytest.mark.parametrize(
    ("role", "unit", "status"),
    [
        (Role.DISPATCHER, None, 201),
        (Role.LEADER, POLICE, 201),
        (Role.HANDLER, POLICE, 403),
        (Role.ASSESSOR, None, 403),
        (Role.CLERK, None, 403),
    ],
)
def test_the_centre_and_the_leaders_of_units_blow_and_nobody_else(
    blow: Blow, role: Role, unit: str | None, status: int
) -> None:
    assert blow(role, unit).status_code == status


def test_a_ground_that_does_not_go_with_the_type_is_refused(blow: Blow) -> None:
    answer = blow(ground="emergency")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "ground"


def test_a_whistle_for_an_unknown_unit_is_refused_and_leaves_nothing(
    blow: Blow, district: Database
) -> None:
    assert blow(units=[{"unit_code": "dept:nobody", "role": "lead"}]).status_code == 422
    assert say(district, "SELECT count(*) FROM whistle") == [(0,)]


def test_each_called_unit_is_told_by_when_to_report_in_and_no_words_leave(
    blow: Blow, district: Database
) -> None:
    blow(words="某某扬言")
    found = say(district, "SELECT content FROM outbox_event WHERE topic = 'whistle.blown'")
    assert {content["unit_code"] for (content,) in found} == {POLICE, OTHER}
    assert all(content["due_at"] for (content,) in found)
    assert "某某" not in str(found)


def test_a_person_raises_a_whistle_to_the_next_tier_and_not_beyond_the_district(
    blow: Blow, people: People
) -> None:
    whistle = blow(Role.LEADER, POLICE).json()
    assert whistle["tier"] == "street", "a unit blew it"
    client, why = people(Role.LEADER, unit=POLICE), {"reason": "无人到场"}
    path = f"/v1/whistles/{whistle['id']}/escalate"
    assert client.post(path, json=why).json()["tier"] == "district"
    assert client.post(path, json=why).status_code == 409


def test_a_card_for_not_reporting_in_raises_a_whistle_by_itself(
    blow: Blow, people: People, district: Database
) -> None:
    whistle = blow(Role.LEADER, POLICE).json()
    card = """
        INSERT INTO card (clock_id, case_id, card, tier, due_at, at)
        SELECT id, case_id, 'yellow', 'district', due_at, now() FROM clock
        WHERE kind = 'report_in' AND unit_code = :unit RETURNING id
    """
    say(district, card, unit=OTHER)
    assert roll(people, whistle["id"])["tier"] == "district"


def test_standing_down_stops_the_clocks_and_sends_home_who_came_only_for_the_whistle(
    blow: Blow, people: People, number: str, district: Database
) -> None:
    whistle = blow().json()["id"]
    centre, why = people(Role.DISPATCHER), {"reason": "现场已平稳"}
    answer = centre.post(f"/v1/whistles/{whistle}/stand-down", json=why)
    assert answer.json()["state"] == "stood_down"
    assert stages(people, number) == {
        LEAD: "offered",
        POLICE: "offered",
        JUSTICE: "offered",
        OTHER: "stood_down",
    }
    running = "SELECT count(*) FROM clock WHERE kind = 'report_in' AND stopped_at IS NULL"
    assert say(district, running) == [(0,)]
    told = say(district, "SELECT content FROM outbox_event WHERE topic = 'whistle.stood_down'")
    assert told[0][0]["units"] == [POLICE, OTHER]


def test_who_another_whistle_needs_is_not_sent_home(
    blow: Blow, people: People, number: str
) -> None:
    first = blow().json()["id"]
    blow()
    why = {"reason": "并入第二次吹哨"}
    people(Role.DISPATCHER).post(f"/v1/whistles/{first}/stand-down", json=why)
    assert stages(people, number)[OTHER] == "offered"


def test_a_whistle_ends_once(blow: Blow, people: People) -> None:
    whistle, why = blow().json()["id"], {"reason": "解决"}
    client = people(Role.DISPATCHER)
    assert client.post(f"/v1/whistles/{whistle}/done", json=why).status_code == 200
    for path in ("done", "stand-down", "escalate"):
        answer = client.post(f"/v1/whistles/{whistle}/{path}", json=why)
        assert answer.status_code == 409, path


def test_another_unit_does_not_end_somebody_elses_whistle(blow: Blow, people: People) -> None:
    whistle = blow().json()["id"]
    client = people(Role.LEADER, unit=JUSTICE)
    answer = client.post(f"/v1/whistles/{whistle}/done", json={"reason": "解决"})
    assert answer.status_code == 403


def test_the_caller_scores_how_a_unit_came_once_the_whistle_has_ended_and_once_only(
    blow: Blow, people: People
) -> None:
    whistle, five = blow(Role.LEADER, LEAD).json()["id"], {"score": 5, "words": "十分钟到场"}
    caller, path = people(Role.LEADER, unit=LEAD), f"/v1/whistles/{whistle}/calls/{POLICE}/score"
    assert caller.put(path, json=five).status_code == 409, "not before it has ended"
    caller.post(f"/v1/whistles/{whistle}/done", json={"reason": "解决"})
    assert line_of(caller.put(path, json=five).json(), POLICE)["score"] == five
    assert caller.put(path, json=five).status_code == 409, "once"


def test_a_called_unit_scores_whether_the_whistle_was_justified_and_no_other_unit_does(
    blow: Blow, people: People
) -> None:
    whistle, two = blow().json()["id"], {"score": 2, "words": "本可自行处理"}
    people(Role.DISPATCHER).post(f"/v1/whistles/{whistle}/done", json={"reason": "解决"})
    path = f"/v1/whistles/{whistle}/justification"
    called = people(Role.HANDLER, unit=POLICE)
    assert line_of(called.put(path, json=two).json(), POLICE)["justified"] == two
    assert called.put(path, json=two).status_code == 409, "once"
    assert people(Role.HANDLER, unit=JUSTICE).put(path, json=two).status_code == 404


def test_nobody_scores_their_own_unit(blow: Blow, people: People) -> None:
    whistle = blow(Role.LEADER, POLICE).json()["id"]
    client, one = people(Role.LEADER, unit=POLICE), {"score": 5, "words": "很好"}
    client.post(f"/v1/whistles/{whistle}/done", json={"reason": "解决"})
    for path in (f"calls/{POLICE}/score", "justification"):
        assert client.put(f"/v1/whistles/{whistle}/{path}", json=one).status_code == 409, path


@pytest.mark.parametrize("score", [0, 6, 3.5, "5"])
def test_a_score_is_a_whole_number_from_one_to_five(
    blow: Blow, people: People, score: object
) -> None:
    path = f"/v1/whistles/{blow().json()['id']}/calls/{POLICE}/score"
    answer = people(Role.DISPATCHER).put(path, json={"score": score, "words": "及时"})
    assert answer.status_code == 422


def test_a_joint_consultation_seats_experts_who_see_the_case_and_give_their_opinion(
    blow: Blow, people: People, number: str
) -> None:
    assert people(Role.MEDIATOR).get(f"/v1/cases/{number}").status_code == 404
    experts = [
        {"profession": "mediator", "person_id": str(people.ids[Role.MEDIATOR])},
        {"profession": "lawyer", "name": "首席律师"},
    ]
    whistle = blow(ground="consultation", units=[], experts=experts).json()
    by_account, by_name = whistle["experts"]
    path, word = f"/v1/whistles/{whistle['id']}/experts", {"reason": "建议分期支付"}
    centre = people(Role.DISPATCHER)
    refused = centre.post(f"{path}/{by_account['id']}/opinion", json=word)
    assert refused.status_code == 409, "they say it themselves"
    written = centre.post(f"{path}/{by_name['id']}/opinion", json=word).json()
    assert written["experts"][1]["opinion"] == "建议分期支付"
    mediator = people(Role.MEDIATOR)
    assert mediator.get(f"/v1/cases/{number}").status_code == 200
    own = mediator.post(f"{path}/{by_account['id']}/opinion", json=word)
    assert own.json()["experts"][0]["opinion"] == "建议分期支付"
    told = mediator.get(f"/v1/cases/{number}/timeline").json()["items"][-1]["said"]
    assert told["zh"] == "调解员意见：建议分期支付"


def test_the_rate_counts_whistles_per_hundred_cases_of_a_street_and_month(
    blow: Blow, people: People, file: Filer
) -> None:
    people(Role.CLERK)
    for _ in range(24):
        assert file().status_code == 201
    blow()
    blow()
    assessor = people(Role.ASSESSOR)
    (line,) = assessor.get("/v1/whistles/rate").json()["items"]
    assert (line["street_name"], line["month"]) == ("东塔街道", "2026-11")
    assert (line["cases"], line["whistles"], line["per_hundred"]) == (25, 2, 8.0)
    assert not line["small"]
    earlier = assessor.get("/v1/whistles/rate?since=2026-01-01&until=2026-02-15")
    assert earlier.json()["items"] == []


def test_a_rate_of_few_cases_is_marked(blow: Blow, people: People) -> None:
    blow()
    (line,) = people(Role.ASSESSOR).get("/v1/whistles/rate").json()["items"]
    assert (line["per_hundred"], line["small"]) == (100.0, True)


def test_the_history_tells_of_a_whistle_in_words(blow: Blow, people: People, number: str) -> None:
    blow()
    items = people(Role.DISPATCHER).get(f"/v1/cases/{number}/timeline").json()["items"]
    said = [each["said"]["zh"] for each in items if each["happening"] == "whistle_blown"]
    assert said == ["攻坚克难哨（一个单位解决不了）：召集 新东派出所、万泉派出所 请到场"]


def test_running_whistles_are_listed_emergencies_first_and_those_that_ended_are_not(
    blow: Blow, people: People, number: str
) -> None:
    first, ended = blow().json()["id"], blow().json()["id"]
    client = people(Role.DISPATCHER)
    client.post(f"/v1/whistles/{ended}/done", json={"reason": "解决"})
    urgent = client.post(f"/v1/cases/{number}/whistles/emergency").json()["id"]
    listed = client.get("/v1/whistles").json()["items"]
    assert [each["id"] for each in listed] == [urgent, first]
    assert len(client.get(f"/v1/cases/{number}/whistles").json()["items"]) == 3


def test_every_deed_with_a_whistle_is_audited_without_names(
    blow: Blow, people: People, district: Database
) -> None:
    whistle = blow(words="某某扬言").json()["id"]
    people(Role.DISPATCHER).post(f"/v1/whistles/{whistle}/stand-down", json={"reason": "某某走了"})
    found = say(district, "SELECT deed, content FROM audit_entry WHERE deed LIKE 'whistle%'")
    assert [deed for deed, _ in found] == ["whistle_blown", "whistle_ended"]
    assert "某某" not in str(found)
