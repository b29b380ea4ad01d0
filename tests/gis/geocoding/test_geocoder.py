"""What a written address is answered with: rank, radius, reason, and when a person is asked."""

import math
import random
import re

import pytest

from gis.geocoding.entry import Candidate, GazetteerEntry, Level
from gis.geocoding.geocoder import Geocoder
from gis.geocoding.match import ACCEPT_MARGIN, ACCEPT_SCORE, decided
from tests.gis.geocoding.town import entry, town


@pytest.fixture(scope="module")
def geocoder() -> Geocoder:
    """The made-up town."""
    return Geocoder(town())


def first(geocoder: Geocoder, text: str) -> Candidate:
    """The best candidate; there must be one."""
    return geocoder.geocode(text).candidates[0]


@pytest.mark.parametrize(
    ("text", "level", "name"),
    [
        ("东塔街12号", Level.DOOR, "东塔街12号"),
        ("辽宁省沈阳市大东区东塔街道东塔街１２号", Level.DOOR, "东塔街12号"),
        ("东塔街十二号", Level.DOOR, "东塔街12号"),
        ("东塔街43号之一", Level.DOOR, "东塔街43-1号"),
        ("东逸花园3栋", Level.BUILDING, "东逸花园3号楼"),
        ("东逸花园A3-9-9", Level.BUILDING, "东逸花园A3栋"),
        ("东逸花园3-2-5-1", Level.ROOM, "东逸花园3栋2单元501室"),
        ("东逸花园", Level.ESTATE, "东逸花园"),
        ("珠林路与滂江街交汇处", Level.INTERSECTION, "珠林路与滂江街交汇处"),
        ("滂江街珠林路口", Level.INTERSECTION, "珠林路与滂江街交汇处"),
        ("滂江街站", Level.POI, "滂江街站"),
        ("地铁10号线滂江街站A口", Level.POI, "滂江街站"),
        ("九一八纪念馆", Level.POI, "沈阳九·一八历史博物馆"),
        ("望花南街246号", Level.DOOR, "望花南街246号"),
        ("长安路", Level.ROAD, "长安路"),
        ("长安街道", Level.STREET, "长安街道"),
        ("东塔街", Level.ROAD, "东塔街"),
        ("东塔街道", Level.STREET, "东塔街道"),
        ("大东区八家子社区", Level.COMMUNITY, "八家子社区"),
        ("前詹屯村", Level.COMMUNITY, "前詹屯村民委员会"),
        ("前詹屯", Level.COMMUNITY, "前詹屯村民委员会"),
        ("dongtajie12hao", Level.DOOR, "东塔街12号"),
        ("dtj12h", Level.DOOR, "东塔街12号"),
        ("东踏街12号", Level.DOOR, "东塔街12号"),
        ("东塔待12号", Level.DOOR, "东塔街12号"),
        ("东塔街12好", Level.DOOR, "东塔街12号"),
    ],
)
def test_the_best_candidate_is_what_was_meant(
    geocoder: Geocoder, text: str, level: Level, name: str
) -> None:
    candidate = first(geocoder, text)
    assert (candidate.level, candidate.text) == (level, name)


def test_what_is_written_exactly_scores_one_and_needs_no_person(geocoder: Geocoder) -> None:
    best = geocoder.best("沈阳市大东区东塔街12号")
    assert best is not None
    assert best.score == 1.0
    assert best.radius_m == 15


def test_a_missing_number_is_interpolated_and_says_so(geocoder: Geocoder) -> None:
    candidate = first(geocoder, "东塔街20号")
    assert candidate.level is Level.DOOR
    assert "18号" in candidate.explanation_zh
    assert "22号" in candidate.explanation_zh
    assert "内插" in candidate.explanation_zh
    assert "interpolated" in candidate.explanation_en
    assert candidate.score < 1.0
    assert candidate.lat == pytest.approx(41.80 + 20 * 0.00007)
    assert candidate.radius_m == pytest.approx(15.5, abs=0.3)


def test_an_unknown_number_leaves_the_road_with_the_roads_radius_to_a_person(
    geocoder: Geocoder,
) -> None:
    answer = geocoder.geocode("东塔街9999号")
    assert answer[0].level is Level.ROAD
    assert answer[0].radius_m == 1400
    assert geocoder.best("东塔街9999号") is None
    assert any("须由人确认" in note.zh for note in answer.notes)
    assert any("不是一个点" in note.zh for note in answer.notes)


