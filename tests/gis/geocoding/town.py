"""A made-up gazetteer of some 20,000 entries under real road and community names of Dadong."""

from collections.abc import Iterator
from itertools import product

from gis.geocoding.entry import GazetteerEntry, Level

ROADS = (
    *("东塔街", "长安路", "珠林路", "滂江街", "望花南街", "东北大马路", "小东路", "和睦路"),
    *("大东路", "观泉路", "联合路", "合作街", "洮昌街", "上园路", "新东二街", "黎明三街"),
    *("草仓路", "天后宫路", "小北关街", "大什字街", "小什字街", "东顺城街", "津桥路", "德增街"),
    *("吉祥四路", "文官街", "正新路", "北海街", "山嘴子路", "沈铁路", "八棵树路", "榆林大街"),
    *("柳林街", "新生二街", "工农路", "老瓜堡东路", "劳动路", "前进南路", "建设巷", "东站街"),
)
COMMUNITIES = {
    "八家子社区": "210104015011",
    "新东社区": "210104015016",
    "长安社区": "210104012009",
    "滂江社区": "210104012008",
    "和平社区": "210104006007",
    "北大营社区": "210104007030",
    "前詹屯村民委员会": "210104006201",
    "朱尔村村民委员会": "210104006203",
}
STREETS = {
    "东塔街道": "210104015",
    "长安街道": "210104012",
    "前进街道": "210104018",
    "文官街道": "210104006",
    "二台子街道": "210104007",
    "东站街道": "210104009",
}
LANDMARKS = (
    *("沈阳大学", "龙之梦购物中心", "德济医院", "中街大悦城", "新玛特休闲购物广场", "振浩大厦"),
    *("国瑞购物中心", "沈阳三洋电梯有限公司", "万泉公园", "望花菜市场", "黎明文化宫"),
)
STATIONS = ("滂江街站", "黎明广场站", "长安路站", "合作街站", "北大营站", "望花站", "洮昌街站")
_FIRST = (
    "东逸",
    "龙湖",
    "锦绣",
    "福安",
    "翠华",
    "金星",
    "瑞府",
    "蓝庭",
    "汇泽",
    "康都",
    "愿景",
    "辰宇",
)
_SECOND = ("花园", "新城", "家园", "公寓", "雅苑", "名邸", "小区", "国际", "华府", "里")


def entry(
    level: Level, name: str, lon: float, lat: float, radius_m: float, **fields: object
) -> GazetteerEntry:
    """One synthetic entry."""
    return GazetteerEntry(level, name, lon, lat, radius_m, "synthetic", **fields)  # type: ignore[arg-type]


def town() -> list[GazetteerEntry]:
    """All entries, in a fixed order."""
    return [*_roads(), *_estates(), *_named()]


def _roads() -> Iterator[GazetteerEntry]:
    """Each road runs north; odd numbers west, even ones east, every tenth number left out."""
    codes = list(STREETS.values())
    for i, road in enumerate(ROADS):
        lon, street = 123.44 + i * 0.002, codes[i % len(codes)]
        yield entry(Level.ROAD, road, lon, 41.81, 1400, street_code=street)
        for n in range(1, 301):
            if n % 10:
                at = lon + (n % 2) * 0.0003, 41.80 + n * 0.00007
                fields = {"road": road, "number": str(n), "street_code": street}
                yield entry(Level.DOOR, f"{road}{n}号", *at, 15, **fields)
        at = lon, 41.80301
        yield entry(Level.DOOR, f"{road}43-1号", *at, 15, road=road, number="43-1")
    yield entry(Level.INTERSECTION, "珠林路与滂江街交汇处", 123.445, 41.803, 30)


def _estates() -> Iterator[GazetteerEntry]:
    for i, (first, second) in enumerate(product(_FIRST, _SECOND)):
        name, lon, lat = f"{first}{second}", 123.44 + i % 12 * 0.008, 41.83 + i // 12 * 0.004
        yield entry(Level.ESTATE, name, lon, lat, 150)
        for n in range(1, 51):
            at = lon + n % 7 * 0.0003, lat + n // 7 * 0.0003
            building = {"estate": name, "building": str(n)}
            yield entry(Level.BUILDING, f"{name}{n}号楼", *at, 20, **building)
        yield entry(
            Level.ROOM, f"{name}3栋2单元501室", lon + 0.0009, lat, 20, estate=name, building="3"
        )
        yield entry(Level.BUILDING, f"{name}A3栋", lon, lat, 20, estate=name, building="A3")


def _named() -> Iterator[GazetteerEntry]:
    for i, (name, code) in enumerate(COMMUNITIES.items()):
        codes = {"community_code": code, "street_code": code[:9]}
        yield entry(Level.COMMUNITY, name, 123.47 + i * 0.006, 41.795, 350, **codes)
    former = {"东塔街道": ("新东街道(撤销于2013)",), "东站街道": ("辽沈街道(撤销)",)}
    for i, (name, code) in enumerate(STREETS.items()):
        fields = {"street_code": code, "aliases": former.get(name, ())}
        yield entry(Level.STREET, name, 123.46 + i * 0.012, 41.79, 1500, **fields)
    for i, name in enumerate(LANDMARKS):
        yield entry(Level.POI, name, 123.45 + i * 0.005, 41.825, 60)
    for i, name in enumerate(STATIONS):
        yield entry(Level.POI, name, 123.45 + i * 0.006, 41.815, 80)
    museum = {"road": "望花南街", "number": "246", "aliases": ("九一八纪念馆",)}
    yield entry(Level.POI, "沈阳九·一八历史博物馆", 123.4486, 41.81722, 80, **museum)
    yield entry(Level.POI, "合作街站", 123.4688, 41.8157, 80)
