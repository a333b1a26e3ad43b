"""Reading blocks: which of their entries answer a question, how much its words weigh there, and what their ids are."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import sqlalchemy as sa

from forum.core.many import among
from forum.core.prepared import PreparedSelect
from forum.core.search.blocks import BLOCK, CHANGE, LIST, PART, PLACE, part_of, parts_of
from forum.core.search.keeping import TABLE
from forum.core.search.lengths import lengths_of
from forum.core.search.lists import bits_of, heavier_of, map_of, places_of, size_of
from forum.core.search.matching import marks
from forum.core.search.questions import Question
from forum.core.search.ranking import Weighed
from forum.core.search.registry import PUBLIC
from forum.extensions import db


class Words:
    """A question as lists are asked it: any of the words of a term will do."""

    def __init__(self, question: Question) -> None:
        both = (*question.terms, *question.without)
        self.has_phrases = any(len(way) > 1 for term in both for way in term.ways)
        self.terms = [[way[0] for way in term.ways] for term in question.terms]
        self.without = [way[0] for term in question.without for way in term.ways]
        self.marks = list(marks(question, PUBLIC))
        self.all = list(dict.fromkeys([*chain(*self.terms), *self.without, *self.marks]))


@dataclass(eq=False, slots=True)
class Block:
    """A block as it was read, with the lists of the words that were asked for."""

    number: int
    first: int
    last: int
    size: int  # of its maps, in bytes
    holds: bool  # nothing changed in it
    newest: int  # the newest entry of all
    lists: dict[str, bytes] = field(default_factory=dict)
    more: dict[str, bytes] = field(default_factory=dict)
    lengths: bytes | None = None

    def matching(self, words: Words) -> int:
        """The bits of places that have what was asked for."""
        first, *others = [*words.terms, *([mark] for mark in words.marks)]
        bits = self._any(first)
        for any_of in others:
            bits = bits and bits & self._any(any_of)
        return bits & ~self._any(words.without) if bits else 0

    def _any(self, words: Sequence[str]) -> int:
        bits = 0
        for word in words:
            if word in self.lists:
                bits |= bits_of(self.lists[word], self.size)
        return bits

    def within(self, bits: int, low: int, high: int) -> int:
        """Those of these places whose ids are from *low* to *high*."""
        if low <= self.first and self.last <= high:
            return bits
        parts = sa.select(PLACE.c.ids).where(PLACE.c.id.between(*parts_of(self.number))).order_by(PLACE.c.id)
        ids = [id_ for part in db.session.scalars(parts) for id_ in _ids(part)]
        newer = sum(id_ > high for id_ in ids)
        return bits & (1 << sum(id_ >= low for id_ in ids)) - 1 >> newer << newer

    def weighed(self, terms: Sequence[Sequence[str]], places: Sequence[int]) -> list[Weighed]:
        """What each of *terms* weighs at these places, and how long the entries are."""
        spots = [(place >> 3, 1 << (place & 7)) for place in places]
        columns = []
        for words in terms:
            weights = [1] * len(places)
            for extra, heavier in self._heavier([word for word in words if word in self.lists]):
                here = [heavier[byte] & bit for byte, bit in spots]
                if any(here):
                    both = zip(weights, here, strict=True)
                    weights = [weight + extra if heavy else weight for weight, heavy in both]
            columns.append(weights)
        lengths = map((self.lengths or b"").__getitem__, places)
        return list(zip(zip(*columns, strict=True), lengths, strict=True))

    def _heavier(self, words: Sequence[str]) -> Iterator[tuple[int, bytes]]:
        """How much more than one a term weighs that is any of *words*, and the map of where."""
        seen = 0
        for word in words:
            if word in self.more:
                maps = heavier_of(self.lists[word], self.more[word], self.size)
                yield from ((1 << digit, heavier) for digit, heavier in enumerate(maps))
            if len(words) > 1:
                bits = bits_of(self.lists[word], self.size)
                yield 1, map_of(places_of(seen & bits, self.size), self.size)
                seen |= bits


# Statements are made once: making one takes longer than either database takes to answer it.
def _blocks() -> sa.Select[int, int, int, int, bool, int, str, bytes]:
    changed = sa.exists().where(CHANGE.c.id.between(BLOCK.c.first, BLOCK.c.last))
    holds = sa.and_(BLOCK.c.listed, sa.not_(changed)).label("holds")
    some = (
        sa.select(BLOCK.c.number, BLOCK.c.first, BLOCK.c.last, BLOCK.c.count, holds)
        .where(BLOCK.c.first <= sa.bindparam("high"), BLOCK.c.last >= sa.bindparam("low"))
        .order_by(BLOCK.c.last.desc())
        .limit(sa.bindparam("most"))
        .subquery()
    )
    newest = sa.select(sa.func.max(TABLE.c.id)).scalar_subquery()
    words = among(LIST.c.word, "words")
    return (
        sa.select(*some.c, newest, LIST.c.word, LIST.c.bits)
        .select_from(some.outerjoin(LIST, sa.and_(LIST.c.block == some.c.number, words)))
        .order_by(some.c.last.desc())
        .execution_options(as_bytes=True)
    )


_BLOCKS = PreparedSelect(_blocks())
_MORE = PreparedSelect(
    sa.select(LIST.c.block, LIST.c.word, LIST.c.more)
    .where(among(LIST.c.block, "blocks"), among(LIST.c.word, "words"), LIST.c.more.is_not(None))
    .execution_options(as_bytes=True)
)
_PARTS = PreparedSelect(
    sa.select(PLACE.c.id, PLACE.c.ids).where(among(PLACE.c.id, "parts")).execution_options(as_bytes=True)
)


def read(low: int, high: int, most: int, words: Words) -> list[Block]:
    """The newest *most* blocks that reach into these ids, with their lists of *words*."""
    found: dict[int, Block] = {}
    for row in _BLOCKS.all(db.session(), low=low, high=high, most=most, words=words.all):
        number, first, last, count, holds, newest, word, data = row
        block = found.get(number)
        if block is None:
            block = found[number] = Block(number, first, last, size_of(count), bool(holds), newest or 0)
        if word is not None:
            block.lists[word] = data
    return list(found.values())


def read_more(blocks: Sequence[Block], words: Words) -> None:
    """What :meth:`Block.weighed` asks for."""
    of = {block.number: block for block in blocks}
    for number, lengths in lengths_of(of).items():
        of[number].lengths = lengths
    for number, word, data in _MORE.all(db.session(), blocks=of, words=list(chain(*words.terms))):
        of[number].more[word] = data


def ids_at(places: Sequence[tuple[Block, int]]) -> dict[tuple[int, int], int]:
    """The ids at these places, by the block's number and the place. What was cut anew just now has none."""
    wanted = {part_of(block.number, place) for block, place in places}
    rows = _PARTS.all(db.session(), parts=wanted) if wanted else ()
    parts = {part: _ids(ids) for part, ids in rows}
    return {
        (block.number, place): ids[place % PART]
        for block, place in places
        if (ids := parts.get(part_of(block.number, place)))
    }


def _ids(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 8}q", data)
