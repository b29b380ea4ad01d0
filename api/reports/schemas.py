"""What the routes of categories answer."""

from pydantic import BaseModel

from api.reports.catalogue import (
    ITEM_TITLES,
    QUESTIONS,
    SUBCATEGORIES,
    Question,
    Subcategory,
    item_of,
)
from api.reports.domain import CATEGORY_TITLES, Category
from api.schemas import Said


class ChoiceAnswer(BaseModel):
    """One of the answers to choose from."""

    code: str
    title: Said


class QuestionAnswer(BaseModel):
    """An extra question; ``most`` bounds a number, ``choices`` are those of a choice."""

    code: str
    title: Said
    kind: str
    most: int | None
    choices: list[ChoiceAnswer]

    @classmethod
    def of(cls, question: Question) -> "QuestionAnswer":
        """The answer for a question."""
        offered = (question.choices or {}).items()
        return cls(
            code=question.code,
            title=Said(**question.title._asdict()),
            kind=question.kind,
            most=question.most or None,
            choices=[ChoiceAnswer(code=code, title=Said(**t._asdict())) for code, t in offered],
        )


class BranchAnswer(BaseModel):
    """A sub-category and what it counts for in the statistics."""

    code: str
    title: Said
    item: str
    item_title: Said

    @classmethod
    def of(cls, branch: Subcategory) -> "BranchAnswer":
        """The answer for a branch of the tree."""
        title, item = Said(**branch.title._asdict()), ITEM_TITLES[branch.item]
        said = Said(**item._asdict())
        return cls(code=branch.code, title=title, item=branch.item, item_title=said)


class CategoryAnswer(BaseModel):
    """A category with its sub-categories and extra questions."""

    code: str
    title: Said
    item: str
    subcategories: list[BranchAnswer]
    questions: list[QuestionAnswer]

    @classmethod
    def of(cls, category: Category) -> "CategoryAnswer":
        """The answer for a category."""
        mine = [each for each in SUBCATEGORIES.values() if each.category is category]
        return cls(
            code=category,
            title=Said(**CATEGORY_TITLES[category]._asdict()),
            item=item_of(category, None),
            subcategories=[BranchAnswer.of(each) for each in mine],
            questions=[QuestionAnswer.of(each) for each in QUESTIONS[category]],
        )


class CategoryList(BaseModel):
    """The tree of categories."""

    items: list[CategoryAnswer]
