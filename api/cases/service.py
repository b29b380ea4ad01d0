"""Opening cases, their state and their history. The caller commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from api.beijing import BEIJING
from api.cases.domain import NUMBER, OPEN_STATES, Happening, State, case_number
from api.cases.models import Case, CaseCounter, CaseEvent
from api.reports.models import Report
from gis.database import insert_all

SYSTEM = "system"

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


def set_state(session: Session, case_id: UUID, state: State) -> None:
    """Move a case on."""
    session.execute(update(Case).where(Case.id == case_id).values(state=state))


def find_case(session: Session, number: str) -> Case | None:
    """The case of a number; None also for a text that is no case number."""
    if not NUMBER.fullmatch(number):
        return None
    return session.scalars(select(Case).where(Case.number == number)).one_or_none()


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
