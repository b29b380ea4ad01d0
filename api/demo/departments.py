"""The units of the centre that answer for no place: 6 with a desk in it, 29 called when needed.

The structure is the published one (docs/glossary.md: 常驻, 随驻); the codes are invented.
"""

from typing import NamedTuple

RESIDENT_KIND, ON_CALL_KIND = "resident", "on_call"


class Department(NamedTuple):
    """A unit without an area."""

    code: str
    name: str
    kind: str


_RESIDENT = {
    "political-legal": "区委政法委",
    "public-security": "区公安分局",
    "court": "区人民法院",
    "procuratorate": "区人民检察院",
    "justice-bureau": "区司法局",
    "petition": "区信访局",
}
_ON_CALL = {
    "human-resources": "区人力资源和社会保障局",
    "housing": "区住房和城乡建设局",
    "real-estate": "区房产局",
    "civil-affairs": "区民政局",
    "market-regulation": "区市场监督管理局",
    "transport": "区交通运输局",
    "traffic-police": "区交警大队",
    "health": "区卫生健康局",
    "medical-insurance": "区医疗保障局",
    "education": "区教育局",
    "urban-management": "区城市管理综合行政执法局",
    "finance": "区财政局",
    "tax": "区税务局",
    "emergency": "区应急管理局",
    "fire-rescue": "区消防救援大队",
    "environment": "区生态环境分局",
    "natural-resources": "区自然资源分局",
    "agriculture": "区农业农村局",
    "commerce": "区商务局",
    "culture-tourism": "区文化旅游和广播电视局",
    "veterans": "区退役军人事务局",
    "trade-union": "区总工会",
    "womens-federation": "区妇女联合会",
    "youth-league": "团区委",
    "disabled-federation": "区残疾人联合会",
    "industry-federation": "区工商业联合会",
    "red-cross": "区红十字会",
    "lawyers": "区律师调解工作室",
    "volunteers": "区志愿者联合会",
}


def _all(kind: str, names: dict[str, str]) -> list[Department]:
    return [Department(f"dept:{code}", name, kind) for code, name in names.items()]


DEPARTMENTS = (*_all(RESIDENT_KIND, _RESIDENT), *_all(ON_CALL_KIND, _ON_CALL))
