"""The two golden cases, as they are given in at the reception window. Synthetic people, real story.

The story is the published one (大东区综治中心, February 2025); the places are ours, well inside of
every area of the demonstration, so that each is dispatched without a person.
"""

from typing import Any, NamedTuple


class GoldenCase(NamedTuple):
    """A report for ``POST /v1/reports`` and the units that must answer, by kind."""

    name: str
    title: str
    body: dict[str, Any]
    units: dict[str, str]


GOLDEN_A = GoldenCase(
    "A",
    "示意案例 A：司机集体讨薪",
    {
        "kind": "dispute",
        "category": "labour",
        "title": "示意案例 A：司机集体讨薪",
        "text": "二十余名货车司机集体反映物流企业拖欠运费和工资，情绪激动，要求当场支付。",
        "occurred_at": "2025-02-19T09:20:00+08:00",
        "source": "window",
        "people_involved": 23,
        "place": {"lon": 123.50156, "lat": 41.79363, "datum": "wgs84", "accuracy_m": 15},
        "synthetic": True,
    },
    {"street": "东塔街道", "police": "新东派出所", "justice": "东塔司法所"},
)

GOLDEN_B = GoldenCase(
    "B",
    "示意案例 B：患病老人赡养",
    {
        "kind": "dispute",
        "category": "family",
        "title": "示意案例 B：患病老人赡养",
        "text": "患尿毒症的老人反映子女拒绝赡养，法院判决未能执行，医疗费没有着落。",
        "occurred_at": "2025-02-26T14:05:00+08:00",
        "source": "window",
        "people_involved": 4,
        "place": {"lon": 123.45789, "lat": 41.82025, "datum": "wgs84", "accuracy_m": 15},
        "synthetic": True,
    },
    {"street": "大北街道", "police": "大北派出所", "justice": "大北司法所"},
)

GOLDEN = (GOLDEN_A, GOLDEN_B)
