"""How long the entries of blocks are: asked in every search for the best, whatever its words, and kept by the process.

A block's number is never another's and its lists never change, so what was read of it holds as long as it does. It was
half of all that ranking reads: 600 KB of a search among a million entries.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

import sqlalchemy as sa
from flask import current_app

from forum.core.many import among
from forum.core.prepared import PreparedSelect
from forum.core.search.blocks import LENGTHS, LIST
from forum.extensions import db

MOST = 2_000_000  # bytes a process, one an entry
_READ = PreparedSelect(
    sa.select(LIST.c.block, LIST.c.bits)
    .where(among(LIST.c.block, "blocks"), LIST.c.word == LENGTHS)
    .execution_options(as_bytes=True)
)


class Shelf:
    """The lengths that a process keeps: *most* bytes, of the blocks that were asked for last."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._size = 0

    def find(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """Those of these blocks that are known."""
        with self._lock:
            found = {number: self._kept[number] for number in numbers if number in self._kept}
            for number in found:
                self._kept.move_to_end(number)
        return found

    def put(self, read: dict[int, bytes]) -> None:
        """Keep what was read."""
        with self._lock:
            for number, lengths in read.items():
                self._size += len(lengths) - len(self._kept.pop(number, b""))
                self._kept[number] = lengths
            while self._size > self._most:
                self._size -= len(self._kept.popitem(last=False)[1])


def lengths_of(numbers: Iterable[int]) -> dict[int, bytes]:
    """A byte for each entry of each of these blocks, by the block's number; of what was cut anew just now nothing."""
    shelf: Shelf = current_app.extensions.setdefault("search_lengths", Shelf())
    wanted = set(numbers)
    found = shelf.find(wanted)
    unknown = sorted(wanted - found.keys())
    if unknown:
        read = dict(_READ.all(db.session(), blocks=unknown))
        shelf.put(read)
        found |= read
    return found


def forget() -> None:
    """Begin with nothing: another database stands in the place of the one that was read."""
    current_app.extensions.pop("search_lengths", None)
