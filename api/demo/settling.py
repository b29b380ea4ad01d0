"""What a year would have left: held cases decided long ago, and times that lie in the past."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from api.cases.models import Case
from api.dispatch.models import Placement
from api.dispatch.service import Decision, Units, confirm
from grids.hierarchy import AreaKind

DECIDED_AFTER = timedelta(hours=3)
STILL_OPEN = timedelta(days=2)

PERSON = "示意值班员"
REASON = "示意：电话核实地点后确认"

# Rows bear the time of the load until then; a case is told as if it had been received in its day.
BACKDATED = (
    "UPDATE assignment SET assigned_at = opened_at FROM case_file AS held WHERE held.id = case_id",
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


def settle(session: Session, units: Units, now: datetime) -> None:
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
            decision = Decision(choices, PERSON, REASON, opened_at + DECIDED_AFTER)
            confirm(session, held, decision, units)
    session.flush()
    for statement in BACKDATED:
        session.execute(text(statement))


def _old_ones(now: datetime) -> Select[Placement, datetime]:
    query = select(Placement, Case.opened_at).join(Case, Case.id == Placement.case_id)
    return query.where(Case.opened_at < now - STILL_OPEN).order_by(Placement.id)
