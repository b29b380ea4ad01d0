"""Every route and every kind of error of the application is named in docs/api.md."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel

from api import errors
from api.app import create_app
from api.settings import Settings
from gis.database import Database
from maps.pages import ACCOUNT, SIGN_IN, VIEWS

PAGE = (Path(__file__).parents[1] / "docs" / "api.md").read_text("utf-8")
# Left out of /openapi.json.
UNLISTED = {f"GET {view.path}" for view in (*VIEWS, SIGN_IN, ACCOUNT)} | {
    f"GET /{name}" for name in ("livez", "readyz", "openapi.json", "r/{token}", "cases/{number}")
}


def routes(app: FastAPI) -> set[str]:
    paths = app.openapi()["paths"].items()
    return {f"{method.upper()} {path}" for path, methods in paths for method in methods}


def test_every_route_is_documented_and_no_other() -> None:
    app = create_app(Settings(), Database("postgresql://nobody@/nothing"))
    named = re.findall(r"^\| `((?:GET|POST|PUT|PATCH|DELETE) /\S*)` \|", PAGE, re.MULTILINE)
    assert set(named) == routes(app) | UNLISTED


def test_every_kind_of_error_is_documented_with_its_status() -> None:
    named = set(re.findall(r"^\| (\d+) \| `/problems/([\w-]+)` \|", PAGE, re.MULTILINE))
    kinds = [each for each in vars(errors).values() if isinstance(each, errors.Kind)]
    assert {(str(kind.status), kind.slug) for kind in [*kinds, *errors.TABLE.values()]} <= named


def bodies() -> list[tuple[str, type[BaseModel]]]:
    """Each route's model of its body."""
    app = create_app(Settings(), Database("postgresql://nobody@/nothing"))
    found = []
    for context in iter_route_contexts(app.routes):
        field = getattr(context.original_route, "body_field", None)
        if field is not None:
            model = field.field_info.annotation
            found += [(context.path, each) for each in get_args(model) or (model,)]
    return [(path, each) for path, each in found if issubclass(each, BaseModel)]


@pytest.mark.parametrize(("path", "model"), bodies())
def test_every_body_is_documented_by_an_example_that_the_api_takes(
    path: str, model: type[BaseModel]
) -> None:
    examples = model.model_json_schema().get("examples", [])
    assert examples, f"{path}: {model.__name__} has no example"
    for each in examples:
        model.model_validate_json(json.dumps(each))
