"""A written Chinese address, taken apart by rules: from the province down to the room.

Rules only, no gazetteer: what a word means (an estate, a shop) is for the geocoder to find out.
A street office ends in 街道, a road in 路, 街, 巷, 大道, 胡同: 长安街道 is not 长安街 nor 长安路.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from gis.geocoding.details import NOTHING, Details, details, details_start
from gis.geocoding.district import DADONG, District
from gis.geocoding.writing import written_alike


@dataclass(frozen=True, slots=True)
class Relation:
    """A place said by way of another: '旁边', '对面', '北侧200米'; metres to allow around it."""

    words: str
    metres: float


@dataclass(frozen=True, slots=True)
class Address:
    """One parsed address. Every part is in the one way of writing, or None where nothing is said.

    `text` is the address without province, city and district; `core` is also without the
    relation, the street office and the community. `outside` names an area that is not this
    district. `crossings` are the possible readings of an intersection: 东塔街和睦路交汇处 is
    东塔街 and 和睦路 or, less likely, 东塔街 and 睦路. `place` is an estate, a landmark, anything.
    """

    raw: str
    text: str = ""
    core: str = ""
    province: str | None = None
    city: str | None = None
    district: str | None = None
    outside: str | None = None
    street: str | None = None
    community: str | None = None
    crossings: tuple[tuple[str, str], ...] = ()
    road: str | None = None
    number: str | None = None
    place: str | None = None
    details: Details = NOTHING
    relation: Relation | None = None


_LEAD_IN = re.compile(
    "^(?:(?:请问|我们?|他们?|她|事发|发生|现|家|人|案发)?(?:地址|地点|住址|位置|位于|住在|住|在)(?:是|为|在|于)?)+"
)
_HAN = "[㐀-鿿〇]"
# Words in which 市 or 区 is no administrative unit: 超市, 小区, 社区, 校区, 北区 ...
_CITY = re.compile(rf"^{_HAN}{{2,3}}(?<![超菜集夜花城鱼早农])市(?![场集民政区])")
_PROVINCE = re.compile(rf"^(?:{_HAN}{{2,3}}省|{_HAN}{{2,7}}自治区|辽宁(?={_HAN}{{2}}市))")
_AREA = re.compile(
    rf"^{_HAN}{{2,4}}?(?<![小社园城校厂景院街片发东西南北新山一二三四五六七八九])[区县](?={_HAN}|$)"
)
# Without a city in front, a slip may look like a district (锦绣区苑): a whole road must follow.
_AREA_ALONE = re.compile(
    rf"^{_HAN}{{2}}(?<![小社园城校厂景院街片发东西南北新山])[区县](?={_HAN}{{1,8}}(?:街道|[路街]\d))"
)
# A street office's or community's name inside the name of another institution stays there.
_INSTITUTION = "(?!派出|司法|卫生|服务|医|综治|食堂|超市|公园|幼儿|学|小学|养老|文化|党|警务|路)"
_STREET = re.compile(rf"^({_HAN}{{2,5}}?街道)(?:办事处|办(?!公))?{_INSTITUTION}")
_COMMUNITY = re.compile(
    rf"^({_HAN}{{1,7}}?社区)(?:居民委员会|居委会|居民?委)?{_INSTITUTION}"
    rf"|^({_HAN}{{1,5}}?)(?:村民委员会|村委会|村(?=\d|$))"
)
_NEAR = {
    "斜对面|斜对过": 80.0,
    "对面|对过|对门": 60.0,
    "旁边|旁侧|隔壁|边上|旁(?=$|的)": 50.0,
    "附近|周边|一带|周围": 200.0,
    "[东西南北]{1,2}(?:侧|边|面)(?!墙)|路[东西南北](?=$)|[往向][东西南北]": 80.0,
    "后身|后面|前面|后院|身后|背后": 60.0,
    "门口|门前|楼下|院内|里面|院里|大门": 30.0,
}
_NEAR_METRES = tuple(_NEAR.values())
_RELATION = re.compile(
    "(?<=..)的?(?:" + "|".join(f"({words})" for words in _NEAR) + r")约?(?:(\d{1,4})米)?"
)
_CROSSING_ENDS = tuple(
    re.compile(end)
    for end in (
        "的?(?:交汇|交叉|交界|相交|十字|丁字)(?:处|路口|口|点)?$",
        "的?(?:路口|交口|拐角处?)$",
        "口$",
    )
)
_ROAD_NAME = rf"{_HAN}{{1,8}}?(?:路|街|巷|胡同|大道)+"
_ROADS_JOINED = re.compile(rf"^({_ROAD_NAME})[与跟及]({_ROAD_NAME})$")
_ROADS_TOGETHER = re.compile(rf"^({_ROAD_NAME})-?({_ROAD_NAME})$")
_ROADS_JOINED_BY_HE = re.compile(rf"^({_ROAD_NAME})[和同]({_ROAD_NAME})$")
_ROAD = re.compile(
    rf"^({_ROAD_NAME}(?:\d+巷|{_HAN}巷)?)(?=$|\d|[A-Z]|[甲乙丙丁临副附]|{_HAN}{{2}})"
)
_NUMBER = re.compile(
    r"^临?([甲乙丙丁]?)(\d+[A-Z]?)([甲乙丙丁]?)((?:-\d+)*)(?:[副附](\d+))?"
    r"(?:号|#)(?!楼|线|门)院?([甲乙丙丁]?)(?:[副附](\d+)号?)?(?:-(\d{1,2})(?![\d-]|号楼|栋|单元|室))?"
)
_LANE_NUMBER = re.compile(r"^(\d+)弄(\d+)号(?!楼)")
_BARE_NUMBER = re.compile(r"^(\d+[A-Z]?(?:-\d+)?)(?=$|-\d|[^\d号楼栋幢座单室层门#-])")


_METRO = re.compile(
    r"^(?:(?:沈阳)?地铁)?(?:\d+号线)?(.+?)(?:地铁)?站(?:地铁站)?(?:[A-Z]\d?(?:出入?)?口)?$"
)


def parse(text: str, district: District = DADONG) -> Address:
    """Take an address apart. Never raises: what cannot be read stays in `core` and `place`."""
    rest = _LEAD_IN.sub("", written_alike(text))
    address = _administrative(Address(raw=text), rest, district)
    rest, relation = _relation(address.text)
    street, community, core = _office_and_community(rest)
    crossings = _crossings(core)
    address = replace(
        address,
        relation=relation,
        street=street,
        community=community,
        core=core,
        crossings=crossings,
    )
    return address if crossings else _road_and_place(address, core)


def without_prefix(text: str, district: District = DADONG) -> str:
    """A text in the one way of writing without the district's own province, city and name."""
    own = _own_prefix(district).match(text)
    return text[own.end() :] if own and own.end() < len(text) else text


