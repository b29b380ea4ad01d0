"""The demo's reports told again by somebody else: other words, a bit aside, some days later."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from api.demo.reports import filings
from api.reports.domain import Filing
from gis.crs import metres_per_degree
from gis.datum import to_wgs84

UNTIL = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATELY = timedelta(days=60)
MOST_ASIDE_M, MOST_DAYS = 80.0, 3
SEED = 7

OTHER_WORDS = {
    "反映": "说",
    "住户": "居民",
    "要求": "希望",
    "拒绝": "不肯",
    "争执": "吵架",
    "协商不成": "谈不拢",
    "无人维修": "没人修",
    "漏水": "渗水",
    "噪声": "噪音",
    "长期": "一直",
    "拖欠": "欠着",
    "工资": "工钱",
    "堆放": "堆着",
    "赔偿": "赔钱",
    "催缴": "催费",
    "影响": "妨碍",
    "多次": "好几回",
    "费用": "钱",
    "一老人": "有位老人",
    "退还": "退",
    "员工": "职工",
    "纠纷": "矛盾",
}


class Told(NamedTuple):
    """A report that lies somewhere (EPSG:4326)."""

    filing: Filing
    lon: float
    lat: float
    at: datetime
    text: str


def lately() -> list[Told]:
    """The demo's reports of sixty days that have a coordinate."""
    found = []
    for received_at, filing in filings(UNTIL):
        position = filing.position
        if position is not None and UNTIL - received_at <= LATELY:
            lon, lat = to_wgs84(position.lon, position.lat, position.datum)
            told = f"{filing.title} {filing.text}"
            found.append(Told(filing, float(lon), float(lat), filing.occurred_at, told))
    return found


def again(told: Told, dice: np.random.Generator) -> Told:
    """The same matter as another person tells it."""
    aside, bearing = MOST_ASIDE_M * np.sqrt(dice.random()), 2 * np.pi * dice.random()
    east_m, north_m = aside * np.cos(bearing), aside * np.sin(bearing)
    per_lon, per_lat = metres_per_degree(told.lat)
    later = timedelta(days=float(dice.uniform(-MOST_DAYS, MOST_DAYS)))
    lon, lat = told.lon + float(east_m / per_lon), told.lat + float(north_m / per_lat)
    return told._replace(lon=lon, lat=lat, at=told.at + later, text=_paraphrased(told, dice))


def _paraphrased(told: Told, dice: np.random.Generator) -> str:
    """Other words, another order, and one of more than two clauses forgotten; no title."""
    clauses = told.filing.text.rstrip("。").split("，")
    if len(clauses) > 2:
        del clauses[int(dice.integers(len(clauses)))]
    shuffled = [clauses[each] for each in dice.permutation(len(clauses))]
    words = "，".join(shuffled)
    for word, other in OTHER_WORDS.items():
        words = words.replace(word, other)
    return words


def away_m(told: Told, other: Told) -> float:
    """Metres between two places; plane is enough within a district."""
    per_lon, per_lat = metres_per_degree(told.lat)
    return float(np.hypot((told.lon - other.lon) * per_lon, (told.lat - other.lat) * per_lat))


def near(told: Told, reports: Sequence[Told], reach_m: float) -> list[tuple[Told, float]]:
    """The reports within so many metres, with their distance."""
    found = ((each, away_m(told, each)) for each in reports)
    return [(each, metres) for each, metres in found if metres <= reach_m]
