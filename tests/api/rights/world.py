"""One case for each way of reaching it, and one out of reach, each with all that hangs on it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from api.assignments.models import Assignment
from api.cases.domain import ClockKind
from api.cases.models import Case
from api.cases.service import add_member
from api.clocks.domain import DEFAULTS, WorkingCalendar
from api.clocks.service import Start, Timetable, instant, running, start
from api.custody.service import Beginning, begin
from api.dispatch.models import Placement
from api.notices.domain import Recipient
from api.notices.models import Notice
from api.outbox import OutboxEvent
from api.parties.domain import Draft, IdentityField, PartyKind, PartyRole, Side
from api.parties.service import By, add, propose
from api.reports.models import Report
from api.rights.policy import POLICY
from api.rights.roles import Role
from api.sealing import Keyring
from api.sessions.models import ServiceToken
from api.sessions.service import TOKEN_MARK, hashed, new_token
from api.whistles.models import Whistle, WhistleExpert
from gis.database import Database
from tests.api.conftest import NOW
from tests.api.people import enter

STREET, ELSEWHERE = "210104001", "210104002"
UNIT = "police:P-2"
TIMETABLE = Timetable(DEFAULTS, WorkingCalendar())
WAYS = "AUCO-"
"""By area, by unit, by being put on it, by having filed it, and not at all."""


@dataclass(frozen=True)
class Things:
    """A case's number and the ids of what hangs on it, by the names that routes give them."""

    number: str
    party_id: UUID
    other_party_id: UUID
    placement_id: int
    merge_id: UUID
    clock_id: int
    notice_id: int
    whistle_id: int
    expert_id: int
    person_id: UUID


@dataclass(frozen=True)
class Somebody:
    """A person of one role, and their cases by the way in which they reach them."""

    role: Role
    person_id: UUID
    token: str
    cases: dict[str, Things]


class World:
    """People of every role, of one street and one unit, and the cases they reach and do not."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database, self._keyring = database, keyring
        self._house, _ = enter(database, now=NOW, name="经办")
        self._mediator, _ = enter(database, Role.MEDIATOR, now=NOW, name="调解")
        self.newcomer, _ = enter(database, now=NOW, name="新人")
        self._made = 0
        self.people = {role: self._somebody(role) for role in Role}

    def _somebody(self, role: Role) -> Somebody:
        person_id, token = enter(self._database, role, now=NOW, area=STREET, unit=UNIT)
        if role is Role.SERVICE:
            token = self._service_token(person_id)
        cases = {way: self._case(way, person_id, role) for way in WAYS}
        return Somebody(role, person_id, token, cases)

    def _service_token(self, person_id: UUID) -> str:
        """A token with every scope that a connected system can have."""
        token = TOKEN_MARK + new_token()
        scopes = sorted({rule.system for rule in POLICY.values() if rule.system})
        words = {"person_id": person_id, "token_hash": hashed(token), "scopes": scopes}
        with self._database.transaction() as session:
            session.add(ServiceToken(id=uuid4(), **words))
        return token

    def _case(self, way: str, person_id: UUID, role: Role) -> Things:
        self._made += 1
        with self._database.transaction() as session:
            filer = person_id if way == "O" else self._house
            report = a_report(STREET if way == "A" else ELSEWHERE, filer)
            session.add(report)
            session.flush()
            opened = NOW + timedelta(seconds=self._made)
            words = {"report_id": report.id, "state": "registered", "opened_at": opened}
            case = Case(id=uuid4(), number=f"MX-2026-{self._made:06d}", **words)
            session.add(case)
            session.flush()
            if way == "C":
                add_member(session, case, person_id, self._house, NOW)
            if way == "U":
                session.add(an_assignment(case.id))
            notice = a_notice(session, case, notice_to(way, person_id, role))
            return self._furnished(session, case, notice.id)

    def _furnished(self, session: Session, case: Case, notice_id: int) -> Things:
        by = By(self._house, NOW, "同一人")
        first, second = (
            add(session, self._keyring, case, a_draft(f"{name}{self._made}"), by) for name in "甲乙"
        )
        placement = Placement(case_id=case.id, doubts=[], questions=[question()])
        session.add(placement)
        session.flush()
        merge = propose(session, first, second, by)
        late = instant(session) - timedelta(days=40)
        start(session, TIMETABLE, [Start(case.id, ClockKind.FEEDBACK)], late)
        whistle = a_whistle(session, case, self._house)
        add_member(session, case, self._mediator, self._house, NOW)
        begin(session, [Beginning(case.id, NOW, self._house, "经办")])
        return Things(
            case.number,
            first.id,
            second.id,
            placement.id,
            merge.id,
            running(session, case.id)[0].id,
            notice_id,
            whistle.whistle_id,
            whistle.id,
            person_id=self._mediator,
        )


def a_report(street: str, filed_by: UUID) -> Report:
    told = {"kind": "dispute", "category": "labour", "text": "拖欠工资", "source": "window"}
    when = {"occurred_at": NOW, "received_at": NOW, "routed_on": NOW.date()}
    where = {"raw_place": {}, "method": "none", "street_code": f"{street}000"}
    rest = {"people_involved": 2, "synthetic": True, "filed_by": filed_by}
    return Report(id=uuid4(), **told, **when, **where, **rest)


def an_assignment(case_id: UUID) -> Assignment:
    unit = {"kind": "police", "unit_code": UNIT, "unit_name": "万泉派出所", "area_code": "P-2"}
    why = {"confidence": "inside", "reason_zh": "在内", "reason_en": "inside", "actor": "route"}
    return Assignment(case_id=case_id, role="assist", **unit, **why)


def notice_to(way: str, person_id: UUID, role: Role) -> Recipient:
    """Whom a notice tells that is reached this way: a role in the area, a unit, oneself."""
    reached = {
        "A": Recipient(role=role.value, area=f"{STREET}000"),
        "U": Recipient(unit_code=UNIT),
        "O": Recipient(person_id=person_id),
    }
    return reached.get(way, Recipient(role=role.value, area=f"{ELSEWHERE}000"))


def a_notice(session: Session, case: Case, to: Recipient) -> Notice:
    event = OutboxEvent(topic="case.dispatched", subject=str(case.id), content={})
    session.add(event)
    session.flush()
    about = {"topic": "case.dispatched", "case_id": case.id, "case_number": case.number}
    notice = Notice(event_id=event.id, content={}, recipient=to.key, **about, **to._asdict())
    session.add(notice)
    session.flush()
    return notice


def a_whistle(session: Session, case: Case, by: UUID) -> WhistleExpert:
    """A joint consultation that the unit blew for, with one expert who has no account."""
    why = {"kind": "work", "ground": "consultation", "words": "会诊", "tier": "street"}
    who = {"blown_by": by, "blown_by_name": "经办", "unit_code": UNIT, "blown_at": NOW}
    whistle = Whistle(case_id=case.id, **why, **who)
    session.add(whistle)
    session.flush()
    expert = WhistleExpert(whistle_id=whistle.id, name="律师", profession="lawyer")
    session.add(expert)
    session.flush()
    return expert


def a_draft(name: str) -> Draft:
    identity = {IdentityField.NAME: f"当事人{name}", IdentityField.PHONE: "13800000000"}
    return Draft(Side.RESPONDENT, PartyRole.RESPONDENT, PartyKind.PERSON, identity)


def question() -> dict[str, object]:
    return {"kind": "street", "candidates": []}
