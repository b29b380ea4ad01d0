"""`fengqiao geocode` and `fengqiao route-point`: one question at a time, nothing stored."""

from datetime import datetime
from typing import Annotated, Any

import typer

from api.cli.console import AsJson, opened_database, plain_errors, say, settings, today
from api.dispatch.domain import evidence
from api.intake.domain import geocoding_content
from gis.datum import parse_datum, to_wgs84
from gis.geocoding.current import CurrentGeocoder
from gis.geometry import checked_point
from grids.editions import Editions
from grids.jurisdictions import route

Text = Annotated[str, typer.Argument(help="地址 / address")]
Lon = Annotated[float, typer.Argument(help="经度 / longitude, degrees east")]
Lat = Annotated[float, typer.Argument(help="纬度 / latitude, degrees north")]
Datum = Annotated[str, typer.Option(help="wgs84, cgcs2000, gcj02 (高德) 或 / or bd09 (百度)")]
Day = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="哪一天,默认今天 / which day, default today"),
]
Accuracy = Annotated[
    float | None, typer.Option(min=0, help="定位误差(米) / accuracy of the coordinate, metres")
]


def geocode(text: Text, *, as_json: AsJson = False) -> None:
    """地址 → 候选地点,附级别、得分与不确定半径 / candidate places of an address."""
    with plain_errors(as_json=as_json), opened_database() as database:
        answer = CurrentGeocoder(database).current().geocode(text)
    words = [
        f"{each.score:.2f}  {each.level:12} {each.lon:.6f} {each.lat:.6f} ±{each.radius_m:.0f} m"
        f"  {each.text}  {each.explanation_zh} / {each.explanation_en}"
        for each in answer
    ]
    notes = [f"{note.zh} / {note.en}" for note in answer.notes]
    say(
        geocoding_content(answer),
        [*words, *notes],
        as_json=as_json,
    )


def route_point(
    lon: Lon,
    lat: Lat,
    *,
    datum: Datum,
    on: Day = None,
    accuracy: Accuracy = None,
    as_json: AsJson = False,
) -> None:
    """一个坐标由谁负责,附理由 / who answers for a coordinate, with reasons."""
    day = on.date() if on else today()
    with plain_errors(as_json=as_json), opened_database() as database:
        checked_point(lon, lat)
        x, y = to_wgs84(lon, lat, parse_datum(datum))
        index = Editions(database).at(day)
        found = evidence(
            route(index, x, y, day, accuracy_m=accuracy, near_m=settings().near_line_m)
        )
    say(found, _told(found), as_json=as_json)


def _told(found: dict[str, Any]) -> list[str]:
    lines = [
        f"{kind:9} {each['unit_name'] or each['area_name'] or '—'}  [{each['confidence']}]"
        f"  {each['reason']['zh']} / {each['reason']['en']}"
        for kind, each in found["layers"].items()
    ]
    return lines + [f"{reason['zh']} / {reason['en']}" for reason in found["reasons"]]
