"""Names and numbers: what is accepted, in which form it is kept, and how it is masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.parties.domain import (
    FIELD_TITLES,
    ID_CHECKS,
    ID_WEIGHTS,
    KIND_TITLES,
    LINK_TITLES,
    ROLE_TITLES,
    SIDE_TITLES,
    USCC_SIGNS,
    IdentityField,
    Link,
    PartyKind,
    PartyRole,
    Side,
    is_credit_code,
    is_identity_number,
    masked,
    masked_name,
    standard,
)
from api.refusals import BadInput

PERSON, ORGANISATION = PartyKind.PERSON, PartyKind.ORGANISATION
NAME, PHONE = IdentityField.NAME, IdentityField.PHONE
NUMBER, ADDRESS = IdentityField.IDENTITY_NUMBER, IdentityField.ADDRESS

# The examples of GB 11643-1999 and of GB 32100-2015.
CITIZEN, COMPANY = "11010519491231002X", "91350100M000100Y43"


def test_the_examples_of_both_standards_are_accepted() -> None:
    assert is_identity_number(CITIZEN)
    assert is_identity_number("440524188001010014")
    assert is_credit_code(COMPANY)


@pytest.mark.parametrize("place", range(18))
def test_no_single_wrong_character_of_a_citizens_number_is_accepted(place: int) -> None:
    for sign in "0123456789X":
        if sign != CITIZEN[place]:
            assert not is_identity_number(CITIZEN[:place] + sign + CITIZEN[place + 1 :])


@pytest.mark.parametrize("place", range(18))
def test_no_single_wrong_character_of_a_credit_code_is_accepted(place: int) -> None:
    for sign in USCC_SIGNS + "IOSVZ":
        if sign != COMPANY[place]:
            assert not is_credit_code(COMPANY[:place] + sign + COMPANY[place + 1 :])


@given(st.dates().filter(lambda day: day.year >= 1900), st.integers(0, 999))
def test_every_number_with_the_right_check_digit_is_accepted(day: object, serial: int) -> None:
    first = f"210104{day:%Y%m%d}{serial:03}"
    total = sum(int(digit) * weight for digit, weight in zip(first, ID_WEIGHTS, strict=True))
    assert is_identity_number(first + ID_CHECKS[total % 11])


def test_a_day_that_never_was_is_refused_whatever_the_check_digit() -> None:
    assert not any(is_identity_number(f"21010419900230123{sign}") for sign in ID_CHECKS)


@pytest.mark.parametrize(
    "text", ["", "110105194912310", CITIZEN + "0", "１１", "a" * 18, "0" * 18, "٠" * 18]
)
def test_what_is_no_number_is_refused_with_the_field_and_how_to_mend_it(text: str) -> None:
    for kind in PartyKind:
        with pytest.raises(BadInput) as told:
            standard(NUMBER, kind, text)
        (fault,) = told.value.faults
        assert fault.where == "identity_number"
        assert "18 位" in fault.mend.zh
        assert text == "" or text not in str(told.value)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("+86 138-0000-5678", "13800005678"),
        ("８６ １３８００００５６７８", "13800005678"),
        ("0086-13800005678", "13800005678"),
        ("(024) 2432 8888", "02424328888"),
        ("+86 24 2432 8888", "02424328888"),
        ("+852 2123 4567", "+85221234567"),
        ("400-800-1234", "4008001234"),
        ("0240086-1234", "02400861234"),
    ],
)
def test_a_phone_number_is_kept_in_one_form(text: str, kept: str) -> None:
    assert standard(PHONE, PERSON, text) == kept


@pytest.mark.parametrize("text", ["", "12345", "1" * 16, "138000O5678", "无", "++8613800005678"])
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="phone"):
        standard(PHONE, PERSON, text)


@pytest.mark.parametrize(
    ("field", "kind", "text", "kept"),
    [
        (NUMBER, PERSON, "11010519491231002x", CITIZEN),
        (NUMBER, PERSON, "１１０１０５ 19491231 002Ｘ", CITIZEN),
        (NUMBER, ORGANISATION, "91350100m000100y43", COMPANY),
        (NAME, PERSON, " 欧 阳　修 ", "欧阳修"),
        (NAME, PERSON, "阿不都•热合曼", "阿不都·热合曼"),
        (NAME, PERSON, "John   Smith", "John Smith"),
        (ADDRESS, PERSON, " 大东区  东塔街１２号 ", "大东区 东塔街12号"),
    ],
)
def test_the_same_is_kept_in_the_same_form(
    field: IdentityField, kind: PartyKind, text: str, kept: str
) -> None:
    assert standard(field, kind, text) == kept
    assert standard(field, kind, kept) == kept


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("张三", PERSON, "张*"),
        ("张小明", PERSON, "张*"),
        ("欧阳修", PERSON, "欧阳*"),
        ("欧阳", PERSON, "欧*"),
        ("爱新觉罗溥仪", PERSON, "爱新觉罗*"),
        ("阿不都·热合曼", PERSON, "阿*"),
        ("John Smith", PERSON, "J*"),
        ("沈阳金丝雀物业服务有限公司", ORGANISATION, "沈阳某某物业服务有限公司"),
        ("沈阳市大东区金丝雀饭店", ORGANISATION, "沈阳市大东区某某饭店"),
        ("金丝雀", ORGANISATION, "某某"),
        ("公司", ORGANISATION, "某某"),
    ],
)
def test_a_name_shows_its_surname_or_its_place_and_kind_only(
    name: str, kind: PartyKind, shown: str
) -> None:
    assert masked_name(name, kind) == shown


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        (PHONE, "13800005678", "138****5678"),
        (PHONE, "02424328888", "*******8888"),
        (NUMBER, CITIZEN, "110105********002X"),
        (NUMBER, COMPANY, "913501********0Y43"),
        (ADDRESS, "沈阳市大东区东塔街12号3-2-1", "沈阳市大东区****"),
        (ADDRESS, "东塔街12号", "****"),
    ],
)
def test_numbers_and_addresses_keep_what_is_commonly_kept(
    field: IdentityField, text: str, shown: str
) -> None:
    assert masked(field, PERSON, text) == shown


def test_everything_has_a_title_in_both_languages() -> None:
    pairs = (
        (Side, SIDE_TITLES),
        (PartyRole, ROLE_TITLES),
        (PartyKind, KIND_TITLES),
        (IdentityField, FIELD_TITLES),
        (Link, LINK_TITLES),
    )
    for codes, titles in pairs:
        assert set(titles) == set(codes)
        assert all(title.zh and title.en for title in titles.values())
