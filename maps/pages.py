"""Pages as HTML text. No web framework: what is served, and how, is decided above."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2

from gis.wording import Wording
from layers.catalogue import CATALOGUE
from maps import assets
from maps.palette import PALETTES, Theme
from maps.style import style
from maps.texts import Language, text, texts

TEMPLATES = Path(__file__).parent / "templates"

# Strict: no inline script, no outside address. MapLibre sets style attributes and draws from blobs.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "worker-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


@dataclass(frozen=True)
class Choice:
    """A code that a person may choose, with its title."""

    code: str
    title: Wording

    def said(self, language: Language) -> str:
        return self.title.zh if language is Language.ZH else self.title.en


@dataclass(frozen=True)
class Console:
    """What the first screen is told: how to look, and which codes may be chosen."""

    language: Language
    theme: Theme
    categories: Sequence[Choice]
    sources: Sequence[Choice]


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def console(screen: Console) -> str:
    """The first screen: map, latest reports, who is responsible, filing, placement queue."""
    return (
        _environment()
        .get_template("console.html")
        .render(
            assets=assets,
            screen=screen,
            t=partial(text, language=screen.language),
            languages=list(Language),
            themes=list(Theme),
            entries=CATALOGUE,
            boot=_boot(screen),
        )
    )


def _boot(screen: Console) -> dict[str, Any]:
    """What the page's modules read once, as JSON."""
    return {
        "language": screen.language.value,
        "texts": texts(screen.language),
        "style": style(CATALOGUE, PALETTES[screen.theme]),
        "kinds": [entry.kind.value for entry in CATALOGUE],
        "categories": _titles(screen.categories, screen.language),
        "sources": _titles(screen.sources, screen.language),
        "font": assets.FONT_FAMILY,
    }


def _titles(choices: Sequence[Choice], language: Language) -> dict[str, str]:
    return {choice.code: choice.said(language) for choice in choices}
