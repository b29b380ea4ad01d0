"""A channel's words: its folder's ``zh.txt`` and ``en.txt``, filled from a parcel."""

from datetime import datetime
from functools import cache
from pathlib import Path

from api.beijing import BEIJING
from api.notices.domain import Parcel

HERE = Path(__file__).parent
NO_DUE = "—"


@cache
def template(channel: str, language: str) -> str:
    """The text of a channel's folder, with {number}, {what}, {unit} and {due} to be filled in."""
    return (HERE / channel / f"{language}.txt").read_text("utf-8").rstrip("\n")


def filled(channel: str, language: str, parcel: Parcel) -> str:
    """A channel's words for a parcel in one language; times are Beijing's."""
    said = parcel.what.zh if language == "zh" else parcel.what.en
    words = {"number": parcel.number, "what": said, "unit": parcel.unit.unit_name}
    return template(channel, language).format(**words, due=clock_time(parcel.due_at))


def clock_time(at: datetime | None) -> str:
    """Day and time in Beijing."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}" if at else NO_DUE
