"""The names a gazetteer knows, found as written, nearly as written, or by their sound."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, lazy_pinyin
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

SHORTLIST = 40
"""Names that the character index hands on to the exact comparison."""
LEAST_SIMILARITY = 0.5
LEAST_SOUND = 0.75
LONG_ENOUGH = 3
"""Characters from which a name inside a longer text (or the reverse) means something."""

OTHER_FIGURES = 0.9
"""Weight of a name with other figures in it: 榆林大5街7号 may be 榆林大街57号."""


class Kind(StrEnum):
    """How a word stands to the place it names."""

    NAME = "name"
    ALIAS = "alias"
    FORMER = "former"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Word:
    """One way to call a place. `place` is its number; `until` the year a former name ended."""

    text: str
    place: int
    kind: Kind = Kind.NAME
    until: str | None = None


@lru_cache(maxsize=65536)
def spelled(text: str) -> tuple[str, str]:
    """Pinyin of a text in capitals: whole and initials ('DONGTAJIE', 'DTJ')."""
    syllables = lazy_pinyin(text, style=Style.NORMAL)
    whole = "".join(syllables).upper()
    return whole, "".join(s[0] for s in syllables if s).upper()


def similarity(asked: str, known: str) -> float:
    """How alike two written names are, 0..1; 1 only for the same.

    Edits count per character (a swap is one), names that sound the same nearly as the same,
    and a whole name inside a longer text by the share it covers.
    """
    if asked == known:
        return 1.0
    sound, known_sound = spelled(asked)[0], spelled(known)[0]
    look = max(OSA.normalized_similarity(asked, known), _inside(asked, known))
    if sound == known_sound:
        look = max(look, 0.88)
    likeness = 0.9 * look + 0.1 * OSA.normalized_similarity(sound, known_sound)
    return likeness if _figures(asked) == _figures(known) else likeness * OTHER_FIGURES


def _figures(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _inside(asked: str, known: str) -> float:
    """One name inside the other, by its share; never enough alone to be taken unseen.

    The end of a name says most: 查东塔街 may be 东塔街, 东塔街小学 is something else.
    """
    if len(known) >= LONG_ENOUGH and known in asked:
        start = 0.68 if asked.endswith(known) else 0.55
        return start + 0.2 * len(known) / len(asked)
    if len(asked) >= LONG_ENOUGH and asked in known:
        return 0.5 + 0.35 * len(asked) / len(known)
    return 0.0


class Vocabulary:
    """All words of one gazetteer. Reading only after it is built; safe to share by threads."""

    def __init__(self, words: Iterable[Word]) -> None:
        """Index the words: by text, by their characters and pairs, by pinyin and initials."""
        self.words = tuple(dict.fromkeys(words))
        self._by_text: dict[str, list[Word]] = defaultdict(list)
        self._by_initials: dict[str, list[Word]] = defaultdict(list)
        self._by_sound: dict[str, list[Word]] = defaultdict(list)
        for word in self.words:
            self._by_text[word.text].append(word)
        for text, named in self._by_text.items():
            sound, initials = spelled(text)
            self._by_sound[sound] += named
            self._by_initials[initials] += named
        self._texts = tuple(self._by_text)
        self._sounds = tuple(self._by_sound)
        self._grams = _GramIndex(self._texts)

    def exact(self, text: str) -> list[Word]:
        """The words written just so."""
        return self._by_text.get(text, [])

    def near(self, text: str) -> list[tuple[Word, float]]:
        """Words written nearly so with their similarity, best first, at least the least one."""
        shortlist = {self._texts[i] for i in self._grams.nearest(text, SHORTLIST)}
        shortlist |= {word.text for word in self._by_sound.get(spelled(text)[0], ())}
        scored = [(known, similarity(text, known)) for known in shortlist]
        kept = sorted(((s, k) for k, s in scored if s >= LEAST_SIMILARITY), reverse=True)
        return [(word, s) for s, known in kept for word in self._by_text[known]]

    def initials(self, letters: str) -> list[Word]:
        """The words with these pinyin initials."""
        return self._by_initials.get(letters, [])

    def sounding(self, letters: str) -> list[tuple[Word, float]]:
        """Words by their whole pinyin, small slips allowed, with their similarity, best first."""
        cutoff = LEAST_SOUND * 100
        found = process.extract(
            letters, self._sounds, scorer=fuzz.ratio, limit=8, score_cutoff=cutoff
        )
        return [(word, s / 100) for sound, s, _ in found for word in self._by_sound[sound]]


class _GramIndex:
    """Inverted index of single characters and padded pairs, weighted by their rarity."""

    def __init__(self, texts: Iterable[str]) -> None:
        postings: dict[str, list[int]] = defaultdict(list)
        count = 0
        for count, text in enumerate(texts, start=1):
            for gram in _grams(text):
                postings[gram].append(count - 1)
        self._size = count
        self._postings = {gram: np.array(ids, np.int32) for gram, ids in postings.items()}
        self._rarity = {g: float(np.log1p(count / ids.size)) for g, ids in self._postings.items()}
        self._length = self._lengths()

    def _lengths(self) -> NDArray[np.float64]:
        """Square root of the summed rarity of each text, so that long names do not win by size."""
        total = np.zeros(self._size)
        for gram, ids in self._postings.items():
            total[ids] += self._rarity[gram]
        return np.sqrt(np.maximum(total, 1e-9))

    def nearest(self, text: str, limit: int) -> list[int]:
        """Positions of the texts that share most with this one, in no particular order."""
        grams = [gram for gram in _grams(text) if gram in self._postings]
        if not grams:
            return []
        hits = np.concatenate([self._postings[gram] for gram in grams])
        weights = np.repeat(
            [self._rarity[gram] for gram in grams], [self._postings[gram].size for gram in grams]
        )
        score = np.bincount(hits, weights, minlength=self._size) / self._length
        limit = min(limit, self._size)
        best = np.argpartition(score, self._size - limit)[self._size - limit :]
        return [int(i) for i in best if score[i] > 0]


def _grams(text: str) -> set[str]:
    """Single characters and pairs with the ends marked: 东塔 → 东, 塔, ^东, 东塔, 塔$."""
    return {*text, *(a + b for a, b in pairwise(f"^{text}$"))}
