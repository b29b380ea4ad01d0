"""How long data is kept, what the runs took, and the legal holds that keep a case from them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from api.audit.domain import Deed, Entry
from api.audit.service import record
from api.cases.models import Case, LegalHold
from api.cases.service import find_case, hold_of, lift_hold, set_hold
from api.parties.domain import require_reason
from api.refusals import Missing
from api.retention import schemas, service
from api.retention.domain import Kind
from api.retention.models import RetentionPeriod
from api.rights.gate import Asker, Asking
from api.schemas import PROBLEMS
from gis.wording import Wording

router = APIRouter(tags=["retention"], responses=PROBLEMS)

Number = Annotated[str, Path(max_length=32)]


@router.get("/v1/retention", response_model=schemas.PeriodList)
def periods(asker: Asker) -> schemas.PeriodList:
    """How long each kind of data is kept."""
    with asker.system() as session:
        return schemas.PeriodList.of(service.periods(session), service.changes(session))


@router.put("/v1/retention/{kind}", response_model=schemas.PeriodAnswer)
def change(kind: Kind, body: schemas.PeriodRequest, asker: Asker) -> schemas.PeriodAnswer:
    """Set a period within its bounds; the next run goes by it."""
    require_reason(body.reason)
    by = {"changed_by": asker.who.id, "changed_at": asker.now, "reason": body.reason}
    with asker.system() as session:
        before = service.periods(session)[kind].days
        changed = service.change(session, RetentionPeriod(kind=kind.value, days=body.days, **by))
        content = {"before": before, "days": body.days}
        subject = f"retention:{kind.value}"
        _note(session, asker, Deed.RETENTION_CHANGED, subject, content, reason=body.reason)
        return schemas.PeriodAnswer.of(kind, service.periods(session)[kind], changed)


@router.get("/v1/retention/runs", response_model=schemas.RunList)
def runs(asker: Asker, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> schemas.RunList:
    """The latest runs and how much of each kind they took."""
    with asker.system() as session:
        items = [schemas.RunAnswer.of(each) for each in service.runs(session, limit)]
    return schemas.RunList(items=items)


@router.get("/v1/cases/{number}/hold", response_model=schemas.HoldAnswer)
def show_hold(number: Number, asker: Asker) -> schemas.HoldAnswer:
    """The legal hold on a case; 404 where it is not held."""
    with asker.transaction() as session:
        return schemas.HoldAnswer.of(number, _hold(session, find_case(session, number)))


@router.put("/v1/cases/{number}/hold", response_model=schemas.HoldAnswer)
def hold(number: Number, body: schemas.ReasonRequest, asker: Asker) -> schemas.HoldAnswer:
    """Keep a case with its parties from every run, until the hold is lifted."""
    require_reason(body.reason)
    by = {"set_by": asker.who.id, "set_at": asker.now, "reason": body.reason}
    with asker.transaction() as session:
        held = set_hold(session, LegalHold(case_id=find_case(session, number).id, **by))
        _note(session, asker, Deed.LEGAL_HOLD_SET, f"case:{number}", {}, reason=body.reason)
        return schemas.HoldAnswer.of(number, held)


@router.delete("/v1/cases/{number}/hold", status_code=204)
def lift(number: Number, body: schemas.ReasonRequest, asker: Asker) -> None:
    """Let a case expire again; what is overdue goes with the next run."""
    require_reason(body.reason)
    with asker.transaction() as session:
        lift_hold(session, _hold(session, find_case(session, number)))
        _note(session, asker, Deed.LEGAL_HOLD_LIFTED, f"case:{number}", {}, reason=body.reason)


def _hold(session: Session, case: Case) -> LegalHold:
    found = hold_of(session, case.id)
    if found is None:
        raise Missing(Wording("本案没有法律保全", "the case is not held"))
    return found


def _note(
    session: Session,
    asker: Asking,
    deed: Deed,
    subject: str,
    content: dict[str, Any],
    *,
    reason: str,
) -> None:
    who = asker.who
    record(session, [Entry(deed, str(who.id), who.name, subject, content, reason)], asker.now)
