"""What is wrong with a list of rules, against brute force over everything that it tells apart."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.cases.domain import ClockKind, Grade, Tier
from api.clocks.domain import Limit, TimeUnit
from api.refusals import BadInput
from api.reports.domain import ReportKind, Source
from api.rules.checking import Known, require_sound
from api.rules.domain import DEFAULT, Facts, Hours, Rule, Then, When, decide, fits

STREETS = ("210104001", "210104002")
KNOWN = Known({"dept:hr", "dept:civil"}, {f"{street}001001" for street in STREETS})
FALLBACK = DEFAULT[0]


BY_PLACE = Then()


def rule(code: str, then: Then = BY_PLACE, **when: object) -> Rule:
    return Rule(code, code, When(**when), then)  # type: ignore[arg-type]


def faults(*rules: Rule) -> dict[str, str]:
    try:
        require_sound(rules, KNOWN)
    except BadInput as refused:
        return {fault.where: fault.what.zh for fault in refused.faults}
    return {}


def test_the_default_is_sound() -> None:
    assert faults(*DEFAULT) == {}


def test_a_list_without_a_fallback_is_refused() -> None:
    assert faults(rule("night", hours=frozenset({Hours.NIGHT}))) == {"rules.0.when": "缺少兜底规则"}


def test_a_rule_behind_one_that_fits_more_is_never_reached() -> None:
    wide = rule("labour", categories=frozenset({"labour"}))
    narrow = rule("arrears", categories=frozenset({"labour.arrears"}), people_from=10)
    assert faults(wide, narrow, FALLBACK) == {"rules.1.when": "永远轮不到这条规则"}
    assert faults(narrow, wide, FALLBACK) == {}


def test_a_rule_that_several_others_cover_together_is_never_reached() -> None:
    few = rule("few", people_to=9)
    many = rule("many", people_from=10)
    some = rule("some", people_from=5, people_to=20)
    assert faults(few, many, some, FALLBACK) == {
        "rules.2.when": "永远轮不到这条规则",
        "rules.3.when": "永远轮不到这条规则",
    }


def test_the_same_case_with_another_consequence_is_a_contradiction() -> None:
    one = rule("one", Then("police"), grades=frozenset({Grade.RED}))
    other = rule("other", Then("street"), grades=frozenset({Grade.RED}))
    assert faults(one, other, FALLBACK) == {"rules.1.when": "与第 1 条条件相同而结果不同"}


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (rule("unit", Then("dept:none"), people_from=5), "rules.0.then.lead"),
        (rule("unit", Then("street", ("dept:none",)), people_from=5), "rules.0.then.assist"),
        (rule("unit", Then("dept:hr", ("dept:hr",)), people_from=5), "rules.0.then.assist"),
        (rule("code", categories=frozenset({"nothing"})), "rules.0.when.categories"),
        (rule("area", areas=frozenset({"999"})), "rules.0.when.areas"),
        (rule("people", people_from=9, people_to=3), "rules.0.when.people_from"),
        (
            rule(
                "limit",
                Then(limits={ClockKind.VISIT: Limit(1, TimeUnit.DAYS)}),
                people_from=5,
            ),
            "rules.0.then.limits.visit",
        ),
        (
            rule(
                "limit",
                Then(limits={ClockKind.SIGN: Limit(0, TimeUnit.DAYS)}),
                people_from=5,
            ),
            "rules.0.then.limits.sign",
        ),
    ],
)
def test_a_fault_says_where_it_is(wrong: Rule, where: str) -> None:
    assert where in faults(wrong, FALLBACK)


def test_a_code_is_there_once() -> None:
    first, second = rule("same", people_from=5), rule("same", people_from=2)
    assert "rules.1.code" in faults(first, second, FALLBACK)


def test_all_faults_are_told_at_once() -> None:
    wrong = rule("a", Then("dept:none"), categories=frozenset({"nothing"}))
    assert {"rules.0.then.lead", "rules.0.when.categories", "rules.1.when"} <= set(
        faults(wrong, rule("b", people_from=2))
    )


SOME_GRADES = (Grade.RED, Grade.BLUE)
WHENS = st.builds(
    When,
    categories=st.frozensets(st.sampled_from(["labour", "labour.arrears", "family"]), max_size=2),
    areas=st.frozensets(st.sampled_from([*STREETS, "210104"]), max_size=2),
    hours=st.frozensets(st.sampled_from(list(Hours)), max_size=2),
    grades=st.frozensets(st.sampled_from(SOME_GRADES), max_size=1),
    people_from=st.sampled_from([1, 5, 30]),
    answers=st.sampled_from([{}, {"injured": "yes"}, {"injured": "no"}]),
)


def everything() -> Iterator[Facts]:
    """All that the rules of the strategy can tell apart."""
    branches = [("labour", None), ("labour", "labour.arrears"), ("family", None), ("other", None)]
    areas = [None, *(f"{street}001001" for street in STREETS), "2101049"]
    answers: list[dict[str, str]] = [{}, {"injured": "yes"}, {"injured": "no"}]
    for (category, sub), area, hours, grade, people, said in product(
        branches, areas, Hours, (*SOME_GRADES, Grade.YELLOW), (1, 5, 30), answers
    ):
        yield Facts(
            ReportKind.DISPUTE, category, sub, area, hours, grade, Source.WINDOW, people, said
        )


EVERYTHING = tuple(everything())


@settings(max_examples=150, deadline=None)
@given(st.lists(WHENS, max_size=5))
def test_unreachable_is_exactly_what_no_report_reaches(whens: list[When]) -> None:
    tiers = list(Tier)
    rules = [
        Rule(f"r{n}", f"r{n}", when, replace(Then(), tier=tiers[n % 3]))
        for n, when in enumerate(whens)
    ]
    rules.append(FALLBACK)
    reached = {decide(rules, facts).code for facts in EVERYTHING}
    told = faults(*rules)
    for place, each in enumerate(rules):
        assert (each.code in reached) is (f"rules.{place}.when" not in told), each


@given(WHENS)
def test_what_is_empty_fits_everything(when: When) -> None:
    assert When().empty
    assert all(fits(When(), facts) for facts in EVERYTHING)
    assert when.empty is (when == When())


def test_without_a_fallback_nothing_is_swallowed() -> None:
    with pytest.raises(LookupError):
        decide([rule("red", grades=frozenset({Grade.RED}))], EVERYTHING[-1])
