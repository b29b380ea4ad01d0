"""Shapes that every feature's requests and answers share."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

PRINTABLE_CONTROLS = "\n\t\r"


class Strict(BaseModel):
    """A request: no unknown fields, no guessing between types, no NaN."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


def example(body: Mapping[str, Any], *more: Mapping[str, Any]) -> ConfigDict:
    """The configuration of a request that is documented by such bodies."""
    return ConfigDict(json_schema_extra={"examples": [dict(each) for each in (body, *more)]})


class Said(BaseModel):
    """A text in both languages."""

    zh: str
    en: str


class FaultAnswer(BaseModel):
    """One thing that is wrong, where, and how to mend it."""

    where: str
    what: Said
    mend: Said


class ProblemAnswer(BaseModel):
    """Why a request was refused (RFC 9457, application/problem+json)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FaultAnswer]


def _readable(text: str) -> str:
    """Refuse what PostgreSQL cannot keep (NUL) and what nobody can read (control characters)."""
    for character in text:
        if character < " " and character not in PRINTABLE_CONTROLS:
            raise PydanticCustomError("control_character", "contains a control character")
    return text


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_readable),
]
Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000),
    AfterValidator(_readable),
]

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemAnswer, "content": {"application/problem+json": {}}}
    for status in (422, 503)
}
