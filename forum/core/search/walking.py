"""Walking from the newest match to older ones: through the lists of blocks, and through the index between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from forum.core.search.listed import Block, Words, ids_at, read, read_more
from forum.core.search.lists import places_of
from forum.core.search.matching import entry_id, matches, source
from forum.core.search.questions import Question
from forum.core.search.ranking import Weighed
from forum.core.search.registry import PUBLIC
from forum.extensions import db

LARGEST = 2**62
# Blocks that are read together: at first, for that many of them give a hundred of what is not rare and a thousand of
# what is common, and at most.
_FIRST, _MOST = (4, 8), 64


class Hits:
    """Matches, the newest first: each an id, or a place of a block as long as nobody asked for its id.

    A thousand of them are two lists of numbers: as many objects of their own would take longer than finding them.
    """

    def __init__(self, owners: list[Block | None] | None = None, places: list[int] | None = None) -> None:
        self.owners, self.places = owners or [], places or []  # a place without an owner is an id

    def __len__(self) -> int:
        return len(self.places)

    def add(self, owner: Block | None, places: Sequence[int]) -> None:
        """Let these come next."""
        self.owners += [owner] * len(places)
        self.places += places

    def some(self, which: Sequence[int]) -> Hits:
        """These of them, in their order."""
        return Hits([self.owners[each] for each in which], [self.places[each] for each in which])

    def first(self, most: int) -> Hits:
        """The newest *most*."""
        return Hits(self.owners[:most], self.places[:most])

    def ids(self) -> list[int]:
        """Their ids. What was cut anew between two statements is left out."""
        both = list(zip(self.owners, self.places, strict=True))
        known = ids_at([(owner, place) for owner, place in both if owner])
        found = (known.get((owner.number, place)) if owner else place for owner, place in both)
        return [id_ for id_ in found if id_ is not None]

    def weighed(self, words: Words) -> list[Weighed | None]:
        """What ranking asks of each, where that lies in lists."""
        blocks = [owner for owner in dict.fromkeys(self.owners) if owner]
        if blocks:
            read_more(blocks, words)
        found: list[Weighed | None] = []
        for owner, some in groupby(self.owners):
            start, count = len(found), len(list(some))
            known = owner is not None and owner.lengths is not None
            places = self.places[start : start + count]
            found += owner.weighed(words.terms, places) if owner and known else [None] * count
        return found


@dataclass
class Walk:
    """What answers *question* for one of *audiences* among the ids from *low* to *high*, *most* of it."""

    question: Question
    audiences: Sequence[str]
    most: int
    low: int = 0
    high: int = LARGEST

    def hits(self) -> Hits:
        """The newest first."""
        found = Hits()
        others: list[int] | None = None
        for stretch in self._stretches(found):
            left = self.most - len(found)
            if isinstance(stretch, _Gap):
                found.add(None, self._asked(self.audiences, stretch.low, stretch.high, left))
            else:
                if others is None:  # lists are of what everybody may find
                    rest = [audience for audience in self.audiences if audience != PUBLIC]
                    others = self._asked(rest, self.low, self.high, self.most) if rest else []
                found.add(*self._both(stretch, left, others))
            if len(found) >= self.most:
                break
        return found.first(self.most)

    @cached_property
    def words(self) -> Words:
        """What lists are asked for."""
        return Words(self.question)

    def _asked(self, audiences: Sequence[str], low: int, high: int, most: int) -> list[int]:
        return list(db.session.scalars(indexed(self.question, audiences, low, high).limit(most)))

    def _both(self, block: Block, most: int, others: Sequence[int]) -> tuple[Block | None, list[int]]:
        """What a block's lists find, and what is not for everybody in its stretch: places of it, or else ids."""
        bits = block.within(block.matching(self.words), self.low, self.high)
        places = places_of(bits, block.size, most)
        mine = [id_ for id_ in others if block.first <= id_ <= block.last]
        if not mine:
            return block, places
        found = Hits([block] * len(places), places)
        return None, sorted([*found.ids(), *mine], reverse=True)

    def _stretches(self, found: Hits) -> Iterator[Block | _Gap]:
        """Blocks that hold, and what lies between them, the newest first; *found* is what they gave so far."""
        top = self.high
        for block in self._blocks(found) if not self.words.has_phrases else ():
            if not block.holds:
                continue
            if block.last < min(top, block.newest):
                yield _Gap(max(self.low, block.last + 1), top)
            yield block
            top = block.first - 1
        if self.low <= top:
            yield _Gap(self.low, top)

    def _blocks(self, found: Hits) -> Iterator[Block]:
        """As many at once as will probably give what is left to find: a statement costs as much as twenty lists."""
        high, some, seen = self.high, _FIRST[self.most > 500], 0
        while blocks := read(self.low, high, some, self.words):
            yield from blocks
            if len(blocks) < some:
                return
            seen += some
            left = self.most - len(found)
            some = min(_MOST, 1 + seen * left * 11 // (10 * len(found)) if found else _MOST)
            high = blocks[-1].first - 1


class _Gap(NamedTuple):
    """A stretch that only the index knows."""

    low: int
    high: int


def indexed(
    question: Question, audiences: Sequence[str], low: int = 0, high: int = LARGEST
) -> sa.Select[Any]:
    """Ids from *low* to *high* that the database's index finds, the newest first."""
    wanted = sa.select(entry_id()).select_from(source()).where(matches(question, audiences))
    # Bounds stand in the statement itself: PostgreSQL plans otherwise for the few entries after the last block.
    if low > 0:
        wanted = wanted.where(entry_id() >= _literal(low))
    if high < LARGEST:
        wanted = wanted.where(entry_id() <= _literal(high))
    return wanted.order_by(entry_id().desc())


def _literal(value: int) -> sa.BindParameter[int]:
    return sa.bindparam(None, value, sa.BigInteger(), literal_execute=True)
