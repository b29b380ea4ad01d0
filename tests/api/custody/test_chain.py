"""Random lives of custody, checked in SQL, and what the database refuses to keep."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from api.cases.domain import Acting
from api.cases.models import Case
from api.custody import service
from api.custody.domain import Gap, Holder, How
from api.custody.service import Beginning
from api.refusals import BadInput, Conflict
from api.reports.models import Report
from api.rights.roles import Role
from gis.database import Database
from grids.models import Unit
from tests.api.conftest import NOW
from tests.api.people import enter
from tests.conftest import copied, opened

pytestmark = pytest.mark.database

UNITS = ("street:甲", "police:乙")
HOUR = timedelta(hours=1)
serials = count(1)

# For each case: its history of holders as one range, whether two ever overlap, and how often the
# open end occurs. All from the rows, nothing from our own code.
CHAINS = text("""
    SELECT range_agg(tstzrange(taken_at, given_at)) = tstzmultirange(tstzrange(opened_at, NULL)),
        NOT EXISTS (
            SELECT FROM custody_link one JOIN custody_link other USING (case_id)
            WHERE one.seq < other.seq AND case_id = :case
            AND tstzrange(one.taken_at, one.given_at) && tstzrange(other.taken_at, other.given_at)),
        count(*) FILTER (WHERE given_at IS NULL)
    FROM custody_link JOIN case_file ON case_file.id = case_id
    WHERE case_id = :case GROUP BY opened_at
""")


def a_case(database: Database, holder: UUID | None = None, *, chained: bool = True) -> Case:
    """A registered case, held by whoever filed it, or by the system."""
    told = {"kind": "dispute", "category": "labour", "text": "拖欠工资", "source": "window"}
    when = {"occurred_at": NOW, "received_at": NOW, "routed_on": NOW.date()}
    rest = {"people_involved": 2, "synthetic": True, "raw_place": {}, "method": "none"}
    with database.transaction() as session:
        report = Report(id=uuid4(), **told, **when, **rest)
        session.add(report)
        session.flush()
        words = {"report_id": report.id, "state": "registered", "opened_at": NOW - 2 * HOUR}
        case = Case(id=uuid4(), number=f"CU-2026-{next(serials):06d}", **words)
        named = {"holder_id": holder, "holder_name": "首问"} if holder else {}
        if chained:
            service.begin(session, [Beginning(case.id, case.opened_at, **named)])
        session.add(case)
    return case


class House:
    """Three people and two units, and one case on which they act."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.people = [
            Acting(name, NOW, enter(database, now=NOW, name=name).person_id, roles, unit)
            for name, roles, unit in (
                ("甲", frozenset({Role.CLERK}), None),
                ("乙", frozenset({Role.HANDLER}), UNITS[1]),
                ("丙", frozenset({Role.DISPATCHER}), None),
            )
        ]
        with database.transaction() as session:
            for code in UNITS:
                session.add(Unit(code=code, name=f"{code}单位", kind="street"))

    def holders(self) -> list[Holder]:
        people = [Holder(each.name, person_id=each.person_id) for each in self.people]
        return [*people, *(Holder(f"{code}单位", unit_code=code) for code in UNITS)]

    def do(self, case: Case, deed: str, who: int, to: int) -> None:
        """Do something to a case; what may not be is refused, and leaves nothing."""
        acting = self.people[who]
        with self.database.transaction() as session:
            mine = session.get_one(Case, case.id)
            if deed == "offer":
                service.hand_over(session, mine, self.holders()[to], acting, How.SYSTEM)
            elif deed == "sign":
                service.sign(session, mine, acting, How.SYSTEM)
            elif deed == "sign_for":
                told = Acting(acting.name, NOW, acting.person_id, acting.roles, None, "王所长口头")
                service.sign(session, mine, told, How.PHONE)
            elif deed == "accept":
                service.accept(session, mine.id, UNITS[to % 2], acting)
            else:
                service.take_back(session, mine.id, acting)

    def chain_of(self, case: Case) -> tuple[Any, ...]:
        with self.database.transaction() as session:
            return tuple(session.execute(CHAINS, {"case": case.id}).one())

    def holder_of(self, case: Case) -> str:
        with self.database.transaction() as session:
            return service.chain(session, case.id)[-1].holder_name


