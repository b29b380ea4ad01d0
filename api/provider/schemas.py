"""What linking a person to the provider takes, and the page that leads back."""

from html import escape
from typing import Annotated

from pydantic import Field

from api.schemas import Strict, example


class LinkRequest(Strict):
    """The ``sub`` by which the provider knows a person; null: sign-in there opens nothing more."""

    model_config = example({"subject": "u-10086"})

    subject: Annotated[str, Field(min_length=1, max_length=255)] | None


def leading_to(path: str) -> str:
    """A page that goes on by itself.

    A redirect would not do: the browser would count it among the provider's, and send no cookie
    that is ``SameSite=Strict``.
    """
    where = escape(path, quote=True)
    return (
        '<!doctype html><html lang="zh"><meta charset="utf-8"><title>枫桥 Fengqiao</title>'
        f'<meta http-equiv="refresh" content="0;url={where}"><a href="{where}">继续 / go on</a>'
    )
