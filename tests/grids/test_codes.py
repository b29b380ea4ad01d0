"""The grammar of codes. Real codes of Dadong are public facts (national statistics list)."""

import pytest

from grids.codes import (
    BadCode,
    GridCode,
    checked,
    grid_code,
    is_village,
    parent_code,
    parsed_grid,
    restored,
)
from grids.hierarchy import AreaKind

HUALU = "210104002009"  # 华炉社区, 大北街道


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("210104002000", "210104002000"),
        (210104002000, "210104002000"),
        (210104002000.0, "210104002000"),
        ("210104002000.0", "210104002000"),
        (210104002009001.0, "210104002009001"),
        ("２１０１０４００２０００", "210104002000"),
        (" 新东所 ", "新东所"),
        ("0017", "0017"),
        (None, ""),
        (float("nan"), ""),
    ],
)
def test_a_code_stored_as_a_number_comes_back_as_text(stored: object, text: str) -> None:
    assert restored(stored) == text


def test_digits_rounded_away_by_a_spreadsheet_are_refused() -> None:
    with pytest.raises(BadCode, match="四舍五入"):
        restored("2.10104E+11")


@pytest.mark.parametrize(
    ("kind", "short", "full"),
    [
        (AreaKind.DISTRICT, "210104", "210104000000"),
        (AreaKind.STREET, "210104002", "210104002000"),
        (AreaKind.STREET, "210104002000", "210104002000"),
        (AreaKind.COMMUNITY, HUALU, HUALU),
        (AreaKind.GRID, HUALU + "001", HUALU + "001"),
        (AreaKind.POLICE, "新东", "新东"),
    ],
)
def test_a_short_administrative_code_is_completed(kind: AreaKind, short: str, full: str) -> None:
    assert checked(kind, short) == full


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (AreaKind.DISTRICT, "210104002000"),
        (AreaKind.STREET, HUALU),
        (AreaKind.STREET, "210104000000"),
        (AreaKind.COMMUNITY, "210104002000"),
        (AreaKind.COMMUNITY, "21010400200"),
        (AreaKind.GRID, HUALU),
        (AreaKind.GRID, HUALU + "000"),
        (AreaKind.GRID, HUALU + "0x1"),
        (AreaKind.GRID, HUALU + "٠٠١"),
        (AreaKind.POLICE, ""),
        (AreaKind.CUSTOM, "a\x00b"),
    ],
)
def test_a_code_of_another_level_is_refused(kind: AreaKind, code: str) -> None:
    with pytest.raises(BadCode) as refusal:
        checked(kind, code)
    assert all(refusal.value.what)
    assert all(refusal.value.mend)


def test_the_digits_of_a_code_name_its_parent() -> None:
    assert parent_code(AreaKind.GRID, HUALU + "001") == HUALU
    assert parent_code(AreaKind.COMMUNITY, HUALU) == "210104002000"
    assert parent_code(AreaKind.STREET, "210104002000") == "210104000000"
    assert parent_code(AreaKind.DISTRICT, "210104000000") is None
    assert parent_code(AreaKind.POLICE, "210104002000") is None


def test_villages_have_sequences_from_200_to_399() -> None:
    assert is_village("210104006200")
    assert is_village("210104006399")
    assert not is_village("210104006199")
    assert not is_village("210104006400")


def test_cells_of_one_large_site_have_sequences_from_900() -> None:
    assert grid_code(HUALU, 7) == HUALU + "007"
    assert parsed_grid(HUALU + "007") == GridCode(HUALU, 7)
    assert not parsed_grid(HUALU + "899").is_exclusive
    assert parsed_grid(HUALU + "900").is_exclusive


@pytest.mark.parametrize("sequence", [0, 1000, -1])
def test_a_sequence_outside_1_to_999_is_refused(sequence: int) -> None:
    with pytest.raises(BadCode):
        grid_code(HUALU, sequence)
