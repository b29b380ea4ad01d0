"""What a report may be about."""

from fastapi import APIRouter

from api.reports import schemas
from api.reports.domain import Category
from api.schemas import PROBLEMS

router = APIRouter(tags=["reports"], responses=PROBLEMS)


@router.get("/v1/categories", response_model=schemas.CategoryList)
def categories() -> schemas.CategoryList:
    """The tree of categories, what each counts for in the statistics, and what is asked of each."""
    return schemas.CategoryList(items=[schemas.CategoryAnswer.of(each) for each in Category])
