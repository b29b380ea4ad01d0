"""Pages as HTML text. No web framework: what is served, and how, is decided above."""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True)
class View:
    """A page: its template and the folder of its modules, its path, its title among the texts.

    ``mapped``: it has a map.
    """

    name: str
    path: str
    title: str
    mapped: bool = False

    @property
    def modules(self) -> list[str]:
        """URLs of all its modules, to be fetched at once and not one after another."""
        drawing = assets.modules("map") if self.mapped else []
        return assets.modules("common") + drawing + assets.modules(self.name)

    @property
    def main(self) -> str:
        """URL of the module that starts the page."""
        return f"{assets.STATIC_URL}/{self.name}/main.js"


CONSOLE = View("console", "/", "console", mapped=True)
RECEIPT = View("receipt", "/r", "receipt")
SIGN_IN = View("sign_in", "/sign-in", "sign_in")
ACCOUNT = View("account", "/account", "account")
AUDIT = View("audit", "/audit", "audit")
PEOPLE = View("people", "/people", "administration")
CASE_FILE = View("case_file", "/cases", "case_file")
ASSESSMENT = View("assessment", "/assessment", "assessment")
INBOX = View("inbox", "/inbox", "inbox")
RULES = View("rules", "/rules", "rules")
SUPERVISION = View("supervision", "/supervision", "supervision")
PLANNER = View("planner", "/planner", "planner", mapped=True)
RECEPTION = View("reception", "/reception", "reception")
VIEWS = (CONSOLE, RECEPTION, INBOX, ASSESSMENT, RULES, SUPERVISION, PLANNER, PEOPLE, AUDIT)
"""The pages that stand in the bar, for whoever may open them."""


@dataclass(frozen=True)
class Choice:
    """A code that a person may choose, with its title."""

    code: str
    title: Wording

    def said(self, language: Language) -> str:
        return language.says(self.title)


@dataclass(frozen=True)
class Screen:
    """How a page looks and for whom it is; ``nonce`` is what its scripts are allowed by.

    ``bell``: whether there are notices for the asker.
    """

    language: Language
    theme: Theme
    nonce: str = ""
    asker: str = ""
    views: Sequence[View] = ()
    bell: bool = False


@dataclass(frozen=True)
class Desk:
    """What the first screen offers: codes to choose from, and what the asker ``may`` do."""

    categories: Sequence[Choice]
    sources: Sequence[Choice]
    may: Sequence[str]


def content_security_policy(nonce: str) -> str:
    """Strict (CSP level 3): only our own scripts by nonce, nothing inline, nothing from outside.

    MapLibre draws images from blobs and data.
    """
    rules = (
        "default-src 'none'",
        f"script-src 'nonce-{nonce}'",
        "style-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "img-src 'self' data: blob:",
        "worker-src 'self'",
        "form-action 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return "; ".join(rules)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Codes stand in the order of their table, as a person would expect to choose from them.
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False}
    return environment


def page(
    view: View,
    screen: Screen,
    *,
    boot: Mapping[str, Any] | None = None,
    words: Mapping[str, Any] | None = None,
    preload: Sequence[str] = (),
) -> str:
    """A page in its frame. ``boot`` is what its modules read once, ``words`` what its template."""
    known = {"language": screen.language.value, "texts": texts(screen.language)}
    return (
        _environment()
        .get_template(f"{view.name}.html")
        .render(
            assets=assets,
            view=view,
            screen=screen,
            modules=[*preload, *view.modules],
            t=partial(text, language=screen.language),
            themes=list(Theme),
            boot=known | dict(boot or {}),
            **(words or {}),
        )
    )


def console(screen: Screen, desk: Desk) -> str:
    """The first screen: map, latest reports, who is responsible, filing, placement queue."""
    boot = {
        "style": style(CATALOGUE, PALETTES[screen.theme]),
        "kinds": [entry.kind.value for entry in CATALOGUE],
        "categories": titles(desk.categories, screen.language),
        "sources": titles(desk.sources, screen.language),
        "may": list(desk.may),
        "font": assets.FONT_FAMILY,
    }
    words = {"desk": desk, "entries": CATALOGUE}
    return page(CONSOLE, screen, boot=boot, words=words, preload=[assets.MAP_SCRIPT_URL])


def planner(screen: Screen, desk: Desk) -> str:
    """Counts and hotspots on the map, with their table."""
    palette = PALETTES[screen.theme]
    boot = {
        "style": style(CATALOGUE, palette),
        "kinds": [entry.kind.value for entry in CATALOGUE],
        "font": assets.FONT_FAMILY,
        "ramp": palette.ramp,
        "spots": dict(palette.spots),
    }
    words = {"categories": titles(desk.categories, screen.language)}
    return page(PLANNER, screen, boot=boot, words=words, preload=[assets.MAP_SCRIPT_URL])


def titles(choices: Sequence[Choice], language: Language) -> dict[str, str]:
    """Title by code, in the page's language."""
    return {choice.code: choice.said(language) for choice in choices}