@lru_cache(maxsize=4096)
def house_number(text: str) -> str:
    """A house number in its one form, with 号 or without: 甲12号 → 12甲, ４３－１ → 43-1."""
    alike = written_alike(text)
    number, _ = _number(alike if "号" in alike else f"{alike}号", bare=True)
    return number or alike


def station(text: str) -> str | None:
    """The usual name of a metro station: 地铁10号线滂江街站A口 → 滂江街站."""
    match = _METRO.match(text)
    return f"{match.group(1)}站" if match else None


@lru_cache
def _own_prefix(district: District) -> re.Pattern[str]:
    """The district's own province, city and name; short forms only where nothing else is meant.

    沈阳大学 and 大东路 keep their first word; 沈阳大东东塔街12号 loses both.
    """
    province, city, name = district.province, district.city, district.name
    sure = rf"(?={_ROAD_NAME}\d|{_HAN}{{2,5}}街道)"
    areas = "|".join((name, *sorted(district.neighbours)))
    return re.compile(
        rf"^(?P<province>{province}|{province[:-1]}(?={city[:-1]}))?"
        rf"(?P<city>{city}|{city[:-1]}(?={areas})|{city[:-1]}{sure})?"
        rf"(?P<district>{name}|(?<={city[-2:]}|{city[-3:-1]}){name[:-1]}{sure})?"
    )


