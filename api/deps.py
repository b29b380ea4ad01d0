"""The handles that every request needs, made once by `api.app` and kept on the application."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request

from api.sealing import Keyring
from api.settings import Settings
from gis.database import Database
from gis.geocoding.current import CurrentGeocoder
from grids.editions import Editions

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Handles:
    """Database, the indexes derived from it, settings, and the time (always with zone)."""

    database: Database
    editions: Editions
    places: CurrentGeocoder
    settings: Settings
    clock: Clock

    @cached_property
    def keyring(self) -> Keyring:
        """The keys that seal identity fields, read when first needed. Raises what load raises."""
        return Keyring.load(self.settings.keys_file)


def _of_request(request: Request) -> Handles:
    handles = request.app.state.handles
    assert isinstance(handles, Handles)  # noqa: S101 - set by create_app, nowhere else
    return handles


Given = Annotated[Handles, Depends(_of_request)]
