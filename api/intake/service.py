"""Receiving reports: one way for one and for many, for the API, for files and for the demo.

`prepare` decides without the database; `receive` stores report, case, assignments, history and
outbox in the caller's transaction. The caller commits.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import Row, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.beijing import beijing_day
from api.cases.domain import Acting, Grade, Happening
from api.cases.models import Case
from api.cases.service import Line, Opening, find_case, open_cases, write_history
from api.clocks import service as clocks
from api.clocks.service import Timetable
from api.custody.service import Beginning, begin
from api.dispatch.models import Placement
from api.dispatch.service import Decision, dispatch, replan
from api.intake.domain import MOST_DRAFTS, DraftKind
from api.intake.models import Draft, Submission
from api.intake.preparation import Ground, Prepared, Told, prepare, routed
from api.life.service import link
from api.refusals import Conflict, Missing
from api.reports.domain import Category, Filing, Place, Position, ReportKind, Source
from api.reports.models import Report
from api.reports.service import (
    Cursor,
    find,
    keep,
    listed,
    replace_place,
)
from api.rights.roles import Who
from api.risk.service import grade_by_system
from api.sealing import Keyring, context
from gis.database import insert_all, pipelined
from gis.datum import Datum
from gis.geometry import Frame
from gis.wording import Wording


class KeyTaken(Exception):
    """Another request with the same Idempotency-Key was quicker by a moment."""


class Office(NamedTuple):
    """What a case is opened with: the prefix of its number, and its clocks' timetable."""

    prefix: str
    timetable: Timetable


class Claim(NamedTuple):
    """A key with the SHA-256 of its request and the answer, which lacks only the case number."""

    key: str
    fingerprint: str
    answer: dict[str, Any]


class Answered(NamedTuple):
    """An earlier submission of the same key."""

    fingerprint: str
    answer: dict[str, Any]
    case_number: str


class Desk(NamedTuple):
    """All that a report is received with."""

    ground: Ground
    office: Office


ANSWERED = (
    select(Submission.fingerprint, Submission.answer, Case.number)
    .join(Case, Case.id == Submission.case_id)
    .where(Submission.key == bindparam("key"))
)


def receive(
    session: Session, prepared: Sequence[Prepared], office: Office, claims: Sequence[Claim] = ()
) -> list[str]:
    """Store reports, dispatch and open their cases; answer the case numbers in the same order.

    ``claims`` are the keys of the reports, in their order. Raises KeyTaken.
    """
    at = clocks.instant(session)
    try:
        with pipelined(session):
            _claim(session, [each.case_id for each in prepared], claims)
            keep(session, [each.report for each in prepared])
            grade_by_system(session, [each.graded for each in prepared])
            begin(session, [Beginning(each.case_id, at, *each.first_asked) for each in prepared])
            plans = [(each.traits, each.plan) for each in prepared]
            dispatch(session, office.timetable, plans, at)
    except IntegrityError as error:
        if _is_twin(error):
            raise KeyTaken from error
        raise
    openings = [
        Opening(
            each.case_id,
            each.report.id,
            each.state,
            each.report.received_at,
            each.graded.grade,
            each.tier,
        )
        for each in prepared
    ]
    return open_cases(session, office.prefix, openings)


def _claim(session: Session, case_ids: Sequence[UUID], claims: Sequence[Claim]) -> None:
    """Keep keys and answers with the change itself; waits for a twin that is in the making."""
    if claims:
        claimed = zip(case_ids, claims, strict=True)
        insert_all(session, Submission, [c._asdict() | {"case_id": id_} for id_, c in claimed])


def _is_twin(error: IntegrityError) -> bool:
    taken = error.orig
    return isinstance(taken, UniqueViolation) and taken.diag.constraint_name == "pk_submission"


def answered(session: Session, key: str) -> Answered:
    """What was answered to a key that is taken."""
    return Answered(*session.execute(ANSWERED, {"key": key}).one())


def receive_keyed(
    session: Session,
    filings: Sequence[tuple[str, Filing]],
    ground: Ground,
    received_at: datetime,
    office: Office,
) -> list[str]:
    """Receive filings under keys; those whose key is known already are left out.

    Answers the new case numbers. Raises BadCoordinate, KeyTaken.
    """
    keys = [key for key, _ in filings]
    known = set(session.scalars(select(Submission.key).where(Submission.key.in_(keys))))
    new = [(key, filing) for key, filing in filings if key not in known]
    if not new:
        return []
    prepared = [prepare(filing, ground, received_at) for _, filing in new]
    return receive(session, prepared, office, [Claim(key, key, {}) for key, _ in new])


def forget(session: Session, case_ids: Sequence[UUID]) -> None:
    """Drop the keys of cases with their answers, which hold the raw place."""
    session.execute(delete(Submission).where(Submission.case_id.in_(case_ids)))


