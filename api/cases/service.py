"""Opening cases, their state and their history. The caller commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import case as whether
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from api.beijing import BEIJING
from api.cases.domain import NUMBER, OPEN_STATES, Happening, State, case_number
from api.cases.models import Case, CaseCounter, CaseEvent, CaseMember, LegalHold
from api.refusals import Conflict, Missing
from api.reports.models import Report
from gis.database import insert_all
from gis.wording import Wording

SYSTEM = "system"
SOMEBODY = "person"
"""Who did something in a case whose people are no longer told."""

_COUNTER = upsert(CaseCounter)
COUNT_ON = _COUNTER.on_conflict_do_update(
    index_elements=[CaseCounter.year], set_={"last": CaseCounter.last + _COUNTER.excluded.last}
).returning(CaseCounter.last)


class Line(NamedTuple):
    """A line for the history of a case."""

    case_id: UUID
    happening: Happening
    content: dict[str, Any]
    actor: str = SYSTEM


class Opening(NamedTuple):
    """A case to be opened for a report."""

    id: UUID
    report_id: UUID
    state: State
    opened_at: datetime
    grade: str | None = None
    tier: str | None = None


def next_numbers(session: Session, prefix: str, instants: Sequence[datetime]) -> list[str]:
    """A number for each instant, gap-free within its Beijing year.

    The year's counter stays locked until the caller's transaction ends: ask late.
    """
    years = [instant.astimezone(BEIJING).year for instant in instants]
    serial = {year: _reserve(session, year, years.count(year)) for year in sorted(set(years))}
    numbers = []
    for year in years:
        serial[year] += 1
        numbers.append(case_number(prefix, year, serial[year]))
    return numbers


def _reserve(session: Session, year: int, count: int) -> int:
    """Reserve ``count`` serials; answer the last one before them."""
    last: int = session.execute(COUNT_ON, {"year": year, "last": count}).scalar_one()
    return last - count


def open_cases(session: Session, prefix: str, openings: Sequence[Opening]) -> list[str]:
    """Open a case for each report; answer their numbers in the same order. Call it last."""
    numbers = next_numbers(session, prefix, [opening.opened_at for opening in openings])
    rows = [
        {"number": number, **opening._asdict()}
        for number, opening in zip(numbers, openings, strict=True)
    ]
    insert_all(session, Case, rows)
    return numbers


def write_history(session: Session, lines: Sequence[Line]) -> None:
    """Add lines to the history of cases."""
    insert_all(session, CaseEvent, [line._asdict() for line in lines])


def find_case(session: Session, number: str) -> Case:
    """The case of a number. Raises Missing, also for a text that is no case number."""
    known = NUMBER.fullmatch(number)
    found = session.scalars(select(Case).where(Case.number == number)) if known else None
    case = found.one_or_none() if found else None
    if case is None:
        missing = Wording("没有这个案件", "there is no such case")
        raise Missing(missing, f"case:{number}" if known else "")
    return case


def history(session: Session, case_id: UUID) -> list[CaseEvent]:
    """A case's history, oldest line first."""
    query = select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)
    return list(session.scalars(query))


def open_places(session: Session) -> list[tuple[float, float, str]]:
    """Longitude, latitude (EPSG:4326) and number of every open case whose place is known."""
    query = (
        select(func.ST_X(Report.geom), func.ST_Y(Report.geom), Case.number)
        .join(Report, Case.report_id == Report.id)
        .where(Case.state.in_(OPEN_STATES), Report.geom.is_not(None))
        .order_by(Case.number)
    )
    return [(lon, lat, number) for lon, lat, number in session.execute(query)]


def members_of(session: Session, case_id: UUID) -> list[CaseMember]:
    """Who was put on a case, first come first."""
    query = select(CaseMember).where(CaseMember.case_id == case_id).order_by(CaseMember.added_at)
    return list(session.scalars(query))


def add_member(
    session: Session, case: Case, person_id: UUID, by: UUID, now: datetime
) -> CaseMember:
    """Put somebody on a case. Raises Conflict for whoever is on it already."""
    if session.get(CaseMember, (case.id, person_id)) is not None:
        raise Conflict(Wording("已在此案中", "is on this case already"))
    member = CaseMember(case_id=case.id, person_id=person_id, added_by=by, added_at=now)
    session.add(member)
    session.flush()
    return member


def remove_member(session: Session, case: Case, person_id: UUID) -> None:
    """Take somebody off a case. Raises Missing."""
    member = session.get(CaseMember, (case.id, person_id))
    if member is None:
        raise Missing(Wording("此人不在此案中", "this person is not on the case"))
    session.delete(member)
    session.flush()


def hold_of(session: Session, case_id: UUID) -> LegalHold | None:
    """The legal hold on a case, if there is one."""
    return session.get(LegalHold, case_id)


def set_hold(session: Session, hold: LegalHold) -> LegalHold:
    """Hold a case, or give a hold that is there a new reason."""
    held = session.merge(hold)
    session.flush()
    return held


def lift_hold(session: Session, hold: LegalHold) -> None:
    """Let a case expire again."""
    session.delete(hold)
    session.flush()


def anonymise(session: Session, case_ids: Sequence[UUID], now: datetime) -> None:
    """Strike people and words out of histories; what happened and when stays."""
    by_somebody = whether((CaseEvent.actor == SYSTEM, SYSTEM), else_=SOMEBODY)
    lines = update(CaseEvent).where(CaseEvent.case_id.in_(case_ids))
    session.execute(lines.values(content={}, actor=by_somebody))
    session.execute(delete(CaseMember).where(CaseMember.case_id.in_(case_ids)))
    session.execute(update(Case).where(Case.id.in_(case_ids)).values(anonymised_at=now))
