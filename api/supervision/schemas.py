"""What the board of supervision answers."""

from datetime import datetime, timedelta

from pydantic import BaseModel

from api.cases.domain import CLOCK_TITLES, TIER_TITLES, ClockKind, Tier
from api.clocks.domain import CARD_TITLES, Card
from api.schemas import Said
from api.supervision.domain import is_silent
from api.supervision.service import GivenCard, LateClock, Tally


def _said(kind: str) -> Said:
    return Said(**CLOCK_TITLES[ClockKind(kind)]._asdict())


class WorkerAnswer(BaseModel):
    """Whether anybody gives the cards. ``stuck`` clocks could not be served and are tried again."""

    last_beat: datetime | None
    silent: bool
    stuck: int

    @classmethod
    def of(cls, silence: timedelta | None, now: datetime, stuck: int) -> "WorkerAnswer":
        """The answer for how long no worker was heard."""
        last = None if silence is None else now - silence
        return cls(last_beat=last, silent=is_silent(silence), stuck=stuck)


class TallyAnswer(BaseModel):
    """Running clocks of one kind at one unit; each is counted in one of the four."""

    kind: str
    title: Said
    unit_code: str | None
    unit_name: str | None
    on_time: int
    reminded: int
    yellow: int
    red: int

    @classmethod
    def of(cls, tally: Tally) -> "TallyAnswer":
        """The answer for a tally."""
        return cls(title=_said(tally.kind), **tally._asdict())


class LateAnswer(BaseModel):
    """A running clock that is late; ``state`` is yellow, or red after its limit once more."""

    case_number: str
    grade: str | None
    kind: str
    title: Said
    unit_code: str | None
    unit_name: str | None
    due_at: datetime
    late_s: int
    state: str
    synthetic: bool

    @classmethod
    def of(cls, late: LateClock, now: datetime) -> "LateAnswer":
        """The answer for a clock at an instant of the database's."""
        state = Card.RED if late.red_at <= now else Card.YELLOW
        told = {name: word for name, word in late._asdict().items() if name != "red_at"}
        late_s = int((now - late.due_at).total_seconds())
        return cls(title=_said(late.kind), late_s=late_s, state=state, **told)


class CardAnswer(BaseModel):
    """A reminder or a card that was given, and the level it went to."""

    case_number: str
    kind: str
    title: Said
    unit_code: str | None
    unit_name: str | None
    card: str
    card_title: Said
    tier: str
    tier_title: Said
    due_at: datetime
    at: datetime
    synthetic: bool

    @classmethod
    def of(cls, given: GivenCard) -> "CardAnswer":
        """The answer for a stored card."""
        return cls(
            title=_said(given.kind),
            card_title=Said(**CARD_TITLES[Card(given.card)]._asdict()),
            tier_title=Said(**TIER_TITLES[Tier(given.tier)]._asdict()),
            **given._asdict(),
        )


class BoardAnswer(BaseModel):
    """The board. ``now`` is the database's time; ``missing_years`` have no calendar yet."""

    now: datetime
    worker: WorkerAnswer
    missing_years: list[int]
    counts: list[TallyAnswer]
    late: list[LateAnswer]
    cards: list[CardAnswer]
