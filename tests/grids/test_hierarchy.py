from grids.hierarchy import (
    ADMINISTRATIVE,
    COVERING,
    TITLES,
    AreaKind,
    ancestors,
    from_the_top,
    parent_kind,
)


def test_police_justice_and_court_areas_lie_in_the_district_and_not_in_streets() -> None:
    for kind in (AreaKind.POLICE, AreaKind.JUSTICE, AreaKind.COURT):
        assert parent_kind(kind) is AreaKind.DISTRICT
        assert kind not in ADMINISTRATIVE


def test_a_cell_lies_in_community_street_and_district() -> None:
    assert ancestors(AreaKind.GRID) == [AreaKind.COMMUNITY, AreaKind.STREET, AreaKind.DISTRICT]


def test_custom_areas_have_no_parent_and_need_not_cover() -> None:
    assert parent_kind(AreaKind.CUSTOM) is None
    assert AreaKind.CUSTOM not in COVERING


def test_parents_come_before_their_children() -> None:
    order = from_the_top(reversed(AreaKind))
    for place, kind in enumerate(order):
        above = parent_kind(kind)
        assert above is None or order.index(above) < place


def test_every_kind_has_a_chinese_and_an_english_title() -> None:
    assert set(TITLES) == set(AreaKind)
