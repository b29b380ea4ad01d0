"""First-asked custody (首问责任): who is answerable for a case at every instant. Pure.

The first person asked stays answerable until a named unit has accepted, and whoever hands a case
over stays answerable until the receiver has signed for it [S].
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from api.cases.domain import Acting
from api.refusals import BadInput, Conflict, Fault
from api.rights.roles import Role
from gis.wording import Wording


class How(StrEnum):
    """How a case changes hands."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    SYSTEM = "system"


HOW_TITLES = {
    How.IN_PERSON: Wording("当面", "in person"),
    How.PHONE: Wording("电话", "by phone"),
    How.SYSTEM: Wording("系统", "in the system"),
}


class Gap(StrEnum):
    """What is wrong with a chain."""

    UNSIGNED = "unsigned"
    UNNAMED = "unnamed"


GAP_TITLES = {
    Gap.UNSIGNED: Wording("交接超时未签收", "A hand-over was not signed for in time"),
    Gap.UNNAMED: Wording("案件无具名责任人", "Nobody by name is answerable for the case"),
}
GAP_LIMITS = {Gap.UNSIGNED: timedelta(hours=1), Gap.UNNAMED: timedelta(minutes=30)}
"""Our own choice [O]. By the clock, at night too: somebody is waiting."""


@dataclass(frozen=True)
class Holder:
    """Who is answerable: a person, a unit, or (neither) the system that took the case in."""

    name: str
    person_id: UUID | None = None
    unit_code: str | None = None

    @property
    def named(self) -> bool:
        """Whether it is a person or a unit."""
        return self.person_id is not None or self.unit_code is not None

    def is_(self, acting: Acting) -> bool:
        """Whether somebody acts for the holder: as that person, or of that unit."""
        return (self.person_id is not None and self.person_id == acting.person_id) or (
            self.unit_code is not None and self.unit_code == acting.unit_code
        )


CENTRE = frozenset({Role.DISPATCHER, Role.ASSESSOR})


def require_giver(holder: Holder, acting: Acting) -> None:
    """Only who holds a case hands it over, or the centre. Raises Conflict."""
    if not holder.is_(acting) and not acting.roles & CENTRE:
        raise Conflict(
            Wording("只有当前责任人或中心可以交接", "only the holder or the centre hands it over")
        )


def require_receiver(to: Holder, acting: Acting, how: How) -> None:
    """Only the receiver signs; the centre signs for them, saying how they told it and whom.

    Raises Conflict, BadInput.
    """
    if to.is_(acting):
        return
    if not acting.roles & CENTRE:
        raise Conflict(Wording("只有接收方可以签收", "only the receiver signs"))
    if how is How.SYSTEM or not acting.reason:
        what = Wording("代签需注明方式和经手人", "signing for somebody needs how and who told it")
        mend = Wording("选择当面或电话，并写明是谁", "choose in person or by phone, and say who")
        raise BadInput(Fault("reason", what, mend))
