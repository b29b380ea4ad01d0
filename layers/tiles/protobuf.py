"""The few words of protocol buffers that a vector tile is written with.

Wire format: https://protobuf.dev/programming-guides/encoding. A message is a row of fields, each a
key (number and wire type) and a value.
"""

import struct
from collections.abc import Iterable
from functools import lru_cache

VARINT, DOUBLE, BYTES = 0, 1, 2
LOW_BITS, MORE = 0x7F, 0x80
MOST_BITS = 64


@lru_cache(maxsize=1 << 14)
def varint(number: int) -> bytes:
    """A whole number from 0 below 2^64, seven bits to a byte, the low ones first.

    Raises ValueError for any other number.
    """
    if not 0 <= number < 1 << MOST_BITS:
        raise ValueError(f"{number} 不是 64 位无符号整数 / is no unsigned number of 64 bits")
    written = bytearray()
    while number > LOW_BITS:
        written.append(number & LOW_BITS | MORE)
        number >>= 7
    written.append(number)
    return bytes(written)


def zigzag(number: int) -> int:
    """A signed number of 64 bits as an unsigned one, small where it is near zero: 0, -1, 1, -2 …"""
    return (number << 1) ^ (number >> (MOST_BITS - 1))


def key(field: int, wire: int) -> bytes:
    """What stands before a value."""
    return varint(field << 3 | wire)


def number_field(field: int, number: int) -> bytes:
    """A field that holds an unsigned number."""
    return key(field, VARINT) + varint(number)


def double_field(field: int, number: float) -> bytes:
    """A field that holds a float of 64 bits."""
    return key(field, DOUBLE) + struct.pack("<d", number)


def bytes_field(field: int, content: bytes) -> bytes:
    """A field that holds bytes: a text in UTF-8 or another message."""
    return key(field, BYTES) + varint(len(content)) + content


def packed_field(field: int, numbers: Iterable[int]) -> bytes:
    """A field that holds a row of unsigned numbers."""
    return bytes_field(field, b"".join(map(varint, numbers)))
