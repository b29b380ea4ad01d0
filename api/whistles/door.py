"""Who comes in to a joint consultation (专家会诊), and what they think. The caller commits."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from api.cases.domain import Acting, Happening
from api.cases.models import Case
from api.cases.service import Line, add_member, members_of, write_history
from api.refusals import Conflict, Missing
from api.whistles.domain import PROFESSION_TITLES, Profession
from api.whistles.models import Whistle, WhistleExpert
from api.whistles.service import find_whistle, of_mine, require_running
from gis.wording import Wording


@dataclass(frozen=True)
class Expert:
    """Somebody who is asked for an opinion. With an account they see the case from then on."""

    name: str
    profession: Profession
    person_id: UUID | None = None


def seat(session: Session, whistle_id: int, expert: Expert, acting: Acting) -> tuple[Whistle, Case]:
    """Ask an expert. Raises Missing, Forbidden, Conflict when the whistle has ended."""
    whistle, case = of_mine(session, whistle_id, acting)
    require_running(whistle)
    known = {member.person_id for member in members_of(session, case.id)}
    if expert.person_id is not None and expert.person_id not in known:
        add_member(session, case, expert.person_id, whistle.blown_by, acting.at)
    session.add(WhistleExpert(whistle_id=whistle.id, **vars(expert)))
    session.flush()
    return whistle, case


def give_opinion(
    session: Session, whistle_id: int, expert_id: int, acting: Acting
) -> tuple[Whistle, Case]:
    """Write down what an expert thinks: their own word, or entered for one who has no account.

    Raises Missing, Conflict where somebody else was asked, or said it already.
    """
    whistle, case = find_whistle(session, whistle_id, locked=True)
    row = session.get(WhistleExpert, expert_id)
    if row is None or row.whistle_id != whistle_id:
        raise Missing(Wording("没有这位专家", "this expert was not asked"))
    if row.person_id not in {None, acting.person_id}:
        raise Conflict(Wording("由本人填写意见", "they give their opinion themselves"))
    if row.opinion:
        raise Conflict(Wording("意见已记录", "the opinion is written down already"))
    row.opinion, row.opinion_at, row.entered_by = acting.reason, acting.at, acting.person_id
    profession = PROFESSION_TITLES[Profession(row.profession)]._asdict()
    words = {"profession": profession, "words": acting.reason}
    write_history(session, [Line(case.id, Happening.OPINION, words, acting.name)])
    session.flush()
    return whistle, case
