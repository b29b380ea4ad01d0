"""What a year would have left: cases decided and closed long ago, and times in the past."""

import json
from datetime import datetime, timedelta

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from api.cases.domain import STATE_TITLES, Acting, State
from api.cases.models import Case
from api.clocks.service import Timetable
from api.demo.handling import handle
from api.dispatch.models import Placement
from api.dispatch.service import Decision, Units, confirm
from api.life.domain import LIFE, Action
from grids.hierarchy import AreaKind

DECIDED_AFTER = timedelta(hours=3)
STILL_OPEN = timedelta(days=2)

PERSON = "示意值班员"
REASON = "示意：电话核实地点后确认"

# Rows bear the time of the load until then; a case is told as if it had been received in its day.
BACKDATED = (
    "UPDATE assignment SET assigned_at = opened_at FROM case_file AS held WHERE held.id = case_id",
    "UPDATE custody_link SET taken_at = opened_at FROM case_file AS held WHERE held.id = case_id",
    "UPDATE placement SET held_at = opened_at FROM case_file AS held WHERE held.id = case_id",
    "UPDATE case_event SET at = opened_at FROM case_file AS held WHERE held.id = case_id",
    """
    UPDATE case_event SET at = placement.confirmed_at FROM placement
    WHERE placement.case_id = case_event.case_id AND happening = 'confirmed'
    """,
    """
    UPDATE assignment SET assigned_at = placement.confirmed_at FROM placement
    WHERE placement.case_id = assignment.case_id AND assignment.confidence = 'person'
    """,
)

# How many days more than two a case took at most, by its number.
LONGEST = 12
CLOCKS_BACKDATED = """
    UPDATE clock SET started_at = opened_at, remind_at = remind_at - late, due_at = due_at - late,
        red_at = red_at - late, next_at = next_at - late
    FROM (SELECT clock.id AS of_clock, opened_at, started_at - opened_at AS late
          FROM clock JOIN case_file ON case_file.id = case_id) AS held
    WHERE held.of_clock = clock.id
"""
CLOSED = """
    UPDATE case_file SET state = 'closed', closed_at = ended_at
    FROM (SELECT id AS of_case, opened_at + interval '1 day'
          * (2 + right(number, 6)::int % CAST(:longest AS int)) AS ended_at FROM case_file) AS told
    WHERE of_case = id AND state <> 'registered' AND ended_at < CAST(:now AS timestamptz)
"""
WITH_THEIR_CASE = (
    """
    UPDATE assignment SET stage = 'accepted' FROM case_file
    WHERE case_file.id = case_id AND closed_at IS NOT NULL
    """,
    """
    UPDATE clock SET next_at = NULL, stopped_at = CASE WHEN late THEN closed_at
            ELSE least(due_at, closed_at) END, outcome = CASE WHEN late THEN 'late' ELSE 'met' END
    FROM (SELECT clock.id AS of_clock, closed_at, due_at < closed_at AND right(number, 6)::int
            % CASE WHEN clock.kind IN ('feedback', 'mediation') THEN 9 ELSE 31 END = 0 AS late
          FROM clock JOIN case_file ON case_file.id = case_id WHERE closed_at IS NOT NULL) AS told
    WHERE told.of_clock = clock.id
    """,
    # What happened in the past is news to nobody.
    "UPDATE outbox_event SET delivered_at = created_at WHERE delivered_at IS NULL",
)
TOLD = """
    INSERT INTO case_event (case_id, happening, actor, content, at)
    SELECT id, 'stepped', :person, CAST(:content AS jsonb),
           opened_at + (closed_at - opened_at) * CAST(:share AS float)
    FROM case_file WHERE closed_at IS NOT NULL ORDER BY closed_at
"""
STEPS = (
    (Action.SIGN, State.DISPATCHED, 0.05),
    (Action.SETTLE, State.HANDLING, 0.8),
    (Action.VISIT, State.SETTLED, 0.9),
    (Action.CLOSE, State.VISITED, 1.0),
)


def settle(session: Session, units: Units, timetable: Timetable, now: datetime) -> None:
    """Decide what was held more than two days before ``now``, and put every row in its time.

    The first candidate is taken; what has none stays in the queue.
    """
    for held, opened_at in session.execute(_old_ones(now)).all():
        choices = {
            AreaKind(question["kind"]): question["candidates"][0]["unit_code"]
            for question in held.questions
            if question["candidates"]
        }
        if len(choices) == len(held.questions):
            acting = Acting(PERSON, opened_at + DECIDED_AFTER, reason=REASON)
            confirm(session, timetable, held, Decision(choices, acting), units)
    session.flush()
    for statement in (*BACKDATED, CLOCKS_BACKDATED):
        session.execute(text(statement))
    _close(session, now)
    handle(session, PERSON, now)


def _close(session: Session, now: datetime) -> None:
    """End what would have ended by ``now``, step by step."""
    session.execute(text(CLOSED), {"now": now, "longest": LONGEST})
    for statement in WITH_THEIR_CASE:
        session.execute(text(statement))
    for action, before, share in STEPS:
        step = LIFE[action]
        content = {
            "code": action,
            "action": step.title._asdict(),
            "before": STATE_TITLES[before]._asdict(),
            "after": STATE_TITLES[step.target or before]._asdict(),
            "reason": "示意",
        }
        words = {"person": PERSON, "content": json.dumps(content), "share": share}
        session.execute(text(TOLD), words)


def _old_ones(now: datetime) -> Select[Placement, datetime]:
    query = select(Placement, Case.opened_at).join(Case, Case.id == Placement.case_id)
    return query.where(Case.opened_at < now - STILL_OPEN).order_by(Placement.id)
