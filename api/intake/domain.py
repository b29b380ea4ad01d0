"""Where a filing lies: from coordinate or address to a place; what drafts there are. Pure."""

from enum import StrEnum
from typing import Any

from api.reports.domain import Filing, Method, Place, Position
from gis.datum import to_wgs84
from gis.geocoding.entry import Candidate, Geocoding
from gis.geocoding.geocoder import Geocoder
from gis.geocoding.match import decided
from gis.geometry import checked_point
from grids.hexes import cells

KEPT_CANDIDATES = 5


class DraftKind(StrEnum):
    """What is being written."""

    REPORT = "report"


MOST_DRAFTS = 50
"""So many a person may leave lying about."""


def place_of(filing: Filing, geocoder: Geocoder) -> Place:
    """The place of a filing, in EPSG:4326. Raises BadCoordinate.

    An address is placed only where one candidate needs no person; its radius is its accuracy.
    """
    if filing.position is not None:
        return placed_at(filing.position, Method.COORDINATE)
    return _from_address(filing.address or "", geocoder)


def placed_at(position: Position, method: Method) -> Place:
    """A place at a coordinate, moved from its datum to WGS-84 and checked before and after."""
    checked_point(position.lon, position.lat)
    lon, lat = to_wgs84(position.lon, position.lat, position.datum)
    raw = {
        "lon": position.lon,
        "lat": position.lat,
        "datum": position.datum.value,
        "accuracy_m": position.accuracy_m,
    }
    return Place(
        raw,
        method,
        datum=position.datum,
        lon=float(lon),
        lat=float(lat),
        radius_m=position.accuracy_m,
        hexes=tuple(cells(float(lon), float(lat)).values()),
    )


def _from_address(text: str, geocoder: Geocoder) -> Place:
    answer = geocoder.geocode(text)
    chosen = decided(answer.candidates)
    raw: dict[str, Any] = {
        "address": text,
        "candidates": [candidate_content(each) for each in answer[:KEPT_CANDIDATES]],
    }
    if chosen is None:
        return Place(raw, Method.NONE)
    raw["chosen"] = chosen.entry_code
    return Place(
        raw,
        Method.ADDRESS,
        lon=chosen.lon,
        lat=chosen.lat,
        radius_m=chosen.radius_m,
        hexes=tuple(cells(chosen.lon, chosen.lat).values()),
    )


def candidate_content(candidate: Candidate) -> dict[str, Any]:
    """A candidate as JSON."""
    return {
        "level": candidate.level.value,
        "text": candidate.text,
        "lon": candidate.lon,
        "lat": candidate.lat,
        "radius_m": candidate.radius_m,
        "score": round(candidate.score, 4),
        "explanation": {"zh": candidate.explanation_zh, "en": candidate.explanation_en},
        "entry": candidate.entry_code,
    }


def geocoding_content(answer: Geocoding) -> dict[str, Any]:
    """A geocoder's answer as JSON; ``decided`` says whether the first needs no person."""
    return {
        "candidates": [candidate_content(each) for each in answer],
        "notes": [{"zh": note.zh, "en": note.en} for note in answer.notes],
        "decided": decided(answer.candidates) is not None,
    }
