"""Pages, and the scripts, styles and fonts that they need."""

import mimetypes
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.assignments.domain import MEANS_TITLES
from api.audit.domain import DEED_TITLES
from api.beijing import BEIJING, beijing_day
from api.cases.domain import ENDED_STATES, GRADE_TITLES, TIER_TITLES
from api.clocks.domain import UNIT_TITLES
from api.deps import Given
from api.life.domain import BECAUSE_TITLES, DESTINATION_TITLES, RESOLUTION_TITLES
from api.mediation.domain import FORM_TITLES, MEASURE_TITLES, TASK_TITLES
from api.receipts.domain import time_left
from api.receipts.door import receipt_door
from api.refusals import TooMany
from api.reports.catalogue import SUBCATEGORIES
from api.reports.domain import CATEGORY_TITLES, SOURCE_TITLES, Category
from api.reports.schemas import CategoryAnswer
from api.rights.gate import Asker, Asking
from api.rights.policy import POLICY, SCOPES
from api.rights.roles import ROLE_TITLES, Role, Who
from api.rules.domain import HOURS_TITLES
from api.whistles.domain import GROUND_TITLES, KIND_TITLES, PROFESSION_TITLES
from gis.geocoding.vocabulary import spelled
from gis.wording import Wording
from grids.codes import OWN_DIGITS
from grids.editions import NoEdition
from grids.hierarchy import AreaKind
from maps import assets, pages
from maps.palette import Theme
from maps.texts import Language

router = APIRouter(include_in_schema=False)

REMEMBERED_S = 365 * 24 * 3600
FONT_FRESH_S = 24 * 3600  # a page shows some fifty pieces of the Chinese font
NONCE_BYTES = 16

LANGUAGE, THEME = "__Host-lang", "__Host-theme"

# What stands on the console only for those whose roles allow it.
DEEDS = {
    "due": ("GET", "/v1/queue"),
    "queue": ("GET", "/v1/placements"),
    "decide": ("POST", "/v1/placements/{placement_id}/confirm"),
    "file": ("POST", "/v1/reports"),
}

# What stands in the file of a case, beside the steps and moves that its own routes tell.
CASE_DEEDS = {
    "dispatch": ("POST", "/v1/cases/{number}/dispatch"),
    "load": ("GET", "/v1/units/load"),
    "reroute": ("POST", "/v1/cases/{number}/reroute"),
    "extend": ("POST", "/v1/cases/{number}/clocks/{clock_id}/extension"),
    "measure": ("POST", "/v1/cases/{number}/measures"),
    "agree": ("POST", "/v1/cases/{number}/agreement"),
    "pay": ("POST", "/v1/cases/{number}/payments"),
    "task": ("POST", "/v1/cases/{number}/tasks"),
    "reveal": ("POST", "/v1/parties/{party_id}/reveal"),
    "blow": ("POST", "/v1/cases/{number}/whistles"),
    "justify": ("PUT", "/v1/whistles/{whistle_id}/justification"),
    "opine": ("POST", "/v1/whistles/{whistle_id}/experts/{expert_id}/opinion"),
    "assess": ("POST", "/v1/cases/{number}/grading"),
    "pass_on": ("POST", "/v1/cases/{number}/custody/hand-over"),
}

# Codes that stand in it or can be chosen there, with their titles.
CASE_CHOICES: Mapping[str, Collection[tuple[StrEnum, Wording]]] = {
    "categories": CATEGORY_TITLES.items(),
    "sources": SOURCE_TITLES.items(),
    "grades": GRADE_TITLES.items(),
    "tiers": TIER_TITLES.items(),
    "destinations": DESTINATION_TITLES.items(),
    "resolutions": RESOLUTION_TITLES.items(),
    "becauses": BECAUSE_TITLES.items(),
    "means": MEANS_TITLES.items(),
    "measures": MEASURE_TITLES.items(),
    "forms": FORM_TITLES.items(),
    "tasks": TASK_TITLES.items(),
    "whistles": KIND_TITLES.items(),
    "grounds": GROUND_TITLES.items(),
    "professions": PROFESSION_TITLES.items(),
}

# What stands on the page of the rules.
RULE_DEEDS = {
    "change": ("POST", "/v1/rules"),
    "try": ("POST", "/v1/rules/replay"),
}

# The same for the page of people, units and tokens.
ADMINISTRATION = {
    "create": ("POST", "/v1/people"),
    "change": ("PATCH", "/v1/people/{person_id}"),
    "disable": ("POST", "/v1/people/{person_id}/disable"),
    "grant": ("PUT", "/v1/people/{person_id}/roles"),
    "reset": ("POST", "/v1/people/{person_id}/reset"),
    "tokens": ("POST", "/v1/service-tokens"),
    "units": ("PUT", "/v1/units/{code}"),
}

# A minimal system has no table of media types, and a module of the wrong type is not run.
for suffix, media_type in ((".mjs", "text/javascript"), (".woff2", "font/woff2")):
    mimetypes.add_type(media_type, suffix)


