"""The form, the words and their denials, and the grades that come of them."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cases.domain import Grade, Tier
from api.refusals import BadInput
from api.reports.domain import Category, Filing, ReportKind, Source
from api.risk.domain import (
    DEFAULT,
    MEASURE_TITLES,
    SIGN_TITLES,
    Factors,
    Measure,
    Sign,
    SignRule,
    Step,
    calibrated,
    content_of,
    factors_of,
    find,
    form_of,
    needs_second,
    preliminary,
    require_sound,
    score,
)
from tests.api.conftest import NOW


def filing(text: str, people: int = 1, category: Category = Category.OTHER) -> Filing:
    told = {"category": category, "text": text, "people_involved": people}
    return Filing(kind=ReportKind.DISPUTE, occurred_at=NOW, source=Source.WINDOW, **told)


def signs_of(text: str) -> set[Sign]:
    return set(factors_of(DEFAULT, filing(text)).signs)


# What a text says, and the signs that are there.
SAID = {
    "扬言要自杀": {Sign.SUICIDE},
    "說要跳樓": {Sign.SUICIDE},
    "他想自 杀": {Sign.SUICIDE},
    "活不下去了": {Sign.SUICIDE},
    "准备砍人": {Sign.VIOLENCE},
    "带了一桶汽油，要同归于尽": {Sign.FIRE},
    "拿刀堵门": {Sign.WEAPON, Sign.BLOCKING},
    "要报复，还要上访": {Sign.VIOLENCE, Sign.PETITION},
    "工人集体到工地拉横幅，堵路": {Sign.COLLECTIVE, Sign.BLOCKING},
    "已联系记者曝光": {Sign.MEDIA},
    "老人患尿毒症，子女不赡养": {Sign.ELDER, Sign.ILL},
    # A denial, near and through what may stand between.
    "不想自杀": set(),
    "没有自杀的想法": set(),
    "沒有想要自殺": set(),
    "没想过自杀": set(),
    "否认持刀": set(),
    "从未上访": set(),
    "不再上访": set(),
    "并不打算报复": set(),
    "未发生过家暴": set(),
    "没有上访、堵路和报复": set(),
    "无上访，无堵路": set(),
    # A denial of something else, or none at all: a threat is not overlooked.
    "没钱看病要自杀": {Sign.SUICIDE},
    "不给钱就跳楼": {Sign.SUICIDE},
    "别逼我跳楼": {Sign.SUICIDE},
    "工作没了要自杀": {Sign.SUICIDE},
    "日子过不去想自杀": {Sign.SUICIDE},
    "给钱，要不自杀": {Sign.SUICIDE},
    "非要跳楼": {Sign.SUICIDE},
    "忍不住想自杀": {Sign.SUICIDE},
    "什么都没有想自杀": {Sign.SUICIDE},
    "不得不上访": {Sign.PETITION},
    "有没有带刀不清楚": {Sign.WEAPON},
    "没有人受伤，持刀": {Sign.WEAPON},
    "不是不想上访": {Sign.PETITION},
    "从未上访，但扬言报复": {Sign.VIOLENCE},
    # Longer words in which a word means nothing.
    "因砍树、砍价发生争执": set(),
    "集体土地征收补偿": set(),
}


@pytest.mark.parametrize(("text", "signs"), SAID.items(), ids=SAID.keys())
def test_what_is_said_is_a_sign_and_what_is_denied_is_none(text: str, signs: set[Sign]) -> None:
    assert signs_of(text) == signs


def test_a_found_word_is_where_it_stands_in_the_text() -> None:
    text = "业主說要跳樓，没有 带刀"
    assert [(text[each.start : each.end], each.word) for each in find(DEFAULT, text)] == [
        ("跳樓", "跳楼"),
        ("带刀", "带刀"),
    ]


@given(st.text("自杀不没有想要跳楼，、 砍树無", max_size=30))
def test_every_found_word_is_in_the_text_and_none_overlap(text: str) -> None:
    found = find(DEFAULT, text)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


def test_the_words_that_were_found_are_the_reason() -> None:
    scored = preliminary(DEFAULT, filing("多人上访并进京，准备再上访"))
    (reason,) = scored.reasons
    assert reason.factor == "petition"
    assert reason.said.zh == "越级上访：“上访”、“进京”"


@pytest.mark.parametrize("sign", [Sign.SUICIDE, Sign.WEAPON])
def test_a_weapon_or_a_threat_of_suicide_is_red_at_once(sign: Sign) -> None:
    scored = score(DEFAULT, Factors(signs={sign: ()}))
    assert scored.points < DEFAULT.thresholds[Grade.RED]
    assert scored.grade is Grade.RED
    assert "直接定为红色" in scored.reasons[0].said.zh


def test_the_two_published_cases_are_orange_and_yellow() -> None:
    wages = filing("20 余名司机集体讨薪，公司拖欠运费", 20, Category.LABOUR)
    support = filing("老人患尿毒症，子女拒绝赡养，判决未执行", 4, Category.FAMILY)
    assert preliminary(DEFAULT, wages).grade is Grade.ORANGE
    assert preliminary(DEFAULT, support).grade is Grade.YELLOW
    assert preliminary(DEFAULT, filing("楼上漏水", 2, Category.NEIGHBOUR)).grade is Grade.BLUE


@pytest.mark.parametrize(
    ("people", "points"), [(1, 0), (4, 0), (5, 10), (29, 10), (30, 25), (500, 25)]
)
def test_the_scale_of_a_group_is_five_and_thirty(people: int, points: int) -> None:
    assert score(DEFAULT, Factors(measures={Measure.PEOPLE: people})).points == points


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        *((0, Grade.BLUE), (19, Grade.BLUE), (20, Grade.YELLOW), (39, Grade.YELLOW)),
        *((40, Grade.ORANGE), (59, Grade.ORANGE), (60, Grade.RED), (400, Grade.RED)),
    ],
)
def test_the_thresholds_belong_to_the_higher_grade(points: int, grade: Grade) -> None:
    assert DEFAULT.grade(points) is grade


@given(
    st.dictionaries(st.sampled_from(Measure), st.integers(0, 10**9)),
    st.sets(st.sampled_from(Sign)),
    st.sampled_from(Sign),
)
def test_every_point_has_a_reason_and_one_more_sign_never_lowers_the_grade(
    measures: dict[Measure, int], signs: set[Sign], more: Sign
) -> None:
    scored = score(DEFAULT, Factors(None, measures, dict.fromkeys(signs, ())))
    assert scored.points == sum(each.points for each in scored.reasons)
    assert all(each.said.zh and each.said.en for each in scored.reasons)
    worse = score(DEFAULT, Factors(None, measures, dict.fromkeys(signs | {more}, ())))
    assert list(Grade).index(worse.grade) <= list(Grade).index(scored.grade)


def test_the_grade_names_the_level_that_handles_it() -> None:
    assert DEFAULT.tiers == {
        Grade.RED: Tier.DISTRICT,
        Grade.ORANGE: Tier.STREET,
        Grade.YELLOW: Tier.STREET,
        Grade.BLUE: Tier.COMMUNITY,
    }


@pytest.mark.parametrize(
    ("before", "after", "overridden", "second"),
    [
        (None, Grade.RED, False, False),
        (Grade.BLUE, Grade.RED, False, False),
        (Grade.BLUE, Grade.RED, True, True),
        (Grade.RED, Grade.BLUE, True, True),
        (Grade.RED, Grade.YELLOW, False, True),
        (Grade.RED, Grade.RED, False, False),
        (Grade.BLUE, Grade.ORANGE, True, False),
    ],
)
def test_nobody_alone_takes_a_case_out_of_red_or_makes_it_red_against_the_form(
    before: Grade | None, after: Grade, overridden: bool, second: bool
) -> None:
    assert needs_second(before, after, overridden=overridden) is second


def test_a_form_is_the_same_after_it_was_kept_as_json() -> None:
    assert form_of(0, content_of(DEFAULT)) == DEFAULT
    assert require_sound(DEFAULT) is DEFAULT
    assert set(MEASURE_TITLES) == set(Measure)
    assert set(SIGN_TITLES) == set(Sign)


FLAWED = {
    "thresholds": replace(DEFAULT, thresholds={**DEFAULT.thresholds, Grade.YELLOW: 50}),
    "measures": replace(DEFAULT, measures={}),
    "tiers": replace(DEFAULT, tiers={Grade.RED: Tier.DISTRICT}),
    "measures.people": replace(
        DEFAULT, measures={**DEFAULT.measures, Measure.PEOPLE: (Step(30, 1), Step(5, 2))}
    ),
    "signs": replace(DEFAULT, signs={**DEFAULT.signs, Sign.MEDIA: SignRule(1, ("自杀",))}),
}


@pytest.mark.parametrize("where", FLAWED)
def test_a_form_that_grades_nothing_sensibly_is_refused(where: str) -> None:
    with pytest.raises(BadInput) as refused:
        require_sound(FLAWED[where])
    assert where in {fault.where for fault in refused.value.faults}


def test_small_numbers_are_not_shown() -> None:
    found = calibrated(
        [("red", "red", (10, 5, 0)), ("red", "blue", (3, 3, 3)), ("yellow", None, (20, 4, 6))]
    )
    assert found.by_grade[Grade.RED].share is not None
    assert found.by_grade[Grade.BLUE] == (None, None, None, None)
    assert found.by_grade[Grade.YELLOW] == (20, None, None, 6)
    assert found.by_grade[Grade.ORANGE] == (0, 0, None, 0)
    assert found.confusion == {(Grade.RED, Grade.RED): 10, (Grade.RED, Grade.BLUE): None}
