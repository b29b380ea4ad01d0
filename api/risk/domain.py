"""The risk of a case: a scored form as data, and signs found in words. Pure.

A grade is about a case: how soon it may hurt somebody, and so who handles it and by when. It is
never a score of a person. Nothing here knows who the parties are, and no grade outlives its case.

Points, words, thresholds and knock-outs are our own choice [O], a default that the dispatcher
changes with a reason. Red, orange, yellow, blue as in published practice [C, 修水县].
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from api.cases.domain import Grade, Tier
from api.denial import denied_before
from api.refusals import BadInput, Fault
from api.reports.domain import CATEGORY_TITLES, Category, Filing
from gis.wording import Wording
from layers.shares import Share, shown, wilson


class Measure(StrEnum):
    """A number that is asked about a case."""

    PEOPLE = "people"
    AMOUNT = "amount_yuan"
    REPEATS = "repeats"
    POLICE_CALLS = "police_calls"
    DAYS = "days_unresolved"


class Sign(StrEnum):
    """Something that is there or is not: ticked by a person, or found in the words of a report."""

    SUICIDE = "suicide"
    WEAPON = "weapon"
    FIRE = "fire"
    VIOLENCE = "violence"
    DOMESTIC = "domestic_violence"
    COLLECTIVE = "collective"
    BLOCKING = "blocking"
    PETITION = "petition"
    MEDIA = "media"
    CHILD = "child"
    ELDER = "elder"
    DISABLED = "disabled"
    ILL = "ill"
    PREGNANT = "pregnant"
    UNPAID = "unpaid_workers"


MEASURE_TITLES: Mapping[Measure, Wording] = {
    Measure.PEOPLE: Wording("涉及人数", "People involved"),
    Measure.AMOUNT: Wording("涉及金额（元）", "Amount in yuan"),
    Measure.REPEATS: Wording("当事人此前纠纷数", "Earlier disputes of the parties"),
    Measure.POLICE_CALLS: Wording("此前报警次数", "Earlier police calls"),
    Measure.DAYS: Wording("未化解天数", "Days unresolved"),
}
SIGN_TITLES: Mapping[Sign, Wording] = {
    Sign.SUICIDE: Wording("轻生倾向", "Threat of suicide"),
    Sign.WEAPON: Wording("凶器", "A weapon"),
    Sign.FIRE: Wording("纵火爆炸", "Fire or explosives"),
    Sign.VIOLENCE: Wording("暴力威胁", "Threat of violence"),
    Sign.DOMESTIC: Wording("家庭暴力", "Domestic violence"),
    Sign.COLLECTIVE: Wording("群体行动", "Collective action"),
    Sign.BLOCKING: Wording("堵路堵门", "Blocking a road or a gate"),
    Sign.PETITION: Wording("越级上访", "Petition to a higher level"),
    Sign.MEDIA: Wording("媒体关注", "Media attention"),
    Sign.CHILD: Wording("涉未成年人", "A child"),
    Sign.ELDER: Wording("涉老年人", "An elder"),
    Sign.DISABLED: Wording("涉残疾人", "A disabled person"),
    Sign.ILL: Wording("涉重病患者", "A gravely ill person"),
    Sign.PREGNANT: Wording("涉孕产妇", "A pregnant woman"),
    Sign.UNPAID: Wording("农民工欠薪", "Workers owed wages"),
}


class Validity(StrEnum):
    """What became of a grading."""

    VALID = "valid"
    PENDING = "pending"
    DECLINED = "declined"
    REPLACED = "replaced"


class Step(NamedTuple):
    """From ``at_least`` on a measure counts ``points``, until the next step."""

    at_least: int
    points: int


class SignRule(NamedTuple):
    """What a sign counts, the words by which it is found, and whether it makes a case red alone."""

    points: int
    words: tuple[str, ...] = ()
    red: bool = False


RANKED = (Grade.RED, Grade.ORANGE, Grade.YELLOW)
"""Grades that have a threshold; whatever stays below all of them is blue."""


@dataclass(frozen=True)
class Form:
    """The scored form; version 0 is the default.

    ``harmless`` are longer words in which a word of a sign means nothing: 砍树, 砍价.
    """

    version: int
    measures: Mapping[Measure, tuple[Step, ...]]
    signs: Mapping[Sign, SignRule]
    categories: Mapping[Category, int]
    thresholds: Mapping[Grade, int]
    tiers: Mapping[Grade, Tier]
    harmless: tuple[str, ...] = ()

    def grade(self, points: int) -> Grade:
        """The grade of a number of points."""
        return next((each for each in RANKED if points >= self.thresholds[each]), Grade.BLUE)

    @cached_property
    def sign_of(self) -> Mapping[str, Sign]:
        """Which sign a word stands for."""
        return {word: sign for sign, rule in self.signs.items() for word in rule.words}

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any word of the form, the longest first; blanks may stand between its characters."""
        words = sorted({*self.sign_of, *self.harmless}, key=len, reverse=True)
        return re.compile("|".join(r"\s*".join(map(re.escape, word)) for word in words) or "(?!)")