class Static(StaticFiles):
    """Our own files: the browser asks each time whether they changed, by ETag; fonts do not."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        fresh = f"max-age={FONT_FRESH_S}" if path.endswith(".woff2") else "no-cache"
        answer.headers["Cache-Control"] = fresh
        return answer


def static_files() -> Static:
    """The folder that is served under ``/static``."""
    return Static(directory=assets.STATIC)


@dataclass(frozen=True)
class Look:
    """How the browser wants pages to look; what was chosen is remembered."""

    language: Language
    theme: Theme
    chosen: tuple[tuple[str, str], ...]

    def drawn(self, draw: Callable[[pages.Screen], str], who: Who | None = None) -> HTMLResponse:
        """The page that ``draw`` draws, allowed to run its own scripts and nothing else."""
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        screen = pages.Screen(self.language, self.theme, nonce)
        if who is not None:
            views = [view for view in pages.VIEWS if POLICY["GET", view.path].reach(who)]
            bell = bool(POLICY["GET", "/v1/notices"].reach(who)) and not who.owes
            screen = pages.Screen(self.language, self.theme, nonce, who.name, views, bell)
        page = HTMLResponse(draw(screen))
        page.headers["Content-Security-Policy"] = pages.content_security_policy(nonce)
        page.headers["Cache-Control"] = "no-store"
        for name, value in self.chosen:
            page.set_cookie(
                name, value, REMEMBERED_S, secure=True, samesite="strict", httponly=True
            )
        return page


def _look(request: Request, lang: str | None = None, theme: str | None = None) -> Look:
    language = _language(request, lang)
    chosen = _theme(theme) or _theme(request.cookies.get(THEME)) or Theme.DAY
    asked = ((LANGUAGE, lang, language.value), (THEME, theme, chosen.value))
    return Look(language, chosen, tuple((name, value) for name, word, value in asked if word))


def _language(request: Request, lang: str | None) -> Language:
    """As asked for, as remembered, as the browser prefers, else Chinese."""
    preferred = request.headers.get("accept-language", "").split(",")
    tags = [
        lang or "",
        request.cookies.get(LANGUAGE, ""),
        *(tag.split(";")[0] for tag in preferred),
    ]
    return next((found for tag in tags if (found := Language.spoken(tag))), Language.ZH)


def _theme(text: str | None) -> Theme | None:
    return Theme(text) if text in set(Theme) else None


Looked = Annotated[Look, Depends(_look)]


@router.get("/")
def first_screen(look: Looked, asker: Asker) -> Response:
    """The console: map, what is due, latest reports, who is responsible, filing, placements."""
    desk = pages.Desk(
        [pages.Choice(code.value, title) for code, title in CATEGORY_TITLES.items()],
        [pages.Choice(code.value, title) for code, title in SOURCE_TITLES.items()],
        _allowed(DEEDS, asker.who),
    )
    return look.drawn(lambda screen: pages.console(screen, desk), asker.who)


@router.get("/sign-in")
def sign_in(look: Looked, given: Given) -> Response:
    """Where everybody begins."""
    known = given.settings.oidc_issuer is not None
    words = {"provider": given.settings.oidc_title if known else ""}
    return look.drawn(lambda screen: pages.page(pages.SIGN_IN, screen, words=words))


@router.get("/account")
def account(look: Looked, asker: Asker) -> Response:
    """One's own account: password, second factor, signed-in devices."""
    return look.drawn(lambda screen: pages.page(pages.ACCOUNT, screen), asker.who)


@router.get("/people")
def people(look: Looked, asker: Asker) -> Response:
    """People, units and tokens, for the two administrators who look after them."""
    may = _allowed(ADMINISTRATION, asker.who)
    titles = [{"role": role.value, "title": ROLE_TITLES[role]._asdict()} for role in Role]
    boot = {"may": may, "roles": titles, "scopes": sorted(SCOPES)}
    words = {"may": may}
    return look.drawn(
        lambda screen: pages.page(pages.PEOPLE, screen, boot=boot, words=words), asker.who
    )


def _allowed(deeds: Mapping[str, tuple[str, str]], who: Who) -> list[str]:
    """The deeds that the roles of ``who`` allow."""
    return [deed for deed, route in deeds.items() if POLICY[route].reach(who)]


@router.get("/audit")
def audit(look: Looked, asker: Asker) -> Response:
    """The audit, for its administrator."""
    deeds = [pages.Choice(deed.value, title) for deed, title in DEED_TITLES.items()]
    words = {"deeds": deeds}
    return look.drawn(lambda screen: pages.page(pages.AUDIT, screen, words=words), asker.who)


@router.get("/r/{token}")
def receipt(token: str, request: Request, look: Looked, given: Given) -> Response:
    """What the holder of a receipt may know: step, units, time left. It works without scripts."""
    address = request.client.host if request.client else ""
    try:
        standing = receipt_door(request).show(token, address, given.clock())
    except TooMany:
        return _receipt(look, 429, {"standing": None, "busy": True})
    if standing is None:
        return _receipt(look, 404, {"standing": None, "busy": False})
    left = time_left(standing.due_at, standing.now) if standing.due_at else None
    at = standing.now.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    return _receipt(look, 200, {"standing": standing, "left": left, "at": at, "busy": False})


