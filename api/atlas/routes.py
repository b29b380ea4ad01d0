"""The layers of areas."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.atlas import schemas, service
from api.beijing import beijing_day
from api.rights.gate import Asker
from api.schemas import PROBLEMS, Said
from grids.editions import NoEdition
from grids.models import Edition
from layers.catalogue import CATALOGUE, LayerEntry, entry_of

router = APIRouter(tags=["atlas"])

DRAWINGS = service.Drawings()

GEOJSON = "application/geo+json"


@router.get("/v1/layers", response_model=schemas.LayersAnswer, responses=PROBLEMS)
def list_layers(asker: Asker, on: date | None = None) -> schemas.LayersAnswer:
    """The layers of a day, today in Beijing by default; no edition is an empty answer."""
    day = on or beijing_day(asker.now)
    with asker.transaction() as session:
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
    kind: str, asker: Asker, request: Request, on: Annotated[date | None, Query()] = None
) -> Response:
    """A layer of a day as GeoJSON (EPSG:4326), with each line once in ``lines``."""
    entry = entry_of(kind)
    day = on or beijing_day(asker.now)
    with asker.transaction() as session:
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
