"""What the routes of risk take and answer."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.cases.domain import GRADE_TITLES, Grade, Tier
from api.reports.domain import CATEGORY_TITLES, Category
from api.risk.domain import (
    DEFAULT,
    MEASURE_TITLES,
    SIGN_TITLES,
    Calibrated,
    Calibration,
    Form,
    Found,
    Measure,
    Scored,
    Sign,
    SignRule,
    Step,
    content_of,
)
from api.risk.models import Grading, RiskForm
from api.risk.service import Answers, Queued, Risk
from api.schemas import Line, Said, Strict, example
from layers.shares import Share

LAX = Field(strict=False)
Points = Annotated[int, Field(ge=0, le=100)]
Number = Annotated[int, Field(ge=0, le=1_000_000_000_000)]
Word = Annotated[str, Field(min_length=1, max_length=20)]
MeasureCode = Annotated[Measure, LAX]
SignCode = Annotated[Sign, LAX]
GradeCode = Annotated[Grade, LAX]
ANSWERS: dict[str, Any] = {
    "measures": {"people": 20, "amount_yuan": 380_000, "repeats": 1},
    "signs": ["unpaid_workers", "collective"],
}


class StepPart(Strict):
    """From ``at_least`` on a number counts ``points``."""

    at_least: Number
    points: Points


class SignPart(Strict):
    """What a sign counts, whether it makes a case red alone, and the words that tell of it."""

    points: Points
    red: bool = False
    words: list[Word] = Field(default=[], max_length=100)


class FormParts(Strict):
    """The scored form. ``harmless`` are longer words in which a word of a sign means nothing."""

    measures: dict[MeasureCode, Annotated[list[StepPart], Field(max_length=10)]]
    signs: dict[SignCode, SignPart]
    categories: dict[Annotated[Category, LAX], Points]
    thresholds: dict[GradeCode, Annotated[int, Field(ge=1, le=1000)]]
    tiers: dict[GradeCode, Annotated[Tier, LAX]]
    harmless: list[Word] = Field(default=[], max_length=200)


class FormRequest(FormParts):
    """The next version of the form: what was read, with its version, changed; and why."""

    model_config = example(content_of(DEFAULT) | {"version": 0, "reason": "春节前欠薪案件从严"})

    version: int = Field(ge=0)
    reason: Line

    def form(self) -> Form:
        """The form as the domain has it, under the version that it was made from."""
        measures = {
            each: tuple(Step(step.at_least, step.points) for step in steps)
            for each, steps in self.measures.items()
        }
        signs = {
            each: SignRule(rule.points, tuple(rule.words), rule.red)
            for each, rule in self.signs.items()
        }
        rest = (self.categories, self.thresholds, self.tiers, tuple(self.harmless))
        return Form(self.version, measures, signs, *rest)


class VersionAnswer(BaseModel):
    """A version of the form: when it was made, and why."""

    version: int
    made_at: datetime
    reason: str

    @classmethod
    def of(cls, row: RiskForm) -> "VersionAnswer":
        """The answer for a stored version."""
        return cls(version=row.version, made_at=row.made_at, reason=row.reason)


class FormAnswer(FormParts):
    """The form that holds, with the titles of its parts. ``default``: nobody has changed it."""

    version: int
    default: bool
    titles: dict[str, Said]
    versions: list[VersionAnswer]

    @classmethod
    def of(cls, form: Form, versions: Sequence[RiskForm]) -> "FormAnswer":
        """The answer for the form in force."""
        told = [VersionAnswer.of(each) for each in versions]
        return cls(
            **content_of(form),
            version=form.version,
            default=form.version == 0,
            titles=_said({**MEASURE_TITLES, **SIGN_TITLES, **CATEGORY_TITLES, **GRADE_TITLES}),
            versions=told,
        )


def _said(titles: Mapping[Any, Any]) -> dict[str, Said]:
    return {code.value: Said(**title._asdict()) for code, title in titles.items()}


class AnswersRequest(Strict):
    """What a person says of a case; numbers that are left out are taken from the report."""

    model_config = example(ANSWERS)

    measures: dict[MeasureCode, Number] = Field(default={})
    signs: list[SignCode] = Field(default=[], max_length=len(Sign))

    def answers(self) -> Answers:
        """The answers as the service takes them."""
        return Answers(self.measures, frozenset(self.signs))


class GradingRequest(AnswersRequest):
    """A person's assessment; ``reason`` is a remark, and may be left out."""

    model_config = example(ANSWERS | {"reason": "已电话核实"})

    reason: Line | None = None


class OverrideRequest(Strict):
    """A grade against the form's result, and why."""

    model_config = example({"grade": "red", "reason": "当事人当面扬言极端行为"})

    grade: GradeCode
    reason: Line


class SecondRequest(Strict):
    """Whether the second person agrees; whoever does not says why."""

    model_config = example({"agreed": True})

    agreed: bool
    reason: Line | None = None


class ReasonAnswer(BaseModel):
    """Why there are points."""

    factor: str
    points: int
    said: Said