def test_a_room_that_is_not_known_gives_its_building(geocoder: Geocoder) -> None:
    best = geocoder.best("东逸花园4栋1单元101室")
    assert best is not None
    assert best.text == "东逸花园4号楼"
    assert "未收录该单元或房间" in best.explanation_zh


def test_a_building_that_is_not_known_gives_the_estate_to_a_person(geocoder: Geocoder) -> None:
    assert first(geocoder, "东逸花园99栋").level is Level.ESTATE
    assert geocoder.best("东逸花园99栋") is None


def test_an_abolished_street_office_is_understood_and_confirmed(geocoder: Geocoder) -> None:
    candidate = first(geocoder, "新东街道")
    assert candidate.text == "东塔街道"
    assert "2013年撤销" in candidate.explanation_zh
    assert geocoder.best("新东街道") is None
    assert first(geocoder, "辽沈街道").text == "东站街道"


def test_a_former_office_in_front_of_a_road_is_no_contradiction(geocoder: Geocoder) -> None:
    best = geocoder.best("新东街道东塔街12号")
    assert best is not None
    assert best.score == 1.0


def test_another_office_in_front_of_a_road_is_a_contradiction(geocoder: Geocoder) -> None:
    candidate = first(geocoder, "长安街道东塔街12号")
    assert candidate.text == "东塔街12号"
    assert "不在文中所写的“长安街道”" in candidate.explanation_zh
    assert geocoder.best("长安街道东塔街12号") is None


def test_the_office_in_front_decides_between_two_places_of_one_name() -> None:
    twins = [
        entry(Level.STREET, "东塔街道", 123.5, 41.79, 900, street_code="A"),
        entry(Level.STREET, "长安街道", 123.48, 41.79, 900, street_code="B"),
        entry(Level.POI, "老年食堂", 123.5, 41.79, 20, street_code="A"),
        entry(Level.POI, "老年食堂", 123.48, 41.79, 20, street_code="B"),
    ]
    geocoder = Geocoder(twins)
    assert geocoder.best("老年食堂") is None
    best = geocoder.best("长安街道老年食堂")
    assert best is not None
    assert best.lon == 123.48


@pytest.mark.parametrize(
    "text", ["沈河区东塔街12号", "铁西区", "望花区雷锋路1号", "抚顺市东塔街12号"]
)
def test_a_name_outside_the_district_has_no_candidate_and_a_reason(
    geocoder: Geocoder, text: str
) -> None:
    answer = geocoder.geocode(text)
    assert not answer.candidates
    assert "不在大东区内" in answer.notes[0].zh
    assert "is not in" in answer.notes[0].en
    assert geocoder.best(text) is None


def test_a_bare_name_that_exists_elsewhere_is_taken_for_the_district_and_says_so(
    geocoder: Geocoder,
) -> None:
    bare, full = first(geocoder, "八家子社区"), first(geocoder, "大东区八家子社区")
    assert bare.text == full.text
    assert bare.score < full.score
    assert "沈河区、于洪区也有" in bare.explanation_zh
    assert "也有" not in full.explanation_zh
    assert "也有" in first(geocoder, "前进街道").explanation_zh


def test_a_short_name_of_two_places_is_left_to_a_person(geocoder: Geocoder) -> None:
    answer = geocoder.geocode("东塔")
    assert {c.text for c in answer} >= {"东塔街", "东塔街道"}
    assert geocoder.best("东塔") is None


def test_a_relation_widens_the_radius_and_says_so(geocoder: Geocoder) -> None:
    plain, near = first(geocoder, "德济医院"), first(geocoder, "德济医院附近")
    assert near.radius_m == plain.radius_m + 200
    assert "附近" in near.explanation_zh


def test_a_road_and_a_landmark_that_lie_apart_are_left_to_a_person(geocoder: Geocoder) -> None:
    answer = geocoder.geocode("东塔街12号沈阳大学")
    assert {c.text for c in answer} >= {"东塔街12号", "沈阳大学"}
    assert geocoder.best("东塔街12号沈阳大学") is None


