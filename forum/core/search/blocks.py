"""Cutting what everybody may find into blocks, whose lists answer at once what an index would walk for.

A block is a stretch of ids, cut when there is time for it. What comes after the last one, and all of a block in which
something changed since, is looked for in the database's index until it is cut (anew): triggers note what changes.
"""

from __future__ import annotations

import struct
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa

from forum.core.search.keeping import TABLE
from forum.core.search.lists import MOST_PLACES, packed, size_of
from forum.core.search.models import SearchBlock, SearchChange, SearchList, SearchPlace, is_sqlite
from forum.core.search.ranking import RANKED, length_of, weight_of
from forum.core.search.registry import PUBLIC
from forum.core.transactions import operation, unit_of_work
from forum.extensions import db

SIZE = 15_360  # entries of a block: its maps fit into a page of either database, with room for their row
LEAST = 200  # entries after the last block that are worth cutting it anew
PART = 256  # ids in a row
LENGTHS = ""  # the word that nobody has: how long each entry is, a byte each
BLOCK, LIST, PLACE, CHANGE = (
    model.__table__ for model in (SearchBlock, SearchList, SearchPlace, SearchChange)
)
Within = Callable[[], AbstractContextManager[None]]
_EVERYBODYS = TABLE.c.audience == PUBLIC


def settle(size: int = SIZE, least: int = LEAST, within: Within = unit_of_work) -> None:
    """Cut what changed and what came since the last time. Others may read and write meanwhile.

    *size* entries a block; new ones are left until there are *least*. Each act of writing is *within* one of these.
    """
    for first, last in _changed():
        _cut(first, last, size, within)
    newest = db.session.scalars(sa.select(SearchBlock).order_by(SearchBlock.last.desc()).limit(1)).first()
    after = newest.last + 1 if newest else 0
    waiting = sa.select(TABLE.c.id).where(TABLE.c.id >= after, _EVERYBODYS).limit(least)
    if len(db.session.scalars(waiting).all()) >= least:
        last = db.session.scalar(sa.select(sa.func.max(TABLE.c.id)).where(_EVERYBODYS)) or 0
        _cut(newest.first if newest and newest.count < size else after, last, size, within)


def _changed() -> list[tuple[int, int]]:
    """Stretches of blocks that do not hold any more, neighbors together."""
    changed = sa.exists().where(CHANGE.c.id.between(BLOCK.c.first, BLOCK.c.last))
    wanted = sa.select(BLOCK.c.first, BLOCK.c.last).where(sa.or_(sa.not_(BLOCK.c.listed), changed))
    found: list[tuple[int, int]] = []
    for first, last in db.session.execute(wanted.order_by(BLOCK.c.last)):
        if found and found[-1][1] + 1 == first:
            first = found.pop()[0]
        found.append((first, last))
    return found


def _cut(first: int, last: int, size: int, within: Within) -> None:
    """Blocks of *size* entries from *first* to *last*; the one at the end may be smaller."""
    while first <= last:
        ids = sa.select(TABLE.c.id).where(TABLE.c.id.between(first, last), _EVERYBODYS).order_by(TABLE.c.id)
        some = db.session.scalars(ids.limit(size + 1)).all()
        end = some[size - 1] if len(some) > size else last
        with within():
            number = _begin(first, end)
        columns = (TABLE.c.id, TABLE.c.title_stems, TABLE.c.text_stems, TABLE.c.marks)
        entries = sa.select(*columns).where(TABLE.c.id.between(first, end), _EVERYBODYS)
        rows = db.session.execute(entries.order_by(TABLE.c.id.desc())).all()
        if len(rows) <= MOST_PLACES:  # else so much came meanwhile that it is cut again the next time
            made = list(_lists(number, rows))
            with within():
                _list(number, [row.id for row in rows], made)
        first = end + 1


@operation
def _begin(first: int, last: int) -> int:
    """Put a block without lists in the place of those that are there; whatever changes from now on is noted.

    Who is writing an entry just now has not seen the block and would note nothing, so PostgreSQL waits for them: not
    long, for others wait behind it. When somebody writes for longer this fails, and the job tries again later.
    """
    if not is_sqlite():
        db.session.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
        db.session.execute(sa.text("LOCK TABLE search_entry IN SHARE MODE"))
    there = sa.select(BLOCK.c.number).where(BLOCK.c.first <= last, BLOCK.c.last >= first)
    old = db.session.scalars(there).all()
    for number in old:
        db.session.execute(sa.delete(LIST).where(LIST.c.block == number))
        db.session.execute(sa.delete(PLACE).where(PLACE.c.id.between(*parts_of(number))))
        db.session.execute(sa.delete(BLOCK).where(BLOCK.c.number == number))
    db.session.execute(sa.delete(CHANGE).where(CHANGE.c.id.between(first, last)))
    block = sa.insert(BLOCK).values(first=first, last=last, count=0, listed=False)
    return int(db.session.execute(block.returning(BLOCK.c.number)).scalar_one())


@operation
def _list(number: int, ids: Sequence[int], made: list[dict[str, Any]]) -> None:
    """Let a block's lists answer from now on, unless somebody else has cut it meanwhile."""
    listed = sa.update(BLOCK).where(BLOCK.c.number == number).values(listed=True, count=len(ids))
    if not db.session.connection().execute(listed).rowcount:
        return
    parts = (ids[start : start + PART] for start in range(0, len(ids), PART))
    places = [
        {"id": part_of(number, part * PART), "ids": struct.pack(f"<{len(some)}q", *some)}
        for part, some in enumerate(parts)
    ]
    if places:
        db.session.execute(sa.insert(PLACE), places)
    db.session.execute(sa.insert(LIST), made)


def part_of(number: int, place: int) -> int:
    """The id of the row that holds the id of the entry at *place* of the block *number*."""
    return number << 8 | place // PART


def parts_of(number: int) -> tuple[int, int]:
    """The first and the last of these that a block can have."""
    return number << 8, (number << 8) + 255


def _lists(number: int, rows: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """The lists of a block's entries, *rows* of the newest first."""
    found: dict[str, tuple[array[int], bytearray]] = {}
    for place, row in enumerate(rows):
        title, text = Counter(row.title_stems.split()), Counter(row.text_stems[:RANKED].split())
        for word in {*title, *row.text_stems.split(), *row.marks.split()}:
            places, weights = found.setdefault(word, (array("H"), bytearray()))
            places.append(place)
            weights.append(weight_of(title[word], text[word]))
    size = size_of(len(rows))
    for word in sorted(found):
        bits, more = packed(*found[word], size)
        yield {"block": number, "word": word, "bits": bits, "more": more}
    lengths = (length_of(len(row.title_stems) + min(RANKED, len(row.text_stems))) for row in rows)
    yield {"block": number, "word": LENGTHS, "bits": bytes(lengths), "more": None}
