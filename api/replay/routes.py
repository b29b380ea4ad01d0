"""Trying changed rules or areas on cases of the past, before they hold. Nothing is changed."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from fastapi import APIRouter
from sqlalchemy.orm import Session

from api.beijing import BEIJING
from api.cases.service import find_case
from api.refusals import BadInput, Fault
from api.replay import schemas, service
from api.replay.domain import shifts
from api.replay.service import Run, Trial
from api.rights.gate import Asker, Asking
from api.rules import service as rules
from api.rules.door import BenchNow
from api.rules.service import Bench
from api.schemas import PROBLEMS
from gis.wording import Wording
from grids.editions import NoEdition

router = APIRouter(tags=["rules"], responses=PROBLEMS)

MOST_SHOWN = 200


@router.post("/v1/rules/preview", response_model=schemas.ReplayedAnswer)
def preview(body: schemas.PreviewRequest, asker: Asker, bench: BenchNow) -> schemas.ReplayedAnswer:
    """What other rules or areas would do with one case."""
    run = _run(body, asker, bench)
    with asker.transaction() as session:
        found = service.one(session, find_case(session, body.case_number))
    (replayed,) = _replayed([found], run)
    return schemas.ReplayedAnswer.of(replayed)


@router.post("/v1/rules/replay", response_model=schemas.ReplayAnswer)
def run_again(body: schemas.ReplayRequest, asker: Asker, bench: BenchNow) -> schemas.ReplayAnswer:
    """Which cases of some days would have gone elsewhere, and what each unit gains or loses."""
    since = datetime.combine(body.since, time(), BEIJING)
    until = datetime.combine(body.until, time(), BEIJING) + timedelta(days=1)
    if since >= until:
        what = Wording("结束日早于开始日", "it ends before it begins")
        raise BadInput(Fault("until", what, Wording("选择更晚的日期", "choose a later day")))
    run = _run(body, asker, bench)
    with asker.transaction() as session:
        found = service.opened_between(session, since, until, body.limit)
    replayed = _replayed(found, run)
    changed = [each for each in replayed if each.before.differs(each.after)]
    moved = shifts((each.before, each.after) for each in replayed)
    return schemas.ReplayAnswer.of(len(replayed), changed, moved, MOST_SHOWN)


def _run(body: schemas.TrialRequest, asker: Asking, bench: Bench) -> Run:
    given = asker.given
    with asker.system() as house:
        tried = _tried(house, body, bench)
    after = Trial(tried, body.areas_on)
    return Run(given.editions.at, given.settings.near_line_m, Trial(bench), after)


def _tried(house: Session, body: schemas.TrialRequest, bench: Bench) -> Bench:
    """The bench with the rules that are tried, which must be sound like any others."""
    listed, version = body.listed(), body.version or 0
    if listed is not None:
        rules.check(house, listed)
    elif body.version is not None:
        listed = rules.rules_of(rules.find(house, body.version))
    else:
        return bench
    names = rules.names_of(house, listed)
    return replace(bench, rules=listed, version=version, names=names)


def _replayed(found: list[service.Found], run: Run) -> list[service.Replayed]:
    try:
        return list(service.replay(found, run))
    except NoEdition:
        what = Wording("当日没有生效的区划数据", "no areas are in force on this day")
        mend = Wording("选择有区划数据的日期", "choose a day that has areas")
        raise BadInput(Fault("areas_on", what, mend)) from None