def _receipt(look: Look, status: int, words: Mapping[str, object]) -> Response:
    said = {"said": look.language.says}
    page = look.drawn(lambda screen: pages.page(pages.RECEIPT, screen, words=said | dict(words)))
    page.status_code = status
    page.headers["X-Robots-Tag"] = "noindex"
    return page


@router.get("/cases/{number}")
def case_file(look: Looked, asker: Asker) -> Response:
    """The file of one case. What stands in it is asked for by the page, as far as one may see."""
    boot = {
        **{name: _titles(titles, look.language) for name, titles in CASE_CHOICES.items()},
        "may": _allowed(CASE_DEEDS, asker.who),
        "unit": asker.who.unit_code,
        "me": str(asker.who.id),
        "today": beijing_day(asker.now).isoformat(),
        "ended": ENDED_STATES,
    }
    return look.drawn(lambda screen: pages.page(pages.CASE_FILE, screen, boot=boot), asker.who)


def _titles(titles: Iterable[tuple[StrEnum, Wording]], language: Language) -> dict[str, str]:
    return {code.value: language.says(title) for code, title in titles}


@router.get("/inbox")
def inbox(look: Looked, asker: Asker) -> Response:
    """What a unit has to do, and the whistles that call it."""
    boot = {
        "categories": _titles(CATEGORY_TITLES.items(), look.language),
        "means": _titles(MEANS_TITLES.items(), look.language),
        "unit": asker.who.unit_code,
    }
    return look.drawn(lambda screen: pages.page(pages.INBOX, screen, boot=boot), asker.who)


@router.get("/assessment")
def assessment(look: Looked, asker: Asker) -> Response:
    """What waits to be graded, the form, and whether the grades told what came."""
    boot = {
        "may": _allowed({"assess": CASE_DEEDS["assess"]}, asker.who),
        "categories": _titles(CATEGORY_TITLES.items(), look.language),
        "grades": _titles(GRADE_TITLES.items(), look.language),
    }
    return look.drawn(lambda screen: pages.page(pages.ASSESSMENT, screen, boot=boot), asker.who)


@router.get("/rules")
def rules(look: Looked, asker: Asker) -> Response:
    """The routing rules: what holds, drafts, and trying them on past cases."""
    language = look.language
    branches = {code.value: title for code, title in CATEGORY_TITLES.items()}
    branches |= {code: found.title for code, found in SUBCATEGORIES.items()}
    boot = {
        "may": _allowed(RULE_DEEDS, asker.who),
        "branches": {code: language.says(title) for code, title in branches.items()},
        "streets": _streets(asker),
        "hours": _titles(HOURS_TITLES.items(), language),
        "grades": _titles(GRADE_TITLES.items(), language),
        "tiers": _titles(TIER_TITLES.items(), language),
        "sources": _titles(SOURCE_TITLES.items(), language),
        "units": _titles(UNIT_TITLES.items(), language),
    }
    return look.drawn(lambda screen: pages.page(pages.RULES, screen, boot=boot), asker.who)


def _streets(asker: Asking) -> dict[str, str]:
    """The streets in force, by the leading digits of all codes within each."""
    try:
        names = asker.given.editions.at(beijing_day(asker.now)).names
    except NoEdition:
        return {}
    digits = OWN_DIGITS[AreaKind.STREET]
    return {code[:digits]: name for (kind, code), name in names.items() if kind is AreaKind.STREET}


@router.get("/planner")
def planner(look: Looked, asker: Asker) -> Response:
    """Counts and hotspots by area, on the map and in a table."""
    categories = [pages.Choice(code.value, title) for code, title in CATEGORY_TITLES.items()]
    desk = pages.Desk(categories, [], [])
    return look.drawn(lambda screen: pages.planner(screen, desk), asker.who)


@router.get("/supervision")
def supervision(look: Looked, asker: Asker) -> Response:
    """What is late and whose it is, the limits and the working calendar."""
    boot = {
        "categories": _titles(CATEGORY_TITLES.items(), look.language),
        "grades": _titles(GRADE_TITLES.items(), look.language),
    }
    return look.drawn(lambda screen: pages.page(pages.SUPERVISION, screen, boot=boot), asker.who)


@router.get("/reception")
def reception(look: Looked, asker: Asker) -> Response:
    """The clerk's desk: first intake at the window, by keyboard."""
    boot = {"categories": [_choosable(each) for each in Category], "who": str(asker.who.id)}
    words = {"sources": [pages.Choice(code.value, title) for code, title in SOURCE_TITLES.items()]}
    return look.drawn(
        lambda screen: pages.page(pages.RECEPTION, screen, boot=boot, words=words), asker.who
    )


def _choosable(category: Category) -> dict[str, Any]:
    """A category with its branches and questions, and the letters by which it is typed."""
    initials = spelled(CATEGORY_TITLES[category].zh.split("（")[0])[1]
    return CategoryAnswer.of(category).model_dump() | {"initials": initials}
