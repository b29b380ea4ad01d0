"""What a report says. Pure: no clock, no database.

Codes of kinds, categories and sources: docs/glossary.md (纠纷类型, 来源).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from api.refusals import BadInput, Fault
from gis.datum import Datum
from gis.wording import Wording

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far ahead of ours the clock of a reporting device may be."""

OLDEST = timedelta(days=20 * 366)
"""A dispute may be reported long after it arose; twenty years is the longest limitation of claims
(民法典第一百八十八条)."""


class ReportKind(StrEnum):
    """A dispute of people, or what a grid worker saw on patrol."""

    DISPUTE = "dispute"
    PATROL = "patrol"


class Category(StrEnum):
    """What a dispute is about: twelve kinds and the rest."""

    FAMILY = "family"
    NEIGHBOUR = "neighbour"
    PROPERTY = "property"
    HOUSING = "housing"
    CONTRACT = "contract"
    LABOUR = "labour"
    DAMAGES = "damages"
    DEMOLITION = "demolition"
    ENVIRONMENT = "environment"
    MEDICAL = "medical"
    TRAFFIC = "traffic"
    CONSUMER = "consumer"
    OTHER = "other"


CATEGORY_TITLES = {
    Category.FAMILY: Wording("婚姻家庭（含赡养）", "Marriage and family"),
    Category.NEIGHBOUR: Wording("邻里", "Neighbours"),
    Category.PROPERTY: Wording("物业", "Property management"),
    Category.HOUSING: Wording("房屋宅基地", "Housing and homesteads"),
    Category.CONTRACT: Wording("合同", "Contracts"),
    Category.LABOUR: Wording("劳动争议（含欠薪）", "Labour and wage arrears"),
    Category.DAMAGES: Wording("损害赔偿", "Damages"),
    Category.DEMOLITION: Wording("征地拆迁", "Expropriation and demolition"),
    Category.ENVIRONMENT: Wording("环境保护", "Environment"),
    Category.MEDICAL: Wording("医疗", "Medical"),
    Category.TRAFFIC: Wording("道路交通", "Road traffic"),
    Category.CONSUMER: Wording("消费", "Consumer"),
    Category.OTHER: Wording("其他", "Other"),
}


class Source(StrEnum):
    """The channel through which a report came."""

    WINDOW = "window"
    PATROL = "patrol"
    PUBLIC = "public"
    HOTLINE = "hotline_12345"
    PETITION = "petition"
    COURT = "court"
    SUPERIOR = "superior"
    SENSOR = "sensor"
    OA = "oa"


SOURCE_TITLES = {
    Source.WINDOW: Wording("窗口来访", "Reception window"),
    Source.PATROL: Wording("网格员巡查", "Patrol"),
    Source.PUBLIC: Wording("群众上报", "Reported by the public"),
    Source.HOTLINE: Wording("12345/110 转办", "Hotline 12345 / 110"),
    Source.PETITION: Wording("信访转送", "Petition office"),
    Source.COURT: Wording("法院委派", "Assigned by a court"),
    Source.SUPERIOR: Wording("上级指示", "Superior's instruction"),
    Source.SENSOR: Wording("物联/视频感知", "Sensors and video"),
    Source.OA: Wording("OA 公文", "Official documents"),
}


class Method(StrEnum):
    """How a report came to its point."""

    COORDINATE = "coordinate"
    ADDRESS = "address"
    PERSON = "person"
    NONE = "none"


@dataclass(frozen=True)
class Position:
    """A point as given: degrees in the named datum, longitude first; accuracy in metres."""

    lon: float
    lat: float
    datum: Datum
    accuracy_m: float | None = None


@dataclass(frozen=True)
class Filing:
    """A report as it was given in. Exactly one of ``position`` and ``address`` is set."""

    kind: ReportKind
    category: Category
    text: str
    occurred_at: datetime
    source: Source
    title: str | None = None
    people_involved: int = 1
    position: Position | None = None
    address: str | None = None
    synthetic: bool = False
    subcategory: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a report lies: EPSG:4326 degrees, None where nobody knows; radius in metres.

    ``raw`` is the place exactly as it was given, ``hexes`` the H3 cells of resolutions 8 to 11.
    """

    raw: dict[str, Any]
    method: Method
    datum: Datum | None = None
    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None
    hexes: tuple[str, ...] = ()


def require_plausible_time(occurred_at: datetime, now: datetime) -> None:
    """Refuse a time without zone, in the future or further back than :data:`OLDEST`."""
    if occurred_at.tzinfo is None:
        what = Wording("时间没有时区", "the time has no time zone")
        mend = Wording("写成 2026-02-19T09:30:00+08:00", "write it as 2026-02-19T09:30:00+08:00")
        raise BadInput(Fault("occurred_at", what, mend))
    if occurred_at > now + CLOCKS_DIFFER:
        what = Wording("发生时间在将来", "the time lies in the future")
        mend = Wording("检查日期和设备时钟", "check the date and the device's clock")
        raise BadInput(Fault("occurred_at", what, mend))
    if occurred_at < now - OLDEST:
        what = Wording("发生时间早于二十年前", "the time lies more than twenty years back")
        mend = Wording("检查年份", "check the year")
        raise BadInput(Fault("occurred_at", what, mend))
