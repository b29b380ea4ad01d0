"""The first screen as HTML: both languages complete, nothing inline, nothing from outside."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gis.wording import Wording
from maps import assets, pages
from maps.palette import Theme
from maps.texts import CATALOGUES, TEXTS, Language, UnknownText, text

OWN = [path for path in sorted(assets.STATIC.iterdir()) if path.name != "vendor"]
TEMPLATES = [path for path in pages.TEMPLATES.glob("*.html") if path.name != "faults.html"]
MODULES = [path for folder in OWN for path in sorted(folder.glob("*.js"))]
SHEETS = [path for folder in OWN for path in sorted(folder.glob("*.css"))]
PAIRS = list(TEXTS.items())

# Families of texts that are asked for by a code: `confidence_` + inside …
FAMILIES = (
    "kind_",
    "layer_",
    "confidence_",
    "level_",
    "theme_",
    "role_",
    "happening_",
    "method_",
    "duty_",
    "device_",
    "secret_",
    "clocks_",
    "limit_whistle_",
    "clock_",
    "field_",
    "link_",
    "rules_local_",
)


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


class Page(HTMLParser):
    """Collects the tags of a page and what its data block says."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.boot = ""
        self.feed(words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][1].get("id") == "boot" and not self.boot:
            self.boot = data


def page(language: Language = Language.ZH, theme: Theme = Theme.DAY, title: str = "邻里") -> Page:
    choices = [pages.Choice("neighbour", Wording(title, title))]
    screen = pages.Screen(language, theme, nonce="once")
    return Page(pages.console(screen, pages.Desk(choices, choices, ["file"])))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("theme", Theme)
def test_the_page_is_drawn_in_each_language_and_light(language: Language, theme: Theme) -> None:
    root = next(words for tag, words in page(language, theme).tags if tag == "html")
    assert root == {"lang": language.value, "data-theme": theme.value}


def test_every_address_on_the_page_is_ours_and_every_file_is_there() -> None:
    for _, words in page().tags:
        for name in ("src", "href"):
            address = words.get(name)
            assert not address or address.startswith(("/", "?", "#"))
            assert not address or not address.startswith("//")
            if address and address.startswith(assets.STATIC_URL):
                assert (assets.STATIC / address.removeprefix(f"{assets.STATIC_URL}/")).is_file()


def test_no_script_stands_in_the_page_itself() -> None:
    for tag, words in page().tags:
        assert not [name for name in words if name.startswith("on")]
        if tag == "script":
            assert words.get("src") or words.get("type") == "application/json"
            assert words.get("nonce") == "once" or words.get("type") == "application/json"


def test_a_title_that_closes_a_script_stays_text() -> None:
    hostile = "</script><img src=x onerror=alert(1)>"
    drawn = page(title=hostile)
    assert not [words for tag, words in drawn.tags if tag == "img" and "onerror" in words]
    assert json.loads(drawn.boot)["categories"] == {"neighbour": hostile}


@pytest.mark.parametrize("sheet", SHEETS, ids=named)
def test_a_style_sheet_names_no_address_at_all(sheet: Path) -> None:
    assert not re.search(r"url\(|@import|//", sheet.read_text("utf-8").replace("/*", ""))


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_never_parses_data_as_html_and_imports_only_what_is_there(module: Path) -> None:
    code = module.read_text("utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", code)
    assert "://" not in code
    for name in re.findall(r'from "([^"]+)"', code):
        assert (module.parent / name).resolve().is_file()


@pytest.mark.parametrize(("key", "both"), PAIRS, ids=[key for key, _ in PAIRS])
def test_every_text_speaks_both_languages_with_the_same_gaps(
    key: str, both: tuple[str, str]
) -> None:
    chinese, english = (re.findall(r"\{\w+\}", words) for words in both)
    assert all(both), key
    assert sorted(chinese) == sorted(english)


def test_no_two_pages_mean_different_things_by_one_key() -> None:
    assert len(TEXTS) == sum(len(catalogue) for catalogue in CATALOGUES)


def test_every_text_is_used_and_every_used_text_is_there() -> None:
    code = "".join(path.read_text("utf-8") for path in (*TEMPLATES, *MODULES))
    asked = set(re.findall(r"""\bt\(\s*["'](\w+)["']\s*[,)]""", code))
    for one, other in re.findall(r"""\bt\(\w+ \? "(\w+)" : "(\w+)"\)""", code):
        asked |= {one, other}
    asked |= {view.title for view in (*pages.VIEWS, pages.SIGN_IN, pages.ACCOUNT, pages.CASE_FILE)}
    assert asked <= set(TEXTS)
    assert {key for key in TEXTS if not key.startswith(FAMILIES)} <= asked


def test_an_unknown_text_is_an_error_not_an_empty_place() -> None:
    with pytest.raises(UnknownText):
        text("no such text", Language.EN)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh", Language.ZH),
        ("zh-Hans-CN", Language.ZH),
        ("EN-gb", Language.EN),
        ("de", None),
        ("", None),
    ],
)
def test_a_language_tag_is_understood_by_its_first_part(
    tag: str, language: Language | None
) -> None:
    assert Language.spoken(tag) is language


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_form_puts_what_was_typed_into_an_address(template: Path) -> None:
    forms = re.findall(r"<form[^>]*>", template.read_text("utf-8"))
    assert [
        form for form in forms if not re.search(r'method="(post|dialog)"|role="search"', form)
    ] == []