def form_of(version: int, content: Mapping[str, Any]) -> Form:
    """A form from JSON, as `content_of` writes it."""
    return Form(
        version,
        {
            Measure(name): tuple(Step(**each) for each in steps)
            for name, steps in content["measures"].items()
        },
        {
            Sign(name): SignRule(rule["points"], tuple(rule["words"]), rule["red"])
            for name, rule in content["signs"].items()
        },
        {Category(name): points for name, points in content["categories"].items()},
        {Grade(name): points for name, points in content["thresholds"].items()},
        {Grade(name): Tier(tier) for name, tier in content["tiers"].items()},
        tuple(content["harmless"]),
    )


def content_of(form: Form) -> dict[str, Any]:
    """A form as JSON, without its version."""
    return {
        "measures": {
            each: [step._asdict() for step in steps] for each, steps in form.measures.items()
        },
        "signs": {
            sign: {"points": rule.points, "red": rule.red, "words": list(rule.words)}
            for sign, rule in form.signs.items()
        },
        "categories": dict(form.categories),
        "thresholds": dict(form.thresholds),
        "tiers": dict(form.tiers),
        "harmless": list(form.harmless),
    }


DEFAULT = form_of(0, json.loads(Path(__file__).with_name("form.json").read_text("utf-8")))
WATCHED = frozenset({Grade.ORANGE})
"""Handled by the street, and watched by the district."""


class Found(NamedTuple):
    """A word in a text, by code points; ``denied``: the text says that it is not so."""

    sign: Sign
    word: str
    start: int
    end: int
    denied: bool


# Character for character, so that places in the text stay what they are.
SIMPLIFIED = str.maketrans(
    "殺樓橋輕尋見農藥報復歸盡氣訪進級攔車橫聯體記媒曝熱鬥槍懷孕殘輪癱養資討兒童暴門馬圍遺書燒繩帶動發會來沒無說準備從絕認還個實點將縱毆親過",
    "杀楼桥轻寻见农药报复归尽气访进级拦车横联体记媒曝热斗枪怀孕残轮瘫养资讨儿童暴门马围遗书烧绳带动发会来没无说准备从绝认还个实点将纵殴亲过",
)


def words_of(title: str | None, text: str) -> str:
    """The words of a report in which signs are looked for."""
    return f"{title}\n{text}" if title else text


def find(form: Form, text: str) -> tuple[Found, ...]:
    """The words of the form in a text, in their order, traditional characters too."""
    plain = text.translate(SIMPLIFIED)
    found = list[Found]()
    for match in form.pattern.finditer(plain):
        word = "".join(match.group().split())
        if word in form.sign_of and word not in form.harmless:
            earlier = {each.end: each.denied for each in found}
            denied = denied_before(plain, match.start(), earlier)
            found.append(Found(form.sign_of[word], word, *match.span(), denied))
    return tuple(found)


@dataclass(frozen=True)
class Factors:
    """What is known of a case: its numbers, and its signs with the words that told of them."""

    category: Category | None = None
    measures: Mapping[Measure, int] = field(default_factory=dict)
    signs: Mapping[Sign, tuple[str, ...]] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "category": self.category.value if self.category else None,
            "measures": {each.value: number for each, number in self.measures.items()},
            "signs": {sign.value: list(words) for sign, words in self.signs.items()},
        }


class Reason(NamedTuple):
    """Why a case has points: the factor's code, how many, and in words."""

    factor: str
    points: int
    said: Wording

    def content(self) -> dict[str, Any]:
        """As JSON."""
        return {"factor": self.factor, "points": self.points, "said": self.said._asdict()}


class Scored(NamedTuple):
    """The grade of a case and each reason for it."""

    points: int
    grade: Grade
    reasons: tuple[Reason, ...]


def score(form: Form, factors: Factors) -> Scored:
    """Add up what the form gives for the factors; a knock-out makes the case red at once."""
    reasons = tuple(_reasons(form, factors))
    points = sum(each.points for each in reasons)
    red = any(form.signs[sign].red for sign in factors.signs)
    return Scored(points, Grade.RED if red else form.grade(points), reasons)


def _reasons(form: Form, factors: Factors) -> Iterator[Reason]:
    for sign in (each for each in Sign if each in factors.signs):
        yield Reason(sign.value, form.signs[sign].points, _told(form, sign, factors.signs[sign]))
    for measure in (each for each in Measure if each in factors.measures):
        number = factors.measures[measure]
        reached = [step for step in form.measures[measure] if number >= step.at_least]
        if reached:
            title, bound = MEASURE_TITLES[measure], reached[-1].at_least
            zh, en = (f"{title.zh} {number}（≥ {bound}）", f"{title.en}: {number} (≥ {bound})")
            yield Reason(measure.value, reached[-1].points, Wording(zh, en))
    if factors.category is not None and form.categories.get(factors.category):
        zh, en = CATEGORY_TITLES[factors.category]
        said = Wording(f"纠纷类型：{zh}", f"Category: {en}")
        yield Reason("category", form.categories[factors.category], said)


