"""The first screen, its scripts and styles, and the layers of areas."""

import mimetypes
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.atlas import schemas, service
from api.beijing import beijing_day
from api.deps import Given
from api.reports.domain import CATEGORY_TITLES, SOURCE_TITLES
from api.schemas import PROBLEMS, Said
from grids.editions import NoEdition
from grids.models import Edition
from layers.catalogue import CATALOGUE, LayerEntry, entry_of
from maps import assets
from maps.pages import CONTENT_SECURITY_POLICY, Choice, Console, console
from maps.palette import Theme
from maps.texts import Language

router = APIRouter(tags=["atlas"])

DRAWINGS = service.Drawings()

PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
GEOJSON = "application/geo+json"
REMEMBERED_S = 365 * 24 * 3600
FONT_FRESH_S = 24 * 3600  # a page shows some fifty pieces of the Chinese font

# A minimal system has no table of media types, and a module of the wrong type is not run.
for suffix, media_type in ((".mjs", "text/javascript"), (".woff2", "font/woff2")):
    mimetypes.add_type(media_type, suffix)


class Static(StaticFiles):
    """Our own files: the browser asks each time whether they changed, by ETag; fonts do not."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        fresh = f"max-age={FONT_FRESH_S}" if path.endswith(".woff2") else "no-cache"
        answer.headers["Cache-Control"] = fresh
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer


def static_files() -> Static:
    """The folder that is served under ``/static``."""
    return Static(directory=assets.STATIC)


@router.get("/", include_in_schema=False)
def first_screen(request: Request, lang: str | None = None, theme: str | None = None) -> Response:
    """The console; language and theme are remembered once they were chosen."""
    language = _language(request, lang)
    chosen = _theme(theme) or _theme(request.cookies.get("theme")) or Theme.DAY
    screen = Console(
        language,
        chosen,
        [Choice(code.value, title) for code, title in CATEGORY_TITLES.items()],
        [Choice(code.value, title) for code, title in SOURCE_TITLES.items()],
    )
    page = HTMLResponse(console(screen), headers=PAGE_HEADERS)
    for name, word, value in (("lang", lang, language.value), ("theme", theme, chosen.value)):
        if word is not None:
            page.set_cookie(name, value, REMEMBERED_S, samesite="strict", httponly=True)
    return page


def _language(request: Request, lang: str | None) -> Language:
    """As asked for, as remembered, as the browser prefers, else Chinese."""
    preferred = request.headers.get("accept-language", "").split(",")
    tags = [lang or "", request.cookies.get("lang", ""), *(tag.split(";")[0] for tag in preferred)]
    return next((found for tag in tags if (found := Language.spoken(tag))), Language.ZH)


def _theme(text: str | None) -> Theme | None:
    return Theme(text) if text in set(Theme) else None


@router.get("/v1/layers", response_model=schemas.LayersAnswer, responses=PROBLEMS)
def list_layers(given: Given, on: date | None = None) -> schemas.LayersAnswer:
    """The layers of a day, today in Beijing by default; no edition is an empty answer."""
    day = on or beijing_day(given.clock())
    with given.database.transaction() as session:
        edition = service.edition_on(session, day)
        if edition is None:
            layers = [_layer(entry, 0) for entry in CATALOGUE]
            return schemas.LayersAnswer(edition=None, bounds=None, layers=layers)
        many = service.counts(session, edition.id)
        return schemas.LayersAnswer(
            edition=_edition(edition),
            bounds=service.bounds(session, edition.id),
            layers=[_layer(entry, many.get(entry.kind.value, 0)) for entry in CATALOGUE],
        )


def _edition(edition: Edition) -> schemas.EditionAnswer:
    synthetic = edition.source == "synthetic"
    return schemas.EditionAnswer(id=edition.id, valid_from=edition.valid_from, synthetic=synthetic)


def _layer(entry: LayerEntry, areas: int) -> schemas.LayerAnswer:
    return schemas.LayerAnswer(
        kind=entry.kind.value,
        title=Said(**entry.title._asdict()),
        legend=Said(**entry.legend._asdict()),
        areas=areas,
        shown=entry.shown,
        min_zoom=entry.min_zoom,
        label_zoom=entry.label_zoom,
    )


@router.get("/v1/layers/{kind}.geojson", responses=PROBLEMS)
def show_layer(
    kind: str, given: Given, request: Request, on: Annotated[date | None, Query()] = None
) -> Response:
    """A layer of a day as GeoJSON (EPSG:4326), with each line once in ``lines``."""
    entry = entry_of(kind)
    day = on or beijing_day(given.clock())
    with given.database.transaction() as session:
        edition = service.edition_on(session, day)
        if edition is None:
            raise NoEdition(day, None)
        name = service.name_of(entry, edition)
        headers = {"ETag": name, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if name in _known_names(request):
            return Response(status_code=304, headers=headers)
        drawn = DRAWINGS.of(name, lambda: service.draw(session, entry.kind, edition))
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(drawn.packed, headers=headers, media_type=GEOJSON)
    return Response(drawn.plain, headers=headers, media_type=GEOJSON)


def _known_names(request: Request) -> set[str]:
    """The ETags that the asker holds; a proxy that compresses makes them weak."""
    given = request.headers.get("if-none-match", "").split(",")
    return {name.strip().removeprefix("W/") for name in given}
