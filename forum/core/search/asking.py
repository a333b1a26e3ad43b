"""Looking: a page of what answers a question, how many there are up to a thousand, and titles that begin so.

What somebody may not see is kept out twice: the index is asked for the viewer's audiences alone, and each kind is asked
again what the viewer may see of what came out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy import func, select

from forum.core import clock
from forum.core.many import among
from forum.core.prepared import PreparedSelect
from forum.core.search.keeping import TABLE, first_id, own
from forum.core.search.listed import Words
from forum.core.search.matching import begins, entry_id, source
from forum.core.search.questions import Question
from forum.core.search.ranking import RANKED, UNKNOWN, Weighed, best_first, weigh
from forum.core.search.registry import PUBLIC, Found, Kind, audiences_of, kinds
from forum.core.search.snippets import LOOKED_AT, marked, snippet
from forum.core.search.walking import LARGEST, Hits, Walk
from forum.core.search.words import LONGEST, plain_words
from forum.extensions import db

PAGE = 20
COUNTED = 1000  # a count stops at "more than 1,000", and so does what is ranked
COUNTED_NEWEST = (
    100  # nothing needs the newest thousand when twenty are shown: finding them takes ten times as long
)
SHORTEST = 2  # letters of a word that suggestions begin with
SUGGESTED = 6
# Made once: making a statement takes longer than running it.
_ROWS = PreparedSelect(
    select(
        TABLE.c.id, TABLE.c.kind, TABLE.c.subject_id, TABLE.c.at, TABLE.c.language,
        func.substr(TABLE.c.text, 1, LOOKED_AT),
    ).where(among(TABLE.c.id, "ids"))
)  # fmt: skip
_TEXTS = select(
    TABLE.c.id, TABLE.c.audience, TABLE.c.title_stems, func.substr(TABLE.c.text_stems, 1, RANKED)
).where(TABLE.c.id.in_(sa.bindparam("ids", type_=sa.BigInteger(), expanding=True, literal_execute=True)))


class Order(StrEnum):
    """In which order results come."""

    BEST = "best"
    NEWEST = "newest"


class _Row(NamedTuple):
    """An entry as it is shown."""

    id: int
    kind: str
    subject_id: int
    at: datetime
    language: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Result:
    """One thing that was found, with its title and a piece of its text, the words that were looked for marked."""

    kind: Kind
    found: Found
    at: datetime
    language: str
    title: Markup
    piece: Markup


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A page of results. *count* is one more than *counted* at most; *after*: where the next page goes on, or None."""

    results: tuple[Result, ...] = ()
    count: int = 0
    counted: int = COUNTED
    after: int | None = None


def find(viewer: Any, question: Question, *, order: Order = Order.BEST, after: int | None = None) -> Answer:
    """The page of what *viewer* may find that goes on *after* (an earlier answer's). Nothing for a question of nothing.

    The best come first among the newest thousand; *after* is then how many were shown.
    """
    if not question.terms:
        return Answer()
    if order is Order.BEST:
        return _best(viewer, question, after or 0)
    return _newest(viewer, question, after)


def suggest(viewer: Any, typed: str) -> list[str]:
    """Titles of what *viewer* may find that hold the words of *typed*, the last of them begun; newest first."""
    words = plain_words(typed[: 3 * LONGEST])[:6]
    if not words or len(words[-1]) < SHORTEST:
        return []
    ids = select(entry_id()).select_from(source()).where(begins(words, audiences_of(viewer)))
    newest = ids.order_by(entry_id().desc()).limit(3 * SUGGESTED)
    rows = _rows(list(db.session.scalars(newest)))
    shown = _load(viewer, rows)
    titles = (shown[row.kind, row.subject_id].title for row in rows if (row.kind, row.subject_id) in shown)
    return list(dict.fromkeys(titles))[:SUGGESTED]


def _bounds(question: Question) -> tuple[int, int]:
    """The smallest and the largest id of its days."""
    low = first_id(_midnight(question.from_day)) if question.from_day else 0
    high = first_id(_midnight(question.to_day + timedelta(days=1))) - 1 if question.to_day else LARGEST
    return low, high


def _newest(viewer: Any, question: Question, after: int | None) -> Answer:
    audiences, (low, high) = audiences_of(viewer), _bounds(question)
    hits = Walk(question, audiences, COUNTED_NEWEST + 1, low, high).hits()  # counting walks over them anyway
    count = len(hits)
    if after is not None:
        hits = Walk(question, audiences, PAGE + 1, low, min(high, after - 1)).hits()
    page = hits.first(PAGE).ids()
    return Answer(
        results=_results(viewer, question, page),
        count=count,
        counted=COUNTED_NEWEST,
        after=page[-1] if page and len(hits) > PAGE else None,
    )


def _best(viewer: Any, question: Question, shown: int) -> Answer:
    walk = Walk(question, audiences_of(viewer), COUNTED + 1, *_bounds(question))
    hits = walk.hits()
    order = best_first(_weights(question, hits.first(COUNTED), walk.words))
    page = hits.some(order[shown : shown + PAGE]).ids()
    return Answer(
        results=_results(viewer, question, page),
        count=len(hits),
        after=shown + PAGE if shown + PAGE < len(order) else None,
    )


def _weights(question: Question, hits: Hits, words: Words) -> list[Weighed]:
    """What ranking asks of each of *hits*; of those that came from no list the words are read."""
    known = hits.weighed(words)
    unread = [id_ for id_, weight in zip(hits.places, known, strict=True) if weight is None]
    rows = db.session.connection().execute(_TEXTS, {"ids": unread}).all() if unread else ()
    texts = {id_: _read(question, audience, title, text) for id_, audience, title, text in rows}
    return [weight or texts.get(id_, UNKNOWN) for id_, weight in zip(hits.places, known, strict=True)]


def _read(question: Question, audience: str, title: str, text: str) -> Weighed:
    """An entry as ranking reads it: with the words of everybody."""
    if audience != PUBLIC:
        title, text = (stems.replace(own(audience, ""), "") for stems in (title, text))
    return weigh(question.terms, title, text)


def _results(viewer: Any, question: Question, ids: Sequence[int]) -> tuple[Result, ...]:
    """What *viewer* may see of these entries, in their order."""
    rows = _rows(ids)
    shown = _load(viewer, rows)
    stems = question.stems
    return tuple(
        Result(
            kind=kinds[row.kind],
            found=found,
            at=row.at,
            language=row.language,
            title=marked(found.title, stems, row.language),
            piece=snippet(row.text, stems, row.language),
        )
        for row in rows
        if (found := shown.get((row.kind, row.subject_id))) is not None
    )


def _rows(ids: Sequence[int]) -> list[_Row]:
    rows = {row[0]: _Row(*row) for row in _ROWS.all(db.session(), ids=ids)} if ids else {}
    return [rows[id_] for id_ in ids if id_ in rows]


def _load(viewer: Any, rows: Iterable[_Row]) -> dict[tuple[str, int], Found]:
    by_kind: dict[str, list[int]] = {}
    for row in rows:
        if row.kind in kinds:
            by_kind.setdefault(row.kind, []).append(row.subject_id)
    return {
        (word, id_): found
        for word, ids in by_kind.items()
        for id_, found in kinds[word].load(viewer, ids).items()
    }


def _midnight(day: date) -> datetime:
    return clock.to_utc(datetime.combine(day, datetime.min.time()), clock.agency_zone())
