"""The forms of written addresses named in the domain's section on place, and the hostile ones."""

import time

import pytest

from gis.geocoding.address import Address, house_number, parse, station
from gis.geocoding.details import Details


@pytest.mark.parametrize(
    ("text", "road", "number"),
    [
        ("东塔街12号", "东塔街", "12"),
        ("东塔街１２号", "东塔街", "12"),
        ("东塔街 12 号", "东塔街", "12"),
        ("东塔街十二号", "东塔街", "12"),
        ("东塔街一百零二号", "东塔街", "102"),
        ("东塔街12", "东塔街", "12"),
        ("东塔街9-1号", "东塔街", "9-1"),
        ("东塔街9—1号", "东塔街", "9-1"),
        ("东塔街9之1号", "东塔街", "9-1"),
        ("望花南街43-1号", "望花南街", "43-1"),
        ("望花南街43号-1", "望花南街", "43-1"),
        ("望花南街43号之一", "望花南街", "43-1"),
        ("东塔街12甲号", "东塔街", "12甲"),
        ("东塔街12号甲", "东塔街", "12甲"),
        ("东塔街甲12号", "东塔街", "12甲"),
        ("东塔街12号乙", "东塔街", "12乙"),
        ("东塔街12副1号", "东塔街", "12副1"),
        ("东塔街12号副1", "东塔街", "12副1"),
        ("东塔街12号附1号", "东塔街", "12副1"),
        ("东塔街23弄5号", "东塔街", "23弄5"),
        ("长安路8巷3号", "长安路8巷", "3"),
        ("东北大马路272号", "东北大马路", "272"),
        ("中街路5号", "中街路", "5"),
        ("滂江街东侧54号", "滂江街", "54"),
        ("地址：东塔街12号", "东塔街", "12"),
        ("住在东塔街12号", "东塔街", "12"),
    ],
)
def test_a_road_and_its_number_are_read_in_every_way_of_writing(
    text: str, road: str, number: str
) -> None:
    address = parse(text)
    assert (address.road, address.number) == (road, number)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("东逸花园3栋2单元501室", "3-2-501"),
        ("东逸花园三栋二单元五零一室", "3-2-501"),
        ("东逸花园3号楼2单元501", "3-2-501"),
        ("东逸花园3#楼2单元501", "3-2-501"),
        ("东逸花园3幢2门501室", "3-2-501"),
        ("东逸花园3座2单元5层1号", "3-2-501"),
        ("东逸花园3楼2单元501", "3-2-501"),
        ("东逸花园3-2-501", "3-2-501"),
        ("东逸花园3-2-501室", "3-2-501"),
        ("东逸花园3-2-5-1", "3-2-501"),
        ("东逸花园3栋2单无501室", "3-2-501"),
        ("东逸花园A3-2-6-1", "A3-2-601"),
        ("东逸花园A座501", "A--501"),
        ("东逸花园甲栋501", "甲--501"),
        ("东逸花园3-501", "3--501"),
        ("东逸花园3栋", "3--"),
    ],
)
def test_building_unit_and_room_have_one_key_in_every_way_of_writing(text: str, key: str) -> None:
    address = parse(text)
    assert address.place == "东逸花园"
    assert address.details.key == key


def test_three_single_figures_behind_a_number_are_unit_floor_and_door() -> None:
    assert parse("东塔街43-1号2-6-1").details == Details(unit="2", floor="6", room="601")


def test_an_address_of_figures_alone_keeps_them() -> None:
    assert parse("A3-2-6-1").details.key == "A3-2-601"
    assert parse("9-1号").number == "9-1"


@pytest.mark.parametrize(
    "text",
    [
        "辽宁省沈阳市大东区东塔街道八家子社区东塔街12号",
        "辽宁沈阳市大东区东塔街道八家子社区居委会东塔街12号",
        "沈阳市大东区东塔街道办事处八家子社区东塔街12号",
        "大东区东塔街道八家子社区居民委员会东塔街12号",
    ],
)
def test_what_stands_in_front_of_the_road_is_taken_off_and_kept(text: str) -> None:
    address = parse(text)
    assert (address.street, address.community) == ("东塔街道", "八家子社区")
    assert (address.district, address.road, address.number) == ("大东区", "东塔街", "12")


def test_short_prefixes_are_taken_off_only_where_they_can_be_nothing_else() -> None:
    assert parse("沈阳大东东塔街12号").road == "东塔街"
    assert parse("沈阳大学").place == "沈阳大学"
    assert parse("大东路12号").road == "大东路"
    assert parse("沈阳路12号").road == "沈阳路"


