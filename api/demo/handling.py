"""What the units would have done by now with the cases that are still open."""

import json
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.cases.domain import STATE_TITLES, State
from api.life.domain import LIFE, Action

SIGNED_AFTER_S = 40 * 60
FORGOTTEN = 25
"""One case of so many nobody has signed for: what supervision is there for."""

SIGNED_FOR = """
    UPDATE case_file SET state = 'handling'
    WHERE state = 'dispatched' AND right(number, 6)::int % :forgotten <> 0
      AND opened_at + make_interval(secs => :after) < CAST(:now AS timestamptz)
"""
THEN = (
    """
    UPDATE assignment SET stage = 'contacted' FROM case_file AS held
    WHERE held.id = case_id AND state = 'handling'
    """,
    """
    UPDATE clock SET next_at = NULL, outcome = 'met',
        stopped_at = least(due_at, opened_at + make_interval(secs => :after))
    FROM case_file AS held
    WHERE held.id = case_id AND state = 'handling' AND kind IN ('sign', 'contact', 'custody')
    """,
    # Whoever leads has had the case in hand since: the chain has one link, the unit's.
    """
    UPDATE custody_link SET unit_code = lead.unit_code, holder_name = lead.unit_name
    FROM assignment AS lead JOIN case_file AS held ON held.id = lead.case_id
    WHERE lead.case_id = custody_link.case_id AND lead.role = 'lead' AND state <> 'dispatched'
    """,
    """
    INSERT INTO case_event (case_id, happening, actor, content, at)
    SELECT id, 'stepped', :person, CAST(:content AS jsonb),
        opened_at + make_interval(secs => :after)
    FROM case_file WHERE state = 'handling' ORDER BY opened_at
    """,
)


def handle(session: Session, person: str, now: datetime) -> None:
    """Let units sign for what was sent to them and contact the parties, but for a few cases."""
    signed = LIFE[Action.SIGN]
    content = {
        "code": signed.action,
        "action": signed.title._asdict(),
        "before": STATE_TITLES[State.DISPATCHED]._asdict(),
        "after": STATE_TITLES[State.HANDLING]._asdict(),
        "reason": "示意",
    }
    words = {
        "after": SIGNED_AFTER_S,
        "forgotten": FORGOTTEN,
        "now": now,
        "person": person,
        "content": json.dumps(content),
    }
    for statement in (SIGNED_FOR, *THEN):
        session.execute(text(statement), words)
