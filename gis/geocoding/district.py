"""What the geocoder knows of the world around its own district: prefixes, neighbours, namesakes.

Public facts, from the statistics bureau's list of areas of 2023-06-30.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class District:
    """The district whose places the gazetteer holds.

    `neighbours`: names of other areas that, at the beginning of an address, put it outside.
    `namesakes`: a name used in this district → the other areas where it exists too.
    """

    province: str
    city: str
    name: str
    neighbours: frozenset[str] = frozenset()
    namesakes: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


_SHENYANG = (
    "和平区",
    "沈河区",
    "皇姑区",
    "铁西区",
    "苏家屯区",
    "浑南区",
    "沈北新区",
    "于洪区",
    "辽中区",
    "康平县",
    "法库县",
    "新民市",
)
# 东陵区 and 沈北's old name are gone from the list but not from people's addresses;
# 望花区 is a district of Fushun, while 望花南街 is a street of Dadong.
_OFTEN_WRITTEN = ("东陵区", "新城子区", "望花区", "顺城区", "新抚区")

_NAMESAKES = {
    "北苑社区": ("沈北新区",),
    "和平社区": ("于洪区",),
    "团结社区": ("沈北新区", "法库县"),
    "丽景社区": ("浑南区",),
    "福居社区": ("皇姑区",),
    "百乐社区": ("沈北新区",),
    "锦绣社区": ("浑南区",),
    "河畔社区": ("沈河区", "苏家屯区"),
    "吉祥社区": ("法库县",),
    "如意社区": ("法库县",),
    "龙湖社区": ("和平区", "康平县"),
    "和谐社区": ("铁西区", "于洪区"),
    "八家子社区": ("沈河区", "于洪区"),
    "睦邻社区": ("于洪区",),
    "新华社区": ("铁西区", "辽中区", "新民市"),
    "兴达社区": ("铁西区",),
    "启悦社区": ("铁西区",),
    "前进街道": ("辽宁省内另外11个区县",),
}

DADONG = District("辽宁省", "沈阳市", "大东区", frozenset(_SHENYANG + _OFTEN_WRITTEN), _NAMESAKES)
