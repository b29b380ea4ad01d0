"""Making receipts, and following one to how its case stands. The caller commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.assignments.service import assignments
from api.cases.domain import CLOCK_TITLES, STATE_TITLES, ClockKind, State
from api.cases.models import Case, CaseLink
from api.clocks.service import instant, running
from api.receipts.domain import Standing, promised
from api.receipts.models import Receipt
from api.reports.models import Report

MOST_MERGES = 10
"""So many times a case may have been merged on; merging makes no circles."""


def first_asked(session: Session, case: Case) -> str | None:
    """Who registered the case and so stays answerable until a unit has accepted (首问责任人)."""
    filed = select(Person.full_name).join(Report, Report.filed_by == Person.id)
    return session.scalar(filed.where(Report.id == case.report_id))


class Made(NamedTuple):
    """By whom and when a receipt was made."""

    person_id: UUID
    at: datetime


def make(session: Session, case: Case, token_hash: bytes, by: Made, *, replace: bool) -> None:
    """Keep a new receipt of a case; ``replace`` ends the earlier ones, as when one was lost."""
    if replace:
        forget(session, [case.id])
    words = {"made_by": by.person_id, "made_at": by.at}
    session.add(Receipt(token_hash=token_hash, case_id=case.id, **words))
    session.flush()


def follow(session: Session, token_hash: bytes) -> Standing | None:
    """How the case of a receipt stands; None where there is no such receipt."""
    found = select(Case).join(Receipt, Receipt.case_id == Case.id)
    case = session.scalars(found.where(Receipt.token_hash == token_hash)).one_or_none()
    return None if case is None else _standing(session, _going_on(session, case))


def _going_on(session: Session, case: Case) -> Case:
    """The case itself, or the one in which it goes on: a merge keeps both reporters informed."""
    merged = select(Case).join(CaseLink, CaseLink.other_id == Case.id)
    for _ in range(MOST_MERGES):
        if case.state != State.MERGED:
            break
        after = merged.where(CaseLink.case_id == case.id, CaseLink.kind == "merged_into")
        case = session.scalars(after).one_or_none() or case
    return case


def _standing(session: Session, case: Case) -> Standing:
    due: dict[ClockKind, datetime] = {}
    for clock in running(session, case.id):
        due.setdefault(ClockKind(clock.kind), clock.due_at)
    told = promised(due)
    return Standing(
        step=STATE_TITLES[State(case.state)],
        units=[each.unit_name for each in assignments(session, case.id)],
        until=CLOCK_TITLES[told] if told else None,
        due_at=due[told] if told else None,
        now=instant(session),
    )


def forget(session: Session, case_ids: Sequence[UUID]) -> None:
    """End every receipt of cases."""
    session.execute(delete(Receipt).where(Receipt.case_id.in_(case_ids)))