@pytest.fixture(scope="module")
def house(migrated_url: str) -> Iterator[House]:

    with copied(migrated_url) as url, opened(url) as database:
        yield House(database)


DEEDS = st.tuples(
    st.sampled_from(["offer", "sign", "sign_for", "accept", "take_back"]),
    st.integers(0, 2),
    st.integers(0, 4),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(by_person=st.booleans(), deeds=st.lists(DEEDS, max_size=12))
def test_at_every_instant_exactly_one_holder_is_answerable(
    house: House, by_person: bool, deeds: list[tuple[str, int, int]]
) -> None:
    case = a_case(house.database, house.people[0].person_id if by_person else None)
    for deed, who, to in deeds:
        before = house.holder_of(case)
        try:
            house.do(case, deed, who, to)
        except (Conflict, BadInput):
            assert house.holder_of(case) == before
        if deed == "offer":
            assert house.holder_of(case) == before, "the giver stays answerable"
        assert house.chain_of(case) == (True, True, 1)


def test_until_it_is_signed_for_the_giver_stays_answerable(house: House) -> None:
    case = a_case(house.database, house.people[0].person_id)
    house.do(case, "offer", 0, 1)
    assert house.holder_of(case) == "首问"
    with pytest.raises(Conflict):
        house.do(case, "sign", 0, 0)
    house.do(case, "sign", 1, 0)
    assert house.holder_of(case) == "乙"
    with pytest.raises(Conflict):
        house.do(case, "sign", 1, 0)


def test_whoever_does_not_hold_a_case_hands_nothing_over_but_the_centre_may(house: House) -> None:
    case = a_case(house.database, house.people[0].person_id)
    with pytest.raises(Conflict):
        house.do(case, "offer", 1, 2)
    house.do(case, "offer", 2, 3)
    house.do(case, "sign_for", 2, 0)
    assert house.holder_of(case) == f"{UNITS[0]}单位"


def test_the_centre_signs_for_somebody_only_by_saying_how_and_who_told_it(house: House) -> None:
    case = a_case(house.database, house.people[0].person_id)
    house.do(case, "offer", 0, 4)
    with pytest.raises(BadInput, match="reason"):
        house.do(case, "sign", 2, 0)
    house.do(case, "sign_for", 2, 0)
    with house.database.transaction() as session:
        given = service.chain(session, case.id)[0]
        assert (given.signed_how, given.signed_by) == ("phone", house.people[2].person_id)
        told = session.scalars(
            text("SELECT content->>'reason' FROM case_event WHERE case_id = :id ORDER BY id DESC"),
            {"id": case.id},
        ).first()
    assert told == "王所长口头"


LINK = (
    "INSERT INTO custody_link (case_id, seq, holder_name, taken_at, given_at, signed_how)"
    " VALUES (:case, :seq, '某', :taken, :given, CASE WHEN :given::timestamptz IS NULL"
    " THEN NULL ELSE 'system' END)"
).replace(":given::timestamptz", "CAST(:given AS timestamptz)")
END = "UPDATE custody_link SET given_at = :given, signed_how = 'system' WHERE case_id = :case"
NEXT = NOW - HOUR


def spoil(house: House, case: Case, statements: list[tuple[str, int, Any, Any]]) -> None:
    with house.database.transaction() as session:
        for statement, seq, taken, given_at in statements:
            words = {"case": case.id, "seq": seq, "taken": taken, "given": given_at}
            session.execute(text(statement), words)


@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        ([(LINK, 2, NEXT, None)], "ix_custody_link_open"),
        ([(END, 0, None, NEXT)], "fk_custody_link_after"),
        ([(END, 0, None, NEXT), (LINK, 2, NEXT + HOUR, None)], "fk_custody_link"),
        ([(END, 0, None, NEXT), (LINK, 2, NEXT - HOUR / 2, None)], "fk_custody_link"),
        ([(END, 0, None, NEXT), (LINK, 3, NEXT, None)], "fk_custody_link"),
        ([(END, 0, None, NOW - 3 * HOUR)], "ck_custody_link_forward"),
        ([(LINK, 2, NEXT, NEXT)], "fk_custody_link"),
    ],
    ids=["two open", "no successor", "gap", "overlap", "skipped", "backward", "beside"],
)
def test_the_database_refuses_a_chain_with_a_gap_or_an_overlap(
    house: House, statements: list[tuple[str, int, Any, Any]], broken: str
) -> None:
    case = a_case(house.database, house.people[0].person_id)
    with pytest.raises(IntegrityError, match=broken):
        spoil(house, case, statements)
    assert house.chain_of(case) == (True, True, 1)


