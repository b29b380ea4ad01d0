"""Kinds of data that expire, and the bounds of their periods. Pure.

Personal data is kept no longer than its purpose needs (个人信息保护法, article 19). The audit is no
kind: nothing deletes it, which keeps more than the six months of 网络安全法, article 21 (3).
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from api.refusals import BadInput, Fault
from gis.wording import Wording


class Kind(StrEnum):
    """A kind of data with a period of its own, in the order in which a run takes them."""

    IDENTITY = "identity"
    CASE = "case"
    IDEMPOTENCY_KEY = "idempotency_key"
    SESSION = "session"
    DRAFT = "draft"


class Term(NamedTuple):
    """How long a kind is kept, in days: by default, and the bounds within which it may be set."""

    title: Wording
    begins: Wording
    default: int
    least: int
    most: int


CLOSED = Wording("结案", "the case was closed")

TERMS: Mapping[Kind, Term] = {
    Kind.IDENTITY: Term(Wording("当事人身份信息", "Identity of parties"), CLOSED, 365, 30, 3650),
    Kind.CASE: Term(Wording("案件内容", "What a case tells"), CLOSED, 1825, 365, 10_950),
    Kind.IDEMPOTENCY_KEY: Term(
        Wording("幂等键及其答复", "Idempotency keys and their answers"),
        Wording("提交", "it was submitted"),
        30,
        1,
        365,
    ),
    Kind.SESSION: Term(
        Wording("已结束的会话", "Ended sessions"), Wording("会话结束", "it ended"), 30, 1, 365
    ),
    Kind.DRAFT: Term(
        Wording("未登记的草稿", "Drafts that were not filed"),
        Wording("最后修改", "it was last changed"),
        30,
        1,
        365,
    ),
}


def period(kind: Kind, days: int) -> timedelta:
    """A period in days. Raises BadInput outside of the kind's bounds."""
    term = TERMS[kind]
    if not term.least <= days <= term.most:
        what = Wording("超出允许的期限", "the period is out of bounds")
        bounds = f"{term.least}–{term.most}"
        mend = Wording(f"填写 {bounds} 天", f"give {bounds} days")
        raise BadInput(Fault("days", what, mend))
    return timedelta(days=days)
