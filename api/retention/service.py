"""What is due, taking it away, periods and runs. The caller commits, batch by batch.

The same query says what a run would take (:func:`due`) and what it takes (:func:`take`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    delete,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from api import outbox
from api.assignments.service import anonymise as anonymise_assignments
from api.cases.models import Case, LegalHold
from api.cases.service import SOMEBODY
from api.cases.service import anonymise as anonymise_cases
from api.custody.service import anonymise as anonymise_custody
from api.dispatch.service import anonymise as anonymise_dispatch
from api.intake.models import Draft, Submission
from api.intake.service import forget
from api.mediation.service import anonymise as anonymise_mediation
from api.parties import service as parties
from api.parties.domain import STRUCK_SHOWN
from api.parties.models import Party, PartyMerge
from api.receipts.service import forget as forget_receipts
from api.reports.service import anonymise as anonymise_reports
from api.retention.domain import TERMS, Kind, period
from api.retention.models import RetentionPeriod, RetentionRun
from api.risk.service import anonymise as anonymise_risk
from api.sessions.models import AccountSession
from api.whistles.service import anonymise as anonymise_whistles
from gis.database import Base

BATCH = 200


class Due(NamedTuple):
    """How much of a kind is due, and from when: its oldest and newest beginning."""

    kind: Kind
    many: int
    oldest: datetime | None
    newest: datetime | None


@dataclass(frozen=True)
class Stock:
    """Where the data of a kind is: a row's key, when its period begins, and what may go at all."""

    model: type[Base]
    key: SQLColumnExpression[Any]
    since: SQLColumnExpression[Any]
    free: ColumnElement[bool]
    drop: Callable[[Session, Sequence[Any], datetime], None]


def _not_held() -> ColumnElement[bool]:
    """No hold on the case, and no merge of its parties with those of a held case."""
    own, other = aliased(Party), aliased(Party)
    ends = (PartyMerge.first_id, PartyMerge.second_id)
    merged = (
        exists()
        .where(own.case_id == Case.id, own.id.in_(ends), other.id.in_(ends))
        .where(other.case_id == LegalHold.case_id)
    )
    return ~or_(exists().where(LegalHold.case_id == Case.id), merged)


def _strike_parties(session: Session, case_ids: Sequence[UUID], _: datetime) -> None:
    parties.strike(session, _parties_of(session, case_ids))


def _parties_of(session: Session, case_ids: Sequence[UUID]) -> Sequence[UUID]:
    return session.scalars(select(Party.id).where(Party.case_id.in_(case_ids))).all()


def _anonymise(session: Session, case_ids: Sequence[UUID], now: datetime) -> None:
    """What tells of people goes from every room; category, cell, times, street and units stay."""
    reports = session.scalars(select(Case.report_id).where(Case.id.in_(case_ids))).all()
    parties.remove(session, _parties_of(session, case_ids))
    forget(session, case_ids)
    forget_receipts(session, case_ids)
    outbox.forget(session, [str(case_id) for case_id in case_ids])
    anonymise_assignments(session, case_ids)
    anonymise_dispatch(session, case_ids)
    anonymise_mediation(session, case_ids, SOMEBODY)
    anonymise_custody(session, case_ids)
    anonymise_risk(session, case_ids)
    anonymise_whistles(session, case_ids)
    anonymise_cases(session, case_ids, now)
    anonymise_reports(session, reports)


def _drop_keys(session: Session, keys: Sequence[str], _: datetime) -> None:
    session.execute(delete(Submission).where(Submission.key.in_(keys)))


def _drop_sessions(session: Session, ids: Sequence[UUID], _: datetime) -> None:
    session.execute(delete(AccountSession).where(AccountSession.id.in_(ids)))


def _drop_drafts(session: Session, ids: Sequence[UUID], _: datetime) -> None:
    session.execute(delete(Draft).where(Draft.id.in_(ids)))


TOLD = exists().where(Party.case_id == Case.id, Party.shown != STRUCK_SHOWN)
ENDED = func.least(AccountSession.idle_until, AccountSession.ends_at)

STOCKS: Mapping[Kind, Stock] = {
    Kind.IDENTITY: Stock(Case, Case.id, Case.closed_at, _not_held() & TOLD, _strike_parties),
    Kind.CASE: Stock(
        Case, Case.id, Case.closed_at, _not_held() & Case.anonymised_at.is_(None), _anonymise
    ),
    Kind.IDEMPOTENCY_KEY: Stock(
        Submission, Submission.key, Submission.created_at, true(), _drop_keys
    ),
    Kind.SESSION: Stock(AccountSession, AccountSession.id, ENDED, true(), _drop_sessions),
    Kind.DRAFT: Stock(Draft, Draft.id, Draft.updated_at, true(), _drop_drafts),
}
"""Whatever keeps personal data next, such as exports, joins here and in `api.retention.domain`."""


def periods(session: Session) -> Mapping[Kind, timedelta]:
    """How long each kind is kept."""
    changed = {Kind(row.kind): row.days for row in session.scalars(select(RetentionPeriod))}
    return {kind: timedelta(days=changed.get(kind, TERMS[kind].default)) for kind in Kind}


def changes(session: Session) -> Mapping[Kind, RetentionPeriod]:
    """The periods that somebody set."""
    return {Kind(row.kind): row for row in session.scalars(select(RetentionPeriod))}


def change(session: Session, changed: RetentionPeriod) -> RetentionPeriod:
    """Set a period. Raises BadInput outside of its bounds."""
    period(Kind(changed.kind), changed.days)
    kept = session.merge(changed)
    session.flush()
    return kept


def due(session: Session, now: datetime) -> list[Due]:
    """What a run at ``now`` would take."""
    return [
        _counted(session, kind, _expired(STOCKS[kind], now - kept))
        for kind, kept in periods(session).items()
    ]


def _expired(stock: Stock, before: datetime) -> Select[Any, datetime]:
    query: Select[Any, datetime] = select(stock.key.label("key"), stock.since.label("since"))
    return query.where(stock.since < before, stock.free)


def _counted(session: Session, kind: Kind, expired: Select[Any, datetime]) -> Due:
    found = expired.subquery()
    counted = select(func.count(), func.min(found.c.since), func.max(found.c.since))
    return Due(kind, *session.execute(counted).one())


def take(session: Session, kind: Kind, before: datetime, now: datetime) -> int:
    """Take one batch of what expired, the oldest first; answers how much it was."""
    stock = STOCKS[kind]
    expired = _expired(stock, before)
    batch = expired.order_by(stock.since).limit(BATCH)
    locked = session.scalars(batch.with_for_update(of=stock.model, skip_locked=True)).all()
    # A hold may have been set between the look and the lock: look again.
    keys = session.scalars(expired.where(stock.key.in_(locked))).all()
    stock.drop(session, keys, now)
    return len(keys)


def begin(session: Session, now: datetime) -> RetentionRun:
    """Open the record of a run."""
    run = RetentionRun(started_at=now, counts={})
    session.add(run)
    session.flush()
    return run


def count_on(session: Session, run_id: int, kind: Kind, many: int) -> None:
    """Add to what a run took, with the taking itself."""
    run = session.get_one(RetentionRun, run_id)
    run.counts = run.counts | {kind.value: run.counts.get(kind.value, 0) + many}


def finish(session: Session, run_id: int, now: datetime) -> RetentionRun:
    """Close the record of a run."""
    run = session.get_one(RetentionRun, run_id)
    run.finished_at = now
    return run


def runs(session: Session, limit: int) -> Sequence[RetentionRun]:
    """The latest runs, newest first."""
    return session.scalars(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(limit)).all()
