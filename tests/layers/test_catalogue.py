"""What layers there are."""

import pytest

from grids.hierarchy import AreaKind
from layers.catalogue import CATALOGUE, Drawing, UnknownLayer, entry_of


def test_the_three_jurisdictions_and_the_four_levels_can_be_shown() -> None:
    wanted = {
        AreaKind.DISTRICT,
        AreaKind.STREET,
        AreaKind.COMMUNITY,
        AreaKind.GRID,
        AreaKind.POLICE,
        AreaKind.JUSTICE,
    }
    assert {entry.kind for entry in CATALOGUE} == wanted


def test_areas_that_do_not_nest_are_drawn_as_outlines_over_the_ground() -> None:
    for kind in (AreaKind.POLICE, AreaKind.JUSTICE):
        assert entry_of(kind.value).drawing is Drawing.OUTLINE


def test_an_unknown_layer_is_refused_with_what_may_be_chosen() -> None:
    with pytest.raises(UnknownLayer, match=r"district.*street"):
        entry_of("heat")
