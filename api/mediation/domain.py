"""What is done to settle a case, what is agreed, and who still has to do what. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from api.refusals import BadInput, Fault
from gis.wording import Wording

LARGEST_YUAN = Decimal("999999999999.99")
MOST_INSTALMENTS = 120


class MeasureKind(StrEnum):
    """Something that was done with the parties or for them."""

    ORDER_KEPT = "order_kept"
    STATUTE_EXPLAINED = "statute_explained"
    SHUTTLE = "shuttle"
    FAMILY_MEETING = "family_meeting"
    PLEDGE = "pledge"
    ENFORCEMENT = "enforcement"
    AID = "aid"
    COUNSELLING = "counselling"
    HOME_VISIT = "home_visit"
    OTHER = "other"


MEASURE_TITLES = {
    MeasureKind.ORDER_KEPT: Wording("维护现场秩序", "Order was kept on site"),
    MeasureKind.STATUTE_EXPLAINED: Wording("法律释明", "The law was explained"),
    MeasureKind.SHUTTLE: Wording("背靠背调解", "Shuttle mediation"),
    MeasureKind.FAMILY_MEETING: Wording("家庭会议", "Family meeting"),
    MeasureKind.PLEDGE: Wording("签署承诺书", "A pledge was signed"),
    MeasureKind.ENFORCEMENT: Wording("法院执行", "Court enforcement"),
    MeasureKind.AID: Wording("救助帮扶", "Aid was given"),
    MeasureKind.COUNSELLING: Wording("心理疏导", "Counselling"),
    MeasureKind.HOME_VISIT: Wording("入户走访", "Home visit"),
    MeasureKind.OTHER: Wording("其他措施", "Another measure"),
}


class Form(StrEnum):
    """How an agreement was made; an oral one is valid when the mediator records it
    (人民调解法第二十八条).
    """

    WRITTEN = "written"
    ORAL = "oral"


FORM_TITLES = {
    Form.WRITTEN: Wording("调解协议书", "Written agreement"),
    Form.ORAL: Wording("口头协议", "Oral agreement, recorded"),
}


class Standing(StrEnum):
    """Where an instalment stands on a day."""

    DUE = "due"
    PARTIAL = "partial"
    PAID = "paid"
    OVERDUE = "overdue"


STANDING_TITLES = {
    Standing.DUE: Wording("未到期", "Not yet due"),
    Standing.PARTIAL: Wording("部分支付", "Partly paid"),
    Standing.PAID: Wording("已付清", "Paid"),
    Standing.OVERDUE: Wording("已逾期", "Overdue"),
}


class TaskKind(StrEnum):
    """What somebody was asked to do."""

    LEDGER = "ledger"
    VISIT = "visit"
    WATCH = "watch"
    PAPERS = "papers"
    OTHER = "other"


TASK_TITLES = {
    TaskKind.LEDGER: Wording("跟踪台账", "Keep the ledger"),
    TaskKind.VISIT: Wording("走访", "Visit"),
    TaskKind.WATCH: Wording("关注动态", "Watch"),
    TaskKind.PAPERS: Wording("准备材料", "Prepare papers"),
    TaskKind.OTHER: Wording("其他", "Other"),
}


@dataclass(frozen=True)
class Due:
    """One instalment of an agreement, in yuan, due at the end of its day in Beijing."""

    on: date
    amount: Decimal


def require_plan(total: Decimal | None, instalments: Sequence[Due], agreed_on: date) -> None:
    """Refuse instalments that do not add up. Raises BadInput with the field of each fault."""
    faults = list(_faults(total, instalments, agreed_on))
    if faults:
        raise BadInput(*faults)


def _faults(total: Decimal | None, instalments: Sequence[Due], agreed: date) -> Iterator[Fault]:
    for place, due in enumerate(instalments):
        if due.on < agreed:
            what = Wording("早于协议日期", "lies before the day of the agreement")
            mend = Wording("填写协议之后的日期", "give a later day")
            yield Fault(f"instalments.{place}.due_on", what, mend)
        if place and due.on <= instalments[place - 1].on:
            what = Wording("不晚于上一期", "is not later than the instalment before")
            mend = Wording("按到期日先后填写", "give them in the order of their days")
            yield Fault(f"instalments.{place}.due_on", what, mend)
    planned = sum((due.amount for due in instalments), Decimal(0))
    if instalments and planned != (total or Decimal(0)):
        what = Wording(f"各期合计 {planned} 元，与总额不符", f"the instalments add up to {planned}")
        mend = Wording("使各期之和等于总额", "make them add up to the amount")
        yield Fault("amount", what, mend)


def standing(due: Due, paid: Decimal, today: date) -> Standing:
    """Where an instalment stands: paid, overdue after its day, partly paid, or not yet due."""
    if paid >= due.amount:
        return Standing.PAID
    if today > due.on:
        return Standing.OVERDUE
    return Standing.PARTIAL if paid else Standing.DUE


def require_payable(amount: Decimal, left: Decimal) -> None:
    """Refuse a payment beyond what is left of an instalment. Raises BadInput."""
    if amount > left:
        what = Wording(f"超过本期未付的 {left} 元", f"is more than the {left} yuan left of it")
        mend = Wording("多付的部分记入下一期", "enter the rest with the next instalment")
        raise BadInput(Fault("amount", what, mend))
