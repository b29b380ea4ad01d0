"""What is wrong with a list of rules, before it is saved. Pure.

A rule is unreachable when the rules before it, taken together, fit whatever it fits. Every
condition is cut into the smallest parts that the list itself tells apart, so that a rule is a box
of such parts; the boxes of the rules before are taken away from it one by one, and what is left is
what reaches it. That is exact, not a guess.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from api.cases.domain import UNIT_CLOCKS, Grade
from api.clocks.domain import require_limit
from api.refusals import BadInput, Fault
from api.reports.catalogue import SUBCATEGORIES
from api.reports.domain import Category, ReportKind, Source
from api.rules.domain import MANY_PEOPLE, MOST_RULES, TERRITORIAL, Hours, Rule, When
from gis.wording import Wording

Box = tuple[frozenset[str], ...]

ELSEWHERE = ""
"""In none of the areas that a list names."""
MOST_BOXES = 20_000


class Known(NamedTuple):
    """The codes that a rule may name: units, and areas of the edition in force."""

    units: Collection[str]
    areas: Collection[str]


def require_sound(rules: Sequence[Rule], known: Known) -> None:
    """Refuse a list that is not sound. Raises BadInput with every fault."""
    faults = [*_faults(rules, known)]
    if faults:
        raise BadInput(*faults)


def _faults(rules: Sequence[Rule], known: Known) -> Iterator[Fault]:
    if not rules or len(rules) > MOST_RULES:
        what = Wording(f"须有 1 至 {MOST_RULES} 条规则", f"there must be 1 to {MOST_RULES} rules")
        yield Fault("rules", what, Wording("增加或合并规则", "add or combine rules"))
        return
    codes = [rule.code for rule in rules]
    for place, rule in enumerate(rules):
        yield from _own_faults(f"rules.{place}", rule, known)
        if rule.code in codes[:place]:
            what = Wording(f"编码 {rule.code} 重复", f"the code {rule.code} is there twice")
            yield Fault(f"rules.{place}.code", what, Wording("换一个编码", "choose another code"))
    if not rules[-1].when.empty:
        what = Wording("缺少兜底规则", "there is no fallback")
        mend = Wording("最后一条规则不设任何条件", "let the last rule have no condition")
        yield Fault(f"rules.{len(rules) - 1}.when", what, mend)
    yield from _unreachable(rules)


def _own_faults(where: str, rule: Rule, known: Known) -> Iterator[Fault]:
    then = rule.then
    for name in (then.lead, *then.assist):
        if name not in TERRITORIAL and name not in known.units:
            what = Wording(f"没有单位 {name}", f"there is no unit {name}")
            mend = Wording("选择在册单位", "choose a registered unit")
            yield Fault(f"{where}.then.{'lead' if name == then.lead else 'assist'}", what, mend)
    if len({then.lead, *then.assist}) <= len(then.assist):
        what = Wording("有单位重复", "a unit is named twice")
        yield Fault(f"{where}.then.assist", what, Wording("每个单位只写一次", "name it once"))
    yield from _limit_faults(where, rule)
    yield from _code_faults(f"{where}.when", rule.when, known)


def _limit_faults(where: str, rule: Rule) -> Iterator[Fault]:
    for kind, limit in rule.then.limits.items():
        if kind not in UNIT_CLOCKS:
            what = Wording("规则只能设单位的时限", "a rule sets limits of units only")
            mend = Wording("改用时限设置", "set it among the limits")
            yield Fault(f"{where}.then.limits.{kind}", what, mend)
            continue
        try:
            require_limit(kind, limit)
        except BadInput as refused:
            yield from (
                Fault(f"{where}.then.limits.{kind}", each.what, each.mend)
                for each in refused.faults
            )


def _code_faults(where: str, when: When, known: Known) -> Iterator[Fault]:
    branches = {category.value for category in Category} | set(SUBCATEGORIES)
    for code in sorted(when.categories - branches):
        what = Wording(f"没有类别 {code}", f"there is no category {code}")
        yield Fault(f"{where}.categories", what, Wording("选择类别", "choose a category"))
    for code in sorted(when.areas):
        if not code or not any(each.startswith(code) for each in known.areas):
            what = Wording(f"没有区域 {code}", f"there is no area {code}")
            yield Fault(f"{where}.areas", what, Wording("选择现行区域", "choose one in force"))
    if not 1 <= when.people_from <= when.people_to <= MANY_PEOPLE:
        what = Wording("人数范围有误", "the range of people is none")
        mend = Wording("下限不大于上限，从 1 起", "from at least 1, to not less")
        yield Fault(f"{where}.people_from", what, mend)


def _unreachable(rules: Sequence[Rule]) -> Iterator[Fault]:
    space = _Space(rules)
    boxes = [space.box(rule.when) for rule in rules]
    for place, rule in enumerate(rules):
        twin = next((n for n in range(place) if boxes[n] == boxes[place]), None)
        where = f"rules.{place}.when"
        if twin is not None and rules[twin].then != rule.then:
            what = Wording(
                f"与第 {twin + 1} 条条件相同而结果不同", f"contradicts rule {twin + 1}: same case"
            )
            yield Fault(where, what, Wording("合并或改条件", "combine them, or change a condition"))
        elif not _left(boxes[place], boxes[:place]):
            what = Wording("永远轮不到这条规则", "no report ever reaches this rule")
            mend = Wording("前移或改条件", "move it up, or change its conditions")
            yield Fault(where, what, mend)


class _Space:
    """The smallest parts of each condition that a list of rules tells apart."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        whens = [rule.when for rule in rules]
        self._areas = {ELSEWHERE}.union(*(when.areas for when in whens))
        edges = {1}.union(*({when.people_from, when.people_to + 1} for when in whens))
        self._people = sorted(edges)
        self._questions = sorted({code for when in whens for code in when.answers})
        self._said = {
            code: {each for when in whens for each in [when.answers.get(code)] if each is not None}
            for code in self._questions
        }

    def box(self, when: When) -> Box:
        """The parts that a rule fits, condition by condition."""
        people = (e for e in self._people if when.people_from <= e <= when.people_to)
        return (
            frozenset(when.kinds or ReportKind),
            self._branches(when.categories),
            self._within(when.areas),
            frozenset(when.hours or Hours),
            frozenset(when.grades or Grade),
            frozenset(when.sources or Source),
            frozenset(map(str, people)),
            *(self._answers(code, when.answers) for code in self._questions),
        )

    def _branches(self, chosen: frozenset[str]) -> frozenset[str]:
        """Leaves of the tree of categories; a category itself stands for "no sub-category"."""
        leaves = {category.value for category in Category} | set(SUBCATEGORIES)
        if not chosen:
            return frozenset(leaves)
        return frozenset(e for e in leaves if e in chosen or e.partition(".")[0] in chosen)

    def _within(self, chosen: frozenset[str]) -> frozenset[str]:
        if not chosen:
            return frozenset(self._areas)
        return frozenset(e for e in self._areas if any(e.startswith(each) for each in chosen))

    def _answers(self, code: str, chosen: Mapping[str, str]) -> frozenset[str]:
        if code in chosen:
            return frozenset({f"={chosen[code]}"})
        return frozenset({f"={said}" for said in self._said[code]} | {"another"})


def _left(box: Box, before: Sequence[Box]) -> list[Box]:
    """What of a box none of the others covers, as boxes without overlap."""
    left = [box]
    for other in before:
        left = [piece for each in left for piece in _without(each, other)]
        if not left or len(left) > MOST_BOXES:
            break
    return left


def _without(box: Box, other: Box) -> list[Box]:
    """A box less another one."""
    if any(own.isdisjoint(theirs) for own, theirs in zip(box, other, strict=True)):
        return [box]
    pieces, rest = list[Box](), list(box)
    for place, theirs in enumerate(other):
        outside = rest[place] - theirs
        if outside:
            pieces.append((*rest[:place], outside, *rest[place + 1 :]))
            rest[place] = rest[place] & theirs
    return pieces