def test_one_station_of_two_lines_is_one_candidate_that_holds_both(geocoder: Geocoder) -> None:
    answer = geocoder.geocode("合作街站")
    stations = [c for c in answer if c.text == "合作街站"]
    assert len(stations) == 1
    assert stations[0].radius_m > 80
    assert "同名两处" in stations[0].explanation_zh


def test_an_unknown_intersection_is_guessed_from_the_nearest_numbers_or_not_at_all() -> None:
    doors = [
        entry(Level.DOOR, "甲路1号", 123.480, 41.80, 10, road="甲路", number="1"),
        entry(Level.DOOR, "乙街1号", 123.4805, 41.80, 10, road="乙街", number="1"),
        entry(Level.DOOR, "丙街1号", 123.49, 41.80, 10, road="丙街", number="1"),
    ]
    geocoder = Geocoder(doors)
    guess = first(geocoder, "甲路与乙街交汇处")
    assert guess.level is Level.INTERSECTION
    assert guess.lon == pytest.approx(123.48025)
    assert guess.radius_m == pytest.approx(41.5, abs=1)
    assert geocoder.best("甲路与乙街交汇处") is None
    assert all(c.level is not Level.INTERSECTION for c in geocoder.geocode("甲路与丙街交汇处"))
    assert geocoder.best("甲路与丙街交汇处") is None


def test_one_known_road_of_an_intersection_is_not_taken_for_it(geocoder: Geocoder) -> None:
    assert geocoder.best("不存在路与滂江街交汇处") is None


@pytest.mark.parametrize("text", ["东塔街小学", "德济医院住院部", "阳光东逸花园", "历史博物馆"])
def test_a_known_name_inside_an_unknown_one_is_left_to_a_person(
    geocoder: Geocoder, text: str
) -> None:
    assert geocoder.geocode(text).candidates
    assert geocoder.best(text) is None


def test_a_landmarks_own_address_answers_where_no_door_does() -> None:
    hospital = entry(Level.POI, "德济医院", 123.48, 41.80, 40, road="滂江街", number="54")
    best = Geocoder([hospital]).best("滂江街54号")
    assert best is not None
    assert best.text == "德济医院"


def test_a_road_known_only_by_its_numbers_is_as_wide_as_they_reach() -> None:
    doors = [
        entry(Level.DOOR, f"甲路{n}号", 123.48, 41.80 + n * 0.001, 10, road="甲路", number=str(n))
        for n in (1, 11)
    ]
    road = first(Geocoder(doors), "甲路")
    assert road.level is Level.ROAD
    assert road.radius_m == pytest.approx(565, abs=2)
    assert "由已知门牌推出" in road.explanation_zh


def test_entries_without_parts_are_read_from_their_names() -> None:
    names = {"东塔街12号": Level.DOOR, "东逸花园3栋": Level.BUILDING, "前詹屯村8号": Level.DOOR}
    entries = [entry(level, name, 123.48, 41.8, 10) for name, level in names.items()]
    geocoder = Geocoder(entries)
    for asked, meant in (
        ("东塔街十二号", "东塔街12号"),
        ("东逸花园3号楼", "东逸花园3栋"),
        ("前詹屯村8号", "前詹屯村8号"),
    ):
        assert first(geocoder, asked).text == meant


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "   ",
            "\x00",
            "\x00东塔街12号\x00",
            "😀",
            "😀东塔街12号🏠",
            "\ud800",
            "\udfff东塔街\ud800",
        ),
        *("号", "-", "A3-2-6-1", "9-1号", "%_'\";--", "与", "路与街", "\u202e", "ABCDEFGHIJK" * 9),
        *("东" * 10_000, "1" * 10_000, "东塔街12号" * 2_000, "路街巷" * 3_000, "A-" * 5_000),
    ],
)
def test_hostile_text_is_answered_quickly_and_without_an_error(
    geocoder: Geocoder, text: str
) -> None:
    answer = geocoder.geocode(text)
    assert answer.candidates or answer.notes
    assert all(0 <= c.score <= 1 and math.isfinite(c.radius_m) for c in answer)
    for sentence in (c.explanation_zh + c.explanation_en for c in answer):
        sentence.encode()


