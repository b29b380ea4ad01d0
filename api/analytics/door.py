"""The columns in memory, read anew when the database has changed, and how exactly one may ask."""

import threading
from collections import OrderedDict
from datetime import UTC, date, datetime
from typing import Annotated, NamedTuple

import numpy as np
from fastapi import Depends, Request

from api.analytics.catalogue import SOURCES
from api.analytics.domain import By, Question, require_safe
from api.analytics.service import (
    Ground,
    Neighbourhood,
    made_safe,
    neighbourhood,
    placed,
    stamp,
    within,
)
from api.beijing import beijing_day
from api.rights.gate import Asking
from api.rights.policy import Reach
from gis.database import Database
from grids.editions import EditionIndex, Editions

KEPT = 6
"""Sources times editions: a comparison over changed boundaries needs two of each."""


class Columns:
    """The points of each source in each edition that was asked for lately. Safe between threads.

    One asker reads what has changed; the others wait for it, since they ask for the same.
    """

    def __init__(self, database: Database, editions: Editions) -> None:
        self._database = database
        self._editions = editions
        self._kept: OrderedDict[tuple[str, int], Ground] = OrderedDict()
        self._around: OrderedDict[tuple[By, int], Neighbourhood] = OrderedDict()
        self._reading = threading.Lock()

    def ground(self, source: str, on: date) -> Ground:
        """The points of a source in the edition of a day. Raises KeyError, NoEdition."""
        edition = self._editions.at(on)
        key = source, edition.edition_id
        with self._reading, self._database.transaction() as session:
            known = self._kept.get(key)
            if known is None or known.edition is not edition or known.stamp != stamp(session):
                known = placed(session, SOURCES[source], edition)
            self._kept[key] = known
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return known

    def around(self, edition: EditionIndex, by: By) -> Neighbourhood:
        """Who is whose neighbour in an edition; worked out once."""
        key = by, edition.edition_id
        with self._reading:
            known = self._around.get(key)
            if known is None:
                with self._database.transaction() as session:
                    known = neighbourhood(session, edition, by)
            self._around[key] = known
            while len(self._around) > KEPT:
                self._around.popitem(last=False)
            return known


def _columns(request: Request) -> Columns:
    held: Columns = request.app.state.columns
    return held


HeldColumns = Annotated[Columns, Depends(_columns)]


class Seen(NamedTuple):
    """The ground that an asker may look at, and whether each point of it may be told apart."""

    ground: Ground
    exact: bool


def seen(columns: Columns, asker: Asking, question: Question, on: date | None) -> Seen:
    """Exact within the asker's area where their role sees cases there; else groups of the whole.

    Raises Forbidden for a question that groups do not answer.
    """
    ground = columns.ground(question.source, on or beijing_day(asker.now))
    if sees_each(asker):
        return Seen(within(ground, asker.who.area_prefix or ""), exact=True)
    require_safe(question, on)
    return Seen(made_safe(ground, instant64(asker.now)), exact=False)


def sees_each(asker: Asking) -> bool:
    """Whether somebody may tell the cases of an area apart."""
    return Reach.AREA in asker.reach and asker.who.area_prefix is not None


def instant64(at: datetime) -> np.datetime64:
    """An instant with zone as numpy has it, in UTC."""
    return np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us")
