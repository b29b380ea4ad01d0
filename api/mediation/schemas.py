"""What the routes of mediation take and answer."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from api.mediation.domain import (
    FORM_TITLES,
    LARGEST_YUAN,
    MEASURE_TITLES,
    MOST_INSTALMENTS,
    STANDING_TITLES,
    TASK_TITLES,
    Due,
    Form,
    MeasureKind,
    TaskKind,
    standing,
)
from api.mediation.models import Agreement, Instalment, Measure, Task
from api.mediation.service import Errand, Terms
from api.schemas import Line, Prose, Said, Strict, example

LAX = Field(strict=False)
Yuan = Annotated[Decimal, Field(strict=False, gt=0, le=LARGEST_YUAN, decimal_places=2)]
Day = Annotated[date, LAX]


class MeasureRequest(Strict):
    """Something that was done. Names of people do not belong into its words."""

    model_config = example(
        {"kind": "statute_explained", "words": "《保障中小企业款项支付条例》第八条"}
    )

    kind: Annotated[MeasureKind, LAX]
    words: Prose


class InstalmentRequest(Strict):
    """One instalment, in yuan."""

    due_on: Day
    amount: Yuan


class AgreementRequest(Strict):
    """What the parties agreed on; amounts in yuan, as text or number with at most two decimals."""

    model_config = example(
        {
            "form": "written",
            "words": "企业分两期付清拖欠的运费",
            "agreed_on": "2026-11-24",
            "amount": "300000.00",
            "instalments": [
                {"due_on": "2026-12-24", "amount": "150000.00"},
                {"due_on": "2027-01-24", "amount": "150000.00"},
            ],
        }
    )

    form: Annotated[Form, LAX]
    words: Prose
    agreed_on: Day
    amount: Yuan | None = None
    instalments: list[InstalmentRequest] = Field(default=[], max_length=MOST_INSTALMENTS)

    def terms(self) -> Terms:
        """The agreement as the domain has it."""
        instalments = tuple(Due(each.due_on, each.amount) for each in self.instalments)
        return Terms(self.form, self.words, self.agreed_on, self.amount, instalments)


class PaymentRequest(Strict):
    """Money that was paid on an instalment."""

    model_config = example({"position": 1, "amount": "150000.00", "paid_on": "2026-12-20"})

    position: int = Field(ge=1, le=MOST_INSTALMENTS)
    amount: Yuan
    paid_on: Day


class TaskRequest(Strict):
    """What a person, or anybody of a unit, is asked to do: one of the two."""

    model_config = example(
        {
            "kind": "ledger",
            "words": "每期到期前一天核对支付情况",
            "for_unit": "street:210104013000",
            "due_on": "2026-12-24",
        }
    )

    kind: Annotated[TaskKind, LAX]
    words: Prose
    due_on: Day
    for_person: Annotated[UUID | None, LAX] = None
    for_unit: Line | None = None

    @model_validator(mode="after")
    def _for_one(self) -> "TaskRequest":
        if (self.for_person is None) == (self.for_unit is None):
            raise PydanticCustomError("for_one", "either for_person or for_unit")
        return self

    def errand(self) -> Errand:
        """The task as the domain has it."""
        return Errand(self.kind, self.words, self.due_on, self.for_person, self.for_unit)


class ResultRequest(Strict):
    """What came of a task."""

    model_config = example({"result": "首期已到账"})

    result: Prose


class MeasureAnswer(BaseModel):
    """Something that was done."""

    kind: str
    title: Said
    words: str
    done_at: datetime
    by_name: str
    unit_code: str | None

    @classmethod
    def of(cls, row: Measure) -> "MeasureAnswer":
        """The answer for a stored measure."""
        return cls(
            kind=row.kind,
            title=Said(**MEASURE_TITLES[MeasureKind(row.kind)]._asdict()),
            words=row.words,
            done_at=row.done_at,
            by_name=row.by_name,
            unit_code=row.unit_code,
        )


class InstalmentAnswer(BaseModel):
    """An instalment and where it stands today."""

    position: int
    due_on: date
    amount: Decimal
    paid: Decimal
    paid_on: date | None
    standing: str
    title: Said

    @classmethod
    def of(cls, row: Instalment, today: date) -> "InstalmentAnswer":
        """The answer for a stored instalment, on a day in Beijing."""
        found = standing(Due(row.due_on, row.amount), row.paid, today)
        return cls(
            position=row.position,
            due_on=row.due_on,
            amount=row.amount,
            paid=row.paid,
            paid_on=row.paid_on,
            standing=found,
            title=Said(**STANDING_TITLES[found]._asdict()),
        )


class AgreementAnswer(BaseModel):
    """The agreement in force, with its ledger."""

    form: str
    title: Said
    words: str
    amount: Decimal | None
    agreed_on: date
    recorded_at: datetime
    by_name: str
    instalments: list[InstalmentAnswer]

    @classmethod
    def of(cls, row: Agreement, ledger: Sequence[Instalment], today: date) -> "AgreementAnswer":
        """The answer for a stored agreement, on a day in Beijing."""
        return cls(
            form=row.form,
            title=Said(**FORM_TITLES[Form(row.form)]._asdict()),
            words=row.words,
            amount=row.amount,
            agreed_on=row.agreed_on,
            recorded_at=row.recorded_at,
            by_name=row.by_name,
            instalments=[InstalmentAnswer.of(each, today) for each in ledger],
        )


class TaskAnswer(BaseModel):
    """A task, of which case, and what came of it."""

    id: int
    case_number: str
    kind: str
    title: Said
    words: str
    for_person: UUID | None
    for_unit: str | None
    due_on: date
    set_at: datetime
    done_at: datetime | None
    result: str | None

    @classmethod
    def of(cls, row: Task, number: str) -> "TaskAnswer":
        """The answer for a stored task."""
        return cls(
            id=row.id,
            case_number=number,
            kind=row.kind,
            title=Said(**TASK_TITLES[TaskKind(row.kind)]._asdict()),
            words=row.words,
            for_person=row.for_person,
            for_unit=row.for_unit,
            due_on=row.due_on,
            set_at=row.set_at,
            done_at=row.done_at,
            result=row.result,
        )


class TaskList(BaseModel):
    """What the asker, or the asker's unit, still has to do; the first due first."""

    items: list[TaskAnswer]


class MediationAnswer(BaseModel):
    """What was done for a case, what was agreed, and what is still to be done."""

    measures: list[MeasureAnswer]
    agreement: AgreementAnswer | None
    tasks: list[TaskAnswer]


class WorkerAnswer(BaseModel):
    """Somebody who can be given a task."""

    id: UUID
    name: str


class WorkerList(BaseModel):
    """Grid workers, by name."""

    items: list[WorkerAnswer]
