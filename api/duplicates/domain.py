"""How alike two reports are: by place, time, category, words, size and parties. Pure.

The score is 0..1. Each dimension is 0..1 by itself and has a weight [our own choice]; the weights
of :data:`WEIGHTS` add up to one. The same parties raise what is left to one: somebody who comes
twice is worth a look even with another matter. Nothing is decided by it: a person looks.

Words are compared by pairs of neighbouring characters, since Chinese has no spaces and a short
report no sentences. A pair that most of the neighbourhood's reports share (the estate's name, 要求)
tells little, so pairs weigh by their rarity (inverse document frequency, Spärck Jones 1972) among
the reports that are compared. Half of the result is how much both share (Dice), half how much
of the shorter one is in the longer (overlap), since one of them is still being typed.
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from gis.wording import Wording


class Dimension(StrEnum):
    """In what two reports are compared."""

    PLACE = "place"
    TIME = "time"
    CATEGORY = "category"
    WORDS = "words"
    SIZE = "size"
    PARTIES = "parties"


DIMENSION_TITLES: Mapping[Dimension, Wording] = {
    Dimension.PLACE: Wording("地点", "Place"),
    Dimension.TIME: Wording("时间", "Time"),
    Dimension.CATEGORY: Wording("类别", "Category"),
    Dimension.WORDS: Wording("内容", "Words"),
    Dimension.SIZE: Wording("人数", "People"),
    Dimension.PARTIES: Wording("当事人", "Parties"),
}

WEIGHTS: Mapping[Dimension, float] = {
    Dimension.PLACE: 0.25,
    Dimension.TIME: 0.10,
    Dimension.CATEGORY: 0.15,
    Dimension.WORDS: 0.45,
    Dimension.SIZE: 0.05,
}
SAME_PARTIES = (0.0, 0.6, 0.8)
"""How much of what is left to one is given for none, one, and several same parties."""

SHOWN, LIKELY = 0.6, 0.7
"""From which score on a case is shown, and from which on it is likely the same."""

MOST_SHOWN = 10
SAME_SPOT_M, REACH_M = 30.0, 200.0
MOST_VAGUE_M = 100.0
SAME_DAY, WINDOW = timedelta(days=1), timedelta(days=60)
UNKNOWN_PLACE = 0.3
LEAST_PAIRS = 3
"""Fewer pairs of characters say nothing yet."""


class Sketch(NamedTuple):
    """What of a report is compared. ``vague_m``: how far its place may be off, in metres."""

    category: str | None
    text: str
    occurred_at: datetime
    people: int = 1
    vague_m: float = 0.0


class Compared(NamedTuple):
    """One dimension of a comparison: how alike, 0..1, and in words."""

    dimension: Dimension
    alike: float
    words: Wording


class Likeness(NamedTuple):
    """How alike a case is."""

    score: float
    reasons: Sequence[Compared]

    @property
    def likely(self) -> bool:
        """Whether it is likely the same matter."""
        return self.score >= LIKELY


Rarity = Callable[[str], float]


def rarity(texts: Iterable[str]) -> Rarity:
    """How much a pair of characters tells, by how few of ``texts`` hold it."""
    held = [pairs(text) for text in texts]
    many: Counter[str] = Counter(pair for each in held for pair in each)
    return lambda pair: math.log(1 + (len(held) + 1) / (many[pair] + 1))


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text, without punctuation, width and case."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(each for each in plain if each.isalnum())
    return frozenset(letters[place : place + 2] for place in range(len(letters) - 1))


def words_alike(text: str, other: str, rare: Rarity) -> float:
    """How alike two texts are, 0..1; 0 while one of them says nothing yet."""
    own, its = pairs(text), pairs(other)
    if min(len(own), len(its)) < LEAST_PAIRS:
        return 0.0
    shared, first, second = (sum(map(rare, each)) for each in (own & its, own, its))
    return (2 * shared / (first + second) + shared / min(first, second)) / 2


def place_alike(away_m: float | None, vague_m: float) -> float:
    """1 on the same spot, 0 at :data:`REACH_M`; what is vague about both places is taken off."""
    if away_m is None:
        return UNKNOWN_PLACE
    apart = max(away_m - min(vague_m, MOST_VAGUE_M), 0.0)
    return _falling(apart, SAME_SPOT_M, REACH_M)


def time_alike(between: timedelta) -> float:
    """1 within a day, 0 at :data:`WINDOW`: many disputes go on for weeks."""
    hour = timedelta(hours=1)
    return _falling(abs(between) / hour, SAME_DAY / hour, WINDOW / hour)


def _falling(value: float, full: float, none: float) -> float:
    return min(max((none - value) / (none - full), 0.0), 1.0)


def compare(
    asked: Sketch, known: Sketch, away_m: float | None, parties: int, rare: Rarity
) -> Likeness:
    """How alike a known report is to the one asked about. ``parties``: how many are the same."""
    between = asked.occurred_at - known.occurred_at
    same = asked.category is not None and asked.category == known.category
    size = min(asked.people, known.people) / max(asked.people, known.people)
    words = words_alike(asked.text, known.text, rare)
    near = place_alike(away_m, asked.vague_m + known.vague_m)
    reasons = [
        Compared(Dimension.PLACE, near, _place_words(away_m)),
        Compared(Dimension.TIME, time_alike(between), _time_words(abs(between))),
        Compared(Dimension.CATEGORY, float(same), SAME_CATEGORY if same else OTHER_CATEGORY),
        Compared(Dimension.WORDS, words, _words_words(words)),
        Compared(Dimension.SIZE, size, _size_words(known.people)),
    ]
    base = sum(WEIGHTS[each.dimension] * each.alike for each in reasons)
    if parties:
        raised = SAME_PARTIES[min(parties, 2)]
        reasons.append(Compared(Dimension.PARTIES, raised, _party_words(parties)))
        base += (1 - base) * raised
    return Likeness(round(base, 4), reasons)


SAME_CATEGORY = Wording("类别相同", "the same category")
OTHER_CATEGORY = Wording("类别不同", "another category")


def _place_words(away_m: float | None) -> Wording:
    if away_m is None:
        return Wording("地点未定", "place unknown")
    return Wording(f"相距 {away_m:.0f} 米", f"{away_m:.0f} m apart")


def _time_words(between: timedelta) -> Wording:
    if between < SAME_DAY:
        hours = round(between / timedelta(hours=1))
        return Wording(f"相差 {hours} 小时", f"{hours} h apart")
    days = round(between / timedelta(days=1))
    return Wording(f"相差 {days} 天", f"{days} d apart")


def _words_words(alike: float) -> Wording:
    return Wording(f"内容相似 {alike:.0%}", f"words {alike:.0%} alike")


def _size_words(people: int) -> Wording:
    return Wording(f"涉及 {people} 人", f"{people} people involved")


def _party_words(parties: int) -> Wording:
    return Wording(f"{parties} 名当事人相同", f"the same parties: {parties}")
