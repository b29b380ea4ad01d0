"""Random lives of cases, driven by hypothesis against a model that was written by hand."""

from datetime import timedelta
from itertools import count
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from api.accounts.models import Person
from api.cases.domain import ENDED_STATES, Acting, Happening, State
from api.cases.models import Case, CaseEvent
from api.clocks.service import CurrentTimetable, instant
from api.custody.service import Beginning, begin
from api.life.domain import LIFE, WATCH, Action, Need
from api.life.service import Taking, take
from api.outbox import OutboxEvent
from api.refusals import BadInput, Conflict, Forbidden
from api.reports.models import Report
from api.rights.roles import Role
from gis.database import Database
from grids.models import Unit
from tests.api.conftest import NOW
from tests.api.life.test_table import drawn

pytestmark = pytest.mark.database

SOME_UNIT = "something"
GIVEN = {need.value: SOME_UNIT for need in Need if need is not Need.REASON}
serials = count(1)


def a_case(database: Database) -> tuple[UUID, UUID]:
    """A registered case of its own, and somebody who acts in it."""
    told = {"kind": "dispute", "category": "labour", "text": "拖欠工资", "source": "window"}
    when = {"occurred_at": NOW, "received_at": NOW, "routed_on": NOW.date()}
    rest = {"people_involved": 2, "synthetic": True, "raw_place": {}, "method": "none"}
    with database.transaction() as session:
        report = Report(id=uuid4(), **told, **when, **rest)
        session.add(report)
        session.flush()
        words = {"report_id": report.id, "state": "registered", "opened_at": NOW}
        case = Case(id=uuid4(), number=f"RL-2026-{next(serials):06d}", **words)
        session.add(case)
        session.merge(Unit(code=SOME_UNIT, name="某街道", kind="street"))
        actor = Person(id=uuid4(), sign_in_name=f"somebody{next(serials)}", full_name="某人")
        session.add(actor)
        session.flush()
        begin(session, [Beginning(case.id, instant(session))])
        return case.id, actor.id


class Life(RuleBasedStateMachine):
    """One case. The model is a state, when it ended, and how many steps were taken."""

    database: ClassVar[Database]

    def __init__(self) -> None:
        super().__init__()
        self.case_id, self.actor = a_case(self.database)
        self.state, self.ended, self.taken, self.now = State.REGISTERED, None, 0, NOW

    @rule(days=st.integers(0, 60))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(action=st.sampled_from(Action), role=st.sampled_from(Role), reasoned=st.booleans())
    def somebody_tries(self, action: Action, role: Role, reasoned: bool) -> None:
        acting = Acting(
            "某人", self.now, self.actor, frozenset({role}), reason="因为" if reasoned else ""
        )
        expected = self._expected(action, role, reasoned=reasoned)
        if expected is None:
            self._take(Taking(action, acting, GIVEN))
            self._follow(drawn()[self.state, action])
        else:
            with pytest.raises(expected):
                self._take(Taking(action, acting, GIVEN))

    @rule(data=st.data())
    def somebody_does_what_is_possible(self, data: st.DataObject) -> None:
        actions = sorted(action for state, action in drawn() if state is self.state)
        action = data.draw(st.sampled_from(actions))
        role = data.draw(st.sampled_from(sorted(LIFE[action].roles)))
        self.somebody_tries(action, role, reasoned=True)

    def _expected(self, action: Action, role: Role, *, reasoned: bool) -> type[Exception] | None:
        if role not in LIFE[action].roles:
            return Forbidden
        if (self.state, action) not in drawn():
            return Conflict
        if Need.REASON in LIFE[action].needs and not reasoned:
            return BadInput
        late = self.ended is not None and self.now > self.ended + WATCH
        return Conflict if action is Action.REOPEN and late else None

    def _take(self, taking: Taking) -> None:
        timetable = CurrentTimetable(self.database).current()
        with self.database.transaction() as session:
            take(session, timetable, session.get_one(Case, self.case_id), taking)

    def _follow(self, after: State) -> None:
        self.state, self.taken = after, self.taken + 1
        if after not in ENDED_STATES:
            self.ended = None
        else:
            self.ended = self.ended or self.now

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        with self.database.transaction() as session:
            case = session.get_one(Case, self.case_id)
            assert (case.state, case.closed_at) == (self.state, self.ended)
            lines = select(func.count()).where(
                CaseEvent.case_id == self.case_id, CaseEvent.happening == Happening.STEPPED
            )
            events = select(func.count()).where(OutboxEvent.subject == str(self.case_id))
            assert session.scalars(lines).one() == session.scalars(events).one() == self.taken


def test_random_lives_follow_the_drawing(database: Database) -> None:
    Life.database = database
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
