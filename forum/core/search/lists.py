"""The writing of a word's list: which entries of a block have it, and how much it weighs in each of them.

An entry is a *place*: 0 is the newest of its block. A word that many have is a map of one bit a place, so that "all of
these words" is one AND of long numbers however many entries there are; a rare one is the places themselves. Weights are
kept beside where any is more than one, up to sixteen: four maps, one for each binary digit, or one byte for each place.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

HEAVIEST = 16
MOST_PLACES = 1 << 16  # two bytes each
_PART = 8  # bytes of a map that are looked at together


def size_of(count: int) -> int:
    """Bytes of the map of *count* places."""
    return -(-count // (8 * _PART)) * _PART


def packed(places: Sequence[int], weights: Sequence[int], size: int) -> tuple[bytes, bytes | None]:
    """A list of *places*, the newest first, and what the word weighs in each."""
    extras = bytes(weight - 1 for weight in weights)
    more = extras if any(extras) else None
    if 2 * len(places) < size:
        return struct.pack(f"<{len(places)}H", *places), more
    return map_of(places, size), more and b"".join(_digits(list(zip(places, extras, strict=True)), size))


def bits_of(data: bytes, size: int) -> int:
    """One bit for every place that is in a list."""
    return int.from_bytes(data if len(data) == size else map_of(_two_bytes(data), size), "little")


def heavier_of(data: bytes, more: bytes, size: int) -> list[bytes]:
    """What a word weighs beyond one, as maps of its binary digits, the lowest first."""
    if len(data) == size:
        return [more[start : start + size] for start in range(0, len(more), size)]
    return _digits(list(zip(_two_bytes(data), more, strict=True)), size)


def places_of(bits: int, size: int, most: int | None = None) -> list[int]:
    """The places of *bits*, the newest first, *most* of them."""
    found: list[int] = []
    if not bits:
        return found
    for start, part in enumerate(struct.unpack(f"<{size // _PART}Q", bits.to_bytes(size, "little"))):
        if not part:
            continue
        while part:
            lowest = part & -part
            found.append(64 * start + lowest.bit_length() - 1)
            part ^= lowest
        if most is not None and len(found) >= most:
            return found[:most]
    return found


def _digits(extras: Sequence[tuple[int, int]], size: int) -> list[bytes]:
    """For each binary digit of the largest number the map of the places whose number has it."""
    most = max((extra for _place, extra in extras), default=0)
    return [
        map_of([place for place, extra in extras if extra >> digit & 1], size)
        for digit in range(most.bit_length())
    ]


def map_of(places: Iterable[int], size: int) -> bytes:
    """One bit for each of *places*."""
    made = bytearray(size)
    for place in places:
        made[place >> 3] |= 1 << (place & 7)
    return bytes(made)


def _two_bytes(data: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(data) // 2}H", data)
