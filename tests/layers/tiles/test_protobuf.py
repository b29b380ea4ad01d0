"""The wire format, against Google's own writer."""

import pytest
from google.protobuf.internal import encoder, wire_format
from hypothesis import given
from hypothesis import strategies as st

from layers.tiles import protobuf

UNSIGNED = st.integers(0, 2**64 - 1)


@given(UNSIGNED)
def test_a_varint_is_the_one_that_google_writes(number: int) -> None:
    assert protobuf.varint(number) == encoder._VarintBytes(number)


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_zigzag_is_the_one_that_google_writes(number: int) -> None:
    assert protobuf.zigzag(number) == wire_format.ZigZagEncode(number)


def test_the_edges_of_a_varint_are_written() -> None:
    manual = {0: b"\x00", 127: b"\x7f", 128: b"\x80\x01", 300: b"\xac\x02"}
    assert {number: protobuf.varint(number) for number in manual} == manual
    assert len(protobuf.varint(2**64 - 1)) == 10


@pytest.mark.parametrize("number", [-1, 2**64])
def test_a_number_that_is_no_varint_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="64"):
        protobuf.varint(number)


@given(st.lists(UNSIGNED))
def test_a_packed_field_says_its_length_in_bytes(numbers: list[int]) -> None:
    content = b"".join(map(encoder._VarintBytes, numbers))
    assert protobuf.packed_field(2, numbers) == b"\x12" + protobuf.varint(len(content)) + content