def _administrative(address: Address, rest: str, district: District) -> Address:
    """Province, city and district off the front; the rest in `text`."""
    own = _own_prefix(district).match(rest)
    found = own.groupdict() if own else {}
    rest = rest[own.end() if own else 0 :]
    outside = None if found.get("district") else _outside(rest, district, found.get("city"))
    return replace(
        address,
        text=rest,
        outside=outside,
        province=district.province if found.get("province") else None,
        city=district.city if found.get("city") else None,
        district=district.name if found.get("district") else None,
    )


def _outside(rest: str, district: District, own_city: str | None) -> str | None:
    """The name of another area at the beginning of the text, or None."""
    for neighbour in district.neighbours:
        if rest.startswith(neighbour):
            return neighbour
    if own_city:
        other = _AREA.match(rest)
    else:
        other = _PROVINCE.match(rest) or _CITY.match(rest) or _AREA_ALONE.match(rest)
    return other.group() if other else None


def _relation(text: str) -> tuple[str, Relation | None]:
    """The text before the first relative word, and the relation.

    A side of the road before a number (滂江街东侧54号) says nothing new and is left out.
    """
    match = _RELATION.search(text)
    if not match:
        return text, None
    before, after = text[: match.start()], text[match.end() :]
    if after[:1].isdigit():
        return before + after, None
    *groups, distance = match.groups()
    kind = next(i for i, group in enumerate(groups) if group)
    words = match.group().removeprefix("的")
    return before, Relation(words, _NEAR_METRES[kind] + float(distance or 0))


def _office_and_community(text: str) -> tuple[str | None, str | None, str]:
    """Street office and community off the front, and what is left."""
    office = _STREET.match(text)
    rest = text[office.end() :] if office else text
    match = _COMMUNITY.match(rest)
    if not match:
        return office.group(1) if office else None, None, rest
    community = match.group(1) or match.group(2).removesuffix("村") + "村"
    return office.group(1) if office else None, community, rest[match.end() :]


def _crossings(core: str) -> tuple[tuple[str, str], ...]:
    """The readings of an intersection, likeliest first; () when the text is none."""
    if joined := _ROADS_JOINED.match(core):
        return ((joined.group(1), joined.group(2)),)
    texts = (end.sub("", core) for end in _CROSSING_ENDS)
    readings = (reading for text in texts if text != core for reading in _two_roads(text))
    return tuple(dict.fromkeys(readings))


def _two_roads(text: str) -> list[tuple[str, str]]:
    """珠林路与滂江街, 珠林路滂江街 and 珠林路和滂江街; the last two may both fit."""
    joined = _ROADS_JOINED.match(text)
    matches = [joined] if joined else [_ROADS_TOGETHER.match(text), _ROADS_JOINED_BY_HE.match(text)]
    return [(match.group(1), match.group(2)) for match in matches if match]


def _road_and_place(address: Address, core: str) -> Address:
    """Road, number, estate or landmark, and the details behind them."""
    match = _ROAD.match(core)
    road, rest = (match.group(1), core[match.end() :]) if match else (None, core)
    number, rest = _number(rest, bare=bool(road))
    if road and not number and rest and not rest[0].isdigit():
        rest = core  # 和睦路小区: the road's name may be part of the place's name
    rest = rest.lstrip("-")
    start = details_start(rest)
    place, tail = rest[:start], rest[start:]
    if not number:
        number, _ = _number(tail, bare=False)  # 前詹屯12号, or the 12号 of an estate
    return replace(
        address,
        road=road,
        number=number,
        place=place or None,
        details=details(tail, behind_number=bool(number and not place)),
    )


def _number(rest: str, *, bare: bool) -> tuple[str | None, str]:
    """A house number off the front in its one form ('43-1', '12甲', '5副1', '23弄5').

    `bare`: take a number without 号 too, as behind a road.
    """
    if lane := _LANE_NUMBER.match(rest):
        return f"{lane.group(1)}弄{lane.group(2)}", rest[lane.end() :]
    if match := _NUMBER.match(rest):
        mark, main, *more = match.groups()
        first, subs, annex, last, annex_after, sub_after = (part or "" for part in more)
        annex = annex or annex_after
        subs += f"-{sub_after}" if sub_after else ""
        annexed = f"副{annex}" if annex else ""
        return f"{main}{subs}{first or last or mark}{annexed}", rest[match.end() :]
    if bare and (match := _BARE_NUMBER.match(rest)):
        return match.group(1), rest[match.end() :]
    return None, rest
