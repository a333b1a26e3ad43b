"""Keeping the table of search in step with what it is about, within the act that changes it; what is new may wait.

An entry's id is the second of its moment followed by twelve bits that tell apart what came in the same one. So ids
grow with time, an index that walks them backwards gives the newest first without sorting, and a page of results goes on
at the id where the last one ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from zlib import crc32

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from forum.core import jobs
from forum.core.inserting import insert_row, insert_row_unless
from forum.core.search.models import SearchEntry, SearchWaiting, is_sqlite
from forum.core.search.registry import PUBLIC, Entry, Kind, kinds
from forum.core.search.words import ANALYSIS, plain_words, stems
from forum.core.transactions import after_commit, operation, unit_of_work
from forum.extensions import db

BATCH = 500
FEW = 50  # let in at once: others wait for it
LET_IN = "search.let_in"  # the job; it must be registered under this name
Within = Callable[[], AbstractContextManager[None]]
BITS = 12
APART = 100  # places between title and text, so that no phrase reaches from one into the other
LONGEST_TEXT = 40_000
BETWEEN = " ·\xa0"  # a text and each of the words beside it; no text that was cleaned holds this
GAP = "_"  # a word that nobody can type stands there, so that no phrase reaches over it
_WINDOW = 8  # ids tried at once for each new entry
Row = dict[str, Any]
Say = Callable[[str, int], None]
log = structlog.get_logger(__name__)
# The kinds that acts spoke of, while what they say is postponed.
_SPOKEN: ContextVar[set[str] | None] = ContextVar("spoken", default=None)
TABLE, WAITING = SearchEntry.__table__, SearchWaiting.__table__


@contextmanager
def postponed() -> Iterator[None]:
    """While this lasts, keep nothing of what acts in this thread say; and at its end make anew what they spoke of.

    For loading very much at once, of which the entries one by one take a seventh of the time. What was done is made
    anew when the loading fails, too; after a kill :func:`outdated` tells of kinds of which nothing is known.
    """
    spoken: set[str] = set()
    token = _SPOKEN.set(spoken)
    try:
        yield
    finally:
        _SPOKEN.reset(token)
        rebuild(only=spoken)


def _is_postponed(kind: str) -> bool:
    spoken = _SPOKEN.get()
    if spoken is None:
        return False
    spoken.add(kind)
    return True


@operation
def put(kind: str, *entries: Entry) -> None:
    """Let these be found as they are now; what was known of them before is replaced."""
    if not _is_postponed(kind):
        _write(kinds[kind], entries, [entry.subject_id for entry in entries])


@operation
def add(kind: str, *entries: Entry) -> None:
    """Let these be found, of which nothing is known yet: what has just been made. One statement for each."""
    if _is_postponed(kind):
        return
    for entry in entries:
        row = _row(kinds[kind], entry)
        row |= _looked_in(row) | {"id": first_id(row["at"]) + _spread(row)}
        # Almost always the first number is free, and nobody needs to ask.
        if not insert_row_unless(SearchEntry, "id", **row):
            _number([row])
            db.session.execute(sa.insert(TABLE), [row])


@operation
def add_soon(kind: str, subject_id: int, entry: Callable[[], Entry]) -> None:
    """Let this, which is new, be found: a moment from now by the job worker, or at once where nobody waits for it.

    On SQLite one writes at a time, and an entry goes into eight pages of the database while everybody else waits; many
    together go into hardly more. What changes or goes before it was let in is right all the same (:func:`renew`).
    """
    if _is_postponed(kind):
        return
    if not is_sqlite():
        add(kind, entry())
        return
    insert_row(SearchWaiting, kind=kind, subject_id=subject_id)
    after_commit(_let_in_soon)


def let_in(within: Within = unit_of_work) -> None:
    """Let be found what waits, a few at a time, each *within* one of these. What they are is read before the lock."""
    some = sa.select(WAITING.c.kind, WAITING.c.subject_id).limit(FEW)
    while waiting := db.session.execute(some).all():
        for word in {row.kind for row in waiting}:
            ids = [row.subject_id for row in waiting if row.kind == word]
            entries = _all_that_can_be_made(kinds[word], ids) if word in kinds else []
            rows = [_row(kinds[word], entry) for entry in entries]
            made = [row | _looked_in(row) for row in rows]
            with within():
                _let_in(word, ids, made)


@operation
def _let_in(kind: str, subject_ids: Sequence[int], rows: Sequence[Row]) -> None:
    """Those of *rows* that still wait and are not known: what an act has brought up to date meanwhile is right."""
    mine = WAITING.c.kind == kind, WAITING.c.subject_id.in_(subject_ids)
    there = sa.select(TABLE.c.subject_id).where(TABLE.c.kind == kind, TABLE.c.subject_id.in_(subject_ids))
    waiting = sa.select(WAITING.c.subject_id).where(*mine, WAITING.c.subject_id.not_in(there))
    still = set(db.session.scalars(waiting))
    if fresh := [row for row in rows if row["subject_id"] in still]:
        _number(fresh)
        db.session.execute(sa.insert(TABLE), fresh)
    db.session.execute(sa.delete(WAITING).where(*mine))


@operation
def remove(kind: str, *subject_ids: int) -> None:
    """Let these be found no more."""
    if not _is_postponed(kind):
        _write(kinds[kind], (), subject_ids)


@operation
def renew(kind: str, *subject_ids: int) -> None:
    """Bring what is known of these to what their kind says now: the one line that an operation calls at its end."""
    if not _is_postponed(kind):
        db.session.flush()
        _renew(kinds[kind], subject_ids)


def rebuild(say: Say | None = None, only: Iterable[str] | None = None) -> int:
    """Make all entries anew from what there is, a batch a transaction; returns how many things there are.

    Entries of kinds that nobody registers any more go. Others may read and write meanwhile.
    """
    done = 0
    for word in sorted(kinds if only is None else only):
        there = set(kinds[word].ids())
        known = set(db.session.scalars(sa.select(TABLE.c.subject_id).where(TABLE.c.kind == word)))
        for batch in _batches(sorted(there | known)):
            with unit_of_work():
                _write(kinds[word], _all_that_can_be_made(kinds[word], batch), batch)
        done += len(there)
        if say is not None:
            say(word, len(there))
    with unit_of_work():
        db.session.execute(sa.delete(TABLE).where(TABLE.c.kind.not_in(list(kinds))))
    return done


def outdated() -> list[str]:
    """Kinds of which nothing is known yet though there is something, or that were kept with other words."""
    newest = sa.select(TABLE.c.kind, sa.func.min(TABLE.c.analysis)).group_by(TABLE.c.kind)
    known: dict[str, int] = dict(db.session.execute(newest).all())
    return [word for word in sorted(kinds) if known.get(word, 0) < ANALYSIS and kinds[word].ids()]


def first_id(moment: datetime) -> int:
    """The smallest id of an entry at *moment* or later."""
    return max(0, int(moment.timestamp())) << BITS


def _let_in_soon() -> None:
    jobs.enqueue_later(LET_IN, 0)


def _renew(kind: Kind, subject_ids: Sequence[int]) -> None:
    for batch in _batches(subject_ids):
        _write(kind, kind.entries(batch), batch)


def _all_that_can_be_made(kind: Kind, subject_ids: Sequence[int]) -> list[Entry]:
    """The entries of these things. One that cannot be made is told of in the log, and keeps back no other."""
    try:
        return list(kind.entries(subject_ids))
    except SQLAlchemyError:
        raise  # that is not the thing's fault
    except Exception:
        if len(subject_ids) == 1:
            log.exception("an entry of search cannot be made", kind=kind.word, subject_id=subject_ids[0])
            return []
    half = len(subject_ids) // 2
    halves = subject_ids[:half], subject_ids[half:]
    return [entry for some in halves for entry in _all_that_can_be_made(kind, some)]


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _write(kind: Kind, entries: Iterable[Entry], subject_ids: Sequence[int]) -> None:
    """Let exactly *entries* be known of *subject_ids*. What is as it was is left alone; none waits any longer."""
    known = _known(kind, subject_ids)
    if is_sqlite() and (unknown := [id_ for id_ in subject_ids if id_ not in known]):
        mine = WAITING.c.kind == kind.word, WAITING.c.subject_id.in_(unknown)
        db.session.execute(sa.delete(WAITING).where(*mine))
    rows = {entry.subject_id: _row(kind, entry) for entry in entries}
    fresh = [row for id_, row in rows.items() if id_ not in known or not _same(known[id_], row)]
    stale = [row["id"] for id_, row in known.items() if id_ not in rows or not _same(row, rows[id_])]
    if stale:
        db.session.execute(sa.delete(TABLE).where(TABLE.c.id.in_(stale)))
    if fresh:
        _number(fresh)
        db.session.execute(sa.insert(TABLE), [row | _looked_in(row) for row in fresh])


def _known(kind: Kind, subject_ids: Sequence[int]) -> dict[int, Row]:
    wanted = sa.select(
        TABLE.c.id, TABLE.c.kind, TABLE.c.subject_id, TABLE.c.audience, TABLE.c.language, TABLE.c.at,
        TABLE.c.title, TABLE.c.text, TABLE.c.analysis, TABLE.c.marks,
    ).where(TABLE.c.kind == kind.word, TABLE.c.subject_id.in_(subject_ids))  # fmt: skip
    return {row["subject_id"]: dict(row) for row in db.session.execute(wanted).mappings()}


def _row(kind: Kind, entry: Entry) -> Row:
    if entry.audience != PUBLIC and entry.audience not in kind.audiences:
        raise ValueError(f"{kind.word} has no audience {entry.audience}")  # it would be found by everybody
    return {
        "kind": kind.word, "subject_id": entry.subject_id, "audience": entry.audience, "language": entry.language,
        "at": entry.at.replace(microsecond=0), "title": _clean(entry.title),
        "text": BETWEEN.join(filter(None, map(_clean, (entry.text, *entry.more)))),
        "analysis": ANALYSIS, "marks": " ".join(_marks(kind, entry)),
    }  # fmt: skip


def _clean(text: str) -> str:
    return " ".join(text[:LONGEST_TEXT].replace("\0", " ").split())


def _marks(kind: Kind, entry: Entry) -> Iterator[str]:
    marks = [kind_mark(kind.word), *(area_mark(id_) for id_ in sorted(set(entry.neighborhood_ids)))]
    yield from (own(entry.audience, mark) for mark in marks)


def own(audience: str, word: str) -> str:
    """*word* as entries for this audience have it. What is not for everybody has words of its own, which nobody can
    type: so what is hidden lies in no list that others walk, and takes none of their time, which would tell of it."""
    return word if audience == PUBLIC else f"_{audience}_{word}"


def kind_mark(kind: str) -> str:
    """The mark of entries of this kind."""
    return f"_kind_{kind}"


def area_mark(neighborhood_id: int) -> str:
    """The mark of entries that belong to this neighborhood."""
    return f"_area_{neighborhood_id}"


def _same(known: Row, row: Row) -> bool:
    return all(known[name] == value for name, value in row.items() if name != "id")


def _looked_in(row: Row) -> Row:
    """The columns that are searched, made from those that are read."""
    title, text, names = (
        [own(row["audience"], word) for word in words]
        for words in (
            stems(row["title"], row["language"]),
            _with_gaps(stems(part, row["language"]) for part in row["text"].split(BETWEEN)),
            plain_words(row["title"]),
        )
    )
    unplaced = [f"~{name}" for name in names] + row["marks"].split()
    return {
        "title_stems": " ".join(title), "text_stems": " ".join(text), "names": " ".join(names),
        "vector": None if is_sqlite() else _vector(title, text, unplaced),
    }  # fmt: skip


def _with_gaps(parts: Iterable[list[str]]) -> list[str]:
    return [word for part in parts for word in (GAP, *part)][1:]


def _vector(title: list[str], text: list[str], unplaced: list[str]) -> str:
    """PostgreSQL's own writing of what it looks in: words with their places, and words without."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(title, 1):
        places.setdefault(word, []).append(place)
    for place, word in enumerate(text, len(title) + APART):
        places.setdefault(word, []).append(place)
    placed = [f"'{word}':{','.join(map(str, at[:200]))}" for word, at in places.items()]
    return " ".join([*placed, *(f"'{word}'" for word in dict.fromkeys(unplaced))])


def _number(rows: list[Row]) -> None:
    """Give each of *rows* an id of its own within its second, or soon after where that is full."""
    waiting = [(row, first_id(row["at"]) + _spread(row)) for row in rows]
    used: set[int] = set()
    while waiting:
        tried = [first + step for _row, first in waiting for step in range(_WINDOW)]
        used |= set(db.session.scalars(sa.select(TABLE.c.id).where(TABLE.c.id.in_(tried))))
        left = []
        for row, first in waiting:
            free = next((first + step for step in range(_WINDOW) if first + step not in used), None)
            if free is None:
                left.append((row, first + _WINDOW))
            else:
                row["id"] = free
                used.add(free)
        waiting = left


def _spread(row: Row) -> int:
    """Where in its second to begin, so that a thousand things of one midnight need not be tried one by one.

    What is made in a row has numbers in a row, so that no two of a second meet.
    """
    return (crc32(row["kind"].encode()) + int(row["subject_id"])) % (1 << BITS - 1)