def _told(form: Form, sign: Sign, words: Sequence[str]) -> Wording:
    title, red = SIGN_TITLES[sign], form.signs[sign].red
    quoted = "、".join(f"“{word}”" for word in words)
    zh = title.zh + (f"：{quoted}" if quoted else "") + ("，直接定为红色" if red else "")
    en = title.en + (f": {quoted}" if quoted else "") + (", red at once" if red else "")
    return Wording(zh, en)


def told(form: Form, category: Category, words: str, people: int) -> Factors:
    """What a report says by itself, before anybody has asked."""
    return Factors(category, {Measure.PEOPLE: people}, signs_in(find(form, words)))


def signs_in(found: Sequence[Found]) -> dict[Sign, tuple[str, ...]]:
    """The signs that words tell of, each with its words once; what is denied tells of none."""
    signs = dict[Sign, tuple[str, ...]]()
    for each in found:
        words = signs.get(each.sign, ())
        if not each.denied and each.word not in words:
            signs[each.sign] = (*words, each.word)
    return signs


def factors_of(form: Form, filing: Filing) -> Factors:
    """What is known of a case at intake."""
    words = words_of(filing.title, filing.text)
    return told(form, filing.category, words, filing.people_involved)


def preliminary(form: Form, filing: Filing) -> Scored:
    """The grade at intake, from what the report says; a person's assessment replaces it."""
    return score(form, factors_of(form, filing))


def needs_second(before: Grade | None, after: Grade, *, overridden: bool) -> bool:
    """Whether a second person has to confirm.

    Nobody alone takes a case out of red, by whatever way; and nobody alone makes it red against
    the form's own result.
    """
    leaves = before is Grade.RED and after is not Grade.RED
    return leaves or (overridden and after is Grade.RED and before is not Grade.RED)


def require_sound(form: Form) -> Form:
    """Refuse a form that grades nothing sensibly. Raises BadInput with every fault."""
    faults = [*_faults(form)]
    if faults:
        raise BadInput(*faults)
    return form


def _faults(form: Form) -> Iterator[Fault]:
    limits = [form.thresholds.get(grade, 0) for grade in RANKED]
    if sorted(set(limits), reverse=True) != limits or limits[-1] < 1:
        what = Wording(
            "红、橙、黄的分值须依次降低且大于 0", "red, orange, yellow must go down, above 0"
        )
        yield Fault("thresholds", what, Wording("例如 60、40、20", "such as 60, 40, 20"))
    for name, codes, given in (
        ("measures", Measure, form.measures),
        ("signs", Sign, form.signs),
        ("tiers", Grade, form.tiers),
    ):
        if set(given) != set(codes):
            what = Wording("缺少项目", "something is missing")
            yield Fault(name, what, Wording("每一项都要填写", "give every one"))
    for measure, steps in form.measures.items():
        bounds = [step.at_least for step in steps]
        if sorted(set(bounds)) != bounds:
            what = Wording("各档须从小到大", "the steps must go up")
            yield Fault(f"measures.{measure.value}", what, Wording("重新排列", "put them in order"))
    if len(form.sign_of) != sum(len(rule.words) for rule in form.signs.values()):
        what = Wording("一个词出现了两次", "a word stands twice")
        yield Fault("signs", what, Wording("每个词只归一项", "give each word to one sign"))


class Calibrated(NamedTuple):
    """How cases of a grade went on; None for what is too small to be shown."""

    cases: int | None
    escalated: int | None
    share: Share | None
    overridden: int | None


class Calibration(NamedTuple):
    """By the grade that a case began with, and how often person and system agreed.

    A case begins with the first grade that a person gave it, else with the system's: what came to
    be known later must not make the forecast look better. ``confusion`` counts by the system's
    grade and the first person's.
    """

    by_grade: Mapping[Grade, Calibrated]
    confusion: Mapping[tuple[Grade, Grade], int | None]


def calibrated(rows: Sequence[tuple[str | None, str | None, Sequence[int]]]) -> Calibration:
    """Add up counts of cases, of those that escalated and of those that somebody overrode.

    Each row begins with the first grade of the system and of a person.
    """
    sums = {grade: [0, 0, 0] for grade in Grade}
    confusion = dict[tuple[Grade, Grade], int | None]()
    for system, person, counts in rows:
        grade = Grade(person or system or Grade.BLUE)
        sums[grade] = [one + more for one, more in zip(sums[grade], counts, strict=True)]
        if system and person:
            confusion[Grade(system), Grade(person)] = shown(counts[0])
    by_grade = {grade: _shown(*counts) for grade, counts in sums.items()}
    return Calibration(by_grade, confusion)


def _shown(cases: int, escalated: int, overridden: int) -> Calibrated:
    if shown(cases) is None:
        return Calibrated(None, None, None, None)
    told = shown(escalated)
    share = wilson(escalated, cases) if cases and told is not None else None
    return Calibrated(cases, told, share, shown(overridden))