def alarms(house: House, case: Case) -> list[Gap]:
    with house.database.transaction() as session:
        return [each.gap for each in service.gaps(session) if each.case_id == case.id]


def events(house: House, case: Case) -> list[Any]:
    query = "SELECT content FROM outbox_event WHERE topic = 'custody.gap' AND subject = :id"
    with house.database.transaction() as session:
        return list(session.scalars(text(query), {"id": str(case.id)}))


def age(house: House, case: Case) -> None:
    """Let two hours go by: what waits was offered two hours ago."""
    with house.database.transaction() as session:
        session.execute(
            text("UPDATE custody_link SET offered_at = now() - interval '2 h' WHERE case_id = :id"),
            {"id": case.id},
        )


def test_a_hand_over_that_nobody_signs_for_raises_one_alarm_and_a_new_one_another(
    house: House,
) -> None:
    case = a_case(house.database, house.people[0].person_id)
    house.do(case, "offer", 0, 1)
    assert alarms(house, case) == []
    age(house, case)
    assert alarms(house, case) == [Gap.UNSIGNED]
    assert alarms(house, case) == []
    house.do(case, "offer", 0, 2)
    assert alarms(house, case) == []
    age(house, case)
    assert alarms(house, case) == [Gap.UNSIGNED]
    told = events(house, case)
    assert [sorted(each) for each in told] == [["gap", "number", "since"]] * 2
    assert told[0]["number"] == case.number


def test_a_case_that_only_a_system_holds_raises_an_alarm_until_somebody_by_name_takes_it(
    house: House,
) -> None:
    taken, left, ended = (a_case(house.database) for _ in range(3))
    house.do(taken, "take_back", 2, 0)
    with house.database.transaction() as session:
        session.get_one(Case, ended.id).state = "closed"
    assert alarms(house, left) == [Gap.UNNAMED]
    assert alarms(house, taken) == alarms(house, ended) == alarms(house, left) == []
    assert len(events(house, left)) == 1


def test_an_open_case_without_a_chain_gets_one_with_its_alarm(house: House) -> None:
    case = a_case(house.database, chained=False)
    assert alarms(house, case) == [Gap.UNNAMED]
    assert alarms(house, case) == []
    house.do(case, "accept", 2, 0)
    assert house.holder_of(case) == f"{UNITS[0]}单位"


def test_accepting_twice_is_accepting_once(house: House) -> None:
    case = a_case(house.database, house.people[0].person_id)
    for _ in range(2):
        house.do(case, "accept", 1, 0)
    with house.database.transaction() as session:
        assert [each.seq for each in service.chain(session, case.id)] == [1, 2]
    with pytest.raises(BadInput, match="unit_code"), house.database.transaction() as session:
        service.accept(session, case.id, "nowhere", house.people[2])


def test_of_many_who_take_a_case_at_once_each_gets_a_link_of_their_own(house: House) -> None:
    case = a_case(house.database)
    with ThreadPoolExecutor(8) as pool:
        takers = [who for _ in range(8) for who in (0, 1, 2)]
        done = [pool.submit(house.do, case, "take_back", who, 0) for who in takers]
    refused = [each.exception() for each in done if each.exception()]
    assert all(isinstance(each, Conflict) for each in refused)
    assert house.chain_of(case) == (True, True, 1)