def correct(
    session: Session,
    timetable: Timetable,
    placement: Placement,
    corrected: tuple[Place, Decision],
    ground: Ground,
) -> str:
    """Put a held case where a person says it is, and plan anew; what was sent stays sent.

    Answers the case's number.
    """
    place, decision = corrected
    case = session.get_one(Case, placement.case_id)
    report, lon, lat = find(session, case.report_id)
    content = {
        "before": {"lon": lon, "lat": lat, "method": report.method},
        "after": {"lon": place.lon, "lat": place.lat},
        "reason": decision.acting.reason,
    }
    line = Line(case.id, Happening.PLACE_CORRECTED, content, decision.acting.name)
    write_history(session, [line])
    filing, grade = filing_of(report, lon, lat), Grade(case.grade or Grade.BLUE)
    told = Told(filing, grade, report.received_at)
    evidence, planned, _ = routed(place, ground, told, beijing_day(decision.acting.at))
    replace_place(session, report.id, evidence)
    replan(session, timetable, placement, planned, decision)
    return case.number


class Part(NamedTuple):
    """A dispute of its own inside of a case."""

    category: Category
    text: str
    people_involved: int = 1
    title: str | None = None


def split(
    session: Session, case: Case, parts: Sequence[Part], by: tuple[Who, Acting], desk: Desk
) -> list[str]:
    """Open a case for each part of a case, at its place and linked to it; answer their numbers."""
    report, lon, lat = find(session, case.report_id)
    whole = filing_of(report, lon, lat)
    filings = [replace(whole, **part._asdict()) for part in parts]
    who, acting = by
    prepared = [prepare(each, desk.ground, acting.at, who) for each in filings]
    numbers = receive(session, prepared, desk.office)
    for number in numbers:
        link(session, find_case(session, number), case, "part_of", acting)
    return numbers


def filing_of(report: Report, lon: float | None, lat: float | None) -> Filing:
    """A report as if it were filed again where it lies now."""
    position = None
    if lon is not None and lat is not None:
        position = Position(lon, lat, Datum.WGS84, report.radius_m)
    return Filing(
        kind=ReportKind(report.kind),
        category=Category(report.category),
        text=report.text,
        occurred_at=report.occurred_at,
        source=Source(report.source),
        position=position,
        address=None if position else report.raw_place.get("address"),
        synthetic=report.synthetic,
        people_involved=report.people_involved,
        subcategory=report.subcategory,
        answers=report.answers,
    )


def latest(
    session: Session, limit: int, after: Cursor | None = None, bbox: Frame | None = None
) -> Sequence[Row[Report, float | None, float | None, Case]]:
    """Reports with longitude, latitude and their case, the latest first; arguments as `listed`."""
    query = listed(limit, after, bbox).add_columns(Case).join(Case, Case.report_id == Report.id)
    return session.execute(query).all()


class Written(NamedTuple):
    """A draft as it is read and written; ``content`` is what its page makes of it."""

    id: UUID
    kind: DraftKind
    content: Mapping[str, Any]
    updated_at: datetime


NO_DRAFT = Wording("没有这份草稿", "there is no such draft")


def save_draft(session: Session, keyring: Keyring, owner_id: UUID, written: Written) -> None:
    """Keep what somebody is writing, whole. Raises Conflict for too many, Missing for another's."""
    sealed = keyring.seal(json.dumps(written.content), _draft_place(written.id))
    anew = {"sealed": sealed, "updated_at": written.updated_at}
    if session.get(Draft, written.id) is None:
        _require_few(session)
        row = {"id": written.id, "owner_id": owner_id, "kind": written.kind} | anew
        added = upsert(Draft).values(row).on_conflict_do_nothing().returning(Draft.id)
        if session.scalar(added) is not None:
            return
    changed = update(Draft).where(Draft.id == written.id).values(anew).returning(Draft.id)
    if session.scalar(changed) is None:
        raise Missing(NO_DRAFT)


def _require_few(session: Session) -> None:
    if (session.scalar(select(func.count()).select_from(Draft)) or 0) >= MOST_DRAFTS:
        what = Wording(
            f"草稿已有 {MOST_DRAFTS} 份，先登记或删除一些",
            f"there are {MOST_DRAFTS} drafts already: file or delete some",
        )
        raise Conflict(what)


def drafts_of(session: Session, keyring: Keyring) -> list[Written]:
    """The asker's own drafts, the latest first; row security shows no others."""
    query = select(Draft).order_by(Draft.updated_at.desc(), Draft.id)
    return [_written(keyring, draft) for draft in session.scalars(query)]


def find_draft(session: Session, keyring: Keyring, draft_id: UUID) -> Written:
    """One of the asker's own drafts. Raises Missing."""
    return _written(keyring, _own_draft(session, draft_id))


def delete_draft(session: Session, draft_id: UUID) -> None:
    """Throw a draft away. Raises Missing."""
    session.delete(_own_draft(session, draft_id))
    session.flush()


def _own_draft(session: Session, draft_id: UUID) -> Draft:
    draft = session.get(Draft, draft_id)
    if draft is None:
        raise Missing(NO_DRAFT)
    return draft


def _written(keyring: Keyring, draft: Draft) -> Written:
    content = json.loads(keyring.open(draft.sealed, _draft_place(draft.id)))
    return Written(draft.id, DraftKind(draft.kind), content, draft.updated_at)


def _draft_place(draft_id: UUID) -> str:
    """What a draft is bound to; `api.intake.models.SEALED` says the same in SQL."""
    return context(Draft.__tablename__, "sealed", draft_id)