@pytest.mark.parametrize(
    ("text", "street", "road"),
    [
        ("长安街道", "长安街道", None),
        ("长安路", None, "长安路"),
        ("东塔街道", "东塔街道", None),
        ("东塔街", None, "东塔街"),
        ("二台子街道", "二台子街道", None),
    ],
)
def test_a_street_office_is_not_a_road(text: str, street: str | None, road: str | None) -> None:
    assert (parse(text).street, parse(text).road) == (street, road)


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("沈河区中街路1号", "沈河区"),
        ("沈阳市铁西区建设路1号", "铁西区"),
        ("辽宁省沈阳市和平区和平大街1号", "和平区"),
        ("望花区雷锋路1号", "望花区"),
        ("辽宁省抚顺市望花区雷锋路", "抚顺市"),
        ("法库县", "法库县"),
        ("朝阳区建国路1号", "朝阳区"),
        ("北京市朝阳区建国路1号", "北京市"),
        ("吉林省长春市", "吉林省"),
    ],
)
def test_another_area_in_front_puts_the_address_outside(text: str, outside: str) -> None:
    assert parse(text).outside == outside


@pytest.mark.parametrize(
    "text",
    [
        *("望花南街46号", "和平社区", "新华社区", "法库社区", "铁岭社区", "望花菜市场", "东逸小区"),
        *("文官超市", "A区3栋", "锦绣区苑38号楼", "龙湖花园北区3栋", "北京街1号"),
    ],
)
def test_a_name_that_only_looks_like_another_area_stays_inside(text: str) -> None:
    assert parse(text).outside is None


@pytest.mark.parametrize(
    "text",
    [
        "珠林路与滂江街交汇处",
        "珠林路和滂江街交叉口",
        "珠林路、滂江街路口",
        "珠林路/滂江街",
        "珠林路滂江街交叉路口",
        "珠林路与滂江街",
    ],
)
def test_an_intersection_names_its_two_roads(text: str) -> None:
    assert ("珠林路", "滂江街") in parse(text).crossings


def test_a_road_name_that_begins_with_and_is_read_whole_first() -> None:
    assert parse("东塔街和睦路交汇处").crossings[0] == ("东塔街", "和睦路")
    assert parse("和睦路小区3栋").crossings == ()


@pytest.mark.parametrize(
    ("text", "words", "metres"),
    [
        ("德济医院旁边", "旁边", 50),
        ("德济医院附近", "附近", 200),
        ("德济医院的对面", "对面", 60),
        ("德济医院东侧", "东侧", 80),
        ("德济医院北侧200米", "北侧200米", 280),
        ("德济医院门口", "门口", 30),
    ],
)
def test_a_relation_is_taken_off_and_widens(text: str, words: str, metres: float) -> None:
    address = parse(text)
    assert address.place == "德济医院"
    assert address.relation is not None
    assert (address.relation.words, address.relation.metres) == (words, metres)


@pytest.mark.parametrize(
    ("text", "community"),
    [
        ("八家子社区", "八家子社区"),
        ("三家子社区居委会", "三家子社区"),
        ("前詹屯村民委员会", "前詹屯村"),
        ("朱尔村村民委员会", "朱尔村"),
        ("朱尔村村委会", "朱尔村"),
        ("前詹屯村12号", "前詹屯村"),
        ("长安社区卫生服务中心", None),
    ],
)
def test_communities_and_villages_have_one_name(text: str, community: str | None) -> None:
    assert parse(text).community == community


def test_numerals_in_names_are_left_alone() -> None:
    assert parse("沈阳九·一八历史博物馆").place == "沈阳九一八历史博物馆"
    assert parse("七二四支行").place == "七二四支行"


def test_a_metro_station_has_one_name() -> None:
    for text in ("地铁10号线滂江街站", "滂江街地铁站", "滂江街站A口", "沈阳地铁1号线滂江街站"):
        assert station(parse(text).core) == "滂江街站"
    assert station("沈阳北站") == "沈阳北站"


def test_a_house_number_has_one_form_with_its_mark_or_without() -> None:
    assert [house_number(n) for n in ("43-1", "４３－１号", "甲12", "12副1号", "23弄5")] == [
        *("43-1", "43-1", "12甲", "12副1", "23弄5")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\n",
        "\x00",
        "😀🏠",
        "\ud800",
        "\udfff东",
        "--",
        "号号号",
        "12",
        "〇" * 500,
        "\u202e\ufeff",
    ],
)
def test_hostile_text_is_read_without_an_error(text: str) -> None:
    assert isinstance(parse(text), Address)


@pytest.mark.parametrize(
    "unit", ["东", "街", "1", "-", "东塔街", "12号", "和", "A1-", "\u3000", "ﷺ"]
)
def test_ten_thousand_characters_cost_no_more_than_a_long_address(unit: str) -> None:
    start = time.perf_counter()
    address = parse(unit * 10_000)
    assert time.perf_counter() - start < 0.1
    assert len(address.text) <= 200