class ScoredAnswer(BaseModel):
    """What the form says of the answers. Nothing of it is kept."""

    points: int
    grade: str
    reasons: list[ReasonAnswer]

    @classmethod
    def of(cls, scored: Scored) -> "ScoredAnswer":
        """The answer for a score."""
        reasons = [ReasonAnswer.model_validate(each.content()) for each in scored.reasons]
        return cls(points=scored.points, grade=scored.grade.value, reasons=reasons)


class GradingAnswer(BaseModel):
    """One grading. ``given`` is the override where there is one, else the form's ``grade``.

    ``mine``: the asker gave it, so somebody else has to confirm it.
    """

    id: int
    at: datetime
    actor: str
    system: bool
    mine: bool
    form_version: int
    factors: dict[str, Any]
    points: int
    grade: str
    given: str
    overridden: bool
    reasons: list[ReasonAnswer]
    reason: str | None
    standing: str
    second_at: datetime | None
    second_reason: str | None

    @classmethod
    def of(cls, row: Grading, asker: object) -> "GradingAnswer":
        """The answer for a stored grading, for the person of an id."""
        names = set(cls.model_fields) - {"system", "mine", "given", "overridden", "reasons"}
        return cls(
            **{name: getattr(row, name) for name in names},
            system=row.by is None,
            mine=row.by == asker,
            given=row.given.value,
            overridden=row.override is not None,
            reasons=[ReasonAnswer.model_validate(each) for each in row.reasons],
        )


class FoundAnswer(BaseModel):
    """A word in ``text``, by code points. ``denied``: the text says that it is not so."""

    sign: str
    word: str
    start: int
    end: int
    denied: bool

    @classmethod
    def of(cls, found: Found) -> "FoundAnswer":
        """The answer for a found word."""
        return cls(**found._asdict())


class RiskAnswer(BaseModel):
    """All that is known of a case's risk. ``suggested``: what its report says by itself."""

    number: str
    state_code: str
    grade: str | None
    tier: str | None
    synthetic: bool
    text: str
    found: list[FoundAnswer]
    suggested: dict[str, Any]
    items: list[GradingAnswer]

    @classmethod
    def of(cls, risk: Risk, asker: object) -> "RiskAnswer":
        """The answer for a case's risk, for the person of an id."""
        case, known, rows = risk
        return cls(
            number=case.number,
            state_code=case.state,
            grade=case.grade,
            tier=case.tier,
            synthetic=known.synthetic,
            text=known.words,
            found=[FoundAnswer.of(each) for each in known.found],
            suggested=known.factors.content(),
            items=[GradingAnswer.of(each, asker) for each in rows],
        )


class QueuedAnswer(BaseModel):
    """A case in a queue of the assessor's, with the grading that counts or waits."""

    number: str
    category: str
    title: str | None
    people_involved: int
    street_code: str | None
    state_code: str
    grade: str | None
    opened_at: datetime
    synthetic: bool
    grading: GradingAnswer | None

    @classmethod
    def of(cls, queued: Queued, asker: object) -> "QueuedAnswer":
        """The answer for a case that waits."""
        case, report, grading = queued
        told = ("category", "title", "people_involved", "street_code", "synthetic")
        return cls(
            **{name: getattr(report, name) for name in told},
            number=case.number,
            state_code=case.state,
            grade=case.grade,
            opened_at=case.opened_at,
            grading=None if grading is None else GradingAnswer.of(grading, asker),
        )


class QueueAnswer(BaseModel):
    """What waits for an assessment (``total`` of them), and what waits for a second person."""

    total: int
    to_assess: list[QueuedAnswer]
    to_confirm: list[QueuedAnswer]


class PeriodRequest(Strict):
    """Days of Beijing on which the cases were opened, both included."""

    since: Annotated[date, Field(strict=False, alias="from")]
    until: Annotated[date, Field(strict=False, alias="to")]


class ShareAnswer(BaseModel):
    """A share with its Wilson interval at 95 %."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, share: Share) -> "ShareAnswer":
        """The answer for a share."""
        return cls(**share._asdict())


class CalibratedAnswer(BaseModel):
    """How the cases of a grade went on; null for one to four."""

    grade: str
    cases: int | None
    escalated: int | None
    share: ShareAnswer | None
    overridden: int | None

    @classmethod
    def of(cls, grade: Grade, found: Calibrated) -> "CalibratedAnswer":
        """The answer for a grade."""
        share = None if found.share is None else ShareAnswer.of(found.share)
        counts = {"cases": found.cases, "escalated": found.escalated}
        return cls(grade=grade.value, share=share, overridden=found.overridden, **counts)


class AgreementAnswer(BaseModel):
    """How many cases the system graded one way and the first person another; null for 1 to 4."""

    system: str
    person: str
    cases: int | None


class CalibrationAnswer(BaseModel):
    """Whether the grades told what came. Only counts, and none of fewer than five cases."""

    by_grade: list[CalibratedAnswer]
    confusion: list[AgreementAnswer]

    @classmethod
    def of(cls, found: Calibration) -> "CalibrationAnswer":
        """The answer for a calibration."""
        return cls(
            by_grade=[CalibratedAnswer.of(*each) for each in found.by_grade.items()],
            confusion=[
                AgreementAnswer(system=system.value, person=person.value, cases=cases)
                for (system, person), cases in found.confusion.items()
            ],
        )
