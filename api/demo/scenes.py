"""Where synthetic reports happen: entries of the demo gazetteer by kind of scene.

Shops and works line certain roads, homes are the buildings of estates; the four old estates with
bad property management lie close together and draw a third of all property disputes.
"""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from functools import cache

import numpy as np

from api.demo.chance import Steps, drawn, steps
from api.demo.gazetteer import entries
from api.demo.roads import OLD_ESTATES
from api.reports.domain import Category
from gis.geocoding.entry import GazetteerEntry, Level
from grids.codes import is_village

SHOPPING = ("滂江街", "长安路", "东北大马路", "大什字街", "小什字街", "东顺城街", "大东路")
WORKING = ("东塔街", "新光街", "沈铁路", "榆林大街", "凌云路", "东建街", "东贸路", "毛君路")
DRIVING = ("滂江街", "东北大马路", "望花南街", "望花中街", "北海街", "联合路", "观泉路", "沈铁路")


class Scene(Enum):
    """A kind of place."""

    OLD_ESTATES = auto()
    HOMES = auto()
    SHOPS = auto()
    WORKS = auto()
    ROADS = auto()
    VILLAGES = auto()
    ANYWHERE = auto()


Mix = tuple[tuple[Scene, float], ...]

AT_HOME: Mix = ((Scene.HOMES, 0.9), (Scene.VILLAGES, 0.1))
SHARES: Mapping[Category, Mix] = {
    Category.FAMILY: AT_HOME,
    Category.NEIGHBOUR: AT_HOME,
    Category.PROPERTY: ((Scene.OLD_ESTATES, 0.33), (Scene.HOMES, 0.67)),
    Category.HOUSING: ((Scene.HOMES, 0.75), (Scene.VILLAGES, 0.25)),
    Category.CONTRACT: ((Scene.SHOPS, 0.7), (Scene.WORKS, 0.2), (Scene.HOMES, 0.1)),
    Category.LABOUR: ((Scene.WORKS, 0.7), (Scene.SHOPS, 0.3)),
    Category.DAMAGES: ((Scene.ANYWHERE, 1.0),),
    Category.DEMOLITION: ((Scene.VILLAGES, 0.8), (Scene.HOMES, 0.2)),
    Category.ENVIRONMENT: ((Scene.SHOPS, 0.4), (Scene.WORKS, 0.2), (Scene.ANYWHERE, 0.4)),
    Category.MEDICAL: ((Scene.SHOPS, 1.0),),
    Category.TRAFFIC: ((Scene.ROADS, 1.0),),
    Category.CONSUMER: ((Scene.SHOPS, 0.9), (Scene.HOMES, 0.1)),
    Category.OTHER: ((Scene.ANYWHERE, 1.0),),
}
"""How often each kind of place is the scene of a category; each row sums to 1."""


def place_of(category: Category, dice: np.random.Generator) -> GazetteerEntry:
    """Where a report of a category happens: a door or a building."""
    places = places_on(SHARES[category][drawn(_limits(category), dice)][0])
    return places[int(dice.integers(len(places)))]


@cache
def _limits(category: Category) -> Steps:
    return steps(share for _, share in SHARES[category])


@cache
def places_on(scene: Scene) -> tuple[GazetteerEntry, ...]:
    """The doors and buildings of a scene, in the gazetteer's order."""
    kept = KEPT[scene]
    exact = (entry for entry in entries() if entry.level in (Level.DOOR, Level.BUILDING))
    return tuple(entry for entry in exact if entry.community_code and kept(entry))


def in_old_estate(entry: GazetteerEntry) -> bool:
    """Whether it lies in one of the old estates with bad property management."""
    return entry.estate in {name for name, _, _ in OLD_ESTATES}


def _in_village(entry: GazetteerEntry) -> bool:
    return entry.community_code is not None and is_village(entry.community_code)


def _anywhere(_: GazetteerEntry) -> bool:
    return True


KEPT: Mapping[Scene, Callable[[GazetteerEntry], bool]] = {
    Scene.OLD_ESTATES: in_old_estate,
    Scene.HOMES: lambda entry: entry.level is Level.BUILDING,
    Scene.SHOPS: lambda entry: entry.road in SHOPPING,
    Scene.WORKS: lambda entry: entry.road in WORKING,
    Scene.ROADS: lambda entry: entry.road in DRIVING,
    Scene.VILLAGES: _in_village,
    Scene.ANYWHERE: _anywhere,
}
