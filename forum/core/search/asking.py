"""Looking: a page of what answers a question, how many there are up to a thousand, and titles that begin so.

What somebody may not see is kept out twice: the index is asked for the viewer's audiences alone, and each kind is asked
again what the viewer may see of what came out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, func, select

from forum.core import clock
from forum.core.search.keeping import TABLE, first_id, own
from forum.core.search.matching import begins, entry_id, matches, source
from forum.core.search.questions import Question
from forum.core.search.ranking import Stored, best_first
from forum.core.search.registry import PUBLIC, Found, Kind, audiences_of, kinds
from forum.core.search.snippets import LOOKED_AT, marked, snippet
from forum.core.search.words import LONGEST, plain_words
from forum.extensions import db

PAGE = 20
COUNTED = 1000  # a count stops at "more than 1,000", and so does what is ranked
COUNTED_NEWEST = (
    100  # nothing needs the newest thousand when twenty are shown: finding them takes ten times as long
)
SHORTEST = 2  # letters of a word that suggestions begin with
SUGGESTED = 6
_RANKED_TEXT = 1200  # characters of stems that ranking reads


class Order(StrEnum):
    """In which order results come."""

    BEST = "best"
    NEWEST = "newest"


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
    wanted = _matching(question, audiences_of(viewer))
    return (
        _best(viewer, question, wanted, after or 0)
        if order is Order.BEST
        else _newest(viewer, question, wanted, after)
    )


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


def _matching(question: Question, audiences: Sequence[str]) -> Select[Any]:
    """Ids of what answers *question*, newest first."""
    wanted = select(entry_id()).select_from(source()).where(matches(question, audiences))
    if question.from_day is not None:
        wanted = wanted.where(entry_id() >= first_id(_midnight(question.from_day)))
    if question.to_day is not None:
        wanted = wanted.where(entry_id() < first_id(_midnight(question.to_day + timedelta(days=1))))
    return wanted.order_by(entry_id().desc())


def _newest(viewer: Any, question: Question, wanted: Select[Any], after: int | None) -> Answer:
    if after is None:  # counting walks over them anyway
        ids = list(db.session.scalars(wanted.limit(COUNTED_NEWEST + 1)))
        count = len(ids)
    else:
        ids = list(db.session.scalars(wanted.where(entry_id() < after).limit(PAGE + 1)))
        count = _count(wanted)
    return Answer(
        results=_results(viewer, question, ids[:PAGE]),
        count=count,
        counted=COUNTED_NEWEST,
        after=ids[PAGE - 1] if len(ids) > PAGE else None,
    )


def _best(viewer: Any, question: Question, wanted: Select[Any], shown: int) -> Answer:
    newest = wanted.limit(COUNTED + 1).subquery()
    texts = db.session.execute(
        select(
            TABLE.c.id,
            TABLE.c.audience,
            TABLE.c.language,
            TABLE.c.title_stems,
            func.substr(TABLE.c.text_stems, 1, _RANKED_TEXT),
        )
        .join(newest, newest.c[0] == TABLE.c.id)
        .order_by(TABLE.c.id.desc())
    ).all()
    ranked = best_first(question.terms, [_ranked(*row) for row in texts[:COUNTED]])
    page = ranked[shown : shown + PAGE]
    more = shown + PAGE < len(ranked)
    return Answer(
        results=_results(viewer, question, page), count=len(texts), after=shown + PAGE if more else None
    )


def _ranked(id_: int, audience: str, language: str, title: str, text: str) -> Stored:
    """An entry as ranking reads it: with the words of everybody."""
    if audience != PUBLIC:
        title, text = (stems.replace(own(audience, ""), "") for stems in (title, text))
    return id_, language, title, text


def _count(wanted: Select[Any]) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(wanted.order_by(None).limit(COUNTED_NEWEST + 1).subquery())
        )
        or 0
    )


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


def _rows(ids: Sequence[int]) -> list[Any]:
    columns = (TABLE.c.id, TABLE.c.kind, TABLE.c.subject_id, TABLE.c.at, TABLE.c.language)
    text = func.substr(TABLE.c.text, 1, LOOKED_AT).label("text")
    rows = {row.id: row for row in db.session.execute(select(*columns, text).where(TABLE.c.id.in_(ids)))}
    return [rows[id_] for id_ in ids if id_ in rows]


def _load(viewer: Any, rows: Iterable[Any]) -> dict[tuple[str, int], Found]:
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
