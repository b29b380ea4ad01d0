"""Puts the demonstration into an empty database: areas, addresses, a year of reports."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.beijing import beijing_day
from api.cases.models import Case
from api.clocks.service import read_timetable
from api.demo.departments import DEPARTMENTS
from api.demo.district import areas
from api.demo.gazetteer import entries
from api.demo.golden import GoldenCase
from api.demo.reports import filings
from api.demo.settling import settle
from api.intake.preparation import Ground, Prepared, prepare
from api.intake.service import Office, receive
from api.refusals import Conflict
from api.reports.models import Report
from gis.database import Database
from gis.geocoding import gazetteer
from gis.geocoding.geocoder import Geocoder
from gis.wording import Wording
from grids.editions import EditionIndex, index_of
from grids.importer import Draft, apply, plan
from grids.models import Unit
from grids.store import newest_edition

AUTHOR = "示意 / demonstration"
PIECE = 1000

# The areas are older than every report of the year.
AREAS_AGE = timedelta(days=800)


class RealAreas(Conflict):
    """The database holds areas that were imported: no place for a demonstration."""

    def __init__(self) -> None:
        super().__init__(
            Wording(
                "数据库中已有导入的真实区划，不会写入示意数据；请用空数据库",
                "The database holds imported areas; the demonstration needs an empty one",
            )
        )


def is_loaded(session: Session) -> bool:
    """Whether the demonstration is there already. Raises RealAreas for other people's data."""
    edition = newest_edition(session)
    if edition is None:
        return False
    if edition.source != "synthetic":
        raise RealAreas
    return True


def load(database: Database, now: datetime, prefix: str) -> bool:
    """Load the demonstration in one transaction, unless it is there; says whether it was loaded."""
    with database.transaction() as session:
        if is_loaded(session):
            return False
        index = _index(session, beijing_day(now) - AREAS_AGE)
        ground, office = Ground(index, Geocoder(entries())), Office(prefix, read_timetable(session))
        for piece in _pieces([prepare(filing, ground, at) for at, filing in filings(now)]):
            receive(session, piece, office)
        settle(session, index.units, office.timetable, now)
        session.add_all(Unit(**each._asdict()) for each in DEPARTMENTS)
    return True


def drafts() -> list[Draft]:
    """The areas, one draft for each kind, ready to be planned as an import."""
    return [Draft(kind, tuple(same)) for kind, same in groupby(areas(), lambda area: area.kind)]


def _index(session: Session, valid_from: date) -> EditionIndex:
    """Store areas and addresses; the index of the new edition."""
    change = plan(session, drafts(), valid_from=valid_from, author=AUTHOR, source="synthetic")
    edition = apply(session, change)
    if edition is None:
        raise RealAreas
    gazetteer.replace(session, entries())
    return index_of(session, edition.id, edition.valid_from)


def _pieces(prepared: Sequence[Prepared]) -> Iterator[Sequence[Prepared]]:
    for start in range(0, len(prepared), PIECE):
        yield prepared[start : start + PIECE]


def golden_number(session: Session, golden: GoldenCase) -> str | None:
    """The case number of a golden case that is there already."""
    query = (
        select(Case.number)
        .join(Report, Report.id == Case.report_id)
        .where(Report.title == golden.title, Report.synthetic)
        .order_by(Case.number)
        .limit(1)
    )
    return session.scalar(query)
