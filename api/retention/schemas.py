"""What the routes of retention take and answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, Field

from api.cases.models import LegalHold
from api.retention.domain import TERMS, Kind
from api.retention.models import RetentionPeriod, RetentionRun
from api.schemas import Line, Said, Strict, example


class PeriodRequest(Strict):
    """A kind's new period, and why."""

    model_config = example({"days": 1825, "reason": "档案管理规定"})

    days: int = Field(ge=1, le=36_500)
    reason: Line


class ReasonRequest(Strict):
    """Why a case is held, or held no longer."""

    model_config = example({"reason": "法院调卷"})

    reason: Line


class PeriodAnswer(BaseModel):
    """How long a kind is kept after what ``begins`` says, and within which bounds it may be set."""

    kind: str
    title: Said
    begins: Said
    days: int
    default: int
    least: int
    most: int
    changed_by: UUID | None
    changed_at: datetime | None
    reason: str | None

    @classmethod
    def of(cls, kind: Kind, kept: timedelta, changed: RetentionPeriod | None) -> "PeriodAnswer":
        """The answer for a kind."""
        term = TERMS[kind]
        return cls(
            kind=kind.value,
            title=Said(**term.title._asdict()),
            begins=Said(**term.begins._asdict()),
            days=kept.days,
            default=term.default,
            least=term.least,
            most=term.most,
            changed_by=changed.changed_by if changed else None,
            changed_at=changed.changed_at if changed else None,
            reason=changed.reason if changed else None,
        )


class PeriodList(BaseModel):
    """Every kind that expires."""

    items: list[PeriodAnswer]

    @classmethod
    def of(
        cls, periods: Mapping[Kind, timedelta], changes: Mapping[Kind, RetentionPeriod]
    ) -> "PeriodList":
        """The answer for all kinds."""
        items = [PeriodAnswer.of(kind, kept, changes.get(kind)) for kind, kept in periods.items()]
        return cls(items=items)


class RunAnswer(BaseModel):
    """A run: how many of each kind it took. ``finished_at`` is null while it goes on or if cut."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, int]

    @classmethod
    def of(cls, run: RetentionRun) -> "RunAnswer":
        """The answer for a stored run."""
        words = {"started_at": run.started_at, "finished_at": run.finished_at}
        return cls(id=run.id, counts=run.counts, **words)


class RunList(BaseModel):
    """The latest runs, newest first."""

    items: list[RunAnswer]


class HoldAnswer(BaseModel):
    """The legal hold on a case."""

    case_number: str
    reason: str
    set_by: UUID
    set_at: datetime

    @classmethod
    def of(cls, number: str, hold: LegalHold) -> "HoldAnswer":
        """The answer for a stored hold."""
        return cls(case_number=number, reason=hold.reason, set_by=hold.set_by, set_at=hold.set_at)
