"""Running past cases again, by other rules or areas. Nothing is changed."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from api.cases.models import Case
from api.intake.preparation import Ground, Told, routed
from api.intake.service import filing_of
from api.replay.domain import Outcome
from api.reports.domain import Method, Place
from api.reports.models import Report
from api.reports.service import LAT, LON
from api.risk.service import foreseen
from api.rules.service import Bench
from gis.geocoding.geocoder import Geocoder
from grids.jurisdictions import EditionIndex

AreasOn = Callable[[date], EditionIndex]
Found = Row[Case, Report, float | None, float | None]


class Trial(NamedTuple):
    """What decides in a run: the bench, and the day whose areas hold (None: the report's own)."""

    bench: Bench
    areas_on: date | None = None


class Replayed(NamedTuple):
    """A case with what is done by one trial and by the other."""

    case: Case
    report: Report
    before: Outcome
    after: Outcome


class Run(NamedTuple):
    """What two trials are run with: the areas of a day, how near a line is near, in metres."""

    areas: AreasOn
    near_m: float
    before: Trial
    after: Trial


def opened_between(session: Session, since: datetime, until: datetime, limit: int) -> list[Found]:
    """Cases opened in ``[since, until)`` that have a place, the latest first."""
    period = (Case.opened_at >= since, Case.opened_at < until, Report.geom.is_not(None))
    query = _cases().where(*period).order_by(Case.opened_at.desc(), Case.id).limit(limit)
    return list(session.execute(query))


def one(session: Session, case: Case) -> Found:
    """A case with its report and place."""
    return session.execute(_cases().where(Case.id == case.id)).one()


def _cases() -> Select[Case, Report, float | None, float | None]:
    return select(Case, Report, LON, LAT).join(Report, Report.id == Case.report_id)


def replay(found: list[Found], run: Run) -> Iterator[Replayed]:
    """Run cases by both trials, as if each report came in again when it did. Raises NoEdition."""
    for case, report, lon, lat in found:
        before, after = (
            _outcome((case, report, lon, lat), trial, run) for trial in (run.before, run.after)
        )
        yield Replayed(case, report, before, after)


def _outcome(
    found: tuple[Case, Report, float | None, float | None], trial: Trial, run: Run
) -> Outcome:
    case, report, lon, lat = found
    filing = filing_of(report, lon, lat)
    graded = foreseen(trial.bench.form, case.id, filing)
    on = trial.areas_on or report.routed_on
    ground = Ground(run.areas(on), Geocoder(()), run.near_m, trial.bench)
    place = Place({}, Method(report.method), lon=lon, lat=lat, radius_m=report.radius_m)
    _, plan, ruling = routed(place, ground, Told(filing, graded.grade, report.received_at), on)
    return Outcome.of(plan, ruling, graded.tier)