def test_noise_around_an_address_is_ignored(geocoder: Geocoder) -> None:
    assert first(geocoder, "😀东塔街12号🏠").text == "东塔街12号"
    assert first(geocoder, "\x00东塔街12号\x00").text == "东塔街12号"


def test_candidates_are_ranked_few_and_each_entry_is_named_once(geocoder: Geocoder) -> None:
    for text in ("东塔", "东搭街12号", "龙湖", "长安", "东塔街道八家子社区东塔街12号"):
        answer = geocoder.geocode(text)
        scores = [c.score for c in answer]
        assert scores == sorted(scores, reverse=True)
        assert len(answer) <= 8
        codes = [c.entry_code for c in answer]
        assert len(codes) == len(set(codes))


def test_an_empty_gazetteer_answers_with_a_note() -> None:
    answer = Geocoder([]).geocode("东塔街12号")
    assert not answer.candidates
    assert "没有相近的名称" in answer.notes[0].zh
    assert Geocoder([]).best("dtj") is None


def candidate(score: float, lon: float, radius_m: float = 15) -> Candidate:
    """A candidate that matters only by score and place."""
    return Candidate(Level.DOOR, "某处", lon, 41.8, radius_m, score, "", "", "")


def test_a_score_below_the_threshold_is_never_taken() -> None:
    assert decided([]) is None
    assert decided([candidate(ACCEPT_SCORE - 0.001, 123.48)]) is None
    assert decided([candidate(ACCEPT_SCORE, 123.48)]) is not None


def test_a_rival_in_another_place_must_be_left_behind_by_the_margin() -> None:
    best = candidate(0.95, 123.48)
    assert decided([best, candidate(0.95 - ACCEPT_MARGIN / 2, 123.49)]) is None
    assert decided([best, candidate(0.95 - ACCEPT_MARGIN * 1.01, 123.49)]) is best


def test_a_rival_in_the_same_place_does_not_count() -> None:
    best = candidate(0.95, 123.48)
    assert decided([best, candidate(0.95, 123.4805)]) is best


HAN = "东塔街长安路花园新城小区号楼栋单元室社站广场大学南北西中和平沈阳春光明"


def corrupted(text: str, dice: random.Random) -> str:
    """One slip of the keyboard at a Han character: another, one less, one more, or two swapped.

    Figures are left alone: 12 for 13 is another address, and nobody can tell.
    """
    at = dice.choice([i for i, c in enumerate(text) if c > "一"])
    slips = (
        text[:at] + dice.choice(HAN) + text[at + 1 :],
        text[:at] + text[at + 1 :],
        text[:at] + dice.choice(HAN) + text[at:],
        text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
    )
    return dice.choice([slip for slip in slips if figures(slip) == figures(text)])


def figures(text: str) -> list[str]:
    """The numbers in a text."""
    return re.findall(r"[A-Z]?\d+", text)


def prefixed(written: GazetteerEntry, dice: random.Random) -> str:
    """The name behind a whole, a cut or no administrative prefix."""
    cuts = ("辽宁省沈阳市大东区", "沈阳市大东区", "沈阳大东区", "大东区", "")
    return dice.choice(cuts) + written.name


@pytest.mark.parametrize("seed", range(3))
def test_names_with_any_cut_of_the_prefix_are_all_found_first(
    geocoder: Geocoder, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - repeatable slips, no secret
    asked = dice.sample(geocoder.entries, 500)
    found = [first(geocoder, prefixed(e, dice)).entry_code == e.code for e in asked]
    assert sum(found) == len(asked)


@pytest.mark.parametrize("seed", range(3))
def test_one_slip_still_finds_the_entry_first_in_95_of_100_and_takes_no_wrong_place(
    geocoder: Geocoder, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - repeatable slips, no secret
    asked = dice.sample(geocoder.entries, 700)
    texts = [corrupted(e.name, dice) for e in asked]
    answers = [geocoder.geocode(text) for text in texts]
    right = [bool(a) and a[0].entry_code == e.code for a, e in zip(answers, asked, strict=True)]
    assert sum(right) / len(asked) >= 0.95
    taken = [(decided(a.candidates), e) for a, e in zip(answers, asked, strict=True)]
    wrong = [e for c, e in taken if c and math.dist((c.lon, c.lat), (e.lon, e.lat)) > 0.001]
    assert len(wrong) / len(asked) <= 0.005
