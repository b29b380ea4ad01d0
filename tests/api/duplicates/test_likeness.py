"""How alike two reports are, by tables and against a labelled set of our own."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from api.duplicates.domain import (
    LIKELY,
    REACH_M,
    SHOWN,
    WEIGHTS,
    Dimension,
    Sketch,
    compare,
    pairs,
    place_alike,
    rarity,
    time_alike,
    words_alike,
)
from tests.api.duplicates.told_again import SEED, Told, again, lately, near

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LEAK = "楼上卫生间漏水两个月，天花板发霉，对方拒绝维修"
LEAK_AGAIN = "天花板都发霉了，楼上卫生间漏水，对方不肯维修"
NOISE = "楼下饭店油烟直排，居民无法开窗，多次投诉"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sketch(category: str = "neighbour", text: str = LEAK, later: timedelta = HOUR) -> Sketch:
    return Sketch(category, text, NOW + later, people=2)


ASKED = sketch(text=LEAK_AGAIN, later=timedelta())
CASES = (
    # known report, metres, same parties: shown, likely
    (sketch(), 10.0, 0, True, True),
    (sketch(later=3 * DAY), 80.0, 0, True, True),
    (sketch(text=NOISE), 10.0, 0, False, False),
    (sketch("environment", NOISE), 10.0, 0, False, False),
    (sketch("environment", NOISE, 30 * DAY), 150.0, 0, False, False),
    (sketch("environment", NOISE, 30 * DAY), 150.0, 1, True, False),
    (sketch("environment", NOISE), None, 2, True, True),
    (sketch(), None, 0, True, False),
    (sketch(later=59 * DAY), 199.0, 0, False, False),
    (sketch("property"), 10.0, 0, True, False),
)


@pytest.mark.parametrize(("known", "away_m", "parties", "shown", "likely"), CASES)
def test_same_place_day_and_words_are_likely_and_the_same_house_with_other_words_is_not(
    known: Sketch, away_m: float | None, parties: int, shown: bool, likely: bool
) -> None:
    found = compare(ASKED, known, away_m, parties, rarity([LEAK, NOISE]))
    assert (found.score >= SHOWN, found.likely) == (shown, likely), found.score


def test_the_weights_add_up_to_one_and_the_very_same_report_scores_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert compare(ASKED, ASKED, 0.0, 0, rarity([LEAK])).score == pytest.approx(1)


@pytest.mark.parametrize("parties", [0, 1, 2, 5])
def test_a_score_stays_between_nought_and_one_and_parties_never_lower_it(parties: int) -> None:
    other = sketch("other", "无关的另一件事情", 400 * DAY)
    rare = rarity([other.text])
    found = compare(ASKED, other, 5000.0, parties, rare).score
    assert 0 <= compare(ASKED, other, 5000.0, 0, rare).score <= found <= 1


@pytest.mark.parametrize(
    ("away_m", "vague_m", "alike"),
    [(0, 0, 1), (30, 0, 1), (115, 0, 0.5), (200, 0, 0), (180, 100, 0.7059), (None, 0, 0.3)],
)
def test_distance_counts_from_thirty_metres_to_two_hundred_less_what_is_vague(
    away_m: float | None, vague_m: float, alike: float
) -> None:
    assert place_alike(away_m, vague_m) == pytest.approx(alike, abs=1e-4)


@pytest.mark.parametrize(
    ("hours", "alike"), [(0, 1), (24, 1), (-24, 1), (72, 0.9661), (1440, 0), (9999, 0)]
)
def test_a_day_is_the_same_time_and_sixty_days_are_not(hours: float, alike: float) -> None:
    assert time_alike(hours * HOUR) == pytest.approx(alike, abs=1e-4)


def test_width_case_and_punctuation_do_not_count() -> None:
    assert pairs("ＡＢ座，漏水！") == pairs("ab座漏水") == {"ab", "b座", "座漏", "漏水"}


@pytest.mark.parametrize("text", ["", "。", "漏", "漏水", "漏水了"])
def test_what_says_nothing_yet_is_like_nothing(text: str) -> None:
    assert words_alike(text, LEAK, rarity([LEAK])) == 0


def test_what_all_neighbours_write_tells_less_than_what_two_write() -> None:
    common = "望花小区住户反映"
    others = [f"{common}{each}" for each in ("电梯停用", "下水堵塞", "屋面漏雨", "垃圾无人清运")]
    rare = rarity(others)
    own = f"{common}电梯坏了"
    assert words_alike(own, others[0], rare) > words_alike(own, others[1], rare) + 0.15


def test_words_are_alike_both_ways_round() -> None:
    rare = rarity([LEAK, NOISE])
    assert words_alike(LEAK, LEAK_AGAIN, rare) == words_alike(LEAK_AGAIN, LEAK, rare)


def test_every_dimension_is_told_in_both_languages() -> None:
    reasons = compare(ASKED, sketch(), 12.3, 1, rarity([LEAK])).reasons
    assert {each.dimension for each in reasons} == set(Dimension)
    assert all(each.words.zh and each.words.en for each in reasons)
    assert reasons[0].words == ("相距 12 米", "12 m apart")


def _score(asked: Told, known: Told, metres: float, texts: list[str]) -> float:
    sketches = (
        Sketch(each.filing.category, each.text, each.at, each.filing.people_involved)
        for each in (asked, known)
    )
    return compare(*sketches, metres, 0, rarity(texts)).score


def test_of_reports_told_again_nearly_all_are_found_among_the_neighbours_of_sixty_days() -> None:
    """300 reports of the demo in other words, up to 80 m and 3 days off, among all 1,746 others.

    Recall: how many are shown. Precision: how many of those shown as likely are the one. The demo
    draws its texts from some fifty stories, so that truly different cases often read the same;
    precision is given with and without those of the same story at the same estate.
    """
    reports, dice = lately(), np.random.default_rng(SEED)
    shown = likely = false = false_apart = first = 0
    for place in dice.choice(len(reports), 300, replace=False):
        told = reports[place]
        asked = again(told, dice)
        found = near(asked, reports, REACH_M)
        texts = [each.text for each, _ in found]
        scores = [(_score(asked, each, metres, texts), each) for each, metres in found]
        own = next(score for score, each in scores if each is told)
        others = [each for score, each in scores if score >= LIKELY and each is not told]
        shown, likely = shown + (own >= SHOWN), likely + (own >= LIKELY)
        first += own == max(score for score, _ in scores)
        false += len(others)
        false_apart += sum(each.filing.title != told.filing.title for each in others)
    assert shown / 300 >= 0.98
    assert first / 300 >= 0.95
    assert likely / 300 >= 0.90
    assert likely / (likely + false) >= 0.85
    assert likely / (likely + false_apart) >= 0.97
