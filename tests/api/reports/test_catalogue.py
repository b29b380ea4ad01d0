"""The tree of categories, and what is asked of each."""

import pytest
from starlette.testclient import TestClient

from api.refusals import BadInput
from api.reports.catalogue import (
    QUESTIONS,
    SUBCATEGORIES,
    AnswerKind,
    Item,
    item_of,
    require_answers,
    require_branch,
)
from api.reports.domain import Category
from tests.api.conftest import Filer, a_report


def test_every_category_has_sub_categories_and_every_item_of_the_statistics_is_counted() -> None:
    assert {each.category for each in SUBCATEGORIES.values()} == set(Category)
    counted = {each.item for each in SUBCATEGORIES.values()}
    assert counted | {item_of(category, None) for category in Category} == set(Item)


def test_wage_arrears_count_as_those_of_migrant_workers_and_support_as_family() -> None:
    assert item_of(Category.LABOUR, "labour.arrears") is Item.MIGRANT_WAGES
    assert item_of(Category.FAMILY, "family.support") is Item.FAMILY


def test_questions_of_one_code_are_of_one_kind_everywhere() -> None:
    kinds: dict[str, set[AnswerKind]] = {}
    for question in (each for asked in QUESTIONS.values() for each in asked):
        kinds.setdefault(question.code, set()).add(question.kind)
    assert all(len(each) == 1 for each in kinds.values())


@pytest.mark.parametrize("subcategory", ["family.support", "labour.nothing", "arrears"])
def test_a_sub_category_belongs_to_its_category(subcategory: str) -> None:
    with pytest.raises(BadInput, match="subcategory"):
        require_branch(Category.LABOUR, subcategory)


WRONG = [
    {"trade": "farming"},
    {"months": -1},
    {"months": 2.5},
    {"months": True},
    {"months": 601},
    {"amount": "many"},
    {"injured": True},
]


@pytest.mark.parametrize("answers", WRONG, ids=str)
def test_an_answer_is_of_the_kind_of_its_question(answers: dict[str, object]) -> None:
    (code,) = answers
    with pytest.raises(BadInput, match=rf"answers\.{code}"):
        require_answers(Category.LABOUR, answers)


def test_a_case_tells_its_sub_category_and_answers(client: TestClient, file: Filer) -> None:
    answers = {"trade": "logistics", "months": 3, "amount": 240_000}
    filed = file(a_report(subcategory="labour.arrears", answers=answers)).json()
    case = client.get(f"/v1/cases/{filed['case_number']}").json()
    assert (case["subcategory"], case["answers"]) == ("labour.arrears", answers)


def test_a_foreign_branch_or_answer_is_refused_at_its_field(file: Filer) -> None:
    refused = file(a_report(subcategory="family.support"))
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["where"] == "subcategory"
    refused = file(a_report(answers={"injured": True}))
    assert refused.json()["errors"][0]["where"] == "answers.injured"


def test_the_tree_is_told_with_its_questions(client: TestClient) -> None:
    tree = {each["code"]: each for each in client.get("/v1/categories").json()["items"]}
    assert set(tree) == set(Category)
    assert tree["labour"]["subcategories"][0]["title"]["zh"] == "欠薪"
    assert [each["kind"] for each in tree["labour"]["questions"]] == ["choice", "number", "number"]
